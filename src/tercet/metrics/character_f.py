"""What chrF and its kin share: sacrebleu's statistics and score, for any orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from typing import Any, ClassVar, Self

import numpy as np

from tercet.errors import ConfigError
from tercet.kernels.choice import worthwhile
from tercet.metrics.contract import Array, Batch, Need, Rows, ScoreSpec, measure_together, ratio, sign
from tercet.metrics.sacrebleu_rows import library_rows, library_seconds
from tercet.records import Segment

_PER_CHARACTER = 1e-6  # seconds that sacrebleu takes for a character, roughly
_MOST = 100  # of orders, and of beta; papers go to 6 and 3


@dataclass(frozen=True, kw_only=True)
class CharacterF:
    """F-score over character n-grams, and word n-grams if asked, 0 to 100, higher is better.

    A subclass sets ``name``, its one score, and its own defaults. With several references the best
    one counts, segment by segment.

    Args:
        character_order: The highest order of character n-grams, at least 1.
        word_order: The highest order of word n-grams; 0 for none.
        beta: How many times recall weighs precision, at least 1.
        lowercase: Whether case is ignored.
        whitespace: Whether white space counts as characters.
    """

    character_order: int = 6
    word_order: int = 0
    beta: int = 2
    lowercase: bool = False
    whitespace: bool = False
    name: ClassVar[str]
    needs: ClassVar[frozenset[Need]] = frozenset({Need.REFERENCES})

    def __post_init__(self) -> None:
        for field, least in (("character_order", 1), ("word_order", 0), ("beta", 1)):
            if getattr(self, field) < least:
                raise ConfigError(f"{field} is {getattr(self, field)}.", f"It must be at least {least}.")
            if getattr(self, field) > _MOST:  # each order is three columns of every row
                raise ConfigError(f"{field} is too large.", f"It must be at most {_MOST}.")

    @property
    def columns(self) -> tuple[str, ...]:
        """Three for each order: ``candidate_1``, ..., and ``candidate_word_1``, ... for words."""
        orders = [f"{n}" for n in range(1, self.character_order + 1)]
        orders += [f"word_{n}" for n in range(1, self.word_order + 1)]
        return tuple(f"{part}_{order}" for order in orders for part in ("candidate", "reference", "match"))

    @property
    def scores(self) -> tuple[ScoreSpec, ...]:
        """The one score, by the metric's name."""
        return (ScoreSpec(name=self.name, low=0, high=100, higher_is_better=True, decimals=1),)

    def measure(self, segments: Sequence[Segment]) -> Rows:
        """Take candidate, reference and matching n-grams of each order."""
        return measure_together(self, segments, self._together)

    def reduce(self, sums: Array) -> Array:
        """Average precision and recall over the orders that both texts have, then take F-beta.

        The orders are added one after the other, as in sacrebleu: numpy's sum pairs from eight on.
        """
        sums = np.asarray(sums, dtype=np.float64)
        precision, recall, orders = (np.zeros(sums.shape[:-1]) for _ in range(3))
        for column in range(0, sums.shape[-1], 3):
            candidate, reference, match = (sums[..., column + part] for part in range(3))
            counted = (candidate > 0) & (reference > 0)
            precision = precision + np.where(counted, ratio(match, candidate), 0.0)
            recall = recall + np.where(counted, ratio(match, reference), 0.0)
            orders = orders + counted
        precision, recall = (part / np.maximum(orders, 1) for part in (precision, recall))
        factor = self.beta**2
        score = 100 * ratio((1 + factor) * precision * recall, factor * precision + recall)
        return np.where(sums[..., 1] > 0, np.nan_to_num(score), np.nan)[..., None]

    def signature(self, language: str) -> str:
        """Write sacrebleu's signature; the number of references is added with the scores."""
        return sign(
            self.name,
            lang=language,
            case="lc" if self.lowercase else "mixed",
            eff="yes",
            nc=self.character_order,
            nw=self.word_order,
            beta=self.beta,
            space=self.whitespace,
            version=version("sacrebleu"),
        )

    @classmethod
    def from_parts(cls, parts: Mapping[str, str]) -> Self:
        """Make the metric that signs with these parts."""
        return cls(
            character_order=int(parts["nc"]),
            word_order=int(parts["nw"]),
            beta=int(parts["beta"]),
            lowercase=parts["case"] == "lc",
            whitespace=parts["space"] == "yes",
        )

    def _together(self, segments: list[Segment]) -> Batch:
        """Take the statistics by the kernel, or by sacrebleu."""
        if not worthwhile("chrf", library_seconds(segments, _PER_CHARACTER)):
            return Batch(values=library_rows(self._sacrebleu, segments))
        from tercet.kernels.chrf import Orders, statistics

        orders = Orders(
            characters=self.character_order, words=self.word_order, beta=self.beta, whitespace=self.whitespace
        )
        candidates = [segment.candidate or "" for segment in segments]
        references = [segment.references for segment in segments]
        return Batch(values=statistics(candidates, references, orders=orders, lowercase=self.lowercase))

    @cached_property
    def _sacrebleu(self) -> Any:
        from sacrebleu.metrics.chrf import CHRF

        return CHRF(
            char_order=self.character_order,
            word_order=self.word_order,
            beta=self.beta,
            lowercase=self.lowercase,
            whitespace=self.whitespace,
        )
