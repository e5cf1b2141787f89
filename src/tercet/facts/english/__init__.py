"""The quantities of an English text."""

import re
from collections.abc import Sequence

from tercet.facts.english.page import closed, page_of
from tercet.facts.english.reading import Reader
from tercet.facts.english.turns import turned
from tercet.facts.records import Malformed, Quantity

_YEN = re.compile(r"(?<![a-z])yen(?![a-z])|japan|tokyo")
_YUAN = re.compile(r"yuan|china|chinese|renminbi|(?<![a-z])rmb|beijing|shanghai|shenzhen")
_EITHER = "JPY|CNY"


def quantities(text: str, taken: Sequence[tuple[int, int]]) -> tuple[list[Quantity], list[Malformed]]:
    """Find the quantities of an English text.

    Args:
        text: Any text.
        taken: Spans in which no quantity begins, such as those of dates.

    Returns:
        The quantities in the order of the text, and those that are wrong in themselves.

    >>> found, _ = quantities("Profit fell 35 percent to €78mn.", [])
    >>> [(quantity.low, quantity.unit, quantity.direction) for quantity in found]
    [(35.0, '', -1), (78000000.0, 'EUR', -1)]
    """
    page = page_of(text)
    reader = Reader(page, closed(page.low, taken))
    reader.read()
    found = reader.quantities
    if "¥" in text or "￥" in text:
        currency = _yen_or_yuan(page.low)
        found = [quantity._replace(unit=currency) if quantity.unit == _EITHER else quantity for quantity in found]
    turned(page.low, found, reader.turns)
    return found, reader.malformed


def _yen_or_yuan(low: str) -> str:
    """Tell what ¥ stands for by what else the text names."""
    yen, yuan = _YEN.search(low) is not None, _YUAN.search(low) is not None
    return _EITHER if yen is yuan else "JPY" if yen else "CNY"
