"""How many clusters have each score, counted in shards of which no one holds them all."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.stats.clusters import numbered
from tercet.stats.hashing import Words, keyed

Flags = NDArray[np.bool_]
_WORD = 64  # scores whose bits stand in one word


class ClusterCounts:
    """The distinct clusters that have each of m scores; shards merge in any order, and may share clusters.

    A cluster is kept as 64 bits of its id's hash and one bit for each score: 16 bytes with up to 64 scores. Two
    clusters with one hash count as one: see ``tercet.stats.hashing.keyed`` for how rarely.
    """

    __slots__ = ("_bits", "_keys", "_scores")

    def __init__(self, scores: int, keys: Words, bits: Words) -> None:
        self._scores = scores
        self._keys = keys  # (c,) sorted; clusters with no score are left out
        self._bits = bits  # (c, words)

    @classmethod
    def zeros(cls, scores: int) -> "ClusterCounts":
        """Begin with no cluster."""
        return cls(scores, np.empty(0, dtype=np.uint64), np.empty((0, -(-scores // _WORD)), dtype=np.uint64))

    @classmethod
    def of(cls, clusters: Sequence[str], present: Flags) -> "ClusterCounts":
        """Take the clusters of a shard.

        Args:
            clusters: (n,) ids.
            present: (n, m) which rows have which score; a cluster has a score that one of its rows has.

        Raises:
            ValueError: There are not as many rows as clusters.
        """
        if len(present) != len(clusters):
            raise ValueError(f"{len(present)} rows are not of {len(clusters)} clusters.")
        counted = cls.zeros(present.shape[1])
        flags = np.zeros((len(present), counted._bits.shape[1] * _WORD), dtype=bool)
        flags[:, : present.shape[1]] = present
        bits = np.packbits(flags, axis=1, bitorder="little").view("<u8").astype(np.uint64)
        keys = keyed(list(dict.fromkeys(clusters)))[numbered(clusters)]
        counted._keys, counted._bits = _united(keys, bits)
        return counted

    def merge(self, others: Iterable["ClusterCounts"]) -> None:
        """Add the clusters of other shards; many at once are quicker than one after the other.

        Raises:
            ValueError: One is of another number of scores.
        """
        every = [self, *others]
        if any(other._scores != self._scores for other in every):
            raise ValueError(f"clusters of {sorted({other._scores for other in every})} scores cannot be merged.")
        keys, bits = (np.concatenate(parts) for parts in zip(*((o._keys, o._bits) for o in every), strict=True))
        self._keys, self._bits = _united(keys, bits)

    def counts(self) -> NDArray[np.intp]:
        """How many clusters have each score; (m,)."""
        one = np.uint64(1)
        found = [
            int((self._bits[:, j // _WORD] >> np.uint64(j % _WORD) & one).sum(dtype=np.uint64))
            for j in range(self._scores)
        ]
        return np.array(found, dtype=np.intp)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give what ``numpy.savez`` can keep; the same clusters have the same arrays.

        Returns:
            ``scores``: how many; ``keys``: (c,) sorted; ``bits``: (c, words) which scores each cluster has.
        """
        return {"scores": np.array(self._scores, dtype=np.int64), "keys": self._keys, "bits": self._bits}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "ClusterCounts":
        """Take back what ``arrays`` gave."""
        keys, bits = (np.array(arrays[name], dtype=np.uint64) for name in ("keys", "bits"))
        return cls(int(arrays["scores"]), keys, bits)


def _united(keys: Words, bits: Words) -> tuple[Words, Words]:
    """Sort by keys, unite the bits of equal ones, and leave out those without any."""
    if not len(keys):
        return keys, bits
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    firsts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    united = np.bitwise_or.reduceat(bits[order], firsts, axis=0)
    some = united.any(axis=1)
    return keys[firsts][some], united[some]
