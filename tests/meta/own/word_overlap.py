"""A user's metric: the share of a summary's word n-grams that stand in its source."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from tercet.metrics.contract import Array, Measured, Need, Rows, ScoreSpec, Unscored, measure_each, ratio, sign
from tercet.records import Segment

_WORD = {True: re.compile(r"[a-z0-9]+(?:[.,][0-9]+)*"), False: re.compile(r"[a-z0-9]+")}


@dataclass(frozen=True, kw_only=True)
class WordOverlap:
    """n-gram precision against the source, for n = ``order``; with ``decimals`` "1,200" is one word."""

    order: int = 1
    decimals: bool = True
    needs: ClassVar[frozenset[Need]] = frozenset({Need.SOURCE})
    columns: ClassVar[tuple[str, ...]] = ("found", "all")

    @property
    def scores(self) -> tuple[ScoreSpec, ...]:
        return (ScoreSpec(name=f"overlap{self.order}", low=0, high=1, higher_is_better=True),)

    def measure(self, segments: Sequence[Segment]) -> Rows:
        return measure_each(self, segments, self._one)

    def reduce(self, sums: Array) -> Array:
        return ratio(sums[..., :1], sums[..., 1:])

    def signature(self, language: str) -> str:
        return sign("word_overlap", lang=language, order=self.order, decimals=self.decimals)

    def _one(self, segment: Segment) -> Measured | Unscored:
        mine, theirs = self._grams(segment.candidate or ""), set(self._grams(segment.source or ""))
        if not mine:
            return Unscored(f"the candidate is shorter than {self.order} words")
        return Measured(row=(sum(gram in theirs for gram in mine), len(mine)))

    def _grams(self, text: str) -> list[tuple[str, ...]]:
        words = _WORD[self.decimals].findall(text.lower())
        return list(zip(*(words[i:] for i in range(self.order)), strict=False))
