"""A target: a reader, what it is begun with, and what is put into it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.fuzzing.outcomes import SilenceError

Read = Callable[[bytes], str | None]


@dataclass(frozen=True, kw_only=True)
class Target:
    """A reader that is fuzzed.

    Args:
        name: Short, for the command line.
        reads: What it reads, for people.
        ready: Makes the function that reads a case, given an empty folder on a disk in memory.
        seeds: Valid inputs, made by the project's own code, given a folder of runs.
        words: What mutations put in beside what they find in the seeds.
        make: Writes an input by a grammar; None where there is none.
        share: Of the cases that begin with the grammar's.
        weight: Share of a run over all targets, where 1 is usual.
        oracle: How a wrong silence is noticed, for people; empty where there is only crash and hang.
    """

    name: str
    reads: str
    ready: Callable[[Path], Read]
    seeds: Callable[[], Iterable[bytes]]
    words: tuple[bytes, ...] = ()
    make: Callable[[Random], bytes] | None = None
    share: float = 0.2
    weight: float = 1.0
    oracle: str = ""


def demand(fine: bool, problem: str) -> None:
    """Call it a wrong silence where something that was given is not there.

    Raises:
        SilenceError: With what is missing.
    """
    if not fine:
        raise SilenceError(problem)


def kept_in(path: Path, read: Callable[[], str | None]) -> Read:
    """Make a target of a reader of one file: each case is written into it first."""

    def case(data: bytes) -> str | None:
        path.write_bytes(data)
        return read()

    return case
