"""COMET: a trained model's judgement of a translation."""

import hashlib
import logging
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from math import inf, isfinite
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from tercet.errors import ConfigError, MetricError, located
from tercet.extras import require
from tercet.metrics.contract import Array, Batch, Need, Rows, ScoreSpec, measure_together, ratio, sign
from tercet.records import Evidence, Segment
from tercet.text.languages import language as lookup
from tercet.text.languages import script_shares

_PACKAGE = "unbabel-comet"
_CHECKPOINT = Path("checkpoints", "model.ckpt")  # within a model's folder, as on the hub
_BESIDE = {"scores": False}  # an option that changes no score
_FLOORED = "empty,copied-source,wrong-language"


@dataclass(frozen=True, kw_only=True)
class Comet:
    """What a COMET model gives a translation, on the model's own scale, higher is better.

    The score is ``comet``, or ``comet_qe`` for a model that reads no reference; with several
    references the best one counts. Equal triples are judged once. A model reads the first 512 tokens
    of each text and passes the rest over.

    Three kinds of output score the floor and never reach the model: empty ones, copies of a source
    in another language, and texts mostly in another language's script. The models are known to reward
    them: of wmt22-comet-da a user reports .657 on average for 1,875 untranslated Chinese sentences.
    Each is in the evidence. An output that equals a reference is never floored (names, figures).

    The source of a segment is the article's. On the route ``translate`` over articles the other
    language's reference summary is translated while the source stays the whole article: the score
    then tells of a summary across languages, for which COMET was not trained.

    Scores on a CPU and on a GPU, and with another batch size, differ by rounding (about 1e-6).

    The package holds versions back (transformers<5, numpy<2): install it in an environment of its own.

    Args:
        model: A checkpoint file, a folder that holds ``checkpoints/model.ckpt``, or a name on the hub.
        fetch: Whether a model, or the tokenizer that it names, may be downloaded from the hub.
        reference_free: Whether the model is one that reads no reference (CometKiwi).
        floor: What a floored output scores; 0 is the worst on the scale of the models since 2022,
            and the mean on that of the older ones, which need less.
        batch_size: Triples a batch, at least 1.
        gpus: 0 for the CPU, or 1. With more, Lightning would start the program again in each process.

    References:
        Rei et al., COMET-22, 2022, https://aclanthology.org/2022.wmt-1.52; Zouhar et al., Pitfalls and
        Outlooks in Using COMET, 2024, https://aclanthology.org/2024.wmt-1.121 (empty outputs, other
        languages); untranslated sources: https://github.com/Unbabel/COMET/issues/192.
    """

    model: str = "Unbabel/wmt22-comet-da"
    fetch: bool = field(default=False, metadata=_BESIDE)
    reference_free: bool = False
    floor: float = 0.0
    batch_size: int = field(default=16, metadata=_BESIDE)
    gpus: int = field(default=0, metadata=_BESIDE)
    place: ClassVar[str] = "models"
    executes: ClassVar[str] = "a checkpoint, which is a pickle,"
    columns: ClassVar[tuple[str, ...]] = ("score", "segments")

    def __post_init__(self) -> None:
        if self.batch_size < 1:
            raise ConfigError(f"batch_size is {self.batch_size}.", "It must be at least 1.")
        if self.gpus not in {0, 1}:
            raise ConfigError(f"gpus is {self.gpus}.", "It must be 0, for the CPU, or 1.")
        if not isfinite(self.floor):
            raise ConfigError(f"floor is {self.floor}.", "It must be a finite number.")

    @property
    def needs(self) -> frozenset[Need]:
        """The source, and references unless the model reads none."""
        return frozenset({Need.SOURCE} if self.reference_free else {Need.SOURCE, Need.REFERENCES})

    @property
    def scores(self) -> tuple[ScoreSpec, ...]:
        """One score; the models are regressions, so that no range is certain."""
        name = "comet_qe" if self.reference_free else "comet"
        return (ScoreSpec(name=name, low=-inf, high=inf, higher_is_better=True),)

    def measure(self, segments: Sequence[Segment]) -> Rows:
        """Take the model's score and a count."""
        return measure_together(self, segments, self._together)

    def reduce(self, sums: Array) -> Array:
        """Divide the sum of the scores by the number of segments."""
        return ratio(sums[..., :1], sums[..., 1:])

    def signature(self, language: str) -> str:
        """Name the model, the hash of its checkpoint, what is floored, and the version.

        Raises:
            MissingExtraError: The package is not installed.
            MetricError: There is no such checkpoint.
        """
        _comet()
        checkpoint = _checkpoint(self.model, self.fetch)
        return sign(
            "comet",
            lang=language,
            model=_model_name(self.model, checkpoint),
            checkpoint=_digest(checkpoint),
            refs="none" if self.reference_free else "max",
            floor=f"{self.floor:g}",
            floored=_FLOORED,
            version=f"{_PACKAGE}-{version(_PACKAGE)}",
        )

    @classmethod
    def from_parts(cls, parts: Mapping[str, str]) -> Self:
        """Make the metric that signs with these parts; a local checkpoint must be where the program runs."""
        return cls(model=parts["model"], reference_free=parts["refs"] == "none", floor=float(parts["floor"]))

    def _together(self, segments: list[Segment]) -> Batch:
        floored = {i: item for i, segment in enumerate(segments) if (item := self._floored(segment))}
        triples = {i: self._triples(segment) for i, segment in enumerate(segments) if i not in floored}
        known = self._judge(list(dict.fromkeys(triple for found in triples.values() for triple in found)))
        values = np.ones((len(segments), 2))
        values[list(floored), 0] = self.floor
        for i, found in triples.items():
            values[i, 0] = np.max([known[triple] for triple in found])  # NaN where one is
        return Batch(
            values=values,
            unscored={i: "the model gave no finite number" for i in triples if not isfinite(values[i, 0])},
            evidence={i: (item,) for i, item in floored.items()},
        )

    def _triples(self, segment: Segment) -> list["_Triple"]:
        references = ("",) if self.reference_free else segment.references
        return [(segment.source or "", segment.candidate or "", reference) for reference in references]

    def _judge(self, triples: Sequence["_Triple"]) -> Mapping["_Triple", float]:
        """Ask the model for each triple of source, candidate and reference."""
        if not triples:
            return {}
        names = ("src", "mt") if self.reference_free else ("src", "mt", "ref")
        samples = [dict(zip(names, triple, strict=False)) for triple in triples]
        model = _model(self.model, self.fetch)
        with _quiet():
            found = model.predict(
                samples,
                batch_size=self.batch_size,
                gpus=self.gpus,
                progress_bar=False,
                num_workers=2 * self.gpus,  # on the CPU the model itself has use for every core
            )
        return {triple: float(score) for triple, score in zip(triples, found.scores, strict=True)}

    def _floored(self, segment: Segment) -> Evidence | None:
        """Say why an output never reaches the model; None where it does."""
        text = segment.candidate or ""
        if not any(character.isprintable() and not character.isspace() for character in text):
            return Evidence(kind="empty", message=f"The output is empty, and scores the floor {self.floor:g}.")
        if _plain(text) in {_plain(reference) for reference in segment.references}:
            return None
        kind, problem = _fault(segment, text)
        if kind is None:
            return None
        message = f"{problem}; it scores the floor {self.floor:g}."
        return Evidence(kind=kind, message=message, start=0, end=len(text))


_Triple = tuple[str, str, str]


def _fault(segment: Segment, text: str) -> tuple[str | None, str]:
    """Tell a copied source and a text in the wrong script, in a text that no reference equals."""
    copied = segment.source_language != segment.language and _plain(text) == _plain(segment.source or "")
    shares = script_shares(text)
    if copied and len(shares) > 0:
        return "copied_source", "The output is the source, untranslated"
    share = shares.get(segment.language, 1.0)
    if share < 0.5 and all(_mostly_in(segment.language, reference) for reference in segment.references):
        return "wrong_language", f"Only {share:.0%} of the text is in the script of {lookup(segment.language).name}"
    return None, ""


def _mostly_in(language: str, text: str) -> bool:
    return script_shares(text).get(language, 0.0) >= 0.5


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


@contextmanager
def _quiet() -> Iterator[None]:
    """Hold back what Lightning says of hardware and of its own products at each prediction."""
    logger = logging.getLogger("pytorch_lightning")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _comet() -> Any:
    try:
        with _quiet():
            return require("comet", package=_PACKAGE, extra="comet", purpose="metric=comet")
    except ImportError as error:
        raise MetricError(
            f"The package '{_PACKAGE}' cannot be imported: {located(error)}.",
            "Install it in an environment of its own, with setuptools<81: pip install 'tercet[comet]'",
        ) from error


@cache
def _checkpoint(model: str, fetch: bool) -> Path:
    place = Path(model)
    place = place / _CHECKPOINT if place.is_dir() else place
    if place.is_file():
        return place
    if not fetch:
        raise MetricError(
            f"There is no checkpoint '{model}' here.",
            "Set metrics.comet.model=FILE to a model.ckpt, or metrics.comet.fetch=true to download the model.",
        )
    try:
        return Path(_comet().download_model(model))
    except Exception as error:  # the package raises KeyError for all that may go wrong
        raise MetricError(
            f"The model '{model}' cannot be downloaded: {located(error)}.",
            "Check metrics.comet.model and the network; a gated model needs its licence accepted on the hub.",
        ) from error


@cache
def _digest(checkpoint: Path) -> str:
    with checkpoint.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


@cache
def _model(model: str, fetch: bool) -> Any:
    comet = _comet()
    checkpoint = _checkpoint(model, fetch)
    try:
        with _quiet():
            return comet.load_from_checkpoint(str(checkpoint), local_files_only=not fetch)
    except Exception as error:  # torch, Lightning and transformers raise what they like
        raise MetricError(
            f"The checkpoint '{checkpoint}' cannot be loaded: {located(error)}.",
            "Its folder's parent holds hparams.yaml; the encoder that this names must be in the hub's cache,"
            " or set metrics.comet.fetch=true.",
        ) from error


def _model_name(model: str, checkpoint: Path) -> str:
    """Name a model by its name on the hub, or its folder; never by a place on this machine."""
    if not Path(model).exists():
        name = model
    elif checkpoint.parts[-2:] == _CHECKPOINT.parts:
        name = checkpoint.resolve().parents[1].name
    else:
        name = checkpoint.stem
    return re.sub(r"\s+", "_", name)
