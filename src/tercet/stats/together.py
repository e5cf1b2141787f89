"""Draws for many comparisons at once: one set of weights for all metrics and systems over the same articles."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from tercet.stats.bootstrap import draws
from tercet.stats.exact import join
from tercet.stats.flips import Flips
from tercet.stats.paired import Paired, Reduce
from tercet.stats.weighting import weighted

Array = NDArray[np.float64]
Weights = NDArray[np.float32]
Comparisons = Sequence[tuple[Paired, Reduce]]


def resampled_together(compared: Comparisons, *, seed: int, replicates: int) -> list[Array]:
    """Take what ``resampled_deltas`` gives of each comparison, to the last bit; weights are drawn once.

    Args:
        compared: Pairs, each with what reduces its sums.
        seed: Of the draws.
        replicates: How many resamples.

    Returns:
        Per comparison, (replicates, m) deltas; none of fewer than 2 clusters.
    """

    def chunks(clusters: Sequence[str]) -> Iterable[Weights]:
        return draws(len(clusters), replicates, seed) if len(clusters) > 1 else ()

    def parts(pair: Paired) -> list[Array]:
        return list(pair.halves)

    def deltas(_: Paired, reduce: Reduce, sums: list[Array]) -> Array:
        found: Array = np.asarray(reduce(join(sums[1]))) - np.asarray(reduce(join(sums[0])))
        return found

    return _grouped(compared, chunks, parts, deltas)


def randomized_together(compared: Comparisons, flips: Flips) -> list[Array]:
    """Take what ``randomized`` gives of each comparison, to the last bit; flips are drawn once.

    Args:
        compared: Pairs, each with what reduces its sums.
        flips: Over clusters that hold at least those which differ in any pair.

    Returns:
        Per comparison, (flips.count, m) deltas.
    """
    allowed = set(flips.clusters)

    def chunks(clusters: Sequence[str]) -> Iterable[Weights]:
        return flips.chunks([cluster for cluster in clusters if cluster in allowed])

    def parts(pair: Paired) -> list[Array]:
        a, b = pair.halves
        return [(b - a)[[i for i, cluster in enumerate(pair.clusters) if cluster in allowed]]]

    def deltas(pair: Paired, reduce: Reduce, sums: list[Array]) -> Array:
        a, b = (side.sum(axis=0) for side in pair.halves)
        found: Array = np.asarray(reduce(join(b - sums[0]))) - np.asarray(reduce(join(a + sums[0])))
        return found

    return _grouped(compared, chunks, parts, deltas)


def _grouped(
    compared: Comparisons,
    chunks: Callable[[Sequence[str]], Iterable[Weights]],
    parts: Callable[[Paired], list[Array]],
    deltas: Callable[[Paired, Reduce, list[Array]], Array],
) -> list[Array]:
    """Multiply weights by the rows of all comparisons over the same clusters, side by side."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for i, (pair, _) in enumerate(compared):
        groups.setdefault(pair.clusters, []).append(i)
    found: dict[int, Array] = {}
    for clusters, places in groups.items():
        several = [parts(compared[i][0]) for i in places]
        distinct: list[Array] = []  # a baseline is the same for all its candidates
        numbers = [[_numbered(distinct, one) for one in some] for some in several]
        sums = _apart(
            weighted(_abreast(distinct), chunks(clusters), len(clusters)), [one.shape[1] // 2 for one in distinct]
        )
        for i, some in zip(places, numbers, strict=True):
            found[i] = deltas(*compared[i], [sums[number] for number in some])
    return [found[i] for i in range(len(compared))]


def _numbered(distinct: list[Array], part: Array) -> int:
    """Give a part's place among those that are multiplied, to which it is added unless it is there."""
    for number, other in enumerate(distinct):
        # The first rows tell nearly all of them apart.
        if other.shape == part.shape and np.array_equal(other[:8], part[:8]) and np.array_equal(other, part):
            return number
    distinct.append(part)
    return len(distinct) - 1


def _abreast(parts: Sequence[Array]) -> Array:
    """Put split rows side by side: all upper parts, then all lower ones."""
    uppers = [one[:, : one.shape[1] // 2] for one in parts]
    lowers = [one[:, one.shape[1] // 2 :] for one in parts]
    return np.concatenate([*uppers, *lowers], axis=1)


def _apart(sums: Array, sizes: Sequence[int]) -> list[Array]:
    """Undo ``_abreast``: (r, 2K) to (r, 2k) for each."""
    ends = np.cumsum(sizes)[:-1]
    upper, lower = np.split(sums, 2, axis=1)
    pairs = zip(np.split(upper, ends, axis=1), np.split(lower, ends, axis=1), strict=True)
    return [np.concatenate(pair, axis=1) for pair in pairs]
