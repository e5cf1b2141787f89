"""BLEU: sacrebleu's statistics and score, with its tokenizer for the language."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any, ClassVar

import numpy as np

from tercet.errors import ConfigError, nearest
from tercet.metrics.contract import Array, Measured, Need, Rows, ScoreSpec, Unscored, measure_each, ratio, sign
from tercet.metrics.sacrebleu_rows import segment_statistics
from tercet.records import Segment
from tercet.text.languages import language as lookup

_ORDER = 4
_LOG_OF_ZERO = -9999999999.0
# The C library's functions, as sacrebleu calls them: numpy's own differ from them in the last bit.
_log = np.vectorize(math.log, otypes=[np.float64])
_exp = np.vectorize(math.exp, otypes=[np.float64])
_TOKENIZERS = ("none", "zh", "13a", "intl", "char", "ja-mecab", "ko-mecab", "spm", "flores101", "flores200")


@dataclass(frozen=True, kw_only=True)
class Bleu:
    """BLEU, 0 to 100, higher is better.

    The score of a sum of rows is sacrebleu's corpus BLEU with exponential smoothing, the score of
    one row its sentence BLEU. The one definition is possible because the effective order is always
    used: it differs from sacrebleu's corpus default only where a whole corpus has no 4-gram.

    Args:
        tokenize: sacrebleu's tokenizer; None takes the language's (``zh`` for Chinese, ``13a``).
        lowercase: Whether case is ignored.

    References:
        Papineni et al., BLEU, 2002, https://aclanthology.org/P02-1040; Post, A Call for Clarity in
        Reporting BLEU Scores, 2018, https://aclanthology.org/W18-6319; implementation: sacrebleu.
    """

    tokenize: str | None = None
    lowercase: bool = False
    needs: ClassVar[frozenset[Need]] = frozenset({Need.REFERENCES})
    columns: ClassVar[tuple[str, ...]] = (
        "candidate_length",
        "reference_length",
        *(f"correct_{n}" for n in range(1, _ORDER + 1)),
        *(f"total_{n}" for n in range(1, _ORDER + 1)),
    )
    scores: ClassVar[tuple[ScoreSpec, ...]] = (
        ScoreSpec(name="bleu", low=0, high=100, higher_is_better=True, decimals=1),
    )

    def __post_init__(self) -> None:
        if self.tokenize is not None and self.tokenize not in _TOKENIZERS:
            raise ConfigError(f"Unknown BLEU tokenizer '{self.tokenize}'.", nearest(self.tokenize, _TOKENIZERS))

    def measure(self, segments: Sequence[Segment]) -> Rows:
        """Take lengths, and matching and total n-grams for n from 1 to 4."""
        return measure_each(self, segments, self._one)

    def reduce(self, sums: Array) -> Array:
        """Compute ``sacrebleu.BLEU.compute_bleu`` with ``exp`` smoothing, vectorized."""
        sums = np.asarray(sums, dtype=np.float64)
        candidate, reference = sums[..., 0], sums[..., 1]
        correct, total = sums[..., 2 : 2 + _ORDER], sums[..., 2 + _ORDER :]
        counted = np.cumprod(total > 0, axis=-1).astype(bool)
        missed = counted & (correct == 0)
        smoothing = 2.0 ** np.cumsum(missed, axis=-1)
        precision = ratio(100 * np.where(missed, 1 / smoothing, correct), total)
        logs = np.where(counted & (precision > 0), _log(np.where(precision > 0, precision, 1.0)), _LOG_OF_ZERO)
        order = counted.sum(axis=-1)
        mean = ratio(np.where(counted, logs, 0.0).sum(axis=-1), order)
        brevity = _exp(np.minimum(0.0, 1 - ratio(reference, candidate)))
        score = np.where(correct.any(axis=-1), brevity * _exp(mean), 0.0)
        return np.where(reference > 0, score, np.nan)[..., None]

    def signature(self, language: str) -> str:
        """Write sacrebleu's signature; the number of references is added with the scores."""
        return sign(
            "bleu",
            lang=language,
            case="lc" if self.lowercase else "mixed",
            eff="yes",
            tok=self._tokenizer(language),
            smooth="exp",
            version=version("sacrebleu"),
        )

    def _tokenizer(self, language: str) -> str:
        return self.tokenize or lookup(language).bleu_tokenizer

    def _one(self, segment: Segment) -> Measured | Unscored:
        row = segment_statistics(_sacrebleu(self._tokenizer(segment.language), self.lowercase), segment)
        return Measured(row=row) if row[1] > 0 else Unscored("a reference has no token that BLEU counts")


@cache
def _sacrebleu(tokenize: str, lowercase: bool) -> Any:
    from sacrebleu.metrics.bleu import BLEU

    return BLEU(tokenize=tokenize, lowercase=lowercase, effective_order=True)
