"""What `tercet.facts` accuses, sorted by kind of fact: numbers, dates, names, malformed quantities."""

from tercet.facts import Report, Verdict
from tercet.facts.records import Fact, Malformed, Moment, Quantity

GROUPS = ("quantity", "date", "malformed", "name")
NUMBERS = frozenset({"quantity", "date", "malformed"})


def group(fact: Fact) -> str:
    """Name the kind of a fact."""
    if isinstance(fact, Quantity):
        return "quantity"
    if isinstance(fact, Moment):
        return "date"
    return "malformed" if isinstance(fact, Malformed) else "name"


def flags(report: Report) -> set[str]:
    """Name the kinds of facts that are not supported."""
    return {group(verdict.fact) for verdict in report.faults}


def described(text: str, verdict: Verdict, source: str) -> str:
    """Show a fault: what the text says, and what of the source speaks against it."""
    start, end = verdict.fact[:2]
    said = text[start:end]
    against = f" against '{source[verdict.span[0] : verdict.span[1]]}'" if verdict.span else ""
    kind = verdict.fact.kind if isinstance(verdict.fact, Quantity) else group(verdict.fact)
    return f"{kind} '{said}': {verdict.finding.value}, {verdict.error or 'no word for it'}{against}"
