"""Pieces: a text is cut into what a model reads at once, and the answers are put where the pieces stood."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from tercet.text.languages import language
from tercet.text.sentences import sentences

#: What is given to a model at once, unless it is too long.
UNITS = ("text", "line", "sentence")
#: Raised where texts are cut in another way, so that replies of before are not taken for those of now.
RULES = 1
Fits = Callable[[str], bool]


class _Line(NamedTuple):
    indent: str
    pieces: tuple[str, ...]


class Cut(NamedTuple):
    """A text in pieces.

    Args:
        lines: With the white space that each begins with; without pieces where there are no words.
    """

    lines: tuple[_Line, ...]

    @property
    def pieces(self) -> list[str]:
        """All pieces in order; none is empty."""
        return [piece for line in self.lines for piece in line.pieces]

    def joined(self, answers: Sequence[str], code: str) -> str:
        """Put answers where the pieces stood.

        Args:
            answers: One a piece.
            code: Their language: Chinese sentences follow each other without a space.
        """
        rest = iter(answers)
        between = _between(code)
        return "\n".join(
            line.indent + between.join(part for _ in line.pieces if (part := next(rest).strip())) for line in self.lines
        )


def cut(text: str, code: str, unit: str, fits: Fits | None) -> Cut:
    r"""Cut a text into units, and those that do not fit into groups of sentences that do.

    A single sentence that does not fit is left whole.

    Args:
        text: Any text.
        code: Its language.
        unit: One of ``UNITS``.
        fits: Whether a piece can be read at once; None leaves every unit whole.

    >>> found = cut("One. Two.\n\n Three.", "en", "line", None)
    >>> found.pieces
    ['One. Two.', 'Three.']
    >>> found.joined(["一。二。", "三。"], "zh")
    '一。二。\n\n 三。'
    """
    if unit == "text":
        lines = [text.strip()]
        indents = [""]
    else:
        lines = [line.strip() for line in text.split("\n")]
        indents = [line[: len(line) - len(line.lstrip())] if line.strip() else "" for line in text.split("\n")]
    return Cut(
        tuple(
            _Line(indent, tuple(_pieces(line, code, unit, fits))) for indent, line in zip(indents, lines, strict=True)
        )
    )


def _pieces(line: str, code: str, unit: str, fits: Fits | None) -> Iterator[str]:
    if unit == "sentence":
        yield from sentences(line, code)
    elif line and fits is not None and not fits(line):
        yield from _grouped(sentences(line, code), _between(code), fits)
    elif line:
        yield line


def _grouped(parts: Sequence[str], between: str, fits: Fits) -> Iterator[str]:
    """Join as many sentences as fit."""
    group = ""
    for part in parts:
        longer = f"{group}{between}{part}" if group else part
        if group and not fits(longer):
            yield group
            longer = part
        group = longer
    if group:
        yield group


def _between(code: str) -> str:
    return "" if language(code).unit == "characters" else " "
