"""What became of the facts of a candidate."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from tercet.facts.records import Fact
from tercet.facts.stating import Facts


class Finding(StrEnum):
    """What became of a fact."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"  # the source says something else of the same thing
    NOT_FOUND = "not found"
    MALFORMED = "malformed"  # wrong in itself


class Verdict(NamedTuple):
    """One fact of a candidate, and what speaks for or against it.

    Args:
        fact: The candidate's.
        finding: What became of it.
        span: The place in the source that supports or contradicts it; None where there is none.
        against: The source's fact in that place, where it is one.
        error: What is wrong, in a word: number, magnitude, currency, unit, points, multiple, approximator,
            direction, a part of a date, name, malformed; empty where nothing is.
    """

    fact: Fact
    finding: Finding
    span: tuple[int, int] | None = None
    against: Fact | None = None
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """The verdicts on a candidate's checkable facts, in the order of its text."""

    candidate: Facts
    source: Facts
    verdicts: tuple[Verdict, ...]

    def count(self, finding: Finding) -> int:
        """Count the facts with a finding."""
        return sum(verdict.finding is finding for verdict in self.verdicts)

    @property
    def checkable(self) -> int:
        """How many facts were checked, malformed ones among them."""
        return len(self.verdicts)

    @property
    def faults(self) -> list[Verdict]:
        """The verdicts that are not ``supported``."""
        return [verdict for verdict in self.verdicts if verdict.finding is not Finding.SUPPORTED]
