"""Porter's stemmer as nltk has it by default, over the bytes of one word.

Source: nltk.stem.porter.PorterStemmer (NLTK_EXTENSIONS); Porter, An algorithm for suffix stripping,
1980. It stems what rouge-score stems: lower-case ASCII letters and digits.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tercet.kernels.compiling import part

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]
Table = tuple[Bytes, Places, Bytes, Places]

_SECOND, _THIRD, _FOURTH = 2, 3, 4


def _packed(words: Sequence[str]) -> tuple[Bytes, Places]:
    places = np.cumsum([0, *map(len, words)]).astype(np.int64)
    return np.frombuffer("".join(words).encode(), dtype=np.uint8), places


def _rules(text: str) -> Table:
    """Read rules as ``suffix>replacement``, in the order in which they are tried."""
    pairs = [rule.partition(">") for rule in text.split()]
    return (*_packed([suffix for suffix, _, _ in pairs]), *_packed([new for _, _, new in pairs]))


_STEP2, _STEP2_AT, _NEW2, _NEW2_AT = _rules(
    "ational>ate tional>tion enci>ence anci>ance izer>ize bli>ble alli>al entli>ent eli>e ousli>ous ization>ize"
    " ation>ate ator>ate alism>al iveness>ive fulness>ful ousness>ous aliti>al iviti>ive biliti>ble fulli>ful logi>log"
)
_STEP3, _STEP3_AT, _NEW3, _NEW3_AT = _rules("icate>ic ative> alize>al iciti>ic ical>ic ful> ness>")
_STEP4, _STEP4_AT, _NEW4, _NEW4_AT = _rules(
    "al> ance> ence> er> ic> able> ible> ant> ement> ment> ent> ion> ou> ism> ate> iti> ous> ive> ize>"
)
_IRREGULAR, _IRREGULAR_AT, _REGULAR, _REGULAR_AT = _rules(
    "sky>sky skies>sky dying>die lying>lie tying>tie news>news innings>inning inning>inning outings>outing"
    " outing>outing cannings>canning canning>canning howe>howe proceed>proceed exceed>exceed succeed>succeed"
)
_A, _D, _E, _G, _I, _L, _N, _O, _S, _T, _U, _W, _X, _Y, _Z, _B = (ord(letter) for letter in "adegilnostuwxyzb")


@part
def _vowel(letter: int) -> bool:
    return letter in (_A, _E, _I, _O, _U)


@part
def _consonant(word: Bytes, i: int) -> bool:
    """Whether a letter is a consonant: a y is one where the letter before it is none."""
    if _vowel(word[i]):
        return False
    if word[i] != _Y:
        return True
    first = i
    while first > 0 and word[first] == _Y:
        first -= 1
    return (not _vowel(word[first])) != ((i - first) % 2 == 1)


@part
def _measure(word: Bytes, size: int) -> int:
    """Count the changes from vowel to consonant, Porter's m."""
    found, before = 0, True
    for i in range(size):
        if _vowel(word[i]):
            consonant = False
        elif word[i] == _Y:
            consonant = i == 0 or not before
        else:
            consonant = True
        if i > 0 and consonant and not before:
            found += 1
        before = consonant
    return found


@part
def _has_vowel(word: Bytes, size: int) -> bool:
    before = False
    for i in range(size):
        consonant = not _vowel(word[i]) and (word[i] != _Y or i == 0 or not before)
        if not consonant:
            return True
        before = consonant
    return False


@part
def _doubled(word: Bytes, size: int) -> bool:
    return size >= 2 and word[size - 1] == word[size - 2] and _consonant(word, size - 1)


@part
def _short(word: Bytes, size: int) -> bool:
    """Porter's *o, consonant, vowel, consonant but w, x, y; nltk adds the words of vowel and consonant."""
    if size == 2:
        return not _consonant(word, 0) and _consonant(word, 1)
    if size < 3 or word[size - 1] in (_W, _X, _Y):
        return False
    return _consonant(word, size - 3) and not _consonant(word, size - 2) and _consonant(word, size - 1)


@part
def _ends(word: Bytes, size: int, suffixes: Bytes, low: int, high: int) -> bool:
    long = high - low
    if long > size:
        return False
    for k in range(long):  # noqa: SIM110 (numba compiles no generators)
        if word[size - long + k] != suffixes[low + k]:
            return False
    return True


@part
def _apply(word: Bytes, size: int, table: Table, step: int) -> int:
    """Apply the first rule of a step whose suffix is there, if its condition holds."""
    suffixes, at, new, new_at = table
    for rule in range(at.size - 1):
        if not _ends(word, size, suffixes, at[rule], at[rule + 1]):
            continue
        stem = size - (at[rule + 1] - at[rule])
        if step == _SECOND:
            logi = rule == at.size - 2  # nltk looks at the word without -ogi
            holds = _measure(word, stem + 1 if logi else stem) > 0
        elif step == _THIRD:
            holds = _measure(word, stem) > 0
        else:
            ion = at[rule + 1] - at[rule] == 3 and word[size - 3] == _I and word[size - 2] == _O
            holds = _measure(word, stem) > 1 and (not ion or word[stem - 1] in (_S, _T))
        if not holds:
            return size
        for k in range(new_at[rule], new_at[rule + 1]):
            word[stem + k - new_at[rule]] = new[k]
        return int(stem + new_at[rule + 1] - new_at[rule])
    return size


@part
def _plural(word: Bytes, size: int) -> int:
    """Step 1a."""
    if word[size - 1] != _S:
        return size
    if size >= 3 and word[size - 2] == _E and word[size - 3] == _I:
        return size - 1 if size == 4 else size - 2
    if size >= 4 and word[size - 2] == _E and word[size - 3] == _S and word[size - 4] == _S:
        return size - 2
    return size if size >= 2 and word[size - 2] == _S else size - 1


@part
def _past(word: Bytes, size: int) -> int:
    """Step 1b."""
    if size >= 3 and word[size - 1] == _D and word[size - 2] == _E:
        if word[size - 3] == _I:
            return size - 1 if size == 4 else size - 2
        if word[size - 3] == _E:
            return size - 1 if _measure(word, size - 3) > 0 else size
    stem = -1
    if size >= 2 and word[size - 1] == _D and word[size - 2] == _E:
        stem = size - 2
    elif size >= 3 and word[size - 1] == _G and word[size - 2] == _N and word[size - 3] == _I:
        stem = size - 3
    if stem < 0 or not _has_vowel(word, stem):
        return size
    last = word[stem - 1]
    before = word[stem - 2] if stem >= 2 else 0
    if (before == _A and last == _T) or (before == _B and last == _L) or (before == _I and last == _Z):
        word[stem] = _E
        return stem + 1
    if _doubled(word, stem):
        return stem if last in (_L, _S, _Z) else stem - 1
    if _measure(word, stem) == 1 and _short(word, stem):
        word[stem] = _E
        return stem + 1
    return stem


@part
def stem(word: Bytes, size: int) -> int:
    """Stem a word in place.

    Args:
        word: Its bytes, lower case, at least three more than the word is long.
        size: Its length.

    Returns:
        The length of its stem, which stands where the word stood.
    """
    for k in range(_IRREGULAR_AT.size - 1):
        low, high = _IRREGULAR_AT[k], _IRREGULAR_AT[k + 1]
        if high - low == size and _ends(word, size, _IRREGULAR, low, high):
            for i in range(_REGULAR_AT[k], _REGULAR_AT[k + 1]):
                word[i - _REGULAR_AT[k]] = _REGULAR[i]
            return int(_REGULAR_AT[k + 1] - _REGULAR_AT[k])
    if size <= 2:
        return size
    size = _past(word, _plural(word, size))
    if word[size - 1] == _Y and size > 2 and _consonant(word, size - 2):
        word[size - 1] = _I
    second = (_STEP2, _STEP2_AT, _NEW2, _NEW2_AT)
    if size >= 4 and word[size - 1] == _I and word[size - 2] == _L and word[size - 3] == _L and word[size - 4] == _A:
        if _measure(word, size - 4) > 0:  # nltk: -alli becomes -al, and step 2 is done again
            size = _apply(word, size - 2, second, _SECOND)
    else:
        size = _apply(word, size, second, _SECOND)
    size = _apply(word, size, (_STEP3, _STEP3_AT, _NEW3, _NEW3_AT), _THIRD)
    size = _apply(word, size, (_STEP4, _STEP4_AT, _NEW4, _NEW4_AT), _FOURTH)
    return _tidy(word, size)


@part
def _tidy(word: Bytes, size: int) -> int:
    """Step 5."""
    if word[size - 1] == _E:
        measure = _measure(word, size - 1)
        if measure > 1 or (measure == 1 and not _short(word, size - 1)):
            size -= 1
    if size >= 2 and word[size - 1] == _L and word[size - 2] == _L and _measure(word, size - 1) > 1:
        size -= 1
    return size
