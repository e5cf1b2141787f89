"""From rows to scores: one definition for a segment and for a corpus."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan

from tercet.metrics.contract import Metric, Rows

_UNDEFINED = "undefined for this text (a denominator is 0)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A score over segments: its value, and how many of how many it is made of.

    Args:
        value: None where no segment could be scored.
        scored: How many segments it is made of.
        total: Of how many.
        reasons: Why the others are not in it, with their numbers.
    """

    value: float | None
    scored: int
    total: int
    reasons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentScores:
    """The scores of one segment: None, with the reason, where the segment has no row.

    ``gaps`` names single scores that a scored segment cannot have, with their reasons.
    """

    scores: dict[str, float] | None
    unscored: str | None
    gaps: dict[str, str]


def segment_scores(metric: Metric, rows: Rows) -> list[SegmentScores]:
    """Reduce each row by itself."""
    table = metric.reduce(rows.values)
    found = []
    for values, reason, gaps in zip(table, rows.unscored, rows.gaps, strict=True):
        if reason is not None:
            found.append(SegmentScores(scores=None, unscored=reason, gaps={}))
            continue
        missing = dict(gaps)
        scores: dict[str, float] = {}
        for spec, value in zip(metric.scores, values, strict=True):
            if spec.name in missing:
                continue
            if isnan(value):
                missing[spec.name] = _UNDEFINED
            else:
                scores[spec.name] = float(value)
        found.append(SegmentScores(scores=scores, unscored=None, gaps=missing))
    return found


def corpus_scores(metric: Metric, rows: Rows, segments: Sequence[SegmentScores]) -> dict[str, Score]:
    """Reduce the sum of the rows; every score says how many segments it is made of.

    A segment counts for a score where it has a row and no gap, that is, where it adds to it.
    """
    values = metric.reduce(rows.total())
    scores = {}
    for spec, value in zip(metric.scores, values, strict=True):
        reasons = Counter(
            reason
            for item in segments
            if (reason := item.unscored if item.unscored is not None else item.gaps.get(spec.name)) is not None
        )
        scored = len(segments) - reasons.total()
        scores[spec.name] = Score(
            value=float(value) if scored and not isnan(value) else None,
            scored=scored,
            total=len(segments),
            reasons=dict(sorted(reasons.items())),
        )
    return scores
