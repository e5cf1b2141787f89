"""The machines of a Ray cluster."""

import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, ClassVar

from tercet.clusters import ending, first_line, joined
from tercet.errors import ConfigError, RunError
from tercet.executors import CPU, HERE, MODELS, Job, PoolSize, Results, Worker
from tercet.executors.dispatching import dispatch
from tercet.executors.here import HereSlot
from tercet.executors.local import cores
from tercet.executors.options import check_counts
from tercet.executors.slots import DiedError, Pool
from tercet.executors.working import Answer, Setting, Station, dumps, pickled, received
from tercet.extras import require

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
            ConfigError: There is no cluster at the address.
            RunError: It has no room, or is lost as a whole.
        """
        ray = require("ray", package="ray", extra="ray", purpose="executor=ray")
        blob = pickled(worker, "executor=ray")
        # Of a cluster that is started: room for all that may be asked for.
        cpus = (self.workers or cores()) + self._reserved(sizes)
        with joined(ray, self.address, owner="executor", cpus=cpus):
            try:
                pools = {HERE: Pool(open=lambda: HereSlot(worker), size=lambda: 1)}
                pools |= self._pools(ray, ray.put(blob), sizes)
                yield from dispatch(jobs, pools, attempts=self.attempts, patience=self.patience, tick=_TICK)
            except ray.exceptions.RaySystemError as error:
                raise RunError(
                    f"The Ray cluster was lost: {first_line(error)}.", "Repeat the command to resume it."
                ) from error

    def _pools(self, ray: Any, blob: Any, sizes: Mapping[str, PoolSize]) -> dict[str, Pool]:
        count = _Cpus(ray)
        pools = {}
        if CPU in sizes:
            size, reserved = sizes[CPU], self._reserved(sizes)
            pools[CPU] = Pool(
                open=_opener(ray, blob, size.threads, gpus=0.0),
                size=lambda: max(1, self.workers or (count() - reserved) // size.threads),
            )
        if MODELS in sizes:
            models = sizes[MODELS]
            pools[MODELS] = Pool(
                open=_opener(ray, blob, models.threads, gpus=self.gpus),
                size=lambda: self.models,
            )
        return pools

    def _reserved(self, sizes: Mapping[str, PoolSize]) -> int:
        """CPUs that the actors with models will need; without them they could wait for ever for the others."""
        return self.models * sizes[MODELS].threads if MODELS in sizes else 0


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
            raise DiedError(ending(self._ray, error)) from error
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
