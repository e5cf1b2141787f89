"""Executors: where jobs are worked on, in processes of this machine or on the machines of a Ray cluster.

An executor is a dataclass with ``run(worker, jobs, sizes)``, and its fields are its options. It knows nothing of what
a job is about: the steps are names, and what a step takes and gives is the worker's affair. Engines are the
libraries' own (``concurrent.futures``, Ray); the loop over them, which all of them share, is in ``dispatching``.
"""

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

HERE = "here"  # one thread of the calling process: rate limits, cost and cache belong to one process
CPU = "cpu"  # many workers
MODELS = "models"  # few workers, which hold models, perhaps on accelerators


class Worker(Protocol):
    """What does the steps.

    It is pickled (by cloudpickle) once a run and unpickled once in each worker process, before that process's first
    step, so what it loads when it is first needed is loaded once a process. Its class, and what it refers to, can be
    imported there too; what ``__main__`` defines travels with it. The pool "here" uses the object itself.

    Where it has a method ``stop()``, that is called, from another thread, when a run ends early while a step goes on
    "here"; it should make that step end soon.
    """

    def do(self, step: str, payload: Any) -> Any:
        """Do a step.

        Args:
            step: Its name.
            payload: The job's, or the result of the step before.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be done, one step after the other, each in whatever worker of its pool is free.

    Args:
        key: The job's number, for who reads the results.
        steps: Pool and name of each step, in order.
        payload: What the first step is given.
    """

    key: int
    steps: tuple[tuple[str, str], ...]
    payload: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A job that is done, with the result of its last step."""

    key: int
    result: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A job that was given up: its workers died of it, or around it.

    Args:
        key: The job's.
        reason: How often, and how at last: "its worker died 3 times: killed by signal 9".
    """

    key: int
    reason: str


# What comes of jobs, as they end.
Results = Generator[Done | Lost, None, None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSize:
    """What the caller knows of a pool that the executor's options do not say.

    Args:
        threads: Threads of BLAS, OpenMP, numba and the like in each of its worker processes.
    """

    threads: int = 1


class Executor(Protocol):
    """Where jobs are worked on; its fields are its configuration."""

    same_machine: ClassVar[bool]  # whether workers see this machine's files

    def run(self, worker: Worker, jobs: Iterable[Job], sizes: Mapping[str, PoolSize]) -> Results:
        """Work on jobs.

        Close the iterator where it is not read to its end (``contextlib.closing``): that ends the workers at once.

        Args:
            worker: What does the steps.
            jobs: Taken one by one, and not before there is room: two more are alive than there are workers.
            sizes: The pools that the jobs use; a pool is started when a job first needs it.

        Yields:
            Each job once, as they are finished, in any order.

        Raises:
            TercetError: A worker raised it, and it is the same here; or no worker can be started.
            RuntimeError: A worker raised anything else; the traceback of its process is a note of it.
            KeyboardInterrupt: Here, or in a worker.
        """
        ...
