"""Makes a quantity of an English number and what stands around it."""

import re
from typing import NamedTuple

from tercet.facts.english.before import Before, Mark
from tercet.facts.english.checking import NO_NOUNS, is_checkable
from tercet.facts.english.follow import ahead_of, follow
from tercet.facts.english.joining import Part, Read
from tercet.facts.english.page import Page
from tercet.facts.english.tails import Role, Tail
from tercet.facts.records import Hedge, Kind, Quantity
from tercet.facts.units import Unit, unit_words


class Numeral(NamedTuple):
    """A number in its place.

    Args:
        start: Where it begins.
        end: One past it.
        value: Its value.
        step: The worth of its last digit.
    """

    start: int
    end: int
    value: float
    step: float


_HEDGES_AFTER = (
    (" or so", Hedge.ABOUT), (" or more", Hedge.AT_LEAST), (" or higher", Hedge.AT_LEAST),
    (" or above", Hedge.AT_LEAST), (" or older", Hedge.AT_LEAST), (" or less", Hedge.UP_TO),
    (" or fewer", Hedge.UP_TO), (" or below", Hedge.UP_TO),
)  # fmt: skip
# What follows "three times" where it multiplies rather than counts.
MULTIPLIED = re.compile(
    r" (?:as|more|higher|larger|bigger|greater|faster|longer|what|its|their|last|today|current|previous|normal|average"
    r"|compared|the(?! (?:day|week|month|year|night))|that (?:of|in|amount|number|figure|size|level))(?![a-z])"
)
_OF_ONE = re.compile(r" of (?:an?|one)(?= )")
_COUNT, _MULTIPLE, _ORDINAL = (Unit(kind, "", 1.0) for kind in (Kind.COUNT, Kind.MULTIPLE, Kind.ORDINAL))
# Members of enums, bound once: looking one up costs more than all else that is done with it.
_KIND_COUNT, _KIND_MONEY, _KIND_DURATION = Kind.COUNT, Kind.MONEY, Kind.DURATION
_KIND_FRACTION, _KIND_MULTIPLE = Kind.FRACTION, Kind.MULTIPLE
_NO_HEDGE, _OVER, _MINUS = Hedge.NONE, Hedge.OVER, Mark.MINUS
_IS_UNIT, _TIMES, _FOLD, _LETTER, _NTH, _PARTS, _DECADE = (
    Role.UNIT, Role.TIMES, Role.FOLD, Role.LETTER, Role.ORDINAL, Role.PARTS, Role.DECADE
)  # fmt: skip


def measure(page: Page, numeral: Numeral, around: Before, next_word: tuple[str, str]) -> Read | None:
    """Make a quantity of a number.

    Args:
        page: The text.
        numeral: The number.
        around: What stands before it.
        next_word: What stands between it and the next word, and that word.

    Returns:
        The quantity; None where letters that nobody knows stand right at the number: it is a code.
    """
    start, end, value, step = numeral
    begin, hedge, mark, currency = around
    low = page.low
    end, magnitude, tail, late_hedge, joint, word = follow(page, end, next_word, value, money=bool(currency))
    if word and not joint and word.isalpha():
        return None
    if tail is not None and tail.role is _DECADE:
        return Quantity(begin, end, _KIND_COUNT, value, value + 9, 0.0, "", hedge, 0, False), Part(value, noun=True)
    behind = None if tail is None else _unit(low, value, tail, end)
    kind, symbol, factor, offset = Unit(_KIND_MONEY, currency, 1.0) if currency else behind or _marked(mark)
    if low.startswith(" or ", end):
        late_hedge, end = _hedge_after(low, end)
    size = magnitude * factor
    below_zero = mark is _MINUS and symbol == "°C"
    worth = (-value if below_zero else value) * size + offset
    quantity = Quantity(
        begin,
        end,
        kind,
        worth,
        worth,
        0.0 if kind is _KIND_FRACTION or kind is _KIND_MULTIPLE else step * size,
        symbol,
        late_hedge or meant(low, begin, kind, hedge),
        -1 if mark is _MINUS and not below_zero else 0,
        is_checkable(page, (start, end), kind, mark, (value, magnitude)),
    )
    if kind is _KIND_FRACTION:
        quantity = of_unit(page, quantity)
    counts = kind is _KIND_COUNT and (tail is not None or (joint == " " and word not in NO_NOUNS))
    return quantity, Part(value, magnitude, behind, counts)


def of_unit(page: Page, share: Quantity) -> Quantity:
    """Read the unit that a part is one of: a quarter of a percentage point, two-thirds of a million."""
    low = page.low
    found = _OF_ONE.match(low, share.end)
    if found is None:
        return share
    stop = found.end()
    after, magnitude, tail, *_ = follow(page, stop, ahead_of(low, stop), share.low, money=False)
    kind, symbol, factor, _ = tail.unit if tail and tail.role is _IS_UNIT and tail.unit else _COUNT
    if after == stop:
        return share
    worth = share.low * magnitude * factor
    return Quantity(share.start, after, kind, worth, worth, 0.0, symbol, share.hedge, share.direction, share.checkable)


def meant(low: str, begin: int, kind: Kind, hedge: Hedge) -> Hedge:
    """Drop the hedge of "over two days", which says when and not how long."""
    return _NO_HEDGE if hedge is _OVER and kind is _KIND_DURATION and low.startswith("over", begin) else hedge


def _marked(mark: Mark) -> Unit:
    """Give the unit that stands before a number: aged 15, ×3."""
    if mark is Mark.AGE:
        return unit_words("en")["year"]
    return _MULTIPLE if mark is Mark.FACTOR else _COUNT


def _hedge_after(low: str, end: int) -> tuple[Hedge, int]:
    for words, hedge in _HEDGES_AFTER:
        if low.startswith(words, end) and not low[end + len(words)].isalpha():
            return hedge, end + len(words)
    return _NO_HEDGE, end


def _unit(low: str, value: float, tail: Tail, end: int) -> Unit | None:
    """Give what a word behind a number makes it measure; None where it only counts."""
    role = tail.role
    if role is _TIMES:
        return _MULTIPLE if value != int(value) or MULTIPLIED.match(low, end) else None
    if role is _FOLD or (role is _LETTER and tail.unit is None):
        return _MULTIPLE
    if role is _NTH:
        return _ORDINAL
    return Unit(_KIND_FRACTION, "", 1.0 / tail.value) if role is _PARTS else tail.unit
