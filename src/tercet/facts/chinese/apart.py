"""Hedges that a short verb parts from their number: 最多可容纳500人, 至少能接待200人."""

import re

from tercet.facts.chinese.folding import TAKEN
from tercet.facts.chinese.numerals import CHARACTERS
from tercet.facts.records import Hedge

_HEDGES = {
    "至多": Hedge.UP_TO,
    "最多": Hedge.UP_TO,
    "顶多": Hedge.UP_TO,
    "至少": Hedge.AT_LEAST,
    "最少": Hedge.AT_LEAST,
    "起码": Hedge.AT_LEAST,
}
_STARTS = f"0-9{CHARACTERS}几半"
_APART = re.compile(
    f"(?P<hedge>{'|'.join(_HEDGES)})(?:可以?|能够?|将|需要?)[^{_STARTS}第，。；、！？：（）()\n{TAKEN}]{{0,4}}(?=[{_STARTS}])"
)


def hedges_apart(text: str) -> dict[int, Hedge]:
    """Find such hedges, by the place where their number begins.

    Args:
        text: Folded.

    >>> hedges_apart("最多可容纳500人")
    {5: <Hedge.UP_TO: 'up to'>}
    """
    for word in _HEDGES:
        if word in text:
            return {found.end(): _HEDGES[found["hedge"]] for found in _APART.finditer(text)}
    return {}
