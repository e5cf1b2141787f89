"""System level: scipy and a double loop over the copies of systems; means of the copies of texts."""

import numpy as np
import pytest
from hypothesis import given

from tercet.errors import ConfigError
from tercet.stats.agreement import Recorded, Resampling, SystemMeans, measure_systems
from tercet.stats.agreement.systems import Array, system_agreement
from tests.stats.agreement.samples import copies, graded, observations, oracle, pairs


@pytest.mark.parametrize("name", ["kendall", "pearson"])
@given(observations())
def test_weights_are_copies_of_systems(name: str, given: tuple[Array, Array, Array]) -> None:
    human, metric, weights = given
    found = system_agreement(name, human[None], metric[None], weights[None])[0]  # type: ignore[arg-type]
    wanted = oracle(name, copies(human, weights), copies(metric, weights))
    assert found == pytest.approx(wanted, abs=1e-12, nan_ok=True)


@given(observations())
def test_pairwise_accuracy_is_the_double_loop(given: tuple[Array, Array, Array]) -> None:
    human, metric, weights = given
    told = [(w, np.sign(human[i] - human[j]) == np.sign(metric[i] - metric[j]))
            for i, j, w in pairs(weights) if human[i] != human[j]]  # fmt: skip
    total = sum(w for w, _ in told)
    wanted = sum(w for w, hit in told if hit) / total if total else np.nan
    found = system_agreement("pairwise", human[None], metric[None], weights[None])[0]
    assert found == pytest.approx(wanted, abs=1e-12, nan_ok=True)


def test_ties_of_the_metric_are_wrong_and_ties_of_people_do_not_count() -> None:
    human, metric = np.array([[1.0, 1.0, 2.0]]), np.array([[1.0, 2.0, 2.0]])
    assert system_agreement("pairwise", human, metric, np.ones((1, 3))).tolist() == [0.5]


def test_means_are_those_of_the_copies() -> None:
    sample = graded(0)
    means = SystemMeans.human(sample)
    weights = np.random.default_rng(0).poisson(1.0, (5, sample.clusters)).astype(float)
    found = means(weights)
    for row, w in zip(found, weights, strict=True):
        for system in range(sample.systems):
            some = (sample.system == system) & ~np.isnan(sample.human)
            assert row[system] == pytest.approx(copies(sample.human[some], w[sample.cluster[some]]).mean(), abs=1e-12)


def test_values_come_in_the_order_of_the_observations() -> None:
    sample = graded(1)
    given = np.empty(len(sample.order))
    given[sample.order] = sample.metrics["good"]
    single = np.ones((1, sample.clusters))
    assert np.array_equal(SystemMeans.of(sample, given)(single), SystemMeans.metric(sample, "good")(single))


def test_recorded_scores_and_any_callable_are_measured_with_what_is_known() -> None:
    human = [70.0, 71.0, 80.0, np.nan, 77.0]
    resampling = Resampling(systems=5, clusters=40, replicates=200)

    def corpus(weights: Array) -> Array:
        return np.outer(weights[:, :20].sum(axis=1) + 30, [1.0, 1.1, 1.3, 1.2, 1.4])

    figure = measure_systems(Recorded(human), corpus, "pearson", resampling)
    assert figure.value == pytest.approx(oracle("pearson", [70, 71, 80, 77], [1.0, 1.1, 1.3, 1.4]))
    assert (figure.used, figure.of, figure.replicates) == (4, 5, 200)
    assert figure.low < figure.value < figure.high


def test_systems_alone_are_drawn_where_there_are_no_texts() -> None:
    scores = Recorded([1.0, 2.0, 3.0, 5.0, 4.0]), Recorded([1.0, 3.0, 2.0, 4.0, 5.0])
    figure = measure_systems(*scores, "kendall", Resampling(systems=5, clusters=0, replicates=100))
    assert figure.interval_reason is None
    nothing = measure_systems(*scores, "kendall", Resampling(systems=5, clusters=0, fixed_systems=True))
    assert (nothing.interval_reason, nothing.replicates) == ("nothing is drawn", 0)


def test_one_system_says_nothing() -> None:
    figure = measure_systems(
        Recorded([1.0, np.nan]), Recorded([1.0, 2.0]), "pairwise", Resampling(systems=2, clusters=9)
    )
    assert np.isnan(figure.value)
    assert figure.reason is not None
    assert "fewer than 2 systems" in figure.reason
    with pytest.raises(ConfigError, match="Known: pearson, kendall, pairwise"):
        measure_systems(Recorded([1.0]), Recorded([1.0]), "spearman", Resampling(systems=1, clusters=9))  # type: ignore[arg-type]
