"""Tallies: those of shards add up to that of the whole, bit for bit, and the scores are those of the definition."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from math import fsum
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet import tallying
from tercet.errors import NotComparableError
from tercet.pipeline import Measurement
from tercet.records import Segment
from tercet.scores import UNDEFINED
from tercet.stats.poisson import weights
from tercet.tallying import Key, Tally, joined, scored, tallies, total
from tests.measured import METRICS, Row, Table, Toy, cuttings, measurement, tables

REPLICATES = 30
few = settings(max_examples=30)


@pytest.fixture(autouse=True, scope="module")
def few_replicates() -> Iterator[None]:
    """Each is an addition like the others."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tallying, "REPLICATES", REPLICATES)
        yield


def bits(tally: Tally) -> dict[str, Any]:
    """Say all that a tally holds so that equal bits are equal."""
    arrays = {**tally.sums.arrays(), **{f"clusters {k}": v for k, v in tally.clusters.arrays().items()}}
    return {
        **{name: (array.dtype, array.shape, array.tobytes()) for name, array in arrays.items()},
        "reasons": [dict(reasons) for reasons in tally.reasons],
        "total": tally.total,
        "signature": tally.signature,
    }


def told(found: Mapping[Key, Tally]) -> dict[Key, str]:
    """Say what tallies come to; repr is exact, and NaN is like NaN."""
    return {key: repr(scored(METRICS[key[0]], tally)) for key, tally in found.items()}


@few
@given(tables(), st.data())
def test_shards_add_up_to_the_whole_however_they_are_cut_and_ordered(table: Table, data: st.DataObject) -> None:
    whole = tallies(table.whole, seed=3)
    shards = [tallies(table.measured(*ends), seed=3) for ends in data.draw(cuttings(table.count))]
    shards = data.draw(st.permutations(shards))
    summed = {key: total(deepcopy(shard[key]) for shard in shards if key in shard) for key in whole}
    assert {key: bits(tally) for key, tally in summed.items()} == {key: bits(tally) for key, tally in whole.items()}
    assert told(summed) == told(whole)


@few
@given(tables(), st.data())
def test_the_grouping_of_additions_changes_nothing(table: Table, data: st.DataObject) -> None:
    """As where pieces are added up to parts, and parts to a run."""
    whole = tallies(table.whole, seed=3)
    shards = [tallies(table.measured(*ends), seed=3) for ends in data.draw(cuttings(table.count))]
    middle = data.draw(st.integers(0, len(shards)))
    for key in whole:
        halves = [[shard[key] for shard in half if key in shard] for half in (shards[:middle], shards[middle:])]
        assert bits(total(total(half) for half in halves if half)) == bits(whole[key])


@few
@given(tables())
def test_scores_and_reasons_are_those_of_all_rows_together(table: Table) -> None:
    """By the definition that a measurement itself has, which adds rows up with ``fsum``."""
    for key, tally in tallies(table.whole, seed=0).items():
        assert repr(dict(scored(METRICS[key[0]], tally).scores)) == repr(table.whole[key].scores)


@few
@given(tables())
def test_clusters_are_counted_that_have_a_score(table: Table) -> None:
    for key, tally in tallies(table.whole, seed=0).items():
        measured = table.whole[key]
        for i, spec in enumerate(METRICS[key[0]].scores):
            having = {
                segment.cluster or segment.id
                for segment, found in zip(measured.segments, measured.by_segment, strict=True)
                if found.scores is not None and spec.name in found.scores
            }
            assert tally.clusters.counts()[i] == len(having)


@few
@given(tables(), st.integers(0, 5))
def test_replicates_are_the_sums_of_rows_as_often_as_their_cluster_is_drawn(table: Table, seed: int) -> None:
    for key, measured in table.whole.items():
        clusters = [segment.cluster or segment.id for segment in measured.segments]
        drawn = weights(clusters, seed, 0, REPLICATES)
        rows = np.where(measured.rows.scored[:, None], measured.rows.values, 0.0)
        flags = measured.by_segment.present().astype(float)
        for column, values in enumerate(np.hstack([rows, flags]).T):
            found = tallies(table.whole, seed)[key].sums.values[:, column]
            # The exact sum of each row taken so many times, rounded once.
            expected = [
                fsum(value for value, count in zip(values, counts, strict=True) for _ in range(int(count)))
                for counts in np.vstack([np.ones(len(rows)), drawn])
            ]
            assert found.tolist() == expected


@few
@given(tables())
def test_metrics_measured_apart_have_the_tallies_that_they_have_together(table: Table) -> None:
    together = tallies(table.whole, seed=1)
    for key, measured in table.whole.items():
        assert bits(tallies({key: measured}, seed=1)[key]) == bits(together[key])


def segment(number: int, cluster: str | None = None) -> Segment:
    return Segment(id=f"{number}:en", candidate="x", language="en", cluster=cluster)


def of(*rows: Row, clusters: tuple[str | None, ...] | None = None) -> dict[Key, Measurement]:
    names = clusters or (None,) * len(rows)
    segments = [segment(number, name) for number, name in enumerate(names)]
    return {("first", "en"): measurement(Toy(), segments, rows, "en")}


def row(value: float, *, unscored: str | None = None, gaps: Mapping[str, str] | None = None) -> Row:
    return Row(values=(value, 1.0, value, 2.0), unscored=unscored, gaps=gaps or {}, evidence=())


def test_unscored_rows_and_gaps_are_counted_with_their_reasons() -> None:
    measured = of(row(1.0), row(2.0, gaps={"mean": "why"}), row(9.0, unscored="no output: x"), row(4.0))
    (tally,) = tallies(measured, seed=0).values()
    found = scored(Toy(), tally).scores
    assert (found["mean"].value, found["mean"].scored, found["mean"].total) == (2.5, 2, 4)
    assert found["mean"].reasons == {"no output: x": 1, "why": 1}
    assert (found["mean share"].value, found["mean share"].scored) == (7 / 6, 3)
    assert found["mean share"].reasons == {"no output: x": 1}


def test_a_score_that_is_undefined_says_so_and_one_that_nothing_has_is_none() -> None:
    nothing = Row(values=(1.0, 0.0, 1.0, 2.0), unscored=None, gaps={}, evidence=())
    (tally,) = tallies(of(nothing, nothing), seed=0).values()
    found = scored(Toy(), tally)
    assert (found.scores["mean"].value, found.scores["mean"].scored) == (None, 0)
    assert found.scores["mean"].reasons == {UNDEFINED: 2}
    assert found.intervals["mean"] is None
    assert found.scores["mean share"].value == 0.5
    (tally,) = tallies(of(row(1.0, unscored="why"), row(1.0, unscored="why")), seed=0).values()
    assert scored(Toy(), tally).scores["mean"].reasons == {"why": 2}
    assert set(scored(Toy(), tally).intervals.values()) == {None}


def test_a_score_that_only_the_sum_does_not_have_is_undefined_for_all() -> None:
    one, other = (Row(values=(1.0, count, 1.0, 2.0), unscored=None, gaps={}, evidence=()) for count in (1.0, -1.0))
    (tally,) = tallies(of(one, other, row(1.0, unscored="why")), seed=0).values()
    found = scored(Toy(), tally).scores["mean"]
    assert (found.value, found.scored, found.total) == (None, 0, 3)
    assert found.reasons == {UNDEFINED: 2, "why": 1}


def test_clusters_that_two_shards_share_count_once() -> None:
    """One article in two shards is one article: there is no interval of it."""
    measured = of(row(1.0), row(5.0), clusters=("doc", "doc"))
    shards = [
        tallies({("first", "en"): measurement(Toy(), [segment(n, "doc")], [row(value)], "en")}, seed=0)
        for n, value in enumerate((1.0, 5.0))
    ]
    summed = total(shard["first", "en"] for shard in shards)
    assert bits(summed) == bits(tallies(measured, seed=0)["first", "en"])
    assert summed.clusters.counts().tolist() == [1, 1]
    assert scored(Toy(), summed).intervals == {"mean": None, "mean share": None}
    (apart,) = tallies(of(row(1.0), row(5.0)), seed=0).values()
    low, high = scored(Toy(), apart).intervals["mean"] or (0.0, 0.0)
    assert low < 3.0 < high


def test_another_seed_gives_other_replicates_and_the_same_scores() -> None:
    measured = of(*[row(float(i)) for i in range(8)])
    one, other = (tallies(measured, seed)["first", "en"] for seed in (0, 1))
    assert scored(Toy(), one).scores == scored(Toy(), other).scores
    assert scored(Toy(), one).intervals != scored(Toy(), other).intervals


# signatures


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("1", "1", "1"), ("1", "2", "var"), ("0", "2", "2"), ("2", "0", "2"), ("0", "0", "0"), ("var", "0", "var"),
     ("var", "1", "var"), ("1", "var", "var")],
)  # fmt: skip
def test_numbers_of_references_are_joined(one: str, other: str, expected: str) -> None:
    assert joined(f"chrf|lang:en|nrefs:{one}", f"chrf|lang:en|nrefs:{other}") == f"chrf|lang:en|nrefs:{expected}"


@pytest.mark.parametrize(
    ("one", "other", "named"),
    [
        ("bleu|version:2.5|nrefs:1", "bleu|version:2.6|nrefs:1", "version: 2.5 against 2.6"),
        ("bleu|version:2.5|nrefs:1", "bleu|version:2.6|nrefs:2", "version: 2.5 against 2.6"),
        ("bleu|nrefs:1", "chrf|nrefs:1", "metric: bleu against chrf"),
        ("mine 1", "mine 2", "'mine 1' against 'mine 2'"),
        ("mine 1", "mine 1|nrefs:1", "'mine 1' against 'mine 1|nrefs:1'"),
    ],
)
def test_shards_that_were_scored_otherwise_are_not_comparable(one: str, other: str, named: str) -> None:
    for pair in ((one, other), (other, one)):
        with pytest.raises(NotComparableError) as found:
            joined(*pair)
        assert found.value.remedy
    with pytest.raises(NotComparableError) as found:
        joined(one, other)
    assert named in found.value.problem


def test_total_refuses_shards_that_were_scored_otherwise() -> None:
    one, other = (tallies(of(row(1.0)), seed=0)["first", "en"] for _ in range(2))
    other.signature = other.signature.replace("|name:mean|", "|name:x|")
    with pytest.raises(NotComparableError, match="name: mean against x"):
        total([one, other])
