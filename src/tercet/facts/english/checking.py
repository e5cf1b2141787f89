"""Which English quantities a careful editor would look for in the other text."""

import re

from tercet.facts.english.before import Mark
from tercet.facts.english.page import Page
from tercet.facts.records import Kind

_COUNT, _MONEY, _DURATION, _ORDINAL = Kind.COUNT, Kind.MONEY, Kind.DURATION, Kind.ORDINAL
_NAME, _LOOSE, _THE = Mark.NAME, Mark.LOOSE, Mark.THE
NO_NOUNS = frozenset(
    {"", "to", "and", "or", "in", "out", "of", "at", "on", "for", "from", "by", "as", "but", "a", "an", "the", "with"}
    | {"were", "was", "are", "is"}
)
SMALL = 4  # up to here, a number word is as often a manner of speaking, or what a reader counts, as a count
_PAIR = 2.0
_DOZEN = 12.0  # hardly ever meant exactly
_COUNTED = re.compile(
    r" of (?:the |its |their )?[0-9]"
    r"| (?:(?!of |to |and |in |or |as |is |was |has |does )[a-z'-]+ )?"
    r"(?:(?!is\b|was\b|has\b|as\b|its\b|this\b|us\b|thus\b|does\b)[a-z-]*[a-rt-z]s|people|men|women|children)(?![a-z])"
)
NO_NOUN_AHEAD = re.compile(r"[^ ]| (?:[^a-z]|(?:of|to|and|in|or|at|on|for|from|by|as|but|with|was|is|the)(?![a-z]))")
_FIRST_YEAR, _AFTER_YEARS = 1000, 2100
_LAST_DAY = 31
_LEAST_BEYOND_NAMES = 10_000  # no aeroplane has such a number


def is_checkable(page: Page, place: tuple[int, int], kind: Kind, mark: Mark, size: tuple[float, float]) -> bool:
    """Tell whether a number is one that the other text must have.

    Args:
        page: The text.
        place: Where the number begins, and where the quantity ends.
        kind: What it measures.
        mark: What the words before it make of it.
        size: The number, and its magnitude.
    """
    start, end = place
    if _names(page, place, kind, mark, size[0]):
        return False
    spelt = page.low[start].isalpha()
    if kind is _COUNT:
        return _counts(page.low, place, mark, size)
    if kind is _ORDINAL:
        return size[0] > _LAST_DAY or not NO_NOUN_AHEAD.match(page.low, end)  # "the 16th" is a day
    return not spelt or size[0] > 1 or (kind is not _MONEY and kind is not _DURATION)


def words_count(low: str, end: int, value: float) -> bool:
    """Tell whether a number word that ends here counts something in a plain way.

    "Two friends, Anna and Tom," counts what it names; no other text need say that they are two.
    """
    if value > SMALL or value <= 1:
        return value > 1
    found = _COUNTED.match(low, end)
    return found is not None and (low[found.end()] != "," or value != _PAIR)


def digits_count(low: str, end: int, value: float) -> bool:
    """Tell whether digits that end here count something; a year, and the 1 of "1-piece", do not."""
    if value == 1:
        return low[end] != "-"
    year = _FIRST_YEAR <= value < _AFTER_YEARS and low[end - 4 : end].isdigit()
    return not (year and NO_NOUN_AHEAD.match(low, end))


def _names(page: Page, place: tuple[int, int], kind: Kind, mark: Mark, value: float) -> bool:
    """Tell whether a number is a part of a name or of a phrase: Boeing 737, Group of Seven, a hundred."""
    start, end = place
    text, low = page
    if mark is _LOOSE:
        return True
    if mark is _NAME and value < _LEAST_BEYOND_NAMES:
        attached = low[end - 1].isalpha() and low[end - 2].isdigit()
        if attached or kind is _COUNT or kind is _ORDINAL:
            return True
    return text[start].isalpha() and text[start].isupper() and low[start - 1] == " " and low[start - 2] not in ".!?:\n"


def _counts(low: str, place: tuple[int, int], mark: Mark, size: tuple[float, float]) -> bool:
    start, end = place
    value, magnitude = size
    if magnitude > 1:
        return magnitude != _DOZEN
    if low[start].isalpha():
        return words_count(low, end, value) and not (value == 2 and mark is _THE)  # the two sides: 双方
    return digits_count(low, end, value) and not _numbers_a_list(low, start, end)


def _numbers_a_list(low: str, start: int, end: int) -> bool:
    """Tell whether a number stands before an item of a list: "1. Bread"."""
    begins = low[start - 1] == "\n" or (low[start - 1] == " " and low[start - 2] in ".!?:\n")
    return begins and (low[end] in ")、" or low.startswith((". ", ".\n"), end))
