"""Processes of this machine."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from tercet.executors import CPU, HERE, MODELS, Job, PoolSize, Results, Worker
from tercet.executors.dispatching import dispatch
from tercet.executors.here import HereSlot
from tercet.executors.options import check_counts
from tercet.executors.processes import ProcessSlot
from tercet.executors.slots import Pool
from tercet.executors.working import Setting, pickled


@dataclass(frozen=True, kw_only=True)
class Local:
    """Worker processes of this machine.

    A worker that dies is replaced, and what it was at is tried again. Workers end with the process that calls,
    however that ends.

    Args:
        workers: Worker processes; null: one for each core that the process may use.
        models: Worker processes besides, that hold models; each holds them all.
        shard: Articles in a job, for whoever makes the jobs; null: as it thinks best.
        attempts: How often a step is tried whose worker dies, in all; then its job is lost.
    """

    same_machine: ClassVar[bool] = True

    workers: int | None = None
    models: int = 1
    shard: int | None = None
    attempts: int = 3

    def __post_init__(self) -> None:
        check_counts(workers=self.workers, models=self.models, shard=self.shard, attempts=self.attempts)

    def run(self, worker: Worker, jobs: Iterable[Job], sizes: Mapping[str, PoolSize]) -> Results:
        """Work on jobs; see `tercet.executors.Executor`."""
        blob = pickled(worker, "executor=local")
        pools = {HERE: Pool(open=lambda: HereSlot(worker), size=lambda: 1)}
        for name, wanted in ((CPU, self.workers or cores()), (MODELS, self.models)):
            if name in sizes:
                pools[name] = _pool(blob, wanted, sizes[name])
        return dispatch(jobs, pools, attempts=self.attempts)


def _pool(blob: bytes, wanted: int, size: PoolSize) -> Pool:
    setting = Setting.of_this_process(size.threads)
    return Pool(open=lambda: ProcessSlot(blob, setting), size=lambda: wanted)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
