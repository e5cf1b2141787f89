"""Numbers as Chinese writes them: 一百零五, 两万三, 1.4万亿, 4亿8千万, 七八十, 数十万, 二〇二四.

Characters are simplified here and digits ASCII; ``chinese_folding`` makes them so.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from tercet.facts.records import Hedge

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
MAGNITUDES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8, "兆": 10**12}
CHARACTERS = "".join(DIGITS) + "".join(MAGNITUDES) + "廿卅"
CAPITALS = str.maketrans("壹贰叁参肆伍陆柒捌玖拾佰仟", "一二三三四五六七八九十百千")

_LONGEST = 40  # characters; what is longer is no number that a text means
_MOST_DIGITS = 15  # what has more before its point is a code
_TENS = {"廿": 20, "卅": 30}
_HEDGES = {"多": Hedge.OVER, "余": Hedge.OVER, "来": Hedge.ABOUT}

# One number, possessive throughout: sections below 万 and what closes them, 零 for the places left out,
# 多 for more before the magnitude that closes.
_FIGURES = r"[0-9]++(?:,[0-9]{3}(?![0-9]))*+(?:\.[0-9]++)?+"
_ONE = f"(?:{_FIGURES}|[一二两三四五六七八九])"
_SECTION = f"(?:{_ONE}千)?+(?:[零〇]?{_ONE}百)?+(?:[零〇]?(?:{_ONE}?十|[廿卅]))?+(?:[零〇]?{_ONE})?+"
_NUMBER = re.compile(
    f"(?:{_SECTION}兆)?+(?:(?:{_SECTION}[多余来]?万)?{_SECTION}[多余来]?亿){{0,2}}"
    f"(?:[零〇]?{_SECTION}(?<![万亿兆])[多余来]?万)?{_SECTION}(?:(?<=[十百千万亿0])[多余]|(?<=[十百0])来)?"
)
# The plainest and most frequent shape, read without the rest.
_PLAINEST = re.compile(f"({_FIGURES})([百千]?万|[百千万]?亿)?+")
_ITEM = re.compile(f"{_FIGURES}|.", re.DOTALL)
_DECIMAL = re.compile("([零〇一二两三四五六七八九十百]{1,7})点([零〇一二三四五六七八九]{1,9})")
_STRING = re.compile("[零〇一二三四五六七八九]{2,}")
# Neighbours stand for an estimate: 七八十, 三五天, 一两个.
_PAIR = re.compile("一[二两]|[二两]三|三[四五]|四五|五六|六七|七八|八九")
_FEW = re.compile("[数几](?=[十百千万亿])|(?<=[十百千0-9])几|^几")
_MANY = frozenset("十百千点")  # what goes on after two digits that are then not strung together


class Numeral(NamedTuple):
    """A number at the start of a run of characters.

    Args:
        size: How many characters it takes.
        low: Its value, or the lower end of an estimate.
        high: The same as ``low``, but for an estimate (七八十, 数十).
        step: Worth of the last digit that is stated and not a filling zero.
        scale: The magnitude that closes it (万, 亿, 千万), or 1: a number before it may share it (3至5万).
        hedge: OVER for 多 and 余 within it, ABOUT for 来.
        figures: Whether it is written in digits (1.4万 too), not in words.
        bare: Whether it is a magnitude that no digit precedes (百, 千万); often an idiom.
        loose: Whether its digits are only strung together (二〇二四, 九一八).
        vague: Whether it says no more than its magnitude (数十, 十几).
    """

    size: int
    low: float
    high: float
    step: float
    scale: float = 1.0
    hedge: Hedge = Hedge.NONE
    figures: bool = False
    bare: bool = False
    loose: bool = False
    vague: bool = False


def numeral(run: str) -> Numeral | None:
    """Read the number that a run of characters begins with.

    Args:
        run: Digits, Chinese numerals, and what may stand among them (``,``, ``.``, 点, 多, 余, 来, 几, 数, a space).

    Returns:
        The longest well-formed number at its start; None where there is none, or where it is too long
        to be one.

    >>> [numeral(run).low for run in ("一百零五", "两万三", "1.4万亿")]
    [105.0, 23000.0, 1400000000000.0]
    >>> numeral("七八十")[1:3], numeral("几百万")[1:3]
    ((70.0, 80.0), (2000000.0, 9999999.0))
    """
    return _numeral(run if len(run) <= _LONGEST else run[:_LONGEST])


@lru_cache(maxsize=1 << 14)
def _numeral(run: str) -> Numeral | None:
    plainest = _PLAINEST.fullmatch(run)
    if plainest:
        return _scaled(*plainest.groups(""))
    few = _FEW.search(run)
    if few and (few.start() == 0 or (_NUMBER.match(run) or few).end() == few.start()):
        return _vague(run, few.start())
    string = _STRING.match(run)
    pair = _PAIR.search(run)
    if pair and "点" in run[: pair.start()]:  # 三点四五 has two decimals
        pair = None
    if string and (string.end() > 2 or not pair or pair.start()) and run[string.end() : string.end() + 1] not in _MANY:
        return _loose(string[0])
    return (pair and _estimate(run, pair.start())) or _plain(run)


def _scaled(figures: str, magnitude: str) -> Numeral | None:
    """Read digits and what they are multiplied by."""
    value, step = _figure(figures)
    if value >= 10.0**_MOST_DIGITS:
        return None
    scale = 1.0
    for character in magnitude:
        scale *= MAGNITUDES[character]
    size = len(figures) + len(magnitude)
    if scale > 1:
        value, step = round(value * scale, 6), step * scale
    return Numeral(size, value, value, step, scale, figures=True)


def _loose(digits: str) -> Numeral | None:
    """Read digits that are only strung together, as in a year."""
    if len(digits) > _MOST_DIGITS:
        return None
    value = 0.0
    for digit in digits:
        value = 10 * value + DIGITS[digit]
    return Numeral(len(digits), value, value, 1.0, loose=True)


def _estimate(run: str, at: int) -> Numeral | None:
    """Read two neighbouring digits as the ends of an estimate: each in turn stands where both do."""
    lower = _plain(run[: at + 1] + run[at + 2 :])
    upper = _plain(run[:at] + run[at + 1 :])
    if lower is None or upper is None or not at < lower.size == upper.size or lower.low >= upper.low:
        return None
    return lower._replace(size=lower.size + 1, high=upper.low)


def _vague(run: str, at: int) -> Numeral | None:
    """Read 数十 as 20 to 99, 几百万 as 2,000,000 to 9,999,999, 十几 as 11 to 19."""
    least = "一" if at else "二"
    lower = _plain(run[:at] + least + run[at + 1 :])
    upper = _plain(run[:at] + "九" + run[at + 1 :])
    if at and "0" <= run[at - 1] <= "9":  # 10几, 20几
        tens = _plain(run[:at])
        if tens is None or tens.low % 10:
            return tens
        return Numeral(at + 1, tens.low + 1, tens.low + 9, 1.0, vague=True)
    if lower is None or upper is None or lower.size <= at:
        return None
    step = lower.step
    return Numeral(lower.size, lower.low, upper.low + step - 1, step, lower.scale, lower.hedge, vague=True)


def _plain(run: str) -> Numeral | None:
    """Read a number that is neither vague nor an estimate."""
    if run and run[0] in "百千万亿兆":
        closed = _plain("一" + run)
        return closed and closed._replace(size=closed.size - 1, bare=True)
    decimal = _DECIMAL.match(run)
    if decimal:
        whole = _plain(decimal[1])
        value = 0.0 if decimal[1] in "零〇" else whole.low if whole and whole.size == len(decimal[1]) else None
        if value is not None:
            digits = "".join(str(DIGITS[digit]) for digit in decimal[2])
            head = f"{value:.0f}.{digits}"
            found = _plain(head + run[decimal.end() :])
            return found and found._replace(size=found.size - len(head) + decimal.end(), figures=False)
    matched = _NUMBER.match(run)
    return _value(matched[0]) if matched and matched[0] else None


def _value(text: str) -> Numeral | None:
    """Read a well-formed number."""
    hedge = next((_HEDGES[character] for character in text if character in _HEDGES), Hedge.NONE)
    plain = text.rstrip("多余来") if hedge else text
    value, step = _worth(re.sub("[多余来]", "", plain) if hedge else plain, 0)
    if value >= 10.0**_MOST_DIGITS and len(text) > _MOST_DIGITS and text[0].isdigit():
        return None
    value = round(value, 6)
    return Numeral(len(text), value, value, step, _scale(text), hedge, "0" <= text[0] <= "9")


def _worth(text: str, last: int) -> tuple[float, float]:
    """Read what stands before 兆, 亿 or 万 as their number, and add what stands after.

    Args:
        text: A well-formed number, or its end.
        last: The magnitude just before the text.

    Returns:
        Its value, and the worth of its last digit that is not a filling zero.
    """
    for mark in "兆亿万":
        before, found, after = text.partition(mark)
        if found:
            size = MAGNITUDES[mark]
            value, step = _worth(before, 0)
            while after.startswith(mark):  # 百亿亿
                value, step, after = value * size, step * size, after[1:]
            if not after:
                return value * size, step * size
            more, step = _worth(after, size)
            return value * size + more, step
    return _below_myriad(text, last)


def _below_myriad(text: str, last: int) -> tuple[float, float]:
    """Read a number that 十, 百 and 千 alone divide."""
    value = 0.0
    worth = step = 1.0
    digit: float | None = None  # waits for its magnitude
    for item in _ITEM.findall(text):
        if item in MAGNITUDES:
            last = MAGNITUDES[item]
            value += last if digit is None else digit * last
            step, digit, worth = last * worth, None, 1.0
        elif item in _TENS:
            value, step, last = value + _TENS[item], 10.0, 10
        elif item in "零〇":
            last = 0
        elif item in DIGITS:
            digit = float(DIGITS[item])
        else:
            digit, worth = _figure(item)
    if digit is None:
        return value, step
    if last >= 100 and digit < 10 and digit.is_integer():  # 一千五, 两万三, 3亿5
        return value + digit * last / 10, last / 10
    return value + digit, worth


def _figure(text: str) -> tuple[float, float]:
    """Read digits, and the worth of the last one that is not a filling zero."""
    plain = text.replace(",", "")
    if "." in plain:
        return float(plain), 10.0 ** -(len(plain) - plain.index(".") - 1)
    filled = len(plain) - len(plain.rstrip("0"))
    return float(plain), 10.0**filled if filled < len(plain) else 1.0


@lru_cache(maxsize=1 << 12)
def _scale(text: str) -> float:
    """Multiply the magnitudes that close a number: all where it has one coefficient, else from 万 on."""
    body = text.rstrip("多余来")
    head = body.rstrip("百千万亿兆多余来")
    if len(_ITEM.findall(head)) > 1:
        head = body.rstrip("万亿兆多余来")
    scale = 1.0
    for character in body[len(head) :]:
        scale *= MAGNITUDES.get(character, 1)
    return scale
