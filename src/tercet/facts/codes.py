"""Names with digits in them (C919, RGS13) and scores (3-2, 3比2): another text has them as they are, or not."""

import re
from collections.abc import Sequence

from tercet.facts.places import apart, places
from tercet.facts.records import Kind, Moment, Name, Quantity

# All the digits that stand together, where a letter, a hyphen or what joins a score stands beside them.
_DIGITS = re.compile("[0-9](?:(?<=[A-Za-z-][0-9])[0-9]*+|(?<![0-9][0-9])[0-9]*+(?=[A-Za-z]| ?[比–:：-]))")
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_SECOND = re.compile(r" ?(?:比|-|–|[:：]) ?([0-9]{1,3})(?![0-9.:%％\-A-Za-z万亿千百年月日])")
_LONGEST_SCORE, _LONGEST_CODE = 3, 40
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_BESIDE = _LETTERS | {"-"}
_WITHIN = _BESIDE | set(".:")
_JOINTS = frozenset(" 比-–:：")
_COUNT = Kind.COUNT
CODE, SCORE = "code ", "score "


def codes(text: str, quantities: Sequence[Quantity], moments: Sequence[Moment]) -> list[Name]:
    """Find codes and scores where no date and no quantity with a unit stands.

    A key is the code in small letters without hyphens, or the score with the smaller number first.

    >>> [sorted(name.keys) for name in codes("C919以3比2胜出", (), ())]
    [['code c919'], ['score 2-3']]
    """
    found = []
    end = 0
    size = len(text)
    for match in _DIGITS.finditer(text):
        start, stop = match.span()
        if start < end:
            continue
        before, after = text[start - 1] if start else " ", text[stop] if stop < size else " "
        name = _score(text, match) if after in _JOINTS and before not in _WITHIN else None
        if name is None and (before in _BESIDE or after in _BESIDE):
            name = _code(text, match, end)
        if name is not None:
            end = name.end
            found.append(name)
    if not found:
        return found
    measured = [quantity for quantity in quantities if quantity.kind is not _COUNT or quantity.low != quantity.high]
    return apart(found, places(moments, measured))


def _code(text: str, digits: re.Match[str], after: int) -> Name | None:
    """Take the letters and digits that these digits stand among, where a capital is one of them."""
    start = digits.start()
    least = max(after, start - _LONGEST_CODE)
    while start > least and (text[start - 1] in _LETTERS or (text[start - 1] == "-" and text[start - 2] in _LETTERS)):
        start -= 1
    token = _TOKEN.match(text, start, start + _LONGEST_CODE + 1)
    if token is None or len(token[0]) > _LONGEST_CODE or token[0] == token[0].lower():
        return None
    return Name(start, token.end(), token[0], frozenset({CODE + token[0].lower().replace("-", "")}))


def _score(text: str, digits: re.Match[str]) -> Name | None:
    start, end = digits.span()
    second = _SECOND.match(text, end) if end - start <= _LONGEST_SCORE else None
    if second is None:
        return None
    low, high = sorted((int(digits[0]), int(second[1])))
    return Name(start, second.end(), text[start : second.end()], frozenset({f"{SCORE}{low}-{high}"}))
