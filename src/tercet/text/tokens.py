"""Tokens: English as rouge-score cuts it, Chinese by character, mixed text by script."""

import re
from collections import Counter
from collections.abc import Sequence

from tercet.text.languages import HAN

_LOWER = "a-z\u00df-\u00f6\u00f8-\u024f"
# Within Chinese, what is not Chinese stays whole: €600mn, 3.5%, GPT-4, AT&T.
_BY_SCRIPT = re.compile(
    r"[€£$¥]?[0-9]+(?:[.,:][0-9]+)*(?:[a-z]+|[%‰°])?"
    rf"|[{_LOWER}]+[{_LOWER}0-9]*(?:[-'’&.][{_LOWER}0-9]+)*"
    rf"|{HAN}"
    r"|[^\W_]"
)
_WORDS = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
# Full-width digits, letters, per cent sign and full stop; a full-width comma would join two numbers.
_FULL_WIDTH = {
    code: code - 0xFEE0
    for code in (0xFF05, 0xFF0E, *range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}


def tokens(text: str, language: str) -> list[str]:
    """Cut a text into lower-cased tokens; punctuation, symbols and emoji are no tokens.

    Chinese is cut into characters; Latin words, numbers and units in it stay whole, and full-width
    letters and digits count as the plain ones. Other languages are cut into words.

    >>> tokens("Mistral获得€600mn，增长3.5%。", "zh")
    ['mistral', '获', '得', '€600mn', '增', '长', '3.5%']
    >>> tokens("It's up 3.5%, she said.", "en")
    ["it's", 'up', '3.5', 'she', 'said']
    """
    if language == "zh":
        return _BY_SCRIPT.findall(text.translate(_FULL_WIDTH).lower())
    return _WORDS.findall(text.lower())


def ngrams(items: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    """Count the n-grams of a sequence of tokens.

    >>> ngrams(["a", "b", "a", "b"], 2)
    Counter({('a', 'b'): 2, ('b', 'a'): 1})
    """
    return Counter(zip(*(items[i:] for i in range(n)), strict=False))
