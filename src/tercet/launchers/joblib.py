"""The runs of a sweep in processes of this machine, by joblib."""

import re
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar

from tercet.errors import ConfigError
from tercet.extras import require
from tercet.launchers import Item, Result
from tercet.launchers.attempts import Job, Outcome, Reply, collect, jobs_of, lost, received


@dataclass(frozen=True, kw_only=True)
class Joblib:
    """Makes several runs at once, in processes of this machine that are used again for the next ones.

    A process that dies takes those beside it with it (loky's way). Their runs are begun again, each alone, so that
    only the one that dies by itself is lost.

    Args:
        jobs: Runs at once; -1 for as many as there are processor cores that may be used, -2 for one less.

    References:
        https://joblib.readthedocs.io/en/stable/generated/joblib.Parallel.html
    """

    jobs: int = -1
    concurrent: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.jobs == 0:
            raise ConfigError("launcher.jobs is 0.", "It must be at least 1, or -1 for all processor cores.")

    def launch(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[int, Result]]:
        """Do the work for every item, ``jobs`` of them at once.

        Raises:
            MissingExtraError: joblib is not installed.
        """
        library = require("joblib", package="joblib", extra="joblib", purpose="launcher=joblib")
        jobs = jobs_of(work, items, launcher="joblib")
        return collect(_outcomes(library, jobs, library.effective_n_jobs(self.jobs)))


def _outcomes(library: ModuleType, jobs: Sequence[Job], at_once: int) -> Generator[Outcome, None, None]:
    """Do all jobs; where a process dies, those that had begun once more, each alone, and then the others."""
    loky = library.externals.loky
    pending = {job.index: job for job in jobs}
    alone: list[int] = []
    try:
        while pending:
            batch = [pending[alone.pop(0)]] if alone else list(pending.values())
            single = len(batch) == 1
            begun: set[int] = set()
            try:
                with closing(_together(library, batch, at_once, begun)) as replies:
                    for index, reply in replies:
                        pending.pop(index)
                        yield received(index, reply)
            except loky.process_executor.TerminatedWorkerError as error:
                if single:
                    yield lost(batch[0].index, len(jobs), f"its process died ({_end(error)})")
                    pending.pop(batch[0].index)
                else:
                    alone = sorted(begun & pending.keys())
    finally:
        # Idle workers would stay for minutes, with the models that they have loaded.
        loky.get_reusable_executor(reuse=True).shutdown(wait=True)


def _together(
    library: ModuleType, jobs: Sequence[Job], at_once: int, begun: set[int]
) -> Generator[tuple[int, Reply], None, None]:
    """Do jobs at once and note which ones have been given to a process."""

    def given() -> Iterator[Any]:
        for job in jobs:
            begun.add(job.index)
            yield library.delayed(_indexed)(job)

    # No more are given than can be worked on, and they never share a batch: `begun` is then those that have begun.
    # With n_jobs=1 joblib would work in this process.
    parallel = library.Parallel(
        n_jobs=max(2, at_once),
        backend="loky",
        pre_dispatch=at_once,
        batch_size=1,
        return_as="generator_unordered",
        max_nbytes=None,
    )
    replies = parallel(given())
    try:
        for reply in replies:  # noqa: UP028 (`yield from` would close it without the filter below)
            yield reply
    finally:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", r"\d+ tasks which were still being processed", UserWarning)
            replies.close()  # it kills the processes of what has not ended


def _indexed(job: Job) -> tuple[int, Reply]:
    return job.index, job()


def _end(error: Exception) -> str:
    """What loky knows of a death: "exit codes {SIGKILL(-9)}"."""
    found = re.search(r"exit codes of the workers are (\{.*\})", str(error))
    return f"exit codes {found[1]}" if found else str(error).splitlines()[0]
