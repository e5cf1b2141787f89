"""Weekdays in English text: on Thursday, Thursday, 22 January 2026, Mon., June 3, next Friday."""

import re

from tercet.facts.dates.english_days import day_first, month_first
from tercet.facts.dates.english_words import STEPS, WEEKDAY_OF
from tercet.facts.dates.page import Page
from tercet.facts.dates.resolving import BY_WEEKDAY, latest_weekday, resolve, weekday_of_week
from tercet.facts.records import Moment

_WEEKDAY = re.compile(r"(?P<name>[A-Za-z]{3})[a-z]*")
# What makes of a weekday a date, or something else: newspapers and shows have weekdays in their names.
_BEHIND = re.compile(
    r"(?P<date>[.,]{0,2} ?\(?(?:the |on )?(?=[0-9JFMASOND]))|,? (?:of )?(?P<which>last|this|next) week\b"
)
_TITLE = re.compile(r" (?:Times|Telegraph|Mirror|Express|Mail|Herald|Post|Star|People|Sun|Night Live|Night Football)\b")
_NAMED = ("Black ", "Good ", "Ash ", "Super ", "Cyber ", "Bloody ", "Easter ", "Palm ", "Holy ", "Ruby ", "Giving ")
_LONGEST_SHORT = 5


def weekday(page: Page, at: int) -> int:
    """Read "Thursday", "Thursday, 22 January 2026", "Mon., June 3" or "Thursday last week"."""
    text = page.text
    match = _WEEKDAY.match(text, at)
    if match is None or match["name"] not in WEEKDAY_OF:
        return at
    end, number = match.end(), WEEKDAY_OF[match["name"]]
    behind = _BEHIND.match(text, end)
    if behind and behind["which"]:
        weeks = STEPS[behind["which"]]
        day = weekday_of_week(number, weeks, page.date)
        page.found.append(Moment(at, behind.end(), *day, number, relative=("week", weeks)))
        return behind.end()
    if behind:
        place = behind.end()
        after = (day_first if text[place].isdecimal() else month_first)(page, place, number, at)
        if after > place:
            return after
    if end - at <= _LONGEST_SHORT or (text[end : end + 1] == " " and _TITLE.match(text, end)):
        return end
    if text.endswith(_NAMED, max(0, at - 7), at):
        page.found.append(Moment(at, end, weekday=number, checkable=False))
    elif text[end - 1] == "s":
        page.found.append(Moment(at, end, weekday=number))
    else:
        day, relative = latest_weekday(number, page.date)
        page.found.append(Moment(at, end, *day, number, relative=relative))
    return end


def relative_weekday(page: Page, start: int, end: int, number: int, step: int) -> None:
    """Add "last Thursday" or "next Thursday"; its date is a guess, since people mean different ones.

    Args:
        page: The page.
        start: Where the words begin.
        end: Where they end.
        number: The weekday.
        step: -1, 0 or 1 for last, this and next.
    """
    if page.date is None:
        page.found.append(Moment(start, end, weekday=number))
        return
    offset = number - page.date.weekday() + 7 * max(step, 0)
    offset -= 7 if step < 0 <= offset else 0
    day = resolve(("day", offset), page.date)
    page.found.append(Moment(start, end, *day, number, relative=(BY_WEEKDAY, offset)))
