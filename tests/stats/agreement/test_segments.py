"""Segment level: scipy by item, by system and over all; acc_eq by a double loop over pairs and thresholds."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tercet.errors import ConfigError
from tercet.stats.agreement import Grid, Sample, Segments
from tercet.stats.agreement.partial import Partial
from tercet.stats.agreement.statistic import Array, observed, prepared_value
from tercet.stats.agreement.ties import Accuracy, calibrated
from tests.stats.agreement.samples import copies, graded, mean, observations, oracle, pairs

NAMES = ("kendall", "pearson", "spearman")
EVERY = [(name, grouping) for name in NAMES for grouping in ("pooled", "item", "system")] + [
    ("acc_eq", "pooled"),
    ("acc_eq", "item"),
]


def drawn(grid: Grid, seed: int) -> tuple[Array, Array]:
    generator = np.random.default_rng(seed)
    return generator.poisson(1.0, grid.systems).astype(float), generator.poisson(1.0, grid.clusters).astype(float)


def weighted(grid: Grid, name: str, grouping: str, systems: Array, clusters: Array) -> float:
    return float(next(Segments(name, grouping).prepare(grid).replicates([(systems[None], clusters[None])]))[0])  # type: ignore[arg-type]


def right(human: Array, metric: Array, i: int, j: int, epsilon: float) -> bool:
    gap = metric[i] - metric[j]
    tied = abs(gap) <= epsilon
    return tied if human[i] == human[j] else not tied and (gap > 0) == (human[i] > human[j])


def accuracy(human: Array, metric: Array, weights: Array, epsilon: float) -> float:
    told = [(w, right(human, metric, i, j, epsilon)) for i, j, w in pairs(weights)]
    total = sum(w for w, _ in told)
    return sum(w for w, hit in told if hit) / total if total else float("nan")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(3))
def test_values_and_weights_by_item_and_by_system_are_scipys_of_the_copies(name: str, seed: int) -> None:
    grid = graded(seed).grid("good")
    systems, clusters = drawn(grid, seed)
    for s, c in ((np.ones_like(systems), np.ones_like(clusters)), (systems, clusters)):
        by_item = [
            [oracle(name, *(copies(one[some], s[grid.system[some]]) for one in (grid.human, grid.metric)))]
            * int(c[grid.cluster[some][0]])
            for some in (grid.item == item for item in np.unique(grid.item))
        ]
        by_system = [
            [oracle(name, *(copies(one[some], c[grid.cluster[some]]) for one in (grid.human, grid.metric)))]
            * int(s[system])
            for system in range(grid.systems)
            for some in [grid.system == system]
        ]
        assert weighted(grid, name, "item", s, c) == pytest.approx(mean(list(chain(*by_item))), abs=1e-12, nan_ok=True)
        assert weighted(grid, name, "system", s, c) == pytest.approx(
            mean(list(chain(*by_system))), abs=1e-12, nan_ok=True
        )


@pytest.mark.parametrize(("name", "grouping"), EVERY)
def test_the_value_is_that_of_weights_of_one_and_of_any_scores(name: str, grouping: str) -> None:
    grid = graded(4).grid("good")
    statistic = Segments(name, grouping)  # type: ignore[arg-type]
    ones = np.ones(grid.systems), np.ones(grid.clusters)
    assert statistic.prepare(grid).value == pytest.approx(weighted(grid, name, grouping, *ones), abs=1e-12)
    other = np.round(np.random.default_rng(0).normal(size=len(grid)), 1)
    fast, slow = statistic.valued(grid), prepared_value(statistic, grid)
    for scores in (other, grid.metric, np.zeros(len(grid))):
        assert fast(scores) == pytest.approx(slow(scores), abs=1e-12, nan_ok=True)


def test_items_that_are_all_the_same_are_left_out_and_counted() -> None:
    sample = Sample.of(
        human=[1, 2, 3, 1, 1, 1], item=[0, 0, 0, 1, 1, 1], system=[0, 1, 2] * 2, cluster=[0, 0, 0, 1, 1, 1],
        metrics={"m": [0.1, 0.2, 0.3, 0.4, 0.2, 0.1]},
    )  # fmt: skip
    prepared = Segments("kendall", "item").prepare(sample.grid("m"))
    assert (prepared.value, prepared.details.groups, prepared.details.groups_of) == (1.0, 1, 2)


def test_texts_without_a_system_are_compared_within_their_item() -> None:
    sample = Sample.of(
        human=[1, 2, 3, 3, 2, 1], item=[0, 0, 0, 1, 1, 1], system=[-1] * 6, cluster=[0, 0, 0, 1, 1, 1],
        metrics={"m": [1, 2, 3, 1, 3, 2]},
    )  # fmt: skip
    assert Segments("kendall", "item").prepare(sample.grid("m")).value == pytest.approx((1 - 1 / 3) / 2)


@given(observations(), st.sampled_from([0.0, 0.125, 0.5, 2.0]))
def test_accuracy_is_the_double_loop_without_pairs_of_own_copies(
    given: tuple[Array, Array, Array], epsilon: float
) -> None:
    human, metric, weights = given
    found = Accuracy(human, metric, epsilon).at(weights[None])[0]
    assert found == pytest.approx(accuracy(human, metric, weights, epsilon), abs=1e-12, nan_ok=True)


@given(observations(most=12))
def test_epsilon_is_the_smallest_of_the_best(given: tuple[Array, Array, Array]) -> None:
    human, metric, _ = given
    ones = np.ones_like(human)
    gaps = sorted({0.0} | {abs(a - b) for a, b in combinations(metric.tolist(), 2)})
    tried = [accuracy(human, metric, ones, epsilon) for epsilon in gaps]
    best, everything = calibrated(human, metric)
    assert everything
    assert best.accuracy == pytest.approx(max(tried), abs=1e-12)
    assert best.epsilon == gaps[int(np.argmax(np.array(tried) >= max(tried) - 1e-12))]


def test_epsilon_on_sampled_pairs_is_near_that_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(3)
    human = generator.integers(0, 5, 400).astype(float)
    metric = human + generator.normal(size=400)
    whole, _ = calibrated(human, metric)
    monkeypatch.setattr("tercet.stats.agreement.ties.ALL_PAIRS", 1000)
    monkeypatch.setattr("tercet.stats.agreement.ties._SAMPLED", 50_000)
    sampled, everything = calibrated(human, metric)
    assert not everything
    assert whole.accuracy - 0.005 < sampled.accuracy <= whole.accuracy


@pytest.mark.parametrize("seed", range(4))
def test_one_epsilon_serves_all_items(seed: int) -> None:
    grid = graded(seed, items=6, systems=4).grid("good")
    systems, clusters = drawn(grid, seed + 10)
    prepared = Segments("acc_eq", "item").prepare(grid)
    for s, c in ((np.ones_like(systems), np.ones_like(clusters)), (systems, clusters)):
        groups = [np.flatnonzero(grid.item == item) for item in np.unique(grid.item)]
        gaps = {abs(grid.metric[i] - grid.metric[j]) for some in groups for i, j in combinations(some.tolist(), 2)}
        tried = {}
        for epsilon in sorted({0.0} | gaps):
            values = [
                [accuracy(grid.human[some], grid.metric[some], s[grid.system[some]], epsilon)]
                * int(c[grid.cluster[some][0]])
                for some in groups
            ]
            tried[epsilon] = mean(list(chain(*values)))
        best = max(tried.values())
        assert weighted(grid, "acc_eq", "item", s, c) == pytest.approx(best, abs=1e-12, nan_ok=True)
        if s.all() and (s == 1).all():
            assert prepared.details.epsilon == next(e for e, value in tried.items() if value > best - 1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_partial_is_what_is_left_without_the_means_of_systems(seed: int) -> None:
    grid = graded(seed).grid("good")
    systems, clusters = drawn(grid, seed)
    for s, c in ((np.ones_like(systems), np.ones_like(clusters)), (systems, clusters)):
        weights = observed(grid, s[None], c[None])[0]
        left: list[list[float]] = [[], []]
        for system in range(grid.systems):
            some = grid.system == system
            for side, values in zip(left, (grid.human, grid.metric), strict=True):
                one = copies(values[some], weights[some])
                side.extend((one - one.mean()).tolist() if len(one) else [])
        found = next(Partial().prepare(grid).replicates([(s[None], c[None])]))[0]
        assert found == pytest.approx(oracle("pearson", *left), abs=1e-12)


def test_partial_is_nothing_where_only_the_system_is_known() -> None:
    system = np.arange(30) % 3
    sample = Sample.of(
        human=system + 0.1 * np.arange(30), item=np.arange(30), system=system, cluster=np.arange(30),
        metrics={"m": (system * 0.1).tolist()},
    )  # fmt: skip
    assert np.isnan(Partial().prepare(sample.grid("m")).value)
    assert Segments("pearson").prepare(sample.grid("m")).value > 0.2


@pytest.mark.parametrize(("name", "grouping"), [("taub", "item"), ("kendall", "talk"), ("acc_eq", "system")])
def test_what_there_is_not_is_refused(name: str, grouping: str) -> None:
    with pytest.raises(ConfigError):
        Segments(name, grouping)  # type: ignore[arg-type]
