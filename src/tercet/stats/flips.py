"""Flips: which articles swap sides in a permutation of two systems."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tercet.stats.hashing import Words, drawn, keyed

Array = NDArray[np.float32]
_CELLS = 1 << 20  # flips held at once: 4 MB, a few times over
_BITS = 64  # patterns that one word of a cluster holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Flips:
    """The permutations of a test, the same for every metric and language that is tested.

    Random flips of a cluster depend on the seed and its id alone, not on which other clusters there are or
    are asked for. So the tests of several scores are on the same permutations, as max-T needs, and a score
    that only some clusters have is tested on these.

    Where all patterns are no more than ``replicates``, each is taken once, the identity among them. That needs
    few clusters: a caller does well to give only those which differ between the systems.

    Args:
        clusters: Ids of all that may swap sides, each once, in any order.
        seed: Any integer from 0.
        replicates: How many random patterns, or up to how many patterns are enumerated.
    """

    clusters: tuple[str, ...]
    seed: int
    replicates: int

    @property
    def exact(self) -> bool:
        """Whether every pattern is taken once."""
        return len(self.clusters) < self.replicates.bit_length()

    @property
    def count(self) -> int:
        """How many patterns there are."""
        return 1 << len(self.clusters) if self.exact else self.replicates

    def chunks(self, wanted: Sequence[str]) -> Iterator[Array]:
        """Yield the patterns of some clusters: 1 where a cluster swaps sides, 0 where it does not.

        Args:
            wanted: Ids among ``clusters``.

        Yields:
            (some, len(wanted)), about a million cells at most.

        Raises:
            ValueError: An id is not among ``clusters``.
        """
        if unknown := set(wanted).difference(self.clusters):
            raise ValueError(f"'{min(unknown)}' is not among the clusters of these flips.")
        yield from self._all(wanted) if self.exact else self._random(wanted)

    def _all(self, wanted: Sequence[str]) -> Iterator[Array]:
        """Count up in binary: cluster i of all, in the order of their ids, is bit i."""
        places = {cluster: i for i, cluster in enumerate(sorted(self.clusters))}
        shifts = np.array([places[cluster] for cluster in wanted], dtype=np.int64)
        at_once = max(1, _CELLS // max(1, len(wanted)))
        for begin in range(0, self.count, at_once):
            patterns = np.arange(begin, min(begin + at_once, self.count), dtype=np.int64)
            yield ((patterns[:, None] >> shifts) & 1).astype(np.float32)

    def _random(self, wanted: Sequence[str]) -> Iterator[Array]:
        for _, coins in tossed(keyed(wanted), self.seed, self.count, cells=_CELLS):
            at_once = max(1, _CELLS // max(1, len(wanted)))
            for begin in range(0, coins.shape[1], at_once):
                yield coins.T[begin : begin + at_once].astype(np.float32, order="C")


def tossed(keys: Words, seed: int, count: int, *, cells: int) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Toss 64 coins with each word: pattern r is bit r mod 64 of a cluster's draw r // 64.

    Args:
        keys: (c,) from ``keyed``.
        seed: Any integer from 0.
        count: How many patterns.
        cells: How many coins are held at once; 64 for each cluster where that is more.

    Yields:
        The number of the first pattern, and (c, some) of 0 and 1.
    """
    needed = -(-count // _BITS)
    at_once = max(1, cells // (_BITS * max(1, len(keys))))
    for first in range(0, needed, at_once):
        words = drawn(keys, seed, first, min(at_once, needed - first), "flips").T
        octets = np.ascontiguousarray(words.astype("<u8", copy=False)).view(np.uint8)
        coins = np.unpackbits(octets, axis=-1, bitorder="little")
        yield first * _BITS, coins[:, : count - first * _BITS]
