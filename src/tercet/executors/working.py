"""The side of the worker process: the worker is kept there, its steps are done, its errors become plain data.

Nothing here imports numpy, or anything that does: how many threads a library may use is settled first.
"""

import os
import pickle
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from tercet.carrying import pack, unpack
from tercet.errors import ConfigError, RunError, TercetError, located
from tercet.executors import Worker
from tercet.extras import require

# Each of these libraries would use every core, in every worker.
_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "RAYON_NUM_THREADS",
)
Answer = tuple[Literal["done"], bytes] | tuple[Literal["failed", "interrupted"], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a worker process takes over from the process that calls.

    Args:
        folder: The working directory; paths in a config are relative to it.
        path: Where modules are imported from; the user's own components may lie there.
        threads: How many threads a library may use.
    """

    folder: str
    path: tuple[str, ...]
    threads: int

    @classmethod
    def of_this_process(cls, threads: int) -> "Setting":
        """Describe the calling process."""
        path = tuple(str(Path(place).absolute()) for place in sys.path)
        return cls(folder=str(Path.cwd()), path=path, threads=threads)

    def settle(self) -> None:
        """Take it over, as far as this machine has it."""
        os.environ.update(dict.fromkeys(_THREADS, str(self.threads)))
        if Path(self.folder).is_dir():
            os.chdir(self.folder)
        sys.path.extend(place for place in self.path if place not in sys.path)


def pickled(worker: Worker, purpose: str) -> bytes:
    """Make a worker ready to be sent to other processes.

    Args:
        worker: It.
        purpose: What sends it, for messages.

    Raises:
        MissingExtraError: cloudpickle is not installed.
        ConfigError: It cannot be pickled, as with a component that holds an open file.
    """
    require("cloudpickle", package="cloudpickle", extra="ray", purpose=purpose)
    try:
        return dumps(worker)
    except Exception as error:  # whatever a user's own component raises
        raise ConfigError(
            f"{purpose}: what is to be done cannot be sent to another process: {located(error)}.",
            "Keep what cannot be pickled out of your components' fields, or use executor=null.",
        ) from error


def dumps(value: Any) -> bytes:
    """Pickle what goes from one process to another; what ``__main__`` defines goes with it."""
    found: bytes = import_module("cloudpickle").dumps(value)
    return found


class Station:
    """A worker's place in its process.

    Args:
        pickled: The worker; unpickled when its first step comes, so that an error in that is an answer too.
    """

    def __init__(self, pickled: bytes) -> None:
        self._pickled = pickled
        self._worker: Worker | None = None

    def do(self, step: str, payload: bytes) -> Answer:
        """Do a step; no error is raised, for each engine would change it in a way of its own.

        Args:
            step: Its name.
            payload: What it is given, pickled.
        """
        try:
            if self._worker is None:
                self._worker = self._load()
            return "done", dumps(self._worker.do(step, pickle.loads(payload)))  # noqa: S301
        except KeyboardInterrupt:
            return "interrupted", {}
        except BaseException as error:  # noqa: BLE001
            return "failed", pack(error)

    def _load(self) -> Worker:
        try:
            worker: Worker = pickle.loads(self._pickled)  # noqa: S301
        except TercetError:
            raise
        except Exception as error:
            raise RunError(
                f"A worker process cannot load its work: {located(error)}.",
                "Where workers run needs the same packages, and the files of your own components.",
            ) from error
        return worker


def received(answer: Answer) -> Any:
    """Read, in the process that called, what a `Station` answered.

    Raises:
        BaseException: The error of the step.
    """
    if answer[0] == "done":
        return pickle.loads(answer[1])  # noqa: S301
    if answer[0] == "interrupted":
        raise KeyboardInterrupt
    raise unpack(answer[1])
