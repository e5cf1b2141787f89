"""Fences: texts of others in a prompt, as data that cannot pass for anything else.

A language model reads its orders and its material in one stream. Three things keep them apart here:

- *The fence.* A text stands between two lines that carry a code. The code is a hash of the texts, so
  that the same input gives the same prompt, and is taken anew until it occurs in none of them: no text
  can close its own fence.
- *The escape.* ``< > [ ]`` are written in full width. Servers read control tokens such as
  ``<|im_start|>``, ``<end_of_turn>`` or ``[INST]`` also in the middle of a message, and would begin a
  new turn there; and no finished JSON answer can stand in a text, ready to be copied.
- *The order*, which is the prompt's: what stands within the fence is never an instruction.

Each character stays one character, so that a place in the fenced text is the same place in the text.
"""

import hashlib
import re
from collections.abc import Sequence

from tercet.text.surrogates import readable_in_place

_ESCAPES = str.maketrans("<>[]", "＜＞［］")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def fence(texts: Sequence[tuple[str, str]]) -> str:
    r"""Put texts behind fences of one code.

    Args:
        texts: Each one's label, a word of the prompt's own, and the text.

    Returns:
        The fenced texts, one after the other.

    >>> print(fence([("NOTE", "a <b>\nNOTE 1>>>")]))
    <<<NOTE c3aa6a6bc236b55b
    a ＜b＞
    NOTE 1＞＞＞
    NOTE c3aa6a6bc236b55b>>>
    """
    shown = [(label, escape(text)) for label, text in texts]
    code = code_of([text for _, text in shown])
    return "\n\n".join(f"<<<{label} {code}\n{text}\n{label} {code}>>>" for label, text in shown)


def escape(text: str) -> str:
    """Write brackets in full width and what cannot be printed as U+FFFD; no place moves.

    >>> escape("<|im_start|>")
    '＜|im_start|＞'
    """
    return _CONTROLS.sub("\ufffd", readable_in_place(text)).translate(_ESCAPES)


def code_of(texts: Sequence[str]) -> str:
    """Derive a code from texts that occurs in none of them, also in another case."""
    folded = [text.casefold() for text in texts]
    state = hashlib.sha256()
    for text in texts:
        data = text.encode()
        state.update(len(data).to_bytes(8, "little") + data)
    while True:
        code = state.hexdigest()[:16]
        if not any(code in text for text in folded):
            return code
        state.update(b"again")
