"""Bootstrap: how far scores move when other articles of the same kind are drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.errors import ConfigError
from tercet.stats.exact import join
from tercet.stats.jackknife import delta_left_out
from tercet.stats.levels import Levels, Method
from tercet.stats.paired import Paired, Reduce, delta
from tercet.stats.randomization import p_values
from tercet.stats.weighting import weighted

Array = NDArray[np.float64]
Weights = NDArray[np.float32]
_KEPT = 1 << 25  # draws that are kept, as bytes: 32 MB
_CELLS = 1 << 20  # weights held at once: 8 MB, a few times over
_FEW = "fewer than 2 clusters"
_UNDEFINED = "a resample has no value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervals:
    """An interval for each of m scores.

    Args:
        low: (m,) NaN where there is no interval.
        high: (m,) likewise.
        clusters: (m,) how many clusters have the score: the n of the interval.
        reasons: Per score, why there is no interval; None where there is one.
    """

    low: Array
    high: Array
    clusters: NDArray[np.intp]
    reasons: tuple[str | None, ...]

    def pairs(self) -> list[tuple[float, float] | None]:
        """Per score, both ends; None where there is no interval."""
        ends = zip(self.low.tolist(), self.high.tolist(), self.reasons, strict=True)
        return [(low, high) if reason is None else None for low, high, reason in ends]


def delta_interval(  # noqa: PLR0913 (what is compared, and how it is drawn anew; one concept)
    pair: Paired,
    reduce: Reduce,
    *,
    seed: int,
    replicates: int = 2000,
    level: float = 0.95,
    method: Method = "percentile",
    expanded: bool = True,
) -> Intervals:
    """Take intervals of the difference of two systems: both on the same drawn clusters.

    Two systems with the same rows have [0, 0].

    Differences are near symmetric, whatever the scores: there ``bca`` corrects a skewness that is chance. In 2,000
    simulations, expanded percentile intervals of 95 % hold the true difference of normal, log-normal, t (3 degrees
    of freedom) and mostly-zero values in 92 to 94 % of cases with 10 articles, 94 to 95 % with 20 and with 50;
    expanded ``bca`` in 89 to 94, 90 to 95 and 91 to 96 %.

    Args:
        pair: The systems.
        reduce: Sums to scores.
        seed: Of the draws; any integer from 0.
        replicates: How often is drawn.
        level: Share of the replicates within; above 0 and below 1.
        method: ``percentile`` or ``bca``.
        expanded: Whether it is made wider for few clusters.

    Returns:
        Of candidate minus baseline.

    Raises:
        ConfigError: ``replicates`` or ``level`` are out of range.
    """
    levels = Levels(level=level, method=method, expanded=expanded)
    if len(pair.clusters) < 2:
        return _cut(pair, reduce, np.empty((0, 0)), levels)
    return _cut(pair, reduce, resampled_deltas(pair, reduce, seed=seed, replicates=replicates), levels)


def delta_intervals(pair: Paired, reduce: Reduce, resamples: Array, *, level: float = 0.95) -> Intervals:
    """Take the intervals of ``delta_interval`` from resamples that are there.

    Args:
        pair: The systems.
        reduce: Sums to scores.
        resamples: (replicates, m) deltas, from ``resampled_deltas``.
        level: Share of the replicates within; above 0 and below 1.
    """
    return _cut(pair, reduce, resamples, Levels(level=level, method="percentile", expanded=True))


def _cut(pair: Paired, reduce: Reduce, resamples: Array, levels: Levels) -> Intervals:
    observed = delta(pair, reduce)
    count = len(pair.clusters)
    low, high = np.full((2, len(observed)), np.nan)
    if count >= 2:
        without = delta_left_out(pair, reduce) if levels.method == "bca" else None
        low, high = levels.cut(observed, resamples, count, without)
    counts = np.full(len(observed), count, dtype=np.intp)
    return Intervals(low=low, high=high, clusters=counts, reasons=reasons(counts, low))


def paired_bootstrap(pair: Paired, reduce: Reduce, *, seed: int, replicates: int = 1000) -> Array:
    """Take two-sided p-values by the shift method: how often a resample is as far from the delta as that from 0.

    With d the delta and d* those of resamples, (1 + #{|d* - d| >= |d|}) / (B + 1): d* - d is what d would be
    if the truth were no difference. A well-known implementation counts |d*| - mean |d*| > |d|, which takes a
    folded distribution for one around 0 and rejects a true null two to three times as often as it says.

    The shares of few clusters are too small, as percentile intervals are too narrow: with fewer than 50 prefer
    ``tercet.stats.randomization``, which is right for any number.

    Args:
        pair: The systems.
        reduce: Sums to scores.
        seed: Of the draws; any integer from 0.
        replicates: How often is drawn.

    Returns:
        (m,) NaN where the delta is undefined, or with fewer than 2 clusters; a resample without a value counts
        as extreme.

    References:
        Efron, Tibshirani, An Introduction to the Bootstrap, 1993, section 16.4.
    """
    observed = delta(pair, reduce)
    if len(pair.clusters) < 2:
        return np.full(len(observed), np.nan)
    resamples = resampled_deltas(pair, reduce, seed=seed, replicates=replicates)
    return p_values(observed, resamples - observed, exact=False)


def resampled_deltas(pair: Paired, reduce: Reduce, *, seed: int, replicates: int) -> Array:
    """Take the deltas of resamples, in which both systems are on the same clusters; (replicates, m)."""
    first, second = resampled_scores(pair.halves, reduce, seed=seed, replicates=replicates)
    return second - first


def resampled_scores(parts: Sequence[Array], reduce: Reduce, *, seed: int, replicates: int) -> list[Array]:
    """Take the scores of several systems on the same resamples; drawing once is what makes many systems cheap.

    Args:
        parts: Per system, (c, 2k) from ``split``; in all of them a row is the same cluster.
        reduce: Sums to scores.
        seed: Of the draws. The same clusters are drawn whenever there are as many of them.
        replicates: How many resamples.

    Returns:
        Per system, (replicates, m).
    """
    _check(replicates)
    sums = weighted(np.concatenate(parts, axis=1), draws(len(parts[0]), replicates, seed), len(parts[0]))
    return [np.asarray(reduce(join(one))) for one in np.split(sums, len(parts), axis=1)]


def _check(replicates: int) -> None:
    if replicates < 1:
        raise ConfigError(f"replicates is {replicates}.", "It must be at least 1.")


def draws(clusters: int, replicates: int, seed: int) -> Iterator[Weights]:
    """Draw how often each cluster counts: multinomial weights, (some, clusters) at a time.

    Args:
        clusters: How many, at least 1.
        replicates: How many rows of weights in all.
        seed: Of PCG64.
    """
    small = clusters * replicates <= _KEPT
    for counts in _kept(clusters, replicates, seed) if small else _counts(clusters, replicates, seed):
        yield counts.astype(np.float32)


@lru_cache(maxsize=2)
def _kept(clusters: int, replicates: int, seed: int) -> tuple[NDArray[Any], ...]:
    """Keep the last draws: a run draws the same for every metric and language."""
    drawn = _counts(clusters, replicates, seed)
    return tuple(counts.astype(np.min_scalar_type(int(counts.max()))) for counts in drawn)


def _counts(clusters: int, replicates: int, seed: int) -> Iterator[NDArray[np.intp]]:
    generator = np.random.Generator(np.random.PCG64(seed))
    at_once = max(1, _CELLS // clusters)
    for done in range(0, replicates, at_once):
        some = min(at_once, replicates - done)
        counts = np.empty((some, clusters), dtype=np.intp)
        for i, drawn in enumerate(generator.integers(0, clusters, size=(some, clusters))):
            counts[i] = np.bincount(drawn, minlength=clusters)
        yield counts


def reasons(clusters: NDArray[np.intp], low: Array) -> tuple[str | None, ...]:
    """Say per score why there is no interval: from (m,) numbers of clusters, and (m,) ends that are NaN there."""
    return tuple(
        _FEW if count < 2 else _UNDEFINED if not known else None
        for count, known in zip(clusters.tolist(), np.isfinite(low).tolist(), strict=True)
    )
