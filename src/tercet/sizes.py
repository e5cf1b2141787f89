"""Sizes: how much of a file is held at once, so that what is too large is refused before it fills the memory."""

from collections.abc import Iterator
from typing import BinaryIO

#: Bytes of a line, or of a text that is read as a whole. The Bible in English has 4 million; what is read of a text
#: (characters, tokens, tables) takes up to some fifty times as much.
TEXT = 64 << 20
#: Bytes of a line of a run's own files, which may hold what several stages have made of a text.
LINE_OF_RUN = 4 * TEXT
#: Bytes of ``run.json``, which has a line for each article that could not be read, and of ``sweep.json``.
INFO = 4 * TEXT
#: Bytes of a section of a piece: outputs or rows of 4,096 articles at most, mostly some megabytes.
SECTION = 2 << 30
_AT_ONCE = 1 << 16  # most articles are smaller, and each would take so much


class TooLargeError(ValueError):
    """A file, or a line of it, is larger than what is read at once."""

    def __init__(self, what: str, most: int) -> None:
        super().__init__(f"{what} has more than {most >> 20:,} MiB")


def lines(file: BinaryIO, most: int = TEXT) -> Iterator[bytes]:
    r"""Give the lines of a file, each with its end; no more than one is held.

    Raises:
        TooLargeError: One has more than ``most`` bytes; those before it are given first.

    >>> import io
    >>> list(lines(io.BytesIO(b"a\nb")))
    [b'a\n', b'b']
    """
    while line := file.readline(most + 1):
        if len(line) > most:
            raise TooLargeError("the line", most)
        yield line


def whole(file: BinaryIO, most: int = TEXT) -> bytes:
    """Read all of a file, which may be packed.

    Raises:
        TooLargeError: It has more than ``most`` bytes.
    """
    parts: list[bytes] = []
    left = most + 1
    while data := file.read(min(_AT_ONCE, left)):  # at one go it would ask for all of the memory beforehand
        parts.append(data)
        left -= len(data)
    if not left:
        raise TooLargeError("the file", most)
    return b"".join(parts)
