"""Days and months in English text: 22 January 2026, July 17 and 22, in April, the 10th."""

import re

from tercet.facts.dates.days import dated
from tercet.facts.dates.english_words import DAY, JOIN, MONTH, MONTH_OF, STEPS, WEEKDAY, WEEKDAY_OF, YEAR, word_set
from tercet.facts.dates.page import Page
from tercet.facts.dates.resolving import Relative, full_year, resolve
from tercet.facts.records import Moment

# "July 17 and 22 people": after a month, a second number is a day only where it counts nothing.
_UNCOUNTED = (
    r"(?! (?!(?:was|is|has|as|its|his|this|across|versus|plus)\b)"
    r"(?:[a-z-]+s|people|men|women|children|more|million|billion|per|percent)\b| ?[ap]\.?m\b)"
)
_NO_DAY = r"(?! ?[ap]\.?m\b| (?:people|million|billion|percent|per cent)\b)"
# Patterns that many dates go through take any three letters for a month: what they are given begins with one.
_NAME = "(?P<name>[A-Za-z]{3})[a-z]*"
_TAIL = (
    rf"(?:(?=[ ,])(?:,? (?:of |in )?(?P<year>{YEAR})|,? [’'](?P<short>[0-9]{{2}})\b"
    r"|,? (?:of )?(?P<which>this|last|next) year\b))?"
    rf"(?:,? ?\((?P<closing>{WEEKDAY})\))?"
)
_LIST = rf"(?:(?:, ?{DAY}){{0,6}}{JOIN}(?:the )?{DAY})"
_DAY_FIRST = re.compile(rf"(?P<day>[0-3]?[0-9])[a-z]*(?P<more>{_LIST})?(?:,? of)? {_NAME}\.?{_TAIL}")
_MONTH_FIRST = re.compile(
    rf"{_NAME}(?P<dot>\.)?(?: (?:the )?(?P<day>[12][0-9]|3[01]|0?[1-9])(?:st|nd|rd|th)?\b(?![.,:]?[0-9]|%)"
    rf"(?P<more>{_LIST}{_UNCOUNTED})?{_NO_DAY})?{_TAIL}"
)
_DAY = re.compile(r"([0-9]{1,2})[a-z]*")

_NTH = re.compile(
    r"([0-3]?[0-9])(?:st|nd|rd|th)(?! (?:and|or|to) (?:the )?[0-9]{1,2}(?:st|nd|rd|th)[ -](?!(?:of|at|in)\b)[a-z])"
    r"(?: of (this|last|next|the) month\b"
    r"|(?=[,.;:)’'”\"]|\Z| (?:and|to|or|until|in|at|that|when|after|before|instead)\b))"
)
_ON_THE = re.compile(
    r"(?:\bon|(?:\b(?:on|by|until|till|since|from|before|after|of|between)|day,) the) \Z", re.IGNORECASE
)
_ALSO_THE = re.compile(r"(?:\b(?:and|to|or|through)|[0-9](?:st|nd|rd|th),) (?:the )?\Z|\(\Z")

# Short forms, and months that are words or names too: alone they are no dates.
_DOUBTFUL = word_set("jan feb mar apr jun jul aug sep sept oct nov dec march may april june august")
_WHOLE = frozenset(("may", "june", "july", "march", "april", "august"))
_PREPOSITION = re.compile(
    r"\b(in|of|by|since|until|till|from|to|through|late|early|mid|during|before|after|between|and|last|next|this|every"
    r"|each|around|for|end|throughout)[ -]\Z",
    re.IGNORECASE,
)
# "May" after these is the month; after "by", "of" or "from" it may be a Ms May.
_SURE = word_set("in since early late mid until till during throughout last next this every each")
_BESIDE = re.compile(rf"[-–/]{MONTH}")
_WITHIN_SENTENCE = re.compile(r"\b[a-z]+,? \Z")


def day_first(page: Page, at: int, weekday: int | None = None, start: int | None = None) -> int:
    """Read "22 January 2026" or "10 and 11 February".

    Args:
        page: The page.
        at: Where the day begins.
        weekday: Stated before it.
        start: Where that weekday begins.
    """
    match = _DAY_FIRST.match(page.text, at)
    if match is None or match["name"] not in MONTH_OF:
        return at
    return _days(page, match, weekday, at if start is None else start)


def month_first(page: Page, at: int, weekday: int | None = None, start: int | None = None) -> int:
    """Read "January 22nd, 2026", "June 3-5", "in April" or "January last year"; the arguments are ``day_first``'s."""
    match = _MONTH_FIRST.match(page.text, at)
    if match is None or match["name"] not in MONTH_OF:
        return at
    if match["day"]:
        return _days(page, match, weekday, at if start is None else start)
    if start is not None:
        return at
    year, relative = _year(page, match)
    checkable: bool | None = True
    if year is None and relative is None:
        checkable = _certainty(page, match)
    if checkable is not None:
        month = MONTH_OF[match["name"]]
        page.found.append(Moment(at, match.end(), year, month, relative=relative, checkable=checkable))
    return match.end()


def _certainty(page: Page, match: re.Match[str]) -> bool | None:
    """Tell whether a month alone is one: "in May" is, "May I" and "Theresa May" are not.

    Returns:
        False where it may be one, None where it is none.
    """
    text, at, end = page.text, match.start(), match.end()
    word = match[0].rstrip(".").lower()
    if word not in _DOUBTFUL:
        return True
    if _BESIDE.match(text, end) or text[at - 1 : at] in {"-", "–", "/"}:
        return False
    if word not in _WHOLE and not match["dot"]:
        return None
    if before := _PREPOSITION.search(text, max(0, at - 12), at):
        return word not in {"may", "march"} or before[1].lower() in _SURE
    if text[end : end + 1] == " " and text[end + 1 : end + 2].isupper():  # April Jones
        return None
    return False if text[at].isupper() and _WITHIN_SENTENCE.search(text, max(0, at - 20), at) else None


def _days(page: Page, match: re.Match[str], weekday: int | None, begin: int) -> int:
    day, more, name, closing = match.group("day", "more", "name", "closing")
    month, end = MONTH_OF[name], match.end()
    year, relative = _year(page, match)
    if closing:
        weekday = WEEKDAY_OF[closing[:3]]
    dated(page, (begin, match.end("day") if more else end), (year, month, int(day)), weekday, relative)
    if more:
        items = list(_DAY.finditer(page.text, *match.span("more")))
        for item in items:
            stop = end if item is items[-1] else item.end()
            dated(page, (item.start(), stop), (year, month, int(item[1])), None, relative)
    return end


def _year(page: Page, match: re.Match[str]) -> tuple[int | None, Relative | None]:
    """Read the year behind a month, in full, in short or in relation to the article's."""
    year, short, which = match.group("year", "short", "which")
    if year:
        return int(year), None
    if short:
        return full_year(int(short)), None
    if which:
        relative = ("year", STEPS[which.lower()])
        return resolve(relative, page.date)[0], relative
    return None, None


def nth(page: Page, at: int) -> int:
    """Read "the 10th" as a day, where the words around leave nothing else that it may be."""
    match = _NTH.match(page.text, at)
    if match is None or not 1 <= int(match[1]) <= 31:
        return at
    day, end, which = int(match[1]), match.end(), match[2]
    on_the = _ON_THE.search(page.text, max(0, at - 14), at) is not None
    if which and which != "the":
        relative = ("month", STEPS[which])
        year, month, _ = resolve(relative, page.date)
        page.found.append(Moment(at, end, year, month, day, relative=relative))
    elif on_the or which or _ALSO_THE.search(page.text, max(0, at - 14), at):
        page.found.append(Moment(at, end, day=day, checkable=on_the))
    return end
