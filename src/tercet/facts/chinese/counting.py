"""What follows a Chinese number: its unit, its currency, or what it counts."""

import re
from functools import lru_cache

from tercet.facts.chinese.affixes import Role, Suffix, latin_suffixes, suffixes
from tercet.facts.chinese.codes import LATIN
from tercet.facts.chinese.lexicon import lexicon
from tercet.facts.chinese.plain import unit_pattern
from tercet.facts.chinese.reading import Draft, is_loose_talk, is_sure, is_told, is_year
from tercet.facts.chinese.roles import apply
from tercet.facts.records import Kind

# Short names of enumerations' members, which are slow to look up.
_COUNT, _MONEY, _ORDINAL = Kind.COUNT, Kind.MONEY, Kind.ORDINAL
_UNIT = Role.UNIT

_YEN = re.compile("日元|日圆|円")
_LABELLED = 100


def suffix_of(text: str, draft: Draft, phrase: str) -> tuple[Suffix | None, int]:
    """Find what follows a number, and where it begins.

    Args:
        text: Folded, and ended with line breaks.
        draft: The number.
        phrase: The number as the search found it, with its suffix where the number is all that it found.
    """
    at = draft.end
    word = phrase[draft.number.size :]
    if word[:1] == " ":
        at += 1
        word = word[1:]
    suffix = suffixes().get(word)
    if suffix is not None and text.startswith(word, at):
        return suffix, at
    following = text[at]
    if draft.number.figures:
        if following == " ":
            at += 1
            following = text[at]
        if following in "µμ°" or (following.isascii() and following.isalpha()):
            matched = LATIN.match(text, at)
            if matched and len(matched[0]) > 1:
                return latin_suffixes().get(matched[0].lower()), at
            return latin_suffixes().get(following) if at == draft.end else None, at  # 5g, but Stylo 2 V
    matched = None if following == "\n" else unit_pattern().match(text, at)
    return suffixes().get(matched[0]) if matched else None, at


def make(text: str, draft: Draft, suffix: Suffix | None, at: int) -> bool:
    """Make a number a quantity of what follows it.

    Args:
        text: Folded, and ended with line breaks.
        draft: The number, with what stands before it.
        suffix: What follows it.
        at: Where the suffix begins, or what is counted.

    Returns:
        Whether it is a quantity.
    """
    if draft.code:
        if suffix is None or suffix.role is not _UNIT:
            return False
        draft.negative, draft.start = True, draft.start - 1  # 气温-5℃, but 歼-20
    if draft.kind is _COUNT:
        if suffix is not None and suffix.role is _UNIT:
            return not is_year(draft.number, suffix) and _unit(text, draft, suffix, at)
        if suffix is not None and apply(text, draft, suffix, at):
            return True
        if not draft.currency:
            return _count(text, draft, at)
        draft.kind, draft.unit, draft.checkable = _MONEY, _currency(text, draft.currency), True
    elif draft.kind is _ORDINAL:
        draft.checkable = draft.number.low > 1
    return True


def _unit(text: str, draft: Draft, suffix: Suffix, at: int) -> bool:
    number = draft.number
    if draft.negative and suffix.unit == "°C":
        draft.number = number._replace(low=-number.high, high=-number.low)
    draft.scale(suffix)
    if suffix.kind is _MONEY:
        draft.unit = _currency(text, suffix.unit)
    elif suffix.unit == "m":
        _speed(text, draft)
    draft.end = at + len(suffix.word)
    draft.checkable = (is_sure(number, suffix.kind) or draft.is_round()) and suffix.word != "角"
    return True


def _count(text: str, draft: Draft, at: int) -> bool:
    """Take a number of things, or a bare number."""
    number = draft.number
    measures = lexicon().measures
    measured = 2 if text[at : at + 2] in measures else int(text[at] in measures)
    draft.bare = not measured
    draft.measure = measured + at - draft.end if measured else 0
    if number.figures:
        draft.checkable = draft.checkable and not _is_label(text, draft)
        return True
    if number.bare and not (measured or draft.hedge):
        return False
    told = is_told(number) and (measured > 0 or number.size > 1)
    loose = number.vague or number.loose or is_loose_talk(number)
    draft.checkable = (told and not loose) or (measured > 0 and draft.is_round())
    return True


def _currency(text: str, code: str) -> str:
    return code if code != "JPY|CNY" else "JPY" if _is_in_yen(text) else "CNY"


@lru_cache(maxsize=8)
def _is_in_yen(text: str) -> bool:
    """Tell yen from yuan where only ¥ stands."""
    return _YEN.search(text) is not None and "人民币" not in text


def _is_label(text: str, draft: Draft) -> bool:
    """Tell whether digits only label an item: 1. or (2) at the beginning of a line."""
    following = text[draft.end]
    if following not in "、.)）":
        return False
    previous = text[draft.start - 1]
    return previous == "\n" or (previous in "(（" and following in ")）" and draft.low < _LABELLED)


def _speed(text: str, draft: Draft) -> None:
    """Make a way one in a time: 时速300公里."""
    words = text[max(0, draft.start - 6) : draft.start].rstrip()
    if "时速" in words or words.endswith("每小时"):
        seconds = 3600.0
    elif words.endswith("每秒"):
        seconds = 1.0
    else:
        return
    draft.unit = "m/s"
    draft.low, draft.high, draft.step = draft.low / seconds, draft.high / seconds, draft.step / seconds
