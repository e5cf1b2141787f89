"""Reads the English numbers that have nothing around them but a hedge, a currency, a magnitude, a unit or a noun.

Nine of ten numbers are like that. What they need is done here at once, for speed; the others go the long way.
"""

from functools import lru_cache
from typing import NamedTuple

from tercet.facts.english.before import ARTICLES, FUNCTION, PHRASES, REACH, Mark, notable, phrase_before
from tercet.facts.english.checking import NO_NOUNS, SMALL, digits_count, words_count
from tercet.facts.english.follow import longest
from tercet.facts.english.joining import Part, Read
from tercet.facts.english.malformed import SHORTEST_SLIP, misspelt
from tercet.facts.english.measuring import meant
from tercet.facts.english.numbers import Number
from tercet.facts.english.page import Page
from tercet.facts.english.tails import Role, Tail, tails
from tercet.facts.english.words import AHEAD, SHORT_MAGNITUDES
from tercet.facts.records import Hedge, Kind, Quantity
from tercet.facts.units import Unit

_IS_UNIT, _NO_MARK, _NO_HEDGE = Role.UNIT, Mark.NONE, Hedge.NONE
_COUNT, _MONEY, _DURATION = Kind.COUNT, Kind.MONEY, Kind.DURATION
_STOPS = frozenset(".,;)!?\"”’'\n")
_ENDS = (",", ";", ":")  # behind a word, they keep it from saying anything about the number
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY|CNY"}
_PAIR = 2.0
_FIRST_YEAR = 1000.0
_ANDS = (" and", "-and")
_PARTS_BEGIN = frozenset("aot½¼¾⅓⅔")  # of "and a half", "and two thirds"
# A tuple's own constructor: half the time of the named one, in the one place where that matters.
_new = tuple.__new__


class Follower(NamedTuple):
    """What follows a plain number.

    Args:
        size: How many characters of it belong to the quantity.
        magnitude: What it multiplies the number by.
        unit: Its unit, where a word is one.
        noun: Whether it is a word that the number may count.
        word: The word behind the magnitude, with what joins it; nothing where there is none.
        tail: That word, where longer names begin with it.
    """

    size: int
    magnitude: float
    unit: Unit | None = None
    noun: bool = False
    word: str = ""
    tail: Tail | None = None


@lru_cache(maxsize=8192)
def _follower(ahead: str) -> Follower | None:
    """Read what follows a number, as AHEAD cuts it; None where it may be anything else than a unit or a noun."""
    found = AHEAD.match(ahead)
    joint_before, name, joint, word = found.groups("") if found else ("", "", "", "")
    size, magnitude = len(joint_before) + len(name), SHORT_MAGNITUDES.get(name, 1.0)
    if not word:
        return Follower(size, magnitude)
    tail = tails().get(word)
    if tail is None:
        slip = len(word) >= SHORTEST_SLIP and misspelt(word)
        if not joint or slip or (joint == " " and word == "or"):
            return None
        return Follower(size, magnitude, noun=joint == " " and word not in NO_NOUNS, word=joint + word)
    if tail.longer:
        return Follower(size, magnitude, noun=joint == " ", word=joint + word, tail=tail)
    size += len(joint) + len(word)
    return Follower(size, magnitude, tail.unit, word=joint + word) if tail.role is _IS_UNIT else None


@lru_cache(maxsize=8192)
def _hedge(word: str) -> Hedge | None:
    """Read the word before a number; None where it says anything else than a hedge."""
    hedge = notable().get(word, _NO_HEDGE)
    return hedge if hedge or word.isalpha() or word[-1:] in _ENDS else None


class Plain:
    """Plain numbers of one text."""

    def __init__(self, page: Page) -> None:
        self._text, self._low = page

    def read(self, start: int, end: int, number: Number, sign: str, ahead: str) -> Read | None:
        """Read a number.

        Args:
            start: Where it begins, its currency included.
            end: Where the number ends.
            number: The number.
            sign: The currency's sign before it, or nothing.
            ahead: What follows it, as the pattern AHEAD takes it.

        Returns:
            The quantity; None where anything is unusual.
        """
        low = self._low
        follower = _follower(ahead) if low[start - 1] == " " else None
        if follower is None:
            return None
        size, magnitude, unit, noun, word, tail = follower
        end += size
        if tail is not None:
            longer = self._longer(end, word, tail)
            if longer is None:
                return None
            end, unit = longer
            noun = noun and unit is None
        if (unit or not word or word in _ANDS) and self._goes_on(end, unit, sign, word):
            return None
        opening = self._before(start, unit is None and not sign)
        if opening is None:
            return None
        begin, hedge = opening
        value, step, _ = number
        worth, step = value * magnitude, step * magnitude
        if sign:
            kind, symbol, sure, noun = _MONEY, _SIGNS[sign], True, False
        elif unit is None:
            kind, symbol = _COUNT, ""
            sure = magnitude > 1 or SMALL < value < _FIRST_YEAR or self._is_counted(start, end, value)
        else:
            kind, symbol, factor, offset = unit
            worth, step = worth * factor + offset, step * factor
            sure = value != 1 or kind is not _DURATION or not low[start].isalpha()
            hedge = hedge and meant(low, begin, kind, hedge)
        quantity = _new(Quantity, (begin, end, kind, worth, worth, step, symbol, hedge, 0, sure))
        return quantity, _new(Part, (value, magnitude, unit, noun))

    def _longer(self, end: int, word: str, tail: Tail) -> tuple[int, Unit | None] | None:
        """Read a word with which longer names begin: the end, and the unit or none; None where it is anything else."""
        stop, tail = longest(self._low, end + len(word), tail)
        if tail.role is _IS_UNIT:
            return stop, tail.unit
        return (end, None) if tail.role is None and not word.isalpha() else None

    def _goes_on(self, end: int, unit: Unit | None, sign: str, word: str) -> bool:
        """Tell whether what follows may change the number: "5 day-old", "5 days or more", "5 and a half", "5, 000"."""
        low = self._low
        after = low[end]
        if unit is not None:
            return bool(sign) or after == "-" or (after == " " and low.startswith("or ", end + 1))
        if word:
            return low[end + 5] in _PARTS_BEGIN
        return after not in _STOPS or (after in ",." and low[end + 1] == " " and low[end + 2].isdigit())

    def _is_counted(self, start: int, end: int, value: float) -> bool:
        """Tell whether a number counts something; the two sides are 双方."""
        low = self._low
        if not low[start].isalpha():
            return digits_count(low, end, value)
        pair = value == _PAIR and low[low.rfind(" ", 0, start - 1) + 1 : start - 1] in ARTICLES
        return not pair and words_count(low, end, value)

    def _before(self, start: int, bare: bool) -> tuple[int, Hedge] | None:
        """Read the word before a number: where the quantity begins, and its hedge; None for anything else."""
        low = self._low
        first = low.rfind(" ", start - REACH if start > REACH else 0, start - 1) + 1
        word = low[first : start - 1]
        hedge = _hedge(word)
        if hedge:
            return first, hedge
        if hedge is None:
            if word in PHRASES:
                begin, hedge, mark, _ = phrase_before(low, first, word, start)
                return (begin, hedge) if mark is _NO_MARK else None
            return None
        named = bare and self._text[first].isupper() and word.isalpha() and word not in FUNCTION
        return None if named else (start, _NO_HEDGE)
