"""Backends: what turns texts into texts. One file a runtime; summarizer and translator are roles."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from tercet.records import Example, Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One text to work on; what the backend does not ``reads`` is left out.

    Args:
        role: ``summarize`` or ``translate``.
        text: The input.
        source_language: Its language.
        target_language: Language of the answer.
        case_id: The case that asks.
        references: Reference texts in the source language.
        examples: How others like it were answered; never the article's own.
        repeat: How often the same was asked before.
        place: Where the case stands in the order of all cases of the run, from 0.
    """

    role: str
    text: str
    source_language: str
    target_language: str
    case_id: str | None = None
    references: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    repeat: int = 0
    place: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to a request: a text, or the reason why there is none.

    A backend that computes needs no more than ``text`` and ``failure``; the rest is what there is to say of a
    model's call.

    Args:
        text: What is scored.
        failure: Why there is none.
        answer: The model's own words, where the text was read out of them.
        flaw: Why they have not the shape that was asked for.
        prompt: Hash of what it was asked.
        usage: Tokens.
        seconds: How long the call took.
        attempts: How often it was tried.
        status: The last HTTP status.
        kept: What the cache keeps, for ``restore`` to read; None keeps the text.
    """

    text: str | None = None
    failure: str | None = None
    answer: str | None = None
    flaw: str | None = None
    prompt: str | None = None
    usage: Usage | None = None
    seconds: float | None = None
    attempts: int = 1
    status: int | None = None
    kept: str | None = None


class Backend(Protocol):
    """A runtime behind one or both roles; its dataclass fields are its configuration.

    A field with the metadata ``{"answers": False}`` changes no answer, such as a timeout.

    A backend that can serve only a certain number of cases may have a method ``check(cases: int) -> None``: it is
    called before anything runs, with the number of all cases of the run, and raises a BackendError where it cannot.
    ``generate`` may be called several times, each time with the requests of some of the cases, in several processes.
    """

    #: What of a request, beyond role and languages, the answer depends on: ``text``, ``references``, ``case_id``,
    #: ``examples``, ``repeat``, ``place``. The rest is not given, so that one request serves every case that asks
    #: the same.
    reads: ClassVar[frozenset[str]]
    #: ``upper`` or ``floor`` for a bound that is no system; None for a system.
    bound: ClassVar[str | None]
    #: Whether a reply may be kept and given again to the same request.
    cacheable: ClassVar[bool]

    def refuses(self, role: str, source: str, target: str) -> str | None:
        """Say why a stage cannot be served, before anything runs; None where it can."""
        ...

    def identity(self) -> str:
        """Name what decides an answer beyond the request: options, model, revision, file hashes."""
        ...

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """Answer requests, each exactly once, in any order, with its index.

        A request that fails for good is answered with a failure; nothing is raised for it.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a request will take: tokens of the prompt by estimate, and of the answer at most."""

    prompt: int
    answer: int


class ModelBackend(Backend, Protocol):
    """A backend whose calls cost time or money: a language model.

    Its requests come one by one, as they are wanted, so that what another process has asked meanwhile is not asked
    again: ``generate`` may be given None in the place of a request, and then should come back a little later. It
    must not wait for their end before it answers: while answers are waited for, None comes again and again.
    """

    #: Marks such a backend.
    costly: ClassVar[bool]
    #: Its name in the table of prices.
    model: str | None

    def key(self, request: Request) -> object:
        """List what decides the answer, as JSON can hold it: the model, how it writes, and what it is asked."""
        ...

    def forecast(self, request: Request) -> Forecast:
        """Estimate what a request will take."""
        ...

    def generate(self, requests: Iterable[Request | None]) -> Iterator[tuple[int, Reply]]:
        """Answer requests as they come; see above."""
        ...

    def restore(self, request: Request, kept: str) -> Reply:
        """Read what the cache kept of a reply."""
        ...
