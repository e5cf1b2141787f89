"""Relative dates in English text: yesterday, last year, this March, two years ago."""

import re

from tercet.facts.dates.english_weekdays import relative_weekday
from tercet.facts.dates.english_words import MONTH, MONTH_OF, NUMBER, STEPS, WEEKDAY, WEEKDAY_OF, number, word_set
from tercet.facts.dates.page import Page
from tercet.facts.dates.resolving import Relative, resolve, resolve_quarter
from tercet.facts.records import Moment

_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_PARTS = word_set("morning afternoon evening night")
_SEASONS = word_set("spring summer autumn fall winter")
_NAMED_DAY = re.compile("yesterday|today|tonight|tomorrow", re.IGNORECASE)
_RELATIVE = re.compile(
    r"(?P<which>[A-Za-z]{4}) (?:"
    r"(?P<unit>year|month|week|quarter|night|morning|afternoon|evening|spring|summer|autumn|fall|winter)\b"
    rf"|(?P<month>{MONTH})|(?P<weekday>{WEEKDAY}))"
)
# "Over the last year" is a span of time, and no year.
_THE = re.compile(r"\b(?:the|each|every|his|her|their|its|my|our) \Z", re.IGNORECASE)
_AGO = re.compile(rf"(?<![\w.,-])({NUMBER}) (day|week|month|year|decade|centur)(?:s|y|ies)? \Z", re.IGNORECASE)
# "More than two years ago" and "from a year ago" are too loose for evidence.
_HEDGED = re.compile(
    r"\b(?:about|around|roughly|nearly|almost|some|over|than|least|half|a|under|and|from|with|on) \Z", re.IGNORECASE
)
_UNITS = {"day": ("day", 1), "week": ("week", 1), "month": ("months", 1)}
_UNITS |= {"year": ("years", 1), "decade": ("years", 10), "centur": ("years", 100)}


def named_day(page: Page, at: int) -> int:
    """Read "yesterday"; "today" and "tonight" are no evidence, since today is often these days."""
    match = _NAMED_DAY.match(page.text, at)
    if match is None:
        return at
    relative = ("day", _DAYS[match[0].lower()])
    checkable = relative[1] != 0
    page.found.append(Moment(at, match.end(), *resolve(relative, page.date), relative=relative, checkable=checkable))
    return match.end()


def relative(page: Page, at: int) -> int:
    """Read "last year", "this March" or "next Friday"."""
    match = _RELATIVE.match(page.text, at)
    if match is None or match["which"].lower() not in STEPS:
        return at
    end, step = match.end(), STEPS[match["which"].lower()]
    unit, month, weekday = match.group("unit", "month", "weekday")
    if weekday:
        relative_weekday(page, at, end, WEEKDAY_OF[weekday[:3]], step)
    elif month:
        if month not in {"may", "march"}:
            year: Relative | None = ("year", 0) if step == 0 else None
            resolved = resolve(year, page.date)[0] if year else None
            page.found.append(Moment(at, end, resolved, MONTH_OF[month[:3]], relative=year))
    elif not _THE.search(page.text, max(0, at - 6), at):
        _unit(page, at, end, unit, step)
    return end


def _unit(page: Page, start: int, end: int, unit: str, step: int) -> None:
    """Add last year or this morning; what is as vague as this week is no evidence.

    Args:
        page: The page.
        start: Where the words begin.
        end: Where they end.
        unit: Of what it is the last, this or next.
        step: -1, 0 or 1.
    """
    relative, checkable = (unit, step), step != 0
    year = month = day = quarter = None
    if unit in _PARTS:
        relative = ("day", step)
    elif unit in _SEASONS:
        relative, checkable = ("year", step), False
    if unit == "quarter":
        year, quarter = resolve_quarter(step, page.date)
    else:
        year, month, day = resolve(relative, page.date)
    if unit in {"year", "month"}:
        checkable = step != 0 or page.date is not None
    elif unit == "week":
        checkable = False
    page.found.append(Moment(start, end, year, month, day, quarter=quarter, relative=relative, checkable=checkable))


def ago(page: Page) -> None:
    """Add "two years ago": the year, month or day that lies so far back; roughly, for years and months."""
    text = page.text
    for at in page.places(" ago"):
        unit = text.rfind(" ", max(0, at - 30), at)
        match = _AGO.search(text, max(0, at - 30, text.rfind(" ", 0, unit)), at + 1) if unit > 0 else None
        if match and not text[at + 4 : at + 5].isalpha():
            name, size = _UNITS[match[2].lower()]
            back = (name, -size * number(match[1]))
            sure = _HEDGED.search(text, max(0, match.start() - 10), match.start()) is None
            page.found.append(Moment(match.start(), at + 4, *resolve(back, page.date), relative=back, checkable=sure))
