"""A slot: one place where a step can be done, of whatever engine."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol


class DiedError(Exception):
    """A slot ended before its work did; the text says how."""


class Slot(Protocol):
    """One worker, which does one step at a time.

    ``ready`` is done once it can take a step.
    """

    ready: Future[Any]

    def submit(self, step: str, payload: Any) -> Future[Any]:
        """Begin a step.

        Raises:
            DiedError: The worker ended while it had nothing to do.
        """
        ...

    def result(self, future: Future[Any]) -> Any:
        """Read what ``ready``, or a step, came to.

        Raises:
            DiedError: The worker ended.
            BaseException: The step raised it.
        """
        ...

    def end(self, *, now: bool) -> None:
        """Tell the worker to end, at once or when it has done what it is at; do not wait for it."""
        ...

    def join(self) -> None:
        """Wait until it has ended."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Where slots of one kind come from.

    Args:
        open: Starts one, and does not wait for it.
        size: How many there may be, now.
    """

    open: Callable[[], Slot]
    size: Callable[[], int]
