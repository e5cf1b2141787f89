"""Judgements as JSON lines: flat rows, rows with a list of systems, filters, and what is wrong in a file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.errors import ConfigError, CorpusError, IncompleteError, TercetError
from tercet.judged import Human, JudgedSet
from tercet.judgements.jsonl import Jsonl
from tests.judgements.written import write_rows

COLUMNS: dict[str, Any] = {"item": "seg", "cluster": "doc", "system": "sys", "candidate": "out", "references": "ref"}
ROWS: list[dict[str, Any]] = [
    {"seg": 1, "doc": "d", "sys": "a", "out": "One.", "ref": "One.", "mark": {"mean": 4}, "human": False},
    {"seg": 1, "doc": "d", "sys": "b", "out": "Two.", "ref": "One.", "mark": {"mean": None}, "human": False},
    {"seg": 1, "doc": "d", "sys": "r", "out": "Three.", "ref": "One.", "mark": {"mean": 5}, "human": True},
]


def read(path: str, **options: Any) -> JudgedSet:
    given = {"columns": COLUMNS, "human": {"mark": "mark.mean"}, **options}
    (found,) = Jsonl(path=path, **given).read()
    return found


def test_a_row_is_a_judged_text(tmp_path: Path) -> None:
    found = read(write_rows(tmp_path / "set.jsonl.gz", ROWS), source_language="zh")
    assert (found.name, found.humans, found.notes) == ("set", (Human(name="mark"),), ())
    first, second, _ = found.texts
    assert (first.segment.id, first.item, first.system, first.segment.cluster) == ("1:a", "1", "a", "d")
    assert (first.segment.candidate, first.segment.references) == ("One.", ("One.",))
    assert (first.segment.source, first.segment.source_language) == (None, None)
    assert first.human == {"mark": 4.0}
    assert second.human == {}, "null is not judged"
    assert list(found.files) == ["set.jsonl.gz"]


def test_rows_are_left_aside_and_counted(tmp_path: Path) -> None:
    found = read(write_rows(tmp_path / "set.jsonl", ROWS), where={"human": False, "sys": ["a", "r"]})
    assert [text.system for text in found.texts] == ["a"]
    assert found.notes == ("2 rows left aside: only where human is false, sys is a or r",)


def test_one_is_not_true(tmp_path: Path) -> None:
    rows = [{**ROWS[0], "human": 1}]
    with pytest.raises(IncompleteError, match="no judgement"):
        read(write_rows(tmp_path / "set.jsonl", rows), where={"human": True})


def test_a_list_of_systems_shares_its_row(tmp_path: Path) -> None:
    systems = [{"system": "a", "text": "One.", "good": 1}, {"system": "b", "text": "Two.", "good": 0, "source": "Own."}]
    row = {"document": "x", "source": "Common.", "refs": ["R.", "S."], "all": systems}
    columns = {
        "item": "document", "system": "system", "candidate": "text", "source": "source", "references": "refs",
    }  # fmt: skip
    found = read(write_rows(tmp_path / "s.jsonl", [row]), each="all", columns=columns, human={"good": "good"})
    assert [text.segment.id for text in found.texts] == ["x:a", "x:b"]
    assert [text.segment.source for text in found.texts] == ["Common.", "Own."]
    assert {text.segment.references for text in found.texts} == {("R.", "S.")}
    assert {text.segment.source_language for text in found.texts} == {"en"}, "told by its script"


def test_without_item_and_id_a_text_is_its_line(tmp_path: Path) -> None:
    found = read(write_rows(tmp_path / "s.jsonl", ROWS), columns={"candidate": "out"})
    assert [(text.item, text.segment.id, text.segment.cluster) for text in found.texts] == [
        (str(line), str(line), str(line)) for line in (1, 2, 3)
    ]


def test_ids_are_joined_and_marks_removed(tmp_path: Path) -> None:
    rows = [{**ROWS[0], "out": "[UNK]One[UNK].", "ref": "[UNK]"}]
    found = read(write_rows(tmp_path / "s.jsonl", rows), columns={**COLUMNS, "item": ["doc", "seg"]}, remove=["[UNK]"])
    (text,) = found.texts
    assert (text.item, text.segment.candidate, text.segment.references) == ("d:1", "One.", ("",))


def test_languages_may_stand_in_columns(tmp_path: Path) -> None:
    rows = [{**ROWS[0], "lang": "zh-CN", "from": "en", "src": "One."}]
    columns = {**COLUMNS, "language": "lang", "source_language": "from", "source": "src"}
    (text,) = read(write_rows(tmp_path / "s.jsonl", rows), columns=columns).texts
    assert (text.segment.language, text.segment.source_language) == ("zh", "en")


def test_another_tool_s_scores_come_along(tmp_path: Path) -> None:
    found = read(write_rows(tmp_path / "s.jsonl", ROWS), scores={"other": "mark.mean", "none": None})
    assert [text.recorded for text in found.texts] == [{"other": 4.0}, {}, {"other": 5.0}]


def test_a_judgement_may_be_better_when_lower(tmp_path: Path) -> None:
    found = read(write_rows(tmp_path / "s.jsonl", ROWS), lower_is_better=["mark"])
    assert found.humans == (Human(name="mark", lower_is_better=True),)


def test_files_are_sets_of_their_own_or_one(tmp_path: Path) -> None:
    write_rows(tmp_path / "b.jsonl", [{**ROWS[0], "seg": 2}])
    write_rows(tmp_path / "a.jsonl", ROWS)
    reader: dict[str, Any] = {"columns": COLUMNS, "human": {"mark": "mark.mean"}}
    apart = Jsonl(path=f"{tmp_path}/*.jsonl", **reader).read()
    assert [(found.name, len(found.texts), list(found.files)) for found in apart] == [
        ("a", 3, ["a.jsonl"]),
        ("b", 1, ["b.jsonl"]),
    ]
    (one,) = Jsonl(path=[f"{tmp_path}/b.jsonl", f"{tmp_path}/a.jsonl"], together=True, **reader).read()
    assert (one.name, len(one.texts), list(one.files)) == ("b+a", 4, ["b.jsonl", "a.jsonl"])


def test_a_column_tells_sets_apart(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "s.jsonl", ROWS)
    found = Jsonl(path=path, columns=COLUMNS, human={"mark": "mark.mean"}, sets="sys").read()
    assert [part.name for part in found] == ["s, a", "s, b", "s, r"]


def test_a_source_as_reference_is_told(tmp_path: Path) -> None:
    found = read(write_rows(tmp_path / "s.jsonl", ROWS), columns={**COLUMNS, "source": "ref", "references": "ref"})
    assert found.notes == ("the source is taken as the reference",)


LINES: list[tuple[str, Mapping[str, Any] | str, str]] = [
    ("no-json", "{", "No JSON"),
    ("list", "[1]", "no object"),
    ("no-column", {"seg": 1}, "There is no column"),
    ("text-judged", {**ROWS[0], "mark": {"mean": "4"}}, "'mark.mean' is no number but '4'"),
    ("infinite", '{"seg":9,"doc":"d","sys":"a","out":"x","ref":"x","mark":{"mean":1e999}}', "is no number but inf"),
    ("candidate", {**ROWS[0], "out": 7}, "'out' holds no text but 7"),
    ("id", {**ROWS[0], "seg": [1]}, "neither a text nor a number"),
    ("twice", ROWS[0], r"item '1' of system 'a' is there twice; first in s.jsonl:1"),
]


@pytest.mark.parametrize(("line", "message"), [case[1:] for case in LINES], ids=[case[0] for case in LINES])
def test_a_broken_line_is_named(line: Mapping[str, Any] | str, message: str, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "s.jsonl", [ROWS[0], "", line])
    with pytest.raises(CorpusError, match=message) as caught:
        read(path)
    assert (caught.value.path, caught.value.line) == (Path(path), 3)


def test_an_id_without_a_system_is_there_once(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "s.jsonl", [ROWS[0], ROWS[1]])
    with pytest.raises(CorpusError, match="id 'd' is there twice"):
        read(path, columns={"id": "doc", "candidate": "out"})


def test_the_place_within_a_row_is_named(tmp_path: Path) -> None:
    row = {"document": "x", "all": [{"text": "One.", "good": 1}, {"text": "Two.", "good": "x"}]}
    with pytest.raises(CorpusError, match=r":1: all\[1\]: 'good' is no number"):
        read(write_rows(tmp_path / "s.jsonl", [row]), each="all", columns={"candidate": "text"}, human={"good": "good"})


def test_what_is_no_list_of_systems_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="'mark' is no list of objects"):
        read(write_rows(tmp_path / "s.jsonl", ROWS), each="mark")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"human": {}}, "judgement.human names no column"),
        ({"human": {"mark": None}}, "judgement.human names no column"),
        ({"columns": {"output": "out"}}, "Unknown name 'output' in judgement.columns"),
        ({"lower_is_better": ["mork"]}, "Did you mean 'mark'"),
        ({"language": "xx"}, "Unknown language 'xx'"),
        ({"columns": {}}, "judgement.columns.candidate names no column"),
    ],
)
def test_a_config_that_cannot_be_is_refused(options: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises((ConfigError, CorpusError), match=message):
        read(write_rows(tmp_path / "s.jsonl", ROWS), **options)


@pytest.mark.parametrize(("path", "message"), [(None, "judgement.path is not set"), ("x*.none", "Nothing is named")])
def test_a_path_that_names_nothing_is_refused(path: str | None, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Jsonl(path=path, columns=COLUMNS, human={"mark": "mark"}).read()


def test_no_judgement_is_incomplete(tmp_path: Path) -> None:
    with pytest.raises(IncompleteError, match="there is no judgement"):
        read(write_rows(tmp_path / "s.jsonl", [ROWS[1]]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=True) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60)
@given(rows=st.lists(st.dictionaries(st.sampled_from(["seg", "sys", "out", "ref", "mark", "all"]), JSON), max_size=4))
def test_whatever_stands_there_is_read_or_named(rows: list[dict[str, Any]], tmp_path_factory: Any) -> None:
    path = write_rows(tmp_path_factory.getbasetemp() / "any.jsonl", [json.dumps(row) for row in rows])
    columns = {"item": "seg", "system": "sys", "candidate": "out", "references": "ref"}
    for each in (None, "all"):
        try:
            (found,) = Jsonl(path=path, columns=columns, human={"mark": "mark"}, each=each).read()
        except TercetError:
            continue
        assert any(text.human for text in found.texts)
