"""A comparison as Markdown, as GitHub reads it."""

from collections.abc import Iterator, Sequence

from tercet.comparing.records import Comparison, Difference, FalseFact, Method, Mover, Versus
from tercet.report.comparison_figures import CORRECTIONS, Figures, figures, language_name
from tercet.report.comparison_text import (
    by_language,
    changes,
    hidden,
    languages,
    move,
    named,
    notices,
    percent,
    reads_facts,
    verdict,
)
from tercet.report.escaping import in_markdown
from tercet.report.faults import bold

_FACTS = 3  # of one case, and of those that no case shows


def as_markdown(comparison: Comparison) -> str:
    """Write the verdicts, a table a candidate and language, movers, facts, slices, and the notes."""
    several = len(comparison.versus) > 1
    lines = []
    for versus in comparison.versus:
        lines.extend([f"**{in_markdown(verdict(comparison, versus))}**", ""])
    if several:
        lines.extend([*_summary(comparison), ""])
    for versus in comparison.versus:
        if several:
            title = in_markdown(f"{versus.candidate.label} against {comparison.baseline.label}")
            lines.extend([f"## {title}", ""])
        lines.extend(_versus(versus, comparison.method))
    for title, notes in notices(comparison):
        lines.extend([f"{title}:", "", *(f"- {in_markdown(note)}" for note in notes), ""])
    return "\n".join(lines).rstrip() + "\n"


def _versus(versus: Versus, method: Method) -> Iterator[str]:
    for code in languages(versus.differences):
        yield from (f"### {in_markdown(language_name(code))}", "")
        yield from table([found for found in versus.differences if found.language == code], method)
        yield ""
    if versus.worse or versus.better:
        yield from _movers(versus)
        yield ""
    if reads_facts(versus):
        yield from (f"False facts: {in_markdown(changes(versus))}", "")
        if others := hidden(versus):
            for fact in others[:_FACTS]:
                yield from fact_lines(
                    fact, f"new: {in_markdown(named(fact))} in {in_markdown(fact.case_id)}", "candidate"
                )
            yield from _more(len(others), "", "new")
            yield ""
    if versus.slices:
        yield from ("Slices (not tested):", "")
        yield from _slices(versus, method)
        yield ""


def table(found: Sequence[Difference], method: Method) -> list[str]:
    """Write a table of differences; those that are more than chance are bold and marked."""
    heads = ("score", "baseline", "candidate", "delta", f"{percent(method.level)} interval")
    test = f"p ({CORRECTIONS[method.correction]})"
    rows = [figures(difference, method) for difference in found]
    return [
        _row([*heads, test, "wins/ties/losses", "n", "articles", "detectable"]),
        f"|---|{'---:|' * 9}",
        *(_row(_cells(row)) for row in rows),
    ]


def _cells(row: Figures) -> list[str]:
    shown = [row.baseline, row.candidate, _delta(row), row.interval, row.p]
    return [in_markdown(row.score), *shown, row.counts, row.cases, row.articles, row.detectable]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _delta(row: Figures) -> str:
    return f"**{row.delta}** {row.outcome.value}" if row.outcome.shown else row.delta


def _summary(comparison: Comparison) -> Iterator[str]:
    """Write a line a score, a column a candidate: delta and mark."""
    labels = [versus.candidate.label for versus in comparison.versus]
    by_key = [{d.key: figures(d, comparison.method) for d in versus.differences} for versus in comparison.versus]
    yield _row(["delta", *map(in_markdown, labels)])
    yield f"|---|{'---:|' * len(labels)}"
    firsts = {difference.key: difference for versus in comparison.versus for difference in versus.differences}
    for key in (difference.key for difference in by_language(list(firsts.values()))):
        name = next(found[key].score for found in by_key if key in found)
        cells = [_delta(found[key]) if key in found else "–" for found in by_key]
        yield _row([in_markdown(f"{key[1]} {name}"), *cells])


def _movers(versus: Versus) -> Iterator[str]:
    score = (*versus.worse, *versus.better)[0].score
    yield from (f"Moved most, by {in_markdown(score)}:", "")
    for word, found in (("worse", versus.worse), ("better", versus.better)):
        for mover in found:
            yield f"- {word}: {in_markdown(mover.case_id)} {move(versus, mover)}"
            yield from mover_facts(mover)


def mover_facts(mover: Mover) -> Iterator[str]:
    """Write what became false or right in a case, as a list within a list."""
    for title, side, facts in (("new", "candidate", mover.new), ("repaired", "baseline", mover.repaired)):
        for fact in facts[:_FACTS]:
            yield from fact_lines(fact, f"{title}: {in_markdown(named(fact))}", side, indent="  ")
        yield from _more(len(facts), "  ", title)


def _more(count: int, indent: str, title: str) -> Iterator[str]:
    if count > _FACTS:
        yield f"{indent}- {title}: {count - _FACTS} more"


def fact_lines(fact: FalseFact, title: str, side: str, indent: str = "") -> Iterator[str]:
    """Write a false fact as a list: where it stands, and what the source says.

    Args:
        fact: The fact.
        title: Its line, escaped.
        side: In whose output it stands.
        indent: Before the list.
    """
    yield f"{indent}- {title}"
    for name, place in ((side, fact.place), ("source", fact.other)):
        if place is not None:
            yield f"{indent}  - {name}: {bold(place)}"
    if fact.place is None or fact.other is None:
        yield f"{indent}  - {in_markdown(fact.message)}"


def _slices(versus: Versus, method: Method) -> Iterator[str]:
    yield _row(["slice", "score", "delta", f"{percent(method.level)} interval", "n", "articles"])
    yield f"|---|---|{'---:|' * 4}"
    for part in versus.slices:
        for difference in by_language(part.differences):
            row = figures(difference, method)
            names = (f"{part.by}: {part.value}", f"{difference.language} {row.score}")
            yield _row([*map(in_markdown, names), row.delta, row.interval, row.cases, row.articles])
