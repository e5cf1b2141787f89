"""The loop that all executors share: jobs are taken as there is room, their steps given to slots, results given on."""

from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import replace

from tercet.executors import Done, Job, Lost, Results
from tercet.executors.slots import Pool
from tercet.executors.teams import Death, Step, Task, Team, close

_AHEAD = 2  # jobs alive beyond one a slot: no slot waits while the next job is read


def dispatch(
    jobs: Iterable[Job],
    pools: Mapping[str, Pool],
    *,
    attempts: int,
    patience: float | None = None,
    tick: float | None = None,
) -> Results:
    """Work on jobs in pools of slots.

    Args:
        jobs: Taken one by one, as there is room.
        pools: By name; each is opened when a job first needs it.
        attempts: How often a step is tried whose worker dies, in all.
        patience: Seconds for which a pool may have work and no worker; None: without end.
        tick: Seconds after which to look again although nothing has happened; None: never.

    Yields:
        Each job once, as they are finished. Every slot has ended once the last is read, or the iterator is closed.

    Raises:
        BaseException: A worker raised it, or it came while jobs were read; every slot is ended at once.
    """
    teams = {name: Team(name, pool, attempts=attempts, patience=patience) for name, pool in pools.items()}
    finished = False
    try:
        yield from _Loop(jobs, teams, attempts).outcomes(tick)
        finished = True
    finally:
        close([slot for team in teams.values() for slot in team.slots()], now=not finished)


class _Loop:
    """The state of one run."""

    def __init__(self, jobs: Iterable[Job], teams: Mapping[str, Team], attempts: int) -> None:
        self._jobs = iter(jobs)
        self._teams = teams
        self._attempts = attempts
        self._used: dict[str, Team] = {}  # those that jobs have named so far
        self._taken = 0
        self._alive = 0
        self._more = True
        self._outbox: deque[Done | Lost] = deque()

    def outcomes(self, tick: float | None) -> Results:
        while True:
            self._advance()
            self._pull()  # before results are given on: slots work while the caller does
            while self._outbox:
                yield self._outbox.popleft()
            if not self._alive and not self._more:
                return
            self._wait(tick)

    def _wait(self, tick: float | None) -> None:
        """Wait until anything has happened, and take note; nothing of it is held here while results are given on."""
        futures = [future for team in self._used.values() for future in team.futures()]
        for future in wait(futures, timeout=tick, return_when=FIRST_COMPLETED).done if futures else ():
            for team in self._used.values():
                self._note(team.settle(future))

    def _advance(self) -> None:
        for team in self._used.values():
            team.advance()

    def _pull(self) -> None:
        while self._more and self._alive < _AHEAD + sum(team.size for team in self._used.values()):
            job = next(self._jobs, None)
            if job is None:
                self._more = False
                return
            self._used |= {pool: self._teams[pool] for pool, _ in job.steps}
            self._alive += 1
            self._send(Task(order=self._taken, job=replace(job, payload=None), payload=job.payload))
            self._taken += 1
            self._advance()

    def _send(self, task: Task) -> None:
        """Let a task wait for its next step, or give it on where there is none."""
        if task.step == len(task.job.steps):
            self._finish(Done(key=task.job.key, result=task.payload))
        else:
            self._teams[task.job.steps[task.step][0]].add(task)

    def _note(self, event: Step | Death | None) -> None:
        if isinstance(event, Step):
            task = event.task
            task.payload, task.step, task.deaths = event.result, task.step + 1, 0
            self._send(task)
        elif isinstance(event, Death):
            task = event.task
            task.deaths += 1
            if task.deaths < self._attempts:
                self._send(task)
            else:
                times = "once" if task.deaths == 1 else f"{task.deaths} times"
                self._finish(Lost(key=task.job.key, reason=f"its worker died {times}: {event.reason}"))

    def _finish(self, outcome: Done | Lost) -> None:
        self._alive -= 1
        self._outbox.append(outcome)
