"""Weekdays in Chinese text: 周四, 星期四, 周一至五, 周六日; 两周一次 has no Monday."""

import re

from tercet.facts.dates.chinese_words import WEEKDAY_OF
from tercet.facts.dates.page import Page
from tercet.facts.dates.resolving import latest_weekday
from tercet.facts.records import Moment

_NAMES = ("周三多", "周一围", "周六福", "周天子", "周五王")
# 一周一次, 每周三天: what stands behind 周 counts, and names no day.
_COUNTED = re.compile("一[次回趟期更换]|[一二三四五六](?:次|回|趟|期|篇|个|天|小时|节|场)")
_COUNTS = frozenset("0123456789一二两三四五六七八九十几数半隔多个")
_MORE = re.compile("[、至到和及-]([一二三四五六日天])(?=[，。、；的上下晚早中全）)和及至]|\\Z)|(日)(?![本元])")
_GOES_ON = frozenset("、至到和及-日")


def weekday(page: Page, at: int) -> int:
    """Read 周四 or 星期四, and the days that share its 周."""
    text = page.text
    end = at + (2 if text[at] == "周" else 3)
    before = text[at - 1 : at]
    if before in _COUNTS or (before == " " and text[at - 2 : at - 1] in _COUNTS):
        return end
    if text[at] == "周" and (text.startswith(_NAMES, at) or _COUNTED.match(text, end - 1)):
        return end
    number = WEEKDAY_OF[text[end - 1]]
    _add(page, at, end, number, checkable=not text.startswith("黑色", max(0, at - 2)))
    while text[end : end + 1] in _GOES_ON and (more := _MORE.match(text, end)):
        if more[2] and number != WEEKDAY_OF["六"]:
            break
        number, end = WEEKDAY_OF[more[1] or more[2]], more.end()
        _add(page, end - 1, end, number)
    return end


def _add(page: Page, start: int, end: int, number: int, checkable: bool = True) -> None:
    day, relative = latest_weekday(number, page.date)
    page.found.append(Moment(start, end, *day, number, relative=relative, checkable=checkable))
