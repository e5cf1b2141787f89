"""Names in pinyin against Chinese characters: Zhou Minyi and 周敏仪."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import permutations

from tercet.facts.names.glosses import readings, surnames

_LONGEST_SYLLABLE = 6
_MOST_WORDS, _MOST_SYLLABLES, _MOST_WAYS, _MOST_SPELLINGS, _MOST_TRIES = 3, 6, 4, 24, 500


@cache
def _characters() -> Mapping[str, frozenset[str]]:
    """The characters of each syllable, ü as v, u or yu; one letter is a syllable only as a, o, e."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for character, heard in readings().items():
        for syllable in heard:
            for spelling in {syllable, syllable.replace("v", "u"), syllable.replace("v", "yu")}:
                found[spelling].add(character)
    return {spelling: frozenset(those) for spelling, those in found.items() if len(spelling) > 1 or spelling in "aoe"}


@cache
def family_names() -> frozenset[str]:
    """Chinese family names of one character, in pinyin of two letters or more."""
    single = (name for name in surnames() if len(name) == 1)
    return frozenset(heard for name in single for heard in readings().get(name, ()) if len(heard) > 1)


@lru_cache(65536)
def syllables(word: str) -> tuple[tuple[str, ...], ...]:
    """Cut a folded word into pinyin syllables, in each way that there is.

    >>> syllables("minyi"), syllables("xian"), syllables("solms")
    ((('min', 'yi'),), (('xian',), ('xi', 'an')), ())
    """
    known = _characters()
    word = word.replace("'", "")
    if not 0 < len(word) <= _LONGEST_SYLLABLE * _MOST_SYLLABLES:
        return ()
    ways: list[list[tuple[str, ...]]] = [[] for _ in range(len(word) + 1)]
    ways[0].append(())
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST_SYLLABLE), end):
            syllable = word[start:end]
            if syllable in known:
                ways[end].extend((*way, syllable) for way in ways[start][:_MOST_WAYS])
    return tuple(way for way in ways[-1] if len(way) <= _MOST_SYLLABLES)


@lru_cache(65536)
def characters_of(words: tuple[str, ...]) -> tuple[tuple[frozenset[str], ...], ...]:
    """Say which characters a name in pinyin may be written with.

    Args:
        words: The folded words of the name; the family name first or last.

    Returns:
        One sequence of character sets for each order of the words and each way to cut them; empty
        where a word is no pinyin.
    """
    if not 0 < len(words) <= _MOST_WORDS:
        return ()
    cut = [syllables(word) for word in words]
    if not all(cut):
        return ()
    known = _characters()
    found: list[tuple[frozenset[str], ...]] = []
    for order in permutations(cut):
        ways: list[tuple[str, ...]] = [()]
        for choices in order:
            ways = [way + choice for way in ways for choice in choices][: 2 * _MOST_WAYS]
        found.extend(tuple(known[syllable] for syllable in way) for way in ways)
    return tuple(found)


@lru_cache(65536)
def spellings_of(name: str) -> tuple[str, ...]:
    """Spell Chinese characters in pinyin in every way that they may be read, the family name first and last.

    >>> spellings_of("徐桂芳")
    ('xuguifang', 'guifangxu')
    """
    ways: list[tuple[str, ...]] = [()]
    for character in name:
        heard = sorted(readings().get(character, ()))
        ways = [(*way, reading) for way in ways for reading in heard][:_MOST_SPELLINGS]
    found: dict[str, None] = {}
    for way in ways:
        for order in (way, (*way[1:], way[0])):
            plain = "".join(order)
            for spelling in (plain, plain.replace("v", "u"), plain.replace("v", "yu")):
                found.setdefault(spelling)
    return tuple(found)


def find_reading(text: str, present: frozenset[str], wanted: Sequence[frozenset[str]]) -> int:
    """Find where characters first read as wanted, one after the other.

    Args:
        text: Chinese text.
        present: Its characters.
        wanted: The characters that each place may have.

    Returns:
        The place of the first character, or -1.
    """
    if any(characters.isdisjoint(present) for characters in wanted):
        return -1
    tries, best = 0, -1
    for first in wanted[0] & present:
        at = text.find(first)
        while at >= 0 and (best < 0 or at < best):
            run = text[at : at + len(wanted)]
            if len(run) == len(wanted) and all(map(frozenset.__contains__, wanted, run)):
                best = at
                break
            tries += 1
            if tries > _MOST_TRIES:  # a long text: a pattern takes longer to make, but less to look
                match = re.search("".join(f"[{''.join(those & present)}]" for those in wanted), text)
                return match.start() if match else -1
            at = text.find(first, at + 1)
    return best
