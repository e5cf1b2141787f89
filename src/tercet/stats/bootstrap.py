"""Bootstrap: how far scores move when other articles of the same kind are drawn."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tercet.errors import ConfigError
from tercet.stats.clusters import numbered, summed
from tercet.stats.exact import join, split

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
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


def interval(  # noqa: PLR0913 (what is measured, and how it is drawn anew; one concept)
    rows: Array,
    clusters: Sequence[Hashable],
    reduce: Callable[[Array], Array],
    *,
    seed: int,
    present: Flags | None = None,
    replicates: int = 1000,
    level: float = 0.95,
) -> Intervals:
    """Take percentile intervals of scores from resampled clusters.

    As many clusters as there are get drawn with replacement, their rows added up and reduced, again and
    again; the interval holds the middle ``level`` of what comes out. Clusters without a scored row take no part.

    Such intervals are narrow where clusters are few: they leave out the factor n / (n - 1) and the heavier
    tails of Student's t. Measured (``python -m benchmarks.coverage``), intervals of 95 % hold the true mean of
    normal values in 85 % of cases with 5 articles, 90 % with 10, 93 % with 24, 94 % with 50 and 95 % with 200;
    of counts that are mostly 0, in 77, 87, 90, 94 and 95 %.

    The same seed gives the same bytes, whatever the threads and the memory, and however rows stand within
    their clusters; the order in which clusters first appear is part of the input.

    Args:
        rows: (n, k) additive statistics; NaN in rows that are unscored.
        clusters: (n,) what is drawn together, such as the article.
        reduce: Sums of rows to scores, (..., k) to (..., m); NaN where a score is undefined.
        seed: Of the draws; any integer from 0.
        present: (n, m) which rows have which score, where a scored row may lack one; such a row adds
            nothing to that score, and a cluster of them takes no part in it.
        replicates: How often is drawn.
        level: Share of the replicates within; above 0 and below 1.

    Raises:
        ConfigError: ``replicates`` or ``level`` are out of range.

    References:
        Efron, Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13; by clusters: Davison,
        Hinkley, Bootstrap Methods and their Application, 1997, section 3.8.
    """
    _check(replicates, level)
    kept = np.flatnonzero(np.isfinite(rows).all(axis=1))
    numbers = numbered([clusters[i] for i in kept.tolist()])
    count = int(numbers.max(initial=-1)) + 1
    size = int(np.bincount(numbers).max(initial=0))
    # No resample adds more rows than all its clusters being copies of the largest one.
    sums = summed(split(rows[kept], count * size), numbers)
    scores = reduce(np.zeros((1, rows.shape[1]))).shape[1]
    there = np.ones((len(kept), scores), dtype=bool) if present is None else present[kept]
    taking = summed(there.astype(np.float64), numbers) > 0

    low, high = np.full((2, scores), np.nan)
    for pattern in np.unique(taking, axis=1).T if count else ():
        columns = (taking == pattern[:, None]).all(axis=0)
        if pattern.sum() >= 2:
            found = np.asarray(reduce(resampled(sums[pattern], replicates, seed)))[:, columns]
            low[columns], high[columns] = _middle(found, level)
    return Intervals(low=low, high=high, clusters=taking.sum(axis=0), reasons=_reasons(taking, low))


def _check(replicates: int, level: float) -> None:
    if replicates < 1:
        raise ConfigError(f"replicates is {replicates}.", "It must be at least 1.")
    if not 0 < level < 1:
        raise ConfigError(f"level is {level}.", "It must be between 0 and 1, as 0.95.")


def resampled(parts: Array, replicates: int, seed: int) -> Array:
    """Add up resampled clusters.

    Args:
        parts: (clusters, 2k) sums of the clusters, from ``split``.
        replicates: How many resamples.
        seed: Of the draws.

    Returns:
        (replicates, k) sums.
    """
    sums = [join(weights @ parts) for weights in draws(len(parts), replicates, seed)]
    return np.concatenate(sums)


def draws(clusters: int, replicates: int, seed: int) -> Iterator[Array]:
    """Draw how often each cluster counts: multinomial weights, (some, clusters) at a time.

    Args:
        clusters: How many, at least 1.
        replicates: How many rows of weights in all.
        seed: Of PCG64.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    at_once = max(1, _CELLS // clusters)
    for done in range(0, replicates, at_once):
        some = min(at_once, replicates - done)
        drawn = generator.integers(0, clusters, size=(some, clusters))
        drawn += np.arange(some)[:, None] * clusters
        counts = np.bincount(drawn.ravel(), minlength=some * clusters)
        yield counts.reshape(some, clusters).astype(np.float64)


def _middle(values: Array, level: float) -> tuple[Array, Array]:
    """Take the quantiles around the middle of (replicates, m) values; NaN where any is undefined."""
    defined = np.isfinite(values).all(axis=0)
    outside = (1 - level) / 2
    low, high = np.quantile(np.where(defined, values, 0.0), (outside, 1 - outside), axis=0)
    return np.where(defined, low, np.nan), np.where(defined, high, np.nan)


def _reasons(taking: Flags, low: Array) -> tuple[str | None, ...]:
    return tuple(
        _FEW if clusters < 2 else _UNDEFINED if not known else None
        for clusters, known in zip(taking.sum(axis=0).tolist(), np.isfinite(low).tolist(), strict=True)
    )
