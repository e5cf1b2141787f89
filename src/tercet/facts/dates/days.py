"""Days that both languages write in digits, and the year that is guessed for those without one."""

import re

from tercet.facts.dates.page import Page
from tercet.facts.dates.resolving import Relative, calendar_day, nearest_year
from tercet.facts.records import Moment

_LEAP_YEAR = 2024
_ISO = re.compile(r"((?:1[5-9]|20)[0-9]{2})([-/.])(0?[1-9]|1[0-2])\2([0-2]?[0-9]|3[01])(?![0-9]|[-/.][0-9])")
_SLASHED = re.compile(r"([0-3]?[0-9])([/.-])([0-3]?[0-9])\2((?:1[5-9]|20)[0-9]{2})(?![0-9]|[-/.][0-9])")


def dated(
    page: Page,
    span: tuple[int, int],
    day: tuple[int | None, int | None, int],
    weekday: int | None,
    relative: Relative | None,
) -> None:
    """Add a day, if there is such a one; without a year, the one nearest to the article's date is guessed.

    Args:
        page: The page.
        span: Where it stands.
        day: Year, month and day; year and month may be open.
        weekday: Stated with it, or None.
        relative: What states its year or month in relation to the article's.
    """
    year, month, number = day
    if month is not None:
        if not 0 < number < 29 and calendar_day(year or _LEAP_YEAR, month, number) is None:
            return
        if year is None and relative is None:
            year, relative = nearest_year(month, number, weekday, page.date)
    page.found.append(Moment(*span, year, month, number, weekday, relative=relative))


def numeric(page: Page, at: int) -> int:
    """Read "2024-06-11", or "13/6/2024" as far as it is certain what is the day and what the month."""
    if iso := _ISO.match(page.text, at):
        year, month, day = int(iso[1]), int(iso[3]), int(iso[4])
        if calendar_day(year, month, day):
            page.found.append(Moment(at, iso.end(), year, month, day))
        return iso.end()
    match = _SLASHED.match(page.text, at)
    if match is None:
        return at
    one, two, year = int(match[1]), int(match[3]), int(match[4])
    month, day = (two, one) if one > 12 else (one, two)
    if calendar_day(year, month, day):
        if one == two or one > 12 or two > 12:
            page.found.append(Moment(at, match.end(), year, month, day))
        else:
            page.found.append(Moment(at, match.end(), year, checkable=False))
    return match.end()
