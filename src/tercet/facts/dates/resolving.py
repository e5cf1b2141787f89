"""Relative dates against the date of the article: last year, 上月, on Thursday, 22 January of no year."""

import datetime as dt
from functools import lru_cache

# Marks in Moment.relative of fields that were not stated but guessed from the article's date: a weekday's date, the
# year of a month and day; and of what stays open: the half of the day of 9:30, which midnight a date's midnight is.
BY_WEEKDAY = "weekday"
BY_DATE = "date"
HALF_DAY = "half-day"
MIDNIGHT = "midnight"
MARKS = frozenset((BY_WEEKDAY, BY_DATE, HALF_DAY, MIDNIGHT))

Relative = tuple[str, int]
Day = tuple[int | None, int | None, int | None]
Article = dt.date | None

_YEAR = 366  # days; what lies farther is not meant without its year
_OPEN: Day = (None, None, None)


@lru_cache(maxsize=4096)
def resolve(relative: Relative, date: Article) -> Day:
    """Say which year, month and day relative words mean, as far as they are that exact.

    A year has no month, a month no day, and a week nothing: last week is no day. ``years`` and ``months`` are so many
    years or months ago, and only roughly so far back.

    >>> resolve(("month", -1), dt.date(2026, 1, 22))
    (2025, 12, None)
    >>> resolve(("day", -1), None)
    (None, None, None)
    """
    unit, offset = relative
    if date is None:
        return _OPEN
    if unit in {"year", "years"}:
        year = date.year + offset
        return (year, None, None) if year > 0 else _OPEN
    if unit in {"month", "months"}:
        months = date.year * 12 + date.month - 1 + offset
        return months // 12, months % 12 + 1, None
    if unit == "day":
        found = _shift(date, offset)
        return (found.year, found.month, found.day) if found else _OPEN
    return _OPEN


@lru_cache(maxsize=4096)
def resolve_quarter(offset: int, date: Article) -> tuple[int | None, int | None]:
    """Say the year and quarter of this one (0), the last one (-1) or the next (1)."""
    if date is None:
        return None, None
    quarters = date.year * 4 + (date.month - 1) // 3 + offset
    return quarters // 4, quarters % 4 + 1


@lru_cache(maxsize=4096)
def weekday_of_week(weekday: int, weeks: int, date: Article) -> Day:
    """Say the date of a weekday in the week of the article (0), the one before (-1) or after (1); Monday is first."""
    found = _shift(date, weekday - date.weekday() + 7 * weeks) if date else None
    return (found.year, found.month, found.day) if found else _OPEN


@lru_cache(maxsize=4096)
def latest_weekday(weekday: int, date: Article) -> tuple[Day, Relative | None]:
    """Guess that a bare weekday is the latest one up to the article's day, as news means it.

    Returns:
        The date, and the mark of a guess with the days from the article's date (0 to -6).
    """
    if date is None:
        return _OPEN, None
    offset = (weekday - date.weekday() - 7) % -7
    found = _shift(date, offset)
    return ((found.year, found.month, found.day), (BY_WEEKDAY, offset)) if found else (_OPEN, None)


@lru_cache(maxsize=4096)
def nearest_year(month: int, day: int, weekday: int | None, date: Article) -> tuple[int | None, Relative | None]:
    """Guess the year of a month and day: the one that brings it nearest to the article's date.

    Args:
        month: 1 to 12.
        day: 1 to 31.
        weekday: Stated with it, or None; only a year in which it is right is guessed.
        date: The article's date.

    Returns:
        The year, and the mark of a guess with the days from the article's date; None twice where no near year fits.
    """
    if date is None:
        return None, None
    offsets = [
        (abs(offset), offset, year)
        for year in (date.year - 1, date.year, date.year + 1)
        if (offset := _distance(year, month, day, weekday, date)) is not None
    ]
    if not offsets:
        return None, None
    _, offset, year = min(offsets)
    return year, (BY_DATE, offset)


def _distance(year: int, month: int, day: int, weekday: int | None, date: dt.date) -> int | None:
    found = calendar_day(year, month, day)
    if found is None or weekday not in {None, found.weekday()}:
        return None
    offset = (found - date).days
    return offset if abs(offset) <= _YEAR else None


@lru_cache(maxsize=8192)
def calendar_day(year: int, month: int, day: int) -> dt.date | None:
    """Give a date, or None where the calendar has no such day."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def full_year(short: int) -> int:
    """Read a year of two digits as one from 1930 to 2029."""
    return short + (2000 if short < 30 else 1900)


def _shift(date: dt.date, days: int) -> dt.date | None:
    try:
        return date + dt.timedelta(days=days)
    except OverflowError:
        return None
