"""ROUGE: rouge-score's numbers in English, over characters in Chinese."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from typing import Any, ClassVar

from tercet.metrics.contract import Array, Measured, Need, Rows, ScoreSpec, Unscored, measure_each, ratio, sign
from tercet.records import Segment
from tercet.text.sentences import sentences
from tercet.text.tokens import tokens

_TYPES = ("rouge1", "rouge2", "rougeL", "rougeLsum")
_PARTS = ("precision", "recall", "fmeasure")
# rouge-score fills a table of Python numbers for ROUGE-L: 50 million of them take half a gigabyte.
_LARGEST_TABLE = 50_000_000
_SUFFIX = {"precision": "_p", "recall": "_r", "fmeasure": ""}


@dataclass(frozen=True, kw_only=True)
class Rouge:
    """ROUGE-1, -2, -L and -Lsum: precision, recall and F1, each the mean over the segments.

    English is tokenized by rouge-score itself; Chinese into characters, with Latin words, numbers
    and units whole. ROUGE-Lsum takes the text's lines as sentences, as rouge-score does, and our
    sentence splitter's where there is one line only. With several references the best by F1 counts,
    for each type by itself. An empty candidate scores 0, and so does ROUGE-2 where a text has one token
    (rouge-score's numbers); a reference without a token is unscored.

    Args:
        use_stemmer: Whether English words are reduced by Porter's stemmer, as in rouge-score.

    References:
        Lin, ROUGE: A Package for Automatic Evaluation of Summaries, 2004,
        https://aclanthology.org/W04-1013; implementation: rouge-score 0.1.2.
    """

    use_stemmer: bool = False
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

    def measure(self, segments: Sequence[Segment]) -> Rows:
        """Take P, R and F1 of each type."""
        return measure_each(self, segments, self._one)

    def reduce(self, sums: Array) -> Array:
        """Divide the sums by the number of segments."""
        return ratio(sums[..., :-1], sums[..., -1:])

    def signature(self, language: str) -> str:
        """Name tokenizer, stemmer, sentence splitter and version."""
        english = language == "en"
        return sign(
            "rouge",
            lang=language,
            tok="rouge-score" if english else "characters" if language == "zh" else "words",
            stem=english and self.use_stemmer,
            lsum="lines,else:sentencex-" + version("sentencex"),
            version="rouge-score-" + version("rouge-score"),
        )

    def _one(self, segment: Segment) -> Measured | Unscored:
        tokenizer = self._english if segment.language == "en" else _Tokenizer(segment.language)
        lengths = [len(tokenizer.tokenize(text)) for text in (segment.candidate or "", *segment.references)]
        if lengths[0] * max(lengths[1:]) > _LARGEST_TABLE:
            return Unscored(f"too long for ROUGE-L's table: {lengths[0]} by {max(lengths[1:])} tokens")
        if not all(lengths[1:]):
            return Unscored("a reference has no token that ROUGE counts")
        scorer = self._scorer(tokenizer)
        references = [_as_lines(text, segment.language) for text in segment.references]
        scores = scorer.score_multi(references, _as_lines(segment.candidate or "", segment.language))
        return Measured(row=[*(float(getattr(scores[t], p)) for t in _TYPES for p in _PARTS), 1.0])

    def _scorer(self, tokenizer: Any) -> Any:
        from rouge_score.rouge_scorer import RougeScorer

        return RougeScorer(_TYPES, tokenizer=tokenizer)

    @cached_property
    def _english(self) -> Any:
        from rouge_score.tokenizers import DefaultTokenizer

        return DefaultTokenizer(self.use_stemmer)


@dataclass(frozen=True, slots=True)
class _Tokenizer:
    """What RougeScorer asks of a tokenizer."""

    language: str

    def tokenize(self, text: str) -> list[str]:
        return tokens(text, self.language)


def _as_lines(text: str, language: str) -> str:
    """Put one sentence a line where the text has no lines; no other ROUGE type sees a difference."""
    stripped = text.strip()
    return text if "\n" in stripped else "\n".join(sentences(stripped, language)) or text
