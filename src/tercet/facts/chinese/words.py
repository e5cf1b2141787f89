"""Words that state a quantity without a numeral, or with 半 alone: 翻番, 半年, 半数, 首次, 若干."""

from tercet.facts.chinese.affixes import NOT_HEDGES, Role, suffixes
from tercet.facts.chinese.numerals import Numeral
from tercet.facts.chinese.plain import unit_pattern
from tercet.facts.chinese.reading import Draft
from tercet.facts.records import Hedge, Kind

_RANKS = {"首": 1.0, "冠": 1.0, "亚": 2.0, "季": 3.0}
_SEVERAL = 9.0
_NO_HALF = frozenset("导岛决径球身边途夜路空程")  # 半导体, 半决赛
_MORE_THAN = frozenset("过逾超大")  # 过半, 大半
_TAKEN_BEFORE = frozenset("一减近过逾超大")
_STOPS = frozenset("的，。")


def word(text: str, start: int, found: str) -> Draft | None:
    """Read a word that states a quantity.

    Args:
        text: Folded, and ended with a line break.
        start: Where the word begins.
        found: Its first character, or the word.

    Returns:
        What it states; None where it is none.
    """
    first = found[0]
    if first == "半":
        return _half(text, start)
    if first in "倍番":
        return _doubled(text, start)
    draft = _draft(start, start + len(found), _RANKS.get(first, 2.0))
    if first in _RANKS:
        draft.kind = Kind.ORDINAL
    elif found == "若干":
        draft.high = _SEVERAL
    return draft  # else 双


def _draft(start: int, end: int, value: float) -> Draft:
    return Draft(start, end, Numeral(end - start, value, value, 0.0))


def _half(text: str, start: int) -> Draft | None:
    """Read 半年, 半数, 一半, 过半, 减半."""
    following = text[start + 1]
    previous = text[start - 1]
    if following in _NO_HALF:
        return None
    draft = _draft(start, start + 1, 0.5)
    draft.kind, draft.checkable = Kind.FRACTION, True
    if following == "数":
        draft.end = start + 2
    elif previous == "减":
        draft.kind = Kind.MULTIPLE
    elif previous == "一":
        draft.checkable = text[start - 2] != "另"  # the other half
    elif not (previous in _MORE_THAN and following != "年" and text[start - 2] not in NOT_HEDGES["过"]) and not (
        previous == "近" and following in _STOPS
    ):
        return _half_unit(text, draft)
    if previous in _TAKEN_BEFORE and not (previous == "大" and following == "数"):
        draft.start = start - 1
        draft.hedge = Hedge.OVER if previous in _MORE_THAN else Hedge.ALMOST if previous == "近" else Hedge.NONE
    return draft


def _half_unit(text: str, draft: Draft) -> Draft | None:
    matched = unit_pattern().match(text, draft.end)
    suffix = suffixes().get(matched[0]) if matched else None
    if suffix is not None and suffix.role is Role.UNIT and suffix.unit:
        draft.scale(suffix)
        draft.end += len(suffix.word)
        # 半天 is a long while, 半个月 two weeks.
        draft.checkable = suffix.word not in ("天", "个月")
        return draft
    if text[draft.end] == "个":
        draft.end += 1
        draft.checkable = False
        return draft
    return None


def _doubled(text: str, start: int) -> Draft | None:
    """Read 翻番, 翻了番, 翻倍, 加倍 and 倍增."""
    for verb in ("翻了", "翻", "加"):
        if text.endswith(verb, 0, start) and not (verb == "加" and text[start] == "番"):
            draft = _draft(start - len(verb), start + 1, 2.0)
            draft.kind, draft.checkable = Kind.MULTIPLE, verb != "加"
            return draft
    if text.startswith("倍增", start) and text[start - 1] not in "成数几":
        draft = _draft(start, start + 2, 2.0)
        draft.kind = Kind.MULTIPLE
        return draft
    return None
