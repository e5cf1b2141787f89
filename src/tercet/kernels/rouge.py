"""ROUGE-1, -2, -L and -Lsum of many pairs: rouge-score's hits, and its numbers from them.

Longest common subsequences are bit-parallel (Hyyrö, Bit-parallel LCS-length computation revisited,
2004), with one bit a reference token. For ROUGE-Lsum the bit vector of every candidate token is
kept, and the walk back from the end takes the path that rouge-score's table takes: equal tokens are
taken, else the reference token is passed over where the bit is set, else the candidate's.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tercet.kernels.compiling import kernel, part
from tercet.kernels.packing import MOST_LETTERS, Offsets, offsets_of
from tercet.kernels.words import Numbers, Tokenized

Bits = NDArray[np.uint64]
Arrays = tuple[Numbers, Offsets, Offsets, Offsets]  # ids, offsets, ends, sentence_offsets
Scratch = tuple[Numbers, Numbers, Numbers, Numbers, Offsets, Numbers, Bits, Bits, Numbers]
_ONE, _ZERO, _ALL, _SIX, _LOW = np.uint64(1), np.uint64(0), np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64(6), np.uint64(63)
# One bit a pair of tokens is kept for ROUGE-Lsum: two thousand million of them take 250 MB.
_LARGEST_TABLE = 2_000_000_000
_MOST_TOKENS = 1 << 20  # of a reference: two of their numbers are the key of a bigram
Texts = tuple[str, tuple[str, ...]]


def statistics(
    texts: Iterable[Texts], tokenize: Callable[[Sequence[str]], Tokenized], *, mean: bool
) -> tuple[NDArray[np.float64], dict[int, str]]:
    """Take precision, recall and F1 of the four types.

    Args:
        texts: n candidates, each with its references, a sentence a line.
        tokenize: From ``tercet.kernels.words``.
        mean: Whether several references count by their mean; else the best by F1, type by type.

    Returns:
        (n, 12) numbers, and by index why a segment has none; an empty reason means that a reference
        has no token.
    """
    values: list[NDArray[np.float64]] = []
    unscored: dict[int, str] = {}
    place = 0
    for block in _blocks(texts):
        found, reasons = _block(block, tokenize, mean)
        unscored |= {place + index: reason for index, reason in reasons.items()}
        values.append(found)
        place += len(block)
    return np.concatenate(values), unscored


def _blocks(texts: Iterable[Texts]) -> Iterator[list[Texts]]:
    block: list[Texts] = []
    letters = 0
    for candidate, references in texts:
        block.append((candidate, references))
        letters += len(candidate) + sum(map(len, references))
        if letters > MOST_LETTERS:
            yield block
            block, letters = [], 0
    if block:
        yield block


def _block(
    block: list[Texts], tokenize: Callable[[Sequence[str]], Tokenized], mean: bool
) -> tuple[NDArray[np.float64], dict[int, str]]:
    size = len(block)
    counts = np.array([len(references) for _, references in block])
    found = tokenize([*(candidate for candidate, _ in block), *(r for _, references in block for r in references)])
    candidates = np.repeat(np.arange(size), counts)
    references = size + np.arange(candidates.size)
    lengths = np.diff(found.offsets)
    fits = (lengths[candidates] * lengths[references] <= _LARGEST_TABLE) & (lengths[references] < _MOST_TOKENS)
    unscored = {
        int(
            candidates[pair]
        ): f"too long for ROUGE-L: {lengths[candidates[pair]]} by {lengths[references[pair]]} tokens"
        for pair in np.flatnonzero(~fits)
    }
    unscored |= dict.fromkeys(candidates[lengths[references] == 0].tolist(), "")
    scores = np.zeros((candidates.size, 4, 3))
    scores[fits] = _scores(hits(found, candidates[fits], references[fits]))
    return _over_references(scores, offsets_of(counts.tolist()), mean), unscored


def _scores(found: NDArray[np.int64]) -> NDArray[np.float64]:
    """(n, 4, 3) precision, recall and F1, as rouge-score divides."""
    common = found[:, :4]
    bases = np.maximum(found[:, None, 4:] - np.array([0, 1, 0, 0])[None, :, None], 1)
    scores = np.zeros((len(found), 4, 3))
    scores[..., :2] = common[..., None] / bases
    precision, recall = scores[..., 0], scores[..., 1]
    total = precision + recall
    np.divide(2 * precision * recall, total, out=scores[..., 2], where=total > 0)
    return scores


def _over_references(scores: NDArray[np.float64], offsets: Offsets, mean: bool) -> NDArray[np.float64]:
    """Turn the scores of pairs into those of segments; (n, 12)."""
    size = offsets.size - 1
    if offsets[-1] == size:  # one reference each
        return scores.reshape(size, 12)
    result = np.empty((size, 4, 3))
    for i in range(size):
        several = scores[offsets[i] : offsets[i + 1]]
        if mean:
            total = np.zeros((4, 3))
            for one in several:
                total += one
            result[i] = total / len(several)
        else:
            result[i] = several[several[..., 2].argmax(axis=0), np.arange(4)]
    return result.reshape(size, 12)


def hits(found: Tokenized, candidates: Offsets, references: Offsets) -> NDArray[np.int64]:
    """Count what the four ROUGE types have in common in pairs of texts.

    Args:
        found: The tokens.
        candidates: (n,) the text that is the candidate of each pair.
        references: (n,) the text that is its reference.

    Returns:
        (n, 6): common unigrams, bigrams, longest common subsequence and its union over sentences;
        tokens of the candidate and of the reference.
    """
    result = np.zeros((candidates.size, 6), dtype=np.int64)
    lengths = np.diff(found.offsets)
    longest = int(lengths[references].max(initial=0))
    words = int(lengths[candidates].max(initial=0))
    slots = 16
    while slots < 2 * longest:
        slots *= 2
    scratch = (
        np.full(max(found.types, 1), -1, dtype=np.int32),  # a reference token's number within the pair
        np.empty(longest + 1, dtype=np.int32),
        np.empty(words + 1, dtype=np.int32),
        np.empty((4, longest + 1), dtype=np.int32),
        np.zeros(slots, dtype=np.int64),
        np.zeros(slots, dtype=np.int32),
        np.empty((3, longest // 64 + 2), dtype=np.uint64),
        np.zeros(longest + 1, dtype=np.uint64),
        np.full(longest + 1, -1, dtype=np.int32),
    )
    texts = (found.ids, found.offsets, found.ends, found.sentence_offsets)
    _score(texts, candidates, references, _columns(found, candidates, references), scratch, result)
    return result


def _columns(found: Tokenized, candidates: Offsets, references: Offsets) -> Bits:
    """Make room for the bit vectors of the longest pair of sentences."""
    starts = np.concatenate([[0], found.ends[:-1]]) if found.ends.size else found.ends
    sizes = np.append(found.ends - starts, 0)
    # A sentence's start is the end of the one before it, also across texts.
    firsts, lasts = found.sentence_offsets[:-1], found.sentence_offsets[1:]
    longest = np.zeros(firsts.size, dtype=np.int64)
    some = lasts > firsts
    if some.any():
        longest[some] = np.maximum.reduceat(sizes, firsts[some])
    pairs = longest[candidates] * (longest[references] // 64 + 1)
    return np.empty(int(pairs.max(initial=1)) + 1, dtype=np.uint64)


@kernel
def _score(
    texts: Arrays, candidates: Offsets, references: Offsets, columns: Bits, scratch: Scratch, result: Offsets
) -> None:
    ids, offsets, _, sentence_offsets = texts
    local, ref, cand, counts, keys, stamps, vectors, masks, heads = scratch
    for pair in range(candidates.size):
        c, r = candidates[pair], references[pair]
        n, m = offsets[c + 1] - offsets[c], offsets[r + 1] - offsets[r]
        row = result[pair]
        row[4], row[5] = n, m
        if n == 0 or m == 0:
            continue
        distinct = 0
        for i in range(m):
            token = ids[offsets[r] + i]
            if local[token] < 0:
                local[token] = distinct
                counts[0, distinct] = 0
                counts[2, distinct] = 0
                distinct += 1
            ref[i] = local[token]
            counts[0, ref[i]] += 1
        for k in range(distinct):
            counts[1, k] = counts[0, k]
        for j in range(n):
            number = local[ids[offsets[c] + j]]
            cand[j] = number
            if number >= 0:
                counts[2, number] += 1
                if counts[1, number] > 0:
                    counts[1, number] -= 1
                    row[0] += 1
        for i in range(m):
            local[ids[offsets[r] + i]] = -1
        row[1] = _bigrams(ref[:m], cand[:n], keys, stamps, pair + 1)
        row[2] = _common(ref[:m], cand[:n], vectors, masks, heads, counts[3])
        if sentence_offsets[c + 1] - sentence_offsets[c] == 1 and sentence_offsets[r + 1] - sentence_offsets[r] == 1:
            row[3] = row[2]
        else:
            row[3] = _union(texts, c, r, ref, cand, columns, vectors, masks, heads, counts)


@part
def _bigrams(ref: Numbers, cand: Numbers, keys: Offsets, stamps: Numbers, stamp: int) -> int:
    """Count common bigrams: a table of the reference's, whose entries the candidate's use up.

    An entry is a key and, in its high half, what is left of it; a slot whose stamp is not this pair's
    is empty.
    """
    size = 16
    while size < 2 * ref.size:
        size *= 2
    mask = size - 1
    left_one = np.int64(1) << np.int64(40)
    low = left_one - 1
    for i in range(ref.size - 1):
        key = np.int64(ref[i]) << np.int64(20) | np.int64(ref[i + 1])
        slot = (key * 0x9E3779B1 >> 15) & mask
        while stamps[slot] == stamp and keys[slot] & low != key:
            slot = (slot + 1) & mask
        if stamps[slot] != stamp:
            stamps[slot] = stamp
            keys[slot] = key
        keys[slot] += left_one
    common = 0
    for j in range(cand.size - 1):
        if cand[j] < 0 or cand[j + 1] < 0:
            continue
        key = np.int64(cand[j]) << np.int64(20) | np.int64(cand[j + 1])
        slot = (key * 0x9E3779B1 >> 15) & mask
        while stamps[slot] == stamp and keys[slot] & low != key:
            slot = (slot + 1) & mask
        if stamps[slot] == stamp and keys[slot] >= left_one:
            keys[slot] -= left_one
            common += 1
    return common


@part
def _common(ref: Numbers, cand: Numbers, vectors: Bits, masks: Bits, heads: Numbers, following: Numbers) -> int:
    """The length of the longest common subsequence."""
    m = ref.size
    if m <= 64:
        for i in range(m):
            masks[ref[i]] |= _ONE << np.uint64(i)
        v = _ALL
        for j in range(cand.size):
            if cand[j] >= 0:
                u = v & masks[cand[j]]
                v = (v + u) | (v - u)
        for i in range(m):
            masks[ref[i]] = _ZERO
        zeros = 0
        for i in range(m):
            zeros += int((v >> np.uint64(i)) & _ONE == _ZERO)
        return zeros
    words = (m + 63) >> 6
    _chain(ref, heads, following)
    v, match = vectors[0], vectors[1]
    v[:words] = _ALL
    match[:words] = _ZERO
    for j in range(cand.size):
        if cand[j] >= 0:
            _step(v, match, words, cand[j], heads, following)
    for i in range(m):
        heads[ref[i]] = -1
    zeros = 0
    for i in range(m):
        zeros += int((v[i >> 6] >> (np.uint64(i) & _LOW)) & _ONE == _ZERO)
    return zeros


@part
def _chain(ref: Numbers, heads: Numbers, following: Numbers) -> None:
    """Link the places of each token: less memory than a mask for each, and no slower."""
    for i in range(ref.size - 1, -1, -1):
        following[i] = heads[ref[i]]
        heads[ref[i]] = i


@part
def _step(v: Bits, match: Bits, words: int, number: int, heads: Numbers, following: Numbers) -> None:
    """Take one candidate token into the vector of ``words`` words."""
    place = heads[number]
    while place >= 0:
        match[place >> 6] |= _ONE << (np.uint64(place) & _LOW)
        place = following[place]
    carry = _ZERO
    for w in range(words):
        u = v[w] & match[w]
        total = v[w] + u
        over = np.uint64(total < u)
        total += carry
        over |= np.uint64(total < carry)
        v[w] = total | (v[w] - u)
        carry = over
    place = heads[number]
    while place >= 0:
        match[place >> 6] = _ZERO
        place = following[place]


@part
def _union(
    texts: Arrays,
    c: int,
    r: int,
    ref: Numbers,
    cand: Numbers,
    columns: Bits,
    vectors: Bits,
    masks: Bits,
    heads: Numbers,
    counts: Numbers,
) -> int:
    """Hits of ROUGE-Lsum: per reference sentence the union of its subsequences, clipped by counts."""
    _, offsets, ends, sentence_offsets = texts
    left_cand, left_ref, following, hit = counts[2], counts[0], counts[3], vectors[2]
    common = 0
    low = 0
    for s in range(sentence_offsets[r], sentence_offsets[r + 1]):
        high = ends[s] - offsets[r]
        sentence = ref[low:high]
        words = (sentence.size + 63) >> 6
        hit[:words] = _ZERO
        if words == 1:
            for i in range(sentence.size):
                masks[sentence[i]] |= _ONE << np.uint64(i)
        else:
            _chain(sentence, heads, following)
        start = 0
        for t in range(sentence_offsets[c], sentence_offsets[c + 1]):
            stop = ends[t] - offsets[c]
            if words == 1:
                hit[0] |= _walk_word(sentence, cand[start:stop], columns, masks)
            else:
                _walk(sentence, cand[start:stop], columns, vectors, heads, following)
            start = stop
        for i in range(sentence.size):
            number = sentence[i]
            masks[number] = _ZERO
            heads[number] = -1
            if (
                (hit[i >> 6] >> (np.uint64(i) & _LOW)) & _ONE != _ZERO
                and left_cand[number] > 0
                and left_ref[number] > 0
            ):
                common += 1
                left_cand[number] -= 1
                left_ref[number] -= 1
        low = high
    return common


@part
def _walk_word(sentence: Numbers, cand: Numbers, columns: Bits, masks: Bits) -> np.uint64:
    """The places that a subsequence takes in a sentence of up to 64 tokens, as bits."""
    v = _ALL
    any_match = _ZERO
    for j in range(cand.size):
        match = masks[cand[j]] if cand[j] >= 0 else _ZERO
        any_match |= match
        u = v & match
        v = (v + u) | (v - u)
        columns[j] = v
    hit = _ZERO
    if any_match == _ZERO:
        return hit
    i, j = sentence.size, cand.size
    while i > 0 and j > 0:
        if sentence[i - 1] == cand[j - 1]:
            i -= 1
            j -= 1
            hit |= _ONE << np.uint64(i)
        elif (columns[j - 1] >> np.uint64(i - 1)) & _ONE != _ZERO:
            i -= 1
        else:
            j -= 1
    return hit


@part
def _walk(sentence: Numbers, cand: Numbers, columns: Bits, vectors: Bits, heads: Numbers, following: Numbers) -> None:
    """Add the places that a subsequence takes in a longer sentence to ``vectors[2]``."""
    v, match, hit = vectors[0], vectors[1], vectors[2]
    words = (sentence.size + 63) >> 6
    v[:words] = _ALL
    match[:words] = _ZERO
    for j in range(cand.size):
        if cand[j] >= 0:
            _step(v, match, words, cand[j], heads, following)
        columns[j * words : (j + 1) * words] = v[:words]
    i, j = sentence.size, cand.size
    while i > 0 and j > 0:
        if sentence[i - 1] == cand[j - 1]:
            i -= 1
            j -= 1
            hit[i >> 6] |= _ONE << (np.uint64(i) & _LOW)
        elif (columns[(j - 1) * words + ((i - 1) >> 6)] >> (np.uint64(i - 1) & _LOW)) & _ONE != _ZERO:
            i -= 1
        else:
            j -= 1
