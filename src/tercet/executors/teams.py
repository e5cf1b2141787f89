"""A team: the slots of one pool, and the tasks that wait for one of them."""

import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

from tercet.errors import RunError
from tercet.executors import Job
from tercet.executors.slots import DiedError, Pool, Slot


@dataclass(eq=False, slots=True, kw_only=True)
class Task:
    """A job on its way.

    Args:
        order: When the job came.
        job: The job, without its first payload.
        payload: What its next step is given.
        step: The index of that step.
        deaths: How many workers died at that step.
    """

    order: int
    job: Job
    payload: Any
    step: int = 0
    deaths: int = 0

    def __lt__(self, other: "Task") -> bool:
        """Later steps go before earlier ones, so that jobs are finished; then first come, first served."""
        return (-self.step, self.order) < (-other.step, other.order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step that was done."""

    task: Task
    result: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """A step at which the worker died."""

    task: Task
    reason: str


class Team:
    """The slots of a pool at work.

    Args:
        name: The pool's.
        pool: Where slots come from.
        attempts: So many slots for each that there may be, one after the other, may die as they start.
        patience: Seconds to wait for the first slot; None: without end.
    """

    def __init__(self, name: str, pool: Pool, *, attempts: int, patience: float | None) -> None:
        self._name = name
        self._pool = pool
        self._attempts = attempts
        self._patience = patience
        self._waiting: list[Task] = []
        self._starting: dict[Future[Any], Slot] = {}
        self._free: list[Slot] = []
        self._busy: dict[Future[Any], tuple[Slot, Task]] = {}
        self._stillborn = 0  # since a slot last came to be
        self._starved_since: float | None = None

    @property
    def size(self) -> int:
        """How many slots there may be."""
        return self._pool.size()

    def futures(self) -> Iterator[Future[Any]]:
        """What is waited for."""
        yield from self._starting
        yield from self._busy

    def slots(self) -> Iterator[Slot]:
        """All slots that were opened and have not died."""
        yield from self._starting.values()
        yield from self._free
        yield from (slot for slot, _ in self._busy.values())

    def add(self, task: Task) -> None:
        """Let a task wait for a slot."""
        heappush(self._waiting, task)

    def advance(self) -> None:
        """Give waiting tasks to free slots, and open slots for those that are left.

        Raises:
            RunError: There has been no slot for too long.
        """
        while self._waiting and self._free:
            self._begin(self._free.pop())
        room = self.size - len(self._starting) - len(self._busy) - len(self._free)
        for _ in range(min(len(self._waiting) - len(self._starting), room)):
            slot = self._pool.open()
            self._starting[slot.ready] = slot
        self._check_starved()

    def settle(self, future: Future[Any]) -> Step | Death | None:
        """Take note of a future that is done; None where it was only a slot that is ready, or is no future of ours.

        Raises:
            RunError: Slots die as they start.
            BaseException: The step raised it.
        """
        if slot := self._starting.pop(future, None):
            self._settle_start(slot, future)
            return None
        if future not in self._busy:
            return None
        slot, task = self._busy[future]
        try:
            result = slot.result(future)
        except DiedError as death:
            del self._busy[future]
            _discard(slot)
            return Death(task=task, reason=str(death))
        del self._busy[future]  # not before: where it raised, the slot is still to be closed
        self._free.append(slot)
        return Step(task=task, result=result)

    def _begin(self, slot: Slot) -> None:
        task = heappop(self._waiting)
        try:
            future = slot.submit(task.job.steps[task.step][1], task.payload)
        except DiedError:  # not of this task: it had nothing to do
            heappush(self._waiting, task)
            _discard(slot)
        except BaseException:
            self._free.append(slot)
            raise
        else:
            self._busy[future] = slot, task

    def _settle_start(self, slot: Slot, future: Future[Any]) -> None:
        try:
            slot.result(future)
        except DiedError as death:
            _discard(slot)
            self._stillborn += 1
            if self._stillborn >= self._attempts * self.size:
                raise RunError(
                    f"Workers of the pool '{self._name}' die as they start: {death}.",
                    "Lower executor.workers where memory is short.",
                ) from death
        except BaseException:
            self._free.append(slot)
            raise
        else:
            self._stillborn = 0
            self._free.append(slot)

    def _check_starved(self) -> None:
        if self._patience is None or not self._waiting or self._free or self._busy:
            self._starved_since = None
            return
        now = time.monotonic()
        if self._starved_since is None:
            self._starved_since = now
        if now - self._starved_since > self._patience:
            raise RunError(
                f"No worker of the pool '{self._name}' could be started within {self._patience:g} seconds.",
                "Free some CPUs or GPUs of the cluster, lower executor.workers, models or gpus, "
                "or wait longer with executor.patience.",
            )


def close(slots: list[Slot], *, now: bool) -> None:
    """End slots, all beside each other, and wait until they have ended.

    Args:
        slots: Whatever is left of them.
        now: Not to wait for what they are at.
    """
    for slot in slots:
        slot.end(now=now)
    for slot in slots:
        slot.join()


def _discard(slot: Slot) -> None:
    close([slot], now=True)
