"""The words and figures of an agreement as every table prints them."""

from collections.abc import Sequence

from tercet.meta.records import Cell, Level, Measure, Row, SetFigures, Table, Verdict
from tercet.report.comparison_figures import NONE, value
from tercet.text.counting import counted

BY_INTERVAL = "°"
_ARROWS = {True: "", False: " (turned)", None: " (as it stands)"}


def title(found: SetFigures, table: Table) -> str:
    """Name a table: of which texts, against what people said of them."""
    return f"{found.name}: agreement with {table.human}"


def size(found: SetFigures, table: Table) -> str:
    """Say what a table is made of."""
    parts = [counted(found.texts, "text")]
    if found.systems:
        parts.append(f"by {counted(found.systems, 'system')}")
    if found.items not in {found.texts, found.clusters}:
        parts.append(f"of {counted(found.items, 'item')}")
    if found.clusters != found.texts:
        parts.append(f"in {counted(found.clusters, 'cluster')}")
    judged = "" if table.judged in {0, found.texts} else f"; {table.judged:,} judged"
    return f"{' '.join(parts)}{judged}"


def name(row: Row) -> str:
    """Name a score, with its metric where the name does not begin with it, and whether it was turned."""
    return f"{row.score}{_ARROWS[row.higher_is_better]}"


def shown(table: Table, *, every: bool) -> list[Measure]:
    """The columns of a table: the main ones, or every one but what is by category."""
    return [measure for measure in table.measures if not measure.category and (every or measure.headline)]


def figure(cell: Cell | None) -> str:
    """Print a value; a dash where there is none."""
    return NONE if cell is None else value(cell.value, 3)


def mark(row: Row, cell: Cell | None) -> str:
    """Print what the difference to the baseline comes to; where neither end of a score is better, nothing."""
    if cell is None or cell.against is None or row.higher_is_better is None:
        return ""
    if cell.against.verdict in {Verdict.UNSHOWN, Verdict.UNTESTED}:
        return ""
    verdict: str = cell.against.verdict.value
    return verdict + (BY_INTERVAL if cell.against.by_interval else "")


def interval(cell: Cell | None, decimals: int = 2) -> str:
    """Print an interval; nothing where there is none."""
    if cell is None or cell.interval is None:
        return ""
    return ", ".join(f"{round(end, decimals) + 0.0:.{decimals}f}" for end in cell.interval)


def ties(cell: Cell | None) -> str:
    """Print the share of pairs in which the metric ties."""
    return NONE if cell is None or "ties" not in cell.details else f"{cell.details['ties']:.3f}"


def made_of(row: Row, measures: Sequence[Measure]) -> str:
    """Print how many of how many texts (or pairs) the figures of a row are made of, at the least."""
    if row.of_systems:
        return NONE
    cells = [
        row.cells[m.key] for m in measures if m.level is not Level.SYSTEM and m.key in row.cells and not m.category
    ]
    if not cells:
        return f"{row.scored}/{row.total}"
    least = min(cells, key=lambda cell: cell.used)
    return f"{least.used}/{least.total}"


def levels(measures: Sequence[Measure]) -> list[Level]:
    """The levels of columns, in their order."""
    return list(dict.fromkeys(measure.level for measure in measures))
