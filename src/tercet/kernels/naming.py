"""Exact names for n-grams, and how many of them two texts share.

An n-gram is named by the pair of the (n-1)-grams that it begins and ends with, so that equal names
are equal n-grams and no hash decides. Only the references name n-grams; the candidate looks up, and
one that either side lacks is not tried again as a part of a longer one.

All functions share arrays as scratch:

- ``slots``, (2^b, 2): an open-addressing table; a key, and its name or -1 where the slot is free.
- ``counts``, (2 h, 4), by name: the most that one reference has, what the reference counted last
  has, which one that was, and what the candidate has matched. Names of odd and of even orders have a
  half each, since an order reads what was matched of the one before.
- ``names``: of the n-grams by their first token, of one reference after the other, then of the candidate.
- ``bounds``: the token at which each of these texts begins, and where the last one ends.

Loops are written out here: a call that passes arrays, or a tuple of arrays, costs more than a look-up.
"""

import numpy as np
from numpy.typing import NDArray

from tercet.kernels.compiling import kernel

Codes = NDArray[np.uint32]
Ints = NDArray[np.int64]
Names = NDArray[np.int32]
_KEY, _NAME = 0, 1
_MOST, _NOW, _LAST, _MATCHED = 0, 1, 2, 3
# 2^64 divided by the golden ratio, as a signed number: it spreads consecutive keys (Knuth, 6.4).
_SPREAD = -7046029254386353131
_PRIME = 1099511628211  # of the FNV hash


@kernel
def slots_for(size: int) -> int:
    """Say how many slots serve so many names: a power of two that leaves half of them free."""
    slots = 16
    while slots < 2 * size:
        slots *= 2
    return slots


@kernel
def cleared(slots: Ints, size: int) -> int:
    """Free as many slots as so many names need, and give the mask by which they are found."""
    needed = slots_for(size)
    for slot in range(needed):
        slots[slot, _NAME] = -1
    return needed - 1


@kernel
def name_tokens(slots: Ints, places: Ints, codes: Codes, spans: Ints, names: Names) -> None:
    """Name tokens by their code points, from 0.

    Args:
        slots: Scratch.
        places: Scratch: by name, where a token begins and ends.
        codes: Code points of all texts.
        spans: (n, 2) where each token begins and ends.
        names: (n,) takes the names.
    """
    mask = cleared(slots, len(names))
    new = 0
    for i in range(len(names)):
        begin, end = spans[i, 0], spans[i, 1]
        # Up to three code points are the key itself, from 0; a longer token has a hash below 0.
        key = np.int64(0)
        if end - begin <= 3:
            for j in range(begin, end):
                key = (key << 21) | (np.int64(codes[j]) + 1)
        else:
            for j in range(begin, end):
                key = key * _PRIME + np.int64(codes[j])
            key |= -0x8000000000000000
        slot = ((key * _SPREAD) >> 32) & mask
        while True:
            name = slots[slot, _NAME]
            if name < 0:
                name = new
                slots[slot, _KEY], slots[slot, _NAME] = key, name
                places[name, 0], places[name, 1] = begin, end
                new += 1
                break
            if slots[slot, _KEY] == key and (key >= 0 or _same(codes, places[name, 0], places[name, 1], begin, end)):
                break
            slot = (slot + 1) & mask
        names[i] = name


@kernel
def _same(codes: Codes, begin: int, end: int, other: int, other_end: int) -> bool:
    """Compare two tokens, code point by code point."""
    if end - begin != other_end - other:
        return False
    i = 0
    while begin + i < end and codes[begin + i] == codes[other + i]:
        i += 1
    return begin + i == end


@kernel
def name_characters(slots: Ints, characters: Codes, names: Names) -> None:
    """Name characters by themselves, from 0.

    Args:
        slots: Scratch.
        characters: (n,) code points.
        names: (n,) takes the names.
    """
    mask = cleared(slots, len(names))
    new = 0
    for i in range(len(names)):
        key = np.int64(characters[i])
        slot = ((key * _SPREAD) >> 32) & mask
        while slots[slot, _NAME] >= 0 and slots[slot, _KEY] != key:
            slot = (slot + 1) & mask
        if slots[slot, _NAME] < 0:
            slots[slot, _KEY], slots[slot, _NAME] = key, new
            new += 1
        names[i] = slots[slot, _NAME]


@kernel
def match_tokens(counts: Names, bounds: Ints, names: Names) -> int:
    """Count the named tokens of a candidate that its references have, clipped.

    Args:
        counts: Takes the counts.
        bounds: Where each text begins, and where the last one ends.
        names: Of all tokens, from 0; -1 afterwards where the candidate has what no reference has.
    """
    last = len(bounds) - 2
    for i in range(bounds[-1]):
        counts[i, _MOST] = 0
        counts[i, _LAST] = -1
        counts[i, _MATCHED] = 0
    for reference in range(last):
        for i in range(bounds[reference], bounds[reference + 1]):
            name = names[i]
            if counts[name, _LAST] != reference:
                counts[name, _LAST] = reference
                counts[name, _NOW] = 0
            counts[name, _NOW] += 1
            counts[name, _MOST] = max(counts[name, _MOST], counts[name, _NOW])
    matched = 0
    for i in range(bounds[last], bounds[last + 1]):
        name = names[i]
        if counts[name, _MATCHED] < counts[name, _MOST]:
            counts[name, _MATCHED] += 1
            matched += 1
        elif counts[name, _MOST] == 0:
            names[i] = -1
    return matched


@kernel
def match_longer(slots: Ints, counts: Names, order: int, bounds: Ints, names: Names) -> int:
    """Turn names of (n-1)-grams into names of n-grams, and count those that match, clipped.

    Args:
        slots: Scratch.
        counts: As the order before has left it.
        order: n, from 2.
        bounds: Where each text begins, and where the last one ends.
        names: Of (n-1)-grams by their first token; of n-grams afterwards, -1 where one side lacks it.
    """
    last = len(bounds) - 2
    mask = cleared(slots, bounds[last])
    new = (len(counts) // 2) * ((order - 1) & 1)
    for reference in range(last):
        for i in range(bounds[reference], bounds[reference + 1] - order + 1):
            first, second = np.int64(names[i]), np.int64(names[i + 1])
            if first < 0 or second < 0 or counts[first, _MATCHED] == 0 or counts[second, _MATCHED] == 0:
                names[i] = -1
                continue
            key = (first << 32) | second
            slot = ((key * _SPREAD) >> 32) & mask
            while slots[slot, _NAME] >= 0 and slots[slot, _KEY] != key:
                slot = (slot + 1) & mask
            name = slots[slot, _NAME]
            if name < 0:
                name = new
                new += 1
                slots[slot, _KEY], slots[slot, _NAME] = key, name
                counts[name, _MOST] = counts[name, _MATCHED] = 0
                counts[name, _LAST] = -1
            names[i] = name
            if counts[name, _LAST] != reference:
                counts[name, _LAST] = reference
                counts[name, _NOW] = 0
            counts[name, _NOW] += 1
            counts[name, _MOST] = max(counts[name, _MOST], counts[name, _NOW])
    matched = 0
    for i in range(bounds[last], bounds[last + 1] - order + 1):
        first, second = np.int64(names[i]), np.int64(names[i + 1])
        names[i] = -1
        if first < 0 or second < 0:
            continue
        key = (first << 32) | second
        slot = ((key * _SPREAD) >> 32) & mask
        while slots[slot, _NAME] >= 0 and slots[slot, _KEY] != key:
            slot = (slot + 1) & mask
        name = slots[slot, _NAME]
        names[i] = name
        if name >= 0 and counts[name, _MATCHED] < counts[name, _MOST]:
            counts[name, _MATCHED] += 1
            matched += 1
    return matched
