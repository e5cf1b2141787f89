"""The figures of the made news: money, percentages, dates, counts and measures, said in English and in Chinese.

Each also has a wrong form, as systems make them: ten times too much, another figure, another direction, another day.
"""

import random
from typing import NamedTuple

COUNT = 8192  # figures to draw from
_BARE = 8  # of so many figures one is none
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_CURRENCIES = (("$", "", "美元"), ("€", "", "欧元"), ("£", "", "英镑"), ("", " yuan", "元"))
_COUNTED = (("workers", "名工人"), ("customers", "名客户"), ("households", "户家庭"), ("visitors", "名访客"))
_NONE = (
    ("as had been planned long before", "just as it had promised", "，一如早先计划", "，正如其承诺"),
    ("and will pay for it itself", "out of its own pocket", "，费用由其自行承担", "，由自己出钱"),
    ("under a contract without a term", "by an open-ended agreement", "，合同不设期限", "，协议没有期限"),
)


class Figure(NamedTuple):
    """A clause with a figure, in two wordings of each language and with a wrong figure in each.

    The Chinese clauses begin with the comma that joins them.
    """

    en: str
    en2: str
    zh: str
    zh2: str
    wrong_en: str
    wrong_zh: str


def in_chinese(number: int) -> str:
    """Write a count as Chinese newspapers do: 1250, 1.25万, 3.4亿.

    >>> [in_chinese(number) for number in (1_250, 12_500, 45_000_000, 340_000_000)]
    ['1250', '1.25万', '4500万', '3.4亿']
    """
    for size, name in ((100_000_000, "亿"), (10_000, "万")):
        if number >= size:
            whole, rest = divmod(number, size)
            part = f"{rest:0{len(str(size)) - 1}}".rstrip("0")
            return f"{whole}.{part}{name}" if part else f"{whole}{name}"
    return str(number)


def _money(draw: random.Random) -> Figure:
    before, after, zh = draw.choice(_CURRENCIES)
    if draw.random() < 0.5:
        digits, unit, name = draw.randint(11, 950), 100_000_000, "billion"
        shown, wrong = f"{digits / 10:g}", f"{digits:g}"
    else:
        digits, unit, name = draw.randint(2, 980), 1_000_000, "million"
        shown, wrong = f"{digits}", f"{digits * 10:,}"
    right, tenfold = (f"{in_chinese(digits * unit * times)}{zh}" for times in (1, 10))
    amount = f"{before}{shown} {name}{after}"
    return Figure(
        f"at a cost of {amount}",
        f"in a deal worth {amount}",
        f"，耗资{right}",
        f"，交易价值{right}",
        f"at a cost of {before}{wrong} {name}{after}",
        f"，耗资{tenfold}",
    )


def _percent(draw: random.Random) -> Figure:
    tenths = draw.randint(5, 480)
    other = tenths + draw.randint(3, 90)
    shown, wrong = f"{tenths / 10:g}", f"{other / 10:g}"
    rose = draw.random() < 0.6
    en, en2, zh, zh2 = ("rose", "grew", "增长", "上升") if rose else ("fell", "shrank", "下降", "减少")
    # One wrong figure in three has the right number and the wrong direction.
    if draw.random() < 1 / 3:
        wrong_en, wrong_zh = ("fell", "下降") if rose else ("rose", "增长")
        wrong = shown
    else:
        wrong_en, wrong_zh = en, zh
    return Figure(
        f"after sales {en} by {shown} percent",
        f"after its revenue {en2} {shown} percent",
        f"，此前销售额{zh}{shown}%",
        f"，此前收入{zh2}了{shown}%",
        f"after sales {wrong_en} by {wrong} percent",
        f"，此前销售额{wrong_zh}{wrong}%",
    )


def _date(draw: random.Random) -> Figure:
    year, month, day = draw.randint(2015, 2026), draw.randint(1, 12), draw.randint(1, 28)
    other = day % 28 + 1
    return Figure(
        f"as of {_MONTHS[month - 1]} {day}, {year}",
        f"with effect from {day} {_MONTHS[month - 1]} {year}",
        f"，自{year}年{month}月{day}日起",
        f"，{year}年{month}月{day}日生效",
        f"as of {_MONTHS[month - 1]} {other}, {year}",
        f"，自{year}年{month}月{other}日起",
    )


def _count(draw: random.Random) -> Figure:
    number = draw.randint(11, 980) * draw.choice((10, 50, 100, 1_000))
    other = number * 10
    en, zh = draw.choice(_COUNTED)
    return Figure(
        f"for the sake of {number:,} {en}",
        f"which concerns {number:,} {en}",
        f"，涉及{in_chinese(number)}{zh}",
        f"，影响到{in_chinese(number)}{zh}",
        f"for the sake of {other:,} {en}",
        f"，涉及{in_chinese(other)}{zh}",
    )


def _measure(draw: random.Random) -> Figure:
    number = draw.randint(3, 480)
    other = number + draw.randint(1, 60)
    return Figure(
        f"{number} kilometers from the coast",
        f"at {number} kilometers from the sea",
        f"，距海岸{number}公里",
        f"，离海{number}公里",
        f"{other} kilometers from the coast",
        f"，距海岸{other}公里",
    )


def _none(draw: random.Random) -> Figure:
    en, en2, zh, zh2 = draw.choice(_NONE)
    return Figure(en, en2, zh, zh2, en, zh)


def figures(seed: int) -> list[Figure]:
    """Make the figures to draw from, all of them equally often."""
    draw = random.Random(seed)
    kinds = (_money, _money, _percent, _percent, _date, _count, _measure)
    return [_none(draw) if number % _BARE == 0 else draw.choice(kinds)(draw) for number in range(COUNT)]
