"""Summaries written as Markdown: the shapes that people write, and those that are refused."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.errors import CorpusError, TercetError
from tercet.records import KeyPoint, Summary
from tercet.summaries import Block, blocks, link_in, split_at_rules, summary

BRIDGE = Summary(
    language="en",
    abstract="A bridge opened.",
    key_points=(KeyPoint(label="Cost", text="It cost €80mn."), KeyPoint(label="Length", text="It is long.")),
    closing="A new start.",
)
QIAO = Summary(
    language="zh",
    abstract="一座桥通车。",
    key_points=(KeyPoint(label="造价", text="耗资8000万欧元。"), KeyPoint(label="长度", text="全长1.2公里。")),
    closing="新的开始。",
)
POINTS = "- **Cost:** It cost €80mn.\n- **Length:** It is long.\n\n"


def read(text: str) -> Summary:
    return summary(blocks(text), Path("a.md"))


@pytest.mark.parametrize(
    "text",
    [
        # labels on lines of their own, colon within or without the bold
        f"**Summary:**\nA bridge opened.\n\n**Key Points:**\n{POINTS}A new start.",
        (
            "**Summary**:\nA bridge opened.\n\n**Key Points**:\n- **Cost**: It cost €80mn.\n"
            "- **Length**: It is long.\n\nA new start."
        ),
        (
            " **Summary:**  \nA bridge opened.\n\n**Key Points:**  \n"
            "* **Cost :** It cost €80mn.\n* **Length:** It is long.\n\nA new start."
        ),
        f"     **Summary:**\nA bridge opened.\n\n{POINTS}A new start.",
        # headings instead of labels
        (
            "## Summary\n\nA bridge opened.\n\n## Key Points\n\n"
            "1. **Cost:** It cost €80mn.\n2. **Length:** It is long.\n\n## End\n\nA new start."
        ),
        # a closing label, alone and in its line
        f"A bridge opened.\n\n{POINTS}**Conclusion:**\n\nA new start.",
        f"A bridge opened.\n\n{POINTS}**Conclusion:** A new start.",
        # no label at all, loose bullets, a wrapped and an indented text, links around
        "A bridge\nopened.\n\n- **Cost:** It cost\n  €80mn.\n\n- **Length:** It\n\n  is long.\n\nA new start.",
        f"[Link](https://x.org/a)\n\nA bridge opened.\n\n{POINTS}A new   start.\n\n[x](y)",
    ],
)
def test_english_shapes(text: str) -> None:
    assert read(text) == BRIDGE


@pytest.mark.parametrize(
    "text",
    [
        (
            "**文章摘要：**\n一座桥通车。\n\n**要点：**\n- **造价：** 耗资8000万欧元。\n"
            "- **长度：** 全长1.2公里。\n\n新的开始。"
        ),
        (
            "**文章摘要**：一座桥通车。\n\n**要点**：\n- **造价**：耗资8000万欧元。\n"
            "- **长度**：全长1.2公里。\n\n**结语**：新的开始。"
        ),
        (
            "### 文章摘要\n一座桥\n通车。\n\n### 要点\n- **造价**: 耗资8000万\n"
            "  欧元。\n- **长度:** 全长1.2公里。\n\n新的开始。"
        ),
    ],
)
def test_chinese_shapes(text: str) -> None:
    assert read(text) == QIAO


def test_what_stands_before_the_label_is_the_headline() -> None:
    found = read("一座桥通车\n\n**文章摘要：**\n周五通车。\n\n- **造价：** 8000万欧元。")
    assert (found.headline, found.abstract, found.closing) == ("一座桥通车", "周五通车。", None)


def test_without_an_abstract_label_everything_before_the_points_is_the_abstract() -> None:
    found = read("First.\n\nSecond.\n\n**Key Points:**\n- one")
    assert (found.headline, found.abstract) == (None, "First. Second.")


def test_a_bullet_without_a_label_is_all_text() -> None:
    assert read("Text.\n\n- Plain *point* here\n- **All bold**\n- not **bold:** first").key_points == (
        KeyPoint(label="", text="Plain *point* here"),
        KeyPoint(label="", text="**All bold**"),
        KeyPoint(label="", text="not **bold:** first"),
    )


def test_a_paragraph_between_two_lists_is_kept() -> None:
    found = read("Text.\n\n- **A:** one\n\nBetween.\n\n- **B:** two\n\nEnd.")
    assert [point.label for point in found.key_points] == ["A", "B"]
    assert found.closing == "Between. End."


def test_a_closing_line_all_in_bold_is_kept() -> None:
    assert read("Text.\n\n- one\n\n**A new start.**").closing == "**A new start.**"


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("\n\nAn abstract.\n\nNo points.", 3, "The English summary has no bulleted key points."),
        ("一座桥通车。", 1, "The Chinese summary has no bulleted key points."),
        ("\n- **A:** one\n- two", 2, "The English summary has no abstract before its key points."),
        ("**文章摘要：**\n\n- **造价：** 多。", 1, "The Chinese summary has no abstract before its key points."),
        ("## Summary\n\n## Key points\n\n- one", 1, "The English summary has no abstract before its key points."),
        ("Кризис.\n\n- Один", 1, "Found no text in a language that tercet knows."),
        ("\n\n123\n\n- 456", 3, "Found no text in a language that tercet knows."),
        ("\n[a link](https://x.org)", 2, "Found no text in a language that tercet knows."),
    ],
)
def test_a_missing_part_is_named_with_its_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(CorpusError) as caught:
        read(text)
    assert str(caught.value).startswith(f"a.md:{line}: {problem} Expected an abstract, a bulleted list")
    assert (caught.value.path, caught.value.line) == (Path("a.md"), line)


def test_a_rule_right_under_a_paragraph_is_a_rule() -> None:
    kinds = [(block.kind, block.text, block.line) for block in blocks("One.\n---\nTwo.\n- a\n---\n# T", 5)]
    assert kinds == [
        ("paragraph", "One.", 5),
        ("rule", "", 6),
        ("paragraph", "Two.", 7),
        ("bullet", "a", 8),
        ("rule", "", 9),
        ("heading", "T", 10),
    ]


@pytest.mark.parametrize(
    ("text", "sizes"), [("", []), ("---\n---", []), ("a\n\n***\n\nb\n\nc", [1, 2]), ("---\na\n---", [1])]
)
def test_parts_without_a_block_are_dropped(text: str, sizes: list[int]) -> None:
    assert [len(part) for part in split_at_rules(blocks(text))] == sizes


def test_only_a_link_that_stands_alone_is_the_link() -> None:
    alone = Block(kind="paragraph", text="[原文](https://x.org/a)", line=3)
    within = Block(kind="paragraph", text="See [this](https://x.org/b) page.", line=1)
    assert link_in([within, alone]) == "https://x.org/a"
    assert link_in([within]) is None


def test_a_long_run_of_spaces_is_read_at_once() -> None:
    assert read(f"Text.\n\n- **x{' ' * 20_000}y").key_points[0].text == "**x y"


WORDS = (
    st.text(alphabet="abc XYZ 中文 0.5，。“”", min_size=1)
    .map(lambda s: " ".join(s.split()))
    .filter(lambda s: s[:1].isalpha())
)


@settings(deadline=None)
@given(
    st.sampled_from(["en", "zh"]), st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=6), st.none() | WORDS, WORDS
)
def test_a_summary_written_in_the_house_style_is_read_back(
    language: str, points: list[tuple[str, str]], closing: str | None, headline: str
) -> None:
    abstract = {"en": "The bridge opened. " * 200, "zh": "大桥通车。" * 200}[language].strip()
    colon = {"en": ":", "zh": "："}[language]
    lines = [f"{headline}\n", f"**Label{colon}**\n{abstract}\n", f"**Label{colon}**"]
    lines += [f"- **{label}{colon}** {text}" for label, text in points]
    assert read("\n".join([*lines, "", closing or ""])) == Summary(
        language=language,
        headline=headline,
        abstract=abstract,
        key_points=tuple(KeyPoint(label=label, text=text) for label, text in points),
        closing=closing,
    )


@settings(deadline=None)
@given(st.one_of(st.text(), st.text(alphabet="ab 中：:*-#[]()>`\n \t1.", max_size=80)))
def test_arbitrary_text_is_a_summary_or_an_error(text: str) -> None:
    try:
        found = read(text)
    except TercetError as error:
        message = str(error)
        assert message.startswith("a.md:")
    else:
        assert found.abstract
        assert found.key_points
        assert found.language in {"en", "zh"}
