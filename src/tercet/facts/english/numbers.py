"""English numbers, in digits and in words."""

import math
import re
from functools import lru_cache
from typing import NamedTuple

from tercet.facts.english.words import MAGNITUDES, TENS, UNITS

_LONGEST = 15  # integer digits; what has more is a code
_SPACES = "\u00a0\u2009\u202f"  # a narrow space may group digits
_PLAIN = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_GROUPED = re.compile(rf"\d{{1,3}}(?:(?:,\d{{3}})+|(?:[{_SPACES}]\d{{3}})+)(?:\.\d+)?", re.ASCII)
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}", re.ASCII)
_GROUPING = re.compile(f"[,{_SPACES}]")

_WORD = "|".join(sorted((*UNITS, *TENS, *MAGNITUDES), key=len, reverse=True))
_BELOW_100 = "|".join(sorted((*UNITS, *TENS), key=len, reverse=True))
# At most 25 words: no number below a quadrillion has more.
CHAIN = re.compile(
    rf"(?:{_WORD})(?:[ -](?:{_WORD})(?![a-z])|(?:(?<=hundred)|(?<=thousand)) and (?:{_BELOW_100})(?![a-z])){{0,24}}"
)
_LAST_MAGNITUDES = re.compile(rf"(?:[ -](?:{'|'.join(MAGNITUDES)}))+$")
# What adds a part to a whole number: "two and a half", "2 1/2", "2½".
PART = re.compile(
    r"[ -]and[ -](?:an?|one)[ -](half|quarter|third)(?![a-z])| and (three|two)[ -](?:quarters|thirds)(?![a-z])"
    r"|(?: and)? ?([½¼¾⅓⅔⅛⅜⅝⅞⅕⅖⅗⅘])| ([1-9])/([2-9])(?![0-9/])"
)
_PARTS = {"half": 0.5, "quarter": 0.25, "third": 1 / 3, "three": 0.75, "two": 2 / 3}
SIGNS = {
    "½": 1 / 2, "¼": 1 / 4, "¾": 3 / 4, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 1 / 8, "⅜": 3 / 8, "⅝": 5 / 8, "⅞": 7 / 8,
    "⅕": 1 / 5, "⅖": 2 / 5, "⅗": 3 / 5, "⅘": 4 / 5,
}  # fmt: skip


class Number(NamedTuple):
    """A number as it is written, before any magnitude or unit that follows.

    Args:
        value: Its value.
        step: The worth of its last digit that is no filling zero.
        length: How many characters of what was read belong to it.
    """

    value: float
    step: float
    length: int


@lru_cache(maxsize=8192)
def digits(written: str) -> Number | None:
    """Read digits with points and grouping signs; None where they are no number.

    >>> digits("24,000"), digits("4.75").step, digits("1,00,0")
    (Number(value=24000.0, step=1000.0, length=6), 0.01, None)
    """
    size = len(written)
    if written.isdigit() and size <= _LONGEST:
        if written[0] == "0" and size > 1:
            return None
        return Number(float(written), 10.0 ** (size - len(written.rstrip("0"))) if written != "0" else 1.0, size)
    if size > 2 * _LONGEST:
        return None
    plain = written
    if not _PLAIN.fullmatch(written):
        if not (_GROUPED.fullmatch(written) or _INDIAN.fullmatch(written)):
            return None
        plain = _GROUPING.sub("", written)
    whole, _, decimals = plain.partition(".")
    if len(whole) > _LONGEST or (len(whole) > 1 and whole[0] == "0"):
        return None
    return Number(float(plain), 10.0 ** -len(decimals) if decimals else step_of(int(whole)), size)


def step_of(value: int) -> float:
    """Give the worth of the last digit of a whole number that is no filling zero; 1 for 0."""
    step = 1
    while value and value % (step * 10) == 0:
        step *= 10
    return float(step)


@lru_cache(maxsize=4096)
def spoken(chain: str) -> Number:
    """Read the longest number that some number words begin with.

    >>> spoken("one hundred and five"), spoken("two three").length
    (Number(value=105.0, step=1.0, length=20), 3)
    """
    total, group, length = 0.0, 0.0, 0
    limit, room = float("inf"), float("inf")  # a magnitude must fall, and so must what stands in a group
    for found in re.finditer("[a-z]+", chain):
        word = found[0]
        if word == "and":
            continue
        size = MAGNITUDES.get(word)
        if size == MAGNITUDES["hundred"]:
            if group >= 100:
                break
            group, room = (group or 1) * 100, 100
        elif size:
            if size < limit:
                total, group = total + (group or 1) * size, 0.0
            elif group or total > limit * 999:
                break
            else:  # a thousand million
                total *= size
            limit, room = size, min(size, 1000.0)
        else:
            value: float = TENS[word] * 10 if word in TENS else UNITS[word]
            if value >= room or (value == 0 and length):
                break
            group, room = group + value, 10 if word in TENS else 1
        length = found.end()
    number = total + group
    return Number(number, step_of(int(number)), length)


@lru_cache(maxsize=4096)
def without_magnitude(written: str) -> Number:
    """Read number words without their last magnitudes, where these multiply all before them.

    What is left shares them with a number before it: three or four hundred.

    >>> without_magnitude("four hundred thousand").value, without_magnitude("two thousand one hundred").value
    (4.0, 2100.0)
    """
    whole = spoken(written)
    found = _LAST_MAGNITUDES.search(written)
    if found is None:
        return whole
    size = math.prod(MAGNITUDES[word] for word in re.findall("[a-z]+", found[0]))
    rest = spoken(written[: found.start()])
    return rest if rest.value * size == whole.value else whole


# Number words that are a number by themselves.
ALONE = {word: spoken(word) for word in (*UNITS, *TENS)}


def part(text: str, end: int) -> tuple[float, int] | None:
    """Read what adds a part to a whole number that ends here: its value, and where it ends."""
    found = PART.match(text, end)
    if found is None:
        return None
    spelt, several, sign, above, below = found.groups()
    if sign:
        return SIGNS[sign], found.end()
    value = int(above) / int(below) if above else _PARTS[spelt or several]
    return (value, found.end()) if value < 1 else None
