"""One form for Chinese text before it is read: simplified characters, ASCII digits and letters, every place kept."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from tercet.facts.chinese.lexicon import lexicon

TAKEN = "\ue000"  # stands where another reader has read already

_WIDE = {ord("０") + i: chr(ord("0") + i) for i in range(10)}
_WIDE |= {ord(wide) + i: chr(ord(plain) + i) for wide, plain in (("Ａ", "A"), ("ａ", "a")) for i in range(26)}
_WIDE |= {ord("．"): ".", ord("％"): "%", ord("＄"): "$", ord("￡"): "£", ord("－"): "-", ord("＋"): "+"}
_WIDE |= {ord(space): " " for space in "\u00a0\u2009\u202f\u3000\t"}
_GROUPED = re.compile("(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+")


@lru_cache(maxsize=8)  # dates and quantities of a text are read one after the other
def folded(text: str) -> str:
    """Give a text in simplified characters with ASCII digits, letters and signs; it keeps its length.

    >>> folded("約３億，％")
    '约3亿，%'
    """
    unlike, forms = _table()
    if unlike.search(text):
        text = _GROUPED.sub(",", text).translate(forms)
    if "http" in text or "www." in text:
        text = _ADDRESS.sub(lambda found: TAKEN * len(found[0]), text)
    return text


def without(text: str, taken: Sequence[tuple[int, int]]) -> str:
    """Blank the places that another reader has read; the text keeps its length."""
    pieces = []
    at = 0
    for start, end in sorted(taken):
        if end > at:
            first = max(start, at)
            pieces += [text[at:first], TAKEN * (end - first)]
            at = end
    return "".join([*pieces, text[at:]]) if pieces else text


@cache
def _table() -> "tuple[re.Pattern[str], dict[int, str]]":
    forms = _WIDE | {code: form for code, form in lexicon().simplified.items() if code <= 0xFFFF}
    return re.compile("[" + "".join(re.escape(chr(code)) for code in sorted(forms)) + "]"), forms
