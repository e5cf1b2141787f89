"""Printable: texts of others on a terminal, which obeys what it is shown unless it is made harmless."""

import re

# C0 but for tab and line feed, DEL, C1, and what turns the direction of writing.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    r"""Put U+FFFD for each character that a terminal would obey; no place moves.

    >>> printable("\x1b[2Jgone") == "\ufffd[2Jgone"
    True
    """
    return _CONTROLS.sub("\ufffd", text)
