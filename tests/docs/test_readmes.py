"""The two READMEs say the same: their commands, files and outputs are equal, and one is run for both."""

import re
from dataclasses import replace

from tests.docs.blocks import ROOT, Block, blocks

ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh.md"


def told(block: Block) -> Block:
    """Leave out what a reader's language changes: the place, and comments of commands but for their exit codes."""
    text = block.text
    if block.language == "sh":
        text = re.sub(r"\s*# .*?(\bexit code \d+)?$", r"\1", text, flags=re.MULTILINE)
    return replace(block, page="", line=0, text=text)


def headings(text: str) -> list[int]:
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return [len(marks) for marks in re.findall(r"^(#+) ", prose, re.MULTILINE)]


def test_the_same_blocks_in_both_languages() -> None:
    english, chinese = ([told(block) for block in blocks(page)] for page in (ENGLISH, CHINESE))
    assert english == chinese


def test_the_same_headings_tables_links_and_figures() -> None:
    english, chinese = (page.read_text("utf-8") for page in (ENGLISH, CHINESE))
    assert headings(english) == headings(chinese)
    for pattern in (r"\]\((docs/[^)]+)\)", r"^\|.*\|$"):
        flags = re.MULTILINE
        assert len(re.findall(pattern, english, flags)) == len(re.findall(pattern, chinese, flags)), pattern
    numbers = r"(?<![\w.])\.?\d[\d.,]*\d"
    prose = [re.sub(r"```.*?```", "", text, flags=re.DOTALL) for text in (english, chinese)]
    assert sorted(re.findall(numbers, prose[0])) == sorted(re.findall(numbers, prose[1]))


def test_each_leads_to_the_other() -> None:
    assert "](README.zh.md)" in ENGLISH.read_text("utf-8")[:60]
    assert "](README.md)" in CHINESE.read_text("utf-8")[:60]


def test_they_are_read_in_five_minutes() -> None:
    """What is longer belongs into docs/."""
    assert len(ENGLISH.read_text("utf-8").splitlines()) <= 270
