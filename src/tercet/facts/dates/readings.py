"""What a moment may mean, with all that follows from what it states."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tercet.facts.dates.resolving import BY_DATE, BY_WEEKDAY, HALF_DAY, MARKS, MIDNIGHT, calendar_day
from tercet.facts.records import Moment

Value = int | None
Fields = tuple[Value, ...]

NAMES = ("year", "month", "day", "weekday", "quarter", "half", "decade", "century", "hour", "minute")
YEAR, MONTH, DAY, WEEKDAY, QUARTER, HALF, DECADE, CENTURY, HOUR, MINUTE = range(10)
# A leap year and the one before it: a day after 28 February of no year is the 29th or the 1st.
_ANY_YEARS = (2023, 2024)
_HOURS_OF_HALF = 12
# Units of "three years ago": next to them lies as good a year.
_ROUGH = {"years": "year", "months": "month"}
_LONGEST_SHORT_DECADE = 99
STATE = slice(2, 13)  # what ``state`` gives of a moment, where a call would cost more than what it does


class Reading(NamedTuple):
    """One way to take a moment.

    Args:
        stated: The fields that the text states in this reading, in the order of ``NAMES``.
        known: These, and those that follow from them.
    """

    stated: Fields
    known: Fields


def state(moment: Moment) -> tuple[object, ...]:
    """Give what a moment states, without its place in the text."""
    return moment[2:13]


@lru_cache(maxsize=8192)
def readings(stated: tuple[object, ...]) -> tuple[Reading, ...]:
    """List the ways to take a moment, the plainest first.

    A weekday whose date was guessed is that weekday, or its date a week before or after too; a month and day whose
    year was guessed may have it or not; 9:30 is in the morning or the evening; 24:00 is 0:00 of the next day.

    Args:
        stated: What ``state`` gives.
    """
    fields: Fields = stated[:10]  # type: ignore[assignment]
    mark = stated[10][0] if isinstance(stated[10], tuple) else ""
    variants = dict.fromkeys(_variants(fields, mark)) or (fields,)
    return tuple(Reading(each, complete(each)) for each in variants)


def _variants(fields: Fields, mark: str) -> Iterator[Fields]:
    for day in _days(fields, mark):
        if fields[HOUR] == 24 or mark == MIDNIGHT:
            yield from _midnights(day, mark == MIDNIGHT)
        elif mark == HALF_DAY:
            hour = (fields[HOUR] or 0) % _HOURS_OF_HALF
            yield (*day[:HOUR], hour, fields[MINUTE])
            yield (*day[:HOUR], hour + _HOURS_OF_HALF, fields[MINUTE])
        else:
            yield day


def _days(fields: Fields, mark: str) -> Iterator[Fields]:
    """Take what was guessed as not stated, and then as it was guessed."""
    if mark == BY_WEEKDAY:
        yield (None, None, None, *fields[WEEKDAY:])
        for days in (0, -7, 7):
            yield _moved(fields, days) or fields
    elif mark == BY_DATE:
        yield (None, *fields[MONTH:])
        yield fields
    else:
        yield fields
        if mark in _ROUGH and fields[YEAR] is not None:
            yield from (_roughly(fields, mark, step) for step in (-1, 1))


def _midnights(fields: Fields, either: bool) -> Iterator[Fields]:
    """Take 24:00 as 0:00 of the next day, and a midnight of a day as either."""
    first = (*fields[:HOUR], 0, 0)
    if either or fields[DAY] is None:
        yield first
    if fields[DAY] is not None:
        yield from filter(None, (_moved(first, 1, year) for year in _ANY_YEARS))


def _roughly(fields: Fields, unit: str, step: int) -> Fields:
    """Give a year, or a month, one earlier or later."""
    year, month = fields[YEAR] or 0, fields[MONTH]
    if unit == "years" or month is None:
        return (year + step, *fields[MONTH:])
    months = year * 12 + month - 1 + step
    return (months // 12, months % 12 + 1, *fields[DAY:])


def _moved(fields: Fields, days: int, any_year: int | None = None) -> Fields | None:
    """Move a date by some days; of one without a year or month, only what stays certain moves."""
    year, month, day = fields[:3]
    if month is None or (year is None and any_year is None):
        return (year, month, (day or 0) + days, *fields[WEEKDAY:]) if (day or 0) + days in range(1, 29) else None
    date = calendar_day(year or any_year or 0, month, day or 0)
    try:
        date = date.fromordinal(date.toordinal() + days) if date else None
    except (ValueError, OverflowError):
        date = None
    if date is None:
        return None
    weekday = fields[WEEKDAY]
    return (
        None if year is None else date.year,
        date.month,
        date.day,
        None if weekday is None else (weekday + days) % 7,
        *fields[QUARTER:],
    )


def complete(fields: Fields) -> Fields:
    """Add what follows: weekday of a full date, quarter and half of a month, decade and century of a year."""
    year, month, day, weekday, quarter, half, decade, century, hour, minute = fields
    if year is not None:
        decade = decade if decade is not None else year // 10 * 10
        if month is not None and day is not None and (date := calendar_day(year, month, day)):
            weekday = weekday if weekday is not None else date.weekday()
    if quarter is None and month is not None:
        quarter = (month + 2) // 3
    if half is None and quarter is not None:
        half = (quarter + 1) // 2
    # The year 1900 belongs to two centuries, by how people count; the 1900s do not.
    if century is None and year is not None and year % 100:
        century = year // 100 + 1
    elif century is None and decade is not None and decade > _LONGEST_SHORT_DECADE:
        century = decade // 100 + 1
    return year, month, day, weekday, quarter, half, decade, century, hour, minute


def same(field: int, one: Value, other: Value) -> bool:
    """Tell whether two values of a field are one: "the nineties" are the 1990s, and the 1890s."""
    if one == other:
        return True
    if field != DECADE or one is None or other is None:
        return False
    return min(one, other) <= _LONGEST_SHORT_DECADE and one % 100 == other % 100


def relation(moment: Moment) -> tuple[str, int] | None:
    """Give the relative words of a moment, two years ago as the year before last; marks of guesses are none."""
    relative = moment.relative
    if relative is None or relative[0] in MARKS:
        return None
    return _ROUGH.get(relative[0], relative[0]), relative[1]
