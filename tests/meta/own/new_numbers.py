"""A user's metric: how many numbers of a summary its source has not; fewer are better."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import ClassVar

from tercet.metrics.contract import Array, Measured, Need, Rows, ScoreSpec, measure_each, ratio, sign
from tercet.records import Segment

# fmt: off
_WORDS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)
# fmt: on
_VALUES = {word: str(value) for value, word in enumerate(_WORDS, 1)}
_NUMBER = re.compile(rf"[0-9]+(?:[.,][0-9]+)*|\b(?:{'|'.join(_WORDS)})\b")


@dataclass(frozen=True, kw_only=True)
class NewNumbers:
    """Numbers of a text, in digits or words up to twenty, that do not stand in the source; on average."""

    needs: ClassVar[frozenset[Need]] = frozenset({Need.SOURCE})
    columns: ClassVar[tuple[str, ...]] = ("new", "texts")
    scores: ClassVar[tuple[ScoreSpec, ...]] = (ScoreSpec(name="new_numbers", low=0, high=inf, higher_is_better=False),)

    def measure(self, segments: Sequence[Segment]) -> Rows:
        return measure_each(self, segments, self._one)

    def reduce(self, sums: Array) -> Array:
        return ratio(sums[..., :1], sums[..., 1:])

    def signature(self, language: str) -> str:
        return sign("new_numbers", lang=language)

    def _one(self, segment: Segment) -> Measured:
        mine, known = _numbers(segment.candidate or ""), set(_numbers(segment.source or ""))
        return Measured(row=(sum(number not in known for number in mine), 1))


def _numbers(text: str) -> list[str]:
    return [_VALUES.get(number, number.replace(",", "")) for number in _NUMBER.findall(text.lower())]
