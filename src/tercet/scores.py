"""From rows to scores: one definition for a segment and for a corpus."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import overload

import numpy as np
from numpy.typing import NDArray

from tercet.errors import MetricError
from tercet.metrics.contract import Array, Metric, Rows
from tercet.records import Segment
from tercet.text.surrogates import readable

_BROKEN = "the metric gave a row that is not finite"
UNDEFINED = "undefined: no finite number comes out"


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
    """Check what a metric measured; a row with a number that is none is unscored, and reasons can be written down.

    Raises:
        MetricError: There are not n rows of k numbers.
    """
    expected = (len(segments), len(metric.columns))
    if rows.values.shape != expected or len(rows.unscored) != len(segments):
        raise MetricError(
            f"'{type(metric).__name__}' measured rows of shape {rows.values.shape}, and not {expected}.",
            "This is a fault of the metric.",
        )
    if not all(reason is None or reason.isascii() for reason in rows.unscored):
        rows = replace(rows, unscored=tuple(reason and readable(reason) for reason in rows.unscored))
    broken = rows.scored & ~np.isfinite(rows.values).all(axis=1)
    if not broken.any():
        return rows
    values = rows.values.copy()
    values[broken] = np.nan
    unscored = tuple(_BROKEN if bad else reason for bad, reason in zip(broken, rows.unscored, strict=True))
    return replace(rows, values=values, unscored=unscored)


def reduced(metric: Metric, sums: Array) -> Array:
    """Reduce sums of rows to scores: (..., k) to (..., m).

    Raises:
        MetricError: The metric gives another shape.
    """
    table = np.asarray(metric.reduce(sums), dtype=np.float64)
    expected = (*sums.shape[:-1], len(metric.scores))
    if table.shape != expected:
        raise MetricError(
            f"'{type(metric).__name__}' reduced to shape {table.shape}, and not {expected}.",
            "This is a fault of the metric.",
        )
    return table


class SegmentTable(Sequence[SegmentScores]):
    """The scores of n segments, kept as one table; a segment's own are put together when asked for.

    Args:
        names: Of the m scores.
        values: (n, m) scores; NaN where there is none.
        rows: What was measured, with the reasons for what is missing.
    """

    def __init__(self, names: Sequence[str], values: Array, rows: Rows) -> None:
        self.names = tuple(names)
        self.values = values
        self._unscored = rows.unscored
        self._gaps = rows.gaps
        self._finite = np.isfinite(values)

    def __len__(self) -> int:
        return len(self._unscored)

    @overload
    def __getitem__(self, index: int) -> SegmentScores: ...

    @overload
    def __getitem__(self, index: slice) -> list[SegmentScores]: ...

    def __getitem__(self, index: int | slice) -> SegmentScores | list[SegmentScores]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        reason = self._unscored[index]
        if reason is not None:
            return SegmentScores(scores=None, unscored=reason, gaps={})
        gaps = self.gaps(index)
        scores = {
            name: value for name, value in zip(self.names, self.values[index].tolist(), strict=True) if name not in gaps
        }
        return SegmentScores(scores=scores, unscored=None, gaps=gaps)

    def present(self) -> NDArray[np.bool_]:
        """(n, m) whether a segment has a score."""
        there: NDArray[np.bool_] = self._finite.copy()
        for index, (reason, gaps) in enumerate(zip(self._unscored, self._gaps, strict=True)):
            if reason is not None:
                there[index] = False
            elif gaps:
                there[index] &= [name not in gaps for name in self.names]
        return there

    def reasons(self) -> list[Counter[str]]:
        """Count, for each score, why segments do not have it."""
        common = Counter(reason for reason in self._unscored if reason is not None)
        found = [common.copy() for _ in self.names]
        whole: list[bool] = np.asarray(self._finite.all(axis=1)).tolist()
        odd = [bool(gaps) or not there for gaps, there in zip(self._gaps, whole, strict=True)]
        for index in np.flatnonzero(odd):
            if self._unscored[index] is None:
                gaps = self.gaps(int(index))
                for counter, name in zip(found, self.names, strict=True):
                    if name in gaps:
                        counter[gaps[name]] += 1
        return found

    def gaps(self, index: int) -> dict[str, str]:
        """Say which scores a scored segment does not have, and why."""
        gaps = dict(self._gaps[index])
        finite: list[bool] = self._finite[index].tolist()
        for name, there in zip(self.names, finite, strict=True):
            if not there:
                gaps.setdefault(name, UNDEFINED)
        return gaps


def segment_scores(metric: Metric, rows: Rows) -> SegmentTable:
    """Reduce each row by itself."""
    return SegmentTable([spec.name for spec in metric.scores], reduced(metric, rows.values), rows)


def corpus_scores(metric: Metric, rows: Rows, segments: SegmentTable) -> dict[str, Score]:
    """Reduce the sum of the rows; every score says how many segments it is made of.

    A segment counts for a score where it has a row and no gap, that is, where it adds to it.
    """
    values = reduced(metric, rows.total())
    scores = {}
    for spec, value, reasons in zip(metric.scores, values, segments.reasons(), strict=True):
        scored = len(segments) - reasons.total()
        if scored and not isfinite(value):
            reasons[UNDEFINED] += scored
            scored = 0
        scores[spec.name] = Score(
            value=float(value) if scored else None,
            scored=scored,
            total=len(segments),
            reasons=dict(sorted(reasons.items())),
        )
    return scores
