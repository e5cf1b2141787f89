"""What the words after a Chinese number make of it where that is more than a unit."""

import re
from collections.abc import Callable

from tercet.facts.chinese.affixes import Role, Suffix, suffixes
from tercet.facts.chinese.changes import is_growth
from tercet.facts.chinese.folding import TAKEN
from tercet.facts.chinese.numerals import numeral
from tercet.facts.chinese.reading import Draft, is_sure
from tercet.facts.records import Kind

# Short names of enumerations' members, which are slow to look up.
_DURATION, _FRACTION, _MEASURE, _MULTIPLE, _ORDINAL, _PERCENT = (
    Kind.DURATION,
    Kind.FRACTION,
    Kind.MEASURE,
    Kind.MULTIPLE,
    Kind.ORDINAL,
    Kind.PERCENT,
)

# What goes on after 成 and 分之一 where they are no part of a whole: 三人成立, 四分之一决赛.
NOT_TENTHS = frozenset("决立为功员分果本长绩就熟品都交群年对双语形因型套片婚材效器名衣章千百人亲行")
_NOT_DISCOUNTS = frozenset("叠腾磨旧断扇返戟")
_TURNED = re.compile("[转角斜纬经仰俯]")
_WARM = re.compile("[温热冷暖寒烧℃]|摄氏|华氏|零下|气象|天气")
# Electricity, and no stop after it; not television, films, telephones, computers, mail, trade, lifts.
_ELECTRIC = re.compile(f"电(?![视影话脑子邮商梯])[^，。；、！？：\n（）{TAKEN}]*\\Z")
_LONGEST_CLAUSE = 12  # characters in which it is looked for
_SECONDS = re.compile("[0-9零一二三四五六七八九十.]{1,5}秒")
_NUMERATOR = re.compile("[0-9零〇一二两三四五六七八九十百千几数][0-9零〇一二两三四五六七八九十百千,.点多余几]*")
_MOST_DEGREES, _MOST_TENTHS, _MOST_DISCOUNT = 1000, 10, 100
_MOST_HOURS = 24
_MANY_TIMES = 5
_DAY = 86_400.0
_FAHRENHEIT = (5 / 9, -160 / 9)


def apply(text: str, draft: Draft, suffix: Suffix, at: int) -> bool:
    """Read a suffix that is more than a unit.

    Args:
        text: Folded, and ended with a line break.
        draft: The number, with what stands before it.
        suffix: What follows it.
        at: Where the suffix begins.

    Returns:
        Whether the suffix belongs to the number; the draft has changed only then.
    """
    if not _ROLES[suffix.role](text, draft, at + len(suffix.word)):
        return False
    draft.suffix = suffix
    return True


def _times(text: str, draft: Draft, end: int) -> bool:
    """增加两倍 and 比去年多两倍 leave three times as much; 增至两倍 and 是…的两倍 leave two."""
    grown = 1.0 if is_growth(text, draft.start) else 0.0
    draft.kind, draft.step = _MULTIPLE, 0.0
    draft.low, draft.high = draft.number.low + grown, draft.number.high + grown
    # Many times more is often taken for as many times.
    draft.checkable = draft.number.low < (_MANY_TIMES if grown else 100) and (
        draft.number.figures or draft.number.low > 1
    )
    draft.checkable = draft.checkable or (grown > 0 and draft.number.low == 1)  # 增加一倍
    draft.end = end
    return True


def _doublings(text: str, draft: Draft, end: int) -> bool:
    """翻一番 doubles, 翻三番 makes eight times as much."""
    if not text.endswith(("翻", "翻了", "翻两"), 0, draft.start) or draft.number.high > _MOST_TENTHS:
        return False
    draft.start = text.rindex("翻", 0, draft.start)
    draft.kind, draft.step, draft.checkable = _MULTIPLE, 0.0, True
    draft.low, draft.high = 2.0**draft.number.low, 2.0**draft.number.high
    draft.end = end
    return True


def _tenths(text: str, draft: Draft, end: int) -> bool:
    """三成 is 30%, 两成半 25%."""
    number = draft.number
    if text[end] in NOT_TENTHS or number.bare or not 0 < number.high <= _MOST_TENTHS or draft.kind is _ORDINAL:
        return False
    half = text[end] == "半" and text[end + 1] not in "导岛数"
    draft.kind, draft.step, draft.checkable = _PERCENT, 5.0 if half else 10.0, True
    draft.low, draft.high = number.low * 10 + 5 * half, number.high * 10 + 5 * half
    draft.end = end + half
    return True


def _discount(text: str, draft: Draft, end: int) -> bool:
    """七折 is 70% of the price; another language says 30% off, so that it accuses nobody."""
    number = draft.number
    if text[end] in _NOT_DISCOUNTS or not 0 < number.low < _MOST_DISCOUNT or number.bare:
        return False
    tenth = 1 if number.low >= _MOST_TENTHS else 10
    draft.kind, draft.step, draft.checkable = _PERCENT, 1.0, False
    draft.low, draft.high = number.low * tenth, number.high * tenth
    draft.end = end
    return True


def _parts(text: str, draft: Draft, end: int) -> bool:
    """三分之二 is a fraction, 百分之三点五 a percentage."""
    matched = _NUMERATOR.match(text, end)
    number = numeral(matched[0]) if matched else None
    whole = draft.number
    if number is None or not whole.low:
        return False
    draft.hedge = draft.hedge or number.hedge
    draft.end = end + number.size
    draft.checkable = not number.vague and not text.startswith("决赛", draft.end)
    if whole.low == 100:
        draft.kind, draft.low, draft.high, draft.step = _PERCENT, number.low, number.high, number.step
    else:
        draft.kind, draft.low, draft.high = _FRACTION, number.low / whole.low, number.high / whole.low
        draft.step = number.step / whole.low if whole.low >= 1000 else 0.0
    return True


def _degrees(text: str, draft: Draft, end: int) -> bool:
    """度 is of temperature or a kilowatt-hour where the words about it are; else it may be any, or mean "times"."""
    around = text[max(0, draft.start - 16) : draft.start]
    number = draft.number
    small = not number.figures and number.low < _MOST_TENTHS  # 三度夺冠
    if not small and not _WARM.search(around) and _ELECTRIC.search(around[-_LONGEST_CLAUSE:]):
        if _TURNED.search(around[-6:]):
            return False
        draft.scale(suffixes()["千瓦时"])
        draft.checkable, draft.end = is_sure(number, _MEASURE), end
        return True
    if small or not _WARM.search(around) or _TURNED.search(around[-6:]) or number.high > _MOST_DEGREES:
        draft.checkable = draft.number.figures
        return False
    factor, offset = _FAHRENHEIT if around.endswith("华氏") else (1.0, 0.0)
    draft.kind, draft.unit, draft.checkable = _MEASURE, "°C", True
    low, high = (-draft.number.high, -draft.number.low) if draft.negative else draft.number[1:3]
    draft.low, draft.high, draft.step = low * factor + offset, high * factor + offset, draft.step * factor
    draft.end = end
    return True


def _date(text: str, draft: Draft, end: int) -> bool:
    """Leave what is a part of a date to those who read dates; 三号 and 13号 are places in an order."""
    number = draft.number
    if text[end - 1] == "号":
        draft.kind = _ORDINAL
    elif text[end - 1] != "点" or (number.low <= _MOST_HOURS and number.low == int(number.low)):  # else an index
        draft.checkable = False
    draft.end = end
    return True


def _days(text: str, draft: Draft, end: int) -> bool:
    """日 after a number is a day of a month but where the words after it make it a time: 7日内."""
    draft.kind, draft.unit = _DURATION, "s"
    draft.low, draft.high, draft.step = draft.low * _DAY, draft.high * _DAY, draft.step * _DAY
    draft.checkable = draft.number.figures and text[end] in "内之后间"
    draft.end = end
    return True


def _minutes(text: str, draft: Draft, end: int) -> bool:
    """分 is a minute before seconds (1分08秒) and after hours (2小时30分), else a point that somebody scored."""
    if not _SECONDS.match(text, end) and not text.endswith("小时", 0, draft.start):
        return False
    draft.kind, draft.unit = _DURATION, "s"
    draft.low, draft.high, draft.step = draft.low * 60, draft.high * 60, draft.step * 60
    draft.end = end
    return True


def _congress(text: str, draft: Draft, end: int) -> bool:  # noqa: ARG001 (all roles are called alike)
    """二十大 is the 20th congress; 三大 and 十大 count things."""
    number = draft.number
    if 10 < number.low <= 30 and not number.figures and not number.loose and number.low == number.high:
        draft.kind, draft.checkable = _ORDINAL, True
        draft.end = end
        return True
    draft.checkable = draft.checkable or number.low > 1
    return False


_ROLES: dict[Role, Callable[[str, Draft, int], bool]] = {
    Role.TIMES: _times,
    Role.DOUBLINGS: _doublings,
    Role.TENTHS: _tenths,
    Role.DISCOUNT: _discount,
    Role.PARTS: _parts,
    Role.DEGREES: _degrees,
    Role.DATE: _date,
    Role.DAYS: _days,
    Role.MINUTES: _minutes,
    Role.CONGRESS: _congress,
}
