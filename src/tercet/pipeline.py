"""From a corpus to rows: cases, their stages, outputs, segments, measurements. Nothing is written."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from tercet.articles import Loaded
from tercet.backends import Backend, Reply, Request
from tercet.cache import Cache, digest
from tercet.errors import BackendError, ConfigError, MetricError, TercetError, located
from tercet.metrics.contract import Metric, Need, Rows
from tercet.provenance import code_of
from tercet.records import Article, Case, Output, Segment, Stage
from tercet.routes import Route, Step
from tercet.scores import Score, SegmentTable, corpus_scores, segment_scores, sound

Result = TypeVar("Result")
_FAULT = "This is a fault of the backend."
Tell = Callable[[str, int, int], None]  # what is going on, how many are done, of how many


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Who does the stages of a route: a backend, with its name, for each role."""

    route: Route
    backends: Mapping[str, Backend]
    names: Mapping[str, str]

    @property
    def name(self) -> str:
        """The backends in the order of the stages, as in ``lead + glossary``."""
        return " + ".join(self.names[role] for role in self.route.stages)

    @property
    def bound(self) -> str | None:
        """Whether a stage makes this a bound: ``upper`` before ``floor``; None for a system."""
        kinds = {self.backends[role].bound for role in self.route.stages}
        return "upper" if "upper" in kinds else "floor" if "floor" in kinds else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What one metric found in the outputs of one language."""

    segments: Sequence[Segment]
    rows: Rows
    by_segment: SegmentTable
    scores: Mapping[str, Score]
    signature: str


@dataclass(slots=True)
class _Progress:
    """A case on its way: its text so far, or why it has none."""

    case: Case
    text: str | None
    failure: str | None
    stages: list[Stage] = field(default_factory=list)


def plan(corpus: Loaded, system: System, languages: Sequence[str] | None, limit: int | None) -> list[Case]:
    """Make the cases of a corpus, and check that every stage can be served, before anything runs.

    Args:
        corpus: The articles.
        system: Route and backends.
        languages: Target languages; None takes those that the references are in.
        limit: How many articles at most, from the first.

    Raises:
        ConfigError: There is nothing to do.
        BackendError: A backend cannot serve a stage that a case needs.
    """
    if not corpus.articles:
        raise ConfigError("The corpus is empty.", "Check the corpus's path.")
    articles = corpus.articles if limit is None else corpus.articles[:limit]
    present = sorted({code for article in articles for code in article.references})
    targets = present if languages is None else list(languages)
    cases = [
        case
        for target in targets
        for article in articles
        if languages is not None or target in article.references
        if (case := system.route.case(article, target)) is not None
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
            raise BackendError(
                f"{role.capitalize()} from '{source}' to '{target}': {reason}.", "Or set languages=[...]."
            )


def generate(cases: Sequence[Case], system: System, cache: Cache, tell: Tell) -> list[Output]:
    """Bring each case through its stages; a failure stays in its place.

    Args:
        cases: From ``plan``.
        system: Route and backends.
        cache: Replies that are there are not asked for again.
        tell: Told of progress, stage by stage.
    """
    ways = [_Progress(case, case.given, None) for case in cases]
    for role in system.route.stages:
        asked = [
            (way, step)
            for way in ways
            if way.failure is None
            for step in system.route.steps(way.case)
            if step.role == role
        ]
        backend = system.backends[role]
        for way, _ in asked:
            if way.text is None and "text" in backend.reads:
                way.failure = Need.SOURCE.value
        _stage([item for item in asked if item[0].failure is None], backend, system.names[role], _Asking(cache, tell))
    return [
        Output(
            case_id=way.case.id,
            article_id=way.case.article.id,
            target_language=way.case.target_language,
            text=way.text if way.failure is None else None,
            failure=way.failure,
            stages=tuple(way.stages),
        )
        for way in ways
    ]


@dataclass(frozen=True, slots=True)
class _Asking:
    cache: Cache
    tell: Tell


def _stage(asked: Sequence[tuple[_Progress, Step]], backend: Backend, name: str, asking: _Asking) -> None:
    requests: dict[str, Request] = {}
    keys = []
    identity = [code_of(type(backend)), backend.identity()] if asked else []
    for way, step in asked:
        request = _request(way, step, backend)
        key = digest(identity, request_key(request))
        keys.append(key)
        requests.setdefault(key, request)
    replies = _replies(requests, backend, name, asking)
    for (way, step), key in zip(asked, keys, strict=True):
        reply = replies[key]
        way.text = reply.text
        if reply.text is None:
            way.failure = f"{step.role} by {name}: {reply.failure or 'no reason was given'}"
        way.stages.append(
            Stage(
                role=step.role,
                backend=name,
                source_language=step.source,
                target_language=step.target,
                text=reply.text,
            )
        )


def request_key(request: Request) -> list[object]:
    """List what of a request decides the answer."""
    return [
        request.role,
        request.text,
        request.source_language,
        request.target_language,
        request.case_id,
        list(request.references),
    ]


def _request(way: _Progress, step: Step, backend: Backend) -> Request:
    references = way.case.article.references.get(step.source, ())
    return Request(
        role=step.role,
        text=way.text or "" if "text" in backend.reads else "",
        source_language=step.source,
        target_language=step.target,
        case_id=way.case.id if "case_id" in backend.reads else None,
        references=tuple(r.text for r in references) if "references" in backend.reads else (),
    )


def _replies(requests: Mapping[str, Request], backend: Backend, name: str, asking: _Asking) -> dict[str, Reply]:
    cached = asking.cache.find(requests) if backend.cacheable else {}
    replies = {key: Reply(text=text) for key, text in cached.items()}
    missing = [key for key in requests if key not in replies]
    asking.tell(name, len(replies), len(requests))
    for index, reply in _answers(backend, name, [requests[key] for key in missing]):
        if not 0 <= index < len(missing):
            raise BackendError(
                f"'{name}' answered request {index} of {len(missing)}, counted from 0.",
                _FAULT,
            )
        key = missing[index]
        if key in replies:
            raise BackendError(f"'{name}' answered request {index} twice.", _FAULT)
        replies[key] = reply
        if reply.text is not None and backend.cacheable:
            asking.cache.store(key, reply.text)
        asking.tell(name, len(replies), len(requests))
    if len(replies) < len(requests):
        raise BackendError(f"'{name}' answered {len(replies)} of {len(requests)} requests.", _FAULT)
    return replies


def _answers(backend: Backend, name: str, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
    """Pass a backend's answers on; what is no answer, or an exception, is the backend's fault."""
    if not requests:
        return
    try:
        for index, reply in backend.generate(requests):
            if not isinstance(reply, Reply) or not isinstance(reply.text, str | None):
                raise BackendError(f"'{name}' answered with {reply!r:.80}, which is no Reply with a text.", _FAULT)
            yield index, reply
    except TercetError:
        raise
    except Exception as error:  # whatever a user's class may raise
        raise BackendError(f"'{name}' failed: {located(error)}.", _FAULT) from error


def segments_of(cases: Sequence[Case], outputs: Sequence[Output]) -> dict[str, list[Segment]]:
    """Pair each output with its article's source and references, by target language."""
    found: dict[str, list[Segment]] = {}
    texts: dict[str, dict[str, str]] = {}
    for output in outputs:
        if output.text is not None:
            texts.setdefault(output.article_id, {})[output.target_language] = output.text
    for case, output in zip(cases, outputs, strict=True):
        article = case.article
        others = texts.get(article.id, {}).items()
        found.setdefault(case.target_language, []).append(
            Segment(
                id=case.id,
                candidate=output.text,
                references=tuple(r.text for r in article.references.get(case.target_language, ())),
                source=article.source,
                language=case.target_language,
                source_language=article.language if article.source is not None else None,
                cluster=article.cluster or article.id,
                absent=f"no output: {output.failure}" if output.failure else None,
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
