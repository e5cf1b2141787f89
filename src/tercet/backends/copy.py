"""The input, unchanged: a floor."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tercet.backends import Reply, Request


@dataclass(frozen=True, kw_only=True)
class Copy:
    """Return the input: what doing nothing scores, in any role and any pair of languages."""

    reads: ClassVar[frozenset[str]] = frozenset({"text"})
    bound: ClassVar[str | None] = "floor"
    cacheable: ClassVar[bool] = True

    def refuses(self, role: str, source: str, target: str) -> str | None:
        """Serve everything."""
        return None

    def identity(self) -> str:
        """Nothing decides but the input."""
        return repr(self)

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """Answer with the input."""
        for index, request in enumerate(requests):
            yield index, Reply(text=request.text)
