"""Quotes: where the words that somebody quotes stand in a text, past small slips of the pen."""

import re
import unicodedata
from functools import lru_cache

# Marks that writers and models swap for each other; NFKD leaves them apart.
_ALIKE = str.maketrans(
    {**dict.fromkeys("‘’‛′`´", "'"), **dict.fromkeys("“”„‟″«»「」『』", '"'), **dict.fromkeys("‐‑‒–—−", "-")}
)
_GAP = re.compile(r"\[\.{3,}\]|\.{3,}|。{3,}")
_EDGES = " \"'.,;:!?()。、·"


class Quoted:
    """A text in which quotes are looked up.

    What does not count: case, white space, width (％ and %), invisible characters, the kind of a
    quotation mark or dash, and punctuation at a quote's ends. An ellipsis may stand for words left out.

    >>> Quoted("It cost “€80mn”, she said.").find('cost "€80MN"'), Quoted("a b").find("c")
    ((3, 14), None)
    """

    def __init__(self, text: str) -> None:
        parts = [(_folded(character), i) for i, character in enumerate(text)]
        self._text = "".join(folded for folded, _ in parts)
        self._places = [i for folded, i in parts for _ in folded]

    def find(self, quote: str) -> tuple[int, int] | None:
        """Look a quote up.

        Returns:
            First character and one past the last, in the text as it was given; None where the words are not in it.
        """
        parts = [part for raw in _GAP.split(_folded_all(quote)) if (part := raw.strip(_EDGES))]
        at = 0
        spans = []
        for part in parts:
            start = self._text.find(part, at)
            if start < 0:
                return None
            at = start + len(part)
            spans.append((start, at))
        if not spans:
            return None
        return self._places[spans[0][0]], self._places[spans[-1][1] - 1] + 1


def _folded_all(text: str) -> str:
    return "".join(_folded(character) for character in text)


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    if unicodedata.category(character) in {"Cf", "Cc", "Zs", "Zl", "Zp"}:
        return ""
    return unicodedata.normalize("NFKD", character).translate(_ALIKE).casefold().replace(" ", "")
