"""Names in English text: runs of capitalized words, cut into what the table knows and what it does not."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tercet.facts.names.folding import folded, squeezed
from tercet.facts.names.glosses import words
from tercet.facts.names.origin import is_one_syllable
from tercet.facts.names.pinyin import family_names, syllables
from tercet.facts.names.table import first_words, table
from tercet.facts.names.words import NO_NAMES, is_word
from tercet.facts.records import Name

_LETTER = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0100\u0106\u010c\u0110\u0141\u0150\u0152\u015a\u015e\u0160\u0179\u017b\u017d"
# A letter first, so that the search can leap from capital to capital; then no letter before it.
_WORD = (
    rf"[{_LETTER}](?<!\w[{_LETTER}])(?:(?:\.[A-Z])+\.|(?<=[SMF])t\."
    r"|\w*(?:(?:['’](?!s\b)|-|&(?=[A-Z])|\.(?=[A-Z]))\w+)*)"
)
_LINK = "(?:of|de|del|der|den|van|von|bin|al|el|la|da|di|du|and|the|&)"
_RUN = re.compile(rf"{_WORD}(?: (?:{_LINK} ){{0,2}}{_WORD}){{0,15}}")
_TOKEN = re.compile(_WORD)
_CAPITAL = re.compile(rf"[{_LETTER}](?<!\w[{_LETTER}])")
_CAMEL = re.compile("(?<=[a-z])(?=[A-Z])")
_QUOTED = re.compile(r"['’]s\b| (?:said|says|told|added|argued|warned)\b")
_BEFORE_SENTENCE = frozenset(".!?:;…\n\r\t•*–—-|)")
_OPENING, _SPACE, _QUOTES = frozenset("\"'“‘(（[「『*_#>"), frozenset(" \t\u3000\xa0"), frozenset("\"'”’")
_CLOSING = " \t\r\"'”’)*_"
_OF_A_NAME = frozenset({"n", "an", "ian", "ese", "ish", "ist", "ism", "ite", "er", "ic"})
_APART = frozenset({" and ", " and the ", " & "})
_MOST_WORDS, _LONGEST_RUN, _LONGEST_TITLE = 6, 300, 300
_SENTENCE_SHARE, _TITLE_SHARE = 0.8, 0.5


class Piece(NamedTuple):
    """A part of a run of capitalized words.

    Args:
        start: First character, in the run.
        end: One past the last.
        text: As it stands.
        keys: What it may be.
        checkable: Whether its absence elsewhere is evidence.
        unknown: Whether it is its capital that makes it a name, and not the table.
    """

    start: int
    end: int
    text: str
    keys: frozenset[str]
    checkable: bool
    unknown: bool


class _Run(NamedTuple):
    """A run of capitalized words: as it stands, folded, its words' places, and whether it opens a sentence."""

    text: str
    plain: str
    words: list[tuple[int, int]]
    opening: bool

    def piece(
        self, start: int, end: int, keys: frozenset[str], *, checkable: bool = True, unknown: bool = True
    ) -> Piece:
        return Piece(start, end, self.text[start:end], keys, checkable, unknown)


def english_names(text: str) -> list[Name]:
    """Find the names in an English text.

    Returns:
        In order of place; ``checkable`` is False for what may be an ordinary word, or stands in a line
        in which capitals tell nothing, such as a headline in title case.
    """
    found: list[Name] = []
    line_end, title = -1, False
    for match in _RUN.finditer(text):
        start = match.start()
        if match.end() - start > _LONGEST_RUN:
            continue
        for begin, end, name, keys, sure, unknown in _pieces(match[0], _opens_sentence(text, start)):
            if unknown and start > line_end:
                line_end = text.find("\n", start) % (len(text) + 1)
                title = _is_title(text[text.rfind("\n", 0, start) + 1 : line_end])
            checkable = sure and not (unknown and title)
            if unknown and not sure and len(name) > 2:
                checkable = _QUOTED.match(text, start + end) is not None
            found.append(Name(start + begin, start + end, name, keys, checkable))
    return found


def capitalized(text: str, most: int) -> list[tuple[str, int, int]]:
    """List the capitalized words of a text, each once, with the place of the first; no more than so many."""
    found: dict[str, tuple[str, int, int]] = {}
    for match in _TOKEN.finditer(text):
        found.setdefault(match[0], (match[0], match.start(), match.end()))
        if len(found) >= most:
            break
    return list(found.values())


def _opens_sentence(text: str, start: int) -> bool:
    at = start - 1
    for passed in (_OPENING, _SPACE, _QUOTES):
        while at >= 0 and text[at] in passed:
            at -= 1
    return at < 0 or text[at] in _BEFORE_SENTENCE


def _is_title(line: str) -> bool:
    """Say whether so many words of a line have a capital that a capital tells nothing; more so in a sentence."""
    if len(line) > _LONGEST_TITLE:
        return False
    sentence = line.rstrip(_CLOSING).endswith((".", "!", "?", "…"))
    share = _SENTENCE_SHARE if sentence else _TITLE_SHARE
    return len(_CAPITAL.findall(line)) > share * (line.count(" ") + 1)


@lru_cache(65536)
def _pieces(text: str, opening: bool) -> tuple[Piece, ...]:
    """Cut a run of capitalized words into names."""
    if " " not in text:
        alone = 0, len(text)
        piece = _single(_Run(text, folded(text), [alone], opening), alone, opening=opening)
        return (piece,) if piece else ()
    return tuple(_joined(_Run(text, folded(text), [match.span() for match in _TOKEN.finditer(text)], opening)))


def _joined(run: _Run) -> Iterator[Piece]:
    """Join neighbours that the table does not know into one name: Doug Jones; a solid neighbour stays apart."""
    held: Piece | None = None
    for piece in _judged(run):
        joins = held and piece and piece.unknown and run.text[held.end : piece.start] not in _APART
        if held and piece and joins:
            checkable = held.checkable or piece.checkable
            held = run.piece(held.start, piece.end, held.keys | piece.keys, checkable=checkable)
            continue
        if held:
            yield held
        held = piece if piece and piece.unknown else None
        if piece and not held:
            yield piece
    if held:
        yield held


def _judged(run: _Run) -> list[Piece | None]:
    """Judge the words of a run one after the other; None is an ordinary word."""
    pieces: list[Piece | None] = []
    at = 0
    while at < len(run.words):
        piece, used = _longest(run, at)
        before = pieces[-1] if pieces else None
        if piece and piece.unknown and pieces and not before and _is_family(run, run.words[at - 1], run.words[at]):
            piece = run.piece(run.words[at - 1][0], piece.end, piece.keys)
        elif before and before.unknown and not piece and _is_family(run, run.words[at], (before.start, before.end)):
            piece = run.piece(*run.words[at], frozenset())
        pieces.append(piece)
        at += used
    return pieces


def _is_family(run: _Run, word: tuple[int, int], other: tuple[int, int]) -> bool:
    """Say whether an ordinary word beside an unknown one is a part of a name: He Dayong, Kwon Ji-woo, Peter Fung."""
    plain = run.plain[slice(*word)]
    if word[0] > other[0]:
        return word[0] - other[1] == 1 and all(map(is_one_syllable, plain.split()))
    return other[0] - word[1] == 1 and plain in family_names() and bool(syllables(run.plain[slice(*other)]))


def _longest(run: _Run, at: int) -> tuple[Piece | None, int]:
    """Find the longest name of the table that begins with a word, else judge the word alone."""
    start, end = run.words[at]
    most = min(len(run.words), at + _MOST_WORDS)
    if most > at + 1 and run.plain[start:end].partition(" ")[0] not in first_words():
        most = 0
    for last in range(most - 1, at, -1):
        end = run.words[last][1]
        name = run.plain[start:end].rstrip()
        if keys := table().english.get(name):
            solid = name in table().solid
            return run.piece(start, end, keys | {squeezed(name)}, checkable=solid, unknown=False), last - at + 1
    return _single(run, run.words[at], opening=run.opening and at == 0), 1


def _single(run: _Run, word: tuple[int, int], *, opening: bool) -> Piece | None:
    """Judge one word: a name of the table, an ordinary word, or an unknown name."""
    known = table().english
    name, written = run.plain[slice(*word)].rstrip(), run.text[slice(*word)]
    if "." in written and written.isupper():  # U.S.
        name = squeezed(name)
    if name not in known and len(name) > 4 and name.removesuffix("s") in known:
        name = name.removesuffix("s")
    if name in NO_NAMES or len(name) < 2:
        return None
    if name in known:
        return _tabled(run, word, name, opening=opening)
    if is_word(name) or (written[1:] != name[1:] and is_word(folded(_CAMEL.sub(" ", written)).strip())):
        return None
    keys = frozenset({squeezed(name)}).union(*(known[base] for base in _bases(name) if base in known))
    return run.piece(*word, keys, checkable=len(name) > 2 and not (opening and len(run.words) == 1))


def _tabled(run: _Run, word: tuple[int, int], name: str, *, opening: bool) -> Piece | None:
    """Judge a word that the table knows: Turkey is a country within a sentence, Polish is none at its beginning."""
    solid = name in table().solid and name not in family_names()
    known = table().english
    keys = known[name].union({squeezed(name)}, *(known[base] for base in _bases(name) if base in known))
    if (opening and name in words()) or (not solid and is_word(name)):
        return run.piece(*word, keys, checkable=False, unknown=False) if solid else None
    if len(name) < 4 and not run.text[slice(*word)].replace(".", "").isupper():
        return run.piece(*word, keys, checkable=False)
    return run.piece(*word, keys, unknown=not solid)


def _bases(name: str) -> list[str]:
    """List the parts of an unknown name, and what they may be the adjective or the plural of: Assyrians, Assyria."""
    parts = name.split()
    found = parts[:] if len(parts) > 1 else []
    for word in parts:
        stem = word
        if word[-1] == "s":
            stem = word[:-1]
            found.append(stem)
        for size in range(1, min(4, len(stem) - 3)):
            if stem[-size:] in _OF_A_NAME:
                found.append(stem[:-size])
    return found
