"""Relative dates in Chinese text: 去年, 上月10日, 本周一, 昨晚, 三年前."""

import re

from tercet.facts.dates.chinese_days import days, of_year
from tercet.facts.dates.chinese_periods import decades
from tercet.facts.dates.chinese_words import NUMERALS, WEEKDAY_OF, number
from tercet.facts.dates.page import Page
from tercet.facts.dates.resolving import Relative, resolve, resolve_quarter, weekday_of_week
from tercet.facts.records import Moment

_YEARS = {"去": -1, "前": -2, "今": 0, "明": 1, "后": 2, "本": 0, "来": 1}
_DAYS = {"昨": -1, "今": 0, "明": 1, "前": -2, "后": 2}
_STEPS = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1, "当": 0}
_STEP = re.compile(
    "(?P<which>上上|[上下本这当前后])(?:一?个|一)?(?:"
    "(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])?(?!年|岁|边|围|期|长|[0-9])(?P<week>)"
    "|月(?!亮|球)(?:份|初|底|末|中旬|上旬|下旬)?(?P<month>)|半(?P<part>[年场时程段])(?P<half>)"
    "|世纪(?: ?(?=[0-9一二三四五六七八九]))?(?P<century>)|季度?(?!节|军|后)(?P<quarter>))"
)
_AGO = re.compile(
    f"(?P<n>[0-9]{{1,3}}|[{NUMERALS}两]{{1,3}}|半) ?(?P<unit>年|个月|周|天|日|个?星期|个?礼拜|个世纪)(?:[之以])?前"
    "(?!后|列|期|提|夕|往|景|[0-9]|[一二三四五六七八九十]名)"
)
_UNITS = {"年": ("years", 1), "月": ("months", 1), "周": ("week", 1), "期": ("week", 1), "拜": ("week", 1)}
_UNITS |= {"天": ("day", 1), "日": ("day", 1), "纪": ("years", 100)}
_NOT_YEAR = frozenset("表说证声阐注标以之透")  # 表明年内, 以前年度
_NOT_STEP = frozenset("早晚马以之网线")  # 早上周一 is Monday morning, 以上月份 no last month
_LASTING = frozenset("第逾超满前后多每")
_COMPARED = frozenset("比较与和从约近")


def year(page: Page, at: int) -> int:
    """Read 去年, 今年1月, 明年上半年."""
    text = page.text
    step = _YEARS[text[at]]
    if at and text[at - 1] in _NOT_YEAR and text[at] in "明前后":
        return at + 2
    relative: Relative = ("year", step)
    # 今年 is vague, and 比去年同期 often no more than year on year.
    checkable = step != 0 and not text.startswith("同期", at + 2)
    resolved = resolve(relative, page.date)[0] if page.date else None
    return of_year(page, at, at + 2, (resolved, relative), checkable)


def day(page: Page, at: int) -> int:
    """Read 昨天, 昨晚, 前天, 明天; today is no evidence, since it is often these days."""
    step = _DAYS[page.text[at]]
    relative: Relative = ("day", step)
    checkable = step in {-1, -2, 1}
    page.found.append(Moment(at, at + 2, *resolve(relative, page.date), relative=relative, checkable=checkable))
    return at + 2


def same_day(page: Page, at: int) -> int:
    """Read 当日, 当天, 同日 and 同一天: the day that was spoken of."""
    end = at + (3 if page.text[at + 1] == "一" else 2)
    page.found.append(Moment(at, end, relative=("same day", 0), checkable=False))
    return end


def step(page: Page, at: int) -> int:
    """Read what begins with 上, 下, 本 or 这: 上周四, 本月10日, 下季度, 上世纪90年代, 上半年."""
    text = page.text
    match = _STEP.match(text, at)
    if match is None or (at and text[at - 1] in _NOT_STEP):
        return at
    which, end = match["which"], match.end()
    match match.lastgroup:
        case "half":
            checkable = match["part"] == "年"
            page.found.append(Moment(at, end, half=1 if which in "上前" else 2, checkable=checkable))
        case _ if which not in _STEPS:
            return at
        case "week":
            _week(page, match)
        case "month" if which == "当":  # the month that was spoken of
            return days(page, end, at, (None, None, None))
        case "month":
            return _month(page, at, end, _STEPS[which])
        case "quarter":
            relative: Relative = ("quarter", _STEPS[which])
            year_, quarter = resolve_quarter(relative[1], page.date)
            checkable = relative[1] != 0
            page.found.append(Moment(at, end, year_, quarter=quarter, relative=relative, checkable=checkable))
        case _:
            century = 20 if which == "上" else 21
            after = decades(page, end, century, at)
            if after > end:
                return after
            page.found.append(Moment(at, end, century=century, checkable=False))
    return end


def _week(page: Page, match: re.Match[str]) -> None:
    """A weekday of a week has a certain date; a week alone is no evidence."""
    weeks = _STEPS[match["which"]]
    relative: Relative = ("week", weeks)
    if match["weekday"]:
        weekday = WEEKDAY_OF[match["weekday"]]
        found = weekday_of_week(weekday, weeks, page.date)
        page.found.append(Moment(*match.span(), *found, weekday, relative=relative))
    else:
        page.found.append(Moment(*match.span(), relative=relative, checkable=False))


def _month(page: Page, at: int, end: int, step_: int) -> int:
    relative: Relative = ("month", step_)
    year_, month, _ = resolve(relative, page.date)
    after = days(page, end, at, (year_, month, relative))
    if after > end:
        return after
    checkable = step_ != 0 or page.date is not None
    page.found.append(Moment(at, end, year_, month, relative=relative, checkable=checkable))
    return end


def ago(page: Page, at: int) -> int:
    """Read 三年前, 两个月前, 10天前; 半年前 is six months ago."""
    match = _AGO.match(page.text, at)
    before = page.text[at - 1 : at]
    if match is None or before in _LASTING:
        return at
    unit, size = _UNITS[match["unit"][-1]]
    count = number(match["n"])
    if match["n"] == "半" and unit == "years" and size == 1:
        unit, count = "months", 6
    if count <= 0:
        return at
    back: Relative = (unit, -size * count)
    checkable = before not in _COMPARED
    page.found.append(Moment(at, match.end(), *resolve(back, page.date), relative=back, checkable=checkable))
    return match.end()
