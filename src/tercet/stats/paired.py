"""Pairs: the rows of two systems on the same articles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tercet.stats.clusters import numbered, summed
from tercet.stats.exact import join, split

Array = NDArray[np.float64]
# Sums of rows to scores: (..., k) to (..., m), vectorized; NaN where a score is undefined.
Reduce = Callable[[Array], Array]


@dataclass(frozen=True, kw_only=True)
class Paired:
    """Two systems over the same clusters.

    Args:
        clusters: (c,) ids, sorted; the n of every test and interval.
        a: (c, k) the baseline's rows, summed by cluster.
        b: (c, k) the candidate's.
    """

    clusters: tuple[str, ...]
    a: Array
    b: Array

    @property
    def differing(self) -> NDArray[np.intp]:
        """Places of the clusters whose statistics are not the same in both; the others take no part in a test."""
        return np.flatnonzero((self.a != self.b).any(axis=1))

    @cached_property
    def halves(self) -> tuple[Array, Array]:
        """The rows of both systems, split on one grid, so that sums of all clusters and differences are exact.

        (c, 2k) for each, as ``tercet.stats.exact.split`` has it.
        """
        # A difference of two parts may be twice as large as the largest of them.
        parts = split(np.concatenate([self.a, self.b]), 2 * len(self.clusters))
        return parts[: len(self.a)], parts[len(self.a) :]


def paired(a: Array, b: Array, clusters: Sequence[str]) -> Paired:
    """Sum the rows of two systems by cluster.

    The sums are exact before they are rounded once, and clusters are sorted by their ids: neither the order of
    the input nor equal rows in another order can make two systems differ.

    Args:
        a: (n, k) rows of the baseline, finite.
        b: (n, k) rows of the candidate for the same n segments, finite.
        clusters: (n,) what belongs together, such as the article.

    Raises:
        ValueError: The rows are not of the same shape, not as many as clusters, or not finite.
    """
    if a.shape != b.shape or len(a) != len(clusters):
        raise ValueError(f"rows of {a.shape} and {b.shape} for {len(clusters)} clusters are no pairs.")
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise ValueError("unscored rows cannot be paired; leave them out.")
    numbers = numbered(clusters)
    names = list(dict.fromkeys(clusters))
    order = np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.intp)
    if len(names) == len(clusters):
        first, second = a[order], b[order]
    else:
        size = int(np.bincount(numbers).max(initial=0))
        # On one grid, so that equal rows have equal sums.
        parts = split(np.concatenate([a, b]), size)
        first, second = (join(summed(part, numbers))[order] for part in (parts[: len(a)], parts[len(a) :]))
    return Paired(clusters=tuple(names[i] for i in order.tolist()), a=first, b=second)


def delta(pair: Paired, reduce: Reduce) -> Array:
    """Take the difference of the scores, candidate minus baseline; (m,)."""
    a, b = pair.halves
    scores = reduce(join(np.stack([a.sum(axis=0), b.sum(axis=0)])))
    difference: Array = scores[1] - scores[0]
    return difference
