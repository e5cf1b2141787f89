"""Embedding: cosine of sentence embeddings that English and Chinese share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import ClassVar, Self

from tercet.encoders.universal import WEIGHTS, Vector, cosine, encode, is_blank, package
from tercet.metrics.contract import Array, Measured, Need, Rows, ScoreSpec, measure_each, ratio, sign
from tercet.records import Evidence, Segment

_SCORES = ("embedding", "embedding_source")
_WHOLE = "whole-text"


@dataclass(frozen=True, kw_only=True)
class Embedding:
    """Cosine of two texts' embeddings, from -1 to 1, higher is better: is the talk of the same?

    - ``embedding``: candidate against reference; of several references the nearest counts.
    - ``embedding_source``: candidate against source, in whatever language that is.

    An empty candidate scores 0, for it shares nothing (the encoder would give it .56 against "a b").

    It sees the topic and is blind to what is said of it: "profit rose" and "profit fell" are as near
    (.96; .92 in Chinese) as "rose" and "increased" (.95; .97), while another figure costs a third (.69).

    A text is embedded whole, which agrees better with people than the mean over its sentences: in 50
    documents of SummEval with 16 systems each, Spearman within a document with relevance is .246
    against .171 for one reference (difference .075, 95% interval .014 to .141, over documents), .270
    against .196 for eleven, and .318 against .264 for the source. With consistency it is .150 against
    .084 for one reference, but .169 against .255 for the source (-.085, -.143 to -.025), which is what
    ``by_sentence`` is for. In single sentences (TED zh-en, 13 systems) Kendall with MQM is .117 against
    .137 for the reference; for the source it is .013 and .024: it does not see a translation's quality.

    Args:
        by_sentence: Whether a text's embedding is the mean over its sentences.
    """

    by_sentence: bool = False
    place: ClassVar[str] = "models"
    needs: ClassVar[frozenset[Need]] = frozenset()
    columns: ClassVar[tuple[str, ...]] = tuple(f"{name}_{part}" for name in _SCORES for part in ("sum", "count"))
    scores: ClassVar[tuple[ScoreSpec, ...]] = (
        ScoreSpec(name="embedding", low=-1, high=1, higher_is_better=True),
        ScoreSpec(name="embedding_source", low=-1, high=1, higher_is_better=True, headline=False),
    )

    def measure(self, segments: Sequence[Segment]) -> Rows:
        """Take a cosine and a count for each score."""
        return measure_each(self, segments, self._one)

    def reduce(self, sums: Array) -> Array:
        """Divide the sums of the cosines by their counts."""
        return ratio(sums[..., 0::2], sums[..., 1::2])

    def signature(self, language: str) -> str:
        """Name model, weights, pooling and versions."""
        return sign(
            "embedding",
            lang=language,
            model="use-multilingual-3",
            weights=WEIGHTS,
            pool="mean-of-sentences,sentencex-" + version("sentencex") if self.by_sentence else _WHOLE,
            refs="max",
            version=package(),
        )

    @classmethod
    def from_parts(cls, parts: Mapping[str, str]) -> Self:
        """Make the metric that signs with these parts."""
        return cls(by_sentence=parts["pool"] != _WHOLE)

    def _one(self, segment: Segment) -> Measured:
        text = segment.candidate or ""
        found = (self._to_references(segment, text), self._to_source(segment, text))
        row = [number for value in found for number in ((0.0, 0.0) if isinstance(value, str) else (value, 1.0))]
        return Measured(
            row=row,
            gaps={name: value for name, value in zip(_SCORES, found, strict=True) if isinstance(value, str)},
            evidence=(Evidence(kind="empty", message="The output is empty."),) if is_blank(text) else (),
        )

    def _to_references(self, segment: Segment, text: str) -> float | str:
        """Take the cosine to the nearest reference, or say why there is none."""
        if not segment.references:
            return Need.REFERENCES.value
        if any(is_blank(reference) for reference in segment.references):
            return "a reference is empty"
        return max(self._cosine(text, reference, segment) for reference in segment.references)

    def _to_source(self, segment: Segment, text: str) -> float | str:
        if segment.source is None or is_blank(segment.source):
            return Need.SOURCE.value
        return self._cosine(text, segment.source, segment, segment.source_language)

    def _cosine(self, text: str, other: str, segment: Segment, language: str | None = None) -> float:
        if is_blank(text):
            return 0.0
        return cosine(self._encode(text, segment.language), self._encode(other, language or segment.language))

    def _encode(self, text: str, language: str) -> Vector:
        return encode(text, language if self.by_sentence else None)
