"""Resampling: the same weights for every metric, the same bytes for any order, intervals that hold the truth."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tercet.errors import ConfigError
from tercet.stats.agreement import Figure, Resampling, Sample, Segments, SystemMeans, measure, measure_systems
from tests.stats.agreement.samples import graded, oracle


def of(sample: Sample, **options: object) -> Resampling:
    return Resampling(systems=sample.systems, clusters=sample.clusters, **options)  # type: ignore[arg-type]


def test_systems_and_clusters_are_drawn_with_replacement_and_apart() -> None:
    chunks = list(Resampling(systems=6, clusters=6, replicates=50).chunks(36))
    systems, clusters = (np.concatenate(side) for side in zip(*chunks, strict=True))
    assert systems.shape == clusters.shape == (50, 6)
    assert (systems.sum(axis=1) == 6).all()
    assert (clusters.sum(axis=1) == 6).all()
    assert not np.array_equal(systems, clusters)


def test_weights_do_not_depend_on_how_many_are_held_at_once() -> None:
    resampling = Resampling(systems=4, clusters=9, replicates=200, seed=3)
    few, many = (np.concatenate([one[1] for one in resampling.chunks(size)]) for size in (36, 300_000))
    assert len(few) == len(many) == 200
    assert np.array_equal(few, many)


def test_fixed_systems_weigh_one() -> None:
    systems, _ = next(iter(Resampling(systems=4, clusters=9, replicates=5, fixed_systems=True).chunks(36)))
    assert (systems == 1).all()


def test_many_observations_take_fewer_replicates_and_say_so() -> None:
    assert Resampling(systems=0, clusters=9, replicates=1000).affordable(100_000) == 671
    assert Resampling(systems=0, clusters=9, replicates=1000).affordable(7_000) == 1000
    assert Resampling(systems=0, clusters=9, replicates=1000).affordable(10**9) == 50


def test_a_figure_of_fewer_replicates_notes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tercet.stats.agreement.resampling._WORK", 60 * 100)
    sample = graded(0, missing=0.0)
    figure = measure(sample, "good", Segments("pearson"), of(sample))
    assert figure.replicates == 100
    assert figure.notes == ("100 of 1000 resamples were taken",)


def same(one: Figure, other: Figure) -> bool:
    return repr(one) == repr(other) and one.drawn.tobytes() == other.drawn.tobytes()


@pytest.mark.parametrize(
    "statistic",
    [Segments("pearson"), Segments("kendall"), Segments("spearman", "item"), Segments("acc_eq", "item")],
    ids=lambda one: one.name,
)
def test_rows_in_any_order_give_the_same_bytes(statistic: Segments) -> None:
    generator = np.random.default_rng(5)
    item, system = np.repeat(np.arange(10), 4), np.tile(np.arange(4), 10)
    human, metric = generator.normal(size=40).round(1), generator.normal(size=40)

    def made(order: NDArray[np.intp]) -> Sample:
        return Sample.of(
            human=human[order], item=item[order], system=system[order], cluster=item[order] // 2,
            metrics={"m": metric[order]},
        )  # fmt: skip

    figures = [
        measure(made(order), "m", statistic, Resampling(systems=4, clusters=5, replicates=60))
        for order in (np.arange(40), generator.permutation(40))
    ]
    assert same(*figures)
    assert not np.isnan(figures[0].low)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"items": 12, "systems": 2}, "fewer than 3 systems to draw from; they can be kept fixed"),
        ({"items": 4, "systems": 5}, "fewer than 3 clusters to draw from"),
    ],
)
def test_few_units_have_no_interval(options: dict[str, int], reason: str) -> None:
    sample = graded(0, **options)
    figure = measure(sample, "good", Segments("pearson"), of(sample, replicates=50))
    assert (figure.interval_reason, figure.replicates) == (reason, 0)
    assert not np.isnan(figure.value)
    assert np.isnan([figure.low, figure.high]).all()


def test_two_systems_kept_fixed_have_an_interval() -> None:
    sample = graded(0, systems=2)
    figure = measure(sample, "good", Segments("pearson"), of(sample, replicates=50, fixed_systems=True))
    assert figure.low < figure.value < figure.high


@pytest.mark.parametrize(
    ("human", "metric", "reason"),
    [
        ([np.nan] * 3, [1.0, 2.0, 3.0], "nothing is both judged and scored"),
        ([1.0, np.nan, np.nan], [1.0, 2.0, 3.0], "only one text is both judged and scored"),
        ([1.0, 1.0, 1.0], [1.0, 2.0, 3.0], "all judgements are the same"),
        ([1.0, 2.0, 3.0], [1.0, 1.0, np.nan], "all scores are the same"),
    ],
)
def test_no_value_has_a_reason(human: list[float], metric: list[float], reason: str) -> None:
    sample = Sample.of(human=human, item=[0, 1, 2], system=[-1] * 3, cluster=[0, 1, 2], metrics={"m": metric})
    for statistic in (Segments("pearson"), Segments("kendall"), Segments("spearman")):
        figure = measure(sample, "m", statistic, of(sample))
        assert np.isnan(figure.value)
        assert (figure.reason, figure.of) == (reason, 3)


def test_an_interval_of_mostly_undefined_resamples_is_none() -> None:
    drawn = np.array([0.1, np.nan, np.nan])
    low, high, reason = Resampling(systems=0, clusters=9).interval(0.1, drawn, 0, 9)
    assert np.isnan([low, high]).all()
    assert reason == "most resamples have no value"


@pytest.mark.parametrize("options", [{"seed": -1}, {"replicates": 0}, {"level": 1.0}])
def test_options_out_of_range_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(ConfigError):
        Resampling(systems=3, clusters=3, **options)  # type: ignore[arg-type]


def test_a_resampling_of_another_sample_is_refused() -> None:
    with pytest.raises(ConfigError, match="4 systems and 6 clusters are resampled of a sample of 5 and 6"):
        measure(graded(0), "good", Segments("pearson"), Resampling(systems=4, clusters=6))


def test_a_cluster_holds_whole_items_and_a_system_has_an_item_once() -> None:
    with pytest.raises(ConfigError, match="Item 0 lies in several clusters"):
        Sample.of(human=[1, 2], item=[0, 0], system=[0, 1], cluster=[0, 1], metrics={})
    with pytest.raises(ConfigError, match="System 3 has item 0 more than once"):
        Sample.of(human=[1, 2], item=[0, 0], system=[3, 3], cluster=[0, 0], metrics={})


@pytest.mark.parametrize(
    "wrong", [{"item": [0]}, {"item": [0, -1]}, {"system": [-2, 0]}, {"cluster": [0, -1]}, {"human": [1.0, np.inf]}]
)
def test_columns_that_do_not_fit_are_refused(wrong: dict[str, list[float]]) -> None:
    columns = {"human": [1.0, 2.0], "item": [0, 1], "system": [0, 0], "cluster": [0, 1], **wrong}
    with pytest.raises(ValueError, match=r"columns|codes|infinite"):
        Sample.of(**columns, metrics={})  # type: ignore[arg-type]


def test_intervals_hold_the_truth() -> None:
    """30 clusters of 2 normal texts each, correlated by 0.6 in the population; no systems. 95 % of 200 are 190."""
    held = 0
    for seed in range(200):
        generator = np.random.default_rng(seed)
        human = generator.normal(size=60)
        metric = 0.6 * human + 0.8 * generator.normal(size=60)
        sample = Sample.of(
            human=human, item=np.arange(60), system=[-1] * 60, cluster=np.arange(60) // 2, metrics={"m": metric}
        )
        figure = measure(sample, "m", Segments("pearson"), of(sample, replicates=200, seed=seed))
        held += figure.low <= 0.6 <= figure.high
    assert 180 <= held <= 199


def test_system_level_uses_the_same_draws() -> None:
    sample = graded(2, missing=0.0)
    resampling = of(sample, replicates=30)
    figure = measure_systems(SystemMeans.human(sample), SystemMeans.metric(sample, "good"), "pearson", resampling)
    systems, clusters = (np.concatenate(side) for side in zip(*resampling.chunks(60), strict=True))
    human, metric = (means(clusters) for means in (SystemMeans.human(sample), SystemMeans.metric(sample, "good")))
    for b in range(30):
        copied = (np.repeat(one[b], systems[b].astype(int)) for one in (human, metric))
        assert figure.drawn[b] == pytest.approx(oracle("pearson", *copied), abs=1e-12, nan_ok=True)
