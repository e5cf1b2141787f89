"""Digits that are a part of a name or a code, and no quantity: G20, 5G, 歼-20, 1.2.3, 400-123-4567."""

import re

from tercet.facts.chinese.affixes import latin_suffixes, suffixes
from tercet.facts.chinese.malformed import MAGNITUDES_IN_LATIN
from tercet.facts.chinese.plain import unit_pattern
from tercet.facts.chinese.reading import Draft
from tercet.facts.records import Kind, Quantity

# Short names of enumerations' members, which are slow to look up.
_COUNT, _FRACTION, _MEASURE, _MONEY, _PERCENT = Kind.COUNT, Kind.FRACTION, Kind.MEASURE, Kind.MONEY, Kind.PERCENT

LATIN = re.compile("[A-Za-zµμ°][A-Za-z0-9/²³·]{0,12}")
_CODE = re.compile("[0-9][0-9A-Za-z.:/_-]*+")
_SLASHED = re.compile("([0-9]{1,3})/([0-9]{1,3})(?![0-9/])")
_CHAIN = re.compile(r"[0-9]+(?:\.[0-9]+){2,}|[0-9]+(?:-[0-9]+){2,}|[0-9]+(?:/[0-9]+){2,}")
_MOST_TENTHS = 10  # 1/3 is a fraction; 11/12 may be a date


def code_end(text: str, draft: Draft, start: int) -> int:
    """Find the end of the name or code that digits are a part of.

    Args:
        text: Folded, and ended with line breaks.
        draft: The digits, with what stands before them. A magnitude in Latin letters (€5bn) and a fraction (1/3)
            are read into it.
        start: Where the digits begin.

    Returns:
        One past the last character of the code; 0 where the digits are a number.
    """
    end = draft.end
    following = text[end]
    previous = text[start - 1]
    lettered = draft.start == start and ((previous.isascii() and previous.isalnum()) or previous in "_#@=&")
    by = previous in "xX" and text[start - 2].isdigit()  # 6x9cm
    zero = text[start] == "0" and end - start > 1 and text[start + 1] != "." and following not in "分秒"
    if zero or (lettered and not by) or (draft.code and not _is_measured(text, end)):
        return _end(text, start)
    if following in ".-/:" and text[end + 1].isdigit():
        return _chained(text, draft, start)
    if following in "xX" and text[end + 1].isdigit() and draft.low:
        return 0
    if following.isascii() and following.isalpha() and not _is_unit(text, draft):
        return _end(text, start)
    return 0


def _is_measured(text: str, end: int) -> bool:
    """Tell whether what stands after a dash and digits is a unit, so that the dash is a minus: 气温-5℃."""
    matched = unit_pattern().match(text, end)
    suffix = suffixes().get(matched[0]) if matched else None
    return suffix is not None and suffix.kind in (_MEASURE, _PERCENT, _MONEY)


def _end(text: str, start: int) -> int:
    matched = _CODE.match(text, start)
    return matched.end() if matched else start + 1


def _chained(text: str, draft: Draft, start: int) -> int:
    """Tell a version, an address or a telephone number from a score, a range or a fraction."""
    slashed = _SLASHED.match(text, start)
    if slashed:
        part, whole = int(slashed[1]), int(slashed[2])
        if 0 < part < whole and text[start - 1] != "/":
            draft.end = slashed.end()
            draft.kind, draft.step, draft.checkable = (
                _FRACTION,
                0.0,
                whole <= _MOST_TENTHS and text[draft.end] != "决",
            )
            draft.low = draft.high = part / whole
        return 0
    chain = _CHAIN.match(text, start)
    return chain.end() if chain else 0


def _is_unit(text: str, draft: Draft) -> bool:
    """Tell whether letters after digits are a unit or a magnitude; the magnitude is taken."""
    matched = LATIN.match(text, draft.end)
    if matched is None:
        return True
    letters = matched[0]
    lower = letters.lower()
    if lower in MAGNITUDES_IN_LATIN and (draft.currency or len(letters) > 1):
        draft.multiply(MAGNITUDES_IN_LATIN[lower])
        draft.end = matched.end()
        return True
    return (lower if len(letters) > 1 else letters) in latin_suffixes()


def mixed(text: str, draft: Draft, found: list[Quantity]) -> None:
    """Add the whole number that stands before a fraction to it: 3 1/2."""
    whole = found[-1] if found else None
    if (
        whole is not None
        and whole.end == draft.start - 1
        and text[whole.end] == " "
        and whole.kind is _COUNT
        and whole.low == whole.high
    ):
        found.pop()
        draft.start, draft.kind = whole.start, _COUNT
        draft.low = draft.high = whole.low + draft.low
