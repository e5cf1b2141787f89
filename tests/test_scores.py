"""From rows to scores, with a metric small enough to do by head."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from tercet.metrics.contract import Array, Need, Rows, ScoreSpec, ratio
from tercet.records import Segment
from tercet.scores import Score, SegmentScores, corpus_scores, segment_scores

UNDEFINED = "undefined: no finite number comes out"


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Two ratios, each with its own denominator: a/b and c/d."""

    needs: ClassVar[frozenset[Need]] = frozenset()
    columns: ClassVar[tuple[str, ...]] = ("a", "b", "c", "d")
    scores: ClassVar[tuple[ScoreSpec, ...]] = (
        ScoreSpec(name="first", low=0, high=1, higher_is_better=True),
        ScoreSpec(name="second", low=0, high=1, higher_is_better=None),
    )

    def measure(self, segments: Sequence[Segment]) -> Rows:
        raise NotImplementedError

    def reduce(self, sums: Array) -> Array:
        return ratio(sums[..., [0, 2]], sums[..., [1, 3]])

    def signature(self, language: str) -> str:
        raise NotImplementedError


def rows(*found: Sequence[float] | str, gaps: Mapping[int, Mapping[str, str]] | None = None) -> Rows:
    """A row a segment, or the reason why it has none."""
    return Rows(
        values=np.array([[np.nan] * 4 if isinstance(row, str) else row for row in found], dtype=float).reshape(-1, 4),
        unscored=tuple(row if isinstance(row, str) else None for row in found),
        gaps=tuple((gaps or {}).get(i, {}) for i in range(len(found))),
        evidence=((),) * len(found),
    )


def both(found: Rows) -> tuple[Sequence[SegmentScores], dict[str, Score]]:
    segments = segment_scores(Shares(), found)
    return segments, corpus_scores(Shares(), found, segments)


def test_every_segment_scored() -> None:
    segments, corpus = both(rows((1, 2, 3, 4), (2, 2, 0, 4)))
    assert [item.scores for item in segments] == [{"first": 0.5, "second": 0.75}, {"first": 1.0, "second": 0.0}]
    assert all(item.unscored is None and item.gaps == {} for item in segments)
    assert corpus["first"] == Score(value=0.75, scored=2, total=2, reasons={})
    assert corpus["second"] == Score(value=0.375, scored=2, total=2, reasons={})


def test_a_corpus_is_the_reduced_sum_and_no_mean_of_segments() -> None:
    _, corpus = both(rows((1, 1, 1, 1), (0, 9, 1, 1)))
    assert corpus["first"].value == 0.1


def test_one_segment_scores_as_its_corpus() -> None:
    segments, corpus = both(rows((1, 3, 2, 7)))
    assert segments[0].scores == {name: score.value for name, score in corpus.items()}


def test_unscored_segments_are_counted_with_their_reasons() -> None:
    segments, corpus = both(rows((1, 2, 1, 4), "no source", "timeout", "no source"))
    assert segments[1] == SegmentScores(scores=None, unscored="no source", gaps={})
    assert corpus["first"] == Score(value=0.5, scored=1, total=4, reasons={"no source": 2, "timeout": 1})
    assert list(corpus["second"].reasons) == ["no source", "timeout"]


def test_a_gap_is_missing_from_one_score_only() -> None:
    segments, corpus = both(rows((0, 0, 1, 4), (1, 2, 1, 4), gaps={0: {"first": "too short"}}))
    assert segments[0] == SegmentScores(scores={"second": 0.25}, unscored=None, gaps={"first": "too short"})
    assert corpus["first"] == Score(value=0.5, scored=1, total=2, reasons={"too short": 1})
    assert corpus["second"] == Score(value=0.25, scored=2, total=2, reasons={})


def test_a_gaps_own_reason_goes_before_the_undefined_number() -> None:
    segments, _ = both(rows((0, 0, 1, 4), gaps={0: {"first": "too short"}}))
    assert segments[0].gaps == {"first": "too short"}


def test_a_number_that_is_none_becomes_undefined() -> None:
    segments, corpus = both(rows((0, 0, 1, 4), (1, 2, 1, 4)))
    assert segments[0] == SegmentScores(scores={"second": 0.25}, unscored=None, gaps={"first": UNDEFINED})
    assert corpus["first"] == Score(value=0.5, scored=1, total=2, reasons={UNDEFINED: 1})


def test_the_gaps_of_the_rows_are_unchanged() -> None:
    gaps: dict[int, dict[str, str]] = {0: {"second": "too short"}}
    both(rows((0, 0, 0, 0), gaps=gaps))
    assert gaps == {0: {"second": "too short"}}


@pytest.mark.parametrize(
    ("found", "scored"),
    [
        (rows("timeout", "timeout"), {"timeout": 2}),
        (rows((0, 0, 0, 0), (0, 0, 0, 0)), {UNDEFINED: 2}),
        (rows("timeout", (0, 0, 0, 0)), {"timeout": 1, UNDEFINED: 1}),
        (rows(), {}),
    ],
)
def test_where_nothing_is_scored_the_value_is_none_and_never_zero(found: Rows, scored: dict[str, int]) -> None:
    _, corpus = both(found)
    for score in corpus.values():
        assert score.value is None
        assert score.scored == 0
        assert score.total == len(found.unscored) == sum(score.reasons.values())
        assert score.reasons == scored


def test_a_zero_is_a_score() -> None:
    segments, corpus = both(rows((0, 5, 0, 5)))
    assert segments[0].scores == {"first": 0.0, "second": 0.0}
    assert corpus["first"] == Score(value=0.0, scored=1, total=1, reasons={})


def test_scores_are_plain_numbers_for_json() -> None:
    segments, corpus = both(rows((1, 2, 3, 4)))
    assert segments[0].scores is not None
    assert {type(value) for value in segments[0].scores.values()} == {float}
    assert {type(score.value) for score in corpus.values()} == {float}
