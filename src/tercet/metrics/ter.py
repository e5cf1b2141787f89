"""TER: sacrebleu's statistics and score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from math import inf
from typing import Any, ClassVar, Self

import numpy as np

from tercet.kernels import choice
from tercet.metrics.contract import Array, Batch, Need, Rows, ScoreSpec, measure_together, ratio, sign
from tercet.metrics.sacrebleu_rows import import_seconds, library_rows
from tercet.records import Segment
from tercet.text.languages import language as lookup

# Seconds that sacrebleu takes for a pair, roughly: so much for each two tokens of candidate and reference.
_PER_CELL, _LETTERS_A_WORD = 8e-6, 6


@dataclass(frozen=True, kw_only=True)
class Ter:
    """Translation edit rate: edits for each 100 reference tokens, from 0, lower is better.

    Chinese is normalized and cut into characters (sacrebleu's ``normalized`` and ``asian_support``,
    without which a Chinese sentence is one token).

    Args:
        case_sensitive: Whether case counts.
        no_punct: Whether punctuation is left out.

    References:
        Snover et al., A Study of Translation Edit Rate, 2006, https://aclanthology.org/2006.amta-papers.25;
        implementation: sacrebleu.
    """

    case_sensitive: bool = False
    no_punct: bool = False
    needs: ClassVar[frozenset[Need]] = frozenset({Need.REFERENCES})
    columns: ClassVar[tuple[str, ...]] = ("edits", "reference_length")
    scores: ClassVar[tuple[ScoreSpec, ...]] = (
        ScoreSpec(name="ter", low=0, high=inf, higher_is_better=False, decimals=1),
    )

    def measure(self, segments: Sequence[Segment]) -> Rows:
        """Take the fewest edits to a reference, and the mean length of the references."""
        return measure_together(self, segments, self._together)

    def reduce(self, sums: Array) -> Array:
        """Divide edits by reference tokens."""
        return 100 * ratio(sums[..., :1], sums[..., 1:])

    def signature(self, language: str) -> str:
        """Write sacrebleu's signature; the number of references is added with the scores."""
        asian = lookup(language).ter_asian
        return sign(
            "ter",
            lang=language,
            case="mixed" if self.case_sensitive else "lc",
            tok="tercom",
            norm=asian,
            punct=not self.no_punct,
            asian=asian,
            version=version("sacrebleu"),
        )

    @classmethod
    def from_parts(cls, parts: Mapping[str, str]) -> Self:
        """Make the metric that signs with these parts."""
        return cls(case_sensitive=parts["case"] == "mixed", no_punct=parts["punct"] == "no")

    def _together(self, segments: list[Segment]) -> Batch:
        values = self._rows(segments, asian=lookup(segments[0].language).ter_asian)
        empty = np.flatnonzero(values[:, 1] == 0).tolist()
        return Batch(values=values, unscored=dict.fromkeys(empty, "a reference has no token that TER counts"))

    def _rows(self, segments: list[Segment], *, asian: bool) -> Array:
        """Take the statistics by the kernel, or by sacrebleu where there is little to do; (n, 2)."""
        seconds = import_seconds() + sum(_seconds(segment, 1 if asian else _LETTERS_A_WORD) for segment in segments)
        if not choice.worthwhile("ter", seconds):
            return library_rows(_sacrebleu(asian, self.case_sensitive, self.no_punct), segments)
        from tercet.kernels.ter import statistics

        return statistics(
            [segment.candidate or "" for segment in segments],
            [segment.references for segment in segments],
            normalized=asian,
            asian=asian,
            case_sensitive=self.case_sensitive,
            no_punct=self.no_punct,
        )


def _seconds(segment: Segment, token: int) -> float:
    """Guess how long sacrebleu takes for a segment whose tokens have so many characters."""
    ours = len(segment.candidate or "") / token
    return _PER_CELL * ours * sum(len(reference) for reference in segment.references) / token


@cache
def _sacrebleu(asian: bool, case_sensitive: bool, no_punct: bool) -> Any:
    from sacrebleu.metrics.ter import TER

    return TER(normalized=asian, asian_support=asian, case_sensitive=case_sensitive, no_punct=no_punct)
