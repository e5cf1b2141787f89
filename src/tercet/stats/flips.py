"""Flips: which articles swap sides in a permutation of two systems."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tercet.stats.hashing import drawn, keyed

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
        """Take 64 patterns from each word: pattern r is bit r mod 64 of a cluster's draw r // 64."""
        keys = keyed(wanted)
        at_once = max(1, _CELLS // max(1, len(wanted)))
        needed = -(-self.count // _BITS)
        blocks = min(needed, max(1, at_once // _BITS))
        for first in range(0, needed, blocks):
            words = drawn(keys, self.seed, first, blocks, "flips")
            octets = words.astype("<u8", copy=False).view(np.uint8).reshape(blocks, len(wanted), 8)
            coins = np.unpackbits(octets, axis=-1, bitorder="little").transpose(0, 2, 1)
            bits = coins.reshape(blocks * _BITS, len(wanted))[: self.count - first * _BITS]
            for begin in range(0, len(bits), at_once):
                yield bits[begin : begin + at_once].astype(np.float32)
