"""Differences: paired resamples, permutations by the plainest code, and a null that is rejected as often as it says."""

import numpy as np
import pytest

from tercet.errors import ConfigError
from tercet.stats.agreement import (
    Auc,
    BalancedAccuracy,
    Partial,
    Preference,
    Recorded,
    Resampling,
    Sample,
    Segments,
    SystemMeans,
    compare,
    compare_systems,
    measure,
)
from tercet.stats.agreement.statistic import Statistic
from tercet.stats.agreement.swapping import standardized, swapped
from tercet.stats.flips import Flips
from tests.stats.agreement.samples import graded, oracle

KENDALL = Segments("kendall", "item")


def of(sample: Sample, replicates: int = 100) -> Resampling:
    return Resampling(systems=sample.systems, clusters=sample.clusters, replicates=replicates)


def test_a_metric_does_not_differ_from_itself() -> None:
    sample = graded(0, missing=0.0)
    found = compare(sample, "good", "good", KENDALL, of(sample), swaps=50)
    assert (found.value, found.low, found.high, found.p) == (0.0, 0.0, 0.0, 1.0)


def test_a_better_metric_is_found_better_and_the_other_way_round() -> None:
    sample = graded(1, items=40, skill=2.0)
    found = compare(sample, "good", "noise", KENDALL, of(sample), swaps=200)
    back = compare(sample, "noise", "good", KENDALL, of(sample), swaps=200)
    assert found.p == back.p == 1 / 201
    assert found.low > 0
    assert (found.value, found.low) == pytest.approx((-back.value, -back.high))
    assert found.way is not None
    assert "PERM-BOTH" in found.way


def test_only_what_both_scored_is_compared() -> None:
    sample = graded(2, missing=0.2)
    found = compare(sample, "good", "noise", KENDALL, of(sample), swaps=0)
    both = ~np.isnan(sample.human) & ~np.isnan(sample.metrics["good"]) & ~np.isnan(sample.metrics["noise"])
    assert (found.used, found.of) == (both.sum(), 60)
    assert found.first.used == found.second.used == found.used
    assert (found.p, found.p_reason) == (None, "no permutations were asked for")


def test_figures_that_are_known_are_used_again_only_where_they_fit() -> None:
    whole, holey = graded(3, missing=0.0), graded(3, missing=0.2)
    for sample in (whole, holey):
        known = (measure(sample, "good", KENDALL, of(sample)), measure(sample, "noise", KENDALL, of(sample)))
        found = compare(sample, "good", "noise", KENDALL, of(sample), swaps=0, known=known)
        again = compare(sample, "good", "noise", KENDALL, of(sample), swaps=0)
        assert (found.first is known[0]) == (sample is whole)
        assert (found.value, found.low, found.high) == (again.value, again.low, again.high)


def test_permutations_swap_what_a_system_has_in_a_cluster() -> None:
    sample = graded(4, items=6, systems=3, missing=0.1)
    one, other = sample.grid("good", "noise"), sample.grid("noise", "good")
    deltas, exact = swapped(one, other, Segments("pearson"), seed=0, swaps=20)
    cells = sorted(set(zip(one.system.tolist(), one.cluster.tolist(), strict=True)))
    names = tuple(f"{system}\0{cluster}" for system, cluster in cells)
    coins = np.concatenate(list(Flips(clusters=names, seed=0, replicates=20).chunks(names)))
    place = [cells.index(cell) for cell in zip(one.system.tolist(), one.cluster.tolist(), strict=True)]
    first, second = standardized(one.metric), standardized(other.metric)
    for delta, coin in zip(deltas, coins[:, place].astype(bool), strict=True):
        moved = np.where(coin, second, first), np.where(coin, first, second)
        wanted = oracle("pearson", moved[0], one.human) - oracle("pearson", moved[1], one.human)
        assert delta == pytest.approx(wanted, abs=1e-12)
    assert not exact
    assert (standardized(one.metric).mean(), standardized(one.metric).std()) == pytest.approx((0, 1))


@pytest.mark.parametrize("statistic", [Auc(), Partial(), Preference()], ids=lambda one: one.name)
def test_every_statistic_finds_the_better_metric(statistic: Statistic) -> None:
    generator = np.random.default_rng(0)
    human = np.tile([1.0, 0.0], 60)
    metrics = {"good": human + 0.5 * generator.normal(size=120), "noise": generator.normal(size=120)}
    sample = Sample.of(
        human=human, item=np.arange(120) // 2, system=[-1] * 120, cluster=np.arange(120) // 4, metrics=metrics
    )
    found = compare(sample, "good", "noise", statistic, of(sample), swaps=99)
    assert found.p == 0.01
    assert found.low > 0


def test_few_cells_are_permuted_in_every_way() -> None:
    sample = graded(5, items=3, systems=3, per_cluster=1, missing=0.0)
    found = compare(sample, "good", "noise", Segments("pearson"), of(sample), swaps=1000)
    assert (found.permutations, found.exact) == (512, True)


def test_permutations_reject_a_true_null_as_often_as_they_say() -> None:
    """Two metrics that are equally good: of 60 tests at 10 %, 6 are wrong on average, with a deviation of 2.3."""
    wrong = 0
    for seed in range(60):
        generator = np.random.default_rng(seed)
        human = generator.normal(size=40)
        metrics = {name: human + generator.normal(size=40) for name in ("a", "b")}
        sample = Sample.of(
            human=human, item=np.arange(40) // 4, system=np.arange(40) % 4, cluster=np.arange(40) // 4, metrics=metrics
        )
        found = compare(sample, "a", "b", Segments("pearson"), of(sample, 1), swaps=99)
        assert found.p is not None
        wrong += found.p <= 0.1
    assert 1 <= wrong <= 14


def test_no_test_has_a_reason() -> None:
    sample = graded(6)
    for statistic, reason in (
        (Segments("acc_eq"), "epsilon over all pairs is too much to choose in every permutation"),
        (Segments("pearson"), "all scores are the same"),
    ):
        flat = Sample.of(
            human=sample.human, item=sample.item, system=sample.system, cluster=sample.cluster,
            metrics={"good": sample.metrics["good"], "flat": np.zeros(len(sample.human))},
        )  # fmt: skip
        found = compare(flat, "good", "flat", statistic, of(flat), swaps=20)
        assert (found.p, found.p_reason, found.permutations) == (None, reason, 0)
    assert BalancedAccuracy().why_no_swaps == "thresholds are too many to choose in every permutation"
    with pytest.raises(ConfigError, match="swaps is -1"):
        compare(sample, "good", "noise", KENDALL, of(sample), swaps=-1)


def test_means_of_systems_are_permuted_and_corpus_scores_are_not() -> None:
    sample = graded(7, items=30, systems=6, missing=0.1, skill=3.0)
    human, good, noise = (
        SystemMeans.human(sample), SystemMeans.metric(sample, "good"), SystemMeans.metric(sample, "noise"),
    )  # fmt: skip
    found = compare_systems(human, good, noise, "pearson", of(sample), swaps=200)
    assert found.value == pytest.approx(found.first.value - found.second.value)
    assert found.p is not None
    assert 0 < found.p <= 1
    recorded = Recorded(np.arange(6.0))
    other = compare_systems(human, recorded, noise, "pearson", of(sample), swaps=200)
    assert (other.p, other.p_reason) == (None, "scores of whole systems cannot change places between metrics")
    assert not np.isnan(other.low)


def test_swapping_everything_turns_the_difference_of_systems_round() -> None:
    sample = graded(8, items=2, systems=3, per_cluster=1, missing=0.0)
    found = compare_systems(
        SystemMeans.human(sample), SystemMeans.metric(sample, "good"), SystemMeans.metric(sample, "noise"), "pearson",
        of(sample, 1), swaps=64,
    )  # fmt: skip
    assert (found.permutations, found.exact) == (64, True)
    assert found.p is not None
    assert found.p >= 2 / 64  # the identity, and everything swapped
