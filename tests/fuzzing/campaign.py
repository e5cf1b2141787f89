"""A campaign: many cases for one target, in this process."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.fuzzing.mutating import Mutator
from tests.fuzzing.outcomes import READ, REFUSED, SECONDS, Outcome, observe
from tests.fuzzing.target import Read, Target

_GROWN = 400  # inputs that are kept beside the seeds since something new came of them


@dataclass(slots=True)
class Found:
    """A finding: what it is, how often it came, and the smallest case that shows it."""

    outcome: Outcome
    data: bytes
    times: int = 1


@dataclass(slots=True)
class Tally:
    """What came of the cases of a target.

    Args:
        target: Its name.
        cases: How many there were.
        read: How many were read.
        refused: How many were refused with a TercetError.
        seconds: By the clock.
        slowest: Seconds of processor time that the slowest case took.
        kinds: Outcomes that are told apart, with the first number of each.
        findings: By key.
        coverage: Edges of tercet's code that the cases went through, where that was measured.
    """

    target: str
    cases: int = 0
    read: int = 0
    refused: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    kinds: dict[str, int] = field(default_factory=dict)
    findings: dict[str, Found] = field(default_factory=dict)
    coverage: int | None = None

    def add(self, outcome: Outcome, data: bytes, seconds: float) -> bool:
        """Count a case; say whether the like has not come before."""
        self.cases += 1
        self.read += outcome.kind == READ
        self.refused += outcome.kind == REFUSED
        self.slowest = max(self.slowest, seconds)
        if outcome.is_finding:
            self.find(outcome, data)
        new = outcome.key not in self.kinds
        self.kinds.setdefault(outcome.key, self.cases)
        return new

    def find(self, outcome: Outcome, data: bytes) -> None:
        """Keep a finding, with the smallest case."""
        found = self.findings.setdefault(outcome.key, Found(outcome, data, 0))
        found.times += 1
        if len(data) < len(found.data):
            found.outcome, found.data = outcome, data


@contextmanager
def lent(target: Target) -> Iterator[Read]:
    """Lend the function of a target, in an empty working directory on a disk in memory."""
    memory = Path("/dev/shm")  # noqa: S108 (a folder of its own is made there)
    before = Path.cwd()
    with TemporaryDirectory(prefix="fuzzing-", dir=memory if memory.is_dir() else None) as folder:
        os.chdir(folder)
        try:
            yield target.ready(Path(folder))
        finally:
            os.chdir(before)


class Cases:
    """The cases of a target, each from the seed and its own number, and from what came of those before.

    Args:
        target: Whose.
        seed: Of all chance.
    """

    def __init__(self, target: Target, seed: int) -> None:
        self._target, self._seed = target, seed
        self._seeds = list(target.seeds())
        self._pool = list(self._seeds)
        self._mutator = Mutator(target.words)

    def case(self, number: int) -> bytes:
        """Make one; the first ones are the seeds as they are."""
        if number < len(self._seeds):
            return self._seeds[number]
        chance = Random(f"{self._target.name} {self._seed} {number}")
        if self._target.make is not None and chance.random() < self._target.share:
            data = self._target.make(chance)
            if chance.random() < 0.5:
                return data
        else:
            data = chance.choice(self._seeds if chance.random() < 0.5 else self._pool)
        return self._mutator.mutate(data, self._pool, chance)

    def grow(self, data: bytes) -> None:
        """Begin with this one, too, from now on."""
        if len(self._pool) < len(self._seeds) + _GROWN:
            self._pool.append(data)


def campaign(
    target: Target,
    cases: int,
    seed: int,
    *,
    first: int = 0,
    begun: Callable[[int, bytes], None] | None = None,
    seconds: float = SECONDS,
) -> Tally:
    """Run a target over cases.

    Args:
        target: The reader.
        cases: Numbers below this are run.
        seed: Of all chance: the same cases come again.
        first: The number to begin with.
        begun: Told of each case before it is run.
        seconds: A case that takes longer hangs.
    """
    tally, made = Tally(target.name), Cases(target, seed)
    began = time.monotonic()
    with lent(target) as read:
        for number in range(first, cases):
            data = made.case(number)
            if begun is not None:
                begun(number, data)
            start = time.process_time()
            outcome = observe(read, data, seconds)
            if tally.add(outcome, data, time.process_time() - start) and not outcome.is_finding:
                made.grow(data)
    tally.seconds = time.monotonic() - began
    return tally
