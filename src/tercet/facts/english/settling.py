"""What an ambiguous word after an English number stands for there."""

import re
from collections.abc import Callable
from typing import NamedTuple

from tercet.facts.english.page import Page
from tercet.facts.english.tails import NEXT, Role, Tail, tails
from tercet.facts.records import Kind
from tercet.facts.units import Unit


class Ahead(NamedTuple):
    """A number with an ambiguous word after it.

    Args:
        page: The text.
        tail: What the word may be.
        end: Where the word ends.
        joint: What is between the two: nothing, a space or a hyphen.
        word: The word, in lower case.
        value: The number, with its magnitude.
        money: Whether a currency stands before it.
    """

    page: Page
    tail: Tail
    end: int
    joint: str
    word: str
    value: float
    money: bool


_Settled = tuple[int, Tail] | None
_SCALE = {letter: Tail(Role.MAGNITUDE, size) for letter, size in zip("kmbt", (1e3, 1e6, 1e9, 1e12), strict=True)}
_SCALE["mm"] = _SCALE["m"]
# After "30m": a plural, or another unit, says that the letter is no metre.
_COUNTED = re.compile(
    r" (?:[a-z-]+ )?(?:[a-z-]{2,}[a-rt-z]s|people|men|women|children|sq|square|cubic|yuan|yen)(?![a-z])"
)
_AGES = re.compile(r"-[0-9]+s$")  # the over-65s
_DECADE = Tail(Role.DECADE)
_SCREEN_LINES = frozenset({240, 360, 480, 720, 1080, 1440, 2160})
_WRITTEN = {"c": "C", "f": "F", "v": "V", "w": "W", "ma": "mA"}
_ATTACHED = frozenset({"p", "s", "x", "mp", "b", "v", "w", "ma"})
_ANY_CASE = frozenset({"l", "mp"})


def settle(ahead: Ahead) -> _Settled:
    """Say what a word stands for, and where it ends; None where it does nothing to the number."""
    role = ahead.tail.role
    return None if role is None else _SETTLERS[role](ahead)


def _letter(ahead: Ahead) -> _Settled:
    """Settle what a letter or two stand for."""
    page, tail, stop, joint, word, value, money = ahead
    if money and word in _SCALE:
        return stop, _SCALE[word]
    low, written = page.low, page.text[stop - len(word) : stop]
    if (joint and word in _ATTACHED) or joint == "-" or (word == "p" and value in _SCREEN_LINES):
        return None
    if word in {"m", "k"} and not joint and (written == "M" or _COUNTED.match(low, stop)):
        return stop, _SCALE[word]
    if word == "s" and ((value and value % 10 == 0) or _AGES.search(low, max(0, stop - 8), stop)):
        return stop, _DECADE
    if word == "x":
        known = value > 0 and not low[stop].isalnum()
    else:
        known = tail.unit is not None and (written == _WRITTEN.get(word, word) or word in _ANY_CASE)
    return (stop, tail) if known else None


_MASS = re.compile(r"weigh|heav|kilogram|\bkg\b|\bbody|\blbs?\b|\bmuscle|\bfat\b|\bmeat|\btall\b|\bdiet")
_PRICE = re.compile(
    r"£|sterling|pric|cost|paid|pay|spen[dt]|worth|fine[sd]?\b|money|wage|salar|budget|million|bn\b|debt|fee\b"
)
_STERLING = Tail(Role.UNIT, unit=Unit(Kind.MONEY, "GBP", 1.0))
_LEAST_STERLING = 1e5


def _pounds(ahead: Ahead) -> _Settled:
    """Settle whether pounds are money or mass; what cannot be settled is a bare count."""
    low = ahead.page.low
    near = low[max(0, ahead.end - 90) : ahead.end + 60]
    mass = _MASS.search(near) is not None or low.startswith(" of ", ahead.end)
    sterling = ahead.money or ahead.value >= _LEAST_STERLING or _PRICE.search(near) is not None
    if mass is sterling:
        return None
    return ahead.end, ahead.tail._replace(role=Role.UNIT) if mass else _STERLING


def _weak(ahead: Ahead) -> _Settled:
    return (ahead.end, ahead.tail) if ahead.value >= 100 else None


def _code(ahead: Ahead) -> _Settled:
    written = ahead.page.text[ahead.end - len(ahead.word) : ahead.end]
    return (ahead.end, ahead.tail) if ahead.joint != "-" and (written.isupper() or ahead.word == "rmb") else None


_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_STONES = Tail(Role.UNIT, unit=Unit(Kind.MEASURE, "kg", 6.35029318))


def _ordinal(ahead: Ahead) -> _Settled:
    """Settle whether letters make a number an ordinal; 18st is a weight."""
    if ahead.joint:
        return None
    last = 0 if ahead.value % 100 in {11, 12, 13} else int(ahead.value % 10)
    if _ENDINGS.get(last, "th") == ahead.word:
        return ahead.end, ahead.tail
    return (ahead.end, _STONES) if ahead.word == "st" else None


def _parts(ahead: Ahead) -> _Settled:
    """Settle whether a number counts the parts of a whole (two thirds), or quarters of a year."""
    plural = ahead.word[-1] == "s"
    span = ahead.end, ahead.tail._replace(role=Role.UNIT)
    if not ahead.joint or (ahead.value == 1) is plural or not 1 <= ahead.value < ahead.tail.value:
        return span if ahead.joint and plural and ahead.tail.unit else None
    if ahead.tail.unit and ahead.joint == " " and not ahead.page.low.startswith((" of ", " the "), ahead.end):
        return span
    return ahead.end, ahead.tail


def _fold(ahead: Ahead) -> _Settled:
    return None if ahead.joint == " " else (ahead.end, ahead.tail)


def _extra(ahead: Ahead) -> _Settled:
    return (ahead.end, ahead.tail) if ahead.joint == "-" else None


def _as_it_is(ahead: Ahead) -> _Settled:
    return ahead.end, ahead.tail


def _filler(ahead: Ahead) -> _Settled:
    """Look past an adjective for a stretch of time: three full days."""
    found = NEXT.match(ahead.page.low, ahead.end)
    if ahead.joint != "-" and found and found[1] == " ":
        unit = tails().get(found[2] or "")
        if unit and unit.role is Role.UNIT and unit.unit and unit.unit.kind is Kind.DURATION:
            return found.end(), unit
    return None


# In the order of the roles: an index is found faster than a member of an enum.
_SETTLERS: tuple[Callable[[Ahead], _Settled], ...] = (
    _as_it_is,  # MAGNITUDE
    _as_it_is,  # UNIT
    _letter,
    _pounds,  # PLURAL_UNIT
    _weak,
    _code,
    _as_it_is,  # TIMES
    _fold,
    _ordinal,
    _parts,
    _extra,
    _filler,
    _as_it_is,  # DECADE
)
