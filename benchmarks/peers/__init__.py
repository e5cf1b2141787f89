"""Other harnesses, asked to do the same work; each stands in an environment of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Work:
    """What every caller is to do: ask about each article once, and check the answers.

    Args:
        articles: Short ones, no two the same.
        expected: What every answer holds.
        address: Of the server, up to the version.
        model: Its name there.
        concurrency: Questions that are open at once.
        folder: An empty one, for what the caller reads and writes.
    """

    articles: tuple[str, ...]
    expected: str
    address: str
    model: str
    concurrency: int
    folder: Path

    @property
    def prompts(self) -> list[str]:
        """What the model is to read, for callers that bring no prompt of their own."""
        return [f"Summarize the article in two sentences.\n\n{article}" for article in self.articles]


@dataclass(frozen=True, kw_only=True)
class Command:
    """A process to run: its words, and the environment variables that it needs beyond those that are there."""

    words: tuple[str, ...]
    variables: Mapping[str, str] = field(default_factory=dict)


class Peer(Protocol):
    """A harness that can be found or installed."""

    name: str

    def install(self, folder: Path) -> Path:
        """Install it into an empty folder, with what its ecosystem has, and return its program."""
        ...

    def version(self, program: Path) -> str:
        """Ask it for its version; an answer shows that it runs."""
        ...

    def command(self, program: Path, work: Work) -> Command:
        """Write what it reads into the work's folder, with its caches off, and say how it is called."""
        ...
