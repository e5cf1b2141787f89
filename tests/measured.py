"""Measurements as tests of pieces and tallies need them: rows by chance, with everything that can be missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tercet.metrics.contract import PASSING, Array, Need, Rows, ScoreSpec, ratio, sign
from tercet.pipeline import Measurement, _signed
from tercet.records import Evidence, Quote, Segment
from tercet.scores import segment_scores, sound
from tercet.tallying import Key

REASONS = ("no output: summarize by sum: 500", f"{PASSING}the server is down", "no output: \ud800")


@dataclass(frozen=True, kw_only=True)
class Toy:
    """Two scores of four statistics; a segment may have the one and not the other.

    Args:
        name: Of the first score.
    """

    name: str = "mean"
    needs: frozenset[Need] = frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        return ("sum", "count", "hits", "tries")

    @property
    def scores(self) -> tuple[ScoreSpec, ...]:
        return tuple(
            ScoreSpec(name=name, low=-np.inf, high=np.inf, higher_is_better=True)
            for name in (self.name, f"{self.name} share")
        )

    def measure(self, segments: Sequence[Segment]) -> Rows:
        raise NotImplementedError

    def reduce(self, sums: Array) -> Array:
        return np.stack([ratio(sums[..., 0], sums[..., 1]), ratio(sums[..., 2], sums[..., 3])], axis=-1)

    def signature(self, language: str) -> str:
        return sign("toy", lang=language, name=self.name)


METRICS: dict[str, Any] = {"first": Toy(), "second": Toy(name="other")}
LANGUAGES = ("en", "zh")
# From all magnitudes: a plain sum of them in float64 would depend on the order.
NUMBERS = st.sampled_from([0.0, 1.0, 0.1, 1 / 3, -2.5, 1e16, -1e16, 3e-12, 7e100, -7e100, 5e-324])


@dataclass(frozen=True, slots=True)
class Row:
    """What a metric found in one segment."""

    values: tuple[float, ...]
    unscored: str | None
    gaps: Mapping[str, str]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Table:
    """What is measured of a run: segments by language, and rows by metric and language."""

    segments: Mapping[str, tuple[Segment, ...]]
    rows: Mapping[Key, tuple[Row, ...]]
    count: int

    def measured(self, first: int, stop: int) -> dict[Key, Measurement]:
        """Give the measurements of some articles, by their numbers; languages that have none are left out."""
        found = {}
        for key, rows in self.rows.items():
            mine = [
                i for i, segment in enumerate(self.segments[key[1]]) if first <= int(segment.id.split(":")[0]) < stop
            ]
            if mine:
                metric = METRICS[key[0]]
                found[key] = measurement(
                    metric, [self.segments[key[1]][i] for i in mine], [rows[i] for i in mine], key[1]
                )
        return found

    @property
    def whole(self) -> dict[Key, Measurement]:
        """All of it."""
        return self.measured(0, self.count)


def measurement(metric: Toy, segments: Sequence[Segment], rows: Sequence[Row], language: str) -> Measurement:
    """Put rows together as a metric gives them; the signature is the one that the segments fix."""
    values = np.full((len(rows), 4), np.nan)
    for i, row in enumerate(rows):
        if row.unscored is None:
            values[i] = row.values
            for score, at in ((metric.scores[0].name, 0), (metric.scores[1].name, 2)):
                if score in row.gaps:
                    values[i, at : at + 2] = 0.0
    found = sound(
        metric,
        segments,
        Rows(
            values=values,
            unscored=tuple(row.unscored for row in rows),
            gaps=tuple(row.gaps if row.unscored is None else {} for row in rows),
            evidence=tuple(row.evidence for row in rows),
        ),
    )
    return Measurement(
        metric=metric,
        segments=segments,
        rows=found,
        by_segment=segment_scores(metric, found),
        signature=_signed(metric, segments, language),
    )


@st.composite
def _row(draw: st.DrawFn, metric: Toy) -> Row:
    names = [spec.name for spec in metric.scores]
    quote = Quote(text="a \ud83d", offset=1, start=2, end=3)
    return Row(
        values=(
            draw(NUMBERS),
            draw(st.sampled_from([0.0, 1.0, 3.0, -1.0])),
            draw(NUMBERS),
            draw(st.sampled_from([0.0, 2.0])),
        ),
        unscored=draw(st.none() | st.none() | st.sampled_from(REASONS)),
        gaps=draw(st.just({}) | st.dictionaries(st.sampled_from(names), st.sampled_from(["why", "so"]), max_size=2)),
        evidence=draw(
            st.just(())
            | st.just((Evidence(kind="k", message="m\ud800", start=0, end=1, label="l", value="v", quote=quote),))
            | st.just((Evidence(kind="k", message="m"), Evidence(kind="j", message="n")))
        ),
    )


@st.composite
def tables(draw: st.DrawFn, most: int = 9) -> Table:
    """Runs of some articles in two languages; not every article has a case in each."""
    count = draw(st.integers(1, most))
    segments: dict[str, tuple[Segment, ...]] = {}
    for code in LANGUAGES:
        mine = tuple(
            Segment(
                id=f"{number}:{code}",
                candidate="x",
                references=("r",) * draw(st.sampled_from([0, 1, 1, 2])),
                language=code,
                cluster=draw(st.sampled_from([None, "one", "two"])),
            )
            for number in range(count)
            if draw(st.integers(0, 4))
        )
        if mine:
            segments[code] = mine
    if not segments:
        segments["en"] = (Segment(id="0:en", candidate="x", language="en"),)
    rows = {
        (name, code): tuple(draw(_row(metric)) for _ in found)
        for name, metric in METRICS.items()
        for code, found in segments.items()
    }
    return Table(segments=segments, rows=rows, count=count)


@st.composite
def cuttings(draw: st.DrawFn, count: int) -> list[tuple[int, int]]:
    """Ways to cut so many articles into shards."""
    cuts = draw(st.sets(st.integers(1, max(1, count - 1)), max_size=6)) - {count}
    return list(pairwise(sorted({0, count} | cuts)))
