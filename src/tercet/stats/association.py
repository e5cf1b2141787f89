"""How two measures of the same things go together: Spearman's rank correlation."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def ranks(values: Array) -> Array:
    """Give each of (n,) values its rank from 1; equal values share the mean of theirs.

    >>> ranks(np.array([10.0, 30.0, 10.0, 20.0])).tolist()
    [1.5, 4.0, 1.5, 3.0]
    """
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends: Array = np.cumsum(counts).astype(np.float64)
    means: Array = ends - (counts - 1) / 2
    return means[inverse]


def spearman(one: Array, other: Array) -> float | None:
    """Correlate the ranks of two measures of the same n things.

    The same as ``scipy.stats.spearmanr``, and 1 or -1 to the last bit where the orders are the same or reversed.

    Args:
        one: (n,) finite values.
        other: (n,) finite values.

    Returns:
        From -1 to 1; None with fewer than 3 things, or where one of them is the same for all.
    """
    if len(one) < 3:
        return None
    a, b = ranks(one), ranks(other)
    a, b = a - a.mean(), b - b.mean()
    squares = float(a @ a) * float(b @ b)
    if squares == 0:
        return None
    return float(np.clip(a @ b / np.sqrt(squares), -1, 1))
