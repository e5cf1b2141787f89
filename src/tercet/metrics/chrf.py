"""chrF: sacrebleu's statistics and score."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from typing import Any, ClassVar

import numpy as np

from tercet.errors import ConfigError
from tercet.metrics.contract import Array, Measured, Need, Rows, ScoreSpec, Unscored, measure_each, ratio, sign
from tercet.metrics.sacrebleu_rows import segment_statistics
from tercet.records import Segment

_CHARACTER_ORDER = 6


@dataclass(frozen=True, kw_only=True)
class Chrf:
    """Character n-gram F-score, 0 to 100, higher is better; the same for every language.

    White space does not count. With several references the best one counts, segment by segment.

    Args:
        beta: How many times recall weighs precision.
        lowercase: Whether case is ignored.

    References:
        Popović, chrF, 2015, https://aclanthology.org/W15-3049; implementation: sacrebleu.
    """

    beta: int = 2
    lowercase: bool = False
    needs: ClassVar[frozenset[Need]] = frozenset({Need.REFERENCES})
    columns: ClassVar[tuple[str, ...]] = tuple(
        f"{part}_{n}" for n in range(1, _CHARACTER_ORDER + 1) for part in ("candidate", "reference", "match")
    )
    scores: ClassVar[tuple[ScoreSpec, ...]] = (
        ScoreSpec(name="chrf", low=0, high=100, higher_is_better=True, decimals=1),
    )

    def __post_init__(self) -> None:
        if self.beta < 1:
            raise ConfigError(f"beta is {self.beta}.", "It must be at least 1.")

    def measure(self, segments: Sequence[Segment]) -> Rows:
        """Take candidate, reference and matching n-grams for n from 1 to 6."""
        return measure_each(self, segments, self._one)

    def reduce(self, sums: Array) -> Array:
        """Average precision and recall over the orders that both texts have, then take F-beta."""
        sums = np.asarray(sums, dtype=np.float64)
        candidate, reference, match = sums[..., 0::3], sums[..., 1::3], sums[..., 2::3]
        counted = (candidate > 0) & (reference > 0)
        order = np.maximum(counted.sum(axis=-1), 1)
        precision = np.where(counted, ratio(match, candidate), 0.0).sum(axis=-1) / order
        recall = np.where(counted, ratio(match, reference), 0.0).sum(axis=-1) / order
        factor = float(self.beta**2)
        score = 100 * ratio((1 + factor) * precision * recall, factor * precision + recall)
        return np.where(reference[..., 0] > 0, np.nan_to_num(score), np.nan)[..., None]

    def signature(self, language: str) -> str:
        """Write sacrebleu's signature; the number of references is added with the scores."""
        return sign(
            "chrf",
            lang=language,
            case="lc" if self.lowercase else "mixed",
            eff="yes",
            nc=_CHARACTER_ORDER,
            nw=0,
            beta=self.beta,
            space="no",
            version=version("sacrebleu"),
        )

    def _one(self, segment: Segment) -> Measured | Unscored:
        return Measured(row=segment_statistics(self._sacrebleu, segment))

    @cached_property
    def _sacrebleu(self) -> Any:
        from sacrebleu.metrics.chrf import CHRF

        return CHRF(char_order=_CHARACTER_ORDER, word_order=0, beta=self.beta, lowercase=self.lowercase)
