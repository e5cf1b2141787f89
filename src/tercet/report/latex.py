"""What tables in LaTeX share: rows, numbers, and what a reader of the source must know before it is set."""

from collections.abc import Iterable, Sequence

from tercet.report.comparison_figures import NONE

_LATIN = 0x24F  # the last letter that any LaTeX sets


def row(cells: Sequence[str]) -> str:
    r"""Write a row of cells, escaped already.

    >>> row(["a", "$1$"])
    'a & $1$ \\\\'
    """
    return rf"{' & '.join(cells)} \\"


def number(text: str, *, bold: bool = False) -> str:
    r"""Set a number as a formula, so that its minus is one; what is not known is a dash.

    >>> number("-0.5"), number("0.5", bold=True), number("–")
    ('$-0.5$', '$\\mathbf{0.5}$', '--')
    """
    if text == NONE:
        return "--"
    return rf"$\mathbf{{{text}}}$" if bold else f"${text}$"


def source(lines: Iterable[str]) -> str:
    """Put lines together, to be set with the package booktabs; letters beyond Latin are warned of."""
    text = "\n".join([r"% \usepackage{booktabs}", *lines]) + "\n"
    if any(ord(character) > _LATIN for character in text):
        text = (
            f"% Names hold letters beyond Latin: set this with XeLaTeX or LuaLaTeX, and a font that has them.\n{text}"
        )
    return text
