"""sacrebleu's tokenizers for BLEU, over code points: a table of classes and one scan.

``13a`` and ``zh`` are four substitutions, each over the whole line, and the third sees what the
second has put in. They never remove or change a character, so that all they decide is between which
two characters a space comes; ``tokenize`` decides that in one scan, and is tested against them.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from tercet.kernels.bleu_ranges import CHINESE
from tercet.kernels.compiling import kernel

Classes = NDArray[np.uint8]
# The first two go on with a token.
_WORD, _DIGIT, _SPACE, _ALONE, _POINT, _DASH = range(6)
# What the first substitution sets apart: [\{-\~\[-\` -\&\(-\+\:-\@\/], without the space.
_PUNCTUATION = '!"#$%&()*+/:;<=>?@[\\]^_`{|}~'
#: The tokenizers that ``classes_of`` knows.
TOKENIZERS = ("none", "char", "13a", *CHINESE)


@cache
def classes_of(tokenizer: str) -> Classes:
    """Say of every code point what it is to a tokenizer.

    Args:
        tokenizer: One of ``TOKENIZERS``.

    Returns:
        (0x110000,) classes.
    """
    classes = np.full(0x110000, _WORD, dtype=np.uint8)
    if tokenizer == "char":
        classes[:] = _ALONE
    for first, last in CHINESE.get(tokenizer, ()):
        classes[first : last + 1] = _ALONE
    if tokenizer not in {"none", "char"}:
        for characters, kind in ((_PUNCTUATION, _ALONE), ("0123456789", _DIGIT), (".,", _POINT), ("-", _DASH)):
            classes[[ord(character) for character in characters]] = kind
    classes[[code for code in range(0x3001) if chr(code).isspace()]] = _SPACE
    return classes


@kernel
def tokenize(codes: NDArray[np.uint32], classes: Classes, padded: bool, spans: NDArray[np.int64]) -> int:
    """Cut a text into tokens.

    Args:
        codes: (n,) code points.
        classes: Of every code point, for the tokenizer.
        padded: Whether the text stands between two spaces, as in ``13a``.
        spans: (n, 2) takes where each token begins and ends.

    Returns:
        How many tokens there are.
    """
    start, end = 0, len(codes)
    while end > 0 and classes[codes[end - 1]] == _SPACE:
        end -= 1
    while start < end and classes[codes[start]] == _SPACE:
        start += 1
    n = 0
    begin = -1  # of the token that is open; -1 where none is
    i = start
    while i < end:
        kind = classes[codes[i]]
        stop, apart = i + 1, True
        if kind == _DASH:
            kind = _ALONE if i > start and classes[codes[i - 1]] == _DIGIT else _WORD
        elif kind == _POINT:
            stop, before, apart = _points(codes[start:end], classes, padded, i - start)
            stop += start
            if not before and not apart and stop - i == 1:
                kind = _WORD
        if kind <= _DIGIT:
            if begin < 0:
                begin = i
            i += 1
            while i < end and classes[codes[i]] <= _DIGIT:
                i += 1
            continue
        if begin >= 0:
            spans[n, 0], spans[n, 1] = begin, i
            n += 1
        begin = -1 if apart else stop - 1
        for at in range(i, stop if apart else stop - 1):
            if kind != _SPACE:
                spans[n, 0], spans[n, 1] = at, at + 1
                n += 1
        i = stop
    if begin >= 0:
        spans[n, 0], spans[n, 1] = begin, end
        n += 1
    return n


@kernel
def _points(codes: NDArray[np.uint32], classes: Classes, padded: bool, first: int) -> tuple[int, bool, bool]:
    """Look at a run of points and commas.

    The second substitution takes one with what stands before it unless that is a digit, the third
    with what stands after it. Both go on behind what they have taken, so that in a run the second
    takes every other one; within a run there is then always a space, and the third takes all but
    the last whatever follows.

    Returns:
        Where the run ends, and whether a space comes before it and after it.
    """
    stop = first + 1
    while stop < len(codes) and classes[codes[stop]] == _POINT:
        stop += 1
    before = padded if first == 0 else classes[codes[first - 1]] != _DIGIT
    after = padded if stop == len(codes) else classes[codes[stop]] != _DIGIT
    taken = ((stop - first) % 2 == 1) == before
    return stop, before, after or taken
