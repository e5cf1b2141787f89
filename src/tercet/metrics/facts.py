"""Facts: whether what a candidate states can be found in its source, without a model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import ClassVar, Self

import numpy as np

from tercet.facts import Finding, Report, check, rules
from tercet.facts.evidence import evidence
from tercet.metrics.contract import Array, Measured, Need, Rows, ScoreSpec, measure_each, ratio, sign
from tercet.records import Segment

_FINDINGS = (Finding.SUPPORTED, Finding.CONTRADICTED, Finding.NOT_FOUND, Finding.MALFORMED)
_NOTHING = "nothing in it can be checked"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Quantities, dates and names of the candidate against the source, in and across Chinese and English.

    - ``fact_precision``: share of the checkable facts that the source supports, from 0 to 1; a malformed
      quantity counts against it.
    - ``contradictions``: facts a summary that the source states otherwise.
    - ``malformed``: quantities a summary that are wrong in themselves, such as «€60n».
    - ``fact_recall``: share of the reference's checkable facts that the candidate states, from 0 to 1.

    A candidate in which nothing can be checked is unscored, not perfect. What is no quantity, date or
    name that tables know is not seen: see the README for what that means.
    """

    needs: ClassVar[frozenset[Need]] = frozenset()
    columns: ClassVar[tuple[str, ...]] = (
        "supported",
        "contradicted",
        "not_found",
        "malformed",
        "checkable",
        "checked",
        "read",
        "recalled",
        "recallable",
    )
    scores: ClassVar[tuple[ScoreSpec, ...]] = (
        ScoreSpec(name="fact_precision", low=0, high=1, higher_is_better=True),
        ScoreSpec(name="contradictions", low=0, high=inf, higher_is_better=False, decimals=2),
        ScoreSpec(name="malformed", low=0, high=inf, higher_is_better=False, headline=False, decimals=2),
        ScoreSpec(name="fact_recall", low=0, high=1, higher_is_better=True, headline=False),
    )

    def measure(self, segments: Sequence[Segment]) -> Rows:
        """Count facts by what became of them."""
        return measure_each(self, segments, _one)

    def reduce(self, sums: Array) -> Array:
        """Divide counts of facts by what they are counted over."""
        supported, contradicted, _, malformed, checkable, checked, read, recalled, recallable = np.moveaxis(
            np.asarray(sums, dtype=np.float64), -1, 0
        )
        return np.stack(
            [
                ratio(supported, checkable),
                ratio(contradicted, checked),
                ratio(malformed, read),
                ratio(recalled, recallable),
            ],
            axis=-1,
        )

    def signature(self, language: str) -> str:
        """Name the version of the rules and the packages whose tables they read."""
        return sign("facts", lang=language, version=rules())

    @classmethod
    def from_parts(cls, parts: Mapping[str, str]) -> Self:  # noqa: ARG003 (there are no options)
        """Make the metric that signs with these parts."""
        return cls()


def _one(segment: Segment) -> Measured:
    gaps: dict[str, str] = {}
    text = segment.candidate or ""
    against = segment.source or ""
    report = check(text, segment.language, against, segment.source_language or segment.language, segment.date)
    row = [float(report.count(finding)) for finding in _FINDINGS] + [float(report.checkable), 1.0, 1.0]
    reason = _NOTHING if against.strip() else Need.SOURCE.value
    if not against.strip() or not report.checkable:
        gaps |= {"fact_precision": reason, "contradictions": reason}
        row[:3], row[4:6] = [0.0, 0.0, 0.0], [0.0, 0.0]
    recall = _recall(segment, text)
    if isinstance(recall, str):
        gaps["fact_recall"] = recall
    shown = evidence(report) if against.strip() else evidence(_malformed(report))
    return Measured(row=[*row, *(recall if not isinstance(recall, str) else (0.0, 0.0))], gaps=gaps, evidence=shown)


def _malformed(report: Report) -> Report:
    """Keep what needs no source."""
    kept = tuple(verdict for verdict in report.verdicts if verdict.finding is Finding.MALFORMED)
    return Report(candidate=report.candidate, source=report.source, verdicts=kept)


def _recall(segment: Segment, text: str) -> tuple[float, float] | str:
    """Count the reference's facts that the candidate states; of several references, the mean."""
    if not segment.references:
        return Need.REFERENCES.value
    reports = [check(reference, segment.language, text, segment.language) for reference in segment.references]
    counts = [(r.count(Finding.SUPPORTED), r.checkable - r.count(Finding.MALFORMED)) for r in reports]
    found = [(supported, checkable) for supported, checkable in counts if checkable]
    if not found:
        return "nothing in the references can be checked"
    return sum(s for s, _ in found) / len(found), sum(c for _, c in found) / len(found)
