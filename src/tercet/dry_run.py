"""What a sweep would take, before anything is asked: calls, tokens, cost, and what the cache has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tercet.backends import Forecast, Request
from tercet.cache import Cache, digest
from tercet.generating import RequestMaker, System, answers_of, is_costly, restored
from tercet.records import Case, Usage
from tercet.routes import Step
from tercet.spending import Price
from tercet.text.estimates import about_tokens


@dataclass(slots=True)
class Outlook:
    """What the calls of one model in one role will take; tokens are estimates.

    Args:
        role: ``summarize`` or ``translate``.
        name: The backend's.
        model: The one behind it; a sweep may name several.
        price: What its tokens cost; None where nobody said.
        calls: How many will be made.
        cached: How many need not be.
        prompt: Tokens of the prompts.
        answer: Tokens of the answers, as long as the references.
        most: Tokens of the answers, where each is as long as it may be.
    """

    role: str
    name: str
    model: str | None
    price: Price | None
    calls: int = 0
    cached: int = 0
    prompt: int = 0
    answer: int = 0
    most: int = 0

    @property
    def cost(self) -> float | None:
        """About what it will cost, in US dollars."""
        return None if self.price is None else self.price.of(Usage(prompt=self.prompt, answer=self.answer))

    @property
    def dearest(self) -> float | None:
        """What it will cost where each answer is as long as it may be."""
        return None if self.price is None else self.price.of(Usage(prompt=self.prompt, answer=self.most))


@dataclass(slots=True)
class _Way:
    """A case on its way: its text where it is known, else what it will come of."""

    case: Case
    text: str | None
    after: str | None = None
    ended: bool = False

    def stand_in(self, step: Step) -> str:
        """The text, or one that is about as long: a reference in its language."""
        if self.text is not None:
            return self.text
        references = self.case.article.references.get(step.source, ())
        return references[0].text if references else self.case.article.source or ""


def outlook(runs: Iterable[tuple[Sequence[Case], System]], cache: Cache) -> list[Outlook]:
    """Forecast runs that share a cache: what one of them asks, the next one has.

    What a translation will be asked is not known before the summary is there: it counts as a call, as long as the
    reference. Backends that compute are run, since they cost nothing.

    Raises:
        BackendError: Such a backend is at fault, or the cache holds what its own backend cannot read.
    """
    found: dict[tuple[object, ...], Outlook] = {}
    seen: set[str] = set()
    for cases, system in runs:
        ways = [_Way(case, case.given) for case in cases]
        for role in system.route.stages:
            asked = [(way, step) for way in ways for step in system.route.steps(way.case) if step.role == role]
            backend: Any = system.backends[role]
            for way, _ in asked:
                way.ended = way.ended or (way.text is None and way.after is None and "text" in backend.reads)
            asked = [(way, step) for way, step in asked if not way.ended]
            if is_costly(backend):
                of = (role, system.names[role], backend.model, system.price(role))
                at = found.setdefault(of, Outlook(*of))
                _ask(asked, RequestMaker(system, role), backend, cache, (at, seen if backend.cacheable else set()))
            else:
                _compute(asked, RequestMaker(system, role), backend, system.names[role])
    return list(found.values())


def _ask(
    asked: Sequence[tuple[_Way, Step]],
    maker: RequestMaker,
    backend: Any,
    cache: Cache,
    counted: tuple[Outlook, set[str]],
) -> None:
    """Count a model's calls, and go on with the replies that are in the cache."""
    at, seen = counted
    requests: list[tuple[_Way, Step, Request, str]] = []
    for way, step in asked:
        request = maker.request(way.case, step, way.stand_in(step))
        key = maker.key(request) if way.after is None else _key_after(maker, way, step)
        requests.append((way, step, request, key))
    kept = cache.find({key for way, _, _, key in requests if way.after is None}) if backend.cacheable else {}
    for way, step, request, key in requests:
        if key in kept:
            way.text = restored(backend, at.name, request, kept[key]).text
        else:
            way.text, way.after = None, key
        if key in seen:
            continue
        seen.add(key)
        if key in kept:
            at.cached += 1
        else:
            _count(at, backend.forecast(request), _answer_tokens(way.case, step))


def _key_after(maker: RequestMaker, way: _Way, step: Step) -> str:
    """Name what is not known yet by what it comes of, so that it is the same for all that it serves."""
    return digest(maker.key(maker.request(way.case, step, "")), way.after)


def _count(at: Outlook, forecast: Forecast, answer: int | None) -> None:
    at.calls += 1
    at.prompt += forecast.prompt
    at.answer += forecast.answer if answer is None else min(answer, forecast.answer)
    at.most += forecast.answer


def _answer_tokens(case: Case, step: Step) -> int | None:
    references = case.article.references.get(step.target, ())
    return about_tokens(references[0].text) if references else None


def _compute(asked: Sequence[tuple[_Way, Step]], maker: RequestMaker, backend: Any, name: str) -> None:
    """Run a backend that costs nothing over the texts that are known; what follows unknown ones is unknown too."""
    known = []
    for way, step in asked:
        if way.after is None:
            known.append((way, maker.request(way.case, step, way.text)))
        else:
            way.after = _key_after(maker, way, step)
    for index, reply in answers_of(backend, name, [request for _, request in known], known) if known else ():
        way = known[index][0]
        way.text, way.ended = reply.text, reply.text is None
