"""BLEU: sacrebleu's statistics and score, with its tokenizer for the language."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from typing import Any, ClassVar, Self

import numpy as np

from tercet.errors import ConfigError, nearest
from tercet.kernels.bleu_ranges import is_chinese
from tercet.kernels.choice import worthwhile
from tercet.metrics.contract import Array, Batch, Need, Rows, ScoreSpec, measure_together, ratio, sign
from tercet.metrics.sacrebleu_rows import library_rows, library_seconds
from tercet.records import Segment
from tercet.text.languages import language as lookup

_ORDER = 4
_LOG_OF_ZERO = -9999999999.0
_COMPILED = ("none", "zh", "zh-han", "13a", "char")
_TOKENIZERS = (*_COMPILED, "intl", "ja-mecab", "ko-mecab", "spm", "flores101", "flores200")
# Seconds that sacrebleu takes for a character, roughly; Chinese tokens are characters.
_PER_CHARACTER, _PER_CHINESE = 0.5e-6, 3.5e-6


@dataclass(frozen=True, kw_only=True)
class Bleu:
    """BLEU, 0 to 100, higher is better.

    The score of a sum of rows is sacrebleu's corpus BLEU with exponential smoothing, the score of
    one row its sentence BLEU. The one definition is possible because the effective order is always
    used: it differs from sacrebleu's corpus default only where a whole corpus has no 4-gram.

    Args:
        tokenize: sacrebleu's tokenizer; None takes the language's (``zh`` for Chinese, ``13a``).
            ``zh-han`` is ``zh`` as it was meant: sacrebleu takes U+2001 to U+2A6D (among them ``€ “ — …``)
            for Chinese and cuts them out of words, and misses ideographs from Extension B on.
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
        return measure_together(self, segments, self._together)

    def reduce(self, sums: Array) -> Array:
        """Compute ``sacrebleu.BLEU.compute_bleu`` with ``exp`` smoothing, vectorized."""
        sums = np.asarray(sums, dtype=np.float64)
        candidate, reference = sums[..., 0], sums[..., 1]
        correct, total = sums[..., 2 : 2 + _ORDER], sums[..., 2 + _ORDER :]
        counted = np.logical_and.accumulate(total > 0, axis=-1)
        missed = counted & (correct == 0)
        smoothed = np.ldexp(1.0, -np.cumsum(missed, axis=-1))
        precision = ratio(100 * np.where(missed, smoothed, correct), total)
        logs = _where(counted & (precision > 0), math.log, precision, _LOG_OF_ZERO)
        mean = ratio(np.where(counted, logs, 0.0).sum(axis=-1), counted.sum(axis=-1))
        shorter = candidate < reference
        brevity = _where(shorter & (candidate > 0), math.exp, 1 - ratio(reference, candidate), 0.0)
        matched = correct.any(axis=-1)
        score = np.where(shorter, brevity, 1.0) * _where(matched, math.exp, mean, 0.0)
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

    @classmethod
    def from_parts(cls, parts: Mapping[str, str]) -> Self:
        """Make the metric that signs with these parts."""
        usual = lookup(parts["lang"]).bleu_tokenizer
        return cls(tokenize=None if parts["tok"] == usual else parts["tok"], lowercase=parts["case"] == "lc")

    def _tokenizer(self, language: str) -> str:
        return self.tokenize or lookup(language).bleu_tokenizer

    def _together(self, segments: list[Segment]) -> Batch:
        values = self._rows(self._tokenizer(segments[0].language), segments)
        unscored = dict.fromkeys(
            np.flatnonzero(values[:, 1] == 0).tolist(), "a reference has no token that BLEU counts"
        )
        return Batch(values=values, unscored=unscored)

    def _rows(self, tokenizer: str, segments: list[Segment]) -> Array:
        """Take the statistics by the kernel where it has the tokenizer, or by sacrebleu; (n, 10)."""
        cost = _PER_CHINESE if tokenizer.startswith("zh") else _PER_CHARACTER
        if tokenizer not in _COMPILED or not worthwhile("bleu", library_seconds(segments, cost)):
            return library_rows(_sacrebleu(tokenizer, self.lowercase), segments)
        from tercet.kernels.bleu import statistics

        candidates = [segment.candidate or "" for segment in segments]
        references = [segment.references for segment in segments]
        return statistics(candidates, references, tokenizer=tokenizer, lowercase=self.lowercase)


def _where(chosen: Any, function: Callable[[float], float], values: Array, otherwise: float) -> Array:
    """Apply a function of the C library, as sacrebleu calls it: numpy's own differs in the last bit."""
    found = np.full(values.shape, otherwise)
    picked = values[chosen].tolist()
    found[chosen] = np.fromiter(map(function, picked), np.float64, len(picked))
    return found


@cache
def _sacrebleu(tokenize: str, lowercase: bool) -> Any:
    from sacrebleu.metrics.bleu import BLEU

    mended = tokenize == "zh-han"
    metric = BLEU(tokenize="zh" if mended else tokenize, lowercase=lowercase, effective_order=True)
    if mended:
        metric.tokenizer._is_chinese_char = cache(partial(is_chinese, tokenizer=tokenize))
    return metric
