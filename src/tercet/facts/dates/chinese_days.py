"""Years, months and days in Chinese text: 2026年1月22日, 7月17和22日, 2019至2021年, 二〇二四年三月, 22日."""

import re
from functools import lru_cache

from tercet.facts.dates.chinese_words import DAY, JOIN, MONTH, QUARTER, WEEKDAY, WEEKDAY_OF, YEAR, number
from tercet.facts.dates.days import dated
from tercet.facts.dates.page import Page
from tercet.facts.dates.resolving import Article, Relative, full_year
from tercet.facts.records import Moment

_Year = tuple[int | None, Relative | None]  # a year, and the relative words that state it
_NO_YEAR: _Year = (None, None)
_FIRST_YEAR, _LAST_YEAR = 1000, 2100
_ROUND = frozenset((1000, 1500, 2000))
_JOINS = frozenset(" 、和与及至到或~～–—-以")  # begin what stands between two years

# The plainest dates, which nothing continues.
_PLAIN_MONTH = "(1[0-2]|0?[1-9])月(?:([12][0-9]|3[01]|0?[1-9])日(?:[（(]?(?:周|星期|礼拜)([一二三四五六日天])[)）]?)?)?"
_PLAIN_DATE = re.compile(
    f"(?:((?:1[5-9]|20)[0-9]{{2}})年(?![来前后多的间度第上下首Q一二三四]|历史|之久)(?:{_PLAIN_MONTH})?|{_PLAIN_MONTH})"
)
_PLAIN = re.compile(f"{_PLAIN_DATE.pattern}(?![ 0-9份周星礼、和与及至到或以~～–—本元圆币均线游语龄程式谈产前十-])")
_OTHER_CALENDARS = frozenset("历前")  # 农历, 公元前
# 22日本, 30日元 and 5日均线 are no days; nor is 3月薪 a month.
_NO_DAY = "(?!本(?!周|月|年|报|届|次|轮|案|院|社|网|刊)|元|圆|币|均|线|游|语|龄|程|式|谈|产)"
_NO_MONTH = "(?!球|薪|饼)"
_DAYS = re.compile(
    f"(?:(?P<days>(?P<more>(?:{DAY}(?: ?[日号])?{JOIN}){{0,6}}){DAY}) ?(?P<suffix>[日号]){_NO_DAY}"
    f"|(?P<day>{DAY})(?={JOIN}{MONTH} ?月))"
    f"(?: ?[（(]?(?P<weekday>{WEEKDAY})[)）]?)?"
)
_DAY = re.compile(DAY)
_MONTHS = re.compile(f"(?P<more>(?:{MONTH}(?: ?月份?)?{JOIN}){{0,11}})(?P<last>{MONTH}) ?月(?:份(?!额))?{_NO_MONTH}")
_MONTH = re.compile(MONTH)
_AFTER_YEAR = re.compile(
    f" ?(?:度|的)? ?(?:第?(?P<quarter>{QUARTER})(?:季度|季(?!后|节|军|[0-9]))|Q(?P<q>[1-4])|(?P<first>首季度?)"
    f"|(?P<half>[上下])半年|(?={MONTH}(?:{JOIN}{MONTH}){{0,11}} ?月))"
)
_AHEAD = frozenset(" 0123456789一二三四五六七八九十度的第Q首上下")
_YEARS = re.compile(f"(?:{YEAR} ?年?{JOIN}){{0,6}}(?:{YEAR}|(?<=[0-9][/-])[0-9]{{2}})(?= ?年)")
_YEAR = re.compile(YEAR)
_SHORT_YEAR = re.compile(f"(0[0-9]|[5-9][0-9](?=年 ?{MONTH} ?月))年")
# 2000年来 and 1500年的历史 are spans of time; 2000年前 lies twenty centuries back.
_SPAN = re.compile("年(?:以?来|[之以]?前(?!后)|多|的?历史|之久|间|的时间)")
_IDIOMS = ("十月怀胎", "二月河", "三月三", "八月十五")
_ERAS = ("公元前", "西元前", "公元前 ", "前")
_LUNAR = re.compile("[农阴旧]历[^，。；]{0,8}\\Z")
_LASTING = re.compile(
    "(?:第|每|满|近|约|逾|超|超过|连续|为期|历时|共|达|长达|这|数|几|仅|需|用时|耗时|最短|最长|不到) ?\\Z"
)
_HOW_LONG = re.compile("(?:[之以]?[内后]|[之以]?前(?!后)|的时间|左右)")
_BY_NUMBER = re.compile("[上下]午|[早晚]|凌晨|中午|[之以]?前|起|至|到|就|才|开始|收|发货|下单|[，。、,；]|\\Z")
_ON = re.compile("(?:^|[，。；：、,;:（(于在从到至截月是日号]) ?\\Z")
_PLACED = frozenset("路街道巷弄楼座栋")
_NUMBERED = frozenset(
    "楼线机门球铁舰星文公院馆厅室房库井矿坑炉船舱卫弹电码令台站位店厂角员字人区专案病洞选墙塔仓桥路段标牌弄铺桌床车箱座种队"
)


def plain(page: Page, at: int) -> int:
    """Read 2026年1月22日, 1月22日 or 3月, in digits and without anything that goes on: faster than the rest."""
    match = _PLAIN.match(page.text, at)
    if match is None or page.text[at - 1 : at] in _OTHER_CALENDARS:
        return at
    end = match.end()
    fields = _plain_fields(match[0], page.date)
    if fields:
        page.found.append(tuple.__new__(Moment, (at, end, *fields)))  # half the time of the class's own call
    return end


@lru_cache(maxsize=8192)
def _plain_fields(words: str, date: Article) -> tuple[object, ...]:
    """Give the fields of the moment that a plain date states but for its place; none where there is no such day."""
    match = _PLAIN_DATE.fullmatch(words)
    if match is None:
        return ()
    year, month, day, weekday, *rest = match.groups()
    if not month:
        month, day, weekday = rest
    page = Page(words, date)
    stated = int(year) if year else None, int(month) if month else None
    if day:
        dated(page, match.span(), (*stated, int(day)), WEEKDAY_OF[weekday] if weekday else None, None)
    else:
        page.found.append(Moment(*match.span(), *stated))
    return page.found[0][2:] if page.found else ()


def years(page: Page, at: int) -> int:
    """Read 2026年1月22日, 2025年第四季度, 2019至2021年, 二〇二四年 and 2008/09年."""
    text = page.text
    if text[at + 4 : at + 5] == "年" and text[at + 5 : at + 6] not in _JOINS:
        return _one_year(page, at)
    match = _YEARS.match(text, at)
    if match is None:
        return at
    items = list(_YEAR.finditer(text, at, match.end()))
    end = text.index("年", match.end()) + 1
    values = [number(item[0]) for item in items]
    stated = bool(values) and all(_FIRST_YEAR <= value <= _LAST_YEAR for value in values)
    if not stated or text.endswith(_ERAS, max(0, at - 4), at):
        return end
    if values[-1] in _ROUND and _SPAN.match(text, end - 1):
        return end
    page.found += [Moment(*item.span(), value) for item, value in zip(items[:-1], values[:-1], strict=True)]
    last = items[-1]
    if match.end() > last.end():  # 2008/09年
        page.found.append(Moment(*last.span(), values[-1]))
        short = values[-1] // 100 * 100 + int(text[match.end() - 2 : match.end()])
        page.found.append(Moment(match.end() - 2, end, short, checkable=False))
        return end
    return of_year(page, last.start(), end, (values[-1], None))


def _one_year(page: Page, at: int) -> int:
    """Read a year that no other shares its 年 with."""
    match = _YEAR.match(page.text, at)
    if match is None or match.end() != at + 4:
        return at
    end, value = at + 5, number(match[0])
    if page.text.endswith(_ERAS, max(0, at - 4), at) or not _FIRST_YEAR <= value <= _LAST_YEAR:
        return end
    return end if value in _ROUND and _SPAN.match(page.text, at + 4) else of_year(page, at, end, (value, None))


def short_year(page: Page, at: int) -> int:
    """Read 08年 and 98年3月; 98年 alone lasts as long."""
    match = _SHORT_YEAR.match(page.text, at)
    return of_year(page, at, match.end(), (full_year(int(match[1])), None)) if match else at


def of_year(page: Page, start: int, end: int, year: _Year, checkable: bool = True) -> int:
    """Read what follows a year: its month, day, quarter or half.

    Args:
        page: The page.
        start: Where the year begins.
        end: Where it ends, 年 included.
        year: The year, and the relative words that state it (去年).
        checkable: Whether it is evidence if nothing follows.
    """
    value, relative = year
    match = _AFTER_YEAR.match(page.text, end) if page.text[end : end + 1] in _AHEAD else None
    if match is None:
        page.found.append(Moment(start, end, value, relative=relative, checkable=checkable))
        return end
    quarter, q, first, half = match.groups()
    if quarter or q or first:
        found = Moment(start, match.end(), value, quarter=number(quarter or q or "1"), relative=relative)
    elif half:
        found = Moment(start, match.end(), value, half=1 if half == "上" else 2, relative=relative)
    else:
        after = months(page, match.end(), start, year)
        if after > match.end():
            return after
        found = Moment(start, end, value, relative=relative)
    page.found.append(found)
    return found.end


def months(page: Page, at: int, start: int | None = None, year: _Year = _NO_YEAR) -> int:
    """Read 1月, 1至3月, 7月17和22日 or 6月3日至5日.

    Args:
        page: The page.
        at: Where the month begins.
        start: Where its year begins, which was read before.
        year: That year, and the relative words that state it.
    """
    match = _MONTHS.match(page.text, at)
    if match is None:
        return at
    begin, end = at if start is None else start, match.end()
    if page.text.startswith(_IDIOMS, at) or _LUNAR.search(page.text, max(0, at - 12), at):
        lunar = _DAYS.match(page.text, end)
        return lunar.end() if lunar else end
    month = number(match["last"])
    if not match["more"] and (after := days(page, end, begin, (year[0], month, year[1]))) > end:
        return after
    for item in _MONTH.finditer(page.text, *match.span("more")) if match["more"] else ():
        start = begin if item.start() == at else item.start()
        page.found.append(Moment(start, item.end(), year[0], number(item[0]), relative=year[1]))
    start = match.start("last") if match["more"] else begin
    page.found.append(Moment(start, end, year[0], month, relative=year[1]))
    return end


def days(page: Page, at: int, start: int, month: tuple[int | None, int | None, Relative | None]) -> int:
    """Read the days behind a month: 22日, 3日至5日, 17和22日.

    Args:
        page: The page.
        at: Where the month ends.
        start: Where the month, or its year, begins.
        month: Year, month and the relative words that state one of them.
    """
    text = page.text
    place = at + (text[at : at + 1] == " ")
    match = _DAYS.match(text, place)
    if match is None:
        return at
    items = list(_DAY.finditer(text, *match.span("days" if match["days"] else "day")))
    for item in items:
        last = item is items[-1]
        span = start if item is items[0] else item.start(), match.end() if last else item.end()
        weekday = WEEKDAY_OF[match["weekday"][-1]] if last and match["weekday"] else None
        dated(page, span, (month[0], month[1], number(item[0])), weekday, month[2])
    return match.end()


def _is_day(first: str, before: str, after: str) -> bool:
    """Tell whether a number with 号 is a day: not in 5号楼, 10号线, 长江路5号, 神舟十四号 or 7号电池."""
    if after[:1] in _NUMBERED or before[-1:] in _PLACED:
        return False
    return _ON.search(before) is not None or (first.isdecimal() and _BY_NUMBER.match(after) is not None)


def consensus(page: Page, at: int) -> int:
    """Read 九二共识, whose name in other languages has its year in full."""
    page.found.append(Moment(at, at + 2, 1992, checkable=False))
    return at + 2


def lone_days(page: Page, at: int) -> int:
    """Read 22日 or 10日及11日 as days of a month that is not said, where nothing says that they last or number."""
    text = page.text
    match = _DAYS.match(text, at)
    if match is None or not match["days"]:
        return at
    end, size = match.end(), match.end("days") - at
    before, after = page.before(at, 4), text[end : end + 4]
    if _LASTING.search(before) or _HOW_LONG.match(after):
        return end
    if match["suffix"] == "号" and not _is_day(text[at], before, after):
        return end
    if size == 1 and not text[at].isdecimal():  # 三日 lasts three days, more often than not
        return end
    weekday = WEEKDAY_OF[match["weekday"][-1]] if match["weekday"] else None
    if match["more"]:
        page.found += [Moment(*day.span(), day=number(day[0])) for day in _DAY.finditer(text, *match.span("more"))]
    start = match.end("more")
    # A dateline (综合11日电) is not part of what an article says.
    checkable = not after.startswith("电")
    day = number(text[start : match.end("days")])
    page.found.append(Moment(start, end, day=day, weekday=weekday, checkable=checkable))
    return end
