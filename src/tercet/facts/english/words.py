"""The English words that begin a quantity or give it a direction, and one pattern that finds them all."""

import re
from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple


class Sort(IntEnum):
    """What kind of word begins a quantity."""

    CARDINAL = 0  # two, hundred
    VAGUE = 1  # hundreds, dozens
    ORDINAL = 2  # third; a part of a whole as well
    HALF = 3
    CHANGE = 4  # doubled
    FEW = 5  # several, a couple
    SPAN = 6  # decade
    UNIT = 7  # percent, where no number stands before it
    PREFIX = 8  # a currency that stands right at its number: EUR600, and the x of x3


class Word(NamedTuple):
    """A word that begins a quantity.

    Args:
        sort: What kind of word it is.
        low: Its value, or the lower end of what it may be.
        high: The upper end.
    """

    sort: Sort
    low: float
    high: float


_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " sixteenth seventeenth eighteenth nineteenth"
)
UNITS = {word: value for value, word in enumerate(_UNITS.split())}
TENS = {word: value for value, word in enumerate(_TENS.split(), 2)}
MAGNITUDES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
ORDINALS = {word: value for value, word in enumerate(_ORDINALS.split(), 1)} | {
    f"{word[:-1]}ieth": value * 10 for word, value in TENS.items()
}
# Where the value of "dozens" and the like may lie.
VAGUE = (
    {"tens": (20.0, 99.0), "dozens": (24.0, 99.0), "scores": (40.0, 199.0)}
    | {f"{word}s": (2 * value, 10 * value - 1) for word, value in MAGNITUDES.items()}
    | {f"{word[:-1]}ies": (value * 10.0, value * 10.0 + 9) for word, value in TENS.items()}  # in their twenties
)
_FACTORS = {"doubl": 2.0, "tripl": 3.0, "trebl": 3.0, "quadrupl": 4.0, "quintupl": 5.0, "halv": 0.5}
CHANGES = {f"{stem}{ending}": factor for stem, factor in _FACTORS.items() for ending in ("e", "ed", "es", "ing")} | {
    "twice": 2.0,
    "thrice": 3.0,
}
FOLDS = {f"{word}fold": float(value) for word, value in UNITS.items() if 2 <= value <= 10} | {"hundredfold": 100.0}
FEW = {
    "couple": (2.0, 2.0),
    "pair": (2.0, 2.0),
    "both": (2.0, 2.0),
    "twin": (2.0, 2.0),
    "dual": (2.0, 2.0),
    "twins": (2.0, 2.0),
    "neither": (2.0, 2.0),
    "duo": (2.0, 2.0),
    "trio": (3.0, 3.0),
    "triad": (3.0, 3.0),
    "quartet": (4.0, 4.0),
    "few": (2.0, 9.0),
    "several": (2.0, 9.0),
    "dozen": (12.0, 12.0),
}
PREFIXES = ("rmb", "cny", "eur", "usd", "gbp", "hkd", "jpy", "chf", "inr", "rs", "sfr", "fr", "x")
# Words for one stretch of time; the singular names a span by itself.
SPANS = ("minute", "hour", "day", "week", "fortnight", "month", "year", "decade", "century")
ALONE = ("decade", "century")

_RISES = (
    "rise rises rose risen rising gain gains gained gaining grow grows grew grown growing growth increase"
    " increases increased increasing climb climbs climbed climbing jump jumps jumped jumping surge surges surged"
    " surging soar soars soared soaring rally rallied rebound rebounded expand expands expanded expanding"
    " expansion widen widened add adds added adding raise raises raised raising lifted boost boosted swelled"
    " strengthened upgraded accelerated"
)
_FALLS = (
    "fall falls fell fallen falling decline declines declined declining drop drops dropped dropping decrease"
    " decreases decreased decreasing cut cuts cutting reduce reduces reduced reducing reduction shrink shrinks"
    " shrank shrunk shrinking slip slips slipped slipping slide slid sink sank sunk plunge plunges plunged"
    " plunging tumble tumbled tumbling dip dipped slump slumped plummet plummeted contracted contraction"
    " narrow narrowed narrowing weakened downgraded slowed shed lowered halved lose loses losing"
)
CHANGES_OF = dict.fromkeys(_RISES.split(), 1) | dict.fromkeys(_FALLS.split(), -1)
# They say so only where no verb in their clause says something else.
RESULTS = {"profit": 1, "profits": 1, "surplus": 1, "loss": -1, "losses": -1, "lost": -1, "deficit": -1}
# They say so only beside the quantity.
BESIDE = {
    "up": 1, "higher": 1, "above": 1,
    "down": -1, "lower": -1, "below": -1,
}  # fmt: skip

WORDS: dict[str, Word] = {
    **{word: Word(Sort.ORDINAL, value, value) for word, value in ORDINALS.items()},
    **{word: Word(Sort.CARDINAL, value, value) for word, value in UNITS.items()},
    **{word: Word(Sort.CARDINAL, value * 10, value * 10) for word, value in TENS.items()},
    **{word: Word(Sort.CARDINAL, value, value) for word, value in MAGNITUDES.items()},
    **{word: Word(Sort.VAGUE, *ends) for word, ends in VAGUE.items()},
    **{word: Word(Sort.CHANGE, value, value) for word, value in (CHANGES | FOLDS).items()},
    **{word: Word(Sort.FEW, *ends) for word, ends in FEW.items()},
    **{word: Word(Sort.SPAN, 1, 1) for word in ALONE},
    "half": Word(Sort.HALF, 0.5, 0.5),
    "quarter": Word(Sort.ORDINAL, 4, 4),
    "percent": Word(Sort.UNIT, 1, 1),
    **{word: Word(Sort.PREFIX, 1, 1) for word in PREFIXES},
}


def any_of(words: Iterable[str]) -> str:
    """Write a pattern for any of some words that tries each letter once."""
    tree: dict[str, dict[str, object]] = {}
    for word in words:
        node: dict[str, dict[str, object]] = tree
        for letter in word:
            node = node.setdefault(letter, {})  # type: ignore[assignment]
        node[""] = {}
    return _written(tree)


def _written(node: dict[str, dict[str, object]]) -> str:
    branches = [letter + _written(node[letter]) for letter in sorted(node) if letter]  # type: ignore[arg-type]
    if not branches:
        return ""
    pattern = branches[0] if len(branches) == 1 and "" not in node else f"(?:{'|'.join(branches)})"
    return f"{pattern}?" if "" in node else pattern


NUMBERS = frozenset({*UNITS, *TENS, *MAGNITUDES, *ORDINALS, "and", "half"})
SHORT_MAGNITUDES = {"mn": 1e6, "bn": 1e9, "tn": 1e12} | MAGNITUDES
SPANS_OF_ONE = {f"a {span}": span for span in SPANS} | {"an hour": "hour"}
SIGNS_AFTER = "%°$€£¥￥₩₹₽₺₴₦฿¢‰℃℉％﹪µ㎡㎢㎞㎏㎝㎜㎎"
_WORDS = (*WORDS, *CHANGES_OF, *RESULTS, *BESIDE, *SPANS_OF_ONE)
_MAGNITUDE = rf"{any_of(SHORT_MAGNITUDES)}(?![a-z])"
# What follows a number: a magnitude and the next word, each behind what joins it.
AHEAD = re.compile(rf"(?:([ -]?)({_MAGNITUDE}))?([ -]?)([a-z]+|[{SIGNS_AFTER}])?")
_AHEAD = rf"(?:[ -]?{_MAGNITUDE})?[ -]?(?:[a-z]+|[{SIGNS_AFTER}])?"
CURRENCY_SIGNS = "$€£¥"
# A currency's sign or not, a number, and what follows it.
_DIGITS = (
    rf"[{CURRENCY_SIGNS}0-9](?:(?<=[0-9])|(?=[0-9]))[0-9]*(?:[.,\u00a0\u2009\u202f][0-9]+)*(?=(?P<ahead>{_AHEAD}))"
)
# Words that begin a quantity or say where it goes, by their first letter: one that no word has is passed at once.
_BY_LETTER = [
    f"{first}(?:{any_of(word[1:] for word in _WORDS if word[0] == first)})(?![a-z])"
    for first in sorted({word[0] for word in _WORDS})
]
# Each way begins with a letter or a set, by which most words are passed over at once, and all but words have a group
# that tells which way it was: what follows a number, which is looked at only; a sign of a part; a currency that has a
# magnitude and no number. A character that ends words comes first, so that the search leaps from one to the next.
SCAN = re.compile(
    rf"[^a-z0-9,;!?)](?:{'|'.join(_BY_LETTER)}|{_DIGITS}|[½¼¾⅓⅔⅛⅜⅝⅞⅕⅖⅗⅘](?P<part>)"
    rf"|[{CURRENCY_SIGNS}] ?(?:mn|bn|tn)(?![a-z])(?P<bare>))"
)
