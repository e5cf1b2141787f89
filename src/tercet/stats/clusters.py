"""Clusters: rows that are drawn together, since they are of one article."""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def numbered(clusters: Sequence[Hashable]) -> NDArray[np.intp]:
    """Number clusters from 0 in the order in which they first appear; (n,).

    >>> numbered(["b", "a", "b"]).tolist()
    [0, 1, 0]
    """
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(cluster, len(numbers)) for cluster in clusters], dtype=np.intp)


def summed(rows: Array, numbers: NDArray[np.intp]) -> Array:
    """Sum the rows of each cluster.

    Args:
        rows: (n, k).
        numbers: (n,) from ``numbered``: each number from 0 to the largest is there.

    Returns:
        (clusters, k), in the order of the numbers.

    >>> summed(np.array([[1.0], [2.0], [4.0]]), np.array([0, 1, 0])).tolist()
    [[5.0], [2.0]]
    """
    if not len(rows):
        return np.zeros((0, rows.shape[1]))
    order = np.argsort(numbers, kind="stable")
    starts = np.searchsorted(numbers[order], np.arange(numbers.max() + 1))
    sums: Array = np.add.reduceat(rows[order], starts, axis=0)
    return sums
