"""Poisson bootstrap: the distribution by its formula, pairs without an index, and intervals of few and many."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tercet.errors import ConfigError
from tercet.metrics.contract import ratio
from tercet.stats import poisson
from tercet.stats.additive import Sums
from tercet.stats.bootstrap import Intervals, delta_interval
from tercet.stats.paired import Array, paired
from tercet.stats.poisson import poisson_interval, weights

# Seed 3, the first replicates of the first articles: by searchsorted of all bits, as weights were first drawn.
GOLDEN = [[0, 1, 1, 2, 0, 0, 1, 1], [1, 0, 1, 1, 2, 0, 3, 1], [2, 2, 0, 0, 1, 3, 0, 1]]


def mean(sums: Array) -> Array:
    """The last column counts."""
    return ratio(sums[..., :-1], sums[..., -1:])


def two(sums: Array) -> Array:
    """The last two columns count, each for one score."""
    return ratio(sums[..., :2], sums[..., 2:])


def ids(n: int) -> list[str]:
    return [f"article {i:05d}" for i in range(n)]


def counts(n: int, seed: int = 0) -> Array:
    """Whole numbers."""
    generator = np.random.default_rng(seed)
    return np.column_stack([generator.poisson(3.0, (n, 2)), 1 + generator.poisson(5.0, n)]).astype(np.float64)


def normal(n: int, seed: int = 0) -> Array:
    return np.column_stack([np.random.default_rng(seed).normal(0.4, 0.1, n), np.ones(n)])


def interval(rows: Array, clusters: Sequence[str], *, seed: int = 0, replicates: int = 1000) -> Intervals:
    """Of means, where every row has every score."""
    sums = Sums.of(np.column_stack([rows, np.ones(len(rows))]), clusters, seed=seed, replicates=replicates).values
    scores = rows.shape[1] - 1
    there = np.full(scores, len(set(clusters)), dtype=np.intp)
    return poisson_interval(sums[:, :-1], mean, drawn=sums[:, -1:].repeat(scores, axis=1), clusters=there)


def words_of(*numbers: int) -> NDArray[np.uint64]:
    return np.array([numbers], dtype=np.uint64)


def numbers_of(words: NDArray[np.uint64]) -> list[float]:
    found = np.empty(words.shape, dtype=np.float32)
    poisson._poisson(words, found)
    return found.ravel().tolist()


def test_weights_have_the_distribution_of_poisson_1() -> None:
    found = weights(ids(500), 0, 0, 800).ravel()
    for k in range(7):
        share = math.exp(-1) / math.factorial(k)
        assert (found == k).mean() == pytest.approx(share, abs=5 * math.sqrt(share / len(found)))


def test_thresholds_are_the_distribution_function_to_the_last_bit() -> None:
    thresholds = poisson._thresholds().tolist()
    for k, threshold in enumerate(thresholds):
        assert threshold / 2**64 == pytest.approx(math.exp(-1) * sum(1 / math.factorial(j) for j in range(k + 1)))
    assert 18 <= len(thresholds) <= 22
    assert numbers_of(words_of(0, thresholds[0] - 1, thresholds[0], 2**64 - 1)) == [0, 0, 1, len(thresholds)]


def test_every_threshold_and_every_end_of_the_table_is_met_to_the_bit() -> None:
    thresholds = poisson._thresholds().tolist()
    edges = [*thresholds, *(i << 52 for i in range(1, 4096))]
    words = [edge + step for edge in edges for step in (-1, 0, 1) if edge + step < 2**64]
    assert numbers_of(words_of(*words)) == [sum(word >= one for one in thresholds) for word in words]


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=50))
def test_a_number_counts_the_thresholds_that_a_word_reaches(words: list[int]) -> None:
    thresholds = poisson._thresholds().tolist()
    assert numbers_of(words_of(*words)) == [sum(word >= one for one in thresholds) for word in words]


def test_a_weight_belongs_to_seed_replicate_and_id() -> None:
    whole = weights(ids(20), 3, 0, 50)
    assert whole[:3, :8].tolist() == GOLDEN
    assert (weights(ids(20)[::-1], 3, 10, 5) == whole[10:15, ::-1]).all()
    assert (weights(ids(20)[7:9], 3, 0, 50) == whole[:, 7:9]).all()
    assert not (weights(ids(20), 0, 0, 50) == weights(ids(20), 1, 0, 50)).all()


def test_the_interval_is_the_bootstraps_within_monte_carlo_error() -> None:
    # That of the multinomial bootstrap: the difference to a system whose scores are 0.
    rows = counts(200)
    found = interval(rows, ids(200), replicates=5000)
    usual = delta_interval(paired(rows * [0, 0, 1], rows, ids(200)), mean, seed=0, replicates=5000)
    width = usual.high - usual.low
    assert found.reasons == (None, None)
    assert (np.abs(found.low - usual.low) < 0.06 * width).all()
    assert (np.abs(found.high - usual.high) < 0.06 * width).all()


def test_the_mean_of_many_articles_has_the_interval_of_the_normal_distribution() -> None:
    rows = normal(400)
    found = interval(rows, ids(400), replicates=10_000)
    # Expanded: Student's t for 399 degrees of freedom, and the variance with n - 1.
    middle, half = rows[:, 0].mean(), 1.96593 * rows[:, 0].std(ddof=1) / math.sqrt(400)
    assert (found.low[0], found.high[0]) == pytest.approx((middle - half, middle + half), abs=0.05 * half)


def test_two_systems_are_paired_by_construction() -> None:
    a = counts(200)
    b = a + np.random.default_rng(1).poisson(0.2, (200, 1)) * [1, 1, 0]
    sums = [Sums.of(rows, ids(200), seed=0, replicates=3000).values for rows in (a, b)]
    found = poisson_interval(
        np.concatenate(sums, axis=1),
        lambda both: mean(both[..., 3:]) - mean(both[..., :3]),
        drawn=np.ones((3001, 2)),
        clusters=np.array([200, 200]),
    )
    usual = delta_interval(paired(a, b, ids(200)), mean, seed=0, replicates=3000)
    width = usual.high - usual.low
    assert (np.abs(found.low - usual.low) < 0.1 * width).all()
    assert (np.abs(found.high - usual.high) < 0.1 * width).all()


def test_rows_of_one_article_are_drawn_together() -> None:
    rows = normal(10)
    apart, copied = (
        interval(rows, ids(10)),
        interval(rows.repeat(4, axis=0), [name for name in ids(10) for _ in "1234"]),
    )
    assert copied.low == pytest.approx(apart.low, abs=1e-14)
    assert copied.high == pytest.approx(apart.high, abs=1e-14)
    assert copied.clusters.tolist() == [10]


@pytest.mark.parametrize("n", [2, 3, 5])
def test_few_articles_have_an_interval_within_their_values(n: int) -> None:
    # With 5, one replicate in 150 draws none; with 2, one in 7.
    rows = normal(n)
    found = interval(rows, ids(n))
    assert found.reasons == (None,)
    smallest, largest = rows[:, 0].min(), rows[:, 0].max()
    assert smallest - 1e-15 <= found.low[0] < rows[:, 0].mean() < found.high[0] <= largest + 1e-15
    if n == 2:
        assert (found.low[0], found.high[0]) == pytest.approx((smallest, largest), rel=1e-15)


def test_identical_articles_have_no_width() -> None:
    found = interval(np.tile([3.0, 2.0], (9, 1)), ids(9))
    assert found.pairs() == [(1.5, 1.5)]


@pytest.mark.parametrize("n", [0, 1, 3])
def test_one_article_or_none_has_no_interval(n: int) -> None:
    found = interval(counts(n), ["only"] * n)
    assert found.pairs() == [None, None]
    assert np.isnan(found.low).all()
    assert found.reasons == ("fewer than 2 clusters",) * 2
    assert found.clusters.tolist() == [min(n, 1)] * 2


def test_a_score_that_a_resample_cannot_have_has_no_interval() -> None:
    rows = np.array([[0.3, 1.0], [0.0, 0.0]])  # the second article alone is 0 of 0
    found = interval(rows, ids(2))
    assert found.pairs() == [None]
    assert found.reasons == ("a resample has no value",)


def test_no_replicate_that_draws_a_row_has_a_reason() -> None:
    found = poisson_interval(np.ones((2, 2)), mean, drawn=np.array([[2.0], [0.0]]), clusters=np.array([2]))
    assert found.reasons == ("a resample has no value",)


def test_a_score_is_drawn_from_the_articles_that_have_it() -> None:
    rows = normal(8)
    few = np.column_stack([rows[:, :1], rows[:, :1], np.ones(8), np.ones(8)])
    few[3:, 1] = few[3:, 3] = 0.0  # the second score: three articles have it
    sums = Sums.of(few, ids(8), seed=0, replicates=1000).values
    found = poisson_interval(sums, two, drawn=sums[:, 2:], clusters=np.array([8, 3]))
    assert found.clusters.tolist() == [8, 3]
    assert found.pairs() == [*interval(rows, ids(8)).pairs(), *interval(rows[:3], ids(3)).pairs()]


@pytest.mark.parametrize("articles", [10, 24])
def test_few_articles_are_covered_as_promised(articles: int) -> None:
    # 94 to 95 % by benchmarks/coverage.py; 400 simulations have a standard error of 1.1 %.
    held = 0
    for seed in range(400):
        found = interval(normal(articles, 1000 + seed), ids(articles), seed=seed, replicates=500)
        held += bool(found.low[0] <= 0.4 <= found.high[0])
    assert 0.90 <= held / 400 <= 0.98


def test_what_is_out_of_range_is_named() -> None:
    with pytest.raises(ConfigError, match=r"level is 95\.0"):
        poisson_interval(np.ones((2, 2)), mean, drawn=np.ones((2, 1)), clusters=np.array([2]), level=95.0)
