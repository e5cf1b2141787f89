"""English words that are quantities by themselves: dozens, a third, doubled, several hundred, decade."""

import re
from collections.abc import Callable
from typing import NamedTuple

from tercet.facts.english.before import Before, before
from tercet.facts.english.checking import NO_NOUN_AHEAD
from tercet.facts.english.follow import ahead_of, follow
from tercet.facts.english.joining import Part, Read
from tercet.facts.english.measuring import MULTIPLIED, Numeral, measure, of_unit
from tercet.facts.english.page import Page, with_article
from tercet.facts.english.tails import Role
from tercet.facts.english.words import ORDINALS, WORDS, Sort, Word
from tercet.facts.records import Hedge, Kind, Quantity
from tercet.facts.units import Unit, unit_words


class Phrase(NamedTuple):
    """A word that begins a quantity, in its place."""

    page: Page
    start: int
    end: int
    word: Word


_PARTED = re.compile(r" (?:of|more|less|fewer|higher|lower|larger|smaller|the|faster|cheaper|off)(?![a-z])|[.,;:)\n]")
# "Half of 2019" is a date that lost its "first".
_HALVED = re.compile(
    r"(?! of (?:[12][0-9]{3}|(?:the|this|last|next) year))"
    r" (?:of|the|its|their|his|her|that|all|this|those|our|my|your|these|what)(?![a-z])"
)
# Behind such a word, a half is one of two: the eastern half, the second half.
_BEFORE_HALF = re.compile(
    r"(?<![a-z])(?:first|second|latter|other|top|bottom|upper|lower|left|right|back|front|final|last|each|either|opening"
    r"|better|[a-z]{1,9}ern)[ -]$"
)
_AFTER_HALF = re.compile(r"[ -](?:an? |the )?([a-z]+)")
_AND_A = " and a "
_VAGUE = re.compile(
    r"(?:tens|dozens|scores|hundreds|thousands)(?: of (hundreds|thousands))? of (thousands|millions|billions|trillions)"
    r"(?![a-z])"
)
_FEW = re.compile(r" (?:of )?(hundred|thousand|million|billion|trillion|dozen)(?![a-z])")
_RANKED = re.compile(r"-(?:largest|biggest|highest|longest|most|placed?|year|round|generation|floor|stage)(?![a-z])")
_QUARTERS = 4
_NO_RANKS = (" half", " thought", " nature", " quarter")  # 下半场 has no second in it; a second quarter is a date
_VERBAL = ("to ", "will ", "would ", "could ", "may ", "might ", "can ", "should ", "has ", "have ")
_NOUN = Part(1.0, noun=True)


def phrase(found: Phrase) -> tuple[Read, ...]:
    """Read a quantity that begins with such a word: none where it is none, and two where it may be either."""
    return _READERS[found.word.sort - _FIRST](found)


def opening(page: Page, start: int) -> Before:
    """Read what stands before a word, its article included."""
    return before(page, with_article(page.low, start))


def span(start: int, name: str, low: str) -> Read:
    """Read a stretch of time that is one by itself: a year, the past decade."""
    unit = unit_words("en")[name]
    worth = unit.factor
    end = low.index(name, start) + len(name)
    return Quantity(start, end, unit.kind, worth, worth, worth, unit.symbol, checkable=False), Part(1.0, 1.0, unit)


def fraction(page: Page, place: tuple[int, int], share: float, *, sure: bool) -> Read:
    """Make a part of a whole of the words at a place."""
    begin, hedge, *_ = opening(page, place[0])
    return of_unit(page, Quantity(begin, place[1], Kind.FRACTION, share, share, 0.0, "", hedge, 0, sure)), _NOUN


def ordinal(low: str, start: int, end: int, value: float) -> Read:
    """Read an ordinal that is no part of a whole."""
    named = _RANKED.match(low, end) is not None or not NO_NOUN_AHEAD.match(low, end)
    sure = value > 1 and named and not low.startswith(_NO_RANKS, end)
    return Quantity(start, end, Kind.ORDINAL, value, value, 1.0, "", Hedge.NONE, 0, sure), _NOUN


def nth(value: float, word: str) -> int:
    """Give what an ordinal word adds to a number before it, as in "twenty-first"; 0 where they are not one."""
    last = ORDINALS.get(word, 0)
    return last if 0 < last < 10 <= value and value % 10 == 0 else 0


def longer_by_half(low: str, quantities: list[Quantity], parts: list[Part], start: int, end: int) -> bool:
    """Add a half to the last quantity, as in "a year and a half"; tell whether it was one of it."""
    gap = start - len(_AND_A)
    if not quantities or quantities[-1].end != gap or not low.startswith(_AND_A, gap):
        return False
    quantity, part = quantities[-1], parts[-1]
    if part.unit is None or part.number < 1:
        return False
    more = part.unit.factor * part.magnitude / 2
    quantities[-1] = quantity._replace(
        end=end, low=quantity.low + more, high=quantity.high + more, step=more / 5, checkable=True
    )
    return True


def _vague_quantity(page: Page, start: int, end: int, ends: tuple[float, float]) -> tuple[Read, ...]:
    """Make a quantity of a vague number and the unit behind it, with or without "of" between them."""
    low = page.low
    begin, hedge, *_ = opening(page, start)
    stop = end + 3 if low.startswith(" of ", end) else end
    after, magnitude, tail, *_ = follow(page, stop, ahead_of(low, stop), ends[0], money=False)
    unit = tail.unit if tail and magnitude == 1.0 and tail.unit else None
    kind, symbol, factor, _ = unit or Unit(Kind.COUNT, "", 1.0)
    at, until = ends[0] * factor, ends[1] * factor
    quantity = Quantity(begin, after if unit else end, kind, at, until, 0.0, symbol, hedge, 0, False)
    return ((quantity, _NOUN),)


def _vague(found: Phrase) -> tuple[Read, ...]:
    page, start, end, word = found
    low, high = word.low, word.high
    longer = _VAGUE.match(page.low, start)
    if page.low.startswith("scores", start) and not page.low.startswith(" of ", end):
        return ()  # of a test
    if longer:
        end = longer.end()
        for name in longer.groups():
            size = WORDS[name].low / 2 if name else 1.0
            low, high = low * size, (high + 1) * size - 1
    return _vague_quantity(page, start, end, (low, high))


def _few(found: Phrase) -> tuple[Read, ...]:
    """Read a small vague number, and what it multiplies."""
    page, start, end, word = found
    low, high = word.low, word.high
    multiplied = _FEW.match(page.low, end)
    if multiplied:
        end = multiplied.end()
        size = WORDS[multiplied[1]].low
        low, high = low * size, high * size if low == high else (high + 1) * size - 1
    return _vague_quantity(page, start, end, (low, high))


def _ordinal(found: Phrase) -> tuple[Read, ...]:
    """Read an ordinal behind an article or before "of".

    It may be a part of a whole, or both where that is not said: nearly a fifth work there.
    """
    page, start, end, word = found
    low, value = page.low, word.low
    article = with_article(low, start) != start
    of = low.startswith(" of ", end)
    reads: tuple[Read, ...] = ()
    if value > 2:
        sure = article and of
        reads = (fraction(page, (start, end), 1 / value, sure=sure),)
        if sure or (article and value != _QUARTERS and _PARTED.match(low, end)):
            return reads
    if value != _QUARTERS or low.startswith("fourth", start):
        return *reads, (Quantity(start, end, Kind.ORDINAL, value, value, 1.0, checkable=False), _NOUN)
    if article and not low.startswith((" to ", " past "), end):  # else it is a time of day
        return *reads, (Quantity(start, end, Kind.DURATION, 3.0, 3.0, 3.0, "mo", checkable=False), _NOUN)
    return ()


def _half(found: Phrase) -> tuple[Read, ...]:
    page, start, end, _ = found
    low = page.low
    after = _AFTER_HALF.match(low, end)
    if after:
        at = after.start(1) - 1
        next_word = low[at], after[1]
        _, magnitude, tail, *_ = follow(page, at, next_word, 2.0, money=False)
        if magnitude != 1.0 or (tail and tail.unit and tail.role is Role.UNIT):
            read = measure(page, Numeral(start, at, 0.5, 0.1), opening(page, start), next_word)
            return () if read is None else ((read[0]._replace(checkable=True), read[1]),)
    sure = _HALVED.match(low, end) is not None and _BEFORE_HALF.search(low, max(0, start - 14), start) is None
    return (fraction(page, (start, end), 0.5, sure=sure),)


def _change(found: Phrase) -> tuple[Read, ...]:
    page, start, end, word = found
    low, value = page.low, word.low
    spelt = low[start:end]
    if low[end] == "-" or low.startswith(" digit", end):
        return ()
    begin, hedge, *_ = opening(page, start)
    often = spelt in {"twice", "thrice"}
    if often and not MULTIPLIED.match(low, end):
        return ((Quantity(begin, end, Kind.COUNT, value, value, 1.0, "", hedge, 0, False), _NOUN),)
    verb = spelt.endswith(("ed", "ing", "fold")) or low.endswith(_VERBAL, 0, start)
    direction = 0 if often else 1 if value > 1 else -1
    return ((Quantity(begin, end, Kind.MULTIPLE, value, value, 0.0, "", hedge, direction, verb), _NOUN),)


def _span(found: Phrase) -> tuple[Read, ...]:
    return (span(found.start, found.page.low[found.start : found.end], found.page.low),)


# In the order of the sorts that have words of their own here.
_READERS: tuple[Callable[[Phrase], tuple[Read, ...]], ...] = (_vague, _ordinal, _half, _change, _few, _span)
_FIRST = int(Sort.VAGUE)
