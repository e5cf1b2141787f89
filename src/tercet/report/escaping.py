"""Texts of others in a terminal, Markdown, LaTeX, CSV and JSON: shown as they are, and never obeyed."""

import re

from tercet.text.printable import printable
from tercet.text.surrogates import readable_in_place

_BREAKS = re.compile("[\t\n\x0b\x0c\r\x85\u2028\u2029]")
# What a page makes something of: emphasis, code, links, tables, HTML and entities. An underscore within a word is none.
_MARKDOWN = re.compile(r"[\\`*\[\]<>|~&$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_BLOCK = re.compile(r"^(\s*\d*)(?=[#+\-=.)])")  # what makes a heading or a list of a line
_ENTITIES = {
    "\\": "&#92;", "`": "&#96;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "&": "&amp;",
    "$": "<span>$</span>",  # two of them would be set as a formula
}  # fmt: skip
# What GitHub turns into links, or into mail to people, after the page is set: only a character in between keeps it off.
_LINKS = re.compile(r"(?<=@)(?=[\w/])|(?<=#)(?=\d)|(?<=\bGH)(?=-\d)|(?<=:)(?=//)|(?<=\bwww)(?=\.)", re.IGNORECASE)
_NOTHING = "\u200b"  # a space of no width

# What a spreadsheet takes for a formula, https://owasp.org/www-community/attacks/CSV_Injection; also after a space, and
# in the full width of East Asian keyboards.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
# What JSON may hold as it stands and a terminal obeys, or UTF-8 cannot hold.
_IN_JSON = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

_LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", "`": r"\textasciigrave{}",
    "[": "{[}",  # after the end of a row it would begin an option
    "–": "--", "↑": r"$\uparrow$", "↓": r"$\downarrow$", "\ufffd": "?",
}  # fmt: skip


def in_line(text: str) -> str:
    r"""Set a text in one line, without what a terminal obeys and what UTF-8 cannot hold; no place moves.

    >>> in_line("a\nb\x1b[2J\ud83d") == "a b\ufffd[2J\ufffd"
    True
    """
    return printable(readable_in_place(_BREAKS.sub(" ", text)))


def in_markdown(text: str) -> str:
    r"""Escape a text for one line or one cell of GitHub-flavoured Markdown; it mentions nobody and links nothing.

    >>> in_markdown("fact_precision *a* | <b>")
    'fact_precision \\*a\\* &#124; &lt;b&gt;'
    >>> in_markdown("@all #12") == "@\u200ball #\u200b12"
    True
    """
    apart = _LINKS.sub(_NOTHING, in_line(text))
    escaped = _MARKDOWN.sub(lambda match: _ENTITIES.get(match[0], f"\\{match[0]}"), apart)
    return _BLOCK.sub(r"\1\\", escaped)


def in_csv(text: str) -> str:
    r"""Set a text in a cell of CSV, where a spreadsheet shall not compute it: an apostrophe says that it is a text.

    Numbers are no texts, and do not pass here: a negative one stays a number.

    >>> in_csv("=HYPERLINK(1)"), in_csv("lead + copy")
    ("'=HYPERLINK(1)", 'lead + copy')
    """
    line = in_line(text)
    return f"'{line}" if _FORMULA.match(line) else line


def in_json(text: str) -> str:
    r"""Write, in JSON, what a terminal would obey or UTF-8 cannot hold as escapes: the values stay what they are.

    >>> in_json('["a\x9bb"]')
    '["a\\u009bb"]'
    """
    return _IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def in_latex(text: str) -> str:
    r"""Escape a text for one line or one cell of LaTeX.

    >>> in_latex("fact_precision 5% [a]")
    'fact\\_precision 5\\% {[}a]'
    """
    return "".join(_LATEX.get(character, character) for character in in_line(text))
