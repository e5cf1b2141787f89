"""An English text made ready to be read."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Page(NamedTuple):
    """A text, and the same in lower case, character by character.

    ``low`` has two line breaks more at its end. So a place behind the text can be looked at without care, and
    one before it too: ``low[-1]`` and ``low[-2]`` are line breaks.
    """

    text: str
    low: str


_SPACE = re.compile("(?<![0-9])\u00a0|\u00a0(?![0-9]{3})")  # the others group digits
_ADDRESS = re.compile(r"://|www\.|@")
_REACH = 64
_NOT_SPACE = re.compile(r"\S{0,2000}")
_CODE = re.compile(r"[a-z0-9._/:@-]{0,64}")


def page_of(text: str) -> Page:
    """Make a text ready: in lower case, with one way to write what has several."""
    low = text.lower()
    if len(low) != len(text):  # "İ" has two characters in lower case
        low = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    if not low.isascii():
        low = _SPACE.sub(" ", low) if "\u00a0" in low else low
        low = low.replace("\u2011", "-").replace("\u2212", "-")
    return Page(text, f"{low}\n\n")


def addresses(low: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of web and mail addresses, in order."""
    end = 0
    for found in _ADDRESS.finditer(low):
        if found.start() < end:
            continue
        start = found.start()
        while start > max(end, found.start() - _REACH) and not low[start - 1].isspace():
            start -= 1
        rest = _NOT_SPACE.match(low, found.end())
        end = rest.end() if rest else found.end()
        yield start, end


def closed(low: str, taken: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the spans in which no quantity begins, in order: those that are taken, and addresses."""
    spans = sorted(taken)
    if "@" in low or "://" in low or "www." in low:
        spans = sorted([*spans, *addresses(low)])
    return spans


def past_code(low: str, end: int) -> int:
    """Give the end of a code that goes on here."""
    found = _CODE.match(low, end)
    return found.end() if found else end


def with_article(low: str, start: int) -> int:
    """Give where a phrase begins: at its article, where it has one."""
    return start - 2 if low[start - 2 : start] == "a " and not low[start - 3].isalpha() else start
