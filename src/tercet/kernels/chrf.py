"""chrF's and chrF++'s statistics, equal to sacrebleu's integer for integer."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tercet.kernels.compiling import kernel
from tercet.kernels.naming import match_longer, match_tokens, name_characters, name_tokens, slots_for
from tercet.kernels.packing import packed_blocks

Codes = NDArray[np.uint32]
Ints = NDArray[np.int64]
Rows = NDArray[np.float64]
_OTHER, _SPACE, _PUNCTUATION = range(3)


class Orders(NamedTuple):
    """What is counted: n-grams of characters and of words, and how recall weighs.

    Args:
        characters: The highest order of characters.
        words: The highest order of words.
        beta: How many times recall weighs precision; it chooses the best reference.
        whitespace: Whether white space counts as characters.
    """

    characters: int = 6
    words: int = 0
    beta: int = 2
    whitespace: bool = False


def statistics(
    candidates: Sequence[str],
    references: Sequence[Sequence[str]],
    *,
    orders: Orders = Orders(),  # noqa: B008 - it cannot be changed
    lowercase: bool = False,
) -> Rows:
    """Take chrF's statistics of many segments, each against the reference that scores best.

    Args:
        candidates: n texts.
        references: For each of them, at least one text.
        orders: What is counted.
        lowercase: Whether case is ignored.

    Returns:
        (n, 3 k) for each of the k orders, characters first: n-grams of the candidate, of the
        reference, and of both.

    >>> statistics(["ab c"], [["abd"]], orders=Orders(characters=2)).tolist()
    [[3.0, 3.0, 2.0, 2.0, 2.0, 1.0]]
    """

    def prepare(texts: list[str]) -> list[str]:
        return [text.lower() for text in texts] if lowercase else texts

    packed = packed_blocks(candidates, references, prepare)
    return np.concatenate([_count(*block, _classes(), orders) for block in packed])


@cache
def _classes() -> NDArray[np.uint8]:
    """Say of every code point whether it is white space, or punctuation that chrF++ cuts off a word."""
    classes = np.full(0x110000, _OTHER, dtype=np.uint8)
    classes[[ord(character) for character in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"]] = _PUNCTUATION
    classes[[code for code in range(0x3001) if chr(code).isspace()]] = _SPACE
    return classes


@kernel
def _count(codes: Codes, offsets: Ints, firsts: Ints, classes: NDArray[np.uint8], orders: Orders) -> Rows:
    """Count every segment.

    Args:
        codes: Code points of the candidates, then of all references.
        offsets: Where each text begins.
        firsts: The first reference of each candidate, and where the last one's end.
        classes: Of every code point.
        orders: What is counted.
    """
    longest = 1
    for i in range(len(firsts) - 1):
        for text in range(firsts[i], firsts[i + 1]):
            longest = max(longest, offsets[text + 1] - offsets[text] + offsets[i + 1] - offsets[i])
    slots, counts = np.empty((slots_for(longest), 2), np.int64), np.empty((2 * longest, 4), np.int32)
    names, bounds = np.empty(longest, np.int32), np.zeros(3, np.int64)
    characters, places = np.empty(longest, np.uint32), np.empty((longest, 2), np.int64)
    spans = np.empty((longest, 2), np.int64)
    k = orders.characters + orders.words
    rows, row = np.empty((len(firsts) - 1, 3 * k), np.float64), np.empty(3 * k, np.float64)
    for i in range(len(firsts) - 1):
        best = -1.0
        for text in range(firsts[i], firsts[i + 1]):
            for j, part in enumerate((text, i)):
                piece = codes[offsets[part] : offsets[part + 1]]
                size = _characters(piece, classes, orders.whitespace, characters[bounds[j] :])
                bounds[j + 1] = bounds[j] + size
            name_characters(slots, characters, names[: bounds[2]])
            _fill(slots, counts, bounds, names, row[: 3 * orders.characters])
            if orders.words > 0:
                for j, part in enumerate((text, i)):
                    size = _words(codes, offsets[part], offsets[part + 1], classes, spans[bounds[j] :])
                    bounds[j + 1] = bounds[j] + size
                name_tokens(slots, places, codes, spans, names[: bounds[2]])
                _fill(slots, counts, bounds, names, row[3 * orders.characters :])
            score = _f_score(row, orders.beta)
            if score > best:
                best = score
                rows[i] = row
    return rows


@kernel
def _characters(codes: Codes, classes: NDArray[np.uint8], whitespace: bool, characters: Codes) -> int:
    """Copy the characters that count, and say how many they are."""
    n = 0
    for code in codes:
        characters[n] = code
        n += whitespace or classes[code] != _SPACE
    return n


@kernel
def _words(codes: Codes, begin: int, end: int, classes: NDArray[np.uint8], spans: Ints) -> int:
    """Cut a text into words, and one mark of punctuation off the end of each, else off its beginning.

    Args:
        codes: Code points of all texts.
        begin: Where the text begins.
        end: Where it ends.
        classes: Of every code point.
        spans: (., 2) takes where each word begins and ends.

    Returns:
        How many there are.
    """
    n = 0
    i = begin
    while i < end:
        if classes[codes[i]] == _SPACE:
            i += 1
            continue
        first = i
        while i < end and classes[codes[i]] != _SPACE:
            i += 1
        cut = i
        if i - first > 1:
            if classes[codes[i - 1]] == _PUNCTUATION:
                cut = i - 1
            elif classes[codes[first]] == _PUNCTUATION:
                cut = first + 1
        spans[n, 0], spans[n, 1] = first, cut
        n += 1
        if cut < i:
            spans[n, 0], spans[n, 1] = cut, i
            n += 1
    return n


@kernel
def _fill(slots: Ints, counts: NDArray[np.int32], bounds: Ints, names: NDArray[np.int32], row: Rows) -> None:
    """Write candidate, reference and matching n-grams of each order; the reference stands first in ``names``."""
    matched = match_tokens(counts, bounds, names)
    for n in range(1, len(row) // 3 + 1):
        if n > 1 and matched > 0:
            matched = match_longer(slots, counts, n, bounds, names)
        theirs, ours = max(bounds[1] - n + 1, 0), max(bounds[2] - bounds[1] - n + 1, 0)
        row[3 * n - 3] = ours if theirs > 0 else 0
        row[3 * n - 2] = theirs
        row[3 * n - 1] = matched


@kernel
def _f_score(row: Rows, beta: int) -> float:
    """Compute sacrebleu's score of one row, operation by operation, since ties between references hang on it."""
    factor = beta**2
    precision = recall = 0.0
    order = 0
    for i in range(0, len(row), 3):
        if row[i] > 0 and row[i + 1] > 0:
            precision += row[i + 2] / row[i]
            recall += row[i + 2] / row[i + 1]
            order += 1
    if order == 0 or precision + recall == 0:
        return 0.0
    precision /= order
    recall /= order
    return 100 * ((1 + factor) * precision * recall / (factor * precision + recall))
