"""Weighted sums of clusters: what every resample, permutation and shard comes down to."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def weighted(parts: Array, chunks: Iterable[Array]) -> Array:
    """Add up clusters, each as often as its weight says: one matrix product a chunk.

    The products are exact, so that neither threads nor the size of the chunks change a bit. Columns of
    zeros are not multiplied; whole numbers have such columns for lower parts.

    Args:
        parts: (c, 2k) from ``tercet.stats.exact.split``, for as many terms as weights add up to.
        chunks: Arrays of whole numbers, (some, c) each.

    Returns:
        (all of them, 2k) sums, to be joined by ``tercet.stats.exact.join``.
    """
    some = np.flatnonzero((parts != 0).any(axis=0))
    taken = np.ascontiguousarray(parts[:, some])
    products = [weights @ taken for weights in chunks]
    sums = np.zeros((sum(map(len, products)), parts.shape[1]))
    if products:
        sums[:, some] = np.concatenate(products)
    return sums
