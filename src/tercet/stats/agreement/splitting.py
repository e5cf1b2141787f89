"""Halves of clusters, by chance that belongs to seed, split and cluster."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tercet.stats.hashing import drawn, keyed

Halves = Callable[[int], NDArray[np.bool_]]
_AT_ONCE = 64


def halves(cluster: NDArray[np.int64], clusters: int, seed: int) -> Halves:
    """Split (n,) observations so that each cluster lies on one side.

    Args:
        cluster: (n,) of each observation.
        clusters: How many there are.
        seed: Any integer from 0.

    Returns:
        A function of a split's number, from 0: (n,) whether an observation is in the first half. Of the clusters
        that have an observation, half are, rounded down.
    """
    there = np.unique(cluster)
    keys = keyed([str(code) for code in there.tolist()])
    place = np.zeros(max(1, clusters), dtype=np.intp)
    place[there] = np.arange(len(there))
    kept: dict[int, NDArray[np.uint64]] = {}

    def split(number: int) -> NDArray[np.bool_]:
        block = number // _AT_ONCE
        if block not in kept:
            kept.clear()
            kept[block] = drawn(keys, seed, block * _AT_ONCE, _AT_ONCE, "halves")
        first = np.zeros(len(there), dtype=bool)
        first[np.argsort(kept[block][number % _AT_ONCE], kind="stable")[: len(there) // 2]] = True
        chosen: NDArray[np.bool_] = first[place[cluster]]
        return chosen

    return split
