"""Dates and times in English text."""

import re
from collections.abc import Callable

from tercet.facts.dates.days import numeric
from tercet.facts.dates.english_days import day_first, month_first, nth
from tercet.facts.dates.english_periods import centuries, named_decades, periods, short_period
from tercet.facts.dates.english_relative import ago, named_day, relative
from tercet.facts.dates.english_times import clock, spoken
from tercet.facts.dates.english_weekdays import weekday
from tercet.facts.dates.english_words import DAY, JOIN, MONTH
from tercet.facts.dates.english_years import apostrophe, tens, year
from tercet.facts.dates.page import Page

_HALF = r"[ \u00a0\u202f]?[ap]\.? ?m\b"
_MINUTES = "(?:[:.][0-5][0-9])?"
# What may begin a date. Each way begins with a set of characters, by which most words are passed over at once, and
# ends in an empty group that tells which way it was.
_NUMBERS = (
    r"[0-9](?:(?<=[12])[0-9]{3}(?![0-9]|[.,][0-9])(?P<year>)"
    r"|[0-9]?+(?=[\u00a0\u202f :/.,snrtapAPQH–—-])(?:"
    r"[/.-][0-3]?[0-9][/.-](?:1[0-9]|20)[0-9]{2}(?P<slashed>)"
    rf"|(?:st|nd|rd|th)?+(?:(?:, ?{DAY}){{0,6}}{JOIN}{DAY})?(?:,? of)? {MONTH}(?P<days>)"
    r"|(?:st|nd|rd|th)\b(?P<nth>)"
    r"|:[0-5][0-9](?![0-9:])(?P<clock>)"
    rf"|{_MINUTES}(?:(?: ?[-–—] ?| (?:to|and|until) )[0-9]{{1,2}}{_MINUTES})?{_HALF}(?P<half>)"
    r"| o[’']clock(?P<clock__full>)"
    r"|s\b(?<=0s)(?P<tens>)"
    r"|[QH](?![A-Za-z0-9])(?P<turned>)))"
)
_MONTHS = (
    r"[JFMASOND](?:an(?:uary)?|une?|uly?|eb(?:ruary)?|ar(?:ch)?|ay|pr(?:il)?|ug(?:ust)?|ept?(?:ember)?|ct(?:ober)?"
    r"|ov(?:ember)?|ec(?:ember)?)\b(?P<month>)"
)
_WAYS = (
    _NUMBERS,
    r"[MTWFS](?:on|ues|ednes|hurs|ri|atur|un)days?\b(?P<weekday>)",
    r"[MTWFS](?:on|ues?|ed|hu(?:rs?)?|ri|at|un)(?=[.,]{1,2} [0-9JFMASOND])(?P<shortened>)",
    _MONTHS,
    r"[LlNn](?:a|ex)s?t(?= [a-zA-Z])(?P<relative>)",
    r"[Tt](?:his(?= [a-zA-Z])(?P<this>)|o(?:morrow|day|night)\b(?P<named>))",
    r"[Yy]esterday\b(?P<yesterday>)",
    r"[QH][1-4](?![A-Za-z0-9])(?P<period>)",
    r"['’][0-9]{2}(?:[’']?s)?\b(?P<apostrophe>)",
)
_BODY = f"(?=[0-9JFMASONDTWLlNntYyQH'’])(?:{'|'.join(_WAYS)})"
# A date begins a text or stands behind one of these; spaces are listed, since a class such as \s is searched slower.
_GAP = r"""[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000(\["'“‘’*_—–/-]"""
_READERS: dict[str | None, Callable[[Page, int], int]] = {
    "year": year,
    "slashed": numeric,
    "days": day_first,
    "nth": nth,
    "clock": clock,
    "half": clock,
    "clock__full": clock,
    "tens": tens,
    "turned": short_period,
    "month": month_first,
    "weekday": weekday,
    "shortened": weekday,
    "relative": relative,
    "this": relative,
    "named": named_day,
    "yesterday": named_day,
    "period": short_period,
    "apostrophe": apostrophe,
}


def _patterns(flags: int = 0) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(_BODY, flags), re.compile(_GAP + _BODY, flags)


_FIRST, _NEXT = _patterns()
_FIRST_LOWERED, _NEXT_LOWERED = _patterns(re.IGNORECASE)


def read(page: Page) -> None:
    """Find the moments of an English text, in no order; some may lie within others.

    In a text without capitals, months and weekdays are read in lower case.
    """
    text = page.text
    first, later = (_FIRST_LOWERED, _NEXT_LOWERED) if text.islower() else (_FIRST, _NEXT)
    end = 0
    if match := first.match(text):
        end = _READERS[match.lastgroup](page, 0)
    while match := later.search(text, end):
        at = match.start() + 1
        end = max(at, _READERS[match.lastgroup](page, at))
    periods(page)
    centuries(page)
    named_decades(page)
    spoken(page)
    ago(page)
