"""Two classes and pairs: AUC by pairs, thresholds by trying them all, preferences by counting."""

import numpy as np
import pytest
from hypothesis import given

from tercet.errors import ConfigError
from tercet.stats.agreement import Auc, BalancedAccuracy, Preference, Resampling, Sample, measure
from tercet.stats.agreement.classes import Array
from tercet.stats.agreement.splitting import halves
from tests.stats.agreement.samples import copies, observations


def labelled(human: Array, metric: Array) -> Sample:
    n = len(human)
    return Sample.of(
        human=(human > 0).astype(float), item=np.arange(n), system=[-1] * n, cluster=np.arange(n),
        metrics={"m": metric},
    )  # fmt: skip


def auc(good: Array, metric: Array) -> float:
    wins = [(a > b) + (a == b) / 2 for a in metric[good == 1] for b in metric[good == 0]]
    return float(np.mean(wins)) if wins else float("nan")


def accuracy(good: Array, metric: Array, threshold: float) -> float:
    return float(((metric[good == 1] >= threshold).mean() + (metric[good == 0] < threshold).mean()) / 2)


def threshold(good: Array, metric: Array) -> float:
    """The lowest of the best cuts."""
    known = np.unique(metric)
    cuts = [known[0] - 1, *((known[1:] + known[:-1]) / 2), known[-1] + 1]
    values = np.array([accuracy(good, metric, cut) for cut in cuts])
    return float(cuts[int(np.argmax(values >= values.max() - 1e-12))])


@given(observations(least=1))
def test_auc_counts_pairs_of_copies(given: tuple[Array, Array, Array]) -> None:
    human, metric, weights = given
    grid = labelled(human, metric).grid("m")
    per_cluster = weights  # one observation a cluster
    found = next(Auc().prepare(grid).replicates([(np.ones((1, 0)), per_cluster[None])]))[0]
    w = per_cluster[grid.cluster]
    wanted = auc(copies(grid.human, w), copies(grid.metric, w))
    assert found == pytest.approx(wanted, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("seed", range(6))
def test_thresholds_are_chosen_on_the_other_half(seed: int) -> None:
    generator = np.random.default_rng(seed)
    human = generator.integers(0, 2, 60).astype(float)
    metric = np.round(human + generator.normal(size=60), 1)
    weights = np.ones(60) if seed % 2 else generator.poisson(1.0, 60).astype(float)
    grid = labelled(human, metric).grid("m")
    w = weights[grid.cluster]
    values = []
    parts = halves(grid.cluster, grid.clusters, 7)
    for split in range(5):
        sides = [
            [copies(one[side], w[side]) for one in (grid.human, grid.metric)] for side in (parts(split), ~parts(split))
        ]
        (good, scores), (judged, others) = sides
        values.append(accuracy(judged, others, threshold(good, scores)))
    found = next(BalancedAccuracy(splits=5, seed=7).prepare(grid).replicates([(np.ones((1, 0)), weights[None])]))[0]
    assert found == pytest.approx(np.mean(values), abs=1e-12)


def test_clusters_are_never_split_and_halves_are_halves() -> None:
    cluster = np.repeat(np.arange(9), 3)
    parts = halves(cluster, 9, 0)
    several = [parts(split) for split in range(200)]
    assert all(len(np.unique(side.reshape(9, 3), axis=1).T) == 1 and side.sum() == 12 for side in several)
    assert np.allclose(np.mean(several, axis=0), 4 / 9, atol=0.15)
    assert np.array_equal(halves(cluster, 9, 0)(150), several[150])
    assert not np.array_equal(halves(cluster, 9, 1)(150), several[150])


def test_a_kind_that_is_too_rare_to_split_has_a_reason() -> None:
    figure = measure(
        labelled(np.array([1.0, 0, 0, 0]), np.arange(4.0)), "m", BalancedAccuracy(), Resampling(systems=0, clusters=4)
    )
    assert np.isnan(figure.value)
    assert figure.reason == "no split has good and bad texts in both halves"
    assert BalancedAccuracy().why_no_swaps


def test_a_score_that_says_nothing_is_at_chance() -> None:
    human = np.arange(40.0) % 2
    sample = labelled(human, np.zeros(40))
    resampling = Resampling(systems=0, clusters=40, replicates=50)
    for statistic in (Auc(), BalancedAccuracy(splits=20)):
        assert measure(sample, "m", statistic, resampling).value == 0.5


def test_judgements_that_are_no_class_are_refused() -> None:
    sample = Sample.of(human=[0.0, 0.5], item=[0, 1], system=[-1, -1], cluster=[0, 1], metrics={"m": [1.0, 2.0]})
    for statistic in (Auc(), BalancedAccuracy(), Preference()):
        with pytest.raises(ConfigError, match=r"A judgement is 0\.5"):
            statistic.prepare(sample.grid("m"))


@pytest.mark.parametrize("options", [{"splits": 0}, {"seed": -1}])
def test_options_out_of_range_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(ConfigError):
        BalancedAccuracy(**options)


def test_preferences_count_ties_against_the_metric_and_leave_out_single_texts() -> None:
    sample = Sample.of(
        human=[1, 0] * 4, item=[0, 0, 1, 1, 2, 2, 3, 3], system=[-1] * 8, cluster=[0, 0, 1, 1, 2, 2, 3, 3],
        metrics={"m": [0.5, 0.4, 0.3, 0.3, 0.1, 0.2, 0.9, np.nan]},
    )  # fmt: skip
    prepared = Preference().prepare(sample.grid("m"))
    details = prepared.details
    assert prepared.value == details.ties == 1 / 3
    assert (details.groups, details.groups_of) == (3, 4)
    weights = np.array([[2.0, 1.0, 1.0, 5.0], [0.0, 0.0, 0.0, 1.0]])
    assert next(prepared.replicates([(np.ones((2, 0)), weights)])).tolist() == pytest.approx([0.5, np.nan], nan_ok=True)


def test_an_item_with_two_good_texts_is_no_pair() -> None:
    sample = Sample.of(human=[1, 1, 0], item=[0, 0, 0], system=[-1] * 3, cluster=[0, 0, 0], metrics={"m": [1, 2, 3]})
    with pytest.raises(ConfigError, match="two texts of one kind"):
        Preference().prepare(sample.grid("m"))
