"""Grammars: values, texts and files as somebody might write them, from a generator of chance."""

import json
from random import Random
from typing import Any

from tests.fuzzing.nasty import NUMBERS, TEXTS

_PIECES = (
    "The bank", "rose 3.5%", "to €600mn", "in 2023", "on Friday", "Ms. Voss said", "two thirds",
    "from 5 to 7 km", "6亿欧元",
    "增长三成", "约1.2万人", "2024年3月5日", "翻了三番", "张伟说", "北京", "3月至5月", "一季度",
    "five-year low", "$1.5bn-$2bn",
    "25 basis points", "minus 3 °C", "the 1990s", "half", "a dozen", "No. 5", "12:30", "10:9.58", "GPT-4",
    "2-1", "第三",
    "二〇二四年", "百分之五", "千分之三", "三分之一", "近两倍", "1,450 jobs", "1.234.567", "٣٤", "¼", "10^6", "1e9",
    "https://example.org/a?b=c", "https://中文.example/路径/路径/路径", "a@example.org", "Q3 2024", "6 in 10",
    "六成五", "零下5度",
)  # fmt: skip
_KEYS = (
    "id", "title", "date", "tags", "source", "language", "references", "key_points", "label", "text",
    "abstract", "closing",
    "link", "author", "claims", "claim", "quote", "evidence", "verdict", "article", "failure", "cluster", "headline",
)  # fmt: skip
_YAML_MARKS = (
    "!!python/object/apply:os.system",
    "!!binary",
    "!!timestamp",
    "!!float",
    "&a",
    "*a",
    "<<:",
    "? ",
    "- ",
    "|",
    ">",
    "%TAG",
    "...",
)


def text(chance: Random, most: int = 12) -> str:
    """Write a text in Chinese and English, with figures, and now and then what nobody writes."""
    words = []
    for _ in range(1 + chance.randrange(most)):
        kind = chance.random()
        words.append(
            chance.choice(_PIECES)
            if kind < 0.7
            else chance.choice(TEXTS)
            if kind < 0.85
            else chance.choice(NUMBERS)[:40]
        )
        words.append(chance.choice(("", " ", " ", " ", "，", "。", ". ", "\n", "-", "~", "、", "/", ":")))
    return "".join(words)


def value(chance: Random, depth: int = 3) -> Any:
    """Make any value that JSON can hold."""
    kind = chance.randrange(12)
    if depth and kind < 2:
        return [value(chance, depth - 1) for _ in range(chance.randrange(4))]
    if depth and kind < 5:
        return {value_key(chance): value(chance, depth - 1) for _ in range(chance.randrange(5))}
    plain = (None, True, False, 0, -1, 1.5, 10**30, float("nan"), float("inf"), "", "en", "zh", "zh-CN", "2024-06-11")
    return text(chance, 4) if kind < 9 else chance.choice(plain)


def value_key(chance: Random) -> str:
    return chance.choice(_KEYS) if chance.random() < 0.9 else text(chance, 2)


def written(found: Any, chance: Random) -> bytes:
    """Write a value as JSON, in one of the ways that there are."""
    return json.dumps(found, ensure_ascii=chance.random() < 0.4).encode("utf-8", "surrogatepass")


def changed(found: Any, chance: Random) -> None:
    """Change one value somewhere in what JSON holds, or leave it out."""
    node, key = found, chance.choice(list(found))
    while isinstance(node[key], dict | list) and node[key] and chance.random() < 0.7:
        node = node[key]
        key = chance.choice(list(node)) if isinstance(node, dict) else chance.randrange(len(node))
    kind = chance.random()
    if kind < 0.25:
        del node[key]
    elif kind < 0.4 and isinstance(node, dict):
        node[value_key(chance)] = node.pop(key)
    else:
        node[key] = chance.choice(
            (None, 0, -1, 1.5, "", "x", [], {}, True, ["x"], {"x": 1}, 10**30, [[]], float("nan"))
        )


def json_lines(chance: Random) -> bytes:
    """Write JSON lines, of which some are none."""
    lines = []
    for _ in range(chance.randrange(5)):
        found = (
            {value_key(chance): value(chance) for _ in range(chance.randrange(6))}
            if chance.random() < 0.8
            else value(chance)
        )
        lines.append(written(found, chance))
    return chance.choice((b"\n", b"\r\n", b"\n\n")).join(lines) + chance.choice((b"", b"\n"))


def yaml_matter(chance: Random) -> str:
    """Write front matter, mostly plain."""
    lines = []
    for _ in range(chance.randrange(7)):
        mark = chance.choice(_YAML_MARKS) + " " if chance.random() < 0.1 else ""
        said = json.dumps(value(chance, 2)) if chance.random() < 0.5 else text(chance, 2)
        lines.append(f"{chance.choice(_KEYS)}: {mark}{said}")
    return "\n".join(lines)


def markdown_body(chance: Random) -> str:
    """Write summaries in Markdown, and all else that Markdown has."""
    parts = []
    for _ in range(chance.randrange(9)):
        line = text(chance, 3)
        parts.append(
            chance.choice(
                (
                    line, f"**{line}:** {line}", f"- {line}", f"- **{line}：** {line}", f"* {line}\n  {line}",
                    "---", f"# {line}",
                    f"> {line}", f"```\n{line}\n```", f"<div>{line}</div>", f"[{line}]: {line}", f"[{line}](https://example.org)",
                    f"    {line}", f"1. {line}", f"| {line} |\n|---|", f"<!-- {line} -->", "**Key Points:**",
                    "**要点：**", f"- - {line}",
                )
            )
        )  # fmt: skip
    return chance.choice(("\n", "\n\n")).join(parts)


def markdown_file(chance: Random) -> bytes:
    """Write an article as a file."""
    return f"---\n{yaml_matter(chance)}\n---\n\n{markdown_body(chance)}\n".encode("utf-8", "surrogatepass")
