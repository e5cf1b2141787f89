"""Chunks: the pieces of a text that a claim is held against, each with its place."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from tercet.text.sentences import sentences
from tercet.text.surrogates import readable_in_place
from tercet.text.tokens import tokens

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_CHUNK = 350  # words, as AlignScore has it


class Piece(NamedTuple):
    """A piece of a text.

    Args:
        text: Its words, each run of white space as one space.
        start: First character in the whole text.
        end: One past the last.
    """

    text: str
    start: int
    end: int


def pieces(text: str, language: str) -> list[Piece]:
    """Split a text into its sentences, with their places.

    >>> pieces("It rose. It fell.", "en")
    [Piece(text='It rose.', start=0, end=8), Piece(text='It fell.', start=9, end=17)]
    """
    found = []
    at = 0
    text = readable_in_place(text)
    for sentence in sentences(text, language):
        start = text.index(sentence, at)
        at = start + len(sentence)
        found.append(_piece(text, start, at))
    return found


def chunks(text: str, language: str, granularity: str) -> list[Piece]:
    """Cut a text into chunks.

    Args:
        text: Any text.
        language: Code of the table of languages.
        granularity: One of ``GRANULARITIES``.

    Returns:
        Chunks in order; none is empty, and no two cover the same place.

    References:
        ``SummaCImager.split_text`` of https://github.com/tingofurro/summac and ``inference_per_example``
        of https://github.com/yuh-zha/AlignScore. SummaC leaves out chunks of ten characters or fewer and
        those after the hundredth; here none is left out.
    """
    return list(dict.fromkeys(_CUTS[granularity](text, language)))


def _piece(text: str, start: int, end: int) -> Piece:
    return Piece(" ".join(readable_in_place(text[start:end]).split()), start, end)


def _joined(text: str, parts: Sequence[Piece]) -> Piece:
    return _piece(text, parts[0].start, parts[-1].end)


def _windows(text: str, language: str) -> Iterator[Piece]:
    """Take each sentence with the next one; the last stands alone, as in SummaC."""
    parts = pieces(text, language)
    for i in range(len(parts)):
        yield _joined(text, parts[i : i + 2])


def _paragraphs(text: str, _: str) -> Iterator[Piece]:
    """Cut at blank lines; where there is none, at every line."""
    cuts = [(cut.start(), cut.end()) for cut in _BLANK_LINE.finditer(text)]
    cuts = cuts or [(i, i + 1) for i, character in enumerate(text) if character == "\n"]
    edges = [0, *(edge for cut in cuts for edge in cut), len(text)]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        yield from _stripped(text, start, end)


def _document(text: str, _: str) -> Iterator[Piece]:
    yield from _stripped(text, 0, len(text))


def _stripped(text: str, start: int, end: int) -> Iterator[Piece]:
    inner = text[start:end].strip()
    if inner:
        start = text.index(inner, start)
        yield _piece(text, start, start + len(inner))


def _mixed(text: str, language: str) -> Iterator[Piece]:
    yield from pieces(text, language)
    yield from _paragraphs(text, language)


def _groups(text: str, language: str) -> Iterator[Piece]:
    """Cut into groups of about 350 words (of Chinese, characters), with as many sentences each."""
    parts = pieces(text, language)
    words = len(tokens(text, "zh")) if language.startswith("zh") else len(text.split())
    size = max(len(parts) // (words // _CHUNK + 1), 1)
    for i in range(0, len(parts), size):
        yield _joined(text, parts[i : i + size])


_CUTS: dict[str, Callable[[str, str], "Iterator[Piece] | list[Piece]"]] = {
    "sentence": pieces,
    "2sents": _windows,
    "paragraph": _paragraphs,
    "document": _document,
    "mixed": _mixed,
    "chunk": _groups,
}
#: How a text can be cut: into sentences, pairs of neighbours, paragraphs, not at all, sentences and
#: paragraphs, or groups of sentences of about 350 words.
GRANULARITIES = tuple(_CUTS)
