"""Permutations, Poisson replicates and the jackknife of everything in a language, chunk by chunk.

All are sums over clusters, with weights that are hashed from the seed and a cluster's id: chunks add up to the whole.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tercet.comparing.settings import Settings
from tercet.comparing.streaming.caselist import CaseList
from tercet.comparing.streaming.permuting import Permutations
from tercet.comparing.streaming.sharing import ROWS, Pairs, Shared
from tercet.comparing.streaming.spool import Chunk
from tercet.comparing.testing import RESAMPLES, Drawn
from tercet.metrics.contract import Array
from tercet.stats.additive import Sums
from tercet.stats.exact import join
from tercet.stats.paired import Reduce
from tercet.stats.poisson import poisson_interval


class _Spread:
    """Mean and squares of the deltas without each cluster, chunk by chunk.

    References:
        Chan, Golub, LeVeque, Algorithms for Computing the Sample Variance, 1983,
        https://doi.org/10.1080/00031305.1983.10483115.
    """

    def __init__(self, scores: int) -> None:
        self._count, self._mean, self._squares = 0, np.zeros(scores), np.zeros(scores)

    def add(self, values: Array) -> None:
        """Go on with (c, m) deltas."""
        if not len(values):
            return
        count = self._count + len(values)
        mean = values.mean(axis=0)
        shift = mean - self._mean
        self._squares += ((values - mean) ** 2).sum(axis=0) + shift**2 * (self._count * len(values) / count)
        self._mean += shift * (len(values) / count)
        self._count = count

    def error(self) -> Array:
        """(m,) what ``tercet.stats.jackknife.standard_error`` estimates."""
        if self._count < 2:
            return np.full(len(self._mean), np.nan)
        return np.sqrt((self._count - 1) / self._count * self._squares)


def drawn(found: Sequence[Shared], cases: CaseList, settings: Settings, differing: Sequence[str] | None) -> list[Drawn]:
    """Draw for everything in one language.

    Args:
        found: What is compared, all on the same layout.
        cases: The runs'.
        settings: How.
        differing: The clusters that differ anywhere, where they are so few that all permutations are taken;
            else None.

    Returns:
        Of each.
    """
    spreads = [_Spread(len(one.table.metric.scores)) for one in found]
    flips, replicates = Permutations(settings, differing), Sums.zeros(sum(map(_width, found)), RESAMPLES)
    for chunk in found[0].table.layout.chunks(ROWS):
        tables = {id(one.table): one.table for one in found}
        rows = {key: table.read(chunk) for key, table in tables.items()}
        moved, sides = [], []
        for one, spread in zip(found, spreads, strict=True):
            pairs = one.pairs(chunk, rows[id(one.table)])
            halves = one.halves(pairs)
            spread.add(_left_out(one, halves))
            moved.append(_spread_out(chunk, pairs.places, halves.b - halves.a))
            sides.append(_spread_out(chunk, pairs.places, _beside(pairs)))
        names = cases.names_of(chunk.clusters)
        flips.add(names, cases.name_keys[chunk.clusters], np.concatenate(moved, axis=1))
        replicates.add(Sums.of(np.concatenate(sides, axis=1), names, seed=settings.seed, replicates=RESAMPLES))
    return list(_concluded(found, spreads, flips.sums(), replicates.values, settings.level))


def _width(one: Shared) -> int:
    """Count the columns of both sides, and the one that says who takes part."""
    return 2 * len(one.table.metric.columns) + 1


def _left_out(one: Shared, halves: Pairs) -> Array:
    """Take the deltas without each cluster; (c, m)."""
    reduce = one.table.metric.reduce
    deltas: Array = np.asarray(reduce(join(one.b - halves.b))) - np.asarray(reduce(join(one.a - halves.a)))
    return deltas


def _beside(pairs: Pairs) -> Array:
    """Put both sides side by side, and 1 for each cluster; (c, 2k + 1)."""
    return np.concatenate([pairs.a, pairs.b, np.ones((len(pairs.places), 1))], axis=1)


def _spread_out(chunk: Chunk, places: NDArray[np.intp], rows: Array) -> Array:
    """Give all clusters of a chunk a row: 0 where they take no part."""
    found = np.zeros((len(chunk.clusters), rows.shape[1]))
    found[places] = rows
    return found


def _concluded(
    found: Sequence[Shared], spreads: Sequence[_Spread], moved: Array, values: Array, level: float
) -> Iterator[Drawn]:
    """Turn sums into deltas and intervals."""
    sizes = [len(one.table.metric.columns) for one in found]
    flipped = np.split(moved, np.cumsum([2 * k for k in sizes])[:-1], axis=1)
    resampled = np.split(values, np.cumsum([2 * k + 1 for k in sizes])[:-1], axis=1)
    for one, spread, swapped, sums in zip(found, spreads, flipped, resampled, strict=True):
        reduce, scores = one.table.metric.reduce, len(one.table.metric.scores)
        yield Drawn(
            deltas=np.asarray(reduce(join(one.b - swapped))) - np.asarray(reduce(join(one.a + swapped))),
            errors=spread.error(),
            intervals=poisson_interval(
                sums[:, :-1],
                _difference(reduce),
                drawn=np.repeat(sums[:, -1:], scores, axis=1),
                clusters=np.full(scores, one.clusters, dtype=np.intp),
                level=level,
            ),
        )


def _difference(reduce: Reduce) -> Reduce:
    def found(sums: Array) -> Array:
        a, b = np.split(sums, 2, axis=-1)
        delta: Array = np.asarray(reduce(b)) - np.asarray(reduce(a))
        return delta

    return found
