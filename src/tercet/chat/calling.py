"""Calling a model: several questions at once, with an end to everything.

What goes on is asynchronous, in an event loop and a thread of its own; ``Chat`` gives it to code that is not.
``asking`` asks, ``line`` sends, ``gate``, ``limits`` and ``pacing`` say how many and how often, ``waiting`` says
how long until another try, and ``breaker`` when it is enough.
"""

import asyncio
import os
from collections.abc import Iterable, Iterator
from queue import SimpleQueue
from threading import Thread
from types import ModuleType, TracebackType
from typing import Any, Self

from tercet.chat import Answer, Decoding, Endpoint, Question
from tercet.chat.asking import Asker
from tercet.chat.line import Line
from tercet.chat.secret import Secret
from tercet.chat.waiting import Patience
from tercet.extras import require

_Ended = asyncio.Task[BaseException | None]


class Chat:
    """An open line to one model.

    It has an event loop of its own, in a thread, so that it serves code that is not asynchronous, and
    also a notebook, whose loop is taken.

    Args:
        endpoint: Where it answers; without obstacle.
        model: Its name there.
        decoding: How it writes.
        purpose: Who asks, for the message where a package is missing.
        patience: How patiently a server is treated that does not answer.

    Raises:
        ConfigError: The environment names a proxy that cannot be used.
        MissingExtraError: A package is not installed.
    """

    def __init__(
        self, endpoint: Endpoint, model: str, decoding: Decoding, *, purpose: str, patience: Patience | None = None
    ) -> None:
        secret = Secret(os.environ.get(endpoint.key_variable, "").strip() if endpoint.key_variable else "")
        self._line = Line(endpoint, secret.key, transport(purpose))
        self._asker = Asker(
            self._line, secret, endpoint, model, decoding, patience=patience or Patience(), purpose=purpose
        )

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=_turn, args=(self._loop,), name="tercet-chat", daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._line.open(), self._loop).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._line.close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def ask(self, questions: Iterable[Question | None]) -> Iterator[tuple[int, Answer]]:
        """Ask, several at once.

        Questions are drawn one by one, each when it can be asked, in the thread of the loop: the iterator must
        not wait. Where it has nothing at the moment but may have later, it gives None, which has no index. What it
        has given is answered, exactly once; only who stops reading hears no more, and then no more is drawn.

        Where the server counts as dead (``breaker``), the rest is not asked any more, and fails with the reason;
        this holds for later calls too.

        Yields:
            Each question's index, once, and its answer, as they come.

        Raises:
            BaseException: What the iterator raised, after the answers to what it gave before.
        """
        answers: SimpleQueue[tuple[int, Answer] | _Ended] = SimpleQueue()
        waiting = iter(questions)

        async def begin() -> _Ended:
            task = asyncio.get_running_loop().create_task(self._asker.ask(waiting, answers.put, answers.qsize))
            task.add_done_callback(answers.put)
            return task

        task = asyncio.run_coroutine_threadsafe(begin(), self._loop).result()
        try:
            while not isinstance(item := answers.get(), asyncio.Task):
                yield item
            if (error := item.result()) is not None:
                raise error
        finally:
            self._end(task, answers)

    def _end(self, task: _Ended, answers: SimpleQueue[Any]) -> None:
        """End what is still asked, and wait until nothing is drawn any more."""
        if not task.done():
            self._loop.call_soon_threadsafe(task.cancel)
            while not isinstance(answers.get(), asyncio.Task):
                pass


def transport(purpose: str) -> ModuleType:
    """Import the package that calls.

    Raises:
        MissingExtraError: It is not installed.
    """
    return require("aiohttp", package="aiohttp", extra="openai", purpose=purpose)


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    """Run a loop until it is stopped, then end what is open and close it."""
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.get_loop().run_forever()
