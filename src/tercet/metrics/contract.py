"""The contract of a metric: additive rows, and a reduction of their sum to scores."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from math import fsum
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tercet.errors import MetricError
from tercet.records import Evidence, Segment

Array = NDArray[np.float64]
# How a reason begins that may be gone when the same is asked again, such as a server that is down.
PASSING = "not now: "
# How a reason begins where there is no output to measure.
LOST = "no output: "
_NOTHING: Mapping[str, str] = {}


class Need(Enum):
    """What a segment must have for a metric; its value is the reason where it is missing."""

    SOURCE = "the article has no source text"
    REFERENCES = "there is no reference in this language"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSpec:
    """One score of a metric.

    Args:
        name: The library's own name of it.
        low: Smallest value.
        high: Largest value; infinity where there is none.
        higher_is_better: None where neither direction is better.
        headline: Whether leaderboards show it without being asked.
        decimals: How many a table prints.
        warning: For a share that should be 0, what to tell people of those segments where it is not.
    """

    name: str
    low: float
    high: float
    higher_is_better: bool | None
    headline: bool = True
    decimals: int = 3
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a metric found in one segment.

    Args:
        row: The k additive statistics.
        gaps: Scores that this segment cannot have, each with its reason; their statistics in the
            row are 0, so that they add nothing.
        evidence: What a person would want to see.
    """

    row: Sequence[float]
    gaps: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Unscored:
    """Why a segment has no row."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The statistics of n segments.

    Args:
        values: (n, k) float64; NaN in the rows of unscored segments.
        unscored: Per segment, why it has no row; None where it has one.
        gaps: Per segment, the scores that it cannot have, with reasons.
        evidence: Per segment.
    """

    values: Array
    unscored: tuple[str | None, ...]
    gaps: tuple[Mapping[str, str], ...]
    evidence: tuple[tuple[Evidence, ...], ...]

    @property
    def scored(self) -> NDArray[np.bool_]:
        """(n,) whether a segment has a row."""
        return np.array([reason is None for reason in self.unscored], dtype=bool)

    def total(self) -> Array:
        """(k,) sum over the segments that have a row: the exact one, rounded once, so that no order changes it."""
        return np.array([fsum(column) for column in self.values[self.scored].T.tolist()])


class Metric(Protocol):
    """Two pure functions. A metric is a frozen dataclass whose fields are its options."""

    @property
    def needs(self) -> frozenset[Need]:
        """What every segment must have; what lacks it is unscored with the need's reason."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the k statistics of a row; a class variable where no option changes them."""
        ...

    @property
    def scores(self) -> tuple[ScoreSpec, ...]:
        """The m scores."""
        ...

    def measure(self, segments: Sequence[Segment]) -> Rows:
        """Take the statistics of segments, each by itself; (n, k)."""
        ...

    def reduce(self, sums: Array) -> Array:
        """Turn sums of rows into scores: (..., k) to (..., m), NaN where a score is undefined."""
        ...

    def signature(self, language: str) -> str:
        """Name everything that fixes the scores in a language: options, tokenizer, versions.

        A metric may also have ``signature_of(segments)``, for what the segments themselves fix, such
        as a weight that is taken from the references; it is added to the signature. And it may have
        a class method ``from_parts(parts)``, which makes the metric that signs with these parts.

        Two attributes say where it may be measured: ``place`` is ``models`` where it loads a model and ``here`` where
        it asks an endpoint (else workers that compute measure it); ``whole`` is true where a row depends on other
        segments, so that the run cannot be cut into shards.
        """
        ...


def measure_each(metric: Metric, segments: Sequence[Segment], one: Callable[[Segment], Measured | Unscored]) -> Rows:
    """Build rows with a function of one segment, after the checks that every metric shares.

    A segment without a candidate, or without what the metric needs, is unscored with the reason.

    Raises:
        MetricError: A row has not one number for each column.
    """
    found = [_found(metric, segment, one) for segment in segments]
    values = np.full((len(found), len(metric.columns)), np.nan)
    for i, item in enumerate(found):
        if isinstance(item, Measured):
            if len(item.row) != len(metric.columns):
                raise MetricError(
                    f"'{type(metric).__name__}' gave a row of {len(item.row)} for its {len(metric.columns)} columns.",
                    "This is a fault of the metric.",
                )
            values[i] = item.row
    return Rows(
        values=values,
        unscored=tuple(item.reason if isinstance(item, Unscored) else None for item in found),
        gaps=tuple(item.gaps if isinstance(item, Measured) else _NOTHING for item in found),
        evidence=tuple(item.evidence if isinstance(item, Measured) else () for item in found),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a metric found in many segments at once.

    Args:
        values: (n, k) statistics.
        unscored: By index, why a segment has no row.
        evidence: By index.
    """

    values: Array
    unscored: Mapping[int, str] = field(default_factory=dict)
    evidence: Mapping[int, tuple[Evidence, ...]] = field(default_factory=dict)


def measure_together(metric: Metric, segments: Sequence[Segment], together: Callable[[list[Segment]], Batch]) -> Rows:
    """Build rows with a function of the segments of one language that can be scored.

    The checks of ``measure_each`` come first; what is in several languages is given language by language.

    Raises:
        MetricError: The function did not give n rows of k numbers.
    """
    reasons = [_missing(metric, segment) for segment in segments]
    by_language: dict[str, list[int]] = {}
    for i, segment in enumerate(segments):
        if reasons[i] is None:
            by_language.setdefault(segment.language, []).append(i)
    values = np.full((len(segments), len(metric.columns)), np.nan)
    evidence: list[tuple[Evidence, ...]] = [()] * len(segments)
    for places in by_language.values():
        batch = together([segments[i] for i in places])
        if batch.values.shape != (len(places), len(metric.columns)):
            raise MetricError(
                f"'{type(metric).__name__}' gave {batch.values.shape} numbers for {len(places)} segments"
                f" and {len(metric.columns)} columns.",
                "This is a fault of the metric.",
            )
        values[places] = batch.values
        for index, items in batch.evidence.items():
            evidence[places[index]] = items
        for index, reason in batch.unscored.items():
            reasons[places[index]] = reason
            values[places[index]] = np.nan
    return Rows(
        values=values,
        unscored=tuple(reasons),
        gaps=(_NOTHING,) * len(segments),
        evidence=tuple(evidence),
    )


def _found(metric: Metric, segment: Segment, one: Callable[[Segment], Measured | Unscored]) -> Measured | Unscored:
    reason = _missing(metric, segment)
    return one(segment) if reason is None else Unscored(reason)


def _missing(metric: Metric, segment: Segment) -> str | None:
    """Say what a segment lacks for a metric."""
    if segment.candidate is None:
        return segment.absent or "there is no candidate"
    if Need.SOURCE in metric.needs and not (segment.source or "").strip():
        return Need.SOURCE.value
    if Need.REFERENCES in metric.needs:
        if not segment.references:
            return Need.REFERENCES.value
        if not all(reference.strip() for reference in segment.references):
            return "a reference is empty"
    return None


def ratio(above: Array, below: Array) -> Array:
    """Divide, with NaN where the denominator is 0."""
    below = np.asarray(below, dtype=np.float64)
    quotient: Array = np.full(np.broadcast(above, below).shape, np.nan)
    np.divide(above, below, out=quotient, where=below != 0)
    return quotient


def sign(metric: str, **parts: Any) -> str:
    """Write a signature: the metric's name, then ``key:value`` in order; ``tercet.signatures`` reads it.

    >>> sign("rouge", lang="en", stem=False)
    'rouge|lang:en|stem:no'
    """
    return "|".join((metric, *(f"{key}:{_shown(value)}" for key, value in parts.items())))


def _shown(value: Any) -> str:
    text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    return text.replace("%", "%25").replace("|", "%7C").replace("\n", "%0A")
