"""Western names against Chinese transliterations, by what they sound like: Solms and 佐尔姆斯.

A name is a row of consonants, each with the vowel after it; a transliteration is a row of syllables.
Consonants have the initials that Chinese writes them with (r may be l or the syllable er, g before e may
be j or zh), vowels their finals; what differs costs. The tables follow the transcription tables of the
Xinhua News Agency as CC-CEDICT's names show them, and allow what older and Taiwanese spellings do.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from tercet.facts.names.folding import folded
from tercet.facts.names.glosses import readings

_INITIAL_NAMES = "b p m f d t n l g k h j q x r z c s y w zh ch sh er o"  # o: none, before a vowel
_FINAL_NAMES = "a e s i o u ei ai ao"  # s: the vowel of 斯, 茨, 尔
_INITIALS = {name: 1 << bit for bit, name in enumerate(_INITIAL_NAMES.split())}
_FINALS = {name: 1 << bit for bit, name in enumerate(_FINAL_NAMES.split())}
_ANY_FINAL = (1 << len(_FINALS)) - 1
_SYLLABLE = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)([a-z]*)")
# Finals without their nasal, put together by the vowel that they write.
_FINAL_OF = {
    "a": "a", "ia": "a", "ua": "a", "ai": "ai", "uai": "ai", "ao": "ao", "iao": "ao", "o": "o", "uo": "o", "ou": "o",
    "iu": "u", "u": "u", "v": "u", "e": "e", "ie": "e", "ue": "e", "ve": "e", "ei": "ei", "ui": "ei", "i": "i",
}  # fmt: skip
# Letters, the initials that write them, and the cost of their not being written at all.
_CONSONANTS = (
    ("shch", "x sh q ch", 1.0), ("tsch", "ch q", 1.0), ("sch", "sh s x", 1.0), ("tch", "q ch", 1.0),
    ("ch", "q ch k h x sh c j g zh", 1.0), ("sh", "sh x s", 1.0), ("zh", "r zh j", 1.0), ("th", "s t d x", 1.0),
    ("ph", "f p w", 1.0), ("gh", "g h", 0.3), ("kh", "h k x", 1.0), ("ck", "k j q g", 1.0), ("qu", "k q j", 1.0),
    ("ts", "c z s q", 1.0), ("tz", "c z s q x", 1.0), ("cz", "q ch c j", 1.0), ("sz", "s x sh", 1.0),
    ("dg", "j q zh d g", 1.0), ("dj", "j q zh", 1.0),
    ("wr", "l r", 1.0), ("kn", "n k", 1.0), ("x", "k s x q z h sh", 1.0), ("b", "b p w f", 1.0), ("p", "p b f", 1.0),
    ("m", "m n", 1.0), ("n", "n m l", 1.0), ("f", "f w h", 1.0), ("v", "w f b h", 1.0), ("w", "w h f y b", 0.3),
    ("d", "d t z j", 1.0), ("t", "t d c q j x", 1.0), ("g", "g j h k w", 1.0), ("k", "k j q g h x", 1.0),
    ("c", "k g h j q", 1.0), ("q", "k q j", 1.0), ("s", "s x sh z c r j ch", 1.0),
    ("z", "z c s zh q x j ch sh", 1.0), ("j", "j zh q y h x r", 1.0), ("l", "l er n", 1.0), ("r", "l er r h", 1.0),
    ("h", "h x k", 0.3), ("y", "y o j", 0.3),
)  # fmt: skip
# The same before e, i and y.
_BEFORE_FRONT = {"g": "g j zh q x r y k h", "c": "s x q c ch k"}
# Vowel letters, and the finals that write them; none is written by a syllable such as 斯, 克, 特, 普.
_VOWELS = {
    "": "s e u", "a": "a ai o e ei", "o": "o e u ao", "e": "e ei ai i a s", "i": "i ei ai s", "y": "i ei ai s",
    "u": "u o a e ao", "au": "ao o u e", "ai": "ai ei e i a", "ou": "u ao o e", "oo": "u o e", "ei": "ei ai i e",
    "ie": "i e ei ai", "ee": "i e ei", "ia": "a i e s", "oa": "o a e ao", "ae": "ai ei e a i", "aa": "a o",
    "ay": "ai ei e a i", "oy": "o a e i", "ue": "u e i ei", "aw": "ao o u e", "ow": "ao o u e", "ew": "u o e i",
}  # fmt: skip
_OTHER_CONSONANT, _OTHER_VOWEL, _NASAL_INSIDE = 1.2, 0.35, 0.1
FINAL_COST, _NASAL_FINAL_COST, _R_FINAL_COST, _LEAST = 0.5, 0.6, 0.1, 0.3
_LONGEST = 24  # letters of a word; longer ones are no names
# Shares of a name's weight: what differs by less sounds alike, what differs by more does not. Of CC-CEDICT's own
# transliterations, nine in ten are alike, most of the rest being translations in part; see tests.
ALIKE, APART = 0.35, 0.4
_SOFT_COST = 0.25  # of a character that may write but a vowel: 阿, 亚, 瓦, 尔
_LEAST_SHARE = 0.5


class Sound(NamedTuple):
    """A consonant of a name: the initials and finals that may write it, its cost if left out, whether it is nasal."""

    initials: int
    finals: int
    cost: float
    nasal: bool


class Syllable(NamedTuple):
    """A character: its initials and finals as bits, the cost of its writing nothing, whether it ends in n or ng."""

    initials: int
    finals: int
    cost: float
    nasal: bool


def _bits(names: str, table: dict[str, int]) -> int:
    return sum(table[name] for name in names.split())


_LETTERS = tuple(
    (letters, _bits(initials, _INITIALS), cost)
    for letters, initials, cost in sorted(_CONSONANTS, key=lambda row: -len(row[0]))
)
_FRONT_BITS = {letters: _bits(initials, _INITIALS) for letters, initials in _BEFORE_FRONT.items()}
_VOWEL_BITS = {letters: _bits(finals, _FINALS) for letters, finals in _VOWELS.items()}
_OPEN = tuple("aeiouy")
_SOFT = _bits("y w o er", _INITIALS)


@lru_cache(65536)
def sounds(word: str) -> tuple[Sound, ...]:
    """Read a Latin word as its consonants.

    >>> len(sounds("Solms")), len(sounds("Aoi"))
    (4, 0)
    """
    text = "".join(letter for letter in folded(word) if "a" <= letter <= "z")
    return tuple(_read(text)) if len(text) <= _LONGEST else ()


def _read(text: str) -> Iterator[Sound]:
    at = 0
    while at < len(text):
        if _is_vowel(text, at):
            at += 1
            continue
        letters, initials, cost = next(row for row in _LETTERS if text.startswith(row[0], at))
        at += len(letters)
        while at < len(text) and text[at] == text[at - 1]:
            at += 1
        vowel = text[at : at + 2] if text[at + 1 : at + 2] in _VOWELS else text[at : at + 1]
        vowel = vowel if vowel[:1] in _VOWELS and not (vowel == "e" and at + 1 == len(text)) else ""
        if letters in _FRONT_BITS and vowel[:1] in ("e", "i", "y"):
            initials = _FRONT_BITS[letters]
        nasal = letters in {"m", "n"}
        if letters == "n" and text[at : at + 1] == "g" and text[at + 1 : at + 2] not in _OPEN:
            at += 1  # one sound, unless a vowel follows: Bering, but Angelo
        if not vowel:
            final = _NASAL_FINAL_COST if nasal else _R_FINAL_COST if letters == "r" else FINAL_COST
            cost = min(cost, final)
        yield Sound(initials, _VOWEL_BITS.get(vowel, _ANY_FINAL), cost, nasal)


def _is_vowel(text: str, at: int) -> bool:
    letter = text[at]
    return letter in "aeiou" or (letter == "y" and at > 0 and text[at + 1 : at + 2] not in _OPEN[:5])


def without_ending(word: str) -> Iterator[str]:
    """Yield a name, and what it may be the adjective of: Ephesians, Ephes."""
    yield word
    stem = word.removesuffix("s")
    for ending in ("ian", "an", "ese", "ish"):
        if stem.endswith(ending) and len(stem) - len(ending) > 3:
            yield stem[: -len(ending)]
            break


def weight(name: Sequence[Sound]) -> float:
    """Say how much of a name there is to hear: what it would cost to leave all of it out."""
    return sum(max(sound.cost, _LEAST) for sound in name)


@cache
def syllable(character: str) -> Syllable:
    """Read a Chinese character, in all its readings at once."""
    initials = finals = 0
    nasal = False
    for reading in readings().get(character, ()):
        if reading in {"er", "r"}:
            initials |= _INITIALS["er"] | _INITIALS["l"]
            finals |= _FINALS["s"]
            continue
        match = _SYLLABLE.match(reading)
        initial, final = match.groups() if match else ("", "")
        initials |= _INITIALS[initial or "o"]
        nasal |= final.endswith(("n", "ng"))
        final = final.removesuffix("g").removesuffix("n")
        hissing = final == "i" and initial in {"z", "c", "s", "zh", "ch", "sh", "r"}
        finals |= _FINALS["s" if hissing else _FINAL_OF.get(final, "e")]
    return Syllable(initials, finals, _SOFT_COST if initials & _SOFT else 1.0, nasal)


def difference(name: Sequence[Sound], run: Sequence[Syllable]) -> float:
    """Align a name with the part of a run of characters that it fits best, and sum what differs.

    The run's beginning and end are free; so the cost is of the name alone.
    """
    before = [0.0] * (len(run) + 1)
    for initials, finals, cost, nasal in name:
        left = before[0] + cost
        row = [left]
        for at, character in enumerate(run):
            best = before[at + 1] + (_NASAL_INSIDE if nasal and character.nasal else cost)
            match = _OTHER_CONSONANT
            if initials & character.initials:
                match = 0.0 if finals & character.finals else _OTHER_VOWEL
            best = min(best, before[at] + match, left + character.cost)
            row.append(best)
            left = best
        before = row
    return min(before)


def alike(name: Sequence[Sound], run: Sequence[Syllable]) -> bool:
    """Say whether a run of characters sounds like a name; one with little to hear is like no run of many sounds."""
    total = weight(name)
    initials, nasal = 0, False
    for character in run:
        initials |= character.initials
        nasal |= character.nasal
    lacking = sum(sound.cost for sound in name if not (sound.initials & initials or (sound.nasal and nasal)))
    if lacking > ALIKE * total or total < _LEAST_SHARE * sum(character.cost for character in run):
        return False
    return difference(name, run) <= ALIKE * total
