"""Scores that are compared over the same cases: their pairs by cluster, chunk by chunk.

What ``tercet.stats.paired`` does at once is done here in passes, to the last bit: sums are exact on a grid that is
known beforehand, so that it matters to none of them how clusters are cut into chunks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tercet.comparing.streaming.pouring import Both, Poured
from tercet.comparing.streaming.spool import Chunk
from tercet.metrics.contract import Array
from tercet.stats.clusters import summed
from tercet.stats.exact import join, split

ROWS = 1 << 13  # of a chunk
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """The rows of some clusters on both sides, summed by cluster.

    Args:
        places: (c,) places of the clusters in the chunk, ascending.
        a: (c, ...) the baseline's.
        b: (c, ...) the candidate's.
    """

    places: NDArray[np.intp]
    a: Array
    b: Array


@dataclass(kw_only=True)
class Shared:
    """The scores of one metric in one language that are compared over the same cases.

    Args:
        table: Whose.
        scores: Which of the scores that are compared, by their place in ``table.columns``.
        clusters: How many clusters take part.
        largest_row: (k,) the largest magnitudes of rows.
        most: How many rows the largest cluster has.
        largest: (k,) the largest magnitudes of the clusters' sums.
        differing: How many clusters are not the same in both.
        a: (2k,) the baseline's total, in two parts.
        b: (2k,) the candidate's.
    """

    table: Poured
    scores: tuple[int, ...]
    clusters: int = 0
    most: int = 0
    differing: int = 0
    largest_row: Array = field(init=False)
    largest: Array = field(init=False)
    a: Array = field(init=False)
    b: Array = field(init=False)

    def __post_init__(self) -> None:
        k = len(self.table.metric.columns)
        self.largest_row, self.largest = np.zeros(k), np.zeros(k)
        self.a, self.b = np.zeros(2 * k), np.zeros(2 * k)

    def measure(self, chunk: Chunk, rows: Both) -> None:
        """Take note of what the grid of the rows needs."""
        mask = rows.both[:, self.scores[0]]
        counts = np.bincount(chunk.local[mask], minlength=0)
        self.clusters += int((counts > 0).sum())
        self.most = max(self.most, int(counts.max(initial=0)))
        for side in (rows.a, rows.b):
            np.maximum(self.largest_row, np.abs(side[mask]).max(axis=0, initial=0.0), out=self.largest_row)

    def pairs(self, chunk: Chunk, rows: Both) -> Pairs:
        """Sum the rows by cluster: (c, k)."""
        mask = rows.both[:, self.scores[0]]
        places, numbers = np.unique(chunk.local[mask], return_inverse=True)
        a, b = rows.a[mask], rows.b[mask]
        if self.most > 1:
            a, b = (join(summed(_on_grid(side, self.most, self.largest_row), numbers.reshape(-1))) for side in (a, b))
        return Pairs(places=places, a=a, b=b)

    def halves(self, pairs: Pairs) -> Pairs:
        """Split the sums on the grid of all clusters: (c, 2k)."""
        terms = 2 * self.clusters
        a, b = (_on_grid(side, terms, self.largest) for side in (pairs.a, pairs.b))
        return Pairs(places=pairs.places, a=a, b=b)

    def compare(self, chunk: Chunk, pairs: Pairs, differing: Flags) -> None:
        """Take note of what the grid of the sums needs, and in ``differing``, (clusters,), of which differ."""
        unlike = (pairs.a != pairs.b).any(axis=1)
        self.differing += int(unlike.sum())
        differing[chunk.clusters[pairs.places[unlike]]] = True
        for side in (pairs.a, pairs.b):
            np.maximum(self.largest, np.abs(side).max(axis=0, initial=0.0), out=self.largest)

    def add(self, halves: Pairs) -> None:
        """Go on with the totals."""
        self.a += halves.a.sum(axis=0)
        self.b += halves.b.sum(axis=0)


def shared(table: Poured, differing: Flags) -> list[Shared]:
    """Put the scores of a table together that have the same cases, and take their totals.

    Args:
        table: One metric in one language.
        differing: (clusters,) of the run, to which those are added that differ.
    """
    found = [Shared(table=table, scores=scores) for scores in _classes(table.alike)]
    for chunk, rows in _rows(table):
        for one in found:
            one.measure(chunk, rows)
    for chunk, rows in _rows(table):
        for one in found:
            one.compare(chunk, one.pairs(chunk, rows), differing)
    for chunk, rows in _rows(table):
        for one in found:
            one.add(one.halves(one.pairs(chunk, rows)))
    return found


def _rows(table: Poured) -> Iterator[tuple[Chunk, Both]]:
    for chunk in table.layout.chunks(ROWS):
        yield chunk, table.read(chunk)


def _classes(alike: Flags) -> list[tuple[int, ...]]:
    """List the classes of an equivalence."""
    firsts: Sequence[int] = np.argmax(alike, axis=1).tolist()
    return [tuple(i for i, of in enumerate(firsts) if of == first) for first in sorted(set(firsts))]


def _on_grid(rows: Array, terms: int, largest: Array) -> Array:
    """Split rows as ``split`` would among others, of which the largest magnitudes are known."""
    return split(np.concatenate([rows, largest[None]]), terms)[:-1]
