"""An agreement on a terminal."""

import io
from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from tercet.meta.records import Agreement, Cell, Level, Measure, Row, SetFigures, Table, Verdict
from tercet.report.agreement_notes import method, notices
from tercet.report.agreement_text import figure, interval, levels, made_of, mark, name, shown, size, ties, title
from tercet.report.console import Screen


def render(agreement: Agreement, console: Console, *, every: bool = False) -> None:
    """Print a table for each set and judgement, in parts where it is too wide, and what a reader must know.

    Args:
        agreement: What was found.
        console: Where to.
        every: Whether to print every measure, and not only the main ones.
    """
    for found in agreement.sets:
        for table in found.tables:
            for head, grid in _grids(found, table, console, every=every):
                console.print(Text(head, style="bold"))
                console.print(grid)
                console.print()
            for note in notices(found, table, shown(table, every=every)):
                console.print(Text(f"  {note}"))
            console.print()
    for note in method(agreement, every=every):
        console.print(Text(note))


def as_text(agreement: Agreement, *, every: bool = False, width: int = 120) -> str:
    """Write what a terminal of a width would show, without colours."""
    console = Screen(width=width, file=(file := io.StringIO()), color_system=None, force_terminal=False)
    render(agreement, console, every=every)
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def _grids(found: SetFigures, table: Table, console: Console, *, every: bool) -> Iterator[tuple[str, Grid]]:
    plain = shown(table, every=every)
    head = f"{title(found, table)} ({size(found, table)})"
    whole = _grid(plain, table)
    if _width(whole) <= console.width:
        yield head, whole
    else:
        for level in levels(plain):
            part = [measure for measure in plain if measure.level is level]
            yield f"{head}: {level.value}", _grid(part, table)
    if categories := [measure for measure in table.measures if measure.category]:
        head = f"{title(found, table)}: by what was spoilt"
        yield from ((head, grid) for grid in _by_category(categories, table, console))


def _width(grid: Grid) -> int:
    """The width that a table would take if it could."""
    return Console(width=1000).measure(grid).maximum


def _empty() -> Grid:
    return Grid(
        header_style="bold",
        box=SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
        show_edge=False,
    )


def _grid(measures: Sequence[Measure], table: Table) -> Grid:
    grid = _empty()
    grid.add_column("score", min_width=12, overflow="fold")
    for measure in measures:
        words = measure.title.replace(" ", "\n", 1)
        grid.add_column(f"{measure.level.value}\n{words}", justify="right", no_wrap=True)
    paired = any(measure.level is Level.PAIR for measure in measures)
    for extra in (*(["ties"] if paired else []), "n"):
        grid.add_column(extra, justify="right", no_wrap=True)
    for row in table.rows:
        cells = [_cell(row, row.cells.get(measure.key)) for measure in measures]
        extra_cells = [ties(row.cells.get(measures[0].key))] if paired else []
        grid.add_row(Text(name(row)), *cells, *extra_cells, made_of(row, measures))
    return grid


def _cell(row: Row, cell: Cell | None) -> Text:
    best = cell is not None and cell.best
    worse = mark(row, cell).startswith(Verdict.WORSE.value)
    value = Text(
        f"{'*' if best else ''}{figure(cell)}{mark(row, cell)}", style="bold green" if best else "red" if worse else ""
    )
    ends = interval(cell)
    return Text.assemble(value, "\n", (ends, "dim")) if ends else value


def _by_category(measures: Sequence[Measure], table: Table, console: Console) -> Iterator[Grid]:
    """Print what was spoilt line by line, and the scores beside each other, as many as there is room for."""
    rows: list[Row] = list(table.rows)
    while rows:
        count = len(rows)
        while count > 1 and _width(_categories(measures, rows[:count])) > console.width:
            count -= 1
        yield _categories(measures, rows[:count])
        rows = rows[count:]


def _categories(measures: Sequence[Measure], rows: Sequence[Row]) -> Grid:
    grid = _empty()
    grid.add_column("spoilt by", overflow="fold")
    for row in rows:
        grid.add_column(Text(row.score), justify="right", no_wrap=True)
    grid.add_column("pairs", justify="right", no_wrap=True)
    for measure in measures:
        cells = [row.cells.get(measure.key) for row in rows]
        pairs = max((cell.total for cell in cells if cell), default=0)
        grid.add_row(Text(measure.title), *(_line(cell) for cell in cells), str(pairs))
    return grid


def _line(cell: Cell | None) -> Text:
    """Set value and interval in one line."""
    ends = interval(cell)
    return Text.assemble(figure(cell), (f" [{ends}]", "dim")) if ends else Text(figure(cell))
