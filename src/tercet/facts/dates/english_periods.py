"""Quarters, halves, centuries and decades by name in English text: the third quarter, H1, the 19th century."""

import re

from tercet.facts.dates.english_times import past
from tercet.facts.dates.english_words import DECADES, ORDINAL, STEPS, YEAR, ordinal, word_list
from tercet.facts.dates.page import Page
from tercet.facts.dates.resolving import resolve
from tercet.facts.records import Moment

_PLACES = r"(?:first|second|third|fourth|fifth|1st|2nd|3rd|4th|final|latter)"
_YEARLY = "(?:fiscal |financial |calendar )?"
_BEFORE_PERIOD = re.compile(
    rf"(?<![a-z0-9-])(?:({_PLACES})(?:,? and |,? or | to |[-–]|/)(?:the )?)?({_PLACES})[ -]{_YEARLY}\Z",
    re.IGNORECASE,
)
# The last words before a period that has a place.
_ENDINGS = word_list("first second third fourth fifth 1st 2nd 3rd 4th final latter fiscal financial calendar two three")
_FIRST_OF_SEVERAL = re.compile(r"\bfirst (two|three) \Z", re.IGNORECASE)
_OF_YEAR = re.compile(rf"s?(?:,? (?:of |in )?(?:the )?{_YEARLY}(?:year )?(?:({YEAR})|(this|last|next) year\b|year\b))?")
_NO_PERIOD = re.compile(r"-(?!year)|(?!s\b)[a-z]|s?[- ](?:finals?|century|miles?|hours?|time|back)\b")
# "The first half of the match" is no half of a year.
_OF_ELSE = re.compile(rf"s? of (?:(?:a|an|its|their|his|her) |the (?!{_YEARLY}(?:year|1[0-9]|20)))")
_NUMBERS = {
    word: n
    for n, words in enumerate(("first 1st", "second 2nd two", "third 3rd three", "fourth 4th"), 1)
    for word in words.split()
}
_BEFORE_CENTURY = re.compile(
    rf"(?<![a-z0-9-])(?:({ORDINAL})(?:(?:,? and|,? or| to)(?: the)?|[-–])[ ]?)?"
    rf"(?:(?:early|late|mid)[ -])?({ORDINAL})[ -]\Z",
    re.IGNORECASE,
)
_CENTURY = re.compile(r"(?:y|ies)( (?:BC|BCE|B\.C\.))?\b")
_THIS_CENTURY = {"this": 21, "last": 20}
_THIS_OR_LAST = re.compile(r"\b(this|last) \Z", re.IGNORECASE)
_NAMED_DECADE = re.compile(r"(?<![a-z])(?:twen|thir|for|fif|six|seven|eigh|nine)\Z", re.IGNORECASE)
_BEFORE_TIES = frozenset("nrfxhe")
_THE = re.compile(r"\b(?:the|a|early|late|mid|roaring)[ -]\Z", re.IGNORECASE)
_SHORT = re.compile(r"([QH])?([1-4])([QH])?")


def periods(page: Page) -> None:
    """Add "the third quarter of 2025", "first-half profits" and "first and second quarters of last year"."""
    text = page.text
    for part, letter, last in (("quarter", "q", 4), ("half", "half", 2)):
        for at in page.places(letter):  # one rare letter is found faster than a word
            if not text.startswith(part, at):
                continue
            if text.startswith(" past ", at + len(part)):
                past(page, at, at + len(part))
            if not text[max(0, at - 10) : at - 1].lower().endswith(_ENDINGS):
                continue
            before = _BEFORE_PERIOD.search(text, max(0, at - 40), at)
            if before and not _NO_PERIOD.match(text, at + len(part)):
                _period(page, before, at + len(part), last)
            elif last == 4 and (several := _FIRST_OF_SEVERAL.search(text, max(0, at - 12), at)):
                number = _NUMBERS[several[1].lower()]
                _with_year(page, several.start(), at + len(part), (number, None), checkable=False)


def _period(page: Page, before: re.Match[str], end: int, last: int) -> None:
    checkable = _OF_ELSE.match(page.text, end) is None
    first, second = (_NUMBERS.get(word.lower(), last) if word else 0 for word in before.groups())
    if first and first <= last:
        quarter, half = _part(first, last)
        page.found.append(Moment(*before.span(1), quarter=quarter, half=half, checkable=checkable))
    if second <= last and before[2].lower() != "fifth":
        _with_year(page, before.start(2), end, _part(second, last), checkable)


def _part(number: int, last: int) -> tuple[int | None, int | None]:
    return (number, None) if last == 4 else (None, number)


def short_period(page: Page, at: int) -> int:
    """Read "Q4 2025", "H1" or "3Q"."""
    match = _SHORT.match(page.text, at)
    if match is None:
        return at
    letter, number = match[1] or match[3], int(match[2])
    if letter == "H" and number > 2:
        return match.end()
    return _with_year(page, at, match.end(), _part(number, 4 if letter == "Q" else 2))


def _with_year(page: Page, start: int, end: int, part: tuple[int | None, int | None], checkable: bool = True) -> int:
    """Add a quarter or half with the year behind it.

    Args:
        page: The page.
        start: Where its words begin.
        end: Where they end.
        part: Quarter and half, one of them None.
        checkable: Whether it is evidence.
    """
    match = _OF_YEAR.match(page.text, end)
    year = relative = None
    if match:
        end = match.end()
        if match[1]:
            year = int(match[1])
        elif match[2]:
            relative = ("year", STEPS[match[2]])
            year = resolve(relative, page.date)[0]
    quarter, half = part
    page.found.append(Moment(start, end, year, quarter=quarter, half=half, relative=relative, checkable=checkable))
    return end


def centuries(page: Page) -> None:
    """Add "the 19th century", "18th and nineteenth centuries", "5th century BC" (which is -5) and "this century"."""
    for at in page.places("centur"):
        match = _CENTURY.match(page.text, at + 6)
        if match is None:
            continue
        before = _BEFORE_CENTURY.search(page.text, max(0, at - 48), at)
        if before:
            sign = -1 if match[1] else 1
            if before[1]:
                page.found.append(Moment(*before.span(1), century=sign * ordinal(before[1])))
            page.found.append(Moment(before.start(2), match.end(), century=sign * ordinal(before[2])))
        elif named := _THIS_OR_LAST.search(page.text, max(0, at - 5), at):
            century = _THIS_CENTURY[named[1].lower()]
            page.found.append(Moment(named.start(), match.end(), century=century, checkable=False))


def named_decades(page: Page) -> None:
    """Add "the twenties" and "the late nineties"."""
    text = page.text
    for at in page.places("ties"):
        if text[at - 1 : at] not in _BEFORE_TIES:  # cities
            continue
        match = _NAMED_DECADE.search(text, max(0, at - 6), at)
        if match and _THE.search(text, max(0, match.start() - 8), match.start()):
            start = match.start()
            page.found.append(Moment(start, at + 4, decade=DECADES[text[start : at + 4].lower()]))
