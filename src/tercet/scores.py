"""From rows to scores: one definition for a segment and for a corpus."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite

import numpy as np

from tercet.errors import MetricError
from tercet.metrics.contract import Array, Metric, Rows
from tercet.records import Segment

_BROKEN = "the metric gave a row that is not finite"
_UNDEFINED = "undefined: no finite number comes out"


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


def sound(metric: Metric, segments: Sequence[Segment], rows: Rows) -> Rows:
    """Check what a metric measured; a row with a number that is none is unscored.

    Raises:
        MetricError: There are not n rows of k numbers.
    """
    expected = (len(segments), len(metric.columns))
    if rows.values.shape != expected or len(rows.unscored) != len(segments):
        raise MetricError(
            f"'{type(metric).__name__}' measured rows of shape {rows.values.shape}, and not {expected}.",
            "This is a fault of the metric.",
        )
    broken = rows.scored & ~np.isfinite(rows.values).all(axis=1)
    if not broken.any():
        return rows
    values = rows.values.copy()
    values[broken] = np.nan
    unscored = tuple(_BROKEN if bad else reason for bad, reason in zip(broken, rows.unscored, strict=True))
    return replace(rows, values=values, unscored=unscored)


def _reduced(metric: Metric, sums: Array) -> Array:
    table = np.asarray(metric.reduce(sums), dtype=np.float64)
    expected = (*sums.shape[:-1], len(metric.scores))
    if table.shape != expected:
        raise MetricError(
            f"'{type(metric).__name__}' reduced to shape {table.shape}, and not {expected}.",
            "This is a fault of the metric.",
        )
    return table


def segment_scores(metric: Metric, rows: Rows) -> list[SegmentScores]:
    """Reduce each row by itself."""
    table = _reduced(metric, rows.values)
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
            if not isfinite(value):
                missing[spec.name] = _UNDEFINED
            else:
                scores[spec.name] = float(value)
        found.append(SegmentScores(scores=scores, unscored=None, gaps=missing))
    return found


def corpus_scores(metric: Metric, rows: Rows, segments: Sequence[SegmentScores]) -> dict[str, Score]:
    """Reduce the sum of the rows; every score says how many segments it is made of.

    A segment counts for a score where it has a row and no gap, that is, where it adds to it.
    """
    values = _reduced(metric, rows.total())
    scores = {}
    for spec, value in zip(metric.scores, values, strict=True):
        reasons = Counter(
            reason
            for item in segments
            if (reason := item.unscored if item.unscored is not None else item.gaps.get(spec.name)) is not None
        )
        scored = len(segments) - reasons.total()
        if scored and not isfinite(value):
            reasons[_UNDEFINED] += scored
            scored = 0
        scores[spec.name] = Score(
            value=float(value) if scored else None,
            scored=scored,
            total=len(segments),
            reasons=dict(sorted(reasons.items())),
        )
    return scores
