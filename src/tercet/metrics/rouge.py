"""ROUGE: rouge-score's numbers in English, over characters in Chinese."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from typing import Any, ClassVar, Self

import numpy as np

from tercet import chinese
from tercet.errors import ConfigError, nearest
from tercet.kernels import choice
from tercet.metrics.contract import Array, Batch, Need, Rows, ScoreSpec, measure_together, ratio, sign
from tercet.records import Segment
from tercet.text.sentences import sentences
from tercet.text.tokens import tokens

_TYPES = ("rouge1", "rouge2", "rougeL", "rougeLsum")
_PARTS = ("precision", "recall", "fmeasure")
_SUFFIX = {"precision": "_p", "recall": "_r", "fmeasure": ""}
_CUTS = ("characters", "words", "all")
_SEVERAL = ("best", "mean")
# rouge-score fills a table of Python numbers for ROUGE-L: 50 million of them take half a gigabyte.
_LARGEST_TABLE = 50_000_000
_UNCOUNTED = "a reference has no token that ROUGE counts"
# Seconds of rouge-score on a core of 2024, to tell what compiled kernels would save.
_IMPORT, _PER_CELL, _PER_TOKEN = 1.2, 0.25e-6, 10e-6


@dataclass(frozen=True, kw_only=True)
class Rouge:
    """ROUGE-1, -2, -L and -Lsum: precision, recall and F1, each the mean over the segments.

    English is tokenized as rouge-score does it; Chinese into characters, with Latin words, numbers
    and units whole. ROUGE-Lsum takes the text's lines as sentences, as rouge-score does, and our
    sentence splitter's where there is one line only. An empty candidate scores 0, and so does ROUGE-2
    where a text has one token (rouge-score's numbers); a reference without a token is unscored.

    Args:
        use_stemmer: Whether English words are reduced by Porter's stemmer, as in rouge-score.
        chinese: What counts as a token of Chinese: ``characters``; ``words`` (jieba's); or ``all``
            characters, punctuation too, and Latin letters and digits one by one.
        several: With several references, for each type by itself: ``best`` takes the one with the
            largest F1, as rouge-score does, ``mean`` the mean of all.
        fold: Whether traditional and simplified characters count as the same.

    References:
        Lin, ROUGE: A Package for Automatic Evaluation of Summaries, 2004,
        https://aclanthology.org/W04-1013; implementation: rouge-score 0.1.2.
    """

    use_stemmer: bool = False
    chinese: str = "characters"
    several: str = "best"
    fold: bool = False
    needs: ClassVar[frozenset[Need]] = frozenset({Need.REFERENCES})
    columns: ClassVar[tuple[str, ...]] = (*(f"{t}_{p}" for t in _TYPES for p in _PARTS), "segments")
    scores: ClassVar[tuple[ScoreSpec, ...]] = tuple(
        ScoreSpec(
            name=f"{kind}{_SUFFIX[part]}",
            low=0,
            high=1,
            higher_is_better=True,
            headline=part == "fmeasure" and kind in {"rouge1", "rouge2", "rougeLsum"},
        )
        for kind in _TYPES
        for part in _PARTS
    )

    def __post_init__(self) -> None:
        for key, value, known in (("chinese", self.chinese, _CUTS), ("several", self.several, _SEVERAL)):
            if value not in known:
                raise ConfigError(f"{key} is '{value}'.", nearest(value, known))

    def measure(self, segments: Sequence[Segment]) -> Rows:
        """Take P, R and F1 of each type."""
        return measure_together(self, segments, self._together)

    def reduce(self, sums: Array) -> Array:
        """Divide the sums by the number of segments."""
        return ratio(sums[..., :-1], sums[..., -1:])

    def signature(self, language: str) -> str:
        """Name tokenizer, stemmer, sentence splitter and version."""
        english = language == "en"
        return sign(
            "rouge",
            lang=language,
            tok="rouge-score" if english else self._chinese_name(),
            stem=english and self.use_stemmer,
            several=self.several,
            fold=self.fold and not english,
            lsum="lines,else:sentencex-" + version("sentencex"),
            version="rouge-score-" + version("rouge-score"),
        )

    @classmethod
    def from_parts(cls, parts: Mapping[str, str]) -> Self:
        """Make the metric that signs with these parts."""
        cut = "words" if parts["tok"].startswith("rjieba") else parts["tok"]
        return cls(
            use_stemmer=parts["stem"] == "yes",
            chinese="characters" if parts["lang"] == "en" else cut,
            several=parts["several"],
            fold=parts["fold"] == "yes",
        )

    def _chinese_name(self) -> str:
        return f"rjieba-{version('rjieba')}" if self.chinese == "words" else self.chinese

    def _together(self, segments: list[Segment]) -> Batch:
        language = segments[0].language
        seconds = choice.imported("rouge_score", _IMPORT) + sum(map(_seconds, segments))
        if choice.worthwhile("rouge", seconds):
            return self._by_kernels(segments, language)
        return self._by_library(segments, language)

    def _texts(self, segment: Segment) -> tuple[str, tuple[str, ...]]:
        """The candidate and the references, one sentence a line."""
        fold = chinese.simplified if self.fold and segment.language != "en" else str
        lined = [_as_lines(fold(text), segment.language) for text in (segment.candidate or "", *segment.references)]
        return lined[0], tuple(lined[1:])

    def _by_kernels(self, segments: list[Segment], language: str) -> Batch:
        from tercet.kernels import rouge, words

        def english(texts: Sequence[str]) -> words.Tokenized:
            return words.english(texts, stem=self.use_stemmer)

        def by_function(texts: Sequence[str]) -> words.Tokenized:
            return words.by_function(texts, self._cut)

        cut = words.by_script if self.chinese == "characters" else by_function
        tokenize = english if language == "en" else cut
        values, unscored = rouge.statistics(map(self._texts, segments), tokenize, mean=self.several == "mean")
        return Batch(
            values=np.column_stack([values, np.ones(len(segments))]),
            unscored={index: reason or _UNCOUNTED for index, reason in unscored.items()},
        )

    def _by_library(self, segments: list[Segment], language: str) -> Batch:
        from rouge_score.rouge_scorer import RougeScorer

        tokenizer = self._english if language == "en" else _Tokenizer(self._cut)
        scorer = RougeScorer(_TYPES, tokenizer=tokenizer)
        values = np.ones((len(segments), len(self.columns)))
        unscored = {}
        for i, segment in enumerate(segments):
            candidate, references = self._texts(segment)
            size, *sizes = (len(tokenizer.tokenize(text)) for text in (candidate, *references))
            if not all(sizes):
                unscored[i] = _UNCOUNTED
            elif size * max(sizes) > _LARGEST_TABLE:
                unscored[i] = (
                    f"too long for rouge-score: {size} by {max(sizes)} tokens; with the extra 'fast' it is scored"
                )
            else:
                values[i, :-1] = self._row(scorer, candidate, references)
        return Batch(values=values, unscored=unscored)

    def _row(self, scorer: Any, candidate: str, references: Sequence[str]) -> list[float]:
        if self.several == "best":
            found = [scorer.score_multi(references, candidate)]
        else:
            found = [scorer.score(reference, candidate) for reference in references]
        return [_mean([float(getattr(scores[t], p)) for scores in found]) for t in _TYPES for p in _PARTS]

    def _cut(self, text: str) -> list[str]:
        if self.chinese == "characters":
            return tokens(text, "zh")
        return chinese.words(text) if self.chinese == "words" else chinese.every_character(text)

    @cached_property
    def _english(self) -> Any:
        from rouge_score.tokenizers import DefaultTokenizer

        return DefaultTokenizer(self.use_stemmer)


@dataclass(frozen=True, slots=True)
class _Tokenizer:
    """What RougeScorer asks of a tokenizer."""

    cut: Callable[[str], list[str]]

    def tokenize(self, text: str) -> list[str]:
        return self.cut(text)


def _mean(values: Sequence[float]) -> float:
    """Add one by one, as the kernels do: from Python 3.12 on sum() rounds otherwise."""
    total = 0.0
    for value in values:
        total += value
    return total / len(values)


def _as_lines(text: str, language: str) -> str:
    """Put one sentence a line where the text has no lines; no other ROUGE type sees a difference."""
    stripped = text.strip()
    return text if "\n" in stripped else "\n".join(sentences(stripped, language)) or text


def _seconds(segment: Segment) -> float:
    """What rouge-score takes for a segment, roughly: two tables of numbers for each reference."""
    letters = 1 if segment.language == "zh" else 6
    size = len(segment.candidate or "") / letters
    lengths = [len(reference) / letters for reference in segment.references]
    return sum(2 * _PER_CELL * size * length + _PER_TOKEN * (size + length) for length in lengths)
