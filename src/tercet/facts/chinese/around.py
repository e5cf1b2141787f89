"""Reads outwards from a Chinese number: hedges, currencies and links before it, hedges after it."""

import re

from tercet.facts.chinese.affixes import NOT_HEDGES, Prefix, Role, hedges_after, prefixes
from tercet.facts.chinese.numerals import DIGITS
from tercet.facts.chinese.reading import Draft
from tercet.facts.records import Hedge, Kind

# Short names of enumerations' members, which are slow to look up.
_NONE = Hedge.NONE
_DURATION, _MONEY, _ORDINAL = Kind.DURATION, Kind.MONEY, Kind.ORDINAL
_A_RANGE, _A_LIST, _IS_BETWEEN, _AN_ORDER = Role.RANGE, Role.LIST, Role.BETWEEN, Role.ORDINAL
_A_HEDGE, _A_MAGNITUDE, _A_CURRENCY, _A_MINUS = Role.HEDGE, Role.MAGNITUDE, Role.MONEY, Role.MINUS

_MOST = 4  # prefixes before one number: 至少约-¥5
_DASHES = frozenset("-–—−~～〜")
# 多 and 余 after a unit that begin another word: 三人多次.
_NOT_MORE = frozenset("次种样元数年名地个项国方处式久少家下额震波温党热悸味")
LAST_YEARS = frozenset("来内里间以的，")  # 近三年来 are the last three years
_HUNDREDTHS = re.compile("[0-9]{2}(?![0-9.,]|[个多万千百亿%])")
_SPOKEN_HUNDREDTHS = re.compile("[一二三四五六七八九]{1,2}(?![十百千万亿个点])")


def before(text: str, draft: Draft, last: Draft | None) -> None:
    """Take into a draft what stands before its number.

    Args:
        text: Folded, and ended with a line break.
        draft: It grows to the left.
        last: The quantity before, which a range or a list may join with it.
    """
    table = prefixes()
    at = draft.start
    for _ in range(_MOST):
        space = text[at - 1] == " "
        place = at - space
        found = table.get(text[place - 1])
        if found is None or (space and not draft.number.figures):
            return
        for prefix in found:
            if text.startswith(prefix.word, place - len(prefix.word)):
                break
        else:
            return
        start = place - len(prefix.word)
        if not _take(text, draft, prefix, start, last):
            return
        at = start


def _take(text: str, draft: Draft, prefix: Prefix, start: int, last: Draft | None) -> bool:
    """Take one prefix; tell whether another may stand before it."""
    role = prefix.role
    if role is _A_RANGE or role is _A_LIST:
        _link(text, draft, prefix, start, last)
        return False
    if role is _IS_BETWEEN:
        return _hedge_before(text, draft, start)
    if role is _A_HEDGE or role is _A_MAGNITUDE:
        return _hedge(text, draft, prefix, start)
    if role is _A_CURRENCY:
        draft.currency = prefix.currency
    elif role is _A_MINUS:
        draft.negative = True
    elif role is _AN_ORDER:
        draft.kind = _ORDINAL
    else:  # a day of the week
        draft.code = draft.code or (draft.number.size == 1 and not draft.number.figures)
        return False
    draft.start = start
    return role is not _AN_ORDER


def _link(text: str, draft: Draft, prefix: Prefix, start: int, last: Draft | None) -> None:
    if last is not None and last.end == start - (text[start - 1] == " ") and (prefix.role is _A_RANGE or last.bare):
        draft.link = prefix.role
    elif prefix.word in _DASHES and start + 1 == draft.start:
        previous = text[start - 1]
        draft.code = previous.isalnum()
        if not draft.code and prefix.word in "-−":
            draft.negative, draft.start = True, start


def _hedge_before(text: str, draft: Draft, at: int) -> bool:
    """Take a hedge with a word between it and the number: 至少有12只."""
    for prefix in prefixes().get(text[at - 1], ()):
        if (
            prefix.role is _A_HEDGE
            and prefix.word not in "近逾"
            and text.startswith(prefix.word, at - len(prefix.word))
        ):
            _hedge(text, draft, prefix, at - len(prefix.word))
            break
    return False


def _hedge(text: str, draft: Draft, prefix: Prefix, start: int) -> bool:
    word = prefix.word
    if text[start - 1] in NOT_HEDGES.get(word, ()):
        return False
    if prefix.role is _A_MAGNITUDE and not (draft.number.bare or (word == "破" and draft.number.scale > 1)):
        return False
    draft.hedge = draft.hedge or prefix.hedge
    draft.recent = word == "近"
    draft.manner = prefix.role is _A_MAGNITUDE
    draft.start = start
    return False


def after(text: str, draft: Draft) -> None:
    """Take into a draft the half and the hedge that stand after its unit."""
    following = text[draft.end]
    if (
        following == "半"
        and draft.suffix is not None
        and draft.kind is not _MONEY
        and text[draft.end + 1] not in "导岛数决径"
    ):
        half = draft.suffix.factor / 2
        draft.low, draft.high, draft.step = draft.low + half, draft.high + half, half
        draft.end += 1
    if draft.suffix is not None and draft.suffix.word in ("米", "秒"):
        _hundredths(text, draft)
    at = draft.end + draft.measure  # 30人左右
    for word, hedge in hedges_after().get(text[at], ()):
        if text.startswith(word, at):
            end = at + len(word)
            if len(word) > 1 or (draft.suffix is not None and text[end] not in _NOT_MORE):
                draft.hedge = draft.hedge or hedge
                draft.end = end
            break
    if draft.recent and draft.kind is _DURATION and text[draft.end] in LAST_YEARS:
        draft.hedge = _NONE


def _hundredths(text: str, draft: Draft) -> None:
    """Take the digits after a unit for its tenths and hundredths: 2米32, 9秒83, 一米七五, 一米八."""
    matched = (_HUNDREDTHS if draft.number.figures else _SPOKEN_HUNDREDTHS).match(text, draft.end)
    if matched is None or not draft.number.low.is_integer():
        return
    digits = "".join(str(DIGITS.get(digit, digit)) for digit in matched[0])
    draft.low = draft.high = draft.low + float(f"0.{digits}")
    draft.step = 10.0 ** -len(digits)
    draft.end = matched.end()
