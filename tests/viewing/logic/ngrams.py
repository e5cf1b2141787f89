"""Words that a text shares with a reference, by the definition: characters of Chinese and Japanese, else words."""

import unicodedata
from collections.abc import Iterator

_ALONE = ("CJK UNIFIED IDEOGRAPH", "CJK COMPATIBILITY IDEOGRAPH", "HIRAGANA LETTER", "KATAKANA LETTER")


def covered(text: str, reference: str, n: int) -> list[bool]:
    """Tell of each character whether it lies in a run of ``n`` tokens that the reference has too."""
    known = set(_grams(reference, n))
    found = [False] * len(text)
    tokens = list(runs(text))
    for gram, group in zip(_grams(text, n), zip(*(tokens[i:] for i in range(n)), strict=False), strict=True):
        if gram in known:
            begin, end = group[0][0], group[-1][1]
            found[begin:end] = [True] * (end - begin)
    return found


def runs(text: str) -> Iterator[tuple[int, int]]:
    """Give begin and end of each token."""
    begin = None
    for i, character in enumerate(text):
        alone = unicodedata.name(character, "").startswith(_ALONE)
        inside = not alone and unicodedata.category(character)[0] in "LMN"
        if begin is not None and not inside:
            yield begin, i
            begin = None
        if alone:
            yield i, i + 1
        elif inside and begin is None:
            begin = i
    if begin is not None:
        yield begin, len(text)


def _grams(text: str, n: int) -> list[tuple[str, ...]]:
    tokens = [text[begin:end].lower() for begin, end in runs(text)]
    return list(zip(*(tokens[i:] for i in range(n)), strict=False))
