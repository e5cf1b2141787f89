"""Times of day in English text: 9:30 a.m., 21:45, 9-11 p.m., 9 o'clock, noon, midnight."""

import re

from tercet.facts.dates.english_words import NUMBERS, number, word_set
from tercet.facts.dates.page import Page
from tercet.facts.dates.resolving import HALF_DAY, MIDNIGHT
from tercet.facts.records import Moment

_SPACE = "[ \u00a0\u202f]"
_HALF = r"(?P<half>[apAP])\.? ?[mM]\b\.?"
_CLOCK = re.compile(rf"(?P<hour>[0-2]?[0-9])(?:[:.](?P<minute>[0-5][0-9]))?(?:{_SPACE}?{_HALF}|(?P<full> o[’']clock))?")
_RANGE = re.compile(
    r"(?P<hour>1[0-2]|[1-9])(?: ?[-–—] ?| (?:to|and|until) )(?P<hour2>1[0-2]|[1-9])(?:[:.](?P<minute>[0-5][0-9]))?"
    rf"{_SPACE}?{_HALF}"
)
_PART = re.compile(
    r",? (?:(?:in|on) the |at |(?:this|that|yesterday|tomorrow|last|the next) )?(morning|afternoon|evening|night)\b"
)
# Before these, numbers such as 9:30 are times, and neither scores nor ratios.
_AT = word_set("at by until till from since before after between around about to and past approximately")
# A race is run in 2:05 hours.
_LASTING = re.compile(r" (?:minutes?|mins?|hours?|seconds?|lead|win|victory|defeat|loss|draw|advantage|in favou?r)\b")
_HOURS = "|".join(word for word, hour in NUMBERS.items() if hour <= 12 and len(word) > 2)
_OCLOCK = re.compile(rf"(?<![A-Za-z])({_HOURS}) o[’']\Z", re.IGNORECASE)
_PAST = re.compile(rf" past ({_HOURS}|1[0-2]|[1-9])(?![0-9A-Za-z:.-])", re.IGNORECASE)
_ENDS = frozenset("0123456789-–—")
_OPEN = (HALF_DAY, 0)


def clock(page: Page, at: int) -> int:
    """Read a time in digits, or two with one a.m. or p.m.; without it, 9:30 may be either."""
    text = page.text
    if both := _RANGE.match(text, at):
        return _both_ends(page, both)
    match = _CLOCK.match(text, at)
    if match is None:
        return at
    end, hour, half = match.end(), int(match["hour"]), match["half"]
    minute = int(match["minute"]) if match["minute"] else None
    if hour > 24 or (hour == 24 and minute) or _LASTING.match(text, end):
        return end
    if half:
        page.found.append(Moment(at, end, hour=_of_day(hour, half), minute=minute))
    elif part := _PART.match(text, end):
        end = part.end()
        page.found.append(Moment(at, end, hour=_in_part(hour, part[1]), minute=minute))
    else:
        # An hour of one digit may be in the morning or the evening; 09:30 and 21:30 are what they say.
        relative = _OPEN if 1 <= hour <= 12 and text[at] != "0" else None
        checkable = bool(match["full"]) or _after_at(page, at)
        page.found.append(Moment(at, end, hour=hour, minute=minute, relative=relative, checkable=checkable))
    return end


def _after_at(page: Page, at: int) -> bool:
    """Tell whether a preposition of time, a date or another time stands before a place."""
    before = page.before(at, 16).rstrip(" ,")
    return before[-1:] in _ENDS or before.rpartition(" ")[2].lower() in _AT


def _both_ends(page: Page, match: re.Match[str]) -> int:
    """The first hour of "9-11 a.m." shares the half of the second, that of "11-1 p.m." does not."""
    first, second = int(match["hour"]), _of_day(int(match["hour2"]), match["half"])
    shared = _of_day(first, match["half"])
    minute = int(match["minute"]) if match["minute"] else None
    page.found.append(Moment(*match.span("hour"), hour=shared if shared < second else first % 12))
    page.found.append(Moment(match.start("hour2"), match.end(), hour=second, minute=minute))
    return match.end()


def _of_day(hour: int, half: str) -> int:
    """Give the hour of 24: 12 a.m. is 0, 12 p.m. is 12."""
    return hour if hour > 12 else hour % 12 + (12 if half in "pP" else 0)


def _in_part(hour: int, part: str) -> int:
    if hour > 12:
        return hour
    late = part in {"afternoon", "evening"} or (part == "night" and 5 < hour < 12)
    return hour % 12 + (12 if late else 0)


def past(page: Page, at: int, end: int) -> None:
    """Add "half past eight" or "quarter past 9".

    Args:
        page: The page.
        at: Where "half" or "quarter" begins.
        end: Where it ends.
    """
    if match := _PAST.match(page.text, end):
        minute = 30 if page.text.startswith("half", at) else 15
        page.found.append(Moment(at, match.end(), hour=number(match[1]), minute=minute, relative=_OPEN))


def spoken(page: Page) -> None:
    """Add "nine o'clock", "noon" and "midnight"."""
    text = page.text
    for at in page.places("clock"):
        if match := _OCLOCK.search(text, max(0, at - 9), at):
            page.found.append(Moment(match.start(), at + 5, hour=number(match[1]), relative=_OPEN))
    for at in page.places("noon"):
        if not text[at - 1 : at].isalpha():
            page.found.append(Moment(at, at + 4, hour=12, checkable=_after_at(page, at)))
    for at in page.places("idnight"):
        if text[at - 1 : at] in {"m", "M"}:
            checkable = _after_at(page, at - 1)
            page.found.append(Moment(at - 1, at + 7, hour=0, relative=(MIDNIGHT, 0), checkable=checkable))
