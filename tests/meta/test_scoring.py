"""Scores of judged texts: each as the metric gives it, and of systems as corpora, under any weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.judged import Human, Judged, JudgedSet
from tercet.meta.coded import Coded
from tercet.meta.scoring import OTHERS, Scored, chosen, measured
from tercet.metrics.contract import Array, Measured, Need, Rows, ScoreSpec, Unscored, measure_each, ratio
from tercet.records import Segment


@dataclass(frozen=True)
class Letters:
    """The share of a's, and the share of b's among what is no a; a text with an x has neither."""

    whole: bool = False
    needs: ClassVar[frozenset[Need]] = frozenset()
    columns: ClassVar[tuple[str, ...]] = ("a", "all", "b", "rest")
    scores: ClassVar[tuple[ScoreSpec, ...]] = (
        ScoreSpec(name="a", low=0, high=1, higher_is_better=True),
        ScoreSpec(name="b", low=0, high=1, higher_is_better=False),
    )
    seen: ClassVar[list[int]] = []

    def measure(self, segments: Sequence[Segment]) -> Rows:
        self.seen.append(len(segments))
        return measure_each(self, segments, self._one)

    def reduce(self, sums: Array) -> Array:
        return np.concatenate([ratio(sums[..., :1], sums[..., 1:2]), ratio(sums[..., 2:3], sums[..., 3:])], axis=-1)

    def signature(self, language: str) -> str:
        return f"letters|lang:{language}"

    def _one(self, segment: Segment) -> Measured | Unscored:
        text = segment.candidate or ""
        if "x" in text:
            return Unscored("it has an x")
        rest = len(text) - text.count("a")
        gaps = {} if rest else {"b": "it is all a"}
        return Measured(row=(text.count("a"), len(text), text.count("b"), rest), gaps=gaps)


def judged(texts: Sequence[tuple[str, str, str]], recorded: bool = False) -> JudgedSet:
    """Make a set of (text, system, cluster); every text is an item of its own."""
    return JudgedSet(
        name="made",
        texts=[
            Judged(
                segment=Segment(id=str(i), candidate=text, language="en", cluster=cluster),
                item=str(i),
                system=system,
                human={"mark": 1.0},
                recorded={"tool": float(len(text))} if recorded and text else {},
            )
            for i, (text, system, cluster) in enumerate(texts)
        ],
        humans=(Human(name="mark"),),
    )


def scored(made: JudgedSet, metric: Letters | None = None) -> tuple[Coded, dict[str, Scored]]:
    metrics = {"letters": metric or Letters()}
    coded = Coded.of(made)
    found = measured(made, coded, metrics, chosen(metrics, [made], ()), lambda *_: None)
    return coded, {score.name: score for score in found}


TEXTS = st.lists(
    st.tuples(
        st.text("aabx", min_size=1, max_size=3), st.sampled_from(["one", "two"]), st.sampled_from(["c", "d", "e"])
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=60)
@given(texts=TEXTS, draw=st.lists(st.integers(0, 3), min_size=3, max_size=3))
def test_texts_and_systems_are_scored_as_if_each_stood_there(
    texts: list[tuple[str, str, str]], draw: list[int]
) -> None:
    coded, found = scored(judged(texts))
    for name, letter in (("a", "a"), ("b", "b")):
        score = found[name]
        values = [_share([text], letter) for text, _, _ in texts]
        np.testing.assert_allclose(score.values, values)
        assert score.scored == int(np.isfinite(values).sum())
        assert score.scored + sum(score.reasons.values()) == len(texts)
        weights = dict(zip(coded.clusters, draw, strict=False))
        assert score.total is not None
        (totals,) = score.total(np.array([[weights[name] for name in coded.clusters]], dtype=np.float64))
        repeated = {
            system: [text for text, of, cluster in texts if of == system for _ in range(weights[cluster])]
            for system in coded.systems
        }
        np.testing.assert_allclose(totals, [_share(repeated[system], letter) for system in coded.systems])


def _share(texts: Sequence[str], letter: str) -> float:
    """The share of a letter in texts without an x, of those letters that count."""
    kept = "".join(text for text in texts if "x" not in text)
    kept = kept if letter == "a" else kept.replace("a", "")
    return kept.count(letter) / len(kept) if kept else float("nan")


def test_what_is_the_same_is_measured_once() -> None:
    texts = [("ab", "one", "c"), ("ab", "two", "d"), ("x", "one", "d"), ("x", "two", "c")]
    Letters.seen.clear()
    _, found = scored(judged(texts))
    assert Letters.seen == [2]
    assert found["a"].reasons == {"it has an x": 2}


def test_a_metric_that_looks_at_all_texts_gets_all() -> None:
    Letters.seen.clear()
    scored(judged([("ab", "one", "c"), ("ab", "two", "d")]), Letters(whole=True))
    assert Letters.seen == [2]


def test_another_tool_s_scores_of_texts_become_means_of_systems() -> None:
    made = judged([("ab", "one", "c"), ("abab", "one", "d"), ("", "two", "c")], recorded=True)
    coded, found = scored(made)
    tool = found["tool"]
    assert (tool.metric, tool.scored, tool.reasons) == (OTHERS, 2, {"it is not recorded": 1})
    assert tool.total is not None
    totals = tool.total(np.array([[1.0, 1.0], [0.0, 2.0]]))
    np.testing.assert_allclose(totals, [[3.0, np.nan], [4.0, np.nan]])
    assert coded.systems == ("one", "two")


def test_without_systems_there_are_no_totals() -> None:
    made = JudgedSet(
        name="made",
        texts=[Judged(segment=Segment(id="1", candidate="a", language="en"), item="1", human={"mark": 1.0})],
        humans=(Human(name="mark"),),
    )
    coded, found = scored(made)
    assert (coded.systems, coded.clusters) == ((), ("1",))
    assert found["a"].total is None
    assert found["b"].sign == pytest.approx(-1.0)
