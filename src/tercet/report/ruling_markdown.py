"""A ruling as a comment on a pull request: short, with a marker by which the next one finds and replaces it."""

import re
from collections.abc import Iterator, Sequence

from tercet.errors import TercetError
from tercet.gating.records import Ruling
from tercet.report.comparison_text import percent
from tercet.report.escaping import in_markdown
from tercet.report.faults import bold
from tercet.report.ruling_text import (
    Article,
    Row,
    fact_title,
    method_line,
    ordered,
    places,
    remarks,
    rows,
    worst_articles,
)
from tercet.text.counting import counted

# GitHub refuses a comment of more than 65,536 characters.
LONGEST = 60_000
# Rows, sentences, articles and facts of each, tried in turn until the comment is short enough.
_BUDGETS = ((16, 8, 3, 2), (16, 8, 3, 1), (10, 5, 0, 0), (0, 2, 0, 0))


def marker(name: str = "") -> str:
    """Give the first line, by which a comment is found again.

    Args:
        name: Of the gate, where several comment on one pull request.

    >>> marker(), marker("zh --> nightly")
    ('<!-- tercet-gate -->', '<!-- tercet-gate: zh-nightly -->')
    """
    plain = re.sub(r"[^\w.]+", "-", name, flags=re.ASCII).strip("-.")
    return f"<!-- tercet-gate: {plain} -->" if plain else "<!-- tercet-gate -->"


def as_markdown(ruling: Ruling, name: str = "") -> str:
    """Write a ruling for a pull request: verdict, a table, what fails, the worst articles, the method.

    What comes from articles, models and file names is escaped: it mentions nobody, links nothing and loads nothing.

    Args:
        ruling: The ruling.
        name: Of the gate, where several comment on one pull request.
    """
    found = ""
    for budget in _BUDGETS:
        found = "\n".join(_lines(ruling, name, budget)) + "\n"
        if len(found) <= LONGEST:
            break
    return found


def error_as_markdown(error: TercetError, name: str = "") -> str:
    """Write why there is no ruling."""
    lines = [marker(name), _title(name, "error"), "", f"**No verdict: {in_markdown(error.problem)}**"]
    return "\n".join([*lines, *(["", in_markdown(error.remedy)] if error.remedy else [])]) + "\n"


def _title(name: str, outcome_: str) -> str:
    return f"### tercet gate{f' {in_markdown(name)}' if name else ''}: {outcome_}"


def _lines(ruling: Ruling, name: str, budget: tuple[int, int, int, int]) -> Iterator[str]:
    most_rows, most_remarks, most_articles, most_facts = budget
    checks = ordered(ruling)
    yield from (marker(name), _title(name, _OUTCOMES.get(ruling.exit_code, "fail")), "")
    yield from (f"**{in_markdown(ruling.verdict)}**", "")
    table = rows(checks, ruling)
    if table and most_rows:
        yield from _table(table[:most_rows], percent(ruling.comparison.method.level))
        yield from _more(len(table) - most_rows, "score")
        yield ""
    sentences = remarks(checks)
    for mark, sentence in sentences[:most_remarks]:
        yield f"- {mark} {in_markdown(sentence)}"
    yield from _more(len(sentences) - most_remarks, "check")
    yield ""
    articles = worst_articles(ruling, most_articles)
    if articles:
        yield from ("<details><summary>Worst articles</summary>", "")
        for article in articles:
            yield from _article(article, most_facts)
        yield from ("", "</details>", "")
    yield f"<sub>{in_markdown(method_line(ruling))}</sub>"


_OUTCOMES = {0: "pass", 4: "incomplete"}


def _table(found: Sequence[Row], level: str) -> Iterator[str]:
    yield f"| score | | baseline | candidate | delta | {level} interval | p | articles | needed | allowed | verdict |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---|"
    for row in found:
        names = (in_markdown(row.score), in_markdown(row.language))
        numbers = (
            row.baseline,
            row.candidate,
            row.delta,
            row.interval,
            row.p.replace("<", "&lt;"),
            row.articles,
            row.needed,
            row.allowed,
        )
        verdict = f"<b>{row.verdict}</b>" if row.check.fails else row.verdict
        yield f"| {' | '.join((*names, *numbers, verdict))} |"


def _more(count: int, what: str) -> Iterator[str]:
    if count > 0:
        yield from ("", f"and {counted(count, f'more {what}')}, in the JSON report.")


def _article(article: Article, most: int) -> Iterator[str]:
    moved = f" {in_markdown(article.moved)}" if article.moved else ""
    yield f"- <b>{in_markdown(article.case_id)}</b>{moved}"
    for fact in article.facts[:most]:
        yield f"  - {in_markdown(fact_title(fact))}"
        for name, place in places(fact):
            yield f"    - {name}: {bold(place)}"
    if len(article.facts) > most:
        yield f"  - and {len(article.facts) - most:,} more"
