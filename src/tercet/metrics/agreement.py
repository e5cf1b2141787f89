"""Agreement: whether a system's texts in two languages state the same facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import ClassVar, Self

from tercet.facts import Finding, compare, extract, rules
from tercet.facts.evidence import evidence
from tercet.metrics.contract import Array, Measured, Need, Rows, ScoreSpec, Unscored, measure_each, ratio, sign
from tercet.records import Segment
from tercet.text.languages import language as lookup


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """The facts of a candidate against the same system's candidate in the other language.

    No source is asked: two texts that agree may both be wrong, and of two that do not one is.

    - ``agreement``: share of the checkable facts that the other text states too, from 0 to 1.
    - ``disagreements``: facts a summary that the other text states otherwise.
    """

    needs: ClassVar[frozenset[Need]] = frozenset()
    columns: ClassVar[tuple[str, ...]] = ("agreed", "disagreed", "checkable", "summaries")
    scores: ClassVar[tuple[ScoreSpec, ...]] = (
        ScoreSpec(name="agreement", low=0, high=1, higher_is_better=True),
        ScoreSpec(name="disagreements", low=0, high=inf, higher_is_better=False, headline=False, decimals=2),
    )

    def measure(self, segments: Sequence[Segment]) -> Rows:
        """Count facts by what became of them."""
        return measure_each(self, segments, _one)

    def reduce(self, sums: Array) -> Array:
        """Divide counts of facts by what they are counted over."""
        return ratio(sums[..., 0:2], sums[..., 2:4])

    def signature(self, language: str) -> str:
        """Name the version of the rules."""
        return sign("agreement", lang=language, version=rules())

    @classmethod
    def from_parts(cls, parts: Mapping[str, str]) -> Self:  # noqa: ARG003 (there are no options)
        """Make the metric that signs with these parts."""
        return cls()


def _one(segment: Segment) -> Measured | Unscored:
    others = [(code, text) for code, text in sorted(segment.parallels.items()) if text.strip()]
    if not others:
        return Unscored("there is no candidate in another language")
    mine = extract(segment.candidate or "", segment.language, segment.date)
    reports = [(code, compare(mine, extract(text, code, segment.date), mutual=True)) for code, text in others]
    checkable = sum(report.checkable for _, report in reports)
    if not checkable:
        return Unscored("nothing in it can be checked")
    return Measured(
        row=(
            sum(report.count(Finding.SUPPORTED) for _, report in reports),
            sum(report.count(Finding.CONTRADICTED) for _, report in reports),
            checkable,
            len(reports),
        ),
        evidence=tuple(item for code, report in reports for item in evidence(report, f"the {lookup(code).name} text")),
    )
