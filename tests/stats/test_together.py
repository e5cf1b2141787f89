"""Draws for many comparisons: the same as one by one, to the last bit."""

import numpy as np
from numpy.typing import NDArray

from tercet.stats.bootstrap import delta_interval, delta_intervals, resampled_deltas
from tercet.stats.flips import Flips
from tercet.stats.paired import Paired, Reduce, paired
from tercet.stats.randomization import randomized
from tercet.stats.together import randomized_together, resampled_together

Array = NDArray[np.float64]


def mean(sums: Array) -> Array:
    return np.stack([sums[..., 0] / 3, sums[..., 1] - sums[..., 0]], axis=-1)


def ratio(sums: Array) -> Array:
    return sums[..., :1] / (sums[..., 1:2] ** 2 + 1)


def comparisons() -> list[tuple[Paired, Reduce]]:
    rng = np.random.default_rng(5)
    found: list[tuple[Paired, Reduce]] = []
    for number, (count, columns, reduce) in enumerate([(30, 3, mean), (30, 2, ratio), (17, 3, mean), (30, 3, mean)]):
        a, b = rng.normal(size=(2, count, columns)) * 10.0 ** rng.integers(-3, 3, columns)
        b[:5] = a[:5]  # some articles are the same
        if number == 3:
            a, b = np.rint(a * 9), np.rint(b * 9)  # counts
        found.append((paired(a, b, [f"{i:02}" for i in range(count)]), reduce))
    return found


def test_together_is_as_one_by_one() -> None:
    compared = comparisons()
    together = resampled_together(compared, seed=3, replicates=200)
    for (pair, reduce), found in zip(compared, together, strict=True):
        np.testing.assert_array_equal(found, resampled_deltas(pair, reduce, seed=3, replicates=200))
        alone = delta_interval(pair, reduce, seed=3, replicates=200)
        again = delta_intervals(pair, reduce, found)
        np.testing.assert_array_equal([again.low, again.high], [alone.low, alone.high])
    clusters = tuple(f"{i:02}" for i in range(30))
    flips = Flips(clusters=clusters, seed=3, replicates=200)
    for (pair, reduce), found in zip(compared, randomized_together(compared, flips), strict=True):
        np.testing.assert_array_equal(found, randomized(pair, reduce, flips))


def test_what_does_not_differ_needs_no_flips() -> None:
    compared = comparisons()[:2]
    clusters = {pair.clusters[i] for pair, _ in compared for i in pair.differing.tolist()}
    flips = Flips(clusters=tuple(sorted(clusters)), seed=1, replicates=100)
    assert len(flips.clusters) == 25
    for (pair, reduce), found in zip(compared, randomized_together(compared, flips), strict=True):
        np.testing.assert_array_equal(found, randomized(pair, reduce, flips))


def test_one_article_is_not_resampled() -> None:
    pair = paired(np.ones((1, 2)), np.zeros((1, 2)), ["a"])
    (found,) = resampled_together([(pair, ratio)], seed=0, replicates=10)
    assert found.shape == (0, 1)
    assert delta_intervals(pair, ratio, found).reasons == ("fewer than 2 clusters",)


def test_counts_too_large_for_32_bits_are_exact_too() -> None:
    rng = np.random.default_rng(9)
    rows = rng.integers(0, 2**40, size=(2, 25, 2)).astype(float)
    pair = paired(rows[0], rows[1], [f"{i:02}" for i in range(25)])
    flips = Flips(clusters=pair.clusters, seed=0, replicates=50)
    (found,) = randomized_together([(pair, lambda sums: sums)], flips)
    patterns = np.concatenate(list(flips.chunks(list(pair.clusters))))
    for pattern, delta in zip(patterns, found, strict=True):
        swapped = [rows[1][i] - rows[0][i] if not swap else rows[0][i] - rows[1][i] for i, swap in enumerate(pattern)]
        assert (np.sum(swapped, axis=0) == delta).all()
