"""sacrebleu's beam edit distance, a row of the table in one machine word.

The table has a row for each word of the hypothesis and a column for each word of the reference; a
beam lets a row have only the columns near the diagonal, 50 of them at the most. So a row's steps
from column to column, each -1, 0 or 1, fit into two words of bits, and a row follows from the one
above it in some twenty operations (Myers, 1999, in the form of Hyyrö, 2003). Bit k of a row is
column ``low + k``.

Cells outside the beam are infinite in the reference implementation. Here they have the values 1
higher than their neighbour towards the beam, which no cell inside then prefers, and a match may not
begin there; the steps inside the beam stay between -1 and 1 because the beam's ends never go back.

Where the reference is more than 50 times as long as the hypothesis the beam is wider than a word;
then cells are computed one by one.

The reference implementation caches rows by prefix. That cannot change a number: all hypotheses of a
search have one length, so that a row depends on its prefix alone.
"""

from math import ceil, floor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tercet.kernels.compiling import inlined, part

Bits = NDArray[np.uint64]
Ints = NDArray[np.int64]
Cells = NDArray[np.int32]

_BEAM = 25
_WORD_BITS = 62
_INFINITE = 1 << 29
_ZERO, _ONE, _TWO, _FOUR = np.uint64(0), np.uint64(1), np.uint64(2), np.uint64(4)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_ODD, _PAIRS, _HALVES = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333), np.uint64(0x0F0F0F0F0F0F0F0F)
_BYTES, _TOP, _LOW_SIX, _SIX, _LAST = (np.uint64(n) for n in (0x0101010101010101, 56, 63, 6, 63))

MATCH, SUBSTITUTION, DELETION, INSERTION = range(4)


class Beam(NamedTuple):
    """By row, which columns it has, from ``low`` to below ``high``.

    Args:
        low: (rows,).
        high: (rows,); of row 0, which has all columns, those that row 1 sees.
        step: (rows,) by how much ``low`` is higher than in the row above.
        inside: (rows,) a bit for each column.
        matchable: (rows,) a bit for each column whose neighbour above on the left is in the beam.
    """

    low: Ints
    high: Ints
    step: Bits
    inside: Bits
    matchable: Bits


class Rows(NamedTuple):
    """The rows of the current hypothesis.

    Args:
        plus: (rows,) bits of the columns that are 1 higher than the column before.
        minus: (rows,) bits of those that are 1 lower.
        level: (rows,) bits of the columns that equal the one before in the row above.
        down: (rows,) bits of those that are 1 higher than in the row above.
        first: (rows,) the value in column ``low``.
    """

    plus: Bits
    minus: Bits
    level: Bits
    down: Bits
    first: Ints


class Text(NamedTuple):
    """A reference as rows look it up.

    Args:
        words: (m,) numbers of its words.
        where: By type, bits of the columns that it has, from ``type * stride`` on, if there is room.
        stride: Words of bits for a type; 0 where there is no room.
    """

    words: Ints
    where: Bits
    stride: int


@part
def lay_beam(n: int, m: int, beam: Beam) -> bool:
    """Fill a beam for n words against m, n and m > 0.

    Returns:
        Whether a row fits into a word of bits.
    """
    ratio = m / n
    width = ceil(ratio / 2 + _BEAM) if ratio / 2 > _BEAM else _BEAM
    fits = 2 * width <= _WORD_BITS
    for i in range(1, n + 1):
        middle = floor(i * ratio)
        beam.low[i] = max(0, middle - width)
        beam.high[i] = m + 1 if i == n else min(m + 1, middle + width)
    beam.low[0] = 0
    beam.high[0] = beam.high[1]
    if fits:
        for i in range(1, n + 1):
            low, step = beam.low[i], beam.low[i] - beam.low[i - 1]
            beam.step[i] = np.uint64(step)
            beam.inside[i] = _first_bits(beam.high[i] - low)
            matchable = _first_bits(min(beam.high[i], beam.high[i - 1] + 1) - low)
            beam.matchable[i] = matchable if step > 0 else matchable & ~_ONE
    return fits


@part
def cheapest_outside(n: int, m: int, beam: Beam) -> int:
    """Say what any path that leaves the beam costs at least; a distance below it is the true one."""
    cheapest = n + m
    for i in range(1, n + 1):
        near, far = min(i, i + m - n), max(i, i + m - n)
        if beam.low[i] > 0:
            j = min(beam.low[i] - 1, far)
            cheapest = min(cheapest, abs(i - j) + abs(n - i - m + j))
        if beam.high[i] <= m:
            j = max(beam.high[i], near)
            cheapest = min(cheapest, abs(i - j) + abs(n - i - m + j))
    return cheapest


@part
def index(words: Ints, types: int, where: Bits) -> int:
    """Note the columns of each type.

    Returns:
        The stride; 0 where ``where`` is too small.
    """
    stride = words.size // 64 + 2
    if stride * (types + 1) > where.size:
        return 0
    for k in range(stride * (types + 1)):
        where[k] = _ZERO
    for i in range(words.size):
        where[words[i] * stride + ((i + 1) >> 6)] |= _ONE << np.uint64((i + 1) & 63)
    return stride


@part
def _first_bits(count: int) -> np.uint64:
    return (_ONE << np.uint64(max(count, 0))) - _ONE


@part
def _ones(bits: np.uint64) -> int:
    bits = bits - ((bits >> _ONE) & _ODD)
    bits = (bits & _PAIRS) + ((bits >> _TWO) & _PAIRS)
    return int(np.int64((((bits + (bits >> _FOUR)) & _HALVES) * _BYTES) >> _TOP))


@inlined
def _columns(where: Bits, stride: int, target: Ints, word: int, low: int) -> np.uint64:
    """Find the columns, from ``low`` on, whose word it is."""
    if stride:
        at = word * stride + (low >> 6)
        by = np.uint64(low) & _LOW_SIX
        found: np.uint64 = (where[at] >> by) | ((where[at + 1] << _ONE) << (_LAST - by))
    else:
        found = _search(target, word, low)
    return found


@part
def _search(target: Ints, word: int, low: int) -> np.uint64:
    """Find the columns one by one."""
    found = _ZERO
    for j in range(max(low, 1), min(low + _WORD_BITS, target.size + 1)):
        if target[j - 1] == word:
            found |= _ONE << np.uint64(j - low)
    return found


@part
def _below(
    plus: np.uint64, minus: np.uint64, first: int, found: np.uint64, step: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64, int]:
    """Compute a row from the row above.

    Args:
        plus: Of the row above.
        minus: Of the row above.
        first: Of the row above.
        found: Bits of the columns that match, where a match may begin.
        step: From the beam.

    Returns:
        ``plus``, ``minus``, ``level``, ``down`` and ``first`` of the row, inside the beam.
    """
    if step == _ZERO:  # nothing is to the left of the first column
        plus &= ~_ONE
        minus |= _ONE
        first += 1
    elif step == _ONE:
        plus = (plus >> _ONE) | ~(_ALL >> _ONE)
        minus >>= _ONE
    else:
        passed = (_ONE << step) - _TWO
        first += _ones(plus & passed) - _ones(minus & passed)
        plus = (plus >> step) | ~(_ALL >> step)
        minus >>= step
    level = (((found & plus) + plus) ^ plus) | found | minus
    if step != _ZERO:
        first += int(np.int64(~level & _ONE))
    down = minus | ~(level | plus)
    right = (down << _ONE) | _ONE
    return ((level & plus) << _ONE) | ~(level | right), level & right, level, down, first


@part
def _corner(beam: Beam, n: int, m: int, plus: np.uint64, minus: np.uint64, first: int) -> int:
    passed = _first_bits(m - beam.low[n] + 1) - _ONE
    return first + _ones(plus & passed) - _ones(minus & passed)


@part
def descend(words: Ints, text: Text, beam: Beam, rows: Rows, start: int) -> int:
    """Compute the rows below row ``start``, and the distance.

    Args:
        words: (n,) the hypothesis.
        text: The reference.
        beam: For their lengths.
        rows: Filled from ``start + 1`` on.
        start: A row that is right already, or 0.
    """
    target, where, stride = text
    lows, _, steps, insides, matchables = beam
    pluses, minuses, levels, downs, firsts = rows
    if start == 0:
        pluses[0], minuses[0], firsts[0] = _ALL, _ZERO, 0
    plus, minus, first = pluses[start], minuses[start], firsts[start]
    for i in range(start + 1, words.size + 1):
        found = _columns(where, stride, target, words[i - 1], lows[i]) & matchables[i]
        plus, minus, level, down, first = _below(plus, minus, first, found, steps[i])
        plus |= ~insides[i]
        minus &= insides[i]
        pluses[i], minuses[i], levels[i], downs[i], firsts[i] = plus, minus, level, down, first
    return _corner(beam, words.size, target.size, plus, minus, first)


@inlined
def distance_rotated(
    words: Ints, text: Text, beam: Beam, rows: Rows, rest: Cells, joined: bool, runs: tuple[int, int, int], unmoved: int
) -> int:
    """Compute the distance of a hypothesis in which two neighbouring runs of words have changed places.

    The rows above the change are those of the hypothesis as it is, and so are all rows from the first
    one below it that has the same steps; only their level differs. Where ``rest`` is at hand, no row
    below the change is needed.

    Args:
        words: (n,) the hypothesis.
        text: The reference.
        beam: For their lengths.
        rows: Of the hypothesis.
        rest: ``climb``'s.
        joined: Whether it is filled.
        runs: Where the first run begins, where the second begins, and where it ends.
        unmoved: The hypothesis's distance.
    """
    begin, middle, end = runs
    target, where, stride = text
    lows, _, steps, insides, matchables = beam
    pluses, minuses, _, _, firsts = rows
    plus, minus, first = pluses[begin], minuses[begin], int(firsts[begin])
    turn = begin + end - middle
    for i in range(begin + 1, words.size + 1):
        if i > end:
            if (((plus ^ pluses[i - 1]) | (minus ^ minuses[i - 1])) & ~_ONE) == _ZERO:
                return unmoved + first - int(firsts[i - 1])
            if joined:
                return _join(plus, minus, first, rest, end, beam.high[end] - lows[end])
            at = i - 1
        else:
            at = i - 1 + middle - begin if i <= turn else i - 1 - end + middle
        found = _columns(where, stride, target, words[at], lows[i]) & matchables[i]
        plus, minus, _, _, first = _below(plus, minus, first, found, steps[i])
        plus |= ~insides[i]
        minus &= insides[i]
    return _corner(beam, words.size, target.size, plus, minus, first)


@part
def _join(plus: np.uint64, minus: np.uint64, first: int, rest: Cells, i: int, width: int) -> int:
    """Find the cheapest way through row i: to a cell, and from there to the end."""
    value, least = first, first + int(rest[i, 0])
    for k in range(1, width):
        plus >>= _ONE
        minus >>= _ONE
        value += int(np.int64(plus & _ONE)) - int(np.int64(minus & _ONE))
        least = min(least, value + int(rest[i, k]))
    return least


@part
def climb(words: Ints, target: Ints, beam: Beam, rest: Cells, start: int) -> None:
    """Compute what it costs to get from each cell to the end, inside the beam.

    Args:
        words: (n,) the hypothesis.
        target: (m,) the reference.
        beam: For their lengths.
        rest: (rows, 64) cell ``[i, k]`` is column ``low + k``; filled above row ``start``, but row 0.
        start: From which row on it is right; n + 1 for none.
    """
    lows, highs, _, _, _ = beam
    n, m = words.size, target.size
    for i in range(start - 1, 0, -1):
        low, right = lows[i], _INFINITE
        for j in range(highs[i] - 1, low - 1, -1):
            least = right + 1
            if i == n:
                least = m - j
            else:
                below = j - lows[i + 1]
                if below >= 0 and j < highs[i + 1]:
                    least = min(least, rest[i + 1, below] + 1)
                if below >= -1 and j + 1 < highs[i + 1]:
                    least = min(least, rest[i + 1, below + 1] + (words[i] != target[j]))
            rest[i, j - low] = right = least


@part
def walk_back(words: Ints, text: Text, beam: Beam, rows: Rows, operations: NDArray[np.uint8]) -> int:
    """Follow the table from its end: match or substitution before deletion before insertion.

    Args:
        words: (n,) the hypothesis.
        text: The reference.
        beam: For their lengths.
        rows: All of them.
        operations: Filled, the last operation first.

    Returns:
        How many operations there are.
    """
    lows, highs, _, _, _ = beam
    target, levels, downs = text.words, rows.level, rows.down
    i, j, count = words.size, target.size, 0
    while i > 0 or j > 0:
        kind = INSERTION
        if i > 0:
            bit = np.uint64(j - lows[i])
            if lows[i - 1] < j <= highs[i - 1]:
                if words[i - 1] == target[j - 1]:
                    kind = MATCH
                elif (levels[i] >> bit) & _ONE == _ZERO:
                    kind = SUBSTITUTION
            if kind == INSERTION and j < highs[i - 1] and (downs[i] >> bit) & _ONE != _ZERO:
                kind = DELETION
        operations[count] = kind
        count += 1
        i -= kind != INSERTION
        j -= kind != DELETION
    return count


@part
def width_of_cells(n: int, beam: Beam) -> int:
    """Say how long a row of cells must be, one infinite cell on the left and some on the right included."""
    widest = step = 0
    for i in range(n + 1):
        widest = max(widest, beam.high[i] - beam.low[i])
        step = max(step, beam.low[i] - beam.low[max(i - 1, 0)])
    return widest + step + 2


@part
def fill_cells(words: Ints, target: Ints, beam: Beam, width: int, cells: Cells) -> int:
    """Compute the table cell by cell; column j of row i is ``cells[i * width + j - low + 1]``.

    Returns:
        The distance.
    """
    for k in range(width * (words.size + 1)):
        cells[k] = _INFINITE
    for j in range(beam.high[0]):
        cells[j + 1] = j
    for i in range(1, words.size + 1):
        row, low = i * width + 1, beam.low[i]
        above = row - width + low - beam.low[i - 1]
        for k in range(beam.high[i] - low):
            least = min(cells[above + k], cells[row + k - 1]) + 1
            if low + k > 0:
                least = min(least, cells[above + k - 1] + (words[i - 1] != target[low + k - 1]))
            cells[row + k] = least
    return int(cells[words.size * width + 1 + target.size - beam.low[words.size]])


@part
def walk_back_cells(
    words: Ints, target: Ints, beam: Beam, width: int, cells: Cells, operations: NDArray[np.uint8]
) -> int:
    """Follow the table of cells as ``walk_back`` follows rows."""
    i, j, count = words.size, target.size, 0
    while i > 0 or j > 0:
        kind = INSERTION
        if i > 0:
            at = i * width + 1 + j - beam.low[i]
            above = at - width + beam.low[i] - beam.low[i - 1]
            same = j > 0 and words[i - 1] == target[j - 1]
            if j > 0 and cells[at] == cells[above - 1] + (0 if same else 1):
                kind = MATCH if same else SUBSTITUTION
            elif cells[at] == cells[above] + 1:
                kind = DELETION
        operations[count] = kind
        count += 1
        i -= kind != INSERTION
        j -= kind != DELETION
    return count
