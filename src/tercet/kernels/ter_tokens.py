"""TER's tokens: sacrebleu's ``TercomTokenizer`` in one scan over code points, and their numbers.

The tokenizer's regular expressions insert spaces one after the other; what counts is only where a
token ends. The scan decides that for each code point from its neighbours. Two facts about the
expressions make it short: those for kana are anchored at the start of the text, where the tokenizer
itself has put a space, so that they never match; and an expression that eats the character before a
full stop keeps the second of two from matching, which is the one thing to be remembered.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tercet.kernels.compiling import inlined, part

Codes = NDArray[np.uint32]
Ints = NDArray[np.int64]

#: How texts are cut: a sum of these.
NORMALIZED, ASIAN, NO_PUNCTUATION = 1, 2, 4

_OTHER, _BLANK, _ALONE, _STOP, _DIGIT, _DASH, _APOSTROPHE, _WIDE = range(8)
_DROPPED = 16
_SPACE, _NEWLINE, _HYPHEN, _LETTER_S, _AMPERSAND = 32, 10, 45, 115, 38
# Python's white space, each as its first and last code point.
_BLANKS = (
    (9, 13),
    (28, 32),
    (0x85,),
    (0xA0,),
    (0x1680,),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F,),
    (0x205F,),
    (0x3000,),
)
# The ASCII signs that sacrebleu sets apart wherever they stand; the space is one of them.
_SIGNS = ((33, 38), (40, 43), (47,), (58, 64), (91, 96), (123, 126))
# sacrebleu's ranges: U+3200 to U+3F22 is its own, for enclosed letters and months (to U+32FF).
_IDEOGRAPHS = (
    (0x4E00, 0x9FFF),
    (0x3200, 0x4DBF),
    (0x31C0, 0x31EF),
    (0x2E80, 0x2EFF),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F),
)
_MARKS = ((0x3001, 0x3002), (0x3008, 0x3011), (0x3014, 0x301F), (0xFF61, 0xFF65), (0x30FB,))
_FULL_WIDTH = ((0xFF0E,), (0xFF0C,), (0xFF1F,), (0xFF1A, 0xFF1B), (0xFF01, 0xFF02), (0xFF08, 0xFF09))
_BASIC_PLANE = 0x10000
# 2^64 divided by the golden ratio, as a signed number (Knuth 6.4), and the prime of FNV-1a.
_SPREAD, _PRIME = -7046029254386353131, 1099511628211
_QUOT, _AMP = tuple(b"quot;"), tuple(b"amp;")


@cache
def kinds(flags: int) -> NDArray[np.uint8]:
    """Say what each code point of the basic plane is to the tokenizer.

    Returns:
        (65536,) a class, and whether the code point is to be left out.
    """
    table = np.full(_BASIC_PLANE, _OTHER, np.uint8)

    def fill(kind: int, *ranges: tuple[int, ...]) -> None:
        for ends in ranges:
            table[ends[0] : ends[-1] + 1] = kind

    if flags & NORMALIZED:
        fill(_ALONE, *_SIGNS)
        fill(_STOP, (44,), (46,))
        fill(_DIGIT, (48, 57))
        fill(_DASH, (_HYPHEN,))
        fill(_APOSTROPHE, (39,))
        if flags & ASIAN:
            fill(_WIDE, *_IDEOGRAPHS, *_MARKS, *_FULL_WIDTH)
    fill(_BLANK, *_BLANKS)
    if flags & NO_PUNCTUATION:
        table[[ord(sign) for sign in '.,?:;!"()']] |= _DROPPED
        if flags & ASIAN:
            for ends in (*_MARKS, *_FULL_WIDTH):
                table[ends[0] : ends[-1] + 1] |= _DROPPED
    return table


class Tokens(NamedTuple):
    """Scratch for the tokens of one text.

    Args:
        codes: Code points of the tokens, with a space after each.
        begins: By token, its first code point.
        ends: By token, behind its last one.
        keys: By token, a hash.
    """

    codes: Codes
    begins: Ints
    ends: Ints
    keys: Ints


def new_tokens(longest: int) -> Tokens:
    """Make scratch for texts with up to so many code points."""
    return Tokens(
        np.empty(2 * longest + 1, np.uint32),
        np.empty(longest + 1, np.int64),
        np.empty(longest + 1, np.int64),
        np.empty(longest + 1, np.int64),
    )


@part
def _escape(clean: Codes, at: int, end: int) -> int:
    """Say which sign is written ``lt;`` or ``gt;`` at a place: its code point, or 0."""
    if at + 3 <= end and clean[at + 1] == 116 and clean[at + 2] == 59:
        if clean[at] == 108:
            return 60
        if clean[at] == 103:
            return 62
    return 0


@part
def _clean(codes: Codes, begin: int, end: int, clean: Codes) -> int:
    """Join lines, then turn XML's escapes into their signs; ``&amp;lt;`` is undone twice, as there.

    Returns:
        How many code points are left.
    """
    length, i = 0, begin
    while i < end:
        if codes[i] != _NEWLINE:
            clean[length] = codes[i]
            length += 1
        elif i + 1 < end and codes[i + 1] == _HYPHEN:
            i += 1
        else:
            clean[length] = _SPACE
            length += 1
        i += 1
    size = i = 0
    while i < length:
        clean[size] = clean[i]
        i += 1
        if clean[size] == _AMPERSAND:
            if _spells(clean, i, length, _QUOT):
                clean[size] = 34
                i += 5
            else:
                if _spells(clean, i, length, _AMP):
                    i += 4
                sign = _escape(clean, i, length)
                if sign:
                    clean[size] = sign
                    i += 3
        size += 1
    return size


@part
def _spells(clean: Codes, at: int, end: int, word: tuple[int, ...]) -> bool:
    if at + len(word) > end:
        return False
    for k in range(len(word)):  # noqa: SIM110 - numba has no all()
        if clean[at + k] != word[k]:
            return False
    return True


@part
def _kind(code: int, table: NDArray[np.uint8]) -> int:
    return table[code] & (_DROPPED - 1) if code < _BASIC_PLANE else _OTHER


@part
def _split(clean: Codes, size: int, table: NDArray[np.uint8], tokens: Tokens) -> int:
    """Cut cleaned text into tokens.

    Returns:
        How many.
    """
    codes, starts, ends, keys = tokens
    count = written = key = 0
    inside = eaten = False
    before = _BLANK
    for i in range(size):
        code = clean[i]
        kind = _kind(code, table)
        after = _kind(clean[i + 1], table) if i + 1 < size else _BLANK
        alone = begins = False
        taken, eaten = eaten, False
        if kind in (_BLANK, _ALONE, _WIDE):
            alone = True
        elif kind == _STOP:
            eaten = before != _DIGIT and not taken
            alone = eaten or after != _DIGIT
        elif kind == _DASH:
            alone = before == _DIGIT
        elif kind == _APOSTROPHE and i + 1 < size and clean[i + 1] == _LETTER_S:
            # A possessive's "s" has a space after it, once there are spaces around each sign.
            begins = i + 2 == size or clean[i + 2] == _SPACE or _kind(clean[i + 2], table) == _ALONE
        before = kind
        if inside and (alone or begins):
            ends[count - 1] = written
            keys[count - 1] = key
            codes[written] = _SPACE
            written += 1
            inside = False
        if kind == _BLANK or (code < _BASIC_PLANE and table[code] & _DROPPED):
            continue
        if not inside:
            starts[count] = written
            count += 1
            key = 0
            inside = True
        codes[written] = code
        written += 1
        key = key * _PRIME + int(np.int64(code))
        if alone:
            ends[count - 1] = written
            keys[count - 1] = key
            codes[written] = _SPACE
            written += 1
            inside = False
    if inside:
        ends[count - 1] = written
        keys[count - 1] = key
    return count


@part
def cut(
    codes: Codes,
    begin: int,
    end: int,
    table: NDArray[np.uint8],
    times: int,
    clean: Codes,
    tokens: Tokens,
) -> int:
    """Cut a text into tokens.

    Args:
        codes: Code points, lower case where case does not count, no white space at the end.
        begin: Where the text begins.
        end: Where it ends.
        table: ``kinds``.
        times: How often it is cleaned and cut; 0 for a text that is only cut. sacrebleu tokenizes
            references twice, and a few differ by that: the ``'s`` of ``it's.`` becomes a token only
            when the full stop is one already.
        clean: Scratch.
        tokens: Scratch, filled.

    Returns:
        How many tokens there are.
    """
    if times == 0:
        for i in range(begin, end):
            clean[i - begin] = codes[i]
        return _split(clean, end - begin, table, tokens)
    count = 0
    for turn in range(times):
        if turn == 0:
            size = _clean(codes, begin, end, clean)
        else:
            size = _clean(tokens.codes, 0, tokens.ends[count - 1] if count else 0, clean)
        count = _split(clean, size, table, tokens)
    return count


@inlined
def _slot(codes: Codes, begin: int, length: int, key: int, known: Tokens, firsts: Ints, slots: Ints, mask: int) -> int:
    """Find a token's slot in the table: the one that names it, or the free one where it belongs."""
    others, begins, ends, keys = known
    slot = ((key * _SPREAD) >> 32) & mask
    same = False
    while slots[slot] >= 0 and not same:
        other = firsts[slots[slot]]
        start = begins[other]
        same = keys[other] == key and ends[other] - start == length
        k = 0
        while same and k < length:
            same = others[start + k] == codes[begin + k]
            k += 1
        if not same:
            slot = (slot + 1) & mask
    return slot


@part
def number(
    hypothesis: Tokens, n: int, reference: Tokens, m: int, slots: Ints, words: Ints, target: Ints, firsts: Ints
) -> int:
    """Number the reference's tokens from 0, and name the hypothesis's by them.

    Args:
        hypothesis: n tokens.
        n: How many.
        reference: m tokens.
        m: How many.
        slots: Scratch, a table of at least 2 m slots, in size a power of 2.
        words: (n,) filled; a token that the reference lacks has the number of types.
        target: (m,) filled.
        firsts: (types,) filled: where a type stands first in the reference.

    Returns:
        How many types the reference has.
    """
    size = 16
    while size < 2 * m:
        size *= 2
    for k in range(size):
        slots[k] = -1
    types = 0
    codes, begins, ends, keys = reference
    for i in range(m):
        slot = _slot(codes, begins[i], ends[i] - begins[i], keys[i], reference, firsts, slots, size - 1)
        if slots[slot] < 0:
            slots[slot] = types
            firsts[types] = i
            types += 1
        target[i] = slots[slot]
    codes, begins, ends, keys = hypothesis
    for i in range(n):
        slot = _slot(codes, begins[i], ends[i] - begins[i], keys[i], reference, firsts, slots, size - 1)
        words[i] = slots[slot] if slots[slot] >= 0 else types
    return types
