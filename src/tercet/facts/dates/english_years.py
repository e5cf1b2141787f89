"""Years and decades in English text: in 1985, 2019-2021, the 2020 census, the 1990s, the '80s."""

import re

from tercet.facts.dates.days import numeric
from tercet.facts.dates.english_words import word_set
from tercet.facts.dates.page import Page
from tercet.facts.dates.resolving import full_year
from tercet.facts.records import Moment

_FIRST_YEAR, _LAST_YEAR = 1500, 2100
_DECADE = re.compile(r"((?:1[0-9]|20)[0-9]0)[’']?s\b")
_QUARTER = re.compile(r"((?:19|20)[0-9]{2})[ -]?(?:Q([1-4])|([1-4])Q|H([12])|([12])H)\b")
_MONTH = re.compile(r"((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])(?![0-9-])")
_SPAN = re.compile(r"((?:1[0-9]|20)[0-9]{2}) ?[-–—/] ?((?:1[0-9]|20|21)[0-9]{2}|[0-9]{2})(?![0-9]|[.,][0-9]|[-–/])")
_AHEAD = frozenset("-–—/.s’'QH1234 ")  # what may follow a year that belongs to more
_FAR_AHEAD = frozenset("QH1234-–—/")
# The word before a number, and what stands between them.
_BEFORE = re.compile(r"([^\s(\[“‘\"]*)([\s(\[“‘\"]*)\Z")
_REACH = 16
_MONEY = ("$", "€", "£", "¥")
_CODE = (*_MONEY, "-", "–", "—", "/", "#")
_HYPHENED = frozenset(("mid-", "early-", "late-", "pre-", "post-"))
_IN = _HYPHENED | word_set(
    "in since until till during throughout circa year years early late mid before after summer spring autumn fall "
    "winter season fiscal calendar fy"
)
_PERHAPS = word_set("by of from to through for between around beyond")
_THE = word_set("the a an its their his her our my this that")
_COUNTING = word_set(
    "about over nearly than some almost roughly approximately least most only just another all total more additional "
    "every up exactly no nos. no."
)
_UNIT = re.compile(
    r"-[A-Za-z]|[A-Za-z]| ?[%°]| (?:percent|per cent|mn|bn|million|billion|trillion|thousand|hundred|dozen|people|men"
    r"|women|children|km|m|cm|mm|kg|g|ft|feet|mph|hours?|days?|weeks?|months?|years|yuan|yen|euros?|dollars?|pounds?"
    r"|rupees?|metres?|meters?|kilomet(?:er|re)s?|miles?|tons?|tonnes?|degrees?|points?|watts?|copies|words|pages|steps"
    r"|cases|units|times|more|other)\b"
)
# A noun in the plural, but for those that are told by the year: "the 2020 elections", "back to 2019 levels".
_PLURAL = re.compile(
    r" (?!(?:was|is|has|as|its|his|this|says|sees|across|versus|plus|means|marks|remains|brings|elections|results|sales"
    r"|figures|earnings|profits|revenues|estimates|protests|riots|games|finals|playoffs|rules|attacks|levels|prices)\b)"
    r"[a-z]+[^suia]s\b"
)
_VERB = re.compile(
    r" (?:was|saw|is|has|had|will|would|marked|marks|brought|began|ended|proved|remains?|could|should)\b"
)
_TENS = re.compile(r"([1-9]0)s\b")
_AGES = re.compile(r"\b(?:his|her|their|my|your|our) (?:early |late |mid-? ?)?\Z")
_MEASURED = re.compile(r"\b(?:temperatures?|degrees|highs?|lows?|scor(?:e|ed|es)|mercury)\b", re.IGNORECASE)
_THE_TENS = re.compile(r"\b(?:the|early|late|mid|and|to|or)[ -]\Z|[-–]\Z", re.IGNORECASE)
_APOSTROPHE = re.compile(r"['’]([0-9]{2})([’']?s)?\b")
_AFTER_IN = re.compile(r"\b(?:in|since|until|of|summer|class|early|late) \Z", re.IGNORECASE)


def year(page: Page, at: int) -> int:
    """Read a number of four digits that may be a year, with what belongs to it."""
    text, end = page.text, at + 4
    following = text[end : end + 1]
    if following in _AHEAD and (following != " " or text[at + 5 : at + 6] in _FAR_AHEAD):
        after = _compound(page, at)
        if after > at:
            return after
    number = int(text[at:end])
    checkable = certainty(page, at)
    if checkable is not None and 1000 <= number <= _LAST_YEAR:
        page.found.append(Moment(at, end, number, checkable=checkable))
    return end


def _compound(page: Page, at: int) -> int:
    """Read what is more than a year: 2024-06-11, 1990s, 2025 Q4, 2019-2021, 2008/09 and 2024-06."""
    text, following = page.text, page.text[at + 4]
    if following in "-/." and (after := numeric(page, at)) > at:
        return after
    if following in "s’'" and (tens_ := _DECADE.match(text, at)):
        return _decade(page, at, tens_.end(), int(tens_[1]))
    if following in "QH1234 -" and (quarter := _QUARTER.match(text, at)):
        return _quarter(page, quarter)
    if following in "-–—/ " and not (at and text[at - 1] in "-–—/"):
        return _span(page, at)
    return at


def _span(page: Page, at: int) -> int:
    """Read 2019-2021, 2008/09 or 2024-06; the short end of a span is no evidence."""
    text = page.text
    span, month = _SPAN.match(text, at), _MONTH.match(text, at)
    if span is None:
        return at
    first, second = int(span[1]), int(span[2])
    short = second < 100
    if short:
        if month and second <= first % 100:
            page.found.append(Moment(at, month.end(), first, int(month[2])))
            return month.end()
        second += first // 100 * 100 + (100 if first % 100 == 99 else 0)
    before, _ = _before(text, at)
    counted = before.lower() in _COUNTING or before.endswith(_MONEY)
    many = first % 100 == 0 == second % 100 and _PLURAL.match(text, span.end())
    if not counted and not many and _FIRST_YEAR <= first < second <= _LAST_YEAR and not _UNIT.match(text, span.end()):
        page.found.append(Moment(at, at + 4, first))
        page.found.append(Moment(span.start(2), span.end(), second, checkable=not short))
    return span.end()


def _before(text: str, at: int) -> tuple[str, str]:
    """Give the word before a place, and what stands between them."""
    word = text[max(0, at - _REACH) : at - 1].rpartition(" ")[2]
    if text[at - 1 : at] == " " and word.isalpha():
        return word, " "
    before = _BEFORE.search(text, max(0, at - _REACH), at)
    return (before[1], before[2]) if before else ("", "")


def certainty(page: Page, at: int) -> bool | None:
    """Tell whether a number of four digits stands where a year stands.

    Returns:
        True where a careful reader would take it for nothing else, False where it may be a year, None where it
        counts, measures or numbers something.
    """
    text, end = page.text, at + 4
    word, gap = _before(text, at)
    lower, number = word.lower(), int(text[at:end])
    many = number % 100 == 0
    if lower in _IN and not many and number >= _FIRST_YEAR and text[end : end + 1] != "-":
        return True
    coded = word.endswith(_CODE) and lower not in _HYPHENED
    if coded or lower in _COUNTING or word.isdecimal() or _UNIT.match(text, end):
        return None
    if lower in _IN or (number < _FIRST_YEAR and lower in {"between", "from"}):
        return True if number >= _FIRST_YEAR or not many else None
    if _PLURAL.match(text, end):
        return False if number >= _FIRST_YEAR and not many and (lower in _THE or word[:1].isupper()) else None
    last = page.found[-1] if page.found else None
    if last is not None and last.year is not None and 0 <= at - last.end <= 6:
        return last.checkable
    return None if number < _FIRST_YEAR else _by_word(page, at, word, gap)


def _by_word(page: Page, at: int, word: str, gap: str) -> bool | None:
    """Tell by the word before a number whether it is a year, where nothing behind it speaks against."""
    text, lower = page.text, word.lower()
    many = text[at + 2 : at + 4] == "00"
    if lower in _PERHAPS or lower in _THE or word.endswith(("'s", "’s", "s'", "s’")):
        return not many
    if "(" in gap:
        return text[at + 4 : at + 5] in {")", ",", ";"}
    if not word or word[-1] in ".!?:;":
        return _VERB.match(text, at + 4) is not None
    return False if word[0].isupper() or word[-1] == "," or not many else None


def _decade(page: Page, start: int, end: int, first: int) -> int:
    """The 1800s are a century; the 2000s are a decade, since only one has passed under that name."""
    if first % 100 == 0 and first < 2000:
        page.found.append(Moment(start, end, century=first // 100 + 1))
    else:
        page.found.append(Moment(start, end, decade=first))
    return end


def _quarter(page: Page, match: re.Match[str]) -> int:
    quarter, half = (int(digit) if digit else None for digit in (match[2] or match[3], match[4] or match[5]))
    page.found.append(Moment(*match.span(), int(match[1]), quarter=quarter, half=half))
    return match.end()


def tens(page: Page, at: int) -> int:
    """Read "the 80s" as a decade; "in his 80s" is an age, and a temperature may be in the 80s."""
    text, match = page.text, _TENS.match(page.text, at)
    if match is None:
        return at
    if not _AGES.search(text, max(0, at - 14), at) and not _MEASURED.search(text, max(0, at - 40), at):
        sure = _THE_TENS.search(text, max(0, at - 7), at) is not None
        page.found.append(Moment(at, match.end(), decade=int(match[1]), checkable=sure))
    return match.end()


def apostrophe(page: Page, at: int) -> int:
    """Read "the '90s" as a decade and "in ’98" as a year."""
    match = _APOSTROPHE.match(page.text, at)
    if match is None:
        return at
    digits, end = int(match[1]), match.end()
    if match[2] and digits % 10 == 0:
        page.found.append(Moment(at, end, decade=digits))
    elif not match[2] and _AFTER_IN.search(page.text, max(0, at - 9), at):
        page.found.append(Moment(at, end, full_year(digits)))
    return end
