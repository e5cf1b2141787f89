"""Waiting: how long until another try, as the server wishes or as is usual."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from math import isfinite
from random import SystemRandom

_CHANCE = SystemRandom()  # the process's own generator may have been seeded for something else


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How patiently a server is treated that does not answer.

    Args:
        base: Seconds; the first wait is this at most, and each further one twice as long.
        most: Seconds that a wait grows to.
        longest: Seconds that a server may ask to wait; beyond them a question fails.
        grace: Seconds for which nobody may be at the address, as while a server starts anew.
        failures: Questions in a row that fail for good, after which no more are asked.
    """

    base: float = 0.5
    most: float = 20.0
    longest: float = 120.0
    grace: float = 3.0
    failures: int = 3

    def backoff(self, tries: int) -> float:
        """Choose seconds to wait after so many tries: anything up to a bound that doubles.

        All of it is left to chance, since questions that failed together should not come back together:
        https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("full jitter").
        """
        bound = min(self.base * 2 ** min(tries - 1, 60), self.most)
        return _CHANCE.uniform(0, bound)


def wished(headers: Mapping[str, str], now: float) -> float | None:
    """Read how long a server asks to wait: ``Retry-After`` in seconds or as a date, or ``retry-after-ms``.

    Args:
        headers: By names in lower case.
        now: Seconds since 1970.

    Returns:
        Seconds, at least 0; None where nothing is asked that can be read.

    >>> wished({"retry-after": "2"}, 0), wished({"retry-after-ms": "1500"}, 0), wished({"retry-after": "soon"}, 0)
    (2.0, 1.5, None)
    >>> wished({"retry-after": "Thu, 01 Jan 1970 00:01:00 GMT"}, 10)
    50.0
    """
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            seconds = float(headers.get(name, "")) / unit
        except ValueError:
            continue
        if isfinite(seconds):
            return max(seconds, 0.0)
    try:
        date = parsedate_to_datetime(headers.get("retry-after", ""))
        date = date if date.tzinfo else date.replace(tzinfo=UTC)
        return max(date.timestamp() - now, 0.0)
    except (ValueError, OverflowError):
        return None
