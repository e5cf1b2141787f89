"""Pacing: so many requests and so many tokens a minute, and no more."""

import asyncio
from typing import Any

from tercet.extras import require


class Pacer:
    """Spreads requests over time; each try counts, also one that fails.

    A bucket leaks, as in the package ``aiolimiter``, and holds what may come at once: a sixtieth of the minute's
    number, at least one. Servers count by the second as well, so that a whole minute's number at once would be
    turned away. The bucket leaks so slowly that within any minute, wherever it begins, the number is kept.

    Args:
        requests: A minute; None sets no limit.
        tokens: A minute, by estimate; None sets no limit.
        purpose: Who asks, for the message where the package is missing.
    """

    def __init__(self, requests: float | None, tokens: float | None, *, purpose: str) -> None:
        self.counts_tokens = tokens is not None
        self._requests = None if requests is None else _Bucket(requests, purpose)
        self._tokens = None if tokens is None else _Bucket(tokens, purpose)

    @property
    def limits(self) -> bool:
        """Whether there is anything to wait for."""
        return self._requests is not None or self._tokens is not None

    async def admit(self, tokens: int) -> None:
        """Wait until a request with so many tokens may be sent."""
        if self._tokens is not None:
            await self._tokens.take(tokens)
        if self._requests is not None:
            await self._requests.take(1)


class _Bucket:
    """A leaky bucket that also takes what is larger than itself: in parts, and nobody between them."""

    def __init__(self, a_minute: float, purpose: str) -> None:
        aiolimiter: Any = require("aiolimiter", package="aiolimiter", extra="openai", purpose=purpose)
        at_once, a_second = leak(a_minute)
        self._limiter = aiolimiter.AsyncLimiter(at_once, at_once / a_second)
        self._turn = asyncio.Lock()  # first come, first served: the package would let small amounts overtake

    async def take(self, amount: float) -> None:
        async with self._turn:
            while amount > 0:
                part = min(amount, self._limiter.max_rate)
                await self._limiter.acquire(part)
                amount -= part


def leak(a_minute: float) -> tuple[float, float]:
    """Choose what a bucket holds, and how much it leaks a second, so that no minute has more than it may.

    Within less than 60 seconds it lets through less than what it holds and 60 times what it leaks; that is
    ``a_minute + 1``, and what comes in whole pieces is therefore ``a_minute`` at most.

    >>> leak(60), leak(1)
    ((1.0, 1.0), (1.0, 0.016666666666666666))
    """
    at_once = max(1.0, a_minute / 60)
    return at_once, (a_minute - at_once + 1) / 60
