"""Half characters: Python's texts can hold a lone surrogate, which UTF-8 and tokenizers cannot."""

import re

_HALF = re.compile("[\ud800-\udfff]")


def readable(text: str) -> str:
    r"""Put U+FFFD for each lone surrogate.

    >>> readable("a\ud83d") == "a\ufffd"
    True
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def readable_in_place(text: str) -> str:
    r"""Put U+FFFD for each surrogate, one for one, so that no place moves: two halves are not joined.

    >>> readable_in_place("\ud83d\ude00a") == "\ufffd\ufffda"
    True
    """
    return _HALF.sub("\ufffd", text)
