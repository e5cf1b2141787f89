"""TER of many segments: sacrebleu's edits and reference lengths."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tercet.kernels.compiling import kernel
from tercet.kernels.packing import Codes, Offsets, offsets_of, pack
from tercet.kernels.ter_search import Search, edits, new_search
from tercet.kernels.ter_tokens import ASIAN, NO_PUNCTUATION, NORMALIZED, Tokens, cut, kinds, new_tokens, number

_TOGETHER = 1024


def statistics(
    candidates: Sequence[str],
    references: Sequence[Sequence[str]],
    *,
    normalized: bool = False,
    asian: bool = False,
    case_sensitive: bool = False,
    no_punct: bool = False,
) -> NDArray[np.float64]:
    """Take the statistics that ``sacrebleu.TER`` sums over a corpus.

    Args:
        candidates: n texts.
        references: For each of them one reference or more.
        normalized: sacrebleu's option of that name.
        asian: sacrebleu's ``asian_support``.
        case_sensitive: sacrebleu's option of that name.
        no_punct: sacrebleu's option of that name.

    Returns:
        (n, 2): the fewest edits to a reference; the mean number of tokens of the references.
    """
    flags = NORMALIZED * normalized + ASIAN * asian + NO_PUNCTUATION * no_punct
    result = np.empty((len(candidates), 2))
    for begin in range(0, len(candidates), _TOGETHER):
        some = references[begin : begin + _TOGETHER]
        # The tokenizer, too, lowers a text whole: a few letters become two, and a sigma may be a last one.
        ours = [text.rstrip() for text in candidates[begin : begin + _TOGETHER]]
        theirs = [text.rstrip() for texts in some for text in texts]
        if not case_sensitive:
            ours, theirs = [text.lower() for text in ours], [text.lower() for text in theirs]
        _measure(
            *pack(ours),
            *pack(theirs),
            offsets_of([len(texts) for texts in some]),
            kinds(flags),
            2 if normalized else 0,
            new_tokens(max(map(len, ours), default=0)),
            new_tokens(max(map(len, theirs), default=0)),
            new_search(max(map(len, ours), default=0), max(map(len, theirs), default=0)),
            result[begin : begin + _TOGETHER],
        )
    return result


@kernel
def _measure(
    ours: Codes,
    our_offsets: Offsets,
    theirs: Codes,
    their_offsets: Offsets,
    groups: Offsets,
    table: NDArray[np.uint8],
    times: int,
    hypothesis: Tokens,
    reference: Tokens,
    search: Search,
    result: NDArray[np.float64],
) -> None:
    """Measure each candidate against its group of references."""
    longest = max(hypothesis.keys.size, reference.keys.size)
    clean = np.empty(2 * longest + 1, np.uint32)
    slots = np.empty(4 * longest + 16, np.int64)
    words = np.empty(hypothesis.keys.size, np.int64)
    target = np.empty(reference.keys.size, np.int64)
    firsts = np.empty(reference.keys.size, np.int64)
    for i in range(result.shape[0]):
        n = cut(ours, our_offsets[i], our_offsets[i + 1], table, min(times, 1), clean, hypothesis)
        fewest, total = np.iinfo(np.int64).max, 0
        for k in range(groups[i], groups[i + 1]):
            m = cut(theirs, their_offsets[k], their_offsets[k + 1], table, times, clean, reference)
            total += m
            if n == 0 or m == 0:
                fewest = min(fewest, max(n, m))
                continue
            types = number(hypothesis, n, reference, m, slots, words, target, firsts)
            fewest = min(fewest, edits(words[:n], target[:m], types, search))
        result[i, 0] = fewest
        result[i, 1] = total / (groups[i + 1] - groups[i])
