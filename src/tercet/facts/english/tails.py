"""What follows an English number: magnitudes, units, currencies, and words that make it something else."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from enum import IntEnum
from functools import cache
from typing import NamedTuple

from tercet.facts.english.words import ORDINALS, SIGNS_AFTER
from tercet.facts.records import Kind
from tercet.facts.units import Unit, currency_words, unit_words


class Role(IntEnum):
    """What a word does to the number before it."""

    MAGNITUDE = 0
    UNIT = 1  # of any kind, money too
    LETTER = 2  # a magnitude or a unit: m, b, k, t, g and their like
    PLURAL_UNIT = 3  # pounds: money or mass
    WEAK = 4  # a currency that is a plain word as well: won, real
    CODE = 5  # an ISO code: in capitals only
    TIMES = 6
    FOLD = 7
    ORDINAL = 8  # 10th
    PARTS = 9  # two thirds
    EXTRA = 10  # 20-odd, 20-plus
    FILLER = 11  # three full days
    DECADE = 12  # the 90s


class Tail(NamedTuple):
    """A word after a number.

    Args:
        role: What it does.
        value: A magnitude, or the number of parts that a whole is cut into.
        unit: The unit, where it is one.
        longer: Names that begin with this word: what follows it, the longest first.
    """

    role: Role | None
    value: float = 1.0
    unit: Unit | None = None
    longer: tuple[tuple[str, "Tail"], ...] = ()


# What may stand right after a number: a joint, and a word or a sign.
NEXT = re.compile(rf"([ -]?)([a-z]+|[{SIGNS_AFTER}])?")
_FIRST = re.compile(r"[a-z]+|[^a-z0-9\s]")
_MAGNITUDES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "thousands": 1e3,
    "millions": 1e6, "billions": 1e9, "hundreds": 1e2, "dozen": 12.0, "mn": 1e6, "mln": 1e6, "mio": 1e6, "mil": 1e6,
    "bn": 1e9, "bln": 1e9, "bil": 1e9, "tn": 1e12, "trn": 1e12, "tln": 1e12, "crore": 1e7, "crores": 1e7,
    "lakh": 1e5, "lakhs": 1e5,
}  # fmt: skip
LETTERS = frozenset("bkmtghsplfcxvw") | {"mm", "ha", "mi", "ms", "pc", "pp", "bp", "mp", "min", "ma"}
_WEAK = frozenset({"won", "reals", "rand", "dong", "sterling", "lira", "lei", "leu", "som", "gold"})
_FILLERS = (
    "full whole more straight consecutive trading working business long additional extra further calendar"
    " successive solid other"
)
_DROPPED = frozenset(
    {"real", "fr", "rs", "in²", "atmosphere", "atmospheres", "bars", "nights", "bit", "pa", "kn", "cl", "kilo"}
)
# Letters that are units in capitals and right at the number alone: 40C, 230V, 7.5W.
_CAPITALS = {
    "c": Unit(Kind.MEASURE, "°C", 1.0),
    "f": Unit(Kind.MEASURE, "°C", 5 / 9, -160 / 9),
    "v": Unit(Kind.MEASURE, "V", 1.0),
    "w": Unit(Kind.MEASURE, "W", 1.0),
}


@cache
def tails() -> Mapping[str, Tail]:
    """Give every word that may follow a number, by the first word of its name."""
    names: dict[str, list[tuple[str, Tail]]] = defaultdict(list)
    for name, tail in _names():
        first = _FIRST.match(name)
        if first and name not in _DROPPED:
            rest = name[first.end() :]
            names[first[0]] += [(rest, tail)] if " " not in rest else [(rest, tail), (rest.replace(" ", "-"), tail)]
    found = {}
    for first_word, entries in names.items():
        alone = next((tail for rest, tail in reversed(entries) if not rest), Tail(None))
        longer = sorted((entry for entry in entries if entry[0]), key=lambda entry: -len(entry[0]))
        found[first_word] = alone._replace(longer=tuple(longer))
    return found


def _names() -> Iterator[tuple[str, Tail]]:
    for name, code in currency_words("en").items():
        if name[-1] == "$" and len(name) > 1:  # it stands before its number
            continue
        iso = len(name) == 3 and name.upper() == code
        role = Role.CODE if iso else Role.WEAK if name in _WEAK else Role.UNIT
        yield name, Tail(role, unit=Unit(Kind.MONEY, code, 1.0))
    for name, unit in unit_words("en").items():
        yield name, Tail(Role.LETTER if name in LETTERS else Role.UNIT, unit=unit)
        if name in {"pound", "pounds"}:
            yield name, Tail(Role.PLURAL_UNIT, unit=unit)
    for age in ("year old", "year olds", "years old", "years of age"):
        yield age, Tail(Role.UNIT, unit=unit_words("en")["year"])
    yield from ((name, Tail(Role.MAGNITUDE, value)) for name, value in _MAGNITUDES.items())
    yield from ((name, Tail(Role.LETTER)) for name in LETTERS - unit_words("en").keys() - _CAPITALS.keys())
    yield from ((name, Tail(Role.LETTER, unit=unit)) for name, unit in _CAPITALS.items())
    yield from ((name, Tail(Role.FILLER)) for name in _FILLERS.split())
    yield from ((name, Tail(Role.EXTRA)) for name in ("odd", "plus"))
    yield from ((name, Tail(Role.ORDINAL)) for name in ("st", "nd", "rd", "th"))
    yield from ((name, Tail(Role.TIMES)) for name in ("times", "time"))
    yield "fold", Tail(Role.FOLD)
    for word in ("quarter", "quarters"):
        yield word, Tail(Role.PARTS, 4.0, Unit(Kind.DURATION, "mo", 3.0))
    for word, value in ORDINALS.items():
        if value > 2:
            yield from ((name, Tail(Role.PARTS, value)) for name in (word, f"{word}s"))
