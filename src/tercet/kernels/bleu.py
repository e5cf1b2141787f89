"""BLEU's statistics, equal to sacrebleu's integer for integer."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tercet.kernels.bleu_tokens import Classes, classes_of, tokenize
from tercet.kernels.compiling import kernel
from tercet.kernels.naming import match_longer, match_tokens, name_tokens, slots_for
from tercet.kernels.packing import packed_blocks

_ORDER = 4
# What 13a puts in another's place, one after the other over the whole line.
_REPLACED = (
    ("<skipped>", ""),
    ("-\n", ""),
    ("\n", " "),
    ("&quot;", '"'),
    ("&amp;", "&"),
    ("&lt;", "<"),
    ("&gt;", ">"),
)


def statistics(
    candidates: Sequence[str],
    references: Sequence[Sequence[str]],
    *,
    tokenizer: str,
    lowercase: bool = False,
) -> NDArray[np.float64]:
    """Take BLEU's statistics of many segments.

    Args:
        candidates: n texts.
        references: For each of them, at least one text.
        tokenizer: One of ``bleu_tokens.TOKENIZERS``.
        lowercase: Whether case is ignored.

    Returns:
        (n, 10) candidate length, closest reference length, matching and total n-grams for n from 1 to 4.

    >>> statistics(["a b c"], [["a b d"]], tokenizer="13a").tolist()
    [[3.0, 3.0, 2.0, 1.0, 0.0, 0.0, 3.0, 2.0, 1.0, 0.0]]
    """

    def prepare(texts: list[str]) -> list[str]:
        lowered = [text.lower() for text in texts] if lowercase else texts
        return _replaced(lowered) if tokenizer == "13a" else lowered

    packed = packed_blocks(candidates, references, prepare)
    return np.concatenate([_count(*block, classes_of(tokenizer), tokenizer == "13a") for block in packed])


def _replaced(texts: list[str]) -> list[str]:
    """Do what ``13a`` does before its substitutions, where there is anything to do."""
    return [_one_replaced(text) if "\n" in text or "&" in text or "<skipped>" in text else text for text in texts]


def _one_replaced(text: str) -> str:
    text = text.rstrip()
    for old, new in _REPLACED:
        text = text.replace(old, new)
    return text


@kernel
def _count(
    codes: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    firsts: NDArray[np.int64],
    classes: Classes,
    padded: bool,
) -> NDArray[np.float64]:
    """Count every segment.

    Args:
        codes: Code points of the candidates, then of all references.
        offsets: Where each text begins.
        firsts: The first reference of each candidate, and where the last one's end.
        classes: Of every code point, for the tokenizer.
        padded: Whether a text stands between two spaces.
    """
    n = len(firsts) - 1
    longest = most = 1
    for i in range(n):
        size = offsets[firsts[i + 1]] - offsets[firsts[i]] + offsets[i + 1] - offsets[i]
        longest = max(longest, size)
        most = max(most, firsts[i + 1] - firsts[i])
    slots, counts = np.empty((slots_for(longest), 2), np.int64), np.empty((2 * longest, 4), np.int32)
    places, spans = np.empty((longest, 2), np.int64), np.empty((longest, 2), np.int64)
    names, bounds = np.empty(longest, np.int32), np.zeros(most + 2, np.int64)
    rows = np.zeros((n, 2 + 2 * _ORDER), np.float64)
    for i in range(n):
        last = firsts[i + 1] - firsts[i]
        for j in range(last + 1):
            text = i if j == last else firsts[i] + j
            bounds[j + 1] = bounds[j] + _spans(codes, offsets, text, classes, padded, spans[bounds[j] :])
        length = bounds[last + 1] - bounds[last]
        rows[i, 0] = length
        rows[i, 1] = _closest(length, bounds[: last + 1])
        parts, tokens = bounds[: last + 2], bounds[last + 1]
        name_tokens(slots, places, codes, spans, names[:tokens])
        matched = match_tokens(counts, parts, names)
        for order in range(1, _ORDER + 1):
            if order > 1 and matched > 0:
                matched = match_longer(slots, counts, order, parts, names)
            rows[i, 1 + order] = matched
            rows[i, 1 + _ORDER + order] = max(length - order + 1, 0)
    return rows


@kernel
def _closest(length: int, bounds: NDArray[np.int64]) -> int:
    """Give the length of the reference that is nearest to the candidate's, the shorter of two."""
    closest: int = bounds[1] - bounds[0]
    for j in range(1, len(bounds) - 1):
        size = bounds[j + 1] - bounds[j]
        nearer = abs(length - size) - abs(length - closest)
        if nearer < 0 or (nearer == 0 and size < closest):
            closest = size
    return closest


@kernel
def _spans(
    codes: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    text: int,
    classes: Classes,
    padded: bool,
    spans: NDArray[np.int64],
) -> int:
    """Tokenize one text, with its tokens' places in all code points."""
    begin = offsets[text]
    n = tokenize(codes[begin : offsets[text + 1]], classes, padded, spans)
    for i in range(n):
        spans[i, 0] += begin
        spans[i, 1] += begin
    return n
