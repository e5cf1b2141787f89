"""Windows: requests that come one by one, some at a time."""

from collections.abc import Iterable, Iterator
from time import sleep
from typing import TypeVar

_Item = TypeVar("_Item")
_PAUSE = 0.05  # seconds until it is asked again whether there is more
SIZE = 64


def windows(items: Iterable[_Item | None]) -> Iterator[list[tuple[int, _Item]]]:
    """Collect items, each with its number, until there are enough or no more are to be had for now.

    Args:
        items: None says that one may come later.

    >>> list(windows(["a", "b", None, "c"]))
    [[(0, 'a'), (1, 'b')], [(2, 'c')]]
    """
    found: list[tuple[int, _Item]] = []
    count = 0
    for item in items:
        if item is not None:
            found.append((count, item))
            count += 1
        elif not found:
            sleep(_PAUSE)
        if found and (item is None or len(found) == SIZE):
            yield found
            found = []
    if found:
        yield found
