"""The pool "here": one thread of the calling process."""

from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Any

from tercet.executors import Worker

_GRACE = 5.0  # seconds that a step has to end after the worker was told to stop


class HereSlot:
    """One thread that does steps with the worker object itself.

    A thread cannot be killed: an early end asks the worker to stop, where it can, waits a little, and leaves the
    thread to itself. It is a daemon, so that the process need not outlive its last step, as it would with
    ``ThreadPoolExecutor``.

    Args:
        worker: What does the steps.
    """

    def __init__(self, worker: Worker) -> None:
        self.ready: Future[Any] = Future()
        self.ready.set_result(None)
        self._worker = worker
        self._steps: SimpleQueue[tuple[str, Any, Future[Any]] | None] = SimpleQueue()
        self._last: Future[Any] = self.ready
        self._thread = Thread(target=self._serve, name="tercet-here", daemon=True)
        self._thread.start()

    def submit(self, step: str, payload: Any) -> Future[Any]:
        """Begin a step."""
        self._last = Future()
        self._steps.put((step, payload, self._last))
        return self._last

    def result(self, future: Future[Any]) -> Any:
        """Read what a step came to; an error is the very one that it raised."""
        return future.result()

    def end(self, *, now: bool) -> None:
        """Let the thread end after the step that it is at."""
        if now and not self._last.done() and (stop := getattr(self._worker, "stop", None)):
            stop()
        self._steps.put(None)

    def join(self) -> None:
        """Wait for the thread, a little."""
        self._thread.join(_GRACE)

    def _serve(self) -> None:
        while (item := self._steps.get()) is not None:
            step, payload, future = item
            try:
                future.set_result(self._worker.do(step, payload))
            except BaseException as error:  # noqa: BLE001  (raised again where the result is read)
                future.set_exception(error)
            del item, step, payload, future  # nothing of a large job outlives it
