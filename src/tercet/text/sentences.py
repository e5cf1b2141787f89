"""Sentence splitting for Chinese and English."""

import re
from collections.abc import Iterator

from sentencex import segment

from tercet.text.surrogates import readable_in_place

# Titles and forms that sentencex takes for the end of a sentence: a name or a number follows.
_OPEN_END = re.compile(
    r"(?:^|[\s\"“‘(])(?:Mr|Mrs|Ms|Mx|Dr|Prof|St|Gen|Col|Lt|Capt|Sgt|Sen|Rep|Gov|Rev|Hon|Messrs"
    r"|Approx|approx|ca|incl|vs|cf)\.\s*$"
)
_NUMBER = re.compile(r"(?:^|[\s\"“‘(])Nos?\.\s*$")
_LONGEST, _LONGEST_SENTENCE = 4_000, 20_000
_END = re.compile(r"[。！？][”’」』）)】》]*|[.!?][”’\"')\]]*\s+")
_CLOSERS = re.compile(r"^[”’」』）)】》\"']+\s*$")
# Wide spaces before a full stop: of a letter, such a space and a full stop sentencex 1.0 dies.
# The space begins where no other is before it, and gives none back: else a long one would cost its cube.
_WIDE = re.compile(r"(?<!\s)\s++(?=\.)")
_LEADING_CLOSERS = re.compile(r"^[”」』）】》]+\s*")


def sentences(text: str, language: str) -> list[str]:
    """Split a text into sentences.

    A line break always ends a sentence. Closing quotation marks and brackets stay with the
    sentence that they close; decimals, initials and titles (``Ms. Voss``) do not end one.

    Args:
        text: Any text; half a character comes back as U+FFFD.
        language: Code of the table of languages.

    Returns:
        The sentences in order, stripped; none is empty.

    >>> sentences("“It works,” said Ms. Voss. It rose 3.5%.", "en")
    ['“It works,” said Ms. Voss.', 'It rose 3.5%.']
    >>> sentences("他说：“赢了。”价格上涨3.5%。", "zh")
    ['他说：“赢了。”', '价格上涨3.5%。']
    """
    result: list[str] = []
    for line in readable_in_place(text).splitlines():  # the splitter takes UTF-8 only
        for piece in _bites(line.strip()):
            result.extend(_line_sentences(piece, language))
    return result


def _bites(line: str) -> Iterator[str]:
    """Cut a line that is longer than any paragraph: the splitter's cost is quadratic.

    The cut is at the end of a sentence, and only where there is none for very long, anywhere.
    """
    start = 0
    ends = [end.end() for end in _END.finditer(line)] if len(line) > _LONGEST else []
    for end in [*ends, len(line)]:
        while end - start > _LONGEST_SENTENCE:
            yield line[start : start + _LONGEST_SENTENCE]
            start += _LONGEST_SENTENCE
        if end - start > _LONGEST and not _OPEN_END.search(line[end - 20 : end]):
            yield line[start:end]
            start = end
    if line[start:].strip():
        yield line[start:]


def _line_sentences(line: str, language: str) -> list[str]:
    merged: list[str] = []
    for piece in _pieces(line, language):
        if merged and _continues(merged[-1], piece):
            merged[-1] += piece
            continue
        closers = _LEADING_CLOSERS.match(piece) if merged else None
        if closers:
            merged[-1] += closers[0]
        merged.append(piece[closers.end() :] if closers else piece)
    return [piece.strip() for piece in merged if piece.strip()]


def _pieces(line: str, language: str) -> Iterator[str]:
    """Let sentencex cut a line; what it must not see is a common space for it."""
    start = 0
    for piece in segment(language, _WIDE.sub(lambda found: " " * len(found[0]), line)):
        yield line[start : start + len(piece)]
        start += len(piece)


def _continues(before: str, piece: str) -> bool:
    """Say whether a piece belongs to the sentence before: after a title or ``No.``, or as a closing quote."""
    numbered = _NUMBER.search(before) and piece[:1].isdigit()
    return bool(numbered or _OPEN_END.search(before) or _CLOSERS.match(piece) or before.endswith("》"))
