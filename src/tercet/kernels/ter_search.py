"""TER's search for shifts: sacrebleu's ``lib_ter``, step for step, less what cannot change its result.

Three things save the time. Candidates of a round are counted before any is tried: a round that
reaches the limit is thrown away whole, and it is there that the reference implementation spends its
time. A shift that moves a words past b others changes the distance by 2 min(a, b) at the most, and no
order of the words comes below the number of those without a partner: what cannot win is not tried.
Candidates are tried in the order of preference (longest, then first, then to the first place), so
that only a larger gain counts and a tie needs no look.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tercet.kernels.compiling import part
from tercet.kernels.ter_distance import (
    DELETION,
    INSERTION,
    MATCH,
    Beam,
    Bits,
    Cells,
    Ints,
    Rows,
    Text,
    cheapest_outside,
    climb,
    descend,
    distance_rotated,
    fill_cells,
    index,
    lay_beam,
    walk_back,
    walk_back_cells,
    width_of_cells,
)

_LONGEST_SHIFT = 10
_FARTHEST = 50
_MOST_CANDIDATES = 1000
# Words of bits for the columns of each type: 4 MiB, enough for texts of some 4,000 different words.
_LARGEST_INDEX = 1 << 19
# From so many candidates on it pays to know what the rows below a change cost.
_MANY = 64


class Alignment(NamedTuple):
    """Which words of the hypothesis and the reference belong together.

    Args:
        places: (m,) by word of the reference, the hypothesis's last word up to it; -1 for none.
        wrong: (n + 1,) how many words of the hypothesis before one are not matched.
        missed: (m + 1,) how many words of the reference before one are not matched.
    """

    places: Ints
    wrong: Ints
    missed: Ints


class Shifts(NamedTuple):
    """The candidates of a round, by length.

    Args:
        counts: (10,) how many.
        starts: (10, limit) the first word to be moved.
        targets: (10, limit) before which word it goes.
        seen: (10, n + 1) by length and target, the last turn and start that went there.
        heads: By type, where it stands first in the part of the reference that is near enough.
        firsts: By type, where it stands first in the reference.
        following: By word of the reference, where the same stands next; -1 for nowhere.
    """

    counts: Ints
    starts: NDArray[np.int32]
    targets: NDArray[np.int32]
    seen: NDArray[np.int32]
    heads: Ints
    firsts: Ints
    following: Ints


class Search(NamedTuple):
    """Scratch for pairs of texts."""

    beam: Beam
    rows: Rows
    rest: Cells
    where: Bits
    alignment: Alignment
    shifts: Shifts
    moved: Ints
    operations: NDArray[np.uint8]


def new_search(words: int, target: int) -> Search:
    """Make scratch for hypotheses and references with up to so many words."""
    rows, columns = words + 2, target + 2
    index_size = min(_LARGEST_INDEX, (target // 64 + 2) * (target + 1))
    return Search(
        beam=Beam(
            np.empty(rows, np.int64),
            np.empty(rows, np.int64),
            np.empty(rows, np.uint64),
            np.empty(rows, np.uint64),
            np.empty(rows, np.uint64),
        ),
        rows=Rows(
            np.empty(rows, np.uint64),
            np.empty(rows, np.uint64),
            np.empty(rows, np.uint64),
            np.empty(rows, np.uint64),
            np.empty(rows, np.int64),
        ),
        rest=np.empty((rows, 64), np.int32),
        where=np.empty(index_size, np.uint64),
        alignment=Alignment(np.empty(columns, np.int64), np.empty(rows, np.int64), np.empty(columns, np.int64)),
        shifts=Shifts(
            np.empty(_LONGEST_SHIFT, np.int64),
            np.empty((_LONGEST_SHIFT, _MOST_CANDIDATES), np.int32),
            np.empty((_LONGEST_SHIFT, _MOST_CANDIDATES), np.int32),
            np.empty((_LONGEST_SHIFT, rows), np.int32),
            np.empty(columns, np.int64),
            np.empty(columns, np.int64),
            np.empty(columns, np.int64),
        ),
        moved=np.empty(rows, np.int64),
        operations=np.empty(rows + columns, np.uint8),
    )


@part
def edits(words: Ints, target: Ints, types: int, search: Search) -> int:
    """Count the shifts that sacrebleu applies, and the edits that are left.

    Args:
        words: (n,) the hypothesis, n > 0; the shifts are applied to it.
        target: (m,) the reference, m > 0.
        types: How many different words the reference has, numbered from 0; others are ``types``.
        search: Scratch.
    """
    n, m, beam = words.size, target.size, search.beam
    narrow = lay_beam(n, m, beam)
    text = Text(target, search.where, index(target, types, search.where))
    width = 0 if narrow else width_of_cells(n, beam)
    cells = np.empty(width * (n + 1), np.int32)
    least = max(n, m) - _partners(words, target, types, search.shifts)
    reach = cheapest_outside(n, m, beam)
    distance = descend(words, text, beam, search.rows, 0) if narrow else fill_cells(words, target, beam, width, cells)
    shifts = checked = 0
    ready = n + 1
    while distance > least:
        _align(words, text, search, width, cells)
        checked = _collect(words, target, types, search, checked, shifts)
        if checked >= _MOST_CANDIDATES:
            break
        joined = narrow and search.shifts.counts.sum() >= _MANY
        if joined:
            climb(words, target, beam, search.rest, ready)
            ready = 1
        gain, begin, middle, end = _best(words, text, search, width, cells, joined, distance, least, distance <= reach)
        if gain == 0:
            break
        ready = max(ready, end)
        shifts += 1
        _rotate(words, begin, middle, end, search.moved)
        if narrow:
            distance = descend(words, text, beam, search.rows, begin)
        else:
            distance = fill_cells(words, target, beam, width, cells)
    return shifts + distance


@part
def _partners(words: Ints, target: Ints, types: int, shifts: Shifts) -> int:
    """Count the words that both have, in any order; and note where each stands in the reference."""
    _, _, _, seen, left, firsts, following = shifts
    for k in range(types + 1):
        left[k] = 0
        firsts[k] = -1
    for length in range(_LONGEST_SHIFT):
        for i in range(words.size + 1):
            seen[length, i] = -1
    for i in range(target.size - 1, -1, -1):
        left[target[i]] += 1
        following[i] = firsts[target[i]]
        firsts[target[i]] = i
    found = 0
    for i in range(words.size):
        if left[words[i]] > 0:
            left[words[i]] -= 1
            found += 1
    return found


@part
def _align(words: Ints, text: Text, search: Search, width: int, cells: Cells) -> None:
    """Align the hypothesis with the reference."""
    operations, target = search.operations, text.words
    if width:
        count = walk_back_cells(words, target, search.beam, width, cells, operations)
    else:
        count = walk_back(words, text, search.beam, search.rows, operations)
    places, wrong, missed = search.alignment
    i = j = 0
    wrong[0] = missed[0] = 0
    for k in range(count - 1, -1, -1):
        kind = operations[k]
        if kind != INSERTION:
            i += 1
            wrong[i] = wrong[i - 1] + (kind != MATCH)
        if kind != DELETION:
            places[j] = i - 1
            j += 1
            missed[j] = missed[j - 1] + (kind != MATCH)


@part
def _collect(words: Ints, target: Ints, types: int, search: Search, checked: int, turn: int) -> int:
    """Count the candidates of a round, the turn-th, and keep each different one.

    Returns:
        ``checked`` and the candidates; where that reaches the limit, not all of them.
    """
    n, m = words.size, target.size
    places, wrong, missed = search.alignment
    counts, starts, targets, seen, heads, firsts, following = search.shifts
    for k in range(types + 1):
        heads[k] = firsts[k]
    for k in range(_LONGEST_SHIFT):
        counts[k] = 0
    for start in range(n):
        r = heads[words[start]]
        while r >= 0 and r < start - _FARTHEST:
            r = following[r]
        heads[words[start]] = r
        stamp = turn * n + start
        while r >= 0 and r <= start + _FARTHEST:
            length = 0
            longest = min(_LONGEST_SHIFT, n - start, m - r)
            while length < longest and words[start + length] == target[r + length]:
                length += 1
                if wrong[start + length] == wrong[start] or missed[r + length] == missed[r]:
                    continue
                if start <= places[r] < start + length:
                    continue
                last = -1
                for j in range(r - 1, r + length):
                    place = places[j] + 1 if j >= 0 else 0
                    if place == last:
                        continue
                    last = place
                    checked += 1
                    if checked >= _MOST_CANDIDATES:
                        return checked
                    if place != start and seen[length - 1, place] != stamp:
                        seen[length - 1, place] = stamp
                        starts[length - 1, counts[length - 1]] = start
                        targets[length - 1, counts[length - 1]] = place
                        counts[length - 1] += 1
            r = following[r]
    return checked


@part
def _best(
    words: Ints,
    text: Text,
    search: Search,
    width: int,
    cells: Cells,
    joined: bool,
    distance: int,
    least: int,
    true: bool,
) -> tuple[int, int, int, int]:
    """Find the shift that sacrebleu ranks first among those that gain.

    Args:
        words: The hypothesis.
        text: The reference.
        search: With the candidates.
        width: Of a row of cells; 0 where rows are bits.
        cells: Scratch.
        joined: Whether ``rest`` is filled.
        distance: Without a shift.
        least: What no shift comes below.
        true: Whether the beam has no part in the distance, so that a shift's size limits its gain.

    Returns:
        The gain, 0 where none gains; and the three ends of the two runs of words that change places.
    """
    counts, starts, targets, _, _, _, _ = search.shifts
    beam, rows, rest, moved = search.beam, search.rows, search.rest, search.moved
    best = (0, 0, 0, 0)
    for length in range(_LONGEST_SHIFT, 0, -1):
        for k in range(counts[length - 1]):
            start, place = int(starts[length - 1, k]), int(targets[length - 1, k])
            begin, middle, end = _runs(start, length, place, words.size)
            limit = distance - least
            if true:
                limit = min(limit, 2 * min(middle - begin, end - middle))
            if limit <= best[0]:
                continue
            if width:
                _rotate(words, begin, middle, end, moved)
                found = fill_cells(words, text.words, beam, width, cells)
                _rotate(words, begin, begin + end - middle, end, moved)
            else:
                found = distance_rotated(words, text, beam, rows, rest, joined, (begin, middle, end), distance)
            if distance - found > best[0]:
                best = (distance - found, begin, middle, end)
    return best


@part
def _runs(start: int, length: int, place: int, n: int) -> tuple[int, int, int]:
    """Say which two runs of words change places; a target among the moved words means so many words on."""
    if place < start:
        return place, start, start + length
    if place > start + length:
        return start, start + length, place
    return start, start + length, min(place + length, n)


@part
def _rotate(words: Ints, begin: int, middle: int, end: int, moved: Ints) -> None:
    """Put the words from ``middle`` to ``end`` before those from ``begin`` to ``middle``."""
    for i in range(begin, middle):
        moved[i - begin] = words[i]
    for i in range(middle, end):
        words[begin + i - middle] = words[i]
    for i in range(begin, middle):
        words[i + end - middle] = moved[i - begin]
