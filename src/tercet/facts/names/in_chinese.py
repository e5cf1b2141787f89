"""Names looked for in a Chinese text: Chinese forms, Latin letters, pinyin, and what sounds alike."""

import re
from collections.abc import Iterable
from functools import cached_property

from tercet.facts.names.chinese import DOTS
from tercet.facts.names.folding import find_word, folded
from tercet.facts.names.glosses import plain_chinese, simplified
from tercet.facts.names.heard import SoundIndex
from tercet.facts.names.origin import is_one_syllable, may_be_japanese, may_be_korean
from tercet.facts.names.pinyin import characters_of, find_reading, syllables
from tercet.facts.names.sound import ALIKE, APART, sounds, weight, without_ending
from tercet.facts.names.table import forms_of, table
from tercet.facts.names.words import is_word, may_be_misspelt
from tercet.facts.records import Name
from tercet.text.languages import HAN

_HAN = re.compile(HAN)
_KOREA = re.compile("[韩朝]")
# A people, its adjective, or a troop: names that are more often translated than transcribed.
_OF_A_GROUP = re.compile(r"(?:[^aious]s|ian|ean|ese|ish|ic)$")
# How much there must be to hear: to tell at all, to support what the table knows, and to do so less exactly.
_ENOUGH, _MORE, _MUCH = 2.0, 3.0, 4.0
_SMALL_WORDS = frozenset({"of", "the", "de", "and", "&"})
_MOST_PLACES, _LONG_FORM = 300, 3
Span = tuple[int, int]


class ChineseText:
    """A Chinese text in which names are looked for.

    Args:
        text: Any text.
    """

    def __init__(self, text: str) -> None:
        self._given = text

    @cached_property
    def _text(self) -> str:
        return simplified(self._given)

    def search(self, name: Name) -> Span | None:
        """Find a name in any of its forms."""
        if _HAN.match(name.text):
            return self._chinese(name) or self._form(name.keys) or self._latin(name.keys)
        words = _words(name)
        found = self._literal(name)
        if len(words) == 1 or not characters_of(tuple(words)) or _is_solid(words):
            found = found or self._form(name.keys)  # else a family name alone would do for any who bears it
        return found if found or name.text.isupper() else self._pinyin(name) or self._sound(name)

    def would_show(self, name: Name) -> bool:
        """Say whether a name that is not found is not there: whether all its forms are known."""
        if _HAN.match(name.text):
            return True
        words = _words(name)
        if _is_solid(words):
            return True
        if name.text.removesuffix("s").isupper() or not words:
            return False
        if characters_of(tuple(words)):
            western = len(words) == 1 and weight(sounds(words[0])) >= _ENOUGH and self._nearest(words[0])[0] <= ALIKE
            return sum(map(len, words)) > 3 and not may_be_japanese(words) and not western
        return not self._may_hide(words) and self._is_apart(words)

    def _may_hide(self, words: list[str]) -> bool:
        """Say whether Chinese may write a name by other than its sound."""
        if may_be_japanese(words) or any(map(is_one_syllable, words)):
            return True
        if len(words) == 1 and _OF_A_GROUP.search(words[0]):
            return True
        return may_be_korean(words) and bool(_KOREA.search(self._text))

    def _is_apart(self, words: list[str]) -> bool:
        heard = [word for word in words if not is_word(word) and weight(sounds(word)) >= _ENOUGH]
        return bool(heard) and not any(self._nearest(word)[0] <= APART or may_be_misspelt(word) for word in heard)

    def _chinese(self, name: Name) -> Span | None:
        """Find Chinese characters as they stand; of a name with a dot, the beginning of the family name will do."""
        wanted = simplified(name.text)
        at = self._text.find(wanted)
        if at < 0 and any(dot in wanted for dot in DOTS):
            wanted = re.split(f"[{DOTS}]", wanted)[-1][:3]
            at = self._text.find(wanted)
        return (at, at + len(wanted)) if at >= 0 else None

    @cached_property
    def _folded(self) -> str:
        return folded(self._text)

    def _latin(self, keys: Iterable[str]) -> Span | None:
        return next(filter(None, (find_word(self._folded, key) for key in sorted(keys) if key.isascii())), None)

    def _literal(self, name: Name) -> Span | None:
        if found := find_word(self._folded, folded(name.text).strip()):
            return found
        named = (word for word in _words(name) if len(word) > 2 and not is_word(word))
        return next(filter(None, (find_word(self._folded, word) for word in named)), None)

    def _form(self, keys: frozenset[str]) -> Span | None:
        """Find a form of the table, of the thing or of its kin, or a country beside another one."""
        kin = {other for key in keys for other in table().kin.get(key, ())}
        for key in (*sorted(keys), *sorted(kin)):
            for form in forms_of(key):
                if found := self._standing(form):
                    return found
        return next(filter(None, (self._beside(key[0]) for key in sorted(keys & table().countries))), None)

    def _standing(self, form: str) -> Span | None:
        """Find a form; one of a single character only where it is no part of an ordinary word."""
        at = self._text.find(form)
        if at < 0 and len(form) > _LONG_FORM:  # other transcriptions end otherwise: 米开朗基罗, 米开朗琪罗
            form = form[:_LONG_FORM]
            at = self._text.find(form)
        if len(form) > 1:
            return (at, at + len(form)) if at >= 0 else None
        ordinary = plain_chinese()
        for _ in range(_MOST_PLACES):
            if at < 0:
                break
            before, after = self._text[max(0, at - 1) : at + 1], self._text[at : at + 2]
            if after in table().keys or not (before in ordinary or after in ordinary or before[0].isdigit()):
                return at, at + 1
            at = self._text.find(form, at + 1)
        return None

    def _beside(self, first: str) -> Span | None:
        """Find a country by its first character beside the short form of another: 土叙两国."""
        at = self._text.find(first)
        for _ in range(_MOST_PLACES):
            if at < 0:
                break
            if not table().shorts.isdisjoint(self._text[max(0, at - 1) : at] + self._text[at + 1 : at + 2]):
                return at, at + 1
            at = self._text.find(first, at + 1)
        return None

    @cached_property
    def _present(self) -> frozenset[str]:
        return frozenset(self._text)

    def _pinyin(self, name: Name) -> Span | None:
        for wanted in characters_of(tuple(word for word in _words(name) if syllables(word))):
            at = find_reading(self._text, self._present, wanted)
            if at >= 0:
                return at, at + len(wanted)
        return None

    @cached_property
    def _heard(self) -> SoundIndex:
        return SoundIndex(self._text)

    def _sound(self, name: Name) -> Span | None:
        """Find what sounds like a word of the name; of what the table or pinyin knows, only what is very like."""
        words = [word for word in _words(name) if not is_word(word)]
        known = _is_solid(words) or bool(characters_of(tuple(words)))
        if known and not table().countries.isdisjoint(name.keys):
            return None
        heavy = [word for word in words if weight(sounds(word)) >= (_MORE if known else _ENOUGH)]
        for word in heavy if heavy or known else words:
            difference, place = self._heard.nearest(word) if known else self._nearest(word)
            exact = known and weight(sounds(word)) < _MUCH
            if difference <= (ALIKE / 2 if exact else ALIKE):
                return place
        return None

    def _nearest(self, word: str) -> tuple[float, Span | None]:
        return min((self._heard.nearest(form) for form in without_ending(word)), key=lambda found: found[0])


def _is_solid(words: list[str]) -> bool:
    plain = " ".join(words)
    return plain in table().solid or plain.removesuffix("s") in table().solid


def _words(name: Name) -> list[str]:
    return [word for word in folded(name.text).replace("'", "").split() if word not in _SMALL_WORDS]
