"""What is known of a server from all tries together: how many it bears, when to wait for it, when it is dead."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from tercet.chat.breaker import Breaker
from tercet.chat.faults import Fault, Kind
from tercet.chat.gate import Gate, Place
from tercet.chat.limits import Limit
from tercet.chat.waiting import Patience

_HANGING = 3  # times as long as answers usually take, and a try gives its place to another


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One try: when it began, and how many were allowed then (``Limit.mark``)."""

    began: float
    mark: int


class Server:
    """Learns from every try, within one loop; limit, gate and breaker do what follows from it.

    Args:
        concurrency: Tries that are open at once, at most.
        patience: How patiently it is waited for.

    Attributes:
        gate: What every try passes.
    """

    def __init__(self, concurrency: int, patience: Patience) -> None:
        self._patience = patience
        self._limit = Limit(concurrency)
        self.gate = Gate(self._limit)
        self._breaker = Breaker(patience)
        self._stop = asyncio.Event()
        self._usual: float | None = None  # seconds that an answer takes

    @property
    def stopped(self) -> str | None:
        """Why no more is asked; None while it is."""
        return self._breaker.stopped

    def begin(self, place: Place) -> Trial:
        """Begin a try, which has a place at the gate."""
        if self._usual is not None:
            place.last(self._usual * _HANGING)
        return Trial(began=_now(), mark=self._limit.mark)

    def reached(self) -> None:
        """Take note that somebody is there, whatever they say."""
        self._limit.reached()
        self._breaker.reached()

    def answered(self, trial: Trial) -> None:
        """Take note of an answer."""
        now = _now()
        self._limit.answered(trial.mark)
        self._breaker.served(now)
        took = now - trial.began
        self._usual = took if self._usual is None else 0.9 * self._usual + 0.1 * took

    def failed(self, trial: Trial, fault: Fault, reason: str) -> None:
        """Take note of a try that was not answered, and why, in words."""
        if fault.overwhelmed and not (fault.kind is Kind.LATE and self._breaker.served_since(trial.began)):
            self._limit.overwhelmed(trial.mark)
        if fault.wait and fault.wait <= self._patience.longest:
            self.gate.pause(fault.wait)
        if fault.kind is Kind.ABSENT:
            self._limit.absent()
            self.gate.pause(self._patience.base)
            self._breaker.absent(trial.began, _now(), reason)
        elif fault.kind is Kind.HOPELESS:
            self._breaker.stop(reason)
        self._heed()

    def gave_up(self, first: float, fault: Fault, reason: str) -> None:
        """Take note of a question that failed for good, and whose first try began at ``first``."""
        if fault.kind is Kind.WRONG:
            self._breaker.served(_now())
        else:
            self._breaker.failed(first, reason)
            self._heed()

    async def unless_stopped(self, waiting: Awaitable[None]) -> None:
        """Wait, but no longer than until nothing is asked any more."""
        both: list[asyncio.Future[Any]]
        both = [asyncio.ensure_future(waiting), asyncio.ensure_future(self._stop.wait())]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if both[0].done():
                both[0].result()
        finally:
            for task in both:
                task.cancel()

    def _heed(self) -> None:
        """Wake everybody where the breaker has stopped the asking."""
        if self._breaker.stopped is not None:
            self._stop.set()
            self.gate.open_for_good()


def _now() -> float:
    return asyncio.get_running_loop().time()
