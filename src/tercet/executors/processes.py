"""A slot that is a process of this machine.

Processes are spawned, not forked: a fork inherits locks of threads that it does not have, and numpy with all its
threads. ``forkserver`` would start them faster, but there is one server a process, whose preloads and environment are
whoever's started it first. Either would run the user's main file again in each worker; that is prevented here.
"""

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from threading import RLock, Thread
from types import ModuleType
from typing import Any

from tercet.errors import RunError
from tercet.executors.slots import DiedError
from tercet.executors.working import Answer, Setting, Station, dumps, received

_GRACE = 5.0  # seconds that a worker without work has to end by itself
_STARTING = RLock()
_station: Station | None = None  # of this process, where it is a worker


class ProcessSlot:
    """One worker process.

    A ``ProcessPoolExecutor`` that loses any of its processes is broken as a whole and does not say which task the
    process was at; so each has a single one.

    Args:
        pickled: The worker.
        setting: What the process takes over.

    Raises:
        RunError: The machine does not let it be started.
    """

    def __init__(self, pickled: bytes, setting: Setting) -> None:
        self._context = _Context()
        try:
            self._pool = ProcessPoolExecutor(1, self._context, initializer=_begin, initargs=(setting,))
            self.ready: Future[Any] = self._pool.submit(_keep, pickled)
        except OSError as error:
            raise RunError(
                f"A worker process cannot be started: {error.strerror or error}.", "Lower executor.workers or models."
            ) from error

    def submit(self, step: str, payload: Any) -> Future[Any]:
        """Begin a step."""
        pickled = dumps(payload)
        try:
            return self._pool.submit(_do, step, pickled)
        except BrokenExecutor as error:
            raise DiedError(self._end_worded()) from error

    def result(self, future: Future[Any]) -> Any:
        """Read what a step came to."""
        try:
            answer: Answer | None = future.result()
        except BrokenExecutor as error:
            raise DiedError(self._end_worded()) from error
        return None if answer is None else received(answer)

    def end(self, *, now: bool) -> None:
        """Tell the process to end."""
        if now:
            self._kill()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def join(self) -> None:
        """Wait for the process; kill it where it does not end by itself."""
        for process in self._context.started:
            process.join(_GRACE)
        self._kill()
        self._pool.shutdown(wait=True)

    def _kill(self) -> None:
        for process in self._context.started:
            process.kill()  # nothing where it has ended

    def _end_worded(self) -> str:
        self._pool.shutdown(wait=True)  # it has waited for the process then, and knows its exit code
        codes = [process.exitcode for process in self._context.started]
        code = codes[-1] if codes else None
        if code is None:
            return "ended, and nobody knows how"
        return f"killed by signal {-code}" if code < 0 else f"ended with exit code {code}"


class _Process(SpawnProcess):
    """A process that neither runs the user's main file nor ends by the terminal's Ctrl-C."""

    def start(self) -> None:
        with _STARTING, _main_hidden(), _interrupts_blocked():
            super().start()


class _Context(SpawnContext):
    """A context that remembers the processes it started."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[_Process] = []

    def Process(self, *args: Any, **options: Any) -> _Process:  # type: ignore[override] # noqa: N802
        process = _Process(*args, **options)
        self.started.append(process)
        return process


class _Hidden(ModuleType):
    """The main module, but that there is no file which a new process would run."""

    def __init__(self, main: ModuleType) -> None:
        super().__init__(main.__name__)
        self._main = main

    def __getattr__(self, name: str) -> Any:
        if name in {"__file__", "_main"}:
            raise AttributeError(name)
        return getattr(self._main, name)


@contextmanager
def _main_hidden() -> Iterator[None]:
    """Let a new process not see which file is the main one.

    A script without ``if __name__ == "__main__"`` would start itself anew in each worker, and what it defines is
    pickled by value. Other threads can use the module as ever meanwhile.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = _Hidden(main)
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Let a new process be deaf to SIGINT from its first instruction: it inherits the mask; here it comes later."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(setting: Setting) -> None:
    """Settle a new worker process, before it imports anything large."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who calls ends it
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # what it starts itself is not to inherit the mask
    Thread(target=_end_with_parent, name="tercet-parent", daemon=True).start()
    setting.settle()


def _end_with_parent() -> None:
    """End when the calling process has ended, however it did: the queue of a pool would be waited at for ever."""
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _keep(pickled: bytes) -> None:
    global _station  # noqa: PLW0603  (a process has one)
    _station = Station(pickled)


def _do(step: str, payload: bytes) -> Answer:
    assert _station is not None  # noqa: S101
    return _station.do(step, payload)
