"""The leaderboard on a terminal."""

import re

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tercet.report.board import Cell, Column, Leaderboard, Row
from tercet.report.leaderboard import counted, shown
from tercet.report.notices import notices, order
from tercet.text.languages import language

_LONG = 11  # characters of a heading


def render(board: Leaderboard, console: Console) -> None:
    """Print one table where all languages fit side by side, else one under the other."""
    together = _table(board, board.languages)
    tables = [together]
    if _width(together) > console.width:
        tables = [_table(board, [code]) for code in board.languages]
    for table in tables:
        console.print(table)
        console.print()
    console.print(order(board))
    if any(_interval(board, cell, column) for column in board.columns for cell in _cells(board, column)):
        console.print("Second line: 95 % interval over articles (bootstrap).")
    for title, notes in notices(board):
        console.print(f"{title}:", style="bold")
        for note in notes:
            console.print(Text(f"  {note}"))


def _cells(board: Leaderboard, column: Column) -> list[Cell]:
    key = column.score, column.language
    return [row.cells[key] for row in board.rows if key in row.cells]


def _width(table: Table) -> int:
    """The width that a table would take if it could."""
    return Console(width=1000).measure(table).maximum


def _table(board: Leaderboard, languages: list[str]) -> Table:
    names = " and ".join(language(code).name for code in languages)
    table = Table(
        title=names,
        title_justify="left",
        header_style="bold",
        box=SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
        show_edge=False,
    )
    table.add_column("system", min_width=14, overflow="fold")
    columns: list[Column | str] = []
    for code in languages:
        headline = [column for column in board.columns if column.language == code and column.headline]
        columns.extend([*headline, code])
        for column in headline:
            table.add_column(_heading(column, len(languages) > 1), justify="right", no_wrap=True)
        table.add_column(f"n\n{code}" if len(languages) > 1 else "n", justify="right", no_wrap=True)
    for row in board.rows:
        table.add_row(
            Text(row.label), *(_cell(board, row, column) for column in columns), style="dim" if row.bound else None
        )
    return table


def _heading(column: Column, with_language: bool) -> str:
    """The score's name in lines of one word, with the direction that is better."""
    arrow = {True: "↑", False: "↓", None: ""}[column.higher_is_better]
    name = (
        _broken(column.score)
        .replace("_", "\n")
        .replace("rouge", "rouge\n" if len(column.score) > len("rouge1") else "rouge")
    )
    return f"{name}{arrow}\n{column.language}" if with_language else f"{name}{arrow}"


def _broken(name: str) -> str:
    """Break words that are too long for a column, after a vowel near their middle."""
    return re.sub(rf"[a-z]{{{_LONG},}}", lambda word: _halved(word[0]), name)


def _halved(word: str) -> str:
    places = [place.start() + 1 for place in re.finditer("[aeiou](?=[^aeiou])", word)]
    middle = min(places, key=lambda place: abs(2 * place - len(word)), default=0)
    return f"{word[:middle]}-\n{word[middle:]}" if middle else word


def _cell(board: Leaderboard, row: Row, column: Column | str) -> Text:
    if isinstance(column, str):
        return Text(counted(board, row, column))
    cell = row.cells.get((column.score, column.language))
    text = shown(cell, column)
    value = Text(f"*{text}", style="bold green") if cell is not None and cell.best else Text(text)
    interval = _interval(board, cell, column)
    return Text.assemble(value, "\n", (interval, "dim")) if interval else value


def _interval(board: Leaderboard, cell: Cell | None, column: Column) -> str:
    """Print the interval of a primary score, with one decimal less than the value: columns are narrow."""
    shown_here = column.headline and column.score == board.primary
    if not shown_here or cell is None or cell.value is None or cell.interval is None:
        return ""
    decimals = max(column.decimals - 1, min(column.decimals, 1))
    return "–".join(f"{end:.{decimals}f}" for end in cell.interval)
