"""An agreement as LaTeX tables, for a paper."""

from collections.abc import Iterator, Sequence

from tercet.meta.records import Agreement, Cell, Measure, Row, SetFigures, Table
from tercet.report.agreement_notes import method
from tercet.report.agreement_text import figure, interval, levels, made_of, mark, name, shown, size, title
from tercet.report.escaping import in_latex
from tercet.report.latex import number, row, source

_MARKS = {"✓": r"^{\uparrow}", "✗": r"^{\downarrow}", "°": r"^{\circ}"}


def as_latex(agreement: Agreement, *, every: bool = False) -> str:
    """Write one table a set and judgement, in parts by level, to be set with the package booktabs.

    Args:
        agreement: What was found.
        every: Whether to write every measure, and not only the main ones.
    """
    return source(
        line
        for found in agreement.sets
        for table in found.tables
        for line in _table(agreement, found, table, every=every)
    )


def _table(agreement: Agreement, found: SetFigures, table: Table, *, every: bool) -> Iterator[str]:
    there = shown(table, every=every)
    for level in levels(there):
        yield from _part(agreement, found, table, [measure for measure in there if measure.level is level])


def _part(agreement: Agreement, found: SetFigures, table: Table, measures: Sequence[Measure]) -> Iterator[str]:
    every = not all(measure.headline for measure in measures)
    notes = " ".join(map(in_latex, method(agreement, every=every, best="bold")))
    marks = r"$\uparrow$, $\downarrow$: better, worse than the baseline."
    caption = f"{in_latex(title(found, table))} ({in_latex(size(found, table))}). {marks} {notes}"
    yield from (r"\begin{table}", r"\centering", rf"\caption{{{caption}}}")
    yield from (rf"\begin{{tabular}}{{l{'r' * (len(measures) + 1)}}}", r"\toprule")
    yield row(["Score", *(in_latex(f"{m.level.value}: {m.title}") for m in measures), "$n$"])
    yield r"\midrule"
    for line in table.rows:
        cells = [_cell(line, line.cells.get(measure.key)) for measure in measures]
        yield row([in_latex(name(line)), *cells, in_latex(made_of(line, measures))])
    yield from (r"\bottomrule", r"\end{tabular}", r"\end{table}")


def _cell(line: Row, cell: Cell | None) -> str:
    text = number(figure(cell), bold=cell is not None and cell.best)
    raised = "".join(_MARKS.get(character, "") for character in mark(line, cell))
    ends = interval(cell)
    return f"{text}{f'${raised}$' if raised else ''}{f' $[{ends}]$' if ends else ''}"
