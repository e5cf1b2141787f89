"""The first sentences of the text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tercet.backends import Reply, Request
from tercet.backends.extractive import extract, refuse_other_than_summarizing, require_positive
from tercet.provenance import identity


@dataclass(frozen=True, kw_only=True)
class Lead:
    """Take the first sentences: news puts the weight first, and many systems do not beat it.

    Args:
        sentences: How many, at least 1.
    """

    sentences: int = 3
    reads: ClassVar[frozenset[str]] = frozenset({"text"})
    bound: ClassVar[str | None] = None
    cacheable: ClassVar[bool] = True

    def __post_init__(self) -> None:
        require_positive("sentences", self.sentences)

    def refuses(self, role: str, source: str, target: str) -> str | None:
        """Serve summaries within one language only."""
        return refuse_other_than_summarizing("lead", role, source, target)

    def identity(self) -> str:
        """Options, code and libraries decide."""
        return identity(self, "sentencex")

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """Answer with the first sentences."""
        yield from extract(requests, lambda parts, _: list(range(min(self.sentences, len(parts)))))
