"""The Python interface, for notebooks and tests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, overload

import yaml

from tercet.components import structured, target
from tercet.composing import config_folder
from tercet.errors import ConfigError, MetricError, nearest
from tercet.metrics.contract import Array, Metric, sign
from tercet.pipeline import measure_segments
from tercet.records import Evidence, Segment
from tercet.runs import load_run
from tercet.scores import Score, SegmentTable
from tercet.signatures import check_comparable, parse
from tercet.text.languages import detect
from tercet.text.languages import language as lookup

__all__ = ["MeasuredSegment", "Result", "check_comparable", "load_run", "measure", "metric_from"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredSegment:
    """One segment's scores.

    Args:
        scores: By name; None where the segment is unscored. A score that this segment cannot have
            is left out, and ``gaps`` says why.
        unscored: Why there are no scores; None where there are.
        evidence: What a person would want to see behind them.
        gaps: Why single scores are missing.
    """

    scores: dict[str, float] | None
    unscored: str | None
    evidence: tuple[Evidence, ...] = ()
    gaps: dict[str, str] = field(default_factory=dict)


class _Segments(Sequence[MeasuredSegment]):
    """The segments of a result, each put together when it is asked for."""

    def __init__(self, table: SegmentTable, evidence: Sequence[tuple[Evidence, ...]]) -> None:
        self._table = table
        self._evidence = evidence

    def __len__(self) -> int:
        return len(self._table)

    @overload
    def __getitem__(self, index: int) -> MeasuredSegment: ...

    @overload
    def __getitem__(self, index: slice) -> list[MeasuredSegment]: ...

    def __getitem__(self, index: int | slice) -> MeasuredSegment | list[MeasuredSegment]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        item = self._table[index]
        return MeasuredSegment(
            scores=item.scores, unscored=item.unscored, evidence=self._evidence[index], gaps=item.gaps
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a metric measured.

    Args:
        scores: Corpus scores by name; a score that no segment has is left out.
        segments: In the order of the candidates.
        rows: (n, k) additive statistics, NaN for unscored segments; the corpus scores are the
            metric's ``reduce`` of their sum.
        signature: Everything that fixes the scores.
        counts: Per score, how many of how many segments it is made of, and why not the others.
    """

    scores: dict[str, float]
    segments: Sequence[MeasuredSegment]
    rows: Array
    signature: str
    counts: dict[str, Score]


def measure(  # noqa: PLR0913 (all but the first are named)
    metric: str | Metric,
    *,
    candidates: Sequence[str],
    references: Sequence[str] | Sequence[Sequence[str]] | None = None,
    sources: Sequence[str] | None = None,
    language: str = "zh",
    source_language: str | None = None,
    parallels: Sequence[str] | None = None,
    **options: Any,
) -> Result:
    """Score candidates with one metric.

    Args:
        metric: A name of ``conf/metric``, or a metric.
        candidates: n texts.
        references: n texts, or n lists of texts where there are several for a candidate.
        sources: n texts that the candidates must be faithful to.
        language: Language of candidates and references.
        source_language: Language of the sources; None tells it by the script of each.
        parallels: n texts of the same systems in another language, which is told by the script of each.
        **options: The metric's own, as in its yaml.

    Returns:
        Corpus and segment scores, rows and signature.

    Raises:
        MetricError: Lengths differ, or there is nothing to score.
        ConfigError: The metric or an option is unknown.

    >>> measure("chrf", candidates=["他走了。"], references=["他走了。"]).scores
    {'chrf': 100.0}
    """
    built = _metric(metric, options)
    code = lookup(language).code
    segments = _segments(candidates, references, sources, code, source_language)
    segments = _with_parallels(segments, parallels)
    found = measure_segments(built, segments, code)
    return Result(
        scores={name: score.value for name, score in found.scores.items() if score.value is not None},
        segments=_Segments(found.by_segment, found.rows.evidence),
        rows=found.rows.values,
        signature=found.signature,
        counts=dict(found.scores),
    )


def metric_from(signature: str) -> tuple[Metric, str]:
    """Make the metric that a signature names, with its options, and its language.

    Raises:
        MetricError: It is no signature, or its metric cannot be made from one.
        ConfigError: There is no such metric.
        NotComparableError: With the versions that are installed the metric would sign otherwise; the
            error names the difference.

    >>> metric, language = metric_from(measure("chrf", candidates=["他走了。"], references=["他走了。"]).signature)
    >>> metric.scores[0].name, language
    ('chrf', 'zh')
    """
    found = parse(signature)
    maker = getattr(_class_of(found.metric)[0], "from_parts", None)
    if maker is None or "lang" not in found.parts:
        raise MetricError(f"'{found.metric}' cannot be made from a signature.", "Name it, and give its options.")
    try:
        built: Metric = maker(found.parts)
    except (KeyError, ValueError) as error:
        raise MetricError(
            f"The signature of '{found.metric}' is not whole: {error}.", "Copy it as it stands beside the score."
        ) from error
    own = parse(built.signature(found.parts["lang"])).parts
    here = sign(found.metric, **{key: own.get(key, value) for key, value in found.parts.items()})
    check_comparable(sign(found.metric, **found.parts), here)
    return built, found.parts["lang"]


def _metric(metric: str | Metric, options: dict[str, Any]) -> Metric:
    if not isinstance(metric, str):
        if options:
            raise ConfigError("Options are for metrics that are named.", "Give them to the metric itself.")
        return metric
    cls, values = _class_of(metric)
    built: Metric = structured(cls, {**values, **options}, f"metrics.{metric}")
    return built


def _class_of(metric: str) -> tuple[type[Any], dict[str, Any]]:
    """Look up the class of a metric of ``conf/metric``, and the options of its yaml."""
    folder = config_folder() / "metric"
    known = {path.stem: path for path in folder.glob("*.yaml")}
    if metric not in known:
        raise ConfigError(f"There is no metric '{metric}'.", nearest(metric, known))
    values: dict[str, Any] = yaml.safe_load(known[metric].read_text("utf-8"))
    return target(values.pop("_target_"), f"metrics.{metric}"), values


def _segments(
    candidates: Sequence[str],
    references: Sequence[str] | Sequence[Sequence[str]] | None,
    sources: Sequence[str] | None,
    code: str,
    source_language: str | None,
) -> list[Segment]:
    texts = _texts("candidates", candidates)
    if not texts:
        raise MetricError("There are no candidates.", "Give at least one text.")
    several = [None] * len(texts) if references is None else list(_listed("references", references))
    origins = [None] * len(texts) if sources is None else _texts("sources", sources)
    for name, found in (("references", several), ("sources", origins)):
        if len(found) != len(texts):
            raise MetricError(f"{len(texts)} candidates, but {name} has {len(found)}.", "Give one for each candidate.")
    given = lookup(source_language).code if source_language is not None else None
    return [
        Segment(
            id=str(i),
            candidate=candidate,
            references=_references(reference, i),
            source=source,
            language=code,
            source_language=None if source is None else given or detect(source),
        )
        for i, (candidate, reference, source) in enumerate(zip(texts, several, origins, strict=True), 1)
    ]


def _with_parallels(segments: list[Segment], parallels: Sequence[str] | None) -> list[Segment]:
    if parallels is None:
        return segments
    texts = _texts("parallels", parallels)
    if len(texts) != len(segments):
        raise MetricError(
            f"{len(segments)} candidates, but parallels has {len(texts)}.", "Give one for each candidate."
        )
    return [
        replace(segment, parallels={} if text is None else {detect(text) or _other(segment.language): text})
        for segment, text in zip(segments, texts, strict=True)
    ]


def _other(code: str) -> str:
    return "en" if code == "zh" else "zh"


def _references(value: Any, number: int) -> tuple[str, ...]:
    if value is None:
        return ()
    found = [value] if isinstance(value, str) else _listed(f"references[{number - 1}]", value)
    if any(not isinstance(text, str) for text in found):
        raise MetricError(f"A reference of candidate {number} is no text.", "Leave it out where there is none.")
    return tuple(found)


def _texts(name: str, values: Any) -> list[str | None]:
    found = _listed(name, values)
    for i, value in enumerate(found):
        if value is not None and not isinstance(value, str):
            raise MetricError(f"{name}[{i}] is no text but {type(value).__name__}.", "Give texts, or None for a gap.")
    return found


def _listed(name: str, values: Any) -> list[Any]:
    """Take any iterable of values but a text: a list, a generator, an array, a column."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        kind = "one text" if isinstance(values, str) else type(values).__name__
        raise MetricError(f"{name} is {kind}.", "Give a list, one for each candidate.")
    return list(values)
