"""Dates and times in Chinese text."""

import re
from collections.abc import Callable

from tercet.facts.chinese.folding import folded
from tercet.facts.dates.chinese_days import consensus, lone_days, months, plain, short_year, years
from tercet.facts.dates.chinese_periods import centuries, decades, first_quarter, quarters
from tercet.facts.dates.chinese_relative import ago, day, same_day, step, year
from tercet.facts.dates.chinese_times import clock, named
from tercet.facts.dates.chinese_weekdays import weekday
from tercet.facts.dates.chinese_words import JOIN, NUMERALS
from tercet.facts.dates.days import numeric
from tercet.facts.dates.english_periods import short_period
from tercet.facts.dates.english_years import year as bare_year
from tercet.facts.dates.page import Page

# What a number needs behind it, be it one or several that share it (3、4月, 18至19世纪).
_SUFFIX = (
    " ?(?:年代(?P<decade{0}>)|年(?P<year{0}>)|月(?P<month{0}>)|[日号](?P<day{0}>)|[时点](?P<clock{0}>)"
    "|世纪(?P<century{0}>)|季[度报](?P<quarter{0}>)|(?:个(?:半?月|世纪|星期|礼拜)|周|天|星期|礼拜)[之以]?前(?P<ago{0}>))"
)
_DIGITS = (
    "(?<=[0-9])(?<![0-9][0-9])(?<![0-9][.,:：][0-9])(?:"
    "[0-9]{0,3}+(?=[ 年月日号时点世季个周天星礼:：/.~～–—、和与及至到或以Q-])(?:"
    f"(?:(?:{JOIN}|/)[0-9]{{1,4}}+){{0,6}}+(?:{_SUFFIX.format('')})|[:：](?<![0-9]{{3}}.)[0-5][0-9](?![0-9:：])(?P<colon>))"
    "|[0-9]{3}(?:[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?P<iso>)"
    "|(?:Q[1-4]|-(?:0[1-9]|1[0-2])(?![0-9-])|(?:[-–—/][0-9]{2,4})?(?= ?(?:赛季|财年|学年|款|版|[)）])))(?P<bare>)))"
)
_IN_WORDS = (
    f"(?<=[{NUMERALS}两半])(?<![{NUMERALS}百千万亿两几数].)"
    f"[{NUMERALS}]{{0,4}}+(?=[ 年月日号时点世季个周天星礼、和与及至到或以~～–—-])"
    f"(?:{JOIN}[{NUMERALS}]{{1,4}}+){{0,3}}+(?:{_SUFFIX.format('__words')})"
)
# The second character tells most of the others apart, so that it comes first.
_WORDS = (
    "[一二三四五六日天](?<=周.)(?P<weekday>)",
    "[期拜][一二三四五六日天](?<=[星礼]..)(?P<week>)",
    "年(?<=[去今明本后前来].)(?!轻|龄|级|代)(?P<last_year>)",
    "[日天晚夜晨早](?<=[昨今].)(?P<yesterday>)",
    "[日天晚晨早](?<=明.)(?<![光文黎聪透鲜]明.)(?!之星|使)(?P<yesterday__tomorrow>)",
    "天(?<=[前后].)(?!津|然|空|主|文|气|下|生|真|际)(?P<yesterday__before>)",
    "[日天](?:(?<=当.)|(?<=同日))(?P<same>)",
    "[月周星礼世季](?<=[上下本这当].)(?P<step>)",
    "上(?<=上.)(?=个?[周星礼])(?P<step__twice>)",
    "季(?<=首.)(?!节|军|[0-9])(?P<first>)",
    "半(?<=[上下前后].)[年场时程段](?P<step__half>)",
    "个(?<=[上下本这].)[月周星礼世季](?P<step__measured>)",
    "一(?:(?<=同.)天(?P<same__day>)|(?<=[上下].)个?[月周星礼世季](?P<step__one>))",
    "[午夜](?<=[正中午子半].)(?P<named>)",
    "二(?<=九.)共识(?P<consensus>)",
    "[1-4](?<=Q.)(?<![A-Za-z0-9]..)(?![0-9A-Za-z])(?P<letter>)",
)
_SECOND = "一二三四五六日天期拜年夜晚晨早月周星礼世季上半个午1-4"
# One character that may begin a date, so that the search can skip to it, and then what it needs.
_ANCHOR = re.compile(
    f"[0-9{NUMERALS}两半周星礼昨今明去前后来本上下这当同正中午子首Q]"
    f"(?:{_DIGITS}|(?=[{_SECOND}])(?:{'|'.join(_WORDS)})|{_IN_WORDS})"
)


def _years(page: Page, at: int) -> int:
    """Read 2026年1月22日 and 三年前."""
    if page.text[at + 1 : at + 2] == "年":  # of one numeral
        return ago(page, at) if "前" in page.text[at + 2 : at + 4] else at
    end = plain(page, at)
    if end == at and (end := years(page, at)) == at and (end := ago(page, at)) == at:
        end = short_year(page, at)
    return end


def _months(page: Page, at: int) -> int:
    end = plain(page, at)
    return end if end > at else months(page, at)


_READERS: dict[str, Callable[[Page, int], int]] = {
    "year": _years,
    "month": _months,
    "day": lone_days,
    "clock": clock,
    "decade": decades,
    "century": centuries,
    "quarter": quarters,
    "ago": ago,
    "colon": clock,
    "iso": numeric,
    "bare": bare_year,
    "weekday": weekday,
    "week": weekday,
    "last_year": year,
    "yesterday": day,
    "same": same_day,
    "step": step,
    "letter": short_period,
    "named": named,
    "consensus": consensus,
    "first": first_quarter,
}
_NUMBERED = frozenset((_years, _months, lone_days, ago))  # 第三年 is no year
# By the number of the group: a pattern cannot name one twice, what stands before the mark is the reader's name.
_READER_OF = {number: _READERS[name.partition("__")[0]] for name, number in _ANCHOR.groupindex.items()}
_IS_NUMBERED = {number: reader in _NUMBERED for number, reader in _READER_OF.items()}


def read(page: Page) -> None:
    """Find the moments of a Chinese text, in no order; some may lie within others.

    The page's text becomes simplified characters and ASCII digits, which keep their places.
    """
    text = page.text = folded(page.text)
    search = _ANCHOR.search
    end = 0
    while match := search(text, end):
        at, group = match.start(), match.lastindex or 0
        end = at + 1
        if not (_IS_NUMBERED[group] and text[at - 1 : at] == "第"):
            end = max(end, _READER_OF[group](page, at))
