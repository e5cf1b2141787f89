"""Texts as kernels read them: one array of code points, and where each text begins."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
Offsets = NDArray[np.int64]
MOST_LETTERS = 2_000_000  # that kernels take at once, so that memory does not grow with the corpus


def pack(texts: Sequence[str]) -> tuple[Codes, Offsets]:
    """Put texts one after the other.

    Args:
        texts: n texts; lone surrogates are passed on.

    Returns:
        All code points, and n + 1 offsets: text i is ``codes[offsets[i]:offsets[i + 1]]``.

    >>> codes, offsets = pack(["ab", "", "好"])
    >>> codes.tolist(), offsets.tolist()
    ([97, 98, 22909], [0, 2, 2, 3])
    """
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return codes, offsets_of([len(text) for text in texts])


def offsets_of(lengths: Sequence[int]) -> Offsets:
    """Turn n lengths into n + 1 offsets.

    >>> offsets_of([2, 0, 1]).tolist()
    [0, 2, 2, 3]
    """
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(np.asarray(lengths, dtype=np.int64), out=offsets[1:])
    return offsets


def packed_blocks(
    candidates: Sequence[str], references: Sequence[Sequence[str]], prepare: Callable[[list[str]], list[str]]
) -> Iterator[tuple[Codes, Offsets, Offsets]]:
    """Pack a corpus block by block.

    Args:
        candidates: n texts.
        references: For each of them, at least one text.
        prepare: What is done to the texts of a block first.

    Yields:
        As ``pack`` gives it, the candidates and then all their references; and the first reference of
        each candidate, with where the last one's end.
    """
    for block in blocks(candidates, references):
        several = references[block]
        texts = prepare([*candidates[block], *(text for texts in several for text in texts)])
        yield *pack(texts), offsets_of([len(texts) for texts in several]) + len(several)


def blocks(candidates: Sequence[str], references: Sequence[Sequence[str]]) -> Iterator[slice]:
    """Cut a corpus into blocks of at most so many letters, or of one segment; there is at least one.

    >>> [block.stop for block in blocks(["a" * MOST_LETTERS, "b", "c"], [["a"], ["b"], ["c"]])]
    [1, 3]
    """
    start = letters = 0
    for i, (candidate, several) in enumerate(zip(candidates, references, strict=True)):
        size = len(candidate) + sum(map(len, several))
        if letters + size > MOST_LETTERS and i > start:
            yield slice(start, i)
            start, letters = i, 0
        letters += size
    yield slice(start, len(candidates))
