"""Poisson bootstrap: the distribution by its formula, shards that add up, and pairs without an index."""

import math

import numpy as np
import pytest

from tercet.errors import ConfigError
from tercet.metrics.contract import ratio
from tercet.stats import poisson
from tercet.stats.bootstrap import delta_interval, interval
from tercet.stats.paired import Array, paired
from tercet.stats.poisson import poisson_interval, replicate_sums, weights


def mean(sums: Array) -> Array:
    """The last column counts."""
    return ratio(sums[..., :-1], sums[..., -1:])


def ids(n: int) -> list[str]:
    return [f"article {i:05d}" for i in range(n)]


def counts(n: int, seed: int = 0) -> Array:
    """Whole numbers."""
    generator = np.random.default_rng(seed)
    return np.column_stack([generator.poisson(3.0, (n, 2)), 1 + generator.poisson(5.0, n)]).astype(np.float64)


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
    edge = np.array([0, thresholds[0] - 1, thresholds[0], 2**64 - 1], dtype=np.uint64)
    assert poisson._poisson(edge).tolist() == [0, 0, 1, len(thresholds)]


def test_a_weight_belongs_to_seed_replicate_and_id() -> None:
    whole = weights(ids(20), 3, 0, 50)
    assert (weights(ids(20)[::-1], 3, 10, 5) == whole[10:15, ::-1]).all()
    assert (weights(ids(20)[7:9], 3, 0, 50) == whole[:, 7:9]).all()
    assert not (weights(ids(20), 0, 0, 50) == weights(ids(20), 1, 0, 50)).all()


@pytest.mark.parametrize("shards", [2, 7])
def test_shards_add_up_to_the_whole_exactly_where_statistics_are_counts(shards: int) -> None:
    rows, clusters = counts(101), [f"article {i // 3}" for i in range(101)]
    whole = replicate_sums(rows, clusters, seed=0, replicates=200)
    order = np.random.default_rng(1).permutation(101).tolist()
    parts = [order[i::shards] for i in range(shards)]  # clusters are split between shards
    merged = sum(replicate_sums(rows[part], [clusters[i] for i in part], seed=0, replicates=200) for part in parts)
    assert np.array_equal(merged, whole)
    assert (whole[0] == rows.sum(axis=0)).all()


def test_shards_of_real_numbers_add_up_but_for_rounding() -> None:
    rows = np.random.default_rng(0).normal(size=(60, 2))
    whole = replicate_sums(rows, ids(60), seed=0, replicates=50)
    first, second = (replicate_sums(rows[i::2], ids(60)[i::2], seed=0, replicates=50) for i in (0, 1))
    assert np.allclose(first + second, whole, rtol=0, atol=1e-13)


def test_a_replicate_is_the_sum_of_a_loop() -> None:
    rows = counts(12)
    found = replicate_sums(rows, ids(12), seed=5, replicates=9)
    drawn = weights(ids(12), 5, 0, 9)
    for replicate in range(9):
        expected = sum(drawn[replicate, i] * rows[i] for i in range(12))
        assert found[replicate + 1].tolist() == expected.tolist()


def test_order_chunks_and_unscored_rows_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.random.default_rng(0).normal(size=(40, 3))
    whole = replicate_sums(rows, ids(40), seed=0, replicates=99)
    more = np.concatenate([np.full((1, 3), np.nan), rows[::-1]])
    monkeypatch.setattr(poisson, "_CELLS", 300)
    assert replicate_sums(more, ["x", *ids(40)[::-1]], seed=0, replicates=99).tobytes() == whole.tobytes()


def test_an_empty_shard_adds_nothing() -> None:
    assert not replicate_sums(np.zeros((0, 3)), [], seed=0, replicates=5).any()


def test_the_interval_is_the_bootstraps_within_monte_carlo_error() -> None:
    rows = counts(300)
    found = poisson_interval(replicate_sums(rows, ids(300), seed=0, replicates=5000), mean, clusters=300)
    usual = interval(rows, ids(300), mean, seed=0, replicates=5000)
    width = usual.high - usual.low
    assert found.reasons == (None, None)
    assert (np.abs(found.low - usual.low) < 0.05 * width).all()
    assert (np.abs(found.high - usual.high) < 0.05 * width).all()


def test_two_systems_are_paired_by_construction() -> None:
    a = counts(200)
    b = a + np.random.default_rng(1).poisson(0.2, (200, 1)) * [1, 1, 0]
    sums = [replicate_sums(rows, ids(200), seed=0, replicates=3000) for rows in (a, b)]
    found = poisson_interval(
        np.concatenate(sums, axis=1), lambda both: mean(both[..., 3:]) - mean(both[..., :3]), clusters=200
    )
    usual = delta_interval(paired(a, b, ids(200)), mean, seed=0, replicates=3000)
    width = usual.high - usual.low
    assert (np.abs(found.low - usual.low) < 0.1 * width).all()
    assert (np.abs(found.high - usual.high) < 0.1 * width).all()


def test_few_clusters_have_reasons() -> None:
    merged = replicate_sums(counts(3), ids(3), seed=0, replicates=1000)
    assert poisson_interval(merged, mean, clusters=3).reasons == ("a resample has no value",) * 2
    assert poisson_interval(merged, mean, clusters=1).reasons == ("fewer than 2 clusters",) * 2
    with pytest.raises(ConfigError, match="replicates is 0"):
        replicate_sums(counts(3), ids(3), seed=0, replicates=0)
