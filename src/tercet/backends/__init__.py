"""Backends: what turns texts into texts. One file a runtime; summarizer and translator are roles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One text to work on; text, case and references are there where the backend ``reads`` them.

    Args:
        role: ``summarize`` or ``translate``.
        text: The input.
        source_language: Its language.
        target_language: Language of the answer.
        case_id: The case that asks.
        references: Reference texts in the source language.
    """

    role: str
    text: str
    source_language: str
    target_language: str
    case_id: str | None = None
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to a request: a text, or the reason why there is none."""

    text: str | None = None
    failure: str | None = None


class Backend(Protocol):
    """A runtime behind one or both roles; its dataclass fields are its configuration."""

    #: What of a request, beyond role and languages, the answer depends on: ``text``, ``references``, ``case_id``.
    #: The rest is not given, so that one request serves every case that asks the same.
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
