"""Which English words are ordinary ones, so that a capital does not make them names."""

import re
from functools import lru_cache
from itertools import chain
from string import ascii_lowercase

from tercet.facts.names.glosses import words
from tercet.facts.names.pinyin import syllables

# Months, weekdays and feasts, units and money by name, and titles: words with a capital that name nobody.
_CAPITALIZED = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
    " september october november december mon tue tues wed thu thur thurs fri sat sun jan feb mar apr jun jul aug sep"
    " sept oct nov dec easter christmas celsius fahrenheit covid rmb mr mrs ms dr prof sir lord lady president chairman"
    " director professor minister king queen prince princess pope saint st senator judge captain general colonel"
    " chief"
)
_SUFFIXES = (
    "s es ed d ing ly er ers r rs ness able ment ist ists hood ship ful less ism ity al ic ics ization ize ized izing"
    " ation ional ion ions ee ees ative ive or ors y ance ence ary age"
)
NO_NAMES, _ENDINGS = frozenset(_CAPITALIZED.split()), frozenset(_SUFFIXES.split())
_SIZES_BY_LAST = {
    last: tuple(sorted({len(ending) for ending in _ENDINGS if ending[-1] == last}))
    for last in {ending[-1] for ending in _ENDINGS}
}
_BEGINNINGS = frozenset({"un", "re", "non", "pre", "anti", "over", "multi", "co", "inter", "sub", "trans"})
_SHORTEST_PART, _SHORTEST_COMPOUND, _SHORTEST_MISSPELT, _LONGEST = 3, 7, 8, 40


@lru_cache(65536)
def is_word(plain: str) -> bool:
    """Say whether a folded word, or each part of it, is an ordinary English one, formed of one, or made of two.

    >>> is_word("bank"), is_word("researchers"), is_word("stardust"), is_word("nerolith")
    (True, True, True, False)
    """
    if plain in words():
        return True
    if plain.isalpha():
        return plain in NO_NAMES or _is_formed(plain)
    parts = re.split(r"[ '&]", plain[: _LONGEST + 1])
    return all(part in NO_NAMES or part.isdigit() or _is_formed(part) for part in parts if part)


def _is_formed(word: str) -> bool:
    known = words()
    if not known.isdisjoint(_origins(word)):
        return True
    if not _SHORTEST_COMPOUND <= len(word) <= _LONGEST:
        return False
    for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        if word[:cut] in known and word[cut:] in known:
            return not syllables(word)  # of nan and jing nothing is made
    return False


def _origins(word: str) -> list[str]:
    """List what an English word may be formed from."""
    found = [word, word + "al", word + "ly"]
    for size in _SIZES_BY_LAST.get(word[-1], ()):
        if size < len(word) - 2 and word[-size:] in _ENDINGS:
            stem = word[:-size]
            found += (stem, stem + "e")
            if len(stem) > 3 and stem[-1] == stem[-2]:
                found.append(stem[:-1])
            if stem[-1] == "i":
                found.append(stem[:-1] + "y")
    found.extend(word[size:] for size in range(2, min(6, len(word) - 3)) if word[:size] in _BEGINNINGS)
    return found


@lru_cache(65536)
def may_be_misspelt(word: str) -> bool:
    """Say whether a long word is one slip from an ordinary one: a letter too many or too few, or two swapped.

    >>> may_be_misspelt("transportaion"), may_be_misspelt("steinbrueck")
    (True, False)
    """
    if not _SHORTEST_MISSPELT <= len(word) <= _LONGEST:
        return False
    known = words()
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    slips = chain(
        (head + tail[1:] for head, tail in cuts),
        (head + tail[1::-1] + tail[2:] for head, tail in cuts),
        (head + letter + tail for head, tail in cuts for letter in ascii_lowercase),
    )
    return any(slip in known or slip in NO_NAMES for slip in slips)
