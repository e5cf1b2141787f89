"""Summaries written as Markdown: abstract, bulleted key points with bold labels, closing line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tercet.errors import CorpusError
from tercet.records import KeyPoint, Summary
from tercet.text.languages import HAN, detect, language

if TYPE_CHECKING:
    from markdown_it.token import Token

_LABEL = re.compile(
    r"^\*\*(?P<label>.+?)\s*(?P<inner>[:：])?\s*\*\*\s*(?P<outer>[:：]|[-–—]+(?=\s))?\s*(?P<text>.*)$", re.DOTALL
)
_LINK_ONLY = re.compile(r"^\[[^\]]*\]\((?P<link>[^)\s]*)\)$")
_TARGETS = re.compile(r"(?:\[[^\]]*\]:\s*<?https?://\S+(?:\s+|$))+")  # [1]: https://example.org, as often as there are
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CODE_LANGUAGE = re.compile(r"[\w+#.-]*")
_WIDE = f"(?:{HAN}|[\u3000-\u303f\uff00-\uff60])"
_CHINESE_BREAK = re.compile(rf"(?<={_WIDE})[ \t]*\n[ \t]*(?={_WIDE})")
_SPACES = re.compile(r"[ \t\n]+")
_DEEPEST = 50  # lists and quotes in each other; the parser leaves out what lies deeper
_REMEDY = "Expected an abstract, a bulleted list of key points ('- **Label:** text') and a closing line."


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, a heading, one bullet or a rule of a Markdown text, with its line."""

    kind: str
    text: str
    line: int


def blocks(text: str, first_line: int = 1, path: Path | None = None) -> list[Block]:
    """Cut a Markdown text into its top-level blocks; but for comments, no words are left out.

    Args:
        text: CommonMark; a line of dashes is a rule even right under a paragraph, indented text is
            no code, and what follows within a bullet belongs to it. Code and HTML are text as they stand.
        first_line: The number of the text's first line in its file.
        path: The file, for the message.

    Raises:
        CorpusError: Lists and quotes stand in each other too deeply.
    """
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": 2 * _DEEPEST})  # a list and its item are two levels
    tokens = parser.disable(["lheading", "code", "reference"]).parse(text)
    found: list[Block] = []
    kind, items, begun = "paragraph", 0, False
    for token in tokens:
        items += _nesting(token)
        begun = begun and token.type != "list_item_open"
        if token.level >= 2 * _DEEPEST - 2:
            raise CorpusError(
                "Lists or quotes are nested too deeply.", _REMEDY, path=path, line=_line(token, first_line)
            )
        if token.type == "hr":
            found.append(Block(kind="rule", text="", line=_line(token, first_line)))
        elif token.type == "heading_open":
            kind = "heading"
        elif token.type in {"paragraph_open", "fence", "html_block"}:
            kind = "bullet" if items else "paragraph"
        content = _content(token)
        if content and kind == "bullet" and begun:
            found[-1] = replace(found[-1], text=_one_line(f"{found[-1].text}\n{content}"))
        elif content:
            begun = kind == "bullet"
            found.append(Block(kind=kind, text=_one_line(content), line=_line(token, first_line)))
    return found


def _content(token: "Token") -> str:
    """Take the words of a token: of HTML all but comments, of code also what stands behind its opening fence."""
    if token.type == "html_block":
        return _COMMENT.sub("", token.content).strip()
    if token.type == "fence":
        info = token.info.strip()
        return (token.content if _CODE_LANGUAGE.fullmatch(info) else f"{info}\n{token.content}").strip()
    return token.content if token.type == "inline" else ""


def _one_line(text: str) -> str:
    """Join the lines of a paragraph; Chinese lines meet without a space."""
    return _SPACES.sub(" ", _CHINESE_BREAK.sub("", text)).strip()


def _nesting(token: "Token") -> int:
    return token.nesting if token.type.startswith("list_item_") else 0


def _line(token: "Token", first_line: int) -> int:
    return first_line + (token.map[0] if token.map else 0)


def split_at_rules(found: Sequence[Block]) -> list[list[Block]]:
    """Cut blocks into parts at each rule; parts without a block are dropped."""
    parts: list[list[Block]] = [[]]
    for block in found:
        if block.kind == "rule":
            parts.append([])
        else:
            parts[-1].append(block)
    return [part for part in parts if part]


def summary(part: Sequence[Block], path: Path | None = None) -> Summary:
    """Read one summary from its blocks; its language is told by its script.

    Paragraphs that hold only a link are passed over. A bold label alone, or a heading, names the
    section that follows it. What stands before the abstract's label is the headline.

    Raises:
        CorpusError: There is no abstract or no key point, with the line where it was expected.
    """
    body = [block for block in part if not is_link(block)]
    where = body[0].line if body else (part[0].line if part else 1)
    code = detect(" ".join(block.text for block in body))
    if code is None:
        raise CorpusError("Found no text in a language that tercet knows.", _REMEDY, path=path, line=where)
    bullets = [i for i, block in enumerate(body) if block.kind == "bullet"]
    if not bullets:
        raise CorpusError(
            f"The {language(code).name} summary has no bulleted key points.", _REMEDY, path=path, line=where
        )
    headline, abstract = _opening(body[: bullets[0]])
    if not abstract:
        raise CorpusError(
            f"The {language(code).name} summary has no abstract before its key points.",
            _REMEDY,
            path=path,
            line=where,
        )
    return Summary(
        language=code,
        headline=headline,
        abstract=abstract,
        key_points=tuple(_key_point(body[i].text) for i in bullets),
        closing=_closing(body[bullets[0] + 1 :]),
    )


def _opening(body: Sequence[Block]) -> tuple[str | None, str]:
    """Tell headline and abstract apart in what stands before the first bullet."""
    before: list[str] = []
    after: list[str] = []
    labelled = False
    for block in body:
        match = _LABEL.match(block.text)
        if _names_section(block):
            labelled = True
            continue
        if match and (match["inner"] or match["outer"]) and not after:
            labelled = True
            after.append(match["text"])
        else:
            (after if labelled else before).append(block.text)
    if not labelled or not after:
        return None, " ".join([*before, *after])
    return " ".join(before) or None, " ".join(after)


def _closing(body: Sequence[Block]) -> str | None:
    """Join what is no bullet; a heading, or a bold label alone, names what follows and is dropped."""
    rest = [block for block in body if block.kind != "bullet"]
    kept = [block for i, block in enumerate(rest) if i == len(rest) - 1 or not _names_section(block)]
    return " ".join(_unlabelled(block.text) for block in kept) or None


def _names_section(block: Block) -> bool:
    match = _LABEL.match(block.text)
    return block.kind == "heading" or (match is not None and not match["text"])


def _unlabelled(text: str) -> str:
    match = _LABEL.match(text)
    return match["text"] if match and match["text"] and (match["inner"] or match["outer"]) else text


def _key_point(text: str) -> KeyPoint:
    match = _LABEL.match(text)
    if match and match["text"]:
        return KeyPoint(label=match["label"].strip(), text=match["text"].strip())
    return KeyPoint(label="", text=text.strip())


def is_link(block: Block) -> bool:
    """Whether a block says nothing but where something else is: a link alone, or the targets of links."""
    return bool(_LINK_ONLY.match(block.text) or _TARGETS.fullmatch(block.text))


def link_in(part: Sequence[Block]) -> str | None:
    """Find the first link that stands alone in a paragraph."""
    for block in part:
        match = _LINK_ONLY.match(block.text)
        if match:
            return match["link"]
    return None
