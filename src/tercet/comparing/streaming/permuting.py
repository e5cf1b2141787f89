"""Permutations of two systems, chunk by chunk: the flips of ``tercet.stats.flips``, without a list of all clusters."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.comparing.settings import Settings
from tercet.metrics.contract import Array
from tercet.stats.flips import Flips, tossed
from tercet.stats.hashing import Words
from tercet.stats.weighting import weighted

_CELLS = 1 << 22  # flips held at once: 16 MB
_EXACT = 1 << 24  # whole numbers below it are exact in 32 bits


class Permutations:
    """Sums of what clusters add to a side where they swap, over the same patterns as ``Flips`` has.

    Args:
        settings: Seed, and how many.
        differing: The clusters that may swap, where they are so few that each pattern is taken once; else None.
    """

    def __init__(self, settings: Settings, differing: Sequence[str] | None) -> None:
        self._seed = settings.seed
        self._flips = Flips(clusters=tuple(differing or ()), seed=settings.seed, replicates=settings.replicates)
        self._few = differing is not None
        self._count = self._flips.count if self._few else settings.replicates
        self._kept: list[tuple[list[str], Array]] = []
        self._sums: Array | None = None

    def add(self, names: Sequence[str], keys: Words, moved: Array) -> None:
        """Go on with some clusters.

        Args:
            names: (c,) of the clusters.
            keys: (c,) hashes of the names.
            moved: (c, k) what they add, in parts of so few bits that no sum of all clusters rounds.
        """
        if self._sums is None:
            self._sums = np.zeros((self._count, moved.shape[1]))
        live = np.flatnonzero(moved.any(axis=1))
        if self._few:
            self._kept.append(([names[i] for i in live.tolist()], moved[live]))
        elif len(live):
            self._multiply(keys[live], moved[live], self._sums)

    def sums(self) -> Array:
        """(permutations, k) sums."""
        if self._sums is None:
            return np.zeros((self._count, 0))
        if self._few:
            names = [name for some, _ in self._kept for name in some]
            rows = np.concatenate([rows for _, rows in self._kept])
            return weighted(rows, self._flips.chunks(names), len(names))
        return self._sums

    def _multiply(self, keys: Words, moved: Array, sums: Array) -> None:
        """Add products, in 32 bits where that is exact; columns of zeros are not multiplied."""
        most = np.abs(moved).max(axis=0)
        narrow = (most * len(keys) < _EXACT) & (moved == np.rint(moved)).all(axis=0)
        groups: list[tuple[NDArray[np.intp], NDArray[Any]]] = [
            (some, moved[:, some].astype(kind))
            for some, kind in (
                (np.flatnonzero((most > 0) & narrow), np.float32),
                (np.flatnonzero((most > 0) & ~narrow), np.float64),
            )
            if len(some)
        ]
        for first, coins in tossed(keys, self._seed, self._count, cells=_CELLS):
            for columns, rows in groups:
                sums[first : first + coins.shape[1], columns] += coins.T.astype(rows.dtype) @ rows
