"""Bootstrap intervals and tests: a plain loop, scipy, closed forms and properties."""

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tercet.errors import ConfigError
from tercet.metrics.contract import ratio
from tercet.stats import bootstrap
from tercet.stats.bootstrap import (
    Intervals,
    delta_interval,
    draws,
    paired_bootstrap,
    resampled_deltas,
    resampled_scores,
)
from tercet.stats.exact import split
from tercet.stats.jackknife import without_each
from tercet.stats.levels import Levels, Method
from tercet.stats.paired import Paired, Reduce, delta, paired

Array = NDArray[np.float64]


def mean(sums: Array) -> Array:
    """The last column counts."""
    return ratio(sums[..., :-1], sums[..., -1:])


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def drawn(n: int, columns: int = 1, seed: int = 0) -> Array:
    """Rows of random values, with a column of ones."""
    return np.column_stack([generator(seed).normal(0.4, 0.1, (n, columns)), np.ones(n)])


def same(a: Intervals, b: Intervals) -> bool:
    """To the last bit."""
    ends = a.low.tobytes() == b.low.tobytes() and a.high.tobytes() == b.high.tobytes()
    return ends and a.reasons == b.reasons and a.clusters.tolist() == b.clusters.tolist()


def interval(rows: Array, clusters: Iterable[object], reduce: Reduce, **options: Any) -> Intervals:
    """Of one system: its difference to one whose scores are 0."""
    zero = rows * ([0.0] * (rows.shape[1] - 1) + [1.0])
    return delta_interval(paired(zero, rows, [f"{name:>4}" for name in map(str, clusters)]), reduce, **options)


def by_loop(rows: Array, clusters: list[str], seed: int, replicates: int) -> tuple[float, float]:
    """The same draws, cluster by cluster and row by row, in plain Python."""
    names = sorted(set(clusters))
    indices = generator(seed).integers(0, len(names), size=(replicates, len(names))).tolist()
    values = []
    for replicate in indices:
        taken = [row for i in replicate for row, c in zip(rows.tolist(), clusters, strict=True) if c == names[i]]
        values.append(math.fsum(row[0] for row in taken) / math.fsum(row[1] for row in taken))
    values.sort()
    return _quantile(values, 0.025), _quantile(values, 0.975)


def _quantile(values: list[float], share: float) -> float:
    place = share * (len(values) - 1)
    below = math.floor(place)
    return values[below] + (place - below) * (values[min(below + 1, len(values) - 1)] - values[below])


def test_it_is_what_a_plain_loop_gives() -> None:
    rows = drawn(20)
    clusters = [f"article {i % 7}" for i in range(20)]
    found = interval(rows, clusters, mean, seed=3, replicates=200, expanded=False)
    assert (found.low[0], found.high[0]) == pytest.approx(by_loop(rows, clusters, 3, 200), abs=1e-13)
    assert found.clusters.tolist() == [7]


def test_it_is_scipys_percentile_interval_within_its_monte_carlo_error() -> None:
    stats = pytest.importorskip("scipy.stats")
    rows = drawn(40)
    found = interval(rows, range(40), mean, seed=1, replicates=20_000, expanded=False)
    theirs = stats.bootstrap(
        (rows[:, 0],), np.mean, method="percentile", n_resamples=20_000, batch=1000, rng=generator(2)
    ).confidence_interval
    error = 0.1 / math.sqrt(40) * 0.03  # six times what an end moves by with 20,000 replicates each
    assert (found.low[0], found.high[0]) == pytest.approx((theirs.low, theirs.high), abs=error)


def test_the_mean_of_many_articles_has_the_interval_of_the_normal_distribution() -> None:
    rows = drawn(400)
    found = interval(rows, range(400), mean, seed=0, replicates=20_000)
    # Expanded: Student's t for 399 degrees of freedom, and the variance with n - 1.
    middle, half = rows[:, 0].mean(), 1.96593 * rows[:, 0].std(ddof=1) / math.sqrt(400)
    assert (found.low[0], found.high[0]) == pytest.approx((middle - half, middle + half), abs=0.03 * half)


def test_two_articles_span_their_two_values() -> None:
    # A quarter of the resamples are the one twice, a quarter the other.
    found = interval(np.array([[0.2, 1.0], [0.6, 1.0]]), "ab", mean, seed=0)
    assert found.pairs() == [(0.2, 0.6)]


def test_the_size_of_the_chunks_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = systems(50)
    whole = delta_interval(pair, mean, seed=4, replicates=300)
    monkeypatch.setattr(bootstrap, "_CELLS", 7 * 50)
    monkeypatch.setattr(bootstrap, "_KEPT", 0)  # the draws of the first time are not taken again
    assert same(whole, delta_interval(pair, mean, seed=4, replicates=300))


def test_weights_of_every_resample_add_up_to_the_articles() -> None:
    weights = np.concatenate(list(draws(11, 500, seed=0)))
    assert weights.shape == (500, 11)
    assert (weights.sum(axis=1) == 11).all()
    assert weights.var() == pytest.approx(1 - 1 / 11, rel=0.1)


@pytest.mark.parametrize("method", ["percentile", "bca"])
def test_expanded_levels_are_hesterbergs(method: Method) -> None:
    stats = pytest.importorskip("scipy.stats")
    levels = Levels(level=0.9, method=method, expanded=True)
    assert levels.reach(7) == pytest.approx(math.sqrt(7 / 6) * stats.t.ppf(0.95, 6), rel=1e-9)
    assert replace(levels, expanded=False).reach(7) == pytest.approx(stats.norm.ppf(0.95), rel=1e-12)
    # Of a normal distribution's own quantiles, the ends are the t interval's.
    normal = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)[:, None]
    low, high = levels.cut(np.zeros(1), normal, 7, np.zeros((7, 1)) if method == "bca" else None)
    reach = math.sqrt(7 / 6) * stats.t.ppf(0.95, 6)
    assert (low[0], high[0]) == pytest.approx((-reach, reach), rel=1e-3)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_bca_is_scipys_on_the_same_resamples(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    stats = pytest.importorskip("scipy.stats")
    values = generator(seed).exponential(size=15)
    rows = np.column_stack([values, np.ones(15)])
    theirs = stats.bootstrap((values,), np.mean, method="BCa", n_resamples=2000, rng=generator(9), batch=2000)
    resamples = theirs.bootstrap_distribution[:, None]
    low, high = Levels(level=0.95, method="bca", expanded=False).cut(
        np.array([values.mean()]), resamples, 15, without_each(split(rows, 15), mean)
    )
    found = theirs.confidence_interval
    assert (low[0], high[0]) == pytest.approx((found.low, found.high), rel=1e-9)
    own = interval(rows, range(15), mean, seed=0, replicates=20_000, method="bca", expanded=False)
    assert (own.low[0], own.high[0]) == pytest.approx((found.low, found.high), abs=0.08)


def test_bca_leans_the_way_in_which_values_are_skewed() -> None:
    rows = np.column_stack([generator().exponential(size=20), np.ones(20)])
    usual, leaning = (interval(rows, range(20), mean, seed=0, method=method) for method in ("percentile", "bca"))
    assert leaning.low[0] > usual.low[0]
    assert leaning.high[0] > usual.high[0]


def systems(n: int, seed: int = 0, shift: float = 0.0) -> Paired:
    a, b = drawn(n, 2, seed), drawn(n, 2, seed + 10_000)
    b[:, :-1] += shift
    return paired(a, b, [f"article {i:04d}" for i in range(n)])


def test_delta_resamples_are_those_of_a_plain_loop() -> None:
    pair = systems(6)
    indices = generator(4).integers(0, 6, size=(50, 6)).tolist()
    expected = [
        [math.fsum(pair.b[i, j] for i in r) / 6 - math.fsum(pair.a[i, j] for i in r) / 6 for j in range(2)]
        for r in indices
    ]
    found = resampled_deltas(pair, mean, seed=4, replicates=50)
    assert found == pytest.approx(np.array(expected), abs=1e-15)


def test_many_systems_have_the_resamples_that_each_has_alone() -> None:
    tables = [split(drawn(9, 2, seed), 9) for seed in range(3)]
    together = resampled_scores(tables, mean, seed=0, replicates=40)
    for table, found in zip(tables, together, strict=True):
        assert found.tobytes() == resampled_scores([table], mean, seed=0, replicates=40)[0].tobytes()


def test_an_interval_of_a_delta_of_means_is_that_of_the_mean_difference() -> None:
    pair = systems(12, shift=0.05)
    found = delta_interval(pair, mean, seed=2, replicates=500)
    differences = np.column_stack([pair.b[:, :2] - pair.a[:, :2], np.ones(12)])
    expected = interval(differences, range(12), mean, seed=2, replicates=500)
    assert found.low == pytest.approx(expected.low, abs=1e-14)
    assert found.high == pytest.approx(expected.high, abs=1e-14)


@pytest.mark.parametrize("method", ["percentile", "bca"])
@pytest.mark.parametrize("n", [2, 30])
def test_equal_systems_have_an_interval_of_0_and_p_1(method: Method, n: int) -> None:
    pair = paired(drawn(n), drawn(n), [str(i) for i in range(n)])
    assert delta_interval(pair, mean, seed=0, method=method).pairs() == [(0.0, 0.0)]
    assert paired_bootstrap(pair, mean, seed=0).tolist() == [1.0]


@pytest.mark.parametrize("n", [0, 1])
def test_one_article_has_no_interval_of_a_delta_and_no_p(n: int) -> None:
    pair = paired(drawn(1)[:n], drawn(1, seed=1)[:n], ["only"] * n)
    found = delta_interval(pair, mean, seed=0)
    assert (found.reasons, found.pairs(), found.clusters.tolist()) == (("fewer than 2 clusters",), [None], [n])
    assert np.isnan(paired_bootstrap(pair, mean, seed=0)).all()


@pytest.mark.parametrize("method", ["percentile", "bca"])
def test_a_delta_that_a_resample_cannot_have_has_a_reason(method: Method) -> None:
    rows = np.array([[0.3, 1.0], [0.0, 0.0]])
    found = delta_interval(paired(rows, rows * 2, "ab"), mean, seed=0, method=method)
    assert (found.reasons, found.pairs()) == (("a resample has no value",), [None])


def test_the_order_of_rows_is_no_part_of_a_paired_result() -> None:
    a, b, names = drawn(20), drawn(20, seed=1), [f"{i % 7}" for i in range(20)]
    order = generator(3).permutation(20)
    first = paired(a, b, names)
    again = paired(a[order], b[order], [names[i] for i in order.tolist()])
    assert same(delta_interval(first, mean, seed=0), delta_interval(again, mean, seed=0))
    assert paired_bootstrap(first, mean, seed=0).tobytes() == paired_bootstrap(again, mean, seed=0).tobytes()
    assert not same(delta_interval(first, mean, seed=0), delta_interval(first, mean, seed=1))


def test_swapping_the_systems_mirrors_interval_and_keeps_p() -> None:
    pair = systems(25, shift=0.03)
    back = Paired(clusters=pair.clusters, a=pair.b, b=pair.a)
    there, again = (delta_interval(one, mean, seed=0, method="bca") for one in (pair, back))
    assert there.low == pytest.approx(-again.high, rel=1e-6)
    assert paired_bootstrap(pair, mean, seed=0).tolist() == paired_bootstrap(back, mean, seed=0).tolist()


def test_the_bootstraps_p_is_the_share_of_shifted_resamples() -> None:
    pair = systems(30, shift=0.04)
    found = paired_bootstrap(pair, mean, seed=0, replicates=999)
    observed = delta(pair, mean)
    away = np.abs(resampled_deltas(pair, mean, seed=0, replicates=999) - observed) >= np.abs(observed)
    assert found.tolist() == ((away.sum(axis=0) + 1) / 1000).tolist()


def test_the_bootstraps_p_is_near_that_of_the_normal_distribution() -> None:
    pair = systems(400)
    difference = pair.b[:, 0] - pair.a[:, 0]
    z = abs(difference.mean()) / (difference.std() / 20)
    expected = math.erfc(z / math.sqrt(2))
    assert 0.01 < expected < 0.99
    assert paired_bootstrap(pair, mean, seed=0, replicates=10_000)[0] == pytest.approx(expected, abs=0.025)


@pytest.mark.parametrize("wrong", [{"replicates": 0}, {"level": 1.0}, {"method": "normal"}])
def test_what_is_out_of_range_is_named_for_deltas_too(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=f"{next(iter(wrong))} is"):
        delta_interval(systems(3), mean, seed=0, **wrong)
