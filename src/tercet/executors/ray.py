"""The machines of a Ray cluster."""

import logging
import os
import socket
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

from tercet.errors import ConfigError, RunError
from tercet.executors import CPU, HERE, MODELS, Job, PoolSize, Results, Worker
from tercet.executors.dispatching import dispatch
from tercet.executors.here import HereSlot
from tercet.executors.local import cores
from tercet.executors.options import check_counts, fewest
from tercet.executors.slots import DiedError, Pool
from tercet.executors.working import Answer, Setting, Station, dumps, pickled, received
from tercet.extras import require

_LOG = logging.getLogger(__name__)
_TICK = 1.0  # seconds after which to look whether the cluster has changed


@dataclass(frozen=True, kw_only=True)
class Ray:
    """Actors of a Ray cluster: on this machine, or on many.

    An actor that dies, alone or with its machine, is replaced as soon as the cluster has room for another, and what
    it was at is tried again. The run goes on with whatever actors there are. Every machine needs the same Python,
    tercet and Ray, and models and components of the user's under the same names. A working directory that is there
    under the same path is used; files that a step writes are seen by others only where machines share them. The run
    ends with the cluster's head.

    Args:
        address: Of the cluster, as "auto" (one that this machine belongs to) or "HOST:6379"; null: that of the
            environment variable RAY_ADDRESS; where there is none, a cluster of this machine alone, which ends with
            the run.
        workers: Actors without models, with a CPU each; null: the cluster's CPUs, but for those of ``models``,
            counted again whenever machines come or go.
        models: Actors besides, that hold models, with a CPU each.
        gpus: GPUs of each actor that holds models; a part of one is allowed.
        shard: Articles in a job, for whoever makes the jobs; null: as it thinks best.
        attempts: How often a step is tried whose actor dies, in all; then its job is lost.
        patience: Seconds to wait for the cluster to have room for any actor, while it has none for any.
    """

    same_machine: ClassVar[bool] = False

    address: str | None = None
    workers: int | None = None
    models: int = 1
    gpus: float = 0.0
    shard: int | None = None
    attempts: int = 3
    patience: float = 60.0

    def __post_init__(self) -> None:
        check_counts(workers=self.workers, models=self.models, shard=self.shard, attempts=self.attempts)
        if self.gpus < 0:
            raise ConfigError(f"gpus is {self.gpus}.", "It must be at least 0.")
        if self.patience <= 0:
            raise ConfigError(f"patience is {self.patience}.", "It must be a number of seconds above 0.")

    def run(self, worker: Worker, jobs: Iterable[Job], sizes: Mapping[str, PoolSize]) -> Results:
        """Work on jobs; see `tercet.executors.Executor`.

        Raises:
            MissingExtraError: Ray is not installed.
            RunError: There is no cluster at the address, it has no room, or it is lost as a whole.
        """
        ray = require("ray", package="ray", extra="ray", purpose="executor=ray")
        blob = pickled(worker, "executor=ray")
        with self._connected(ray, sizes):
            try:
                pools = {HERE: Pool(open=lambda: HereSlot(worker), size=lambda: 1)}
                pools |= self._pools(ray, ray.put(blob), sizes)
                yield from dispatch(jobs, pools, attempts=self.attempts, patience=self.patience, tick=_TICK)
            except ray.exceptions.RaySystemError as error:
                raise RunError(
                    f"The Ray cluster was lost: {_first_line(error)}.", "Repeat the command to resume it."
                ) from error

    @contextmanager
    def _connected(self, ray: Any, sizes: Mapping[str, PoolSize]) -> Iterator[None]:
        """Connect to a cluster, or start one; leave alone what the user has connected to."""
        if ray.is_initialized():
            yield
            return
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nobody is told about the run
        address = self.address or os.environ.get("RAY_ADDRESS") or "local"
        options: dict[str, Any] = {}
        if address == "local":
            count = (self.workers or cores()) + self._reserved(sizes)
            options = {"include_dashboard": False, "num_cpus": count}
        _check_reachable(address)
        with _quiet():
            try:
                ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, **options)
            except (OSError, RuntimeError, ValueError) as error:  # among them versions that differ
                raise _unreachable(address, error) from error
            try:
                yield
            finally:
                ray.shutdown()

    def _pools(self, ray: Any, blob: Any, sizes: Mapping[str, PoolSize]) -> dict[str, Pool]:
        count = _Cpus(ray)
        pools = {}
        if CPU in sizes:
            size, reserved = sizes[CPU], self._reserved(sizes)
            pools[CPU] = Pool(
                open=_opener(ray, blob, size.threads, gpus=0.0),
                size=lambda: fewest(self.workers or (count() - reserved) // size.threads, size.most),
            )
        if MODELS in sizes:
            models = sizes[MODELS]
            pools[MODELS] = Pool(
                open=_opener(ray, blob, models.threads, gpus=self.gpus),
                size=lambda: fewest(self.models, models.most),
            )
        return pools

    def _reserved(self, sizes: Mapping[str, PoolSize]) -> int:
        """CPUs that the actors with models will need; without them they could wait for ever for the others."""
        return fewest(self.models, sizes[MODELS].most) * sizes[MODELS].threads if MODELS in sizes else 0


class RaySlot:
    """One actor; it takes steps once the cluster has found room for it and it answers.

    Args:
        ray: The module.
        actor: Its handle.
    """

    def __init__(self, ray: Any, actor: Any) -> None:
        self._ray = ray
        self._actor = actor
        self.ready: Future[Any] = actor.ready.remote().future()

    def submit(self, step: str, payload: Any) -> Future[Any]:
        """Begin a step."""
        future: Future[Any] = self._actor.do.remote(step, dumps(payload)).future()
        return future

    def result(self, future: Future[Any]) -> Any:
        """Read what a step came to."""
        try:
            answer: Answer | None = future.result()
        except self._ray.exceptions.RayTaskError:
            raise  # a fault of ours: what a step raises is an answer
        except self._ray.exceptions.RayError as error:
            raise DiedError(_worded(self._ray, error)) from error
        return None if answer is None else received(answer)

    def end(self, *, now: bool) -> None:  # noqa: ARG002
        """Kill the actor; it has nothing to tidy up."""
        self._ray.kill(self._actor)

    def join(self) -> None:
        """Nothing is waited for: the cluster sees to it."""


class _Actor:
    """What runs on the cluster: a station, made there."""

    def __init__(self, pickled: bytes, setting: Setting) -> None:
        setting.settle()
        self._station = Station(pickled)

    def ready(self) -> None:
        """Answer."""

    def do(self, step: str, payload: bytes) -> Answer:
        return self._station.do(step, payload)


class _Cpus:
    """How many CPUs the cluster has, asked now and then: it is asked in every turn of the loop."""

    def __init__(self, ray: Any) -> None:
        self._ray = ray
        self._count = 0
        self._asked: float | None = None

    def __call__(self) -> int:
        now = time.monotonic()
        if self._asked is None or now - self._asked > _TICK:
            self._count, self._asked = int(self._ray.cluster_resources().get("CPU", 0)), now
        return self._count


def _opener(ray: Any, blob: Any, threads: int, *, gpus: float) -> Any:
    options = {"num_cpus": threads, "num_gpus": gpus, "max_restarts": 0, "max_task_retries": 0}
    kind = ray.remote(**options)(_Actor)
    setting = Setting.of_this_process(threads)
    return lambda: RaySlot(ray, kind.remote(blob, setting))


def _check_reachable(address: str) -> None:
    """Try the port first: Ray itself tries for minutes, tells the terminal so, and may end the process.

    Raises:
        RunError: Nothing answers there.
    """
    host, _, port = address.rpartition(":")
    if not host or "/" in host or not port.isdigit():
        return  # a word, as "auto", or a URL: Ray knows what is meant
    try:
        socket.create_connection((host, int(port)), timeout=10).close()
    except (OSError, OverflowError) as error:
        raise _unreachable(address, error) from error


def _unreachable(address: str, error: Exception) -> RunError:
    return RunError(
        f"Ray cannot be reached at '{address}': {_first_line(error)}.",
        "Start it with 'ray start --head', or leave executor.address and RAY_ADDRESS empty.",
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Log what Ray would print to the standard output when a process or a machine dies: it has no option for that."""
    module = import_module("ray._private.worker")
    before = getattr(module, "print_to_stdstream", None)
    if before is None:
        yield
        return

    def log(data: Mapping[str, Any], **_: Any) -> None:
        _LOG.info("%s", "\n".join(map(str, data.get("lines", ()))))

    module.print_to_stdstream = log  # type: ignore[attr-defined]
    try:
        yield
    finally:
        module.print_to_stdstream = before  # type: ignore[attr-defined]


def _worded(ray: Any, error: Exception) -> str:
    """Say how an actor ended, as far as Ray says it; its own words are a page."""
    kinds = ray.exceptions
    if isinstance(error, kinds.OutOfMemoryError):
        return "its machine ran out of memory"
    if isinstance(error, kinds.NodeDiedError | kinds.ObjectLostError) or "node has died" in str(error):
        return "its machine was lost"
    if isinstance(error, kinds.ActorUnavailableError):
        return "its machine was out of reach"
    if isinstance(error, kinds.ActorDiedError):
        return "its process ended unexpectedly"
    return f"{type(error).__name__}: {_first_line(error)}"


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".")
