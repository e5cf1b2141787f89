"""The runs of a sweep as tasks of a Ray cluster, or of one that is started on this machine."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar

from tercet.clusters import ending, joined
from tercet.errors import ConfigError
from tercet.extras import require
from tercet.launchers import Item, Result
from tercet.launchers.attempts import Job, Outcome, Reply, collect, jobs_of, lost, received


@dataclass(frozen=True, kw_only=True)
class Ray:
    """Makes each run as a task of Ray.

    Every node needs the same Python and tercet, and must see the working directory and the folder of results under
    the same path. Keys of endpoints are read from the environment in which a node's Ray was started. A run that asks
    for more than any node has waits for ever, for the cluster might grow.

    Args:
        address: A running cluster's, as ``auto`` or ``10.0.0.1:6379``; None: that in the variable RAY_ADDRESS, else
            Ray is started on this machine for the time of the sweep.
        cpus: Processor cores a run; what they leave over decides how many runs are made at once.
        gpus: GPUs a run; a run sees none without it.
        retries: How often a run whose process or node died is begun again.

    References:
        https://docs.ray.io/en/latest/ray-core/tasks.html
    """

    address: str | None = None
    cpus: float = 1.0
    gpus: float = 0.0
    retries: int = 0
    concurrent: ClassVar[bool] = True

    def __post_init__(self) -> None:
        for name, least in (("cpus", 0), ("gpus", 0), ("retries", 0)):
            if getattr(self, name) < least:
                raise ConfigError(f"launcher.{name} is {getattr(self, name)}.", f"It must be at least {least}.")

    def launch(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[int, Result]]:
        """Do the work for every item, each in a task.

        Raises:
            MissingExtraError: Ray is not installed.
            ConfigError: There is no cluster at the address, or this machine has not what a run asks for.
        """
        ray = require("ray", package="ray", extra="ray", purpose="launcher=ray")
        jobs = jobs_of(work, items, launcher="ray")
        with ExitStack() as stack:
            if stack.enter_context(joined(ray, self.address, owner="launcher")):
                self._check(ray)
            task = ray.remote(num_cpus=self.cpus, num_gpus=self.gpus, max_retries=self.retries)(_do)
            staying = stack.pop_all()
        return collect(_outcomes(ray, task, jobs, staying))

    def _check(self, ray: ModuleType) -> None:
        """Refuse what a cluster of this machine alone can never give."""
        there = ray.cluster_resources()
        for name, resource in (("cpus", "CPU"), ("gpus", "GPU")):
            if getattr(self, name) > there.get(resource, 0):
                raise ConfigError(
                    f"launcher.{name} is {getattr(self, name):g}, and this machine has {there.get(resource, 0):g}.",
                    "Ask for less, or set launcher.address to that of a cluster.",
                )


def _do(job: Job) -> Reply:
    return job()


def _outcomes(ray: ModuleType, task: Any, jobs: Sequence[Job], staying: ExitStack) -> Generator[Outcome, None, None]:
    """Give all jobs to Ray, which queues them, and take what ends; leave Ray where it was joined for this."""
    pending: dict[Any, int] = {}
    with staying:
        try:
            pending.update((task.remote(job), job.index) for job in jobs)
            while pending:
                (ended,), _ = ray.wait(list(pending), num_returns=1)
                index = pending.pop(ended)
                try:
                    outcome = received(index, ray.get(ended))
                except ray.exceptions.RayError as error:
                    outcome = lost(index, len(jobs), ending(ray, error))
                yield outcome
        finally:
            for task_of in pending:
                ray.cancel(task_of, force=True)
