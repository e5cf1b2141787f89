"""Times of day in Chinese text: 上午9点半, 晚上9点30分, 24时, 21:45, 零时, 下午三点一刻, 正午."""

import re
from functools import lru_cache

from tercet.facts.dates.chinese_words import NUMERALS, number
from tercet.facts.dates.page import Page
from tercet.facts.dates.resolving import HALF_DAY, MIDNIGHT, Relative
from tercet.facts.records import Moment

_MORNING = frozenset(("凌晨", "清晨", "早晨", "早上", "上午", "今早", "今晨", "早", "晨"))
_NOON = frozenset(("中午", "正午"))
_AFTERNOON = frozenset(("下午", "午后", "傍晚"))
_EVENING = frozenset(("晚上", "晚间", "夜间", "夜里", "深夜", "半夜", "当晚", "今晚", "昨晚", "晚", "夜"))
_PARTS = _MORNING | _NOON | _AFTERNOON | _EVENING
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_LAST_OF_PART = frozenset(part[-1] for part in _PARTS)
_HOUR = f"(?:[0-9]{{1,2}}|[{NUMERALS}两]{{1,3}})"
_CLOCK = re.compile(
    f"(?P<hour>{_HOUR}) ?(?:[:：](?P<colon>[0-5][0-9])(?![0-9:：])"
    f"|(?P<word>[点时])(?: ?(?P<minute>[0-5]?[0-9]|[{NUMERALS}]{{1,3}}) ?分(?!之|钟?内|[0-9])"
    "|(?P<half>半)|(?P<quarters>[一三])刻|(?P<sharp>整)|(?P<loose>钟|许)|(?P<digits>[0-5][0-9])(?![0-9.%:：]))?)"
)
_BEFORE = frozenset("日号天于在从到至截约近前间，")
# The first of two times has the part of the day: 上午9时至11时.
_FIRST_OF_TWO = re.compile(f"({_PART}) ?{_HOUR}(?:[点时:：](?:[0-9]{{1,2}}分?|半|整)?) ?[至到~～–—-] ?\\Z")
_SECONDS = frozenset("至到~～–—-")  # stand before the second
_NO_DAY = (None,) * 8  # the fields of a moment from its year to its century
_AFTER = re.compile("[许起前后至到开左]|[~～–—-] ?[0-9]|，|。|、|\\Z")
_ROUGHLY = re.compile("多|钟|左右|刚过|过后|[之以][前后]|整|差")
_NO_TIME = frozenset("候期段代速尚机差事而常装空长限隔局光间点儿子也都没不")
_FRACTION = frozenset(NUMERALS)  # 零点五
_MIDNIGHT = frozenset(("午夜", "子夜", "半夜"))


def clock(page: Page, at: int) -> int:
    """Read a time; 9点 is one where a part of the day, minutes or a date stands by it, not where points are meant."""
    text = page.text
    match = _CLOCK.match(text, at)
    if match is None:
        return at
    end = match.end()
    hour, minute = _hour_and_minute(match[0])
    if not 0 <= hour <= 24 or not 0 <= (minute or 0) < 60 or (hour == 24 and minute):
        return end
    start, part = _part_before(text, at)
    relative: Relative | None = None
    checkable: bool | None = True
    if part:
        relative = (MIDNIGHT, 0) if hour == 12 and _in_part(12, part) == 0 else None
        hour = _in_part(hour, part)
    elif not _SECONDS.isdisjoint(text[max(0, at - 2) : at]) and (
        first := _FIRST_OF_TWO.search(text, max(0, at - 16), at)
    ):
        start, hour = at, _in_part(hour, first[1])
    else:
        checkable = _certainty(match, text[start - 1 : start] in _BEFORE)
        # 9:30 may be in the evening, 09:30 and 21:30 may not.
        relative = (HALF_DAY, 0) if 1 <= hour <= 12 and text[at] not in "0零〇" else None
        start = at
    if checkable is not None:
        page.found.append(Moment(start, end, *_NO_DAY, hour, minute, relative, checkable))
    return end


def _part_before(text: str, at: int) -> tuple[int, str]:
    """Find the part of the day before a time: where it begins, and which it is, or nothing."""
    if text[at - 1 : at] == " ":
        at -= 1
    place = at - 1 if at > 1 and text[at - 1] in "约近" else at
    if place and text[place - 1] in _LAST_OF_PART:
        for start in (max(0, place - 2), place - 1):
            if text[start:place] in _PARTS:
                return start, text[start:place]
    return at, ""


@lru_cache(maxsize=8192)
def _hour_and_minute(words: str) -> tuple[int, int | None]:
    """Read the hour and the minute of a time as it stands: 9点半."""
    match = _CLOCK.fullmatch(words)
    return (number(match["hour"]), _minute(match)) if match else (-1, None)


def _minute(match: re.Match[str]) -> int | None:
    if match["half"]:
        return 30
    if match["quarters"]:
        return 15 * number(match["quarters"])
    if match["sharp"]:
        return 0
    stated = match["colon"] or match["minute"] or match["digits"]
    return number(stated) if stated else None


def _certainty(match: re.Match[str], preceded: bool) -> bool | None:
    """Tell how certain a time without a part of the day is: it has minutes, follows a date or 于, or goes on.

    Args:
        match: Of ``_CLOCK``.
        preceded: Whether a date or preposition stands before it.

    Returns:
        False where it may be one, None where it is none.
    """
    if match["colon"]:
        return preceded or _AFTER.match(match.string, match.end()) is not None
    if match["minute"] or match["half"] or match["quarters"] or match["sharp"] or match["loose"]:
        return True
    return _bare_hour(match, preceded)


def _bare_hour(match: re.Match[str], preceded: bool) -> bool | None:
    """Tell how certain 9点 or 18时 is: 3点建议 and 涨10点 are no times."""
    text, end, hour = match.string, match.end(), match["hour"]
    word = text[max(0, match.start() - 2) : match.start()].strip()
    if text[end : end + 1] in _NO_TIME or (word and word.isascii() and not preceded):
        return None
    if hour in {"零", "〇"}:
        return None if text[end : end + 1] in _FRACTION else True
    if match["word"] == "时":
        return preceded if hour.isascii() or len(hour) > 1 else None
    told = _ROUGHLY.match(text, end) or (preceded and hour != "一" and _AFTER.match(text, end))
    return False if told else None


def _in_part(hour: int, part: str) -> int:
    """Give the hour of 24 of an hour in a part of the day."""
    if hour > 12:
        return hour
    if part in _MORNING:
        return 0 if hour == 12 and part == "凌晨" else hour
    if part in _NOON:
        return hour + 12 if hour < 5 else hour
    if part in _AFTERNOON:
        return hour % 12 + 12
    if hour == 12:
        return 0
    return hour + 12 if hour >= 5 else hour


def named(page: Page, at: int) -> int:
    """Read 正午, which is certain, 午夜, and 中午 and 半夜, which are vague."""
    word = page.text[at : at + 2]
    if word in _NOON:
        page.found.append(Moment(at, at + 2, hour=12, checkable=word == "正午"))
    elif word in _MIDNIGHT:
        page.found.append(Moment(at, at + 2, hour=0, relative=(MIDNIGHT, 0), checkable=word != "半夜"))
    return at + 2
