"""English quantities that are wrong in themselves; only what no careful writer writes on purpose."""

import re
from functools import lru_cache

_LEAST_YEAR = 1000
_LONGEST = 30  # characters; what is longer is a code
_POINTS = re.compile(r"[0-9]+(?:\.[0-9]+){2,}")
_AMOUNT = re.compile(r"%| ?(?:percent|per cent|mn|bn|million|billion|trillion)\b")
# A list of small numbers (1,0,0) has no 00 and no 0500.
_BAD_GROUPS = re.compile(r",0[0-9](?:,|\.|$)|,0[0-9]{3}")
# 1234,567 and 12,3456; but not 2020,100, where a space is missing.
_BAD_GROUP = re.compile(r"(?!(?:19|20)[0-9]{2},)(?:[0-9]{4,},[0-9]{3}|[0-9]{1,3},[0-9]{4})")
_SPLIT = re.compile(r" 0+(?:%| percent| per cent)(?![a-z])")
_INDIAN = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})*,[0-9]{3}(?:\.[0-9]+)?")
SHORTEST_SLIP = 5  # letters of a misspelt magnitude
_WORDS = ("million", "billion", "trillion", "thousand", "hundred", "percent")
# Words that are one letter away from a magnitude and mean something.
_WORDS_INDEED = frozenset(
    {"bullion", "bullions", "mullion", "pillion", "zillion", "jillion", "gillion", "minion", "percept"}
    | {"hundreds", "thousands", "millions", "billions", "trillions", "percents"}
    | {"hundredth", "thousandth", "millionth", "billionth"}
)
_ABBREVIATIONS = frozenset("mbtk") | {"mn", "bn", "tn", "mln", "bln", "trn", "tln", "mm", "mil", "bil", "mio"}
_BROKEN = re.compile(r"[mbntlr]{1,3}(?![a-z0-9])")
_BEFORE_NOTHING = re.compile(
    r"(?:than|nearly|almost|about|worth|cost|costs|raised|spent|paid|least|earned|invested|by|rose|fell|gained"
    r"|dropped|increased|decreased|grew|declined)$"
)
_MONEY_AFTER = re.compile(r" (?:us )?(?:dollars|euros|pounds|yuan|yen)(?![a-z])")
_PERCENT_AFTER = re.compile(r" (?:to|from|in|year|last|this|compared|since|by)(?![a-z])|[.,;]")


def in_number(low: str, start: int, end: int) -> str:
    """Say what is wrong with digits, points and commas that are no number; nothing where they may be a code."""
    if end - start > _LONGEST:
        return ""
    written = low[start:end]
    if _POINTS.fullmatch(written) and (_AMOUNT.match(low, end) or low[start - 1] in "€£$¥"):
        return "a number has one decimal point"
    grouped = written.count(",") > 1 and _BAD_GROUPS.search(written) and not _INDIAN.fullmatch(written)
    return "commas stand before three digits" if grouped or _BAD_GROUP.fullmatch(written) else ""


def past_split(low: str, end: int, value: float) -> int:
    """Give the end of a percentage with a space in it, such as "6 0%", whose first digits end here; else 0."""
    found = _SPLIT.match(low, end) if value < _LEAST_YEAR else None
    return found.end() if found else 0


def after_number(low: str, end: int, joint: str, word: str, *, money: bool) -> str:
    """Say what is wrong with the word after a number; nothing where it may mean something."""
    if money and not joint and word not in _ABBREVIATIONS and _BROKEN.match(low, end):
        return f"“{word}” is not a magnitude"
    right = misspelt(word) if len(word) >= SHORTEST_SLIP else ""
    return f"“{word}” is not a number: {right}?" if right else ""


@lru_cache(maxsize=4096)
def misspelt(word: str) -> str:
    """Give the magnitude that a word is one slip of the keys away from; nothing where there is none.

    >>> misspelt("milion"), misspelt("thousnad"), misspelt("mission"), misspelt("million")
    ('million', 'thousand', '', '')
    """
    if word in _WORDS or word in _WORDS_INDEED or len(word) > 10:
        return ""
    plain = word.removesuffix("s")
    for right in _WORDS:
        if abs(len(right) - len(word)) <= 1 and (_one_slip(word, right) or _one_slip(plain, right)):
            return right
    return ""


def _one_slip(word: str, right: str) -> bool:
    """Tell whether one letter was left out, added, changed, or swapped with the next."""
    first = next((i for i, (a, b) in enumerate(zip(word, right, strict=False)) if a != b), min(len(word), len(right)))
    rest, meant = word[first:], right[first:]
    swapped = len(rest) > 1 and len(meant) > 1 and rest[0] == meant[1] and rest[1] == meant[0] and rest[2:] == meant[2:]
    return word != right and (rest[1:] == meant or rest == meant[1:] or rest[1:] == meant[1:] or swapped)


def without_number(low: str, start: int, end: int) -> str:
    """Say whether a number is missing before a magnitude or before percent."""
    name = low[start:end]
    if not _BEFORE_NOTHING.search(low, max(0, start - 12), start - 1) or low[start - 1] != " ":
        return ""
    follows = _PERCENT_AFTER if name == "percent" else _MONEY_AFTER
    return f"there is no number before “{name}”" if follows.match(low, end) else ""


def bare_currency(low: str, start: int) -> str:
    """Say whether a number is missing between a currency and a magnitude, as in "€ mn"."""
    before = low[max(0, start - 4) : start]
    if before.endswith(("(", "in ", ", ", "\n", ": ", "- ")) or not before.endswith(" "):
        return ""
    return "there is no number between the currency and the magnitude"
