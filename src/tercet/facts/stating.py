"""What a text states, laid out so that another text's facts are found in it at once."""

import re
import sys
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod
from typing import TypeVar

from tercet.facts.chinese.malformed import MAGNITUDES_IN_LATIN as LATIN
from tercet.facts.chinese.numerals import MAGNITUDES as CHINESE
from tercet.facts.comparing import ratio, scaled
from tercet.facts.english.words import MAGNITUDES as WORDS
from tercet.facts.names import NameIndex
from tercet.facts.records import Fact, Kind, Malformed, Moment, Name, Quantity

_DIGITS = re.compile(r"\d+(?:[,，]\d{3})*(?:\.\d+)?")
_MAGNITUDE = re.compile(
    r"\s?(?:(万亿|萬億|[百千]?[万萬]|[百千]?[亿億]|[千百兆])|(k|mn?|bn|tn|trn|million|billion|trillion|thousand|hundred)\b)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[。！？；\n]|[.!?;][”’\"')\]]*\s")
_DURATION = Kind.DURATION
_LONGEST_NUMBER = 16
_OFTEN, _MANY, _MOST = 8, 200, 2_000
_YEAR = 4  # digits
_SCALES = {"mo": (12,), "s": (60, 3_600, 86_400, 604_800)}  # years; minutes, hours, days, weeks


Stated = TypeVar("Stated", Quantity, Moment)


def _few(facts: tuple[Stated, ...]) -> tuple[Stated, ...]:
    if len(facts) <= _MANY:
        return facts
    times: Counter[tuple[object, ...]] = Counter()
    found: list[Stated] = []
    for fact in facts:
        statement = fact[2:]
        times[statement] += 1
        if times[statement] <= _OFTEN:
            found.append(fact)
    return tuple(found)


@lru_cache(maxsize=16_384)
def key(value: float) -> str:
    """Name a value, so that values which differ by rounding alone share a name."""
    return f"{value + 0.0:.9g}"  # no -0


def _worth(magnitude: str) -> float:
    """Give what a magnitude multiplies by; one in Chinese is the product of its characters."""
    plain = magnitude.lower().replace("萬", "万").replace("億", "亿")
    latin = LATIN.get(plain) or WORDS.get(plain)
    return latin or float(prod(CHINESE[character] for character in plain))


def _read(digits: str) -> float | None:
    plain = digits.replace(",", "").replace("，", "")
    return float(plain) if len(plain) <= _LONGEST_NUMBER else None


def _within(at: int, places: list[tuple[int, int]]) -> bool:
    """Tell whether a character stands in one of some places, which are in order."""
    before = bisect_right(places, (at, sys.maxsize)) - 1
    return before >= 0 and at < places[before][1]


@dataclass(frozen=True, eq=False, kw_only=True)
class Facts:
    """What a text states that can be checked.

    Args:
        text: The text; spans of facts are in its characters.
        language: Its language.
        quantities: In the order of the text, as the other kinds.
        moments: Dates and times.
        malformed: Quantities that are wrong in themselves.
        names: People, organizations, places.
        codes: Names with digits in them, and scores.
    """

    text: str
    language: str
    quantities: tuple[Quantity, ...]
    moments: tuple[Moment, ...]
    malformed: tuple[Malformed, ...]
    names: tuple[Name, ...]
    codes: tuple[Name, ...] = ()

    def __iter__(self) -> Iterator[Fact]:
        """All facts in the order of the text."""
        found: list[Fact] = [*self.quantities, *self.moments, *self.names, *self.codes, *self.malformed]
        return iter(sorted(found, key=lambda fact: (fact.start, fact.end)))

    @cached_property
    def index(self) -> NameIndex:
        """The text, prepared to be asked for names."""
        return NameIndex(self.text, self.language)

    @cached_property
    def few(self) -> tuple[Quantity, ...]:
        """The quantities, each statement a few times at most: what is said a thousand times says no more."""
        return _few(self.quantities)

    @cached_property
    def few_moments(self) -> tuple[Moment, ...]:
        """The moments, each statement a few times at most, and no more than any article has."""
        return _few(self.moments)[:_MOST]

    @cached_property
    def _by_size(self) -> tuple[list[float], list[Quantity]]:
        ordered = sorted(self.few, key=lambda quantity: scaled(quantity)[0])
        return [scaled(quantity)[0] for quantity in ordered], ordered

    def around(self, value: float) -> Sequence[Quantity]:
        """Give the quantities: all of them, or those that are next to a value where no article has so many."""
        if len(self.few) <= _MOST:
            return self.few
        values, ordered = self._by_size
        place = bisect_left(values, value)
        return ordered[max(0, place - _MOST // 2) : place + _MOST // 2]

    @cached_property
    def by_code(self) -> dict[str, tuple[int, int]]:
        """The places of codes and scores, by their keys."""
        return {code: (name.start, name.end) for name in reversed(self.codes) for code in name.keys}

    @cached_property
    def by_value(self) -> dict[str, list[Quantity]]:
        """Quantities by the name of their value; ranges by each of their ends."""
        found: dict[str, list[Quantity]] = defaultdict(list)
        for quantity in self.few:
            low, high = scaled(quantity)
            found[key(low)].append(quantity)
            if high != low:
                found[key(high)].append(quantity)
        return found

    @cached_property
    def by_stated(self) -> dict[str, list[Quantity]]:
        """Quantities by the name of the number as it is stated: 12 for 12 nanometres, 60 for 60 years."""
        found: dict[str, list[Quantity]] = defaultdict(list)
        for quantity in self.few:
            for value in self.stated(quantity):
                found[key(value)].append(quantity)
        return found

    @cached_property
    def bare_digits(self) -> dict[float, tuple[int, int]]:
        """Numbers that stand in digits without a magnitude, with their places.

        Digits of a date count only where they are a year: a 15 in "15 July" is no number of anything.
        """
        text = self.text
        dates = [moment[:2] for moment in self.moments]
        found: dict[float, tuple[int, int]] = {}
        for match in _DIGITS.finditer(text):
            digits, place = match[0], match.span()
            value = _read(digits)
            if value is None or value in found or _MAGNITUDE.match(text, place[1]):
                continue
            if len(digits) == _YEAR or not _within(place[0], dates):
                found[value] = place
        return found

    @cached_property
    def sentence_ends(self) -> list[int]:
        """Where sentences end, in order."""
        return [found.end() for found in _SENTENCE_END.finditer(self.text)] + [len(self.text)]

    def amount(self, quantity: Quantity) -> float | None:
        """Read the digits of a quantity of this text, with their magnitude and without their unit."""
        found = _DIGITS.search(self.text, quantity.start, quantity.end)
        value = None if found is None else _read(found[0])
        if found is None or value is None:
            return None
        magnitude = _MAGNITUDE.match(self.text, found.end())
        return value if magnitude is None else value * _worth(magnitude[1] or magnitude[2])

    def stated(self, quantity: Quantity) -> list[float]:
        """List what the number of a quantity may be before its unit is applied."""
        low, high = scaled(quantity)
        values = [low] if low == high else [low, high]
        if quantity.kind is _DURATION:
            values += [end / scale for end in values for scale in _SCALES.get(quantity.unit, ())]
        amount = self.amount(quantity)
        if amount is not None:
            values.append(amount)
        return list(dict.fromkeys(values))

    def sentence(self, place: int) -> int:
        """Number the sentence that a place is in."""
        return bisect_right(self.sentence_ends, place)

    @cached_property
    def _units(self) -> set[tuple[int, Kind, str]]:
        """The units that each sentence has."""
        return {(self.sentence(quantity.start), quantity.kind, quantity.unit) for quantity in self.quantities}

    def shares_unit(self, number: Quantity, candidate: Quantity) -> bool:
        """Tell whether a bare number may have the candidate's unit, since its sentence has that unit too."""
        return (self.sentence(number.start), candidate.kind, candidate.unit) in self._units

    def nearest(self, quantities: Iterable[Quantity], value: float) -> Quantity | None:
        """Of some quantities of this text, the one whose value is nearest to another, by their ratio."""
        return min(quantities, key=lambda other: ratio(scaled(other)[0], value), default=None)
