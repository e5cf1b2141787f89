"""Verdicts in sentences, with their places in both texts."""

from tercet.facts.describing import described
from tercet.facts.records import Fact, Malformed, Name
from tercet.facts.verdicts import Finding, Report, Verdict
from tercet.records import Evidence
from tercet.text.excerpts import quote


def evidence(report: Report, other: str = "the source") -> tuple[Evidence, ...]:
    """Say of each fact that is not supported what is wrong with it.

    Args:
        report: From ``check``.
        other: What the text was checked against, in words.
    """
    return tuple(_one(verdict, report, other) for verdict in report.faults)


def _one(verdict: Verdict, report: Report, other: str) -> Evidence:
    fact = verdict.fact
    return Evidence(
        kind=verdict.finding.value.replace(" ", "_"),
        message=sentence(verdict, report, other),
        start=fact.start,
        end=fact.end,
        label=verdict.error,
        value="" if isinstance(fact, Malformed) else described(fact),
        quote=None if verdict.span is None else quote(report.source.text, *verdict.span),
    )


def sentence(verdict: Verdict, report: Report, other: str) -> str:
    """Say in one sentence what became of a fact."""
    fact = verdict.fact
    mine = _worded(report.candidate.text, fact)
    if verdict.finding is Finding.MALFORMED:
        return f"{mine}: {described(fact)}."
    if verdict.against is None:
        return f"{mine} is not in {other}."
    return f"{mine} is not what {other} says: {_worded(report.source.text, verdict.against)}."


def _worded(text: str, fact: Fact) -> str:
    words = f"«{text[fact.start : fact.end].strip()}»"
    return words if isinstance(fact, Name | Malformed) else f"{words} ({described(fact)})"
