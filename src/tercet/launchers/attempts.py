"""One item of a launcher's work: sent to another process, done there, its result or its error brought back."""

import os
import pickle
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tercet.carrying import pack, unpack
from tercet.errors import ConfigError, RunError, located
from tercet.extras import require

Reply = tuple[bytes | None, dict[str, Any] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an item.

    Args:
        index: Which one, from 0.
        value: Its result.
        error: Why there is none.
    """

    index: int
    value: Any = None
    error: BaseException | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An item on its way; calling it does the work, in whatever process it has come to.

    Args:
        index: Which item, from 0.
        load: The work and the item, by cloudpickle.
        folder: The working directory of the process that sent it; paths in configs are relative to it.
        path: Where that process imports from: the user's own components may lie there.
    """

    index: int
    load: bytes
    folder: str
    path: tuple[str, ...]

    def __call__(self) -> Reply:
        """Do the work.

        Returns:
            The result by pickle, or the error by `pack`. No error is raised, for each library would change it
            in a way of its own.
        """
        try:
            self._settle()
            work, item = pickle.loads(self.load)  # noqa: S301 (what this program itself has sent)
            return pickle.dumps(work(item)), None
        except Exception as error:  # noqa: BLE001
            return None, pack(error)

    def _settle(self) -> None:
        """Stand where the sender stood: workers of a cluster start elsewhere."""
        if not Path(self.folder).is_dir():
            raise RunError(
                f"The folder '{self.folder}' is not there on the machine that is to make a run.",
                "Start the sweep in a folder that all machines see under the same path.",
            )
        os.chdir(self.folder)
        sys.path.extend(place for place in self.path if place not in sys.path)


def jobs_of(work: Callable[[Any], Any], items: Sequence[Any], *, launcher: str) -> list[Job]:
    """Make an item's work ready to be sent.

    Args:
        work: What is done for an item.
        items: The items.
        launcher: The launcher's name, which is that of its extra too.

    Raises:
        MissingExtraError: cloudpickle is not installed.
        ConfigError: A part of a run cannot be sent to another process.
    """
    dumps = require("cloudpickle", package="cloudpickle", extra=launcher, purpose=f"launcher={launcher}").dumps
    folder, path = str(Path.cwd()), tuple(str(Path(place).absolute()) for place in sys.path)
    jobs = []
    for index, item in enumerate(items):
        try:
            load = dumps((work, item))
        except Exception as error:  # whatever a user's own component raises when it is pickled
            raise ConfigError(
                f"Run {index + 1} of {len(items)} cannot be sent to another process: {located(error)}.",
                "Use launcher=basic, or keep what cannot be pickled out of the component's fields.",
            ) from error
        jobs.append(Job(index=index, load=load, folder=folder, path=path))
    return jobs


def received(index: int, reply: Reply) -> Outcome:
    """Read what a job replied."""
    value, error = reply
    if error is not None:
        return Outcome(index=index, error=unpack(error))
    return Outcome(index=index, value=pickle.loads(value or b""))  # noqa: S301


def lost(index: int, total: int, reason: str) -> Outcome:
    """Say that the process of an item ended before its work did.

    Args:
        index: Which item, from 0.
        total: How many items there are.
        reason: What is known of its end, as a part of a sentence.
    """
    problem = f"Run {index + 1} of {total} was lost: {reason.rstrip('.')}."
    return Outcome(index=index, error=RunError(problem, "Repeat the command to resume it."))


def collect(outcomes: Generator[Outcome, None, None]) -> Iterator[tuple[int, Any]]:
    """Hand on the results; raise the first error by index once there is nothing more to come.

    Raises:
        BaseException: The error of an item, with a note for each of the others.
    """
    failed: dict[int, BaseException] = {}
    with closing(outcomes):
        for outcome in outcomes:
            if outcome.error is None:
                yield outcome.index, outcome.value
            else:
                failed[outcome.index] = outcome.error
    if failed:
        first, *others = sorted(failed)
        for index in others:
            failed[first].add_note(f"Run {index + 1} failed as well: {failed[index]}")
        raise failed[first]
