"""Times that a stopwatch shows: 2:18:31 is 2 hours, 18 minutes and 31 seconds."""

import re
from collections.abc import Iterator

from tercet.facts.records import Kind, Quantity

_REST = re.compile(":([0-5][0-9]):([0-5][0-9])(?![0-9:])")
_HOURS = re.compile("(?<![0-9:.])[0-9]{1,2}$")
_WORTH = (3_600.0, 60.0, 1.0)


def stopped(text: str) -> Iterator[Quantity]:
    """Find such times: their parts, and the whole, which supports what another text adds up.

    >>> [quantity.low for quantity in stopped("She won in 2:18:31.")]
    [8311.0, 7200.0, 1080.0, 31.0]
    """
    for match in _REST.finditer(text):
        before = max(0, match.start() - 3)
        hours = _HOURS.search(text[before : match.start()])
        if hours is None:
            continue
        parts = [int(part) * worth for part, worth in zip((hours[0], *match.groups()), _WORTH, strict=True)]
        start, end = before + hours.start(), match.end()
        yield Quantity(start, end, Kind.DURATION, sum(parts), sum(parts), 1.0, "s", checkable=False)
        for value, worth in zip(parts, _WORTH, strict=True):
            yield Quantity(start, end, Kind.DURATION, value, value, worth, "s")
