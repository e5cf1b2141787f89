"""Answers: what models write around and instead of a summary, and that nothing of it is lost or raised."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tercet.answers import SCHEMA, SHAPES, Parsed, read_answer, write_answer
from tercet.records import KeyPoint, Summary

GOOD = {
    "abstract": "A bridge opened.",
    "key_points": [{"label": "Cost", "text": "It cost €80mn."}],
    "closing": "A new start.",
}
TEXT = "A bridge opened.\nCost: It cost €80mn.\nA new start."
MARKDOWN = """\
**Article Summary:**
A bridge opened.

**Key Points:**
- **Cost:** It cost €80mn.

A new start."""
WHOLE = json.dumps(GOOD, ensure_ascii=False)
LABEL = st.text("abcXYZ 桥价", min_size=1).map(str.strip).filter(bool)
LINE = st.text("abcdefg XYZ 桥梁通车，。{}[]\"'", min_size=1).map(lambda s: " ".join(s.split())).filter(bool)
SUMMARIES = st.builds(
    Summary,
    language=st.sampled_from(["en", "zh"]),
    abstract=LINE,
    key_points=st.lists(st.builds(KeyPoint, label=LABEL, text=LINE)).map(tuple),
    closing=st.none() | LINE,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*GOOD, "label", "text", "x"]), inner),
)
GARBAGE = st.lists(
    st.text(st.characters(exclude_categories=()))
    | st.sampled_from(["```json\n", "\n```", "<think>", "</think>", *WHOLE])
).map("".join)


def _json(**changes: Any) -> str:
    return json.dumps(GOOD | changes, ensure_ascii=False)


@pytest.mark.parametrize(
    "answer",
    [
        WHOLE,
        f"\n  {json.dumps(GOOD, indent=2)}\n",
        f"```json\n{WHOLE}\n```",
        f"~~~\n{WHOLE}\n~~~",
        f"Here it is:\n```json\n{WHOLE}\n```\nShall I shorten it?",
        f"<think>\nA {{brace}} and ```.\n</think>\n\n{WHOLE}",
        f"So I thought.\n</think>\n{WHOLE}",
        f"Set {{x}}: {WHOLE}",
        f"{WHOLE} {_json(abstract='Another')}",
        json.dumps({"summary": GOOD}),
        f"[{WHOLE}]",
        _json(extra=float("nan")),
        _json(abstract=" A bridge\nopened.\n"),
        _json(key_points=[{"label": "**Cost:**", "text": "It cost €80mn."}]),
        WHOLE.replace("bridge opened", "bridge\nopened"),  # a line break that JSON wants escaped
        MARKDOWN,
        f"```markdown\n{MARKDOWN}\n```",
        MARKDOWN.replace("\n\nA new", "\n\n---\n\nA new"),
    ],
)
@pytest.mark.parametrize("shape", ["json", "markdown"])
def test_a_summary_is_found_in_what_models_write(answer: str, shape: str) -> None:
    parsed = read_answer(answer, shape, "en")
    assert parsed.flaw is None
    assert parsed.text == TEXT
    assert parsed.summary is not None
    assert parsed.summary.text == TEXT
    assert parsed.summary.language == "en"


def test_what_may_be_left_out() -> None:
    bare = read_answer('{"abstract": "A.", "key_points": [{"text": "B."}]}', "json", "en")
    assert (bare.text, bare.flaw) == ("A.\nB.", None)
    assert read_answer(_json(closing=None), "json", "en").text == TEXT.removesuffix("\nA new start.")
    assert (
        read_answer(_json(closing=" "), "json", "en").summary == read_answer(_json(closing=None), "json", "en").summary
    )


def test_a_summary_is_in_the_language_that_was_asked_for() -> None:
    for answer in (WHOLE, MARKDOWN):
        assert read_answer(answer, "json", "zh").text == TEXT.replace(": ", "：")


@pytest.mark.parametrize(
    ("answer", "flaw"),
    [
        ("", "it is empty"),
        ("<think>hm</think>", "it is empty"),
        ("A bridge opened.", "it holds no JSON object"),
        (WHOLE[:-1], "its JSON object is not whole: expecting ',' delimiter at "),
        (WHOLE[:40], "its JSON object is not whole: "),
        ('{"key_points": []}', "its JSON object has no abstract"),
        ('{"title": "x", "summary": {"abstract": "A"}}', "its JSON object has no abstract"),
        (_json(abstract=" \n"), "abstract is empty"),
        (_json(abstract=7), "abstract is no text"),
        (_json(abstract=None), "abstract is no text"),
        (_json(key_points="Cost: much"), "key_points is no list"),
        (_json(key_points=None), "key_points is no list"),
        ('{"abstract": "A"}', "key_points is no list"),
        (_json(key_points=["Cost"]), "key_points[0] is no object"),
        (_json(key_points=[{"label": "a", "text": "b"}, {"label": "a"}]), "key_points[1] has no text"),
        (_json(key_points=[{"label": "a", "text": " "}]), "key_points[0] has no text"),
        (_json(key_points=[{"label": 1, "text": "b"}]), "key_points[0] has a label that is no text"),
        (_json(closing=["x"]), "closing is no text"),
        ('{"abstract": "A", "abstract": "B", "key_points": []}', "a key stands in it twice"),
        ('{"abstract": ' + "9" * 5000 + "}", "its JSON object cannot be read: Exceeds the limit"),
        ('{"a":' * 9000, "its JSON object cannot be read: maximum recursion"),
        ("<think>I was cut", "it is a thought that does not end"),
        ("A" * 1_000_000, "it has over 50000 characters"),
        ("{" * 1_000_000, "it has over 50000 characters"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_wrong_is_told_and_the_text_stays(answer: str, flaw: str) -> None:
    parsed = read_answer(answer, "json", "en")
    assert parsed.summary is None
    assert parsed.flaw is not None
    assert flaw in parsed.flaw
    assert parsed.text == answer.removeprefix("<think>hm</think>")


@pytest.mark.parametrize(
    ("answer", "flaw"),
    [
        ("", "it is empty"),
        ("A bridge opened.", "the English summary has no bulleted key points"),
        ("- **Cost:** much", "the English summary has no abstract before its key points"),
        ("123", "found no text in a language that tercet knows"),
    ],
)
def test_markdown_that_has_not_its_shape_says_so(answer: str, flaw: str) -> None:
    assert read_answer(answer, "markdown", "en") == Parsed(text=answer, flaw=flaw)


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ("", ""),
        (" 桥通车了。\n", "桥通车了。"),
        ("```\nOne\n\nTwo\n```", "One\n\nTwo"),
        ("```text\n```", ""),
        ("```\na\n```\nb\n```\nc\n```", "```\na\n```\nb\n```\nc\n```"),
        ("```python is a word\nb\n```", "```python is a word\nb\n```"),
        ("```\nOne", "```\nOne"),
        ("Use `x`\n`y`", "Use `x`\n`y`"),
        ("<think>a</think>b", "b"),
        ("<THINKING>a</THINKING> b", "b"),
        ("It wrote <think>a</think>b", "It wrote <think>a</think>b"),
        (WHOLE, WHOLE),
        (MARKDOWN, MARKDOWN),
        ("a\ud83d", "a\ufffd"),
    ],
)
def test_a_plain_text_is_taken_as_it_stands(answer: str, text: str) -> None:
    assert read_answer(answer, "text", "en") == Parsed(text=text)


@given(st.one_of(GARBAGE, JSON.map(json.dumps), st.integers(0, len(WHOLE)).map(lambda end: WHOLE[:end])))
@example("\ud83d{\ud83d")
@example('{"abstract": "\\ud83d", "key_points": []}')
@example('{"abstract": NaN}')
@example("\x00")
@example("``\n``")
def test_nothing_is_raised_or_lost(answer: str) -> None:
    for shape in SHAPES:
        parsed = read_answer(answer, shape, "zh")
        parsed.text.encode()
        assert not (parsed.summary and parsed.flaw)
        if parsed.summary:
            assert parsed.text == parsed.summary.text
        elif shape != "text":
            assert parsed.flaw


@given(SUMMARIES)
def test_what_is_written_as_json_is_read_again(summary: Summary) -> None:
    parsed = read_answer(write_answer(summary, "json"), "json", summary.language)
    assert parsed.flaw is None
    assert parsed.summary == summary


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_sample_is_written_as_markdown_and_read_again(code: str) -> None:
    from dataclasses import replace

    from tercet.corpora.sample import Sample

    for article in Sample().load().articles:
        reference = replace(article.references[code][0], headline=None)
        for shape in ("json", "markdown"):
            parsed = read_answer(write_answer(reference, shape), shape, code)
            assert parsed == Parsed(text=reference.text, summary=reference)
        assert write_answer(reference, "text") == reference.text


def test_a_reference_without_points_is_written_as_its_text() -> None:
    plain = Summary(language="en", abstract="A.")
    assert [write_answer(plain, shape) for shape in ("text", "markdown")] == ["A.", "A."]
    assert write_answer(Summary(language="zh", abstract="桥", closing=None), "json") == (
        '{"abstract": "桥", "key_points": [], "closing": ""}'
    )
    unlabelled = Summary(language="en", abstract="A.", key_points=(KeyPoint(label="", text="B."),))
    assert read_answer(write_answer(unlabelled, "markdown"), "markdown", "en").summary == unlabelled


def test_the_schema_is_strict_all_through() -> None:
    """What a server that checks strictly asks of each object: every property required, and no other."""
    objects = [SCHEMA, SCHEMA["properties"]["key_points"]["items"]]
    for item in objects:
        assert item["additionalProperties"] is False
        assert item["required"] == list(item["properties"])
    assert list(json.loads(write_answer(Summary(language="en", abstract="A"), "json"))) == SCHEMA["required"]
