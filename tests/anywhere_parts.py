"""A backend, a metric and an executor of a user's, whose faults are files in the folder ``marks`` of the work.

``tests/anywhere.py`` copies this file into a working directory; every process imports it there, under another name.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tercet.backends import Reply, Request
from tercet.executors import Done, Job, Lost, PoolSize, Results, Worker
from tercet.executors.working import Station, dumps, received
from tercet.metrics.contract import Array, Measured, Need, Rows, ScoreSpec, measure_each, ratio
from tercet.provenance import identity
from tercet.records import Segment

MARKS = Path("marks")
_PATIENCE = 60.0


def pass_by(what: str, case: str) -> None:
    """Do what is to befall whoever is at a case, as ``generate-ARTICLE`` or ``measure-ARTICLE`` says; keep a record.

    Args:
        what: The step.
        case: Its id.
    """
    if not MARKS.is_dir():
        return
    with (MARKS / what).open("a") as file:
        file.write(f"{case} {os.getpid()}\n")
    article = case.partition(":")[0]
    fault = MARKS / f"{what}-{article}"
    fate = fault.read_text() if fault.exists() else ""
    if fate == "once":
        fault.unlink()
    if fate in {"once", "always"}:
        os.kill(os.getpid(), signal.SIGKILL)
    if fate == "hold":
        _hold(fault)
    for fault in MARKS.glob(f"{what}-on-*"):
        _stay(fault)


def _stay(fault: Path) -> None:
    """Hold on the one machine of a Ray cluster that a file names; on others wait until that is so."""
    import ray

    if fault.name.endswith(ray.get_runtime_context().get_node_id()):
        if later := fault.read_text():
            (MARKS / later).touch()
        _hold(fault)
    until = time.monotonic() + _PATIENCE
    while fault.exists() and time.monotonic() < until:
        time.sleep(0.01)


def _hold(fault: Path) -> None:
    """Stay until somebody ends this process; that it is so far is told by the name of the file."""
    fault.rename(fault.with_name(f"held-{fault.name}"))
    time.sleep(_PATIENCE)
    sys.exit("nobody came")


@dataclass(frozen=True, kw_only=True)
class Marked:
    """Take the first words; nothing is kept, so that each time is counted."""

    words: int = 12
    reads: ClassVar[frozenset[str]] = frozenset({"text", "case_id"})
    bound: ClassVar[str | None] = None
    cacheable: ClassVar[bool] = False

    def refuses(self, role: str, source: str, target: str) -> str | None:
        return None

    def identity(self) -> str:
        return identity(self)

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        for index, request in enumerate(requests):
            assert request.case_id is not None
            pass_by("generate", request.case_id)
            yield index, Reply(text=" ".join(request.text.split()[: self.words]))


@dataclass(frozen=True, kw_only=True)
class Vowels:
    """The share of vowels among the characters.

    Args:
        place: Where it is measured.
    """

    place: str = "cpu"
    needs: ClassVar[frozenset[Need]] = frozenset()
    columns: ClassVar[tuple[str, ...]] = ("vowels", "characters")
    scores: ClassVar[tuple[ScoreSpec, ...]] = (ScoreSpec(name="vowels", low=0, high=1, higher_is_better=None),)

    def measure(self, segments: Sequence[Segment]) -> Rows:
        return measure_each(self, segments, self._one)

    def reduce(self, sums: Array) -> Array:
        return ratio(sums[..., :1], sums[..., 1:])

    def signature(self, language: str) -> str:
        return f"vowels|lang:{language}"

    def _one(self, segment: Segment) -> Measured:
        pass_by("measure", segment.id)
        text = segment.candidate or ""
        return Measured(row=(sum(letter in "aeiou" for letter in text.lower()), len(text)))


@dataclass(frozen=True, kw_only=True)
class Shuffled:
    """Works on one step after the other, of all jobs, in an order of its own, as if it were elsewhere.

    Args:
        shard: Articles in a job.
        order: Which order.
        most: Jobs with more articles than this are lost; null: none is.
    """

    same_machine: ClassVar[bool] = False

    shard: int = 5
    order: int = 0
    most: int | None = None

    def run(self, worker: Worker, jobs: Iterable[Job], sizes: Mapping[str, PoolSize]) -> Results:
        rng = random.Random(self.order)
        others = [Station(dumps(worker)) for _ in range(3)]
        open_jobs = [(job, job.steps, job.payload) for job in jobs]
        while open_jobs:
            job, steps, payload = open_jobs.pop(rng.randrange(len(open_jobs)))
            if not steps:
                yield Done(key=job.key, result=payload)
            elif self.most is not None and len(job.payload.shard.articles) > self.most:
                yield Lost(key=job.key, reason="it is too large")
            else:
                result = received(rng.choice(others).do(steps[0][1], dumps(payload)))
                open_jobs.append((job, steps[1:], result))
