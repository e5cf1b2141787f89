"""The leaderboard as LaTeX tables, for a paper."""

from collections.abc import Iterator, Sequence

from tercet.report.board import Cell, Column, Leaderboard, Row
from tercet.report.comparison_figures import language_name
from tercet.report.escaping import in_latex
from tercet.report.latex import number, row, source
from tercet.report.leaderboard import counted, shown
from tercet.report.notices import notices, order

_SIDE_BY_SIDE = 5  # scores: with their intervals more are wider than a page
_ARROWS = {True: r" $\uparrow$", False: r" $\downarrow$", None: ""}


def as_latex(board: Leaderboard) -> str:
    """Write the headline scores, one table a language, the best bold, with intervals beneath; then the notices.

    To be set with the package booktabs. Where there are more scores than a page is wide, they go on below.
    """
    lines: list[str] = []
    for code in board.languages:
        columns = [column for column in board.columns if column.language == code and column.headline]
        if columns:
            lines.extend(_table(board, columns))
    return source([*lines, *_notices(board)])


def _table(board: Leaderboard, columns: Sequence[Column]) -> Iterator[str]:
    blocks = [columns[i : i + _SIDE_BY_SIDE] for i in range(0, len(columns), _SIDE_BY_SIDE)]
    width = len(blocks[0])
    yield from (r"\begin{table}", r"\centering", rf"\caption{{{_caption(board, columns)}}}")
    yield from (rf"\begin{{tabular}}{{l{'r' * width}r}}", r"\toprule")
    for i, block in enumerate(blocks):
        if i:
            yield r"\midrule"
        heads = [in_latex(column.score) + _ARROWS[column.higher_is_better] for column in block]
        yield from (row(_filled("System", heads, width, "$n$")), r"\midrule")
        for found in board.rows:
            yield from _rows(board, found, block, width)
    yield from (r"\bottomrule", r"\end{tabular}", r"\end{table}")


def _rows(board: Leaderboard, found: Row, columns: Sequence[Column], width: int) -> Iterator[str]:
    """Write a system: its scores, and beneath them where they would lie with other articles."""
    cells = [found.cells.get((column.score, column.language)) for column in columns]
    values = [
        number(shown(cell, column), bold=cell is not None and cell.best)
        for cell, column in zip(cells, columns, strict=True)
    ]
    count = counted(board, found, columns[0].language).replace("–", "--")
    yield row(_filled(in_latex(found.label), values, width, count))
    intervals = [_interval(cell, column) for cell, column in zip(cells, columns, strict=True)]
    if any(intervals):
        yield row(_filled("", intervals, width, ""))


def _filled(first: str, cells: Sequence[str], width: int, last: str) -> list[str]:
    return [first, *cells, *[""] * (width - len(cells)), last]


def _interval(cell: Cell | None, column: Column) -> str:
    if cell is None or cell.value is None or cell.interval is None:
        return ""
    low, high = (f"{end:.{column.decimals}f}" for end in cell.interval)
    return rf"{{\scriptsize $[{low}, {high}]$}}"


def _caption(board: Leaderboard, columns: Sequence[Column]) -> str:
    """Say what is shown, and how it is to be read."""
    code = columns[0].language
    cells = [found.cells.get((column.score, code)) for found in board.rows for column in columns]
    parts = [f"Scores in {in_latex(language_name(code))}.", in_latex(order(board, mark="Bold"))]
    if any(cell is not None and cell.value is not None and cell.interval for cell in cells):
        parts.append(r"Beneath: 95\% interval over articles (bootstrap).")
    parts.append("$n$: segments scored, of all, at the least.")
    if any(column.higher_is_better is not None for column in columns):
        parts.append(r"$\uparrow$: higher is better; $\downarrow$: lower is better.")
    if any(cell is None or cell.value is None for cell in cells):
        parts.append("--: not known.")
    return " ".join(parts)


def _notices(board: Leaderboard) -> Iterator[str]:
    for title, notes in notices(board):
        yield from (rf"\noindent {in_latex(title)}:", r"\begin{itemize}")
        # An empty group: LaTeX would take a bracket at the beginning for the item's own label.
        yield from (rf"\item{{}} {in_latex(note)}" for note in notes)
        yield r"\end{itemize}"
