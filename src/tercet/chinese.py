"""Other ways to cut Chinese than by character, for metrics that are asked for them."""

import re
from functools import cache
from typing import Any

from tercet.extras import require
from tercet.text.languages import HAN
from tercet.text.tokens import tokens

_RUN = re.compile(f"({HAN}+)")


def words(text: str) -> list[str]:
    """Cut Chinese into words (jieba's, by rjieba); what is not Chinese is cut as by character.

    Raises:
        MissingExtraError: rjieba is not installed.
    """
    cut = require("rjieba", package="rjieba", extra="zh", purpose="Cutting Chinese into words").cut
    found: list[str] = []
    for i, piece in enumerate(_RUN.split(text)):
        found.extend(cut(piece) if i % 2 else tokens(piece, "zh"))
    return found


def every_character(text: str) -> list[str]:
    """Cut a text into all its characters but white space, punctuation too.

    >>> every_character("好， a1。")
    ['好', '，', 'a', '1', '。']
    """
    return list("".join(text.split()))


def simplified(text: str) -> str:
    """Write traditional characters as simplified ones (OpenCC, ``t2s``).

    Raises:
        MissingExtraError: OpenCC is not installed.
    """
    converted: str = _converter().convert(text)
    return converted


@cache
def _converter() -> Any:
    return require("opencc", package="opencc", extra="zh", purpose="Folding traditional characters").OpenCC("t2s")
