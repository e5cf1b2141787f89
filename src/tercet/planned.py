"""A run that is planned, and who is told how it goes on."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

from tercet.census import Census
from tercet.config import RunSpec
from tercet.errors import CorpusError
from tercet.generating import System
from tercet.planning import Cases


class Watcher(Protocol):
    """Who is told how a sweep goes on."""

    def problem(self, error: CorpusError) -> None:
        """An article could not be read and is left out."""
        ...

    def planned(self, runs: int, cases: int) -> None:
        """Everything is checked; now it begins."""
        ...

    def run(self, label: str) -> AbstractContextManager["Watcher"]:
        """A run begins; it ends with the context."""
        ...

    def elsewhere(self, runs: int) -> AbstractContextManager[Callable[[str], None]]:
        """Other processes make runs; what it gives is called with the label of each that is made."""
        ...

    def step(self, what: str, done: int, total: int) -> None:
        """Something within the run has moved on."""
        ...

    def reused(self, label: str, folder: Path) -> None:
        """A run is there already, and nothing that decides it has changed."""
        ...

    def resumed(self, label: str) -> None:
        """An earlier attempt at the next run did not finish; what it was answered is in the cache."""
        ...


class Nobody:
    """Is told, and says nothing."""

    def problem(self, error: CorpusError) -> None:
        """An article could not be read; that outputs are missing shows in the comparison."""

    def planned(self, runs: int, cases: int) -> None:
        """A run is checked."""

    @contextmanager
    def run(self, label: str) -> Iterator[Self]:  # noqa: ARG002 (a protocol's)
        """A run begins."""
        yield self

    @contextmanager
    def elsewhere(self, runs: int) -> Iterator[Callable[[str], None]]:  # noqa: ARG002 (a protocol's)
        """Others make runs."""
        yield lambda _: None

    def step(self, what: str, done: int, total: int) -> None:
        """It has moved on."""

    def reused(self, label: str, folder: Path) -> None:
        """It is there already."""

    def resumed(self, label: str) -> None:
        """It goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A run that is checked and can begin.

    ``system`` is the one of ``spec``, with the articles that are held apart for its examples; ``name`` is the run's,
    and ``folder`` its place, which says also which part it is.
    """

    spec: RunSpec
    system: System
    corpus: Census
    config: Mapping[str, Any]
    cases: Cases
    name: str
    folder: Path
    fingerprint: str
