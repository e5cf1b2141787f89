"""Generation: cases are brought through their stages, and each request is asked once."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral
from threading import Event
from typing import Any

from tercet.backends import Backend, Reply, Request
from tercet.cache import Cache, digest
from tercet.errors import BackendError, TercetError, located
from tercet.examples import examples_of
from tercet.metrics.contract import Need
from tercet.provenance import code_of
from tercet.records import Article, Case, Example, Output, Stage, Usage
from tercet.routes import Route, Step
from tercet.spending import FREE, Price, Spending, dearest

_FAULT = "This is a fault of the backend."
Tell = Callable[[str, int, int], None]  # what is going on, how many are done, of how many


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Who does the stages of a route: a backend, with its name, for each role.

    ``held`` are the articles that examples are made of, and ``prices`` what the models cost.
    """

    route: Route
    backends: Mapping[str, Backend]
    names: Mapping[str, str]
    held: Sequence[Article] = ()
    prices: Mapping[str, Price] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The backends in the order of the stages, as in ``lead + glossary``."""
        return " + ".join(self.names[role] for role in self.route.stages)

    @property
    def bound(self) -> str | None:
        """Whether a stage makes this a bound: ``upper`` before ``floor``; None for a system."""
        kinds = {self.backends[role].bound for role in self.route.stages}
        return "upper" if "upper" in kinds else "floor" if "floor" in kinds else None

    def price(self, role: str) -> Price | None:
        """What the model behind a role costs; None where nobody said."""
        backend: Any = self.backends[role]
        if not is_costly(backend) or getattr(backend, "local", False):
            return FREE
        return self.prices.get(str(backend.model))


def is_costly(backend: Backend) -> bool:
    """Whether the calls of a backend cost time or money; see ``ModelBackend``."""
    return bool(getattr(backend, "costly", False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that was answered, for the first time or from the cache."""

    price: Price | None
    cached: bool
    failed: bool
    usage: Usage | None
    seconds: float | None


@dataclass(slots=True)
class Asking:
    """What the stages of a run share.

    Args:
        cache: Replies that are there are not asked for again.
        tell: Told of progress, stage by stage.
        spending: The limit of what calls may cost.
        calls: Filled with the calls of models by the cache's key, each request once.
        stopped: Set from another thread to have no more asked of models; what is under way is still answered.
    """

    cache: Cache
    tell: Tell
    spending: Spending = field(default_factory=Spending)
    calls: dict[str, Call] = field(default_factory=dict)
    stopped: Event = field(default_factory=Event)


@dataclass(slots=True)
class _Progress:
    """A case on its way: its text so far, or why it has none."""

    case: Case
    text: str | None
    failure: str | None
    stages: list[Stage] = field(default_factory=list)


def generate(cases: Sequence[Case], system: System, asking: Asking) -> list[Output]:
    """Bring each case through its stages; a failure stays in its place.

    Args:
        cases: From ``plan``.
        system: Route and backends.
        asking: Cache, progress and limits.
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
        _stage([item for item in asked if item[0].failure is None], role, system, asking)
    return [
        Output(
            case_id=way.case.id,
            article_id=way.case.article.id,
            target_language=way.case.target_language,
            text=way.text if way.failure is None else None,
            failure=way.failure,
            stages=tuple(way.stages),
            repeat=way.case.repeat,
        )
        for way in ways
    ]


def _stage(asked: Sequence[tuple[_Progress, Step]], role: str, system: System, asking: Asking) -> None:
    if not asked:
        return
    maker = RequestMaker(system, role)
    requests: dict[str, Request] = {}
    keys = []
    for way, step in asked:
        request = maker.request(way.case, step, way.text)
        key = maker.key(request)
        keys.append(key)
        requests.setdefault(key, request)
    replies = _Stage(requests, role, system, asking).replies_of_all()
    for (way, step), key in zip(asked, keys, strict=True):
        reply = replies[key]
        way.text = reply.text
        if reply.text is None:
            way.failure = f"{step.role} by {system.names[role]}: {reply.failure or 'no reason was given'}"
        way.stages.append(_stage_of(step, system.names[role], reply))


def _stage_of(step: Step, name: str, reply: Reply) -> Stage:
    failed = reply.text is None and reply.kept is None and reply.prompt is not None
    return Stage(
        role=step.role,
        backend=name,
        source_language=step.source,
        target_language=step.target,
        text=reply.text,
        answer=reply.answer,
        flaw=reply.flaw,
        prompt=reply.prompt,
        usage=reply.usage,
        attempts=reply.attempts if failed else None,
        status=reply.status if failed else None,
    )


class RequestMaker:
    """Makes a stage's requests, and the keys that the cache knows them by.

    Args:
        system: Whose stage it is.
        role: Which one.
    """

    def __init__(self, system: System, role: str) -> None:
        self.backend: Any = system.backends[role]
        """Who answers."""
        self._held = system.held
        self._class = code_of(type(self.backend))
        self._own = getattr(self.backend, "key", None)
        self._identity = None if self._own else self.backend.identity()
        self._examples: dict[Step, tuple[Example, ...]] = {}

    def request(self, case: Case, step: Step, text: str | None) -> Request:
        """Make the request of a case, with what the backend reads."""
        reads = self.backend.reads
        references = case.article.references.get(step.source, ())
        return Request(
            role=step.role,
            text=text or "" if "text" in reads else "",
            source_language=step.source,
            target_language=step.target,
            case_id=case.id if "case_id" in reads else None,
            references=tuple(r.text for r in references) if "references" in reads else (),
            examples=self._examples_of(step) if "examples" in reads else (),
            repeat=case.repeat if "repeat" in reads else 0,
            place=case.place if "place" in reads else 0,
        )

    def key(self, request: Request) -> str:
        """Hash what decides the answer: as the backend lists it, or its identity and the whole request."""
        if self._own is not None:
            return digest(self._class, self._own(request))
        return digest([self._class, self._identity], request_key(request))

    def _examples_of(self, step: Step) -> tuple[Example, ...]:
        if step not in self._examples:
            self._examples[step] = examples_of(self._held, step.role, step.source, step.target)
        return self._examples[step]


def request_key(request: Request) -> list[object]:
    """List what of a request decides the answer of a backend that names no key of its own."""
    examples = [[example.text, example.answer.text] for example in request.examples]
    return [
        request.role,
        request.text,
        request.source_language,
        request.target_language,
        request.case_id,
        list(request.references),
        *([examples, request.repeat] if examples or request.repeat else []),
    ]


def answers_of(
    backend: Any, name: str, requests: Iterable[Any], pulled: Sequence[object]
) -> Iterator[tuple[int, Reply]]:
    """Pass a backend's answers on.

    Args:
        backend: Who is asked.
        name: Its name, for messages.
        requests: What it is asked.
        pulled: What it has taken of them so far.

    Raises:
        BackendError: It answers with something else, or what was not asked, or raises whatever a user's class may.
    """
    try:
        for index, reply in backend.generate(requests):
            if not isinstance(reply, Reply) or not isinstance(reply.text, str | None):
                raise BackendError(f"'{name}' answered with {reply!r:.80}, which is no Reply with a text.", _FAULT)
            if not isinstance(index, Integral) or not 0 <= int(index) < len(pulled):
                raise BackendError(f"'{name}' answered request {index!r:.80} of {len(pulled)}, counted from 0.", _FAULT)
            yield int(index), reply
    except TercetError:
        raise
    except Exception as error:
        raise BackendError(f"'{name}' failed: {located(error)}.", _FAULT) from error


def restored(backend: Backend, name: str, request: Request, kept: str) -> Reply:
    """Read what the cache kept of a reply, as the backend that made it does.

    Raises:
        BackendError: It cannot.
    """
    restore = getattr(backend, "restore", None)
    if restore is None:
        return Reply(text=kept)
    try:
        reply: Reply = restore(request, kept)
    except Exception as error:  # whatever a user's class may raise, and a file may hold
        raise BackendError(
            f"'{name}' cannot read what the cache kept of a reply: {located(error)}.",
            "Remove what it has of this model: tercet cache prune --model NAME.",
        ) from error
    return reply


class _Stage:
    """The requests of one stage on their way to replies."""

    def __init__(self, requests: Mapping[str, Request], role: str, system: System, asking: Asking) -> None:
        self._requests = requests
        self._backend: Any = system.backends[role]
        self._name = system.names[role]
        self._price = system.price(role)
        self._asking = asking
        self._replies: dict[str, Reply] = {}
        self._cached: set[str] = set()
        self._pulled: list[str] = []

    def replies_of_all(self) -> dict[str, Reply]:
        """Look replies up, and ask for those that are not there.

        Raises:
            BackendError: The backend leaves a request out, or answers one twice, or raises.
        """
        if self._backend.cacheable:
            for key, kept in self._asking.cache.find(self._requests).items():
                self._take(key, kept)
        missing = [key for key in self._requests if key not in self._replies]
        self._tell()
        if missing:
            source = self._waiting(missing) if is_costly(self._backend) else self._all(missing)
            for index, reply in answers_of(self._backend, self._name, source, self._pulled):
                self._answered(index, reply)
        if len(self._replies) < len(self._requests):
            raise BackendError(
                f"'{self._name}' answered {len(self._replies)} of {len(self._requests)} requests.", _FAULT
            )
        if is_costly(self._backend):
            for key in self._requests:
                self._asking.calls.setdefault(key, self._call(key))
        return self._replies

    def _all(self, keys: Sequence[str]) -> list[Request]:
        self._pulled = list(keys)
        return [self._requests[key] for key in keys]

    def _waiting(self, keys: Sequence[str]) -> Iterator[Request | None]:
        """Give out requests as they are wanted; None where those that are left wait for something.

        Another process may be asking for the same: then its reply is waited for, and others are asked meanwhile.
        """
        cache, open_keys, idle = self._asking.cache, deque(keys), 0
        while open_keys and not self._asking.stopped.is_set():
            key = open_keys.popleft()
            free = cache.claim(key)
            kept = cache.find([key]).get(key) if self._backend.cacheable else None
            if kept is not None:
                self._take(key, kept)
                self._tell()
            elif free and (fits := self._fits(key)):
                self._pulled.append(key)
                idle = 0
                yield self._requests[key]
                continue
            elif free and fits is False:
                limit = self._asking.spending.limit
                self._replies[key] = Reply(failure=f"not asked: it might exceed max_cost={limit:g}", attempts=0)
                self._tell()
            else:
                open_keys.append(key)
                idle += 1
            if free:
                cache.release(key)
            if idle >= len(open_keys) > 0:
                idle = 0
                yield None

    def _fits(self, key: str) -> bool | None:
        spending = self._asking.spending
        if spending.limit is None or self._price is None:  # the plan refuses a limit without a price
            return True
        forecast = self._backend.forecast(self._requests[key])
        return spending.reserve(key, dearest(self._price, forecast.prompt, forecast.answer))

    def _answered(self, index: int, reply: Reply) -> None:
        key = self._pulled[index]
        if key in self._replies:
            raise BackendError(f"'{self._name}' answered request {index} twice.", _FAULT)
        self._replies[key] = reply
        if reply.text is not None and self._backend.cacheable:
            self._asking.cache.store(key, reply.text if reply.kept is None else reply.kept, self._label)
        if is_costly(self._backend):
            self._asking.cache.release(key)
            self._asking.spending.settle(key, self._cost(reply))
        self._tell()

    def _take(self, key: str, kept: str) -> None:
        self._replies[key] = restored(self._backend, self._name, self._requests[key], kept)
        self._cached.add(key)

    @property
    def _label(self) -> str:
        model = getattr(self._backend, "model", None) if is_costly(self._backend) else None
        return str(model or type(self._backend).__name__.lower())

    def _cost(self, reply: Reply) -> float | None:
        refused = reply.text is None and reply.status is not None and reply.status >= 400
        if self._price is None or reply.attempts == 0 or refused:
            return 0.0
        return None if reply.usage is None else self._price.of(reply.usage)

    def _call(self, key: str) -> Call:
        reply = self._replies[key]
        return Call(
            price=self._price,
            cached=key in self._cached,
            failed=reply.text is None,
            usage=reply.usage,
            seconds=reply.seconds,
        )

    def _tell(self) -> None:
        self._asking.tell(self._name, len(self._replies), len(self._requests))
