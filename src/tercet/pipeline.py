"""From a corpus to rows: cases, their stages, outputs, segments, measurements. Nothing is written."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import numpy as np

from tercet.articles import Loaded
from tercet.errors import BackendError, ConfigError, MetricError, TercetError, located
from tercet.examples import examples_of
from tercet.generating import System, is_costly
from tercet.metrics.contract import LOST, Metric, Rows
from tercet.records import Article, Case, Output, Segment
from tercet.routes import GROUPS
from tercet.scores import Score, SegmentTable, corpus_scores, segment_scores, sound
from tercet.stats.bootstrap import interval
from tercet.stats.variance import Components, components

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What one metric found in the outputs of one language."""

    segments: Sequence[Segment]
    rows: Rows
    by_segment: SegmentTable
    scores: Mapping[str, Score]
    signature: str


def plan(
    corpus: Loaded, system: System, languages: Sequence[str] | None, limit: int | None, repeats: int = 1
) -> list[Case]:
    """Make the cases of a corpus, and check that every stage can be served, before anything runs.

    Args:
        corpus: The articles.
        system: Route and backends.
        languages: Target languages; None takes those that the references are in.
        limit: How many articles at most, from the first.
        repeats: How often each case is made.

    Raises:
        ConfigError: There is nothing to do, or there are fewer examples than a prompt shows.
        BackendError: A backend cannot serve a stage that a case needs.
    """
    if not corpus.articles:
        raise ConfigError("The corpus is empty.", "Check the corpus's path.")
    articles = corpus.articles if limit is None else corpus.articles[:limit]
    present = sorted({code for article in articles for code in article.references})
    targets = present if languages is None else list(languages)
    cases = [
        replace(case, repeat=repeat)
        for target in targets
        for article in articles
        if languages is not None or target in article.references
        if (case := system.route.case(article, target)) is not None
        for repeat in range(repeats)
    ]
    if not cases:
        raise ConfigError(
            f"The route has nothing to do: {len(articles)} articles, references in {present or 'no language'}.",
            "Set languages=[...], or another route.",
        )
    _check_service(cases, system)
    return cases


def _check_service(cases: Sequence[Case], system: System) -> None:
    for role in system.route.stages:
        if not system.backends[role].reads & {"text", "case_id"}:
            raise BackendError(
                f"'{system.names[role]}' reads neither the text nor the case, so that it has nothing to answer by.",
                "Give its class reads = frozenset({'text'}).",
            )
    steps = sorted(
        {
            (step.role, step.source, step.target)
            for case in cases
            for step in system.route.steps(case)
            if case.given is not None or "text" not in system.backends[step.role].reads
        }
    )
    for role, source, target in steps:
        reason = system.backends[role].refuses(role, source, target)
        if reason:
            remedy = "Or set languages=[...]."
            if is_costly(system.backends[role]):
                remedy = f"Options of '{system.names[role]}' are set as {GROUPS[role]}.model=NAME."
            raise BackendError(f"{role.capitalize()} from '{source}' to '{target}': {reason}.", remedy)
        _check_examples(system, role, source, target)


def _check_examples(system: System, role: str, source: str, target: str) -> None:
    wanted = getattr(system.backends[role], "examples", 0)
    found = len(examples_of(system.held, role, source, target)) if wanted else 0
    if found < wanted:
        raise ConfigError(
            f"The prompt of '{system.names[role]}' shows {wanted} examples, and of the articles that are held apart "
            f"{found} can show how to {role} from '{source}' to '{target}'.",
            f"Set held_apart to {wanted} or more, languages=[...], or another prompt.",
        )


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


def check_metrics(metrics: Iterable[Metric], cases: Sequence[Case]) -> list[str]:
    """Let each metric sign for each language, so that missing weights are named before anything runs.

    Returns:
        The signatures: a run whose metrics sign otherwise, with weights that have come since, is another.

    Raises:
        TercetError: A metric cannot measure: the error says what it needs.
    """
    languages = sorted({case.target_language for case in cases})
    return [_guarded(metric, partial(metric.signature, code)) for metric in metrics for code in languages]


def measure_segments(metric: Metric, segments: Sequence[Segment], language: str) -> Measurement:
    """Measure segments of one language and score them, each by itself and together."""
    return _guarded(metric, partial(_measured, metric, segments, language))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How far the scores of a measurement would move.

    Args:
        intervals: By score, where it would lie with other articles, in 95 of 100 cases; None where there are too few.
        variances: By score, the variance of its segments between articles and between generations of one article.
    """

    intervals: Mapping[str, tuple[float, float] | None]
    variances: Mapping[str, Components]


def spread(metric: Metric, found: Measurement, seed: int) -> Spread:
    """Resample the articles of a measurement, and tell apart what its segments vary by.

    Args:
        metric: That measured.
        found: What it measured.
        seed: Of the resamples.
    """
    articles = [segment.cluster or segment.id for segment in found.segments]
    present = found.by_segment.present()
    intervals = interval(found.rows.values, articles, metric.reduce, seed=seed, present=present)
    names = [spec.name for spec in metric.scores]
    values = np.where(present, found.by_segment.values, np.nan)
    return Spread(
        intervals=dict(zip(names, intervals.pairs(), strict=True)),
        variances={name: components(values[:, i], articles) for i, name in enumerate(names)},
    )


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
        segments=segments,
        rows=rows,
        by_segment=by_segment,
        scores=corpus_scores(metric, rows, by_segment),
        signature=_signed(metric, segments, language),
    )


def _signed(metric: Metric, segments: Sequence[Segment], language: str) -> str:
    """Add to a metric's signature what the segments fix: the number of references, and what it says itself."""
    counts = sorted({len(segment.references) for segment in segments if segment.references})
    references = str(counts[0]) if len(counts) == 1 else "var" if counts else "0"
    own = getattr(metric, "signature_of", None)
    more = own(segments) if own is not None else ""
    return "|".join(part for part in (metric.signature(language), more, f"nrefs:{references}") if part)


def articles_as_json(articles: Sequence[Article]) -> Iterator[dict[str, object]]:
    """Write articles as JSON can hold them, for the corpus hash."""
    for a in articles:
        yield {
            "id": a.id,
            "language": a.language,
            "source": a.source,
            "references": {code: [s.text for s in found] for code, found in a.references.items()},
            "title": a.title,
            "date": a.date.isoformat() if a.date else None,
            "tags": list(a.tags),
            "cluster": a.cluster,
        }
