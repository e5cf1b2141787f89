"""Jackknife: scores without one article, by a subtraction from the sum."""

import numpy as np
from numpy.typing import NDArray

from tercet.stats.exact import join
from tercet.stats.paired import Paired, Reduce

Array = NDArray[np.float64]
_CELLS = 1 << 20  # sums held at once: 8 MB, a few times over


def without_each(parts: Array, reduce: Reduce) -> Array:
    """Take the scores without each cluster.

    Args:
        parts: (c, 2k) rows summed by cluster, finite, split into upper and lower halves.
        reduce: Sums to scores.

    Returns:
        (c, m) NaN where a score is undefined without the cluster.

    References:
        Efron, Tibshirani, An Introduction to the Bootstrap, 1993, chapter 11.
    """
    total = parts.sum(axis=0)
    at_once = max(1, _CELLS // max(1, parts.shape[1]))
    found = [
        np.asarray(reduce(join(total - parts[begin : begin + at_once])))
        for begin in range(0, max(1, len(parts)), at_once)
    ]
    return np.concatenate(found)


def delta_left_out(pair: Paired, reduce: Reduce) -> Array:
    """Take the deltas, candidate minus baseline, without each cluster; (c, m)."""
    a, b = pair.halves
    return without_each(b, reduce) - without_each(a, reduce)


def standard_error(values: Array) -> Array:
    """Estimate the standard error of scores or deltas over clusters.

    For a mean it is the one that everybody knows, with n - 1.

    Args:
        values: (c, m) from ``without_each`` or ``delta_left_out``.

    Returns:
        (m,) in the score's unit; NaN with fewer than 2 clusters, or where a value is undefined.

    >>> standard_error(np.array([[2.5], [2.0], [1.5]])).round(6).tolist()  # 1, 2, 3 left out
    [0.57735]
    """
    c = len(values)
    if c < 2:
        return np.full(values.shape[1], np.nan)
    squares: Array = ((values - values.mean(axis=0)) ** 2).sum(axis=0)
    return np.sqrt((c - 1) / c * squares)
