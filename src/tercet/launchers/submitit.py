"""The runs of a sweep as jobs of a Slurm cluster, by submitit."""

import os
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from subprocess import SubprocessError
from typing import Any, ClassVar

from tercet.errors import ConfigError, located, nearest
from tercet.extras import require
from tercet.launchers import Item, Result
from tercet.launchers.attempts import Job, Outcome, Reply, collect, jobs_of, lost, received

_CLUSTERS = ("slurm", "local", "debug")
_OF_EXECUTOR = ("folder", "cluster", "max_num_timeout")  # what its constructor takes, and not its parameters
_POLL_S = {"slurm": 2.0}  # how often is looked whether a job has ended; looking is a few calls of a shared disk
_POLL_HERE_S = 0.1
_PATIENCE_S = 10.0  # submitit itself kills what has not ended a second after it was asked to


@dataclass(frozen=True, kw_only=True)
class Submitit:
    """Makes each run as a job of its own, of one task on one node: one array of jobs for the sweep.

    The command waits for the jobs and takes their results as they come; interrupted, it cancels them. The folder of
    the jobs, the working directory and the folder of results must be seen by all nodes under the same path, and so
    must the Python environment. A job that runs out of time, or has to make way, is queued again and goes on from
    the cache. That a job died is known from Slurm's accounting (``sacct``), minutes later; without accounting the
    command waits for it until it is interrupted.

    The options have submitit's own names; None leaves one to Slurm.

    Args:
        folder: Where the jobs, their logs and their results lie.
        cluster: ``slurm``; ``local`` for processes of this machine, as many as its cores allow; ``debug`` for this
            process; None for ``slurm`` where it is there, else ``local``.
        name: What the queue calls the jobs.
        timeout_min: Minutes a run may take, on ``local`` too.
        max_num_timeout: How often a run that runs out of time may go on.
        cpus_per_task: Processor cores a run.
        mem_gb: Memory a run, in GB; on ``slurm`` only.
        gpus_per_node: GPUs a run; on ``local`` too a run sees none without it.
        slurm_partition: The partition.
        slurm_account: Whom the time is charged to.
        slurm_qos: The quality of service.
        slurm_constraint: Features that a node must have.
        slurm_setup: Shell commands before each run, as ``module load cuda``.
        slurm_array_parallelism: Runs at once.
        slurm_additional_parameters: Any other parameters of sbatch, by name.

    References:
        https://github.com/facebookincubator/submitit; https://slurm.schedmd.com/sbatch.html
    """

    folder: str = ".tercet/submitit"
    cluster: str | None = None
    name: str = "tercet"
    timeout_min: int = 60
    max_num_timeout: int = 3
    cpus_per_task: int | None = None
    mem_gb: float | None = None
    gpus_per_node: int | None = None
    slurm_partition: str | None = None
    slurm_account: str | None = None
    slurm_qos: str | None = None
    slurm_constraint: str | None = None
    slurm_setup: list[str] = field(default_factory=list)
    slurm_array_parallelism: int = 256
    slurm_additional_parameters: dict[str, Any] = field(default_factory=dict)
    concurrent: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.cluster is not None and self.cluster not in _CLUSTERS:
            raise ConfigError(f"There is no cluster '{self.cluster}'.", nearest(self.cluster, _CLUSTERS))
        for name in ("timeout_min", "cpus_per_task", "mem_gb", "slurm_array_parallelism"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise ConfigError(f"launcher.{name} is {value}.", "It must be above 0.")

    def launch(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[int, Result]]:
        """Do the work for every item, each in a job.

        Raises:
            MissingExtraError: submitit is not installed.
            ConfigError: There is no Slurm here, or it does not take the jobs; the latter with the first result.
        """
        library = require("submitit", package="submitit", extra="submitit", purpose="launcher=submitit")
        jobs = jobs_of(work, items, launcher="submitit")
        timeouts = {f"{name}_max_num_timeout": self.max_num_timeout for name in ("slurm", "local")}
        try:
            executor = library.AutoExecutor(self.folder, self.cluster, **timeouts)
            executor.update_parameters(**self._parameters())
        except RuntimeError as error:
            raise ConfigError(
                f"launcher.cluster={self.cluster} does not work here: {error}",
                "Start the sweep on a node that has 'srun' and 'sbatch', or set launcher.cluster=local.",
            ) from error
        return collect(_outcomes(executor, jobs, self._at_once(executor.cluster, len(jobs))))

    def _parameters(self) -> Mapping[str, Any]:
        values = {item.name: getattr(self, item.name) for item in fields(self) if item.name not in _OF_EXECUTOR}
        return {name: value for name, value in values.items() if value not in (None, [], {})}

    def _at_once(self, cluster: str, jobs: int) -> int:
        """How many jobs may be open: Slurm queues them itself, submitit's local cluster starts all that it is given."""
        if cluster == "slurm":
            return jobs
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return 1 if cluster == "debug" else max(1, cores // (self.cpus_per_task or 1))


@dataclass(frozen=True, slots=True)
class _Resumable:
    """A job that submitit may queue again when its time is up: what was answered so far is in the cache."""

    job: Job

    def __call__(self) -> Reply:
        return self.job()

    def checkpoint(self) -> Any:
        from submitit.helpers import DelayedSubmission

        return DelayedSubmission(self)


def _outcomes(executor: Any, jobs: Sequence[Job], at_once: int) -> Generator[Outcome, None, None]:
    """Keep so many jobs open and take what ends."""
    waiting, open_jobs = list(jobs), dict[int, Any]()
    try:
        while waiting or open_jobs:
            free = at_once - len(open_jobs)
            batch, waiting = waiting[:free], waiting[free:]
            if batch:
                handles = _submitted(executor, batch)
                open_jobs.update((job.index, handle) for job, handle in zip(batch, handles, strict=True))
            ended = [index for index, handle in open_jobs.items() if handle.done()]
            for index in ended:
                yield _outcome(index, len(jobs), open_jobs.pop(index))
            if not ended:
                time.sleep(_POLL_S.get(executor.cluster, _POLL_HERE_S))
    finally:
        _cancel(list(open_jobs.values()))


def _cancel(handles: Sequence[Any]) -> None:
    """End what is still open, and wait for processes of this machine to be gone."""
    from submitit.local.local import LocalJob

    for handle in handles:
        handle.cancel(check=False)
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and any(isinstance(handle, LocalJob) and not handle.done() for handle in handles):
        time.sleep(_POLL_HERE_S)


def _submitted(executor: Any, jobs: Sequence[Job]) -> list[Any]:
    try:
        found: list[Any] = executor.submit_array([_Resumable(job) for job in jobs])
    except (RuntimeError, OSError, SubprocessError) as error:
        raise ConfigError(
            f"The jobs could not be queued: {located(error)}.",
            "See what sbatch says, and mend the options of launcher=submitit.",
        ) from error
    return found


def _outcome(index: int, total: int, handle: Any) -> Outcome:
    """Read what has become of a job that has ended."""
    from submitit.core.utils import UncompletedJobError
    from submitit.local.local import LocalJob

    log = handle.paths.stderr
    died = f"job {handle.job_id} ended without a result; its log is {log}"
    if isinstance(handle, LocalJob) and not handle.paths.result_pickle.exists():
        return lost(index, total, died)  # `result` would wait for a shared disk
    try:
        reply: Reply = handle.result()
    except UncompletedJobError:
        return lost(index, total, died)
    error = reply[1]
    if error is not None and error["class"].startswith("submitit."):  # raised into the work when its time is up
        return lost(index, total, f"job {handle.job_id} was stopped ({error['problem']}); its log is {log}")
    return received(index, reply)
