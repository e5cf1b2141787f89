"""Packing: JSON, compressed, as text that can stand in an HTML file."""

import gzip
import json
import math
from base64 import b64encode
from typing import Any

_LEVEL = 9
_SURE = 6  # decimals beyond those that are shown


def packed(value: Any) -> str:
    """Write a value as JSON, compressed by gzip, in base64; the same value gives the same text.

    Raises:
        ValueError: A number in it is not finite: an absent one is None.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # A lone half of a surrogate pair, which UTF-8 cannot hold, is written as JSON's own escape of it.
    data = text.encode("utf-8", "backslashreplace")
    return b64encode(gzip.compress(data, _LEVEL, mtime=0)).decode("ascii")


def finite(value: float | None) -> float | None:
    """Give a number that JSON has; None for another."""
    return None if value is None or not math.isfinite(value) else float(value)


def rounded(value: float | None, decimals: int) -> float | None:
    """Shorten a number of a single case: there are hundreds of thousands, and all digits make a file twice as large.

    One decimal more than is shown is kept; and enough of them where that is a 5, for a page that rounds again could
    then take the wrong side.
    """
    if value is None or not math.isfinite(value):
        return None
    short = round(float(value), decimals + 1)
    return round(float(value), decimals + _SURE) if round(short * 10 ** (decimals + 1)) % 10 == 5 else short
