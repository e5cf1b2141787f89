"""Tokens of many texts as numbers: cut, interned, and stemmed once a type."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.kernels.compiling import kernel, part
from tercet.kernels.packing import Offsets, offsets_of, pack
from tercet.kernels.porter import stem as porter
from tercet.text.languages import HAN

Numbers = NDArray[np.int32]
Data = NDArray[Any]  # uint8 or uint32
Room = tuple[Offsets, Numbers, NDArray[np.uint64], Numbers]  # of types: firsts, sizes, hashes; and slots
Into = tuple[Numbers, Offsets, Offsets, Offsets, Data]  # ids, ends, token and sentence offsets, letters
State = tuple[int, int, int, int]  # how many texts, tokens, sentences and types there are
_NEWLINE = 10
_OUT, _OTHER, _HAN, _LOWER, _DIGIT, _MONEY, _MARK, _UNKNOWN = 0, 1, 2, 3, 4, 5, 6, 255
# rouge-score stems words of more than three letters.
_LONGEST_UNSTEMMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokenized:
    """Tokens of n texts.

    Args:
        ids: All tokens, as numbers from 0: equal tokens have equal numbers.
        offsets: (n + 1,) text i has the tokens from offsets[i] to offsets[i + 1].
        ends: For each sentence that has tokens, where it ends among them.
        sentence_offsets: (n + 1,) text i has the sentences from sentence_offsets[i] on.
        types: How many different tokens there are.
    """

    ids: Numbers
    offsets: Offsets
    ends: Offsets
    sentence_offsets: Offsets
    types: int


def english(texts: Sequence[str], *, stem: bool) -> Tokenized:
    """Cut texts as rouge-score does: lower case, runs of a-z and 0-9; a line is a sentence.

    Args:
        texts: n texts.
        stem: Whether Porter's stemmer is applied.
    """
    # Two letters beyond ASCII become ASCII ones in lower case; for the others the table of letters is enough.
    lowered = (text if text.isascii() or not ("\u0130" in text or "\u212a" in text) else text.lower() for text in texts)
    parts = [text.encode("utf-8", "surrogatepass") for text in lowered]
    data = np.frombuffer(b"".join(parts), dtype=np.uint8)
    found, vocabulary = _read(_read_english, data, offsets_of([len(part) for part in parts]), _LETTERS)
    if not stem or not found.types:
        return found
    stemmed, at = _stem_types(vocabulary.letters, vocabulary.firsts, vocabulary.sizes, found.types)
    stems, _ = _read(_read_english, stemmed, at, _LETTERS)
    return replace(found, ids=stems.ids[found.ids], types=stems.types)


def by_script(texts: Sequence[str]) -> Tokenized:
    """Cut texts as ``tercet.text.tokens.tokens`` cuts Chinese; a line is a sentence."""
    shared, offsets = pack([text.lower() for text in texts])
    data = shared.copy()
    _narrow(data)
    _learn(data)
    found, _ = _read(_read_script, data, offsets, _CLASSES)
    return found


def by_function(texts: Sequence[str], tokenize: Callable[[str], list[str]]) -> Tokenized:
    """Cut texts, line by line, with any function."""
    numbers: dict[str, int] = {}
    ids: list[int] = []
    offsets, ends, sentence_offsets = [0], [], [0]
    for text in texts:
        for line in text.split("\n"):
            found = tokenize(line)
            ids.extend(numbers.setdefault(token, len(numbers)) for token in found)
            if found:
                ends.append(len(ids))
        offsets.append(len(ids))
        sentence_offsets.append(len(ends))
    return Tokenized(
        ids=np.array(ids, dtype=np.int32),
        offsets=np.array(offsets, dtype=np.int64),
        ends=np.array(ends, dtype=np.int64),
        sentence_offsets=np.array(sentence_offsets, dtype=np.int64),
        types=len(numbers),
    )


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """Each type by its number: its letters from ``firsts`` on, and how many."""

    letters: Data
    firsts: Offsets
    sizes: Numbers


def _read(
    kernel: Callable[..., tuple[int, int, int, int]], data: Data, offsets: Offsets, classes: NDArray[np.uint8]
) -> tuple[Tokenized, _Vocabulary]:
    """Run a reading kernel; where its vocabulary is half full it stops, and goes on with a larger one."""
    texts = offsets.size - 1
    ids = np.empty(data.size // 2 + texts + 1 if data.dtype == np.uint8 else data.size, dtype=np.int32)
    ends = np.empty(ids.size, dtype=np.int64)
    token_offsets, sentence_offsets = np.zeros((2, texts + 1), dtype=np.int64)
    letters = np.empty(data.size, dtype=data.dtype)
    # Room for the types of the longest text at least, for a text is read whole or not at all.
    room = _room(max(1 << 13, int(np.diff(offsets).max(initial=0)) + 1))
    state = (0, 0, 0, 0)  # texts, tokens, sentences, types
    into = (ids, ends, token_offsets, sentence_offsets, letters)
    while True:
        state = kernel(data, offsets, classes, into, room, state)
        if state[0] == texts:
            break
        room = _larger(room, state[3])
    return (
        Tokenized(
            ids=ids[: state[1]],
            offsets=token_offsets,
            ends=ends[: state[2]],
            sentence_offsets=sentence_offsets,
            types=state[3],
        ),
        _Vocabulary(letters, *room[:2]),
    )


def _room(types: int) -> Room:
    slots = 1 << (2 * types - 1).bit_length()
    return (
        np.zeros(types + 1, dtype=np.int64),
        np.zeros(types, dtype=np.int32),
        np.zeros(types, dtype=np.uint64),
        np.full(slots, -1, dtype=np.int32),
    )


def _larger(room: Room, types: int) -> Room:
    grown = _room(4 * room[1].size)
    for k in range(3):
        grown[k][: room[k].size] = room[k]
    _replace(grown, types)
    return grown


@kernel
def _read_english(
    data: NDArray[np.uint8], offsets: Offsets, classes: NDArray[np.uint8], into: Into, room: Room, state: State
) -> State:
    ids, ends, token_offsets, sentence_offsets, letters = into
    text, tokens, sentences, types = state
    while text < offsets.size - 1:
        i, stop = offsets[text], offsets[text + 1]
        if types + (stop - i + 1) // 2 > room[1].size:
            break
        ended = tokens
        while i < stop:
            letter = classes[data[i]]
            if letter == 0:
                if data[i] == _NEWLINE and tokens > ended:
                    ends[sentences] = ended = tokens
                    sentences += 1
                i += 1
                continue
            # The token's letters are put where a new type's would stand; they stay if it is one.
            first = room[0][types]
            size = 0
            mixed = packed = np.uint64(0)
            while letter != 0:
                if size > 0 and size & 7 == 0:
                    mixed = (mixed ^ packed) * _FACTOR
                    packed = np.uint64(0)
                packed = packed << np.uint64(8) | np.uint64(letter)
                letters[first + size] = letter
                size += 1
                i += 1
                letter = classes[data[i]] if i < stop else 0
            number = _enter(letters, size, (mixed ^ packed) * _FACTOR, room, types)
            types += number == types
            ids[tokens] = number
            tokens += 1
        if tokens > ended:
            ends[sentences] = tokens
            sentences += 1
        text += 1
        token_offsets[text] = tokens
        sentence_offsets[text] = sentences
    return text, tokens, sentences, types


@kernel
def _read_script(
    data: NDArray[np.uint32], offsets: Offsets, classes: NDArray[np.uint8], into: Into, room: Room, state: State
) -> State:
    ids, ends, token_offsets, sentence_offsets, letters = into
    text, tokens, sentences, types = state
    while text < offsets.size - 1:
        i, stop = offsets[text], offsets[text + 1]
        if types + stop - i > room[1].size:
            break
        ended = tokens
        while i < stop:
            end = _token_end(data, i, stop, classes)
            if end == i:
                if data[i] == _NEWLINE and tokens > ended:
                    ends[sentences] = ended = tokens
                    sentences += 1
                i += 1
                continue
            first = room[0][types]
            mixed = np.uint64(0)
            for k in range(i, end):
                letters[first + k - i] = data[k]
                mixed = (mixed ^ np.uint64(data[k])) * _FACTOR
            number = _enter(letters, end - i, mixed, room, types)
            types += number == types
            ids[tokens] = number
            tokens += 1
            i = end
        if tokens > ended:
            ends[sentences] = tokens
            sentences += 1
        text += 1
        token_offsets[text] = tokens
        sentence_offsets[text] = sentences
    return text, tokens, sentences, types


@part
def _enter(letters: Data, size: int, mixed: np.uint64, room: Room, types: int) -> int:
    """Number the token whose letters stand at the end of the vocabulary: its type's number, or a new one.

    ``mixed`` is its hash. Up to eight bytes, or one code point, it is the token itself times an odd
    number: equal ones are then equal tokens.
    """
    firsts, sizes, hashes, slots = room
    first = firsts[types]
    certain = size * letters.itemsize <= 8 and (letters.itemsize == 1 or size == 1)
    mixed ^= mixed >> np.uint64(32)
    mask = np.uint64(slots.size - 1)
    slot = mixed & mask
    while True:
        found = slots[slot]
        if found < 0:
            slots[slot] = types
            firsts[types + 1] = first + size
            sizes[types], hashes[types] = size, mixed
            return types
        if hashes[found] == mixed and sizes[found] == size:
            if certain:
                return int(found)
            other = firsts[found]
            k = 0
            while k < size and letters[other + k] == letters[first + k]:
                k += 1
            if k == size:
                return int(found)
        slot = (slot + np.uint64(1)) & mask


@kernel
def _replace(room: Room, types: int) -> None:
    _, _, hashes, slots = room
    mask = np.uint64(slots.size - 1)
    for number in range(types):
        slot = hashes[number] & mask
        while slots[slot] >= 0:
            slot = (slot + np.uint64(1)) & mask
        slots[slot] = number


@part
def _token_end(data: NDArray[np.uint32], i: int, stop: int, classes: NDArray[np.uint8]) -> int:
    """Find the end of the token that begins at i, which is i where none does."""
    kind = classes[data[i]]
    if kind in (_HAN, _OTHER):
        return i + 1
    if kind == _LOWER:
        return _word_end(data, i, stop, classes)
    if kind == _MONEY and i + 1 < stop and classes[data[i + 1]] == _DIGIT:
        return _number_end(data, i + 1, stop, classes)
    return _number_end(data, i, stop, classes) if kind == _DIGIT else i


@part
def _word_end(data: NDArray[np.uint32], i: int, stop: int, classes: NDArray[np.uint8]) -> int:
    """The end of ``[a-z]+[a-z0-9]*(?:[-'’&.][a-z0-9]+)*``, with the accented letters."""
    while True:
        while i < stop and (classes[data[i]] == _LOWER or classes[data[i]] == _DIGIT):
            i += 1
        if i + 1 >= stop or data[i] not in (45, 39, 0x2019, 38, 46):
            return i
        if classes[data[i + 1]] != _LOWER and classes[data[i + 1]] != _DIGIT:
            return i
        i += 1


@part
def _number_end(data: NDArray[np.uint32], i: int, stop: int, classes: NDArray[np.uint8]) -> int:
    """The end of ``[0-9]+(?:[.,:][0-9]+)*(?:[a-z]+|[%‰°])?``."""
    while True:
        while i < stop and classes[data[i]] == _DIGIT:
            i += 1
        if i + 1 >= stop or data[i] not in (46, 44, 58) or classes[data[i + 1]] != _DIGIT:
            break
        i += 1
    if i < stop and data[i] in (37, 0x2030, 0xB0):
        return i + 1
    while i < stop and 97 <= data[i] <= 122:
        i += 1
    return i


_CLASSES = np.full(0x110000, _UNKNOWN, dtype=np.uint8)
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_LETTERS = np.array([ord(chr(b).lower()) if chr(b).isalnum() else 0 for b in range(128)] + [0] * 128, dtype=np.uint8)


def _narrow(data: NDArray[np.uint32]) -> None:
    """Make full-width letters, digits, per cent sign and full stop plain ones, in place."""
    wide = (data == 0xFF05) | (data == 0xFF0E)
    for low, high in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A)):
        wide |= (data >= low) & (data <= high)
    data[wide] -= 0xFEE0


def _learn(data: NDArray[np.uint32]) -> None:
    """Fill the table of classes for the characters of a text."""
    import re

    found = np.flatnonzero(np.bincount(data, minlength=1)) if data.size else data
    han = re.compile(HAN)
    for code in found[_CLASSES[found] == _UNKNOWN].tolist():
        character = chr(code)
        if 48 <= code <= 57:
            kind = _DIGIT
        elif 97 <= code <= 122 or 0xDF <= code <= 0xF6 or 0xF8 <= code <= 0x24F:
            kind = _LOWER
        elif han.match(character):
            kind = _HAN
        elif character.isalnum():
            kind = _OTHER
        else:
            kind = _MONEY if character in "€£$¥" else _OUT
        _CLASSES[code] = kind


@kernel
def _stem_types(
    letters: NDArray[np.uint8], firsts: Offsets, sizes: Numbers, types: int
) -> tuple[NDArray[np.uint8], Offsets]:
    """Stem each type; the stems one after the other, and where each begins."""
    stemmed = np.empty(firsts[types], dtype=np.uint8)
    at = np.zeros(types + 1, dtype=np.int64)
    longest = 0
    for k in range(types):
        longest = max(longest, sizes[k])
    word = np.empty(longest + 3, dtype=np.uint8)
    for k in range(types):
        size = sizes[k]
        word[:size] = letters[firsts[k] : firsts[k] + size]
        if size > _LONGEST_UNSTEMMED:
            size = porter(word, size)
        stemmed[at[k] : at[k] + size] = word[:size]
        at[k + 1] = at[k] + size
    return stemmed[: at[types]].copy(), at
