"""The runs of a sweep as tasks of a Ray cluster, or of one that is started on this machine."""

import logging
import os
import socket
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar

from tercet.errors import ConfigError
from tercet.extras import require
from tercet.launchers import Item, Result
from tercet.launchers.attempts import Job, Outcome, Reply, collect, jobs_of, lost, received

# Read by Ray when it starts: nothing is reported to its makers; a task without GPUs sees none.
_ENVIRONMENT = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "1"}
_ALONE = "local"  # what Ray calls a cluster of this machine, started for this program


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
        for name, value in _ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        ray = require("ray", package="ray", extra="ray", purpose="launcher=ray")
        jobs = jobs_of(work, items, launcher="ray")
        address = self.address or os.environ.get("RAY_ADDRESS") or _ALONE
        mine = not ray.is_initialized()
        if mine:
            _connect(ray, address)
        try:
            if address == _ALONE:
                self._check(ray)
            task = ray.remote(num_cpus=self.cpus, num_gpus=self.gpus, max_retries=self.retries)(_do)
        except BaseException:
            if mine:
                ray.shutdown()
            raise
        return collect(_outcomes(ray, task, jobs, mine))

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


def _connect(ray: ModuleType, address: str) -> None:
    """Join a cluster, or start one of this machine.

    Raises:
        ConfigError: There is none at the address.
    """
    try:
        _check_reachable(address)
        alone = {"include_dashboard": False} if address == _ALONE else {}
        ray.init(address=address, logging_level=logging.ERROR, log_to_driver=False, **alone)
    except (OSError, RuntimeError, ValueError) as error:  # among them versions that differ
        raise ConfigError(
            f"Ray cannot be reached at '{address}': {_first_line(error)}.",
            "Start it with 'ray start --head', or leave launcher.address and RAY_ADDRESS empty.",
        ) from error


def _first_line(error: Exception) -> str:
    """Ray's own messages are a page."""
    return f"{type(error).__name__}: {error}".splitlines()[0]


def _check_reachable(address: str) -> None:
    """Try the port first: Ray itself would try for minutes.

    Raises:
        OSError: Nothing answers there.
    """
    host, _, port = address.rpartition(":")
    if host and "/" not in host and port.isdigit():  # else a word, as "auto", or a URL: Ray knows what is meant
        try:
            socket.create_connection((host, int(port)), timeout=10).close()
        except OverflowError as error:
            raise OSError(str(error)) from error


def _outcomes(ray: ModuleType, task: Any, jobs: Sequence[Job], mine: bool) -> Generator[Outcome, None, None]:
    """Give all jobs to Ray, which queues them, and take what ends; leave Ray where it was joined for this."""
    pending: dict[Any, int] = {}
    try:
        pending.update((task.remote(job), job.index) for job in jobs)
        while pending:
            (ended,), _ = ray.wait(list(pending), num_returns=1)
            index = pending.pop(ended)
            try:
                outcome = received(index, ray.get(ended))
            except ray.exceptions.RayError as error:
                outcome = lost(index, len(jobs), _first_line(error))
            yield outcome
    finally:
        for task_of in pending:
            ray.cancel(task_of, force=True)
        if mine:
            ray.shutdown()
