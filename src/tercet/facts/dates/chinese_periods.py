"""Decades, centuries and quarters in Chinese text: 上世纪90年代, 19世纪初, 第四季度, 三季报."""

import re

from tercet.facts.dates.chinese_words import JOIN, NUMERALS, QUARTER, number
from tercet.facts.dates.page import Page
from tercet.facts.records import Moment

_TENS = "(?:[1-9]0|[一二三四五六七八九]十)"
_DECADES = re.compile(
    f"(?P<first>{_TENS})(?: ?年代)?{JOIN}(?P<last>{_TENS}) ?年代"
    "|(?P<digits>[一二三四五六七八九]{1,2})十年代|(?P<ten>[1-9]0) ?年代|(?P<full>(?:1[0-9]|20)[0-9]0) ?年代"
    "|(?P<characters>[一二][〇零一二三四五六七八九]{2}[〇零])年代"
)
_NUMBER = f"(?:[0-9]{{1,2}}|[{NUMERALS}]{{1,3}})"
_CENTURIES = re.compile(f"(?P<first>{_NUMBER})(?:{JOIN}(?P<last>{_NUMBER}))? ?世纪(?!经济报道|报)")
_ERAS = ("公元前", "西元前", "公元前 ")
_QUARTERS = re.compile(f"(?:(?P<first>{QUARTER})[、和与及至到或-]第?)?(?P<last>{QUARTER}) ?(?:季度|季报)")


def decades(page: Page, at: int, century: int | None = None, start: int | None = None) -> int:
    """Read 90年代, 七八十年代 or 80、90年代.

    Args:
        page: The page.
        at: Where the tens begin.
        century: The century that was read before (上世纪 is the 20th).
        start: Where that begins.
    """
    match = _DECADES.match(page.text, at)
    if match is None:
        return at
    begin, end = at if start is None else start, match.end()
    base = 0 if century is None else 100 * (century - 1)
    first, last, digits, ten, full, characters = match.groups()
    if full or characters:
        page.found.append(Moment(begin, end, decade=number(full or characters)))
    elif first:
        page.found.append(Moment(begin, match.end("first"), decade=base + number(first)))
        page.found.append(Moment(match.start("last"), end, decade=base + number(last)))
    elif digits and len(digits) == 2:
        page.found.append(Moment(begin, at + 1, decade=base + 10 * number(digits[0])))
        page.found.append(Moment(at + 1, end, decade=base + 10 * number(digits[1])))
    else:
        page.found.append(Moment(begin, end, decade=base + (10 * number(digits) if digits else int(ten))))
    return end


def centuries(page: Page, at: int) -> int:
    """Read 19世纪, 18、19世纪 and 20世纪90年代; 公元前5世纪 is -5."""
    match = _CENTURIES.match(page.text, at)
    if match is None:
        return at
    first, last = number(match["first"]), number(match["last"] or match["first"])
    if not 0 < first < 100 or not 0 < last < 100:
        return match.end()
    sign = -1 if page.text.endswith(_ERAS, max(0, at - 4), at) else 1
    after = decades(page, match.end() + (page.text[match.end() : match.end() + 1] == " "), last, at)
    if after > match.end() + 1:
        return after
    if match["last"]:
        page.found.append(Moment(*match.span("first"), century=sign * first))
    page.found.append(Moment(match.start("last") if match["last"] else at, match.end(), century=sign * last))
    return match.end()


def first_quarter(page: Page, at: int) -> int:
    """Read 首季 and 首季度."""
    end = at + (3 if page.text.startswith("度", at + 2) else 2)
    page.found.append(Moment(at, end, quarter=1))
    return end


def quarters(page: Page, at: int) -> int:
    """Read 第四季度, 三季度, 一、二季度 and 三季报; 前三季度 is only roughly the third."""
    text = page.text
    match = _QUARTERS.match(text, at)
    if match is None:
        return at
    before = text[at - 1 : at]
    checkable = before not in {"前", "头", "个"}
    start = at - (before == "第")
    if match["first"]:
        page.found.append(Moment(start, at + 1, quarter=number(match["first"]), checkable=checkable))
        start = match.start("last")
    page.found.append(Moment(start, match.end(), quarter=number(match["last"]), checkable=checkable))
    return match.end()
