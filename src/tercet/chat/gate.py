"""The gate that every try passes: so many at once, none during a pause, and each in its turn."""

import asyncio
from collections import deque

from tercet.chat.limits import Limit


class Gate:
    """Lets tries through, within one loop.

    First come, first served, whether a question is tried for the first time or again: a few that always fail, at
    a time when few may be within, would otherwise keep the others waiting until they are given up.

    Args:
        limit: How many may be within, from moment to moment.
    """

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._within = 0
        self._turns: deque[asyncio.Future[None]] = deque()
        self._pause: asyncio.TimerHandle | None = None
        self._running = asyncio.Event()  # no pause
        self._running.set()
        self._open = False

    async def enter(self) -> "Place":
        """Wait for a place, and take it."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._turns.append(turn)
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it had just been admitted
                self.left()
            raise
        return Place(self)

    def left(self) -> None:
        """Take a place back."""
        self._within -= 1
        self._admit()

    async def clear(self) -> None:
        """Wait for the end of a pause, within the gate."""
        await self._running.wait()

    def pause(self, seconds: float) -> None:
        """Let nobody through for so long; of two pauses the one that ends later holds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        if self._open or (self._pause is not None and self._pause.when() >= until):
            return
        if self._pause is not None:
            self._pause.cancel()
        self._pause = loop.call_at(until, self._resume)
        self._running.clear()

    def open_for_good(self) -> None:
        """Let everybody through: nothing is sent any more, and nobody needs to wait to hear that."""
        self._open = True
        if self._pause is not None:
            self._pause.cancel()
        self._resume()

    def _resume(self) -> None:
        self._pause = None
        self._running.set()
        self._admit()

    def _admit(self) -> None:
        while self._turns and (self._open or (self._pause is None and self._within < self._limit.allowed)):
            turn = self._turns.popleft()
            if not turn.done():  # else who waited has gone
                self._within += 1
                turn.set_result(None)


class Place:
    """A place within the gate, which is given back once.

    A try that hangs may hold its connection for minutes. Where few may be within, a few such would keep everybody
    else out; so its place is given to another after a while, though it goes on.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate: Gate | None = gate
        self._end: asyncio.TimerHandle | None = None

    def last(self, seconds: float) -> None:
        """Give the place back after so long, if it is still held."""
        if self._end is not None:
            self._end.cancel()
        self._end = asyncio.get_running_loop().call_later(seconds, self.leave)

    def leave(self, _: object = None) -> None:
        """Give the place back; what may be said of its end is not heard."""
        if self._end is not None:
            self._end.cancel()
        if self._gate is not None:
            self._gate.left()
            self._gate = None
