"""TER: sacrebleu's statistics and score."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from math import inf
from typing import Any, ClassVar

from tercet.metrics.contract import Array, Measured, Need, Rows, ScoreSpec, Unscored, measure_each, ratio, sign
from tercet.metrics.sacrebleu_rows import segment_statistics
from tercet.records import Segment
from tercet.text.languages import language as lookup


@dataclass(frozen=True, kw_only=True)
class Ter:
    """Translation edit rate: edits for each 100 reference tokens, from 0, lower is better.

    Chinese is normalized and cut into characters (sacrebleu's ``normalized`` and ``asian_support``,
    without which a Chinese sentence is one token).

    Args:
        case_sensitive: Whether case counts.

    References:
        Snover et al., A Study of Translation Edit Rate, 2006, https://aclanthology.org/2006.amta-papers.25;
        implementation: sacrebleu.
    """

    case_sensitive: bool = False
    needs: ClassVar[frozenset[Need]] = frozenset({Need.REFERENCES})
    columns: ClassVar[tuple[str, ...]] = ("edits", "reference_length")
    scores: ClassVar[tuple[ScoreSpec, ...]] = (
        ScoreSpec(name="ter", low=0, high=inf, higher_is_better=False, decimals=1),
    )

    def measure(self, segments: Sequence[Segment]) -> Rows:
        """Take the fewest edits to a reference, and the mean length of the references."""
        return measure_each(self, segments, self._one)

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
            punct=True,
            asian=asian,
            version=version("sacrebleu"),
        )

    def _one(self, segment: Segment) -> Measured | Unscored:
        row = segment_statistics(_sacrebleu(lookup(segment.language).ter_asian, self.case_sensitive), segment)
        return Measured(row=row) if row[1] > 0 else Unscored("a reference has no token that TER counts")


@cache
def _sacrebleu(asian: bool, case_sensitive: bool) -> Any:
    from sacrebleu.metrics.ter import TER

    return TER(normalized=asian, asian_support=asian, case_sensitive=case_sensitive)
