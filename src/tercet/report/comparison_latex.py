"""A comparison as LaTeX tables, for a paper."""

from collections.abc import Iterator, Sequence

from tercet.comparing.records import Comparison, Difference, Method, Versus
from tercet.report.comparison_figures import NONE, Figures, figures, language_name
from tercet.report.comparison_text import correction, languages, percent, permutations
from tercet.report.escaping import in_latex

_COLUMNS = 9
_LATIN = 0x24F  # the last letter that any LaTeX sets


def as_latex(comparison: Comparison) -> str:
    """Write one table a candidate, to be set with the package booktabs; texts of outputs are left out."""
    lines = [r"% \usepackage{booktabs}"]
    for versus in comparison.versus:
        lines.extend(_table(comparison, versus))
    text = "\n".join(lines) + "\n"
    if any(ord(character) > _LATIN for character in text):
        text = (
            "% Names hold letters beyond Latin: set this with XeLaTeX or LuaLaTeX, and a font that has them.\n" + text
        )
    return text


def _table(comparison: Comparison, versus: Versus) -> Iterator[str]:
    method = comparison.method
    heads = ["Score", "Baseline", "Candidate", r"$\Delta$", f"{in_latex(percent(method.level))} interval", "$p$"]
    yield from (r"\begin{table}", r"\centering", rf"\caption{{{_caption(comparison, versus)}}}")
    yield from (r"\begin{tabular}{lrrrrrrrr}", r"\toprule", _row([*heads, "W/T/L", "$n$", "MDD"]), r"\midrule")
    for i, code in enumerate(languages(versus.differences)):
        if i:
            yield r"\addlinespace"
        yield rf"\multicolumn{{{_COLUMNS}}}{{l}}{{\emph{{{in_latex(language_name(code))}}}}} \\"
        for difference in versus.differences:
            if difference.language == code:
                yield _row(_cells(figures(difference, method)))
    yield from (r"\bottomrule", r"\end{tabular}", r"\end{table}")


def _row(cells: Sequence[str]) -> str:
    return rf"{' & '.join(cells)} \\"


def _cells(row: Figures) -> list[str]:
    delta = rf"$\mathbf{{{row.delta}}}^{{\ast}}$" if row.outcome.shown else _number(row.delta)
    cases = row.cases if row.cases.split("/")[0] == row.articles else f"{row.cases} ({row.articles})"
    values = (row.baseline, row.candidate)
    rest = (row.counts, cases, row.detectable)
    shown = [*map(_number, values), delta, _number(row.interval), _number(row.p)]
    return [in_latex(row.score), *shown, *(cell.replace(NONE, "--") for cell in rest)]


def _number(text: str) -> str:
    """Set a number as a formula, so that its minus is one."""
    return "--" if text == NONE else f"${text}$"


def _caption(comparison: Comparison, versus: Versus) -> str:
    """Say what is compared, and how: test, correction, intervals, n, seed."""
    method, found = comparison.method, versus.differences
    marks = (
        rf"$^{{\ast}}$: $p \leq {method.alpha:g}$; $p$ from {in_latex(permutations(method))}, two-sided, "
        rf"{in_latex(correction(method, len(comparison.versus)))}. "
    )
    return (
        f"{in_latex(versus.candidate.label)} (candidate) against {in_latex(comparison.baseline.label)} (baseline). "
        f"{marks}Intervals: resampled articles, seed {method.seed}, each for its own score. "
        f"W/T/L: cases that the candidate wins, ties and loses. $n$: cases compared, of all{_clusters(found)}. "
        f"MDD: smallest difference detectable with power {in_latex(percent(method.power))} at ${method.alpha:g}$, "
        f"before correction.{_arrows(found, method)}"
    )


def _clusters(found: Sequence[Difference]) -> str:
    return " (articles)" if any(difference.pairs != difference.articles for difference in found) else ""


def _arrows(found: Sequence[Difference], method: Method) -> str:
    """Explain the arrows and dashes that the table holds."""
    rows = [figures(difference, method) for difference in found]
    arrows = r" $\uparrow$: higher is better; $\downarrow$: lower is better."
    untested = any(row.p == NONE for row in rows)
    return arrows + (" --: not known or not tested." if untested else "")
