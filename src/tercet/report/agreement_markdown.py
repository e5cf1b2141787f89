"""An agreement as Markdown, as GitHub reads it: every measure, losers included."""

from collections.abc import Iterator, Sequence

from tercet.meta.records import Agreement, Cell, Level, Measure, Row, SetFigures, Table
from tercet.report.agreement_notes import method, notices
from tercet.report.agreement_text import figure, interval, levels, made_of, mark, name, shown, size, ties, title
from tercet.report.escaping import in_markdown


def as_markdown(agreement: Agreement, *, every: bool = False) -> str:
    """Write a table for each set and judgement, then how they were made; the best of a column is bold.

    Args:
        agreement: What was found.
        every: Whether to write every measure, and not only the main ones.
    """
    lines: list[str] = []
    for found in agreement.sets:
        for table in found.tables:
            lines.extend(_table(found, table, every=every))
    lines.extend(
        ["How it was made:", "", *(f"- {in_markdown(note)}" for note in method(agreement, every=every, best="bold"))]
    )
    return "\n".join(lines).rstrip() + "\n"


def _table(found: SetFigures, table: Table, *, every: bool) -> Iterator[str]:
    yield from (f"### {in_markdown(title(found, table))}", "", f"{in_markdown(size(found, table))}.", "")
    plain = shown(table, every=every)
    parts = [plain] if not every else [[m for m in plain if m.level is level] for level in levels(plain)]
    for part in parts:
        yield from _rows(part, table)
        yield ""
    if categories := [measure for measure in table.measures if measure.category]:
        yield from _categories(categories, table)
        yield ""
    if notes := list(notices(found, table, shown(table, every=every))):
        yield from (f"- {in_markdown(note)}" for note in notes)
        yield ""


def _rows(measures: Sequence[Measure], table: Table) -> Iterator[str]:
    heads = [f"{measure.level.value}: {measure.title}" for measure in measures]
    paired = any(measure.level is Level.PAIR for measure in measures)
    extra = ["ties", "n"] if paired else ["n"]
    yield _line(["score", *heads, *extra])
    yield f"|---|{'---:|' * (len(measures) + len(extra))}"
    for row in table.rows:
        cells = [_cell(row.cells.get(measure.key), row) for measure in measures]
        tied = [ties(row.cells.get(measures[0].key))] if paired else []
        yield _line([in_markdown(name(row)), *cells, *tied, made_of(row, measures)])


def _categories(measures: Sequence[Measure], table: Table) -> Iterator[str]:
    yield _line(["spoilt by", *(in_markdown(row.score) for row in table.rows), "pairs"])
    yield f"|---|{'---:|' * (len(table.rows) + 1)}"
    for measure in measures:
        cells = [row.cells.get(measure.key) for row in table.rows]
        pairs = max((cell.total for cell in cells if cell and measure.level is Level.PAIR), default=0)
        yield _line([in_markdown(measure.title), *(_cell(cell) for cell in cells), str(pairs)])


def _cell(cell: Cell | None, row: Row | None = None) -> str:
    """Write a figure with its interval; with its mark where the row is given."""
    text = figure(cell)
    if row is not None:
        text = f"**{text}**" if cell is not None and cell.best else f"{text}{mark(row, cell)}"
    ends = interval(cell)
    return f"{text} [{ends}]" if ends else text


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
