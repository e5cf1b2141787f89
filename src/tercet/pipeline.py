"""From outputs to rows: segments and measurements. Nothing is written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from tercet.errors import MetricError, TercetError, located
from tercet.metrics.contract import LOST, Metric, Rows
from tercet.records import Case, Output, Segment
from tercet.scores import Score, SegmentTable, corpus_scores, segment_scores, sound

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What one metric found in the outputs of one language."""

    metric: Metric
    segments: Sequence[Segment]
    rows: Rows
    by_segment: SegmentTable
    signature: str

    @property
    def scores(self) -> Mapping[str, Score]:
        """By name, those of all segments together."""
        return corpus_scores(self.metric, self.rows, self.by_segment)


def segments_of(cases: Sequence[Case], outputs: Sequence[Output]) -> dict[str, list[Segment]]:
    """Pair each output with its article's source and references, by target language."""
    found: dict[str, list[Segment]] = {}
    texts: dict[tuple[str, int], dict[str, str]] = {}
    for output in outputs:
        if output.text is not None:
            texts.setdefault((output.article_id, output.repeat), {})[output.target_language] = output.text
    for case, output in zip(cases, outputs, strict=True):
        article = case.article
        others = texts.get((article.id, case.repeat), {}).items()
        found.setdefault(case.target_language, []).append(
            Segment(
                id=case.id,
                candidate=output.text,
                references=tuple(r.text for r in article.references.get(case.target_language, ())),
                source=article.source,
                language=case.target_language,
                source_language=article.language if article.source is not None else None,
                cluster=article.cluster or article.id,
                repeat=case.repeat,
                absent=f"{LOST}{output.failure}" if output.failure else None,
                date=article.date,
                parallels={code: text for code, text in others if code != case.target_language},
                key_points={
                    code: summaries[0].key_points for code, summaries in article.references.items() if summaries
                },
            )
        )
    return found


def check_metrics(metrics: Iterable[Metric], languages: Sequence[str]) -> list[str]:
    """Let each metric sign for each language, so that missing weights are named before anything runs.

    Returns:
        The signatures: a run whose metrics sign otherwise, with weights that have come since, is another.

    Raises:
        TercetError: A metric cannot measure: the error says what it needs.
    """
    return [_guarded(metric, partial(metric.signature, code)) for metric in metrics for code in languages]


def measure_segments(metric: Metric, segments: Sequence[Segment], language: str) -> Measurement:
    """Measure segments of one language and score them, each by itself and together."""
    return _guarded(metric, partial(_measured, metric, segments, language))


def _guarded(metric: Metric, work: Callable[[], Result]) -> Result:
    """Turn whatever a user's class may raise into an error that names the metric."""
    try:
        return work()
    except TercetError:
        raise
    except Exception as error:
        raise MetricError(
            f"'{type(metric).__name__}' failed: {located(error)}.", "This is a fault of the metric."
        ) from error


def _measured(metric: Metric, segments: Sequence[Segment], language: str) -> Measurement:
    rows = sound(metric, segments, metric.measure(segments))
    by_segment = segment_scores(metric, rows)
    return Measurement(
        metric=metric,
        segments=segments,
        rows=rows,
        by_segment=by_segment,
        signature=_signed(metric, segments, language),
    )


def _signed(metric: Metric, segments: Sequence[Segment], language: str) -> str:
    """Add to a metric's signature what the segments fix: the number of references, and what it says itself."""
    counts = sorted({len(segment.references) for segment in segments if segment.references})
    references = str(counts[0]) if len(counts) == 1 else "var" if counts else "0"
    own = getattr(metric, "signature_of", None)
    more = own(segments) if own is not None else ""
    return "|".join(part for part in (metric.signature(language), more, f"nrefs:{references}") if part)
