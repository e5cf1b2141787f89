"""Names looked for in an English text: as they stand, by the table, by initials, in pinyin, by their sound."""

import re
from functools import cached_property

from tercet.facts.names.chinese import DOTS, is_person
from tercet.facts.names.english import capitalized, english_names
from tercet.facts.names.folding import find_spaced, find_word, folded, squeezed
from tercet.facts.names.glosses import readings, simplified, surnames, words
from tercet.facts.names.origin import is_one_syllable, may_be_japanese
from tercet.facts.names.pinyin import characters_of, spellings_of
from tercet.facts.names.sound import alike, sounds, syllable, without_ending
from tercet.facts.names.table import table
from tercet.facts.names.words import is_word
from tercet.facts.records import Name
from tercet.text.languages import HAN

_HAN = re.compile(HAN)
_WORD_START = re.compile(r"(?<![a-z0-9'])[a-z0-9]")
_PLACE_CLASS = frozenset("省市县区镇乡村州郡")
_LONGEST_ACRONYM, _LONGEST_PINYIN, _SHORTEST_STEM, _MOST_WORDS = 6, 5, 5, 2000
Span = tuple[int, int]


class EnglishText:
    """An English text in which names are looked for.

    Args:
        text: Any text.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def search(self, name: Name) -> Span | None:
        """Find a name in any of its forms."""
        if not _HAN.match(name.text):
            return self._literal(name) or self._form(name.keys) or self._initials(name)
        found = self._latin(name.keys) or self._form(name.keys) or self._pinyin(name)
        known = any(key in table().names for key in name.keys)
        return found if found or known else self._sound(name)

    def would_show(self, name: Name) -> bool:
        """Say whether a name that is not found is not there: whether all its forms are known."""
        if not _HAN.match(name.text):
            return True
        if len(self._capitalized) >= _MOST_WORDS:
            return not table().countries.isdisjoint(name.keys)
        if is_person(name):
            return not any(_is_eastern(other.text) for other in english_names(self._text))
        if any(dot in name.text for dot in DOTS) or not table().countries.isdisjoint(name.keys):
            return True
        return self._sound(name) is None  # the table may lack a spelling: Odesa

    @cached_property
    def _folded(self) -> str:
        return folded(self._text)

    @cached_property
    def _squeezed(self) -> str:
        return squeezed(self._folded)

    @cached_property
    def _capitalized(self) -> list[tuple[str, int, int]]:
        return capitalized(self._text, _MOST_WORDS)

    def _latin(self, keys: frozenset[str]) -> Span | None:
        return next(filter(None, (find_word(self._folded, key) for key in sorted(keys) if key.isascii())), None)

    def _literal(self, name: Name) -> Span | None:
        """Find Latin letters as they stand, with other spaces and hyphens, or each word that is no ordinary one."""
        plain = folded(name.text).strip()
        if found := find_word(self._folded, plain):
            return found
        short = squeezed(plain)
        if len(short) >= _SHORTEST_STEM and short in self._squeezed and (found := find_spaced(self._folded, short)):
            return found
        for word, written in zip(plain.split(), re.split(r"[ .-]+", name.text), strict=False):
            if len(word) > 1 and not written.islower() and not is_word(word):
                found = find_word(self._folded, word) or find_word(self._folded, word.removesuffix("s"))
                if not found:
                    return None
        return found

    def _form(self, keys: frozenset[str]) -> Span | None:
        """Find an English name of the table, of the thing or of its kin."""
        kin = {other for key in keys for other in table().kin.get(key, ())}
        names = {name: None for key in (*sorted(keys), *sorted(kin)) for name in sorted(table().names.get(key, ()))}
        return next(filter(None, (self._standing(name) or self._shortened(name) for name in names)), None)

    def _standing(self, name: str) -> Span | None:
        """Find an English name; one that is short or also an ordinary word only with its capitals."""
        short = len(name) < 4 and " " not in name
        if short and (at := self._text.find(dotted := ".".join(name.upper()) + ".")) >= 0:
            return at, at + len(dotted)
        found = find_word(self._folded, name)
        if not found or not (short or name in words()):
            return found
        start = 0
        while found:
            begin, end = start + found[0], start + found[1]
            written = self._text[begin : begin + len(name)]
            if written.isupper() if short else written[:1].isupper():
                return begin, end
            start = end
            found = find_word(self._folded[start : start + len(self._text)], name)
        return None

    def _shortened(self, name: str) -> Span | None:
        """Find a name's initials (New York, NY), one word of it, or what is formed from it (Trump, Trumpism)."""
        if " " not in name:
            match = re.search(rf"(?<![a-z]){re.escape(name)}", self._folded) if self._may_begin(name) else None
            return match.span() if match and self._text[match.start()].isupper() else None
        initials = "".join(word[0] for word in name.split()).upper()
        if initials in self._text and (match := re.search(rf"\b{re.escape(initials)}\b", self._text)):
            return match.span()
        named = (word for word in name.split() if len(word) > 3 and not is_word(word))
        return next(filter(None, (find_word(self._folded, word) for word in named)), None)

    def _may_begin(self, name: str) -> bool:
        return len(name) >= _SHORTEST_STEM and name in self._folded

    @cached_property
    def _starts(self) -> tuple[str, list[int]]:
        found = list(_WORD_START.finditer(self._folded))
        return "".join(match[0] for match in found), [match.start() for match in found]

    def _initials(self, name: Name) -> Span | None:
        """Find what an acronym stands for, or the acronym of a name."""
        short = squeezed(folded(name.text))
        if 1 < len(short) <= _LONGEST_ACRONYM and sum(map(str.isupper, name.text)) > 1:
            letters, places = self._starts
            at = letters.find(short)
            if at >= 0:
                return places[at], places[at + len(short) - 1] + 1
        parts = re.findall(r"\w+", name.text)
        if len(parts) < 3 or len(parts) > _LONGEST_ACRONYM:
            return None
        initials = (part[0] if part[0].isupper() else f"[{part[0]}{part[0].upper()}]?" for part in parts)
        match = re.search(rf"\b{''.join(initials)}\b", self._text)  # BoE
        return match.span() if match else None

    def _pinyin(self, name: Name) -> Span | None:
        """Find how a Chinese name is read; a person's family name alone will do."""
        chinese = simplified(name.text)
        if not 1 < len(chinese) <= _LONGEST_PINYIN:
            return None
        stem = chinese[:-1] if len(chinese) > 2 and chinese[-1] in _PLACE_CLASS else chinese
        for spelling in (*spellings_of(chinese), *spellings_of(stem)):
            if spelling in self._squeezed and (found := find_spaced(self._folded, spelling)):
                return found
        if chinese[0] in surnames() and (is_person(name) or not table().people.isdisjoint(name.keys)):
            for reading in sorted(readings().get(chinese[0], ())):
                place = r"(?<=[a-z,] )" if reading in words() else r"\b"  # He opens many a sentence
                if match := re.search(rf"{place}{reading.title()}\b", self._text):
                    return match.span()
        return None

    @cached_property
    def _forms(self) -> list[tuple[str, int, int]]:
        return [(form, start, end) for word, start, end in self._capitalized for form in without_ending(folded(word))]

    def _sound(self, name: Name) -> Span | None:
        """Find a capitalized word that sounds like a part of the name, the family name first."""
        parts = [part for part in re.split(f"[{DOTS}]", simplified(name.text)) if len(part) > 1]
        for part in reversed(parts):
            run = [syllable(character) for character in part]
            for form, start, end in self._forms:
                if alike(sounds(form), run):
                    return start, end
        return None


def _is_eastern(name: str) -> bool:
    """Say whether an English name may be one that Chinese characters write, though not in pinyin: Christopher Hui."""
    parts = folded(name).replace("'", "").split()
    if characters_of(tuple(parts)) or all(map(is_word, parts)):
        return False
    return may_be_japanese(parts) or (len(parts) > 1 and any(map(is_one_syllable, parts)))
