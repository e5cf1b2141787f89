"""Judgements of whole systems: text files and a table of ratings."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from tercet.errors import ConfigError, CorpusError, IncompleteError, TercetError
from tercet.judged import JudgedSet
from tercet.judgements.parallel import Parallel

WIDE = "pair\tsystem\tmean\nzh-en\ta\t70\nzh-en\tb.1\t60.5\nzh-en\tgone\t50\nen-zh\ta\t1\n"
LONG = "pair\tsystem\tmetric\tscore\nzh-en\ta\tbleu\t30\nzh-en\ta\tcomet\t.8\nzh-en\tb.1\tcomet\t.7\n"
OPTIONS: dict[str, Any] = {
    "source": "src.{language}",
    "references": "ref.{name}.{language}",
    "hypotheses": "hyp.{system}.{language}.gz",
    "ratings": "../wide.tsv",
    "human": {"mean": "mean"},
    "where": {"pair": "{set}"},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "zh-en"
    folder.mkdir()
    for name, text in (("src.zh", "一。\n二。\n"), ("ref.A.en", "One.\nTwo.\n"), ("ref.B.en", "1.\n2.\n")):
        (folder / name).write_text(text, "utf-8")
    for system in ("a", "b.1", "c"):
        (folder / f"hyp.{system}.en.gz").write_bytes(gzip.compress(b"One.\nTwo!\n"))
    (tmp_path / "wide.tsv").write_text(WIDE, "utf-8")
    (tmp_path / "long.tsv").write_text(LONG, "utf-8")
    return folder


def read(folder: Path, **options: Any) -> JudgedSet:
    (found,) = Parallel(path=str(folder), **{**OPTIONS, **options}).read()
    return found


def test_files_and_ratings_become_a_set(folder: Path) -> None:
    found = read(folder)
    assert (found.name, len(found.texts)) == ("zh-en", 6)
    text = found.texts[2]
    assert (text.segment.id, text.item, text.system, text.segment.cluster) == ("b.1:1", "1", "b.1", "1")
    assert (text.segment.source, text.segment.references) == ("一。", ("One.", "1."))
    assert (text.segment.language, text.segment.source_language) == ("en", "zh")
    assert found.ratings == {"mean": {"a": 70.0, "b.1": 60.5, "gone": 50.0}}
    assert found.notes == ("rated, and without a text: gone", "with a text, and not rated: c")
    assert list(found.files)[-1] == "wide.tsv"
    assert len(found.files) == 7


def test_a_long_table_is_read_by_what_each_row_names(folder: Path) -> None:
    columns = {"name": "metric", "value": "score"}
    options: dict[str, Any] = {"human": {"judged": "comet"}, "scores": {"other": "bleu"}}
    found = read(folder, ratings="../long.tsv", columns=columns, **options)
    assert found.ratings == {"judged": {"a": 0.8, "b.1": 0.7}}
    assert found.recorded == {"other": {"a": 30.0}}


def test_documents_are_drawn_together(folder: Path) -> None:
    (folder / "docs").write_text("d\nd\n", "utf-8")
    assert {text.segment.cluster for text in read(folder, documents="docs").texts} == {"d"}


def test_languages_and_a_note_may_be_given(folder: Path) -> None:
    found = read(folder, source=None, references=None, language="zh", note="No people.")
    assert found.notes[0] == "No people."
    assert {(text.segment.language, text.segment.source, text.segment.references) for text in found.texts} == {
        ("zh", None, ())
    }


@pytest.mark.parametrize(
    ("table", "message", "line"),
    [
        ("pair\tsystem\tmean\nzh-en\ta\n", "2 cells, but the first line has 3", 2),
        ("pair\tsystem\tmean\nzh-en\ta\tgood\n", "'mean' is no number but 'good'", 2),
        ("pair\tsystem\tmean\nzh-en\ta\tnan\n", "'mean' is no number but 'nan'", 2),
        ("pair\tsystem\tmean\nzh-en\ta\t1\nzh-en\ta\t2\n", "System 'a' is rated twice", 3),
        ("pair\tsystem\tmark\nzh-en\ta\t1\n", "no column 'mean'. Did you mean 'mark'", 2),
        ("pair\tname\tmean\nzh-en\ta\t1\n", "no column 'system'", 2),
        ("system\tmean\na\t1\n", "no column 'pair'", 2),
    ],
    ids=["cells", "text", "nan", "twice", "column", "system", "where"],
)
def test_a_broken_line_of_the_table_is_named(folder: Path, table: str, message: str, line: int) -> None:
    path = folder.parent / "wide.tsv"
    path.write_text(table, "utf-8")
    with pytest.raises(CorpusError) as caught:
        read(folder)
    assert message in str(caught.value)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"hypotheses": "hyp.a.en.gz"}, r"Write \{system\}"),
        ({"hypotheses": "out.{system}"}, r"No file is named like 'out.\{system\}'. There is: hyp.a.en.gz"),
        ({"source": "ref.{name}.en"}, "2 files are named like"),
        ({"source": "src.zh"}, "The language of src.zh is not known"),
        ({"ratings": None}, "judgement.ratings is not set"),
        ({"ratings": "none.tsv"}, "none.tsv: Cannot be read"),
        ({"columns": {"score": "x"}}, "Unknown name 'score'"),
        ({"human": {}}, "judgement.human names no column"),
        ({"where": {"pair": "x"}}, "no system that has a text has a rating"),
    ],
    ids=["one", "none", "several", "language", "unset", "missing", "name", "human", "unrated"],
)
def test_a_config_that_cannot_be_is_refused(folder: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(TercetError, match=message) as caught:
        read(folder, **options)
    assert isinstance(caught.value, ConfigError | CorpusError | IncompleteError)


def test_lines_must_be_aligned(folder: Path) -> None:
    (folder / "ref.B.en").write_text("1.\n", "utf-8")
    with pytest.raises(CorpusError, match=r"1 line, but src\.zh has 2") as caught:
        read(folder)
    assert caught.value.line == 2


def test_a_folder_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no such folder"):
        read(tmp_path / "none")
