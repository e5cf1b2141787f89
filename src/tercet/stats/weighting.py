"""Weighted sums of clusters: what every resample, permutation and shard comes down to."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


_EXACT = 1 << 24  # whole numbers below it are exact in 32 bits


def weighted(parts: Array, chunks: Iterable[NDArray[Any]], most: int) -> Array:
    """Add up clusters, each as often as its weight says: one matrix product a chunk.

    The products are exact, so that neither threads nor the size of the chunks change a bit. Columns of
    zeros are not multiplied; whole numbers have such columns for lower parts. Small whole numbers, as counts
    are, are multiplied in 32 bits, which is exact too and takes half the time.

    Args:
        parts: (c, 2k) from ``tercet.stats.exact.split``, for as many terms as weights add up to.
        chunks: Arrays of whole numbers, (some, c) each.
        most: What the weights of a row add up to at most.

    Returns:
        (all of them, 2k) sums, to be joined by ``tercet.stats.exact.join``.
    """
    some = np.flatnonzero((parts != 0).any(axis=0))
    taken = np.ascontiguousarray(parts[:, some])
    small = np.abs(taken).max(initial=0.0) * most < _EXACT and bool((taken == np.rint(taken)).all())
    kind = np.float32 if small else np.float64
    narrow: NDArray[Any] = taken.astype(kind)
    products = [np.matmul(weights.astype(kind, copy=False), narrow) for weights in chunks]
    sums = np.zeros((sum(map(len, products)), parts.shape[1]))
    if products:
        sums[:, some] = np.concatenate(products)
    return sums
