"""Quantities that are wrong in themselves in Chinese, whatever the source says."""

import re
from collections.abc import Iterator

from tercet.facts.chinese.affixes import latin_suffixes
from tercet.facts.records import Malformed

MAGNITUDES_IN_LATIN = {
    **dict.fromkeys(("k", "thousand"), 1e3),
    **dict.fromkeys(("m", "mn", "mln", "million"), 1e6),
    **dict.fromkeys(("b", "bn", "bln", "billion"), 1e9),
    **dict.fromkeys(("t", "tn", "trn", "trillion"), 1e12),
}
_SIGN = "[$€£¥￥]"
_UNIT = rf"(?: ?(?:[%‰万亿]|{_SIGN}|[美欧日港]?元|英镑|人民币))"
# What must be in a text for the pattern to be worth a try; a pattern in which no two unbounded parts adjoin.
_FAULTS: tuple[tuple[str, "re.Pattern[str]", str], ...] = tuple(
    (sign, re.compile(pattern), message)
    for sign, pattern, message in (
        ("%", "%(?<=[长加升涨跌降少约达]%)(?!%)", "a per cent sign without a number"),
        ("%%", "[0-9]%%+", "a per cent sign too many"),
        ("百分", "百分 ?(?!一百)[0-9一二三四五六七八九]", "百分 without 之"),
        ("亿万", f"[0-9]亿万(?={_UNIT})", "two magnitudes in the wrong order"),
        (" 0", "(?<![0-9.,:])[0-9]{1,4} 0[0-9]{0,3}(?= ?[%‰万亿])", "a space within a number"),
        ("..", rf"[0-9]\.\.+[0-9]{{1,9}}(?={_UNIT})", "two points in a number"),
        (".,", rf"[0-9]\.,[0-9]{{1,9}}(?={_UNIT})", "a point and a comma in one place"),
        (",.", rf"[0-9],\.[0-9]{{1,9}}(?={_UNIT})", "a point and a comma in one place"),
        (
            ",0",
            f"(?<![0-9,.])[0-9]{{1,3}}(?:,[0-9]{{1,6}}){{0,4}},0[0-9]?(?![0-9])(?:,[0-9]{{1,6}}){{0,4}}(?={_UNIT})",
            "commas that do not part thousands",
        ),
    )
)
_SIGNS = "$€£¥￥"
_LONE = re.compile(f"{_SIGN} ?[万亿](?![0-9])")
_TAIL = re.compile(rf"{_SIGN} ?[0-9][0-9,.]{{0,20}}([a-z]{{1,2}})(?![A-Za-z0-9])")


def malformed(text: str) -> Iterator[Malformed]:
    """Find quantities that no reading makes right.

    Args:
        text: Folded.

    >>> [fault[:2] for fault in malformed("营收€60n，增长%。")]
    [(9, 10), (2, 6)]
    """
    for sign, pattern, message in _FAULTS:
        if sign in text:
            for found in pattern.finditer(text):
                yield Malformed(found.start(), found.end(), message)
    if any(sign in text for sign in _SIGNS):
        for found in _LONE.finditer(text):
            yield Malformed(found.start(), found.end(), "a currency and a magnitude without a number")
        for found in _TAIL.finditer(text):
            if found[1] not in MAGNITUDES_IN_LATIN and found[1] not in latin_suffixes():
                yield Malformed(found.start(), found.end(), f"'{found[1]}' is no magnitude")
