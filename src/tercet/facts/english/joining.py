"""English numbers that stand together: ranges, parts of a whole, and units that are said once for both."""

import re
from typing import NamedTuple

from tercet.facts.records import Kind, Quantity
from tercet.facts.units import Unit


class Part(NamedTuple):
    """What a quantity was read from.

    Args:
        number: The number as it stands, before magnitude and unit.
        magnitude: What it was multiplied by; 1 where no magnitude follows it.
        unit: Its unit, where one stands behind it.
        noun: Whether a word follows that the number may count.
    """

    number: float
    magnitude: float = 1.0
    unit: Unit | None = None
    noun: bool = False


Read = tuple[Quantity, Part]

# What the characters between two numbers do.
_TO, _DASH, _AND, _OR, _BY, _LIST, _OF = range(7)
JOINTS = {
    " to ": _TO, "- to ": _TO, "-to-": _TO, " through ": _TO,
    " - ": _DASH, "-": _DASH, "–": _DASH, "—": _DASH, " – ": _DASH, " — ": _DASH, "~": _DASH,
    " and ": _AND, "- and ": _AND, ", and ": _AND, " & ": _AND, " and/or ": _AND,
    " or ": _OR, "- or ": _OR, ", or ": _OR,
    ", ": _LIST, "-, ": _LIST, "/": _LIST, " by ": _BY, "×": _BY, " × ": _BY, " x ": _BY,
    " in ": _OF, "-in-": _OF, " out of ": _OF, " in every ": _OF, " out of every ": _OF,
}  # fmt: skip
LONGEST = max(map(len, JOINTS))
_WHOLES = frozenset({2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 50, 100, 1000, 10000, 100000, 1000000})
_FROM = re.compile(r"(?<![a-z])from (?:[a-z]{1,15} ){0,3}$")
_BETWEEN = re.compile(r"(?<![a-z])between (?:[a-z]{1,15} ){0,3}$")
_LEAST_CODE = 100
_REACH = 48  # characters; those words and three more
_COUNT, _MONEY, _ORDINAL, _DURATION = Kind.COUNT, Kind.MONEY, Kind.ORDINAL, Kind.DURATION


def join(low: str, quantities: list[Quantity], parts: list[Part], new: Quantity, part: Part) -> None:
    """Add a quantity to those that were read, joined with the last one, as the text between them in JOINTS says.

    Units, magnitudes and currencies that are said once are shared; two ends become a range.

    Args:
        low: The text in lower case.
        quantities: What was read so far.
        parts: What they were read from.
        new: What was read last.
        part: What that was read from.
    """
    last = quantities[-1]
    how = JOINTS[low[last.end : new.start]]
    if how == _OF:
        _add_share(low, quantities, parts, new, part)
        return
    ranged = how <= _DASH or (how == _AND and _stands("between ", _BETWEEN, low, last.start))
    if ranged or how == _OR:
        new, part = _with_unit_of_first((last, parts[-1]), (new, part))
    if how != _LIST:
        _share(low, quantities, parts, part, ranged=ranged)
        last = quantities[-1]
    if (ranged and not _stands("from ", _FROM, low, last.start)) or how == _OR:
        whole = _range((last, parts[-1]), (new, part), how)
        if whole is not None:
            quantities[-1], parts[-1] = whole
            return
    if how == _DASH and last.kind is _COUNT and new.kind is _COUNT and min(last.low, new.low) >= _LEAST_CODE:
        quantities[-1], new = last._replace(checkable=False), new._replace(checkable=False)  # a telephone number
    quantities.append(new)
    parts.append(part)


def _stands(word: str, pattern: re.Pattern[str], low: str, end: int) -> bool:
    """Tell whether a word stands at most three words before a place."""
    before = max(0, end - _REACH)
    return low.find(word, before, end) >= 0 and pattern.search(low, before, end) is not None


def _share(low: str, quantities: list[Quantity], parts: list[Part], part: Part, *, ranged: bool) -> None:
    """Give the numbers before what the new one alone says: 5 to 7 percent, 3, 5 and 7 percent."""
    at = len(quantities) - 1
    while True:
        shared = _sharing((quantities[at], parts[at]), part, ranged=ranged)
        if shared is None:
            return
        quantities[at], parts[at] = shared
        at -= 1
        if at < 0 or JOINTS.get(low[quantities[at].end : quantities[at + 1].start]) != _LIST:
            return


def _sharing(last: Read, part: Part, *, ranged: bool) -> Read | None:
    quantity, own = last
    bare = quantity.kind is _COUNT and not own.noun
    money = quantity.kind is _MONEY and own.unit is None  # its currency stands before it
    if not bare and not money:
        return None
    magnitude = 1.0
    if own.magnitude == 1.0 and own.number < 1000 and (ranged or bare) and (own.number < part.number or not ranged):
        magnitude = part.magnitude
    unit = part.unit if bare else None
    if magnitude == 1.0 and unit is None:
        return None
    return scaled(last, magnitude, unit)


def scaled(read: Read, magnitude: float, unit: Unit | None) -> Read:
    """Give a number the magnitude and the unit of another."""
    quantity, part = read
    kind, symbol, factor, offset = unit or (quantity.kind, quantity.unit, 1.0, 0.0)
    size = magnitude * factor
    start, end, _, low, high, step, _, hedge, direction, checkable = quantity
    quantity = Quantity(
        start,
        end,
        kind,
        low * size + offset,
        high * size + offset,
        step * size,
        symbol,
        hedge,
        direction,
        checkable or part.number > 1,
    )
    return quantity, Part(part.number, part.magnitude * magnitude, unit or part.unit, part.noun)


def _with_unit_of_first(last: Read, new: Read) -> Read:
    """Give the second end of a range what stands before the first one alone: $1.2-1.5bn, aged 15 to 64."""
    (first, own), (second, part) = last, new
    if own.unit is None and second.kind is _COUNT and part.unit is None:
        if first.kind is _MONEY:
            return second._replace(kind=_MONEY, unit=first.unit), part
        if first.kind is _DURATION:
            return scaled(new, 1.0, Unit(_DURATION, first.unit, first.low / own.number if own.number else 1.0))
    return new


def _range(last: Read, new: Read, how: int) -> Read | None:
    """Make a range of two ends of one kind and unit, of which the second is the larger."""
    (first, own), (second, part) = last, new
    if first.kind is not second.kind or first.unit != second.unit or not first.high < second.low:
        return None
    if first.kind is _ORDINAL or (how == _OR and second.high > 2 * first.low):
        return None
    if own.unit and part.unit and own.unit != part.unit:  # the same length in miles and in kilometres
        return None
    if how == _DASH and first.kind is _COUNT and not part.noun and part.magnitude == 1.0:  # a score, or a code
        return None
    sure = first.checkable or second.checkable
    start, _, kind, low, _, _, unit, hedge, direction, _ = first
    whole = Quantity(start, second.end, kind, low, second.high, second.step, unit, hedge, direction, sure)
    return whole, Part(own.number, part.magnitude, part.unit, part.noun)


def _add_share(low: str, quantities: list[Quantity], parts: list[Part], new: Quantity, part: Part) -> None:
    """Add a part of a whole, such as one in five; its numbers stay, but nobody is accused by them."""
    last, own = quantities[-1], parts[-1]
    above, below = own.number, part.number
    plain = last.kind is _COUNT and new.kind is _COUNT and part.magnitude == own.magnitude == 1.0 and not own.noun
    usual = below in _WHOLES and (above == 1 or below <= 10 or below == 100)
    if not (plain and 0 < above < below and (usual or low.startswith(" out", last.end))):
        quantities.append(new)
        parts.append(part)
        return
    quantities[-1] = last._replace(checkable=False)
    quantities.append(new._replace(checkable=False))
    quantities.append(Quantity(last.start, new.end, Kind.FRACTION, above / below, above / below, 0.0, "", last.hedge))
    parts += [part, Part(above / below, noun=True)]
