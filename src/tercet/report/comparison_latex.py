"""A comparison as LaTeX tables, for a paper."""

from collections.abc import Iterator, Sequence

from tercet.comparing.records import Comparison, Difference, Method, Versus
from tercet.report.comparison_figures import NONE, Figures, figures, language_name
from tercet.report.comparison_text import correction, languages, percent, permutations
from tercet.report.escaping import in_latex
from tercet.report.latex import number, row, source

_COLUMNS = 9


def as_latex(comparison: Comparison) -> str:
    """Write one table a candidate, to be set with the package booktabs; texts of outputs are left out."""
    return source(line for versus in comparison.versus for line in _table(comparison, versus))


def _table(comparison: Comparison, versus: Versus) -> Iterator[str]:
    method = comparison.method
    heads = ["Score", "Baseline", "Candidate", r"$\Delta$", f"{in_latex(percent(method.level))} interval", "$p$"]
    yield from (r"\begin{table}", r"\centering", rf"\caption{{{_caption(comparison, versus)}}}")
    yield from (r"\begin{tabular}{lrrrrrrrr}", r"\toprule", row([*heads, "W/T/L", "$n$", "MDD"]), r"\midrule")
    for i, code in enumerate(languages(versus.differences)):
        if i:
            yield r"\addlinespace"
        yield rf"\multicolumn{{{_COLUMNS}}}{{l}}{{\emph{{{in_latex(language_name(code))}}}}} \\"
        for difference in versus.differences:
            if difference.language == code:
                yield row(_cells(figures(difference, method)))
    yield from (r"\bottomrule", r"\end{tabular}", r"\end{table}")


def _cells(found: Figures) -> list[str]:
    delta = rf"$\mathbf{{{found.delta}}}^{{\ast}}$" if found.outcome.shown else number(found.delta)
    cases = found.cases if found.cases.split("/")[0] == found.articles else f"{found.cases} ({found.articles})"
    values = (found.baseline, found.candidate)
    rest = (found.counts, cases, found.detectable)
    shown = [*map(number, values), delta, number(found.interval), number(found.p)]
    return [in_latex(found.score), *shown, *(cell.replace(NONE, "--") for cell in rest)]


def _caption(comparison: Comparison, versus: Versus) -> str:
    """Say what is compared, and how: test, correction, intervals, n, seed."""
    method, found = comparison.method, versus.differences
    marks = (
        rf"$^{{\ast}}$: $p \leq {method.alpha:g}$; $p$ from {in_latex(permutations(method))}, two-sided, "
        rf"{in_latex(correction(method, len(comparison.versus)))}. "
    )
    return (
        f"{in_latex(versus.candidate.label)} (candidate) against {in_latex(comparison.baseline.label)} (baseline). "
        f"{marks}Intervals: resampled articles{_drawn(method)}, seed {method.seed}, each for its own score. "
        f"W/T/L: cases that the candidate wins, ties and loses. $n$: cases compared, of all{_clusters(found)}. "
        f"MDD: smallest difference detectable with power {in_latex(percent(method.power))} at ${method.alpha:g}$, "
        f"before correction.{_arrows(found, method)}"
    )


def _drawn(method: Method) -> str:
    return " (Poisson)" if method.resampling == "poisson" else ""


def _clusters(found: Sequence[Difference]) -> str:
    return " (articles)" if any(difference.pairs != difference.articles for difference in found) else ""


def _arrows(found: Sequence[Difference], method: Method) -> str:
    """Explain the arrows and dashes that the table holds."""
    rows = [figures(difference, method) for difference in found]
    arrows = r" $\uparrow$: higher is better; $\downarrow$: lower is better."
    untested = any(shown.p == NONE for shown in rows)
    return arrows + (" --: not known or not tested." if untested else "")
