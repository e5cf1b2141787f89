"""Where facts stand, and which of them stand apart from others."""

import sys
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import TypeVar

from tercet.facts.records import Fact

Place = tuple[int, int]  # first character, and one past the last
_Kind = TypeVar("_Kind", bound=Fact)
_NOWHERE = (sys.maxsize, sys.maxsize)

place: Callable[[Fact], Place] = itemgetter(0, 1)  # by index: attributes take three times as long


def places(*kinds: Sequence[Fact]) -> list[Place]:
    """List where facts stand, in the order of the text."""
    return sorted([place(fact) for facts in kinds for fact in facts])


def apart(facts: Sequence[_Kind], taken: Sequence[Place]) -> list[_Kind]:
    """Leave out the facts that begin within a place that is taken.

    Args:
        facts: In the order of the text.
        taken: As ``places`` lists them.
    """
    found = []
    rest = iter(taken)
    start, end = next(rest, _NOWHERE)
    for fact in facts:
        at = fact[0]
        while end <= at:
            start, end = next(rest, _NOWHERE)
        if at < start:
            found.append(fact)
    return found
