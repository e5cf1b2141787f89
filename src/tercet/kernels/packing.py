"""Texts as kernels read them: one array of code points, and where each text begins."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
Offsets = NDArray[np.int64]


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
