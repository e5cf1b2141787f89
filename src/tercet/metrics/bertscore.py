"""BERTScore: greedy matching of contextual token vectors, as bert_score computes it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, isnan
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from tercet.encoders import Description
from tercet.encoders.baselines import baseline_of
from tercet.encoders.choosing import describe
from tercet.encoders.embedded import Embedded
from tercet.encoders.pairs import Pair, Pairs
from tercet.encoders.running import Run
from tercet.encoders.scoring import Corpus, score_pairs
from tercet.errors import ConfigError, MetricError
from tercet.metrics.contract import Array, Batch, Need, Rows, ScoreSpec, measure_together, ratio, sign
from tercet.records import Evidence, Segment

Array32 = NDArray[np.float32]
_VERSION = "bert_score-0.3.13"  # whose algorithm this is
_TRUNCATED = "A text has more than the {} tokens that the model reads; the rest of it was not scored."
_EMPTY = "The output is empty: it scores 0."
_BESIDE = {"scores": False}  # an option that changes no score


@dataclass(frozen=True, kw_only=True)
class Bertscore:
    """Greedy cosine matching of tokens in context, higher is better; a segment's F is the headline.

    An empty candidate scores 0. With several references P, R and F are each the best one's. What is
    longer than the model's input is cut, flagged, and counted in ``bertscore_truncated``.

    The embedded encoder needs no network. Its layer was chosen on judgements of people: F of layer 9
    agrees with MQM of TED talks, Chinese to English, with Kendall .182 (all-MiniLM-L6-v2: at most
    .148, layer 3; sentence chrF: .125), and with the focus of Chinese headlines with Pearson .763,
    their coverage .749 (Gemma 3 270M, layer 11: .769 and .743, at many times the cost). Its scores
    lie close together, mostly above .6, so that they compare only with each other.

    Args:
        model: None for the embedded encoder; ``auto`` for bert_score's choice by language (English
            roberta-large, Chinese bert-base-chinese, else multilingual BERT); a folder; or the name of
            a model that was fetched from the hub.
        layer: Whose output is matched; None for the one known to suit the model.
        idf: Whether rare tokens weigh more; the references of the call are the corpus.
        rescale: Whether the score of unrelated texts is mapped to 0.
        baseline: A file with the scores of unrelated texts; None takes bert_score's own.
        max_length: Tokens of a text that are read; None for all that the model can.
        dtype: ``fp32``, or ``bf16``, which is faster and rougher.
        device: As torch names it; None takes a GPU where there is one.
        cache: File of the pairs that were scored; None keeps none.
        cache_limit: How many pairs it keeps at most.

    References:
        Zhang et al., BERTScore, 2020, https://openreview.net/forum?id=SkeHuCVFDr; implementation:
        bert_score 0.3.13.
    """

    model: str | None = None
    layer: int | None = None
    idf: bool = False
    rescale: bool = False
    baseline: str | None = None
    max_length: int | None = None
    dtype: str = "fp32"
    device: str | None = field(default=None, metadata=_BESIDE)
    cache: str | None = field(default=".tercet/bertscore.sqlite", metadata=_BESIDE)
    cache_limit: int = field(default=1_000_000, metadata=_BESIDE)
    place: ClassVar[str] = "models"
    needs: ClassVar[frozenset[Need]] = frozenset({Need.REFERENCES})
    columns: ClassVar[tuple[str, ...]] = ("f1", "precision", "recall", "truncated", "count")
    scores: ClassVar[tuple[ScoreSpec, ...]] = (
        # Rescaled scores have no lower end.
        ScoreSpec(name="bertscore", low=-inf, high=1, higher_is_better=True),
        ScoreSpec(name="bertscore_p", low=-inf, high=1, higher_is_better=True, headline=False),
        ScoreSpec(name="bertscore_r", low=-inf, high=1, higher_is_better=True, headline=False),
        ScoreSpec(
            name="bertscore_truncated",
            low=0,
            high=1,
            higher_is_better=None,
            headline=False,
            warning="were cut: a text is longer than the model reads",
        ),
    )

    def __post_init__(self) -> None:
        _ = self._run  # checks its part of the options
        if self.cache_limit < 1:
            raise ConfigError(f"cache_limit is {self.cache_limit}.", "It must be at least 1; cache=null keeps none.")
        if self.rescale and self.baseline is None and self.model in {None, Embedded.name}:
            raise ConfigError("The embedded encoder has no baseline.", "Set rescale=false, or baseline=FILE.")
        if self.baseline is not None and not self.rescale:
            raise ConfigError("A baseline is given and not used.", "Set rescale=true.")

    @property
    def whole(self) -> bool:
        """Whether a row depends on all segments, so that no shard can be measured by itself: weights do."""
        return self.idf

    def measure(self, segments: Sequence[Segment]) -> Rows:
        """Take F, P and R, whether a text was cut, and a count of 1."""
        corpus = _corpus(segments) if self.idf else None
        return measure_together(self, segments, lambda scorable: self._together(scorable, corpus))

    def reduce(self, sums: Array) -> Array:
        """Take the means over segments."""
        return ratio(sums[..., :-1], sums[..., -1:])

    def signature(self, language: str) -> str:
        """Name what bert_score's own hash names, and weights, longest input and type of numbers."""
        parts = self._description(language).parts
        runtime = parts.pop("runtime")
        rescale = "no" if not self.rescale else "bert_score" if self.baseline is None else self._baseline_hash()
        return sign("bertscore", lang=language, **parts, idf=self.idf, rescale=rescale, version=f"{_VERSION},{runtime}")

    def signature_of(self, segments: Sequence[Segment]) -> str:
        """Name the corpus that the weights were taken from."""
        return f"idf_corpus:{_corpus(segments).digest[:12]}" if self.idf else ""

    @classmethod
    def from_parts(cls, parts: Mapping[str, str]) -> Self:
        """Make the metric that signs with these parts.

        Raises:
            MetricError: The baseline was a file, of which a signature has only the hash.
        """
        if parts["rescale"] not in {"no", "bert_score"}:
            raise MetricError("A signature does not say where a baseline's file is.", "Set baseline=FILE yourself.")
        return cls(
            model=None if parts["model"] == Embedded.name else parts["model"],
            layer=int(parts["layer"]),
            idf=parts["idf"] == "yes",
            rescale=parts["rescale"] != "no",
            max_length=None if parts["max"] == "none" else int(parts["max"]),
            dtype=parts["dtype"],
        )

    @property
    def _run(self) -> Run:
        return Run(dtype=self.dtype, device=self.device, max_length=self.max_length)

    def _description(self, language: str) -> Description:
        return describe(self.model, self.layer, language, self._run)

    def _baseline_hash(self) -> str:
        try:
            return hashlib.sha256(Path(self.baseline or "").read_bytes()).hexdigest()[:12]
        except OSError as error:
            raise ConfigError(f"The baseline cannot be read: {error}.") from error

    def _together(self, segments: list[Segment], corpus: Corpus | None) -> Batch:
        values = np.zeros((len(segments), len(self.columns)))
        unscored: dict[int, str] = {}
        evidence: dict[int, tuple[Evidence, ...]] = {}
        language = segments[0].language
        found = self._pairs(segments, language, corpus)
        longest = self._description(language).parts["max"]
        base = self._base(language)
        for i, pairs in enumerate(found):
            scored = [pair for pair in pairs if not isnan(pair.precision + pair.recall)]
            if not scored:
                unscored[i] = "no token of the reference has a weight"
                continue
            truncated = any(pair.truncated for pair in pairs)
            values[i] = (*_best(scored, base), truncated, 1)
            notes = (("empty", _EMPTY, pairs[0].blank), ("truncated", _TRUNCATED.format(longest), truncated))
            evidence[i] = tuple(Evidence(kind=kind, message=text) for kind, text, true in notes if true)
        return Batch(values=values, unscored=unscored, evidence=evidence)

    def _pairs(self, segments: list[Segment], language: str, corpus: Corpus | None) -> list[list[Pair]]:
        """Score each candidate against each of its references."""
        flat = [(segment.candidate or "", reference) for segment in segments for reference in segment.references]
        store = None if self.cache is None else Pairs(Path(self.cache), self.cache_limit)
        scored = iter(score_pairs(self._description(language), flat, corpus=corpus, store=store))
        return [[next(scored) for _ in segment.references] for segment in segments]

    def _base(self, language: str) -> Array32 | None:
        """The scores of unrelated texts, P, R and F, which are mapped to 0; None where nothing is."""
        if not self.rescale:
            return None
        parts = self._description(language).parts
        return np.array(baseline_of(parts["model"], int(parts["layer"]), language, self.baseline), dtype=np.float32)


def _best(pairs: Sequence[Pair], base: Array32 | None) -> tuple[float, float, float]:
    """Take F, P and R of the best reference, each for itself, in the float32 of bert_score."""
    best: Array32 = np.array([pair[:3] for pair in pairs], dtype=np.float32).max(axis=0)
    if base is not None:
        best = (best - base) / (np.float32(1) - base)
    precision, recall, f1 = map(float, best)
    return f1, precision, recall


def _corpus(segments: Sequence[Segment]) -> Corpus:
    """Take every reference of the call, also where there is no candidate: all systems get the same weights."""
    return Corpus(tuple(reference for segment in segments for reference in segment.references))
