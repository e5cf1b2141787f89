"""Poisson bootstrap: resampling that needs no index, so that shards can be drawn apart and added up."""

from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tercet.errors import ConfigError
from tercet.stats.bootstrap import Intervals, reasons
from tercet.stats.clusters import numbered, summed
from tercet.stats.exact import join, split
from tercet.stats.hashing import drawn, keyed
from tercet.stats.levels import Levels
from tercet.stats.paired import Reduce
from tercet.stats.weighting import weighted

Array = NDArray[np.float64]
_CELLS = 1 << 20  # weights held at once: 8 MB, a few times over


def weights(ids: Sequence[str], seed: int, first: int, count: int) -> Array:
    """Draw how often each cluster counts: Poisson with mean 1, by itself.

    The weight of a cluster in a replicate is fixed by seed, replicate and id: two systems with the same ids are
    paired, and a shard needs to know of no other.

    Args:
        ids: (n,) of the clusters.
        seed: Any integer from 0.
        first: Number of the first replicate, from 0.
        count: How many replicates.

    Returns:
        (count, n) whole numbers.

    References:
        Hanley, MacGibbon, Creating non-parametric bootstrap samples using Poisson frequencies, 2006,
        https://doi.org/10.1016/j.cmpb.2006.04.006; Chamandy, Muralidharan, Najmi, Naidu, Estimating Uncertainty
        for Massive Data Streams, 2012, https://research.google/pubs/pub43157.
    """
    return _poisson(drawn(keyed(ids), seed, first, count, "poisson"))


def _poisson(words: NDArray[np.uint64]) -> Array:
    """Turn words of 64 bits into Poisson numbers by the inverse distribution function."""
    return np.searchsorted(_thresholds(), words, side="right").astype(np.float64)


@lru_cache(maxsize=1)
def _thresholds() -> NDArray[np.uint64]:
    """2^64 times the distribution function of Poisson(1), until it rounds to 1; to the last bit."""
    found: list[int] = []
    with localcontext() as context:
        context.prec = 60
        term = Decimal(-1).exp()
        below = term
        while (threshold := int(below * 2**64)) < 2**64 - 1:
            found.append(threshold)
            term /= len(found)
            below += term
    return np.array(found, dtype=np.uint64)


def replicate_sums(rows: Array, clusters: Sequence[str], *, seed: int, replicates: int) -> Array:
    """Add up the rows of a shard, once as they are and once for each replicate.

    The sums of shards add up to those of the whole, whatever the order and the number of shards: exactly where
    statistics are whole numbers, as counts are; else up to the rounding of one sum for each shard. A cluster
    may be split between shards: it has the same weights everywhere.

    Args:
        rows: (n, k) additive statistics; NaN in rows that are unscored.
        clusters: (n,) what is drawn together, such as the article.
        seed: Any integer from 0.
        replicates: How many.

    Returns:
        (replicates + 1, k): the plain sum, then the replicates.

    Raises:
        ConfigError: ``replicates`` or the seed are out of range.
    """
    if replicates < 1:
        raise ConfigError(f"replicates is {replicates}.", "It must be at least 1.")
    kept = np.flatnonzero(np.isfinite(rows).all(axis=1)).tolist()
    ids = [clusters[i] for i in kept]
    # No weight is larger than the number of thresholds.
    parts = summed(split(rows[kept], len(kept) * len(_thresholds())), numbered(ids))
    return join(weighted(parts, _chunks(list(dict.fromkeys(ids)), seed, replicates), len(parts) * len(_thresholds())))


def _chunks(ids: Sequence[str], seed: int, replicates: int) -> Iterator[Array]:
    yield np.ones((1, len(ids)))
    keys = keyed(ids)
    at_once = max(1, _CELLS // max(1, len(ids)))
    for first in range(0, replicates, at_once):
        yield _poisson(drawn(keys, seed, first, min(at_once, replicates - first), "poisson"))


def poisson_interval(
    merged: Array, reduce: Reduce, *, clusters: int, level: float = 0.95, expanded: bool = True
) -> Intervals:
    """Take percentile intervals from replicates that were merged by addition.

    Of two systems the difference is had by giving both side by side: ``merged`` of (replicates + 1, 2k) and a
    ``reduce`` that subtracts one's scores from the other's.

    Fewer than about 8 clusters have a replicate in which none counts, and no interval.

    Args:
        merged: (replicates + 1, k) from ``replicate_sums``, added up over the shards.
        reduce: Sums to scores.
        clusters: How many there are in all shards.
        level: Share of the replicates within; above 0 and below 1.
        expanded: Whether it is made wider for few clusters.
    """
    levels = Levels(level=level, method="percentile", expanded=expanded)
    scores = np.asarray(reduce(merged))
    low, high = np.full((2, scores.shape[1]), np.nan)
    if clusters >= 2:
        low, high = levels.cut(scores[0], scores[1:], clusters)
    counts = np.full(scores.shape[1], clusters, dtype=np.intp)
    return Intervals(low=low, high=high, clusters=counts, reasons=reasons(counts, low))
