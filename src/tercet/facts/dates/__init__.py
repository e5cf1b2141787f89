"""Dates and times of Chinese and English texts in one form."""

import datetime as dt
import re
from operator import itemgetter

from tercet.facts.dates import chinese, english
from tercet.facts.dates.comparing import agree, differs, supported
from tercet.facts.dates.page import Page
from tercet.facts.records import Moment

__all__ = ["agree", "differs", "moments", "supported"]

_START = itemgetter(0)
_MIDNIGHTS = frozenset((0, 24))
# What may stand between a date and its midnight: midnight on Tuesday, 25日24时, 24:00, July 25.
_BETWEEN = re.compile(r"[\s,，的(（]*(?:(?:on|of|at) (?:the )?)?")


def moments(text: str, language: str, date: dt.date | None = None) -> list[Moment]:
    """Find the dates and times that a text states, in the order of the text.

    A list or range gives one moment an item (3 to 5 June: 3 June and 5 June). A day and its hour are two moments,
    but for midnight, which may be another day's. Eras, lunar dates, holidays and durations are left alone.

    Relative words (last year, 上月) keep ``relative`` when the article's date resolves them, so that they still agree
    with the same words of a text that is not resolved. ``relative`` also marks what was guessed, not stated:
    ``("weekday", days)`` where a bare weekday got the latest date up to the article's, so many days from it;
    ``("date", days)`` where a month and day got the year that brings them nearest to the article's date;
    ``("half-day", 0)`` where 9:30 may be in the morning or evening; ``("midnight", 0)`` where it is not said which
    end of its day a midnight is. Units of real relative words are ``year``, ``month``, ``week``, ``day``,
    ``quarter``, and ``years`` and ``months`` for so many years or months ago, which are roughly so far back.

    Args:
        text: Any text.
        language: ``zh`` or ``en``.
        date: The article's date, by which relative words are resolved; None where it is not known.

    >>> [moment[:5] for moment in moments("On 22 January 2026", "en")]
    [(3, 18, 2026, 1, 22)]
    >>> [moment.year for moment in moments("去年9月", "zh", dt.date(2026, 1, 22))]
    [2025]
    """
    page = Page(text, date)
    (chinese if language == "zh" else english).read(page)
    page.found.sort(key=_START)
    found, timed = _outermost(page.found)
    return _with_midnights(text, found) if timed else found


def _outermost(found: list[Moment]) -> tuple[list[Moment], bool]:
    """Leave out what lies within another moment; and tell whether there is a midnight."""
    kept: list[Moment] = []
    end = 0
    timed = False
    for moment in found:
        if moment.start >= end:
            kept.append(moment)
        elif moment.end > end and moment.start == kept[-1].start:
            kept[-1] = moment
        else:
            continue
        end = moment.end
        timed = timed or moment.hour in _MIDNIGHTS
    return kept, timed


def _with_midnights(text: str, found: list[Moment]) -> list[Moment]:
    """Put a midnight and its date together: 24:00 on the 25th is 0:00 on the 26th."""
    joined: list[Moment] = []
    for moment in found:
        last = joined[-1] if joined else None
        if last and _is_midnight(last) != _is_midnight(moment) and _BETWEEN.fullmatch(text, last.end, moment.start):
            time, day = (last, moment) if _is_midnight(last) else (moment, last)
            if day.hour is None and (day.day or day.weekday is not None):
                joined[-1] = _join(last, moment, day, time)
                continue
        joined.append(moment)
    return joined


def _is_midnight(moment: Moment) -> bool:
    return moment.hour in _MIDNIGHTS and not moment.minute and moment.day is None and moment.weekday is None


def _join(first: Moment, second: Moment, day: Moment, time: Moment) -> Moment:
    relative = time.relative or day.relative
    if time.relative and day.relative:  # there is room for one mark: what was only guessed is left out
        day = day._replace(year=None)
        if day.weekday is not None:
            day = day._replace(month=None, day=None)
    return day._replace(start=first.start, end=second.end, hour=time.hour, minute=time.minute, relative=relative)
