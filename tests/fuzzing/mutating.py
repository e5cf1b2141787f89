"""Mutations: by byte, by token, by line, by dictionary, by splice; all of it from a generator, so that it repeats."""

import re
from collections.abc import Callable, Sequence
from random import Random

from tests.fuzzing.nasty import WORDS

LONGEST = 1 << 15  # bytes of a case
_TOKEN = re.compile(rb"[A-Za-z_]+|[0-9.]+|\s+|[^\x00-\x7f]+|[^\w\s]")
_EDGES = (0x00, 0x01, 0x0A, 0x20, 0x22, 0x2D, 0x3A, 0x5B, 0x7B, 0x7F, 0x80, 0xC0, 0xED, 0xEF, 0xFE, 0xFF)
_AT_MOST = 2048  # bytes that are copied, or looked through for tokens, at a time

Mutation = Callable[[bytearray, Random, Sequence[bytes], Sequence[bytes]], None]


class Mutator:
    """Makes cases out of seeds.

    Args:
        words: The target's own dictionary.
    """

    def __init__(self, words: Sequence[bytes]) -> None:
        self._words = (*WORDS, *words, *words, *words)  # its own ones are worth more

    def mutate(self, data: bytes, others: Sequence[bytes], chance: Random) -> bytes:
        """Change an input in a few places.

        Args:
            data: The input.
            others: What is spliced in.
            chance: Decides everything.
        """
        found = bytearray(data)
        times = 1
        while times < 8 and chance.random() < 0.45:
            times += 1
        for _ in range(times):
            chance.choice(_MUTATIONS)(found, chance, self._words, others)
        return bytes(found[:LONGEST])


def _place(found: bytearray, chance: Random) -> int:
    return chance.randrange(len(found) + 1)


def _span(found: bytearray, chance: Random) -> slice:
    start = _place(found, chance)
    length = min(1 << chance.randrange(12), _AT_MOST)
    return slice(start, min(len(found), start + chance.randrange(length + 1)))


def _flip(found: bytearray, chance: Random, words: Sequence[bytes], others: Sequence[bytes]) -> None:
    if found:
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)


def _set(found: bytearray, chance: Random, words: Sequence[bytes], others: Sequence[bytes]) -> None:
    if found:
        found[chance.randrange(len(found))] = chance.choice(_EDGES) if chance.random() < 0.7 else chance.randrange(256)


def _insert(found: bytearray, chance: Random, words: Sequence[bytes], others: Sequence[bytes]) -> None:
    place = _place(found, chance)
    found[place:place] = chance.randbytes(1 + chance.randrange(4))


def _word(found: bytearray, chance: Random, words: Sequence[bytes], others: Sequence[bytes]) -> None:
    place = _place(found, chance)
    found[place:place] = chance.choice(words)


def _delete(found: bytearray, chance: Random, words: Sequence[bytes], others: Sequence[bytes]) -> None:
    del found[_span(found, chance)]


def _copy(found: bytearray, chance: Random, words: Sequence[bytes], others: Sequence[bytes]) -> None:
    piece = found[_span(found, chance)]
    place = _place(found, chance)
    found[place:place] = piece * (1 if chance.random() < 0.9 else min(1000, 1 + _AT_MOST // max(1, len(piece))))


def _cut(found: bytearray, chance: Random, words: Sequence[bytes], others: Sequence[bytes]) -> None:
    del found[_place(found, chance) :]


def _splice(found: bytearray, chance: Random, words: Sequence[bytes], others: Sequence[bytes]) -> None:
    if not others:
        return
    other = bytearray(chance.choice(others))
    if chance.random() < 0.5:
        found[_span(found, chance)] = other[_span(other, chance)]
    else:
        found[_place(found, chance) :] = other[_place(other, chance) :]


def _token(found: bytearray, chance: Random, words: Sequence[bytes], others: Sequence[bytes]) -> None:
    """Put a word of the dictionary, or another token, in the place of a token."""
    tokens = _tokens(found, chance)
    if tokens:
        start, stop = chance.choice(tokens)
        low, high = chance.choice(tokens)
        found[start:stop] = chance.choice(words) if chance.random() < 0.6 else bytes(found[low:high])


def _drop(found: bytearray, chance: Random, words: Sequence[bytes], others: Sequence[bytes]) -> None:
    tokens = _tokens(found, chance)
    if tokens:
        start, stop = chance.choice(tokens)
        del found[start:stop]


def _tokens(found: bytearray, chance: Random) -> list[tuple[int, int]]:
    start = 0 if len(found) <= _AT_MOST else chance.randrange(len(found) - _AT_MOST)
    return [match.span() for match in _TOKEN.finditer(found, start, start + _AT_MOST)]


def _lines(found: bytearray, chance: Random, words: Sequence[bytes], others: Sequence[bytes]) -> None:
    """Drop a line, say it twice, or put it elsewhere."""
    lines = bytes(found).split(b"\n")
    line = lines[chance.randrange(len(lines))]
    kind = chance.randrange(3)
    if kind != 1 and len(lines) > 1:
        lines.remove(line)
    if kind != 0:
        lines.insert(chance.randrange(len(lines) + 1), line)
    found[:] = b"\n".join(lines)


_MUTATIONS: tuple[Mutation, ...] = (
    _flip, _set, _insert, _word, _word, _delete, _copy, _cut, _splice, _token, _token, _token, _drop, _lines,
)  # fmt: skip
