"""What a text states that can be checked, in a form that belongs to no language."""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a quantity measures; quantities of different kinds do not equal each other."""

    COUNT = "count"  # a bare number, or one of things: 1,450 jobs, 8.64万人次
    MONEY = "money"  # unit: an ISO 4217 code
    MEASURE = "measure"  # unit: the base unit's symbol, such as m, kg, W, °C
    DURATION = "duration"  # unit: s for what is exact in seconds (days, weeks too), mo for months and years
    PERCENT = "percent"  # in percent: 30%, 三成
    POINTS = "points"  # percentage points; 25 basis points are 0.25
    FRACTION = "fraction"  # a part of a whole, from 0 to 1: a third, 一半
    MULTIPLE = "multiple"  # a factor: tripled, 增加两倍 and 增至三倍 are 3, 翻三番 is 8, halved is 0.5
    ORDINAL = "ordinal"  # a place in an order: third, 第三


class Hedge(StrEnum):
    """How the text takes its number: where the true value lies."""

    NONE = ""
    ABOUT = "about"  # about, roughly, 约, 左右
    ALMOST = "almost"  # close below: almost, nearly, 近, 将近
    UNDER = "under"  # less than, below, 不到, 不足
    UP_TO = "up to"  # at most, as many as, 至多, 最多
    OVER = "over"  # more than, over, 超过, 逾, 多, 余
    AT_LEAST = "at least"  # at least, no fewer than, 至少, 不少于


class Quantity(NamedTuple):
    """A number in its place, with what it is a number of.

    Args:
        start: First character of the words that state it, hedge and unit included.
        end: One past the last.
        kind: What it measures.
        low: The value in base units; the lower end of a range.
        high: The same as ``low``, but for a range (5 to 7) or a vague number (dozens, 数十).
        step: Worth of the last digit that is stated and not a filling zero, in base units: 1e8 for 5.8bn,
            1000 for 24,000, 1 for 34; 0 where nothing is rounded (fractions, multiples).
        unit: ISO code, base unit, or nothing.
        hedge: How the text takes it.
        direction: 1 where the text says that it rose, gained or profited, -1 where it fell or lost, else 0.
        checkable: False for what is too often an idiom to accuse anyone by (one, 一), but may support a fact.
    """

    start: int
    end: int
    kind: Kind
    low: float
    high: float
    step: float
    unit: str = ""
    hedge: Hedge = Hedge.NONE
    direction: int = 0
    checkable: bool = True


class Moment(NamedTuple):
    """A date or a time, as far as the text states it; None for what it leaves open.

    Args:
        start: First character.
        end: One past the last.
        year: In the Gregorian calendar.
        month: 1 to 12.
        day: 1 to 31.
        weekday: 0 is Monday.
        quarter: 1 to 4.
        half: 1 or 2.
        decade: Its first year as far as stated: 2020, or 20 for "the twenties".
        century: 19 for the 19th.
        hour: 0 to 24.
        minute: 0 to 59.
        relative: What could not be resolved without the article's date: unit and offset, as ("year", -1).
        checkable: False for what may support a fact but is too vague to accuse by.
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    quarter: int | None = None
    half: int | None = None
    decade: int | None = None
    century: int | None = None
    hour: int | None = None
    minute: int | None = None
    relative: tuple[str, int] | None = None
    checkable: bool = True


class Name(NamedTuple):
    """A name of a person, an organization or a place.

    Args:
        start: First character.
        end: One past the last.
        text: As it stands.
        keys: What it may be, in a form that belongs to no language: two names that share a key are one.
        checkable: Whether its absence elsewhere is evidence; False for what no table knows.
    """

    start: int
    end: int
    text: str
    keys: frozenset[str]
    checkable: bool = True


class Malformed(NamedTuple):
    """A quantity that is wrong in itself, such as «€60n» or «5 milion».

    Args:
        start: First character.
        end: One past the last.
        message: What is wrong with it.
    """

    start: int
    end: int
    message: str


Fact = Quantity | Moment | Name | Malformed
