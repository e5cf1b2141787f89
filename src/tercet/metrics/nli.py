"""NLI: whether each sentence of a summary follows from its source, by a model of natural language inference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from math import isfinite
from pathlib import Path
from typing import ClassVar, Self

import numpy as np

from tercet.encoders.aligning import aligner
from tercet.encoders.entailment import Entailment
from tercet.encoders.running import versions
from tercet.encoders.verdicts import Verdicts, judge_pairs
from tercet.errors import ConfigError
from tercet.metrics.contract import (
    Array,
    Batch,
    Need,
    Rows,
    ScoreSpec,
    Unscored,
    measure_each,
    measure_together,
    ratio,
    sign,
)
from tercet.metrics.nli_summac import AGGREGATIONS, evidence, score, task_of
from tercet.records import Evidence, Segment
from tercet.text.chunks import GRANULARITIES

_VERSION = "summac-zs"  # whose algorithm this is
_OWN = {"nli": "sentence", "alignscore": "chunk", "hhem": "chunk"}  # the source's granularity, by style
_BESIDE = {"scores": False}  # an option that changes no score
_UNKNOWN = "unknown"
_AUTO = "auto"
_NO_CLAIM = "the candidate has no sentence with a letter or a digit"
_BROKEN = "the model gave no finite number"


@dataclass(frozen=True, kw_only=True)
class Nli:
    """SummaC-ZS: entailment of each sentence of the candidate by the source, higher is better.

    Each sentence is held against each chunk of the source. Over the chunks the highest entailment and
    the highest contradiction count, their difference is the sentence's score, from -1 to 1, and the
    mean over sentences is the summary's. The score of a corpus is the mean over summaries, not over
    sentences. A model without a class of contradiction gives entailment alone, from 0 to 1.

    Where weights are not here every segment is unscored, with the command that fetches them. What is
    longer than the model's input is cut in the source, flagged, and counted in ``nli_truncated``. A
    candidate without a sentence that has a letter or a digit is unscored. SummaC's implementation
    leaves out chunks of ten characters or fewer and those after the hundredth, and sentences of ten
    characters or fewer of the candidate; here every one counts, for a short one may be wrong.

    The languages may differ. The default model was trained on pairs of one language each, Chinese and
    English among them; how well it judges across two is not measured here.

    On a CPU in float32 each pair is computed by itself, so that nothing else moves its last bit. Equal
    pairs are judged once, and kept on disk by model revision.

    Styles of checkpoints, told by the names of their classes:

    - ``nli``: entailment, neutral and contradiction, or entailment and its opposite;
    - ``alignscore``: three classes of which one is ``aligned``, which alone counts, against chunks of
      about 350 words (AlignScore). The authors' own files hold three heads in Lightning's format; the
      three-way one becomes a RobertaForSequenceClassification with the pooler as ``classifier.dense``
      and ``tri_layer`` as ``classifier.out_proj``, which computes the same;
    - ``hhem``: two classes of which one is ``consistent``, or one logit (HHEM 1.0), by ``style=hhem``
      where the configuration does not name it. HHEM 2 brings code of its own, which is not run.

    Args:
        model: A folder, or a name on the hub whose files are in the local cache.
        style: ``auto``, or one of the styles.
        labels: The classes in the order of the logits, for a model that does not name them.
        granularity: How the source is cut: ``sentence``, ``2sents``, ``paragraph``, ``document``,
            ``mixed`` (sentences and paragraphs) or ``chunk``; None takes the style's own.
        aggregation: Over the sentences of a summary: ``mean``, ``min`` or ``max``.
        use_ent: Whether entailment counts.
        use_con: Whether contradiction counts; None where the style is ``nli`` and the model has it, and
            where nothing else counts.
        top_k: How many chunks a sentence is held against, the nearest by an embedded encoder that
            aligns across languages too; None for all, which is SummaC. 5 are about 5 times as fast on
            news of some 24 sentences.
        bound: Sentences whose best entailment is below it are evidence.
        max_length: Tokens of a pair that are read; None for all that the model can.
        dtype: ``fp32``, or ``bf16``, which is faster and rougher.
        device: As torch names it; None takes a GPU where there is one.
        batch: Pairs at once at most; None for what suits the device. On a CPU 16 are about 1.5 times as
            fast as one, and move the seventh digit.
        cache: File of the pairs that were judged; None keeps none.
        cache_limit: How many pairs it keeps at most.

    References:
        Laban et al., SummaC, 2022, https://aclanthology.org/2022.tacl-1.10; implementation:
        ``SummaCZS`` of https://github.com/tingofurro/summac. Zha et al., AlignScore, 2023,
        https://aclanthology.org/2023.acl-long.634. HHEM:
        https://huggingface.co/vectara/hallucination_evaluation_model.
    """

    model: str = "MoritzLaurer/mDeBERTa-v3-base-xnli-multilingual-nli-2mil7"
    style: str = _AUTO
    labels: list[str] | None = None
    granularity: str | None = None
    aggregation: str = "mean"
    use_ent: bool = True
    use_con: bool | None = None
    top_k: int | None = None
    bound: float = field(default=0.5, metadata=_BESIDE)
    max_length: int | None = None
    dtype: str = "fp32"
    device: str | None = field(default=None, metadata=_BESIDE)
    batch: int | None = field(default=None, metadata=_BESIDE)
    cache: str | None = field(default=".tercet/nli.sqlite", metadata=_BESIDE)
    cache_limit: int = field(default=1_000_000, metadata=_BESIDE)
    place: ClassVar[str] = "models"
    needs: ClassVar[frozenset[Need]] = frozenset({Need.SOURCE})
    columns: ClassVar[tuple[str, ...]] = ("score", "truncated", "summaries")

    def __post_init__(self) -> None:
        _ = self._entailment  # checks its part of the options
        if self.granularity is not None and self.granularity not in GRANULARITIES:
            raise ConfigError(f"granularity is {self.granularity}.", f"It must be one of {', '.join(GRANULARITIES)}.")
        if self.aggregation not in AGGREGATIONS:
            raise ConfigError(f"aggregation is {self.aggregation}.", f"It must be one of {', '.join(AGGREGATIONS)}.")
        if not self.use_ent and self.use_con is False:
            raise ConfigError("Neither entailment nor contradiction counts.", "Set use_ent=true or use_con=true.")
        for name, least in (("top_k", self.top_k), ("batch", self.batch), ("cache_limit", self.cache_limit)):
            if least is not None and least < 1:
                raise ConfigError(f"{name} is {least}.", "It must be at least 1.")

    @property
    def scores(self) -> tuple[ScoreSpec, ...]:
        """The score, from -1 where contradiction is taken off, and the share of summaries that met a cut pair."""
        low = -1 if self.use_ent and self.use_con is not False else 0
        return (
            ScoreSpec(name="nli", low=low, high=1, higher_is_better=True),
            ScoreSpec(
                name="nli_truncated",
                low=0,
                high=1,
                higher_is_better=None,
                headline=False,
                warning="were cut: a pair is longer than the model reads",
            ),
        )

    def measure(self, segments: Sequence[Segment]) -> Rows:
        """Take a summary's score, whether a pair of it was cut, and a count of 1."""
        absent = self._entailment.absent
        if absent is not None:
            return measure_each(self, segments, lambda _: Unscored(absent))
        _ = self._counts_contradiction  # before anything is computed
        return measure_together(self, segments, self._together)

    def reduce(self, sums: Array) -> Array:
        """Take the means over summaries."""
        return ratio(sums[..., :-1], sums[..., -1:])

    def signature(self, language: str) -> str:
        """Name the model and its revision, how texts are cut and scores put together, and versions.

        Raises:
            MissingExtraError: A package is not installed.
            ConfigError: A folder holds no model, or it cannot be told what its classes mean.
            MetricError: It is no classifier.
        """
        model = self._entailment
        here = model.absent is None
        labels = model.head.labels if here else self.labels
        return sign(
            "nli",
            lang=language,
            model=model.parts["model"] if here else self.model,
            weights=model.parts["weights"] if here else "absent",
            style=model.head.style if here else self.style,
            labels="_".join(",".join(labels or [_UNKNOWN]).split()),
            granularity=self._granularity if here else self.granularity or _AUTO,
            agg=self.aggregation,
            ent=self.use_ent,
            con=self._counts_contradiction if here else _AUTO if self.use_con is None else self.use_con,
            top=self.top_k or "all",
            aligner="none" if self.top_k is None else aligner(),
            max=model.parts["max"] if here else self.max_length or "none",
            dtype=self.dtype,
            version=f"{_VERSION},sentencex-{version('sentencex')},{versions('transformers', 'torch')}",
        )

    @classmethod
    def from_parts(cls, parts: Mapping[str, str]) -> Self:
        """Make the metric that signs with these parts; a model's folder must be where the program runs."""
        return cls(
            model=parts["model"],
            style=parts["style"],
            labels=None if parts["labels"] == _UNKNOWN else parts["labels"].split(","),
            granularity=None if parts["granularity"] == _AUTO else parts["granularity"],
            aggregation=parts["agg"],
            use_ent=parts["ent"] == "yes",
            use_con=None if parts["con"] == _AUTO else parts["con"] == "yes",
            top_k=None if parts["top"] == "all" else int(parts["top"]),
            max_length=None if parts["max"] == "none" else int(parts["max"]),
            dtype=parts["dtype"],
        )

    @cached_property
    def _entailment(self) -> Entailment:
        return Entailment(
            model=self.model,
            style=self.style,
            labels=None if self.labels is None else tuple(self.labels),
            dtype=self.dtype,
            device=self.device,
            max_length=self.max_length,
        )

    @property
    def _granularity(self) -> str:
        return self.granularity or _OWN[self._entailment.head.style]

    @property
    def _counts_contradiction(self) -> bool:
        head = self._entailment.head
        needed = self.use_con or not self.use_ent
        if needed and head.against is None:
            raise ConfigError(
                f"'{self.model}' has no class of contradiction: its classes are {', '.join(head.labels)}.",
                "Set use_con=null and use_ent=true.",
            )
        return needed or (self.use_con is None and head.style == "nli" and head.against is not None)

    def _together(self, segments: list[Segment]) -> Batch:
        model, contradiction = self._entailment, self._counts_contradiction
        tasks = [task_of(segment, self._granularity, self.top_k) for segment in segments]
        store = None if self.cache is None else Verdicts(Path(self.cache), self.cache_limit)
        pairs = [pair for task in tasks for pair in task.pairs]
        verdicts = iter(judge_pairs(model, pairs, store=store, batch=self.batch))
        values = np.ones((len(segments), len(self.columns)))
        unscored: dict[int, str] = {}
        notes: dict[int, tuple[Evidence, ...]] = {}
        for i, task in enumerate(tasks):
            if not task.claims:
                unscored[i] = _NO_CLAIM
                continue
            found = [[next(verdicts) for _ in picked] for picked in task.picked]
            values[i, 0] = score(
                found, entailment=self.use_ent, contradiction=contradiction, aggregation=self.aggregation
            )
            values[i, 1] = any(verdict.truncated for row in found for verdict in row)
            notes[i] = tuple(evidence(task, found, bound=self.bound, model=model))
            if not isfinite(values[i, 0]):
                unscored[i] = _BROKEN
        return Batch(values=values, unscored=unscored, evidence=notes)
