"""Facts of Chinese and English texts in one form, and whether one text says what another says."""

from tercet.facts.checking import check, compare
from tercet.facts.describing import described
from tercet.facts.extracting import extract
from tercet.facts.records import Fact, Hedge, Kind, Malformed, Moment, Name, Quantity
from tercet.facts.stating import Facts
from tercet.facts.verdicts import Finding, Report, Verdict
from tercet.facts.version import rules

__all__ = [
    "Fact",
    "Facts",
    "Finding",
    "Hedge",
    "Kind",
    "Malformed",
    "Moment",
    "Name",
    "Quantity",
    "Report",
    "Verdict",
    "check",
    "compare",
    "described",
    "extract",
    "rules",
]
