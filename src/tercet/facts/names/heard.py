"""The transliterations in a Chinese text, to be heard: which of them sounds most like a Western name."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from tercet.facts.names.folding import folded
from tercet.facts.names.glosses import glosses, plain_chinese, readings
from tercet.facts.names.pinyin import syllables
from tercet.facts.names.sound import APART, FINAL_COST, Sound, difference, sounds, syllable, weight

_NASAL = -1
_LEAST_WEIGHT, _MOST_RUNS = 1.0, 200
_OTHER_USE = 200  # plain words with a character for each name with it


class SoundIndex:
    """The transliterations that a Chinese text may hold, ready to be heard.

    Args:
        text: Chinese text, in simplified characters.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._runs = [match.span() for match in _run_pattern().finditer(text)]
        held: defaultdict[int, bytearray] = defaultdict(lambda: bytearray(len(self._runs) // 8 + 1))
        for number, (start, end) in enumerate(self._runs):
            byte, bit = number >> 3, 1 << (number & 7)
            for character in text[start:end]:
                heard = syllable(character)
                held[heard.initials][byte] |= bit
                if heard.nasal:
                    held[_NASAL][byte] |= bit
        # Initials to the runs that have them, as the bits of a number.
        self._with = {initials: int.from_bytes(runs, "little") for initials, runs in held.items()}
        self._nasal = self._with.pop(_NASAL, 0)

    def nearest(self, word: str) -> tuple[float, tuple[int, int] | None]:
        """Find the run that sounds most like a word.

        Returns:
            The difference as a share of the name's weight, from 0, and the run's place. Infinite and None
            where no run is near, or the word has too little to hear; 0 and None where a long text has too
            many that may be near to tell.
        """
        name = sounds(word)
        total = weight(name)
        best: tuple[float, tuple[int, int] | None] = float("inf"), None
        if total < _LEAST_WEIGHT:
            return best
        for tried, number in enumerate(self._candidates(name, APART * total)):
            if tried >= _MOST_RUNS:
                return 0.0, None
            start, end = self._runs[number]
            cost = difference(name, [syllable(character) for character in self._text[start:end]]) / total
            if cost < best[0]:
                best = cost, (start, end)
        return best

    def _candidates(self, name: Sequence[Sound], most: float) -> Iterator[int]:
        """Yield the runs that lack so few of the name's main sounds that they may be near enough."""
        main = [sound for sound in name if sound.cost >= FINAL_COST]
        allowed = int(most / FINAL_COST)
        lacking = [(1 << len(self._runs)) - 1] + [0] * allowed  # runs that lack none, one, two
        for sound in main:
            holding = self._nasal if sound.nasal else 0
            for initials, runs in self._with.items():
                if initials & sound.initials:
                    holding |= runs
            for missed in range(allowed, 0, -1):
                lacking[missed] = (lacking[missed] & holding) | (lacking[missed - 1] & ~holding)
            lacking[0] &= holding
        left = 0
        for runs in lacking:
            left |= runs
        while left:
            low = left & -left
            yield low.bit_length() - 1
            left ^= low


@cache
def transliterating(other_use: int = _OTHER_USE) -> frozenset[str]:
    """Characters that write foreign names by their sound, and are not much more often something else.

    They are those of first names and of names with a middle dot; and of each longer name that is made of
    them but for one character, also that one, unless it stands last: 市 is no sound in 温哥华市.

    Args:
        other_use: The most plain words that a character may be in, for each name that it writes.
    """
    known: Counter[str] = Counter()
    longer: list[str] = []
    for gloss in glosses():
        name = gloss.chinese
        if gloss.given or "·" in name:
            for part in name.split("·"):
                known.update(set(part) if len(part) > 1 else ())
        elif len(name) > 3 and (gloss.place or gloss.person) and gloss.names and not _is_pinyin(gloss.names[0]):
            longer.append(name)
    for name in longer:
        others = [character for character in name[:-1] if character not in known]
        if len(others) == 1:
            known[others[0]] += 1
    elsewhere = Counter("".join(plain_chinese()))
    return frozenset(
        character
        for character, number in known.items()
        if character in readings() and elsewhere[character] <= other_use * number
    )


def _is_pinyin(name: str) -> bool:
    return bool(syllables(folded(name).rpartition(" ")[2]))


@cache
def _run_pattern() -> re.Pattern[str]:
    letter = f"[{''.join(sorted(transliterating()))}]"
    return re.compile(f"{letter}{{2,20}}(?:[·•・‧]{letter}{{1,20}}){{0,4}}")
