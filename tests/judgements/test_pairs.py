"""Judgements as pairs: a good text and a spoilt one."""

from pathlib import Path
from typing import Any

import pytest

from tercet.errors import ConfigError, CorpusError, IncompleteError
from tercet.judged import JudgedSet
from tercet.judgements.pairs import Pairs
from tests.judgements.written import write_rows

COLUMNS = {
    "id": "id",
    "cluster": "seg",
    "category": "kind",
    "source": "src",
    "references": "ref",
    "good": "g",
    "bad": "b",
}
ROW: dict[str, Any] = {"id": 1, "seg": 7, "kind": "numbers", "src": "三", "ref": "Three.", "g": "Three.", "b": "Four."}


def read(path: str, **options: Any) -> JudgedSet:
    (found,) = Pairs(path=path, **{"columns": COLUMNS, **options}).read()
    return found


def test_a_row_is_two_texts_of_one_item(tmp_path: Path) -> None:
    found = read(write_rows(tmp_path / "p.jsonl", [ROW]))
    assert (found.paired, found.name, [human.name for human in found.humans]) == (True, "p", ["good"])
    assert [
        (text.segment.id, text.item, text.segment.cluster, text.category, text.segment.candidate, text.human)
        for text in found.texts
    ] == [
        ("1:good", "1", "7", "numbers", "Three.", {"good": 1.0}),
        ("1:bad", "1", "7", "numbers", "Four.", {"good": 0.0}),
    ]
    assert {(text.segment.language, text.segment.source_language) for text in found.texts} == {("en", "zh")}


def test_rows_are_left_aside_and_counted(tmp_path: Path) -> None:
    rows = [ROW, {**ROW, "id": 2, "kind": "base"}]
    found = read(write_rows(tmp_path / "p.jsonl", rows), where={"kind": "numbers"})
    assert (len(found.texts), found.notes) == (2, ("1 row left aside: only where kind is numbers",))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ROW, "id '1' is there twice; first in line 1"),
        ({**ROW, "id": 2, "b": "Three."}, "are the same"),
        ({**ROW, "id": 2, "b": None}, "'b' holds no text but null"),
        ({**ROW, "id": 2, "g": 3}, "'g' holds no text but 3"),
        ({"id": 2}, "There is no column"),
        ("{", "No JSON"),
    ],
    ids=["twice", "same", "null", "number", "column", "json"],
)
def test_a_broken_line_is_named(row: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=message) as caught:
        read(write_rows(tmp_path / "p.jsonl", [ROW, row]))
    assert caught.value.line == 2


def test_no_pair_is_incomplete(tmp_path: Path) -> None:
    with pytest.raises(IncompleteError, match="there is no pair"):
        read(write_rows(tmp_path / "p.jsonl", [ROW]), where={"kind": "none"})


@pytest.mark.parametrize(
    ("columns", "message"),
    [({"human": "x"}, "Unknown name 'human'"), ({"good": "g"}, "judgement.columns.bad names no column")],
)
def test_a_config_that_cannot_be_is_refused(columns: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises((ConfigError, CorpusError), match=message):
        read(write_rows(tmp_path / "p.jsonl", [ROW]), columns=columns)
