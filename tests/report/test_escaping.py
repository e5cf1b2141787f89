"""Hostile texts in a line, in Markdown and in LaTeX."""

import re

import pytest
from markdown_it import MarkdownIt

from tercet.report.escaping import in_latex, in_line, in_markdown
from tests.report.compared import HOSTILE

# The reader of the same name, with what GitHub adds to CommonMark.
READER = MarkdownIt("gfm-like", {"linkify": False, "html": True})
TEXTS = [
    HOSTILE,
    "<script>alert(1)</script> &amp; &#64;all",
    "a_b _c_ __d__ ~~e~~ **f** `g` ``h``",
    "![i](http://x/y.png) [j]: http://z www.k.com <http://l>",
    "a \\| b \\\\| c ||",
    "# heading",
    "- list",
    "12. list",
    "+ list",
    "=====",
    "> quoted",
    "中文_强调_**这里**",
]


def shown(text: str) -> str:
    """What a reader of the page sees."""
    return in_line(text)


@pytest.mark.parametrize("text", TEXTS)
def test_markdown_shows_a_text_as_it_is_in_a_paragraph_a_list_and_a_cell(text: str) -> None:
    escaped = in_markdown(text)
    for page in (escaped, f"- {escaped}", f"| a | b |\n|---|---|\n| {escaped} | 2 |"):
        tokens = [token for block in READER.parse(page) for token in (block, *(block.children or []))]
        kinds = {token.type for token in tokens}
        assert kinds <= {
            *("paragraph_open", "paragraph_close", "inline", "text", "text_special", "html_inline"),
            *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
            *(f"{part}_{end}" for part in ("table", "thead", "tbody", "tr", "th", "td") for end in ("open", "close")),
        }
        html = {token.content for token in tokens if token.type == "html_inline"}
        assert html <= {"<span>", "</span>"}
        read = "".join(token.content for token in tokens if token.type in {"text", "text_special"})
        assert shown(text).replace(" ", "") in read.replace("\u200b", "").replace(" ", "")
        assert sum(token.type == "td_open" for token in tokens) in {0, 2}


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("@octocat", r"@\w"),
        ("see #12 and a/b#3", r"#\d"),
        ("GH-7", r"GH-\d"),
        ("http://x.org", r"://"),
        ("www.x.org", r"www\."),
        ("me@x.org", r"@\w"),
    ],
)
def test_github_finds_no_one_to_mention_and_nothing_to_link(text: str, never: str) -> None:
    assert not re.search(never, in_markdown(text))
    assert in_markdown(text).replace("\u200b", "") == text


def test_a_dollar_begins_no_formula() -> None:
    assert in_markdown("$1bn to $2bn") == "<span>$</span>1bn to <span>$</span>2bn"


def test_a_line_is_one_line_with_nothing_to_obey_and_every_place_stays() -> None:
    line = in_line(HOSTILE)
    assert len(line) == len(HOSTILE)
    assert not re.search("[\x00-\x1f\u2028\ud800-\udfff]", line)
    assert in_line("a\u202eb\r\nc\u2028d") == "a\ufffdb  c d"
    line.encode("utf-8")


def test_latex_escapes_its_ten_special_characters() -> None:
    assert in_latex(r"\ { } $ & # % _ ^ ~") == (
        r"\textbackslash{} \{ \} \$ \& \# \% \_ \textasciicircum{} \textasciitilde{}"
    )


def test_no_latex_command_comes_out_of_a_text() -> None:
    text = in_latex(r"\input{/etc/passwd} \write18{x} [5pt] a % b")
    commands = set(re.findall(r"\\([a-z]+)", text))
    assert commands == {"textbackslash"}
    assert not text.startswith("[")
    assert "{[}5pt]" in text
