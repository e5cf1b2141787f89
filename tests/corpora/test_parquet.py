"""Parquet files: one or many, whole or damaged, with every type that a column may have."""

import datetime as dt
import re
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.corpora.hf import Hf
from tercet.corpora.parquet import Parquet
from tercet.errors import ConfigError, CorpusError, TercetError
from tercet.records import Article, Summary
from tercet.sizes import TEXT
from tests.corpora.offline import keep_offline

ROW: dict[str, Any] = {
    "key": 7,
    "article": {"body": "It opened.", "head": "A bridge"},
    "when": "2025-03-14",
    "topics": ["a", "b"],
    "english": "One.",
    "chinese": ["一。", "壹。"],
    "doc": 1,
}
BARE = {**ROW, "key": 8, "article": {"body": "It closed.", "head": None}, "when": None, "topics": [], "doc": None}
COLUMNS = {"id": "key", "source": "article.body", "title": "article.head", "date": "when", "tags": "topics"}


def write(file: Path, rows: Sequence[dict[str, Any]] | pa.Table) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(list(rows)), file)
    return file


def parquet(path: Path | str, *, strict: bool = False, source_language: str = "en", **values: Any) -> Parquet:
    columns, references = values.get("columns", {}), values.get("references", {"en": "english"})
    return Parquet(
        path=str(path), columns=columns, references=references, strict=strict, source_language=source_language
    )


def column(file: Path, values: Any) -> Path:
    """A file of a column ``x`` beside references."""
    return write(file, pa.table({"x": values, "english": ["One."] * len(values)}))


def test_nested_columns_and_lists_are_read(tmp_path: Path) -> None:
    file = write(tmp_path / "a.parquet", [ROW, {**BARE, "english": None, "chinese": []}])
    columns = {**COLUMNS, "cluster": "doc", "link": None}
    loaded = parquet(file, columns=columns, references={"en-GB": "english", "zh": "chinese"}).load()
    assert loaded.problems == ()
    assert loaded.articles == (
        Article(
            id="7",
            language="en",
            source="It opened.",
            title="A bridge",
            date=dt.date(2025, 3, 14),
            tags=("a", "b"),
            cluster="1",
            references={
                "en": (Summary(language="en", abstract="One."),),
                "zh": (Summary(language="zh", abstract="一。"), Summary(language="zh", abstract="壹。")),
            },
        ),
        Article(id="8", language="en", source="It closed."),
    )


def test_it_reads_what_hugging_face_datasets_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_offline(tmp_path / "hf", monkeypatch)
    files = [write(tmp_path / f"{name}.parquet", [ROW, BARE]) for name in "ab"]
    values: dict[str, Any] = {
        "columns": {name: theirs for name, theirs in COLUMNS.items() if name != "id"},
        "references": {"en": "english", "zh": "chinese"},
    }
    theirs = Hf(path="parquet", split="train", data_files=[str(file) for file in files], **values).load()
    assert parquet(tmp_path, **values).load() == theirs
    assert [article.id for article in theirs.articles] == ["0", "1", "2", "3"]


def test_a_folder_is_read_in_the_order_of_names_without_what_lies_aside(tmp_path: Path) -> None:
    for name in ("b/1", "b-1", "a", "b/c/d", "_temporary/x", ".hidden", "b/_metadata", "b/.x/y"):
        write(tmp_path / "data" / f"{name}.parquet", [{"from": name, "english": "One."}])
    (tmp_path / "data" / "notes.txt").write_text("no parquet", "utf-8")
    found = list(parquet(tmp_path / "data", columns={"source": "from"}).stream())
    assert [(article.id, article.source) for article in found if isinstance(article, Article)] == [
        ("0", "a"),
        ("1", "b-1"),
        ("2", "b/1"),
        ("3", "b/c/d"),
    ]


def test_a_pattern_names_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("data/a1", "data/a2", "data/b1", "data/a[1]"):
        write(tmp_path / f"{name}.parquet", [{"from": name, "english": "One."}])
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for path, sources in (
        ("data/a?.parquet", ["data/a1", "data/a2"]),
        (str(tmp_path / "data" / "*1.parquet"), ["data/a1", "data/b1"]),
        ("~/data/b*", ["data/b1"]),
        ("**/b1.parquet", ["data/b1"]),
        ("data/a[1].parquet", ["data/a[1]"]),  # a file of that very name comes first
    ):
        found = parquet(path, columns={"source": "from"}).load().articles
        assert [article.source for article in found] == sources


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    for corpus, problem in (
        (Parquet(), "corpus.path is not set. Add corpus.path=FILE_OR_FOLDER_OR_PATTERN."),
        (parquet(tmp_path), f"{tmp_path}: The folder holds no .parquet file. Set corpus.path."),
        (parquet(tmp_path / "none"), f"{tmp_path / 'none'}: There is no such file, folder or pattern."),
        (parquet(tmp_path / "*.parquet"), f"{tmp_path / '*.parquet'}: There is no such file, folder or pattern."),
        (parquet(f"{tmp_path}/a\0*"), f"{tmp_path}/a\0*: "),
    ):
        for read in (corpus.load, lambda corpus=corpus: list(corpus.stream())):
            with pytest.raises(CorpusError, match=re.escape(problem)):
                read()


def test_a_wrong_column_map_is_told_before_any_row(tmp_path: Path) -> None:
    file = write(tmp_path / "a.parquet", [ROW])
    for values, problem in (
        ({"references": {}}, "corpus.references names no column. Add corpus.references.en=COLUMN. The file has: key,"),
        ({"columns": {"sorce": "key"}}, "Unknown name 'sorce' in corpus.columns. Did you mean 'source'?"),
        ({"columns": {"source": "artcle"}}, f"{file}: The file has no column 'artcle'. Did you mean 'article'?"),
        ({"references": {"zh": "english", "zh-CN": "doc"}}, "corpus.references names a language twice."),
    ):
        with pytest.raises(CorpusError) as caught:
            next(parquet(file, **values).stream())
        assert str(caught.value).startswith(problem)
    with pytest.raises(ConfigError, match="Unknown language 'xx'"):
        next(parquet(file, references={"xx": "english"}).stream())


def test_a_column_that_only_some_files_have_is_told_with_the_file(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", [ROW])
    write(tmp_path / "b.parquet", [{"english": "One."}])
    stream = parquet(tmp_path, columns={"id": "key"}).stream()
    assert isinstance(next(stream), Article)
    with pytest.raises(CorpusError, match=re.escape(f"{tmp_path / 'b.parquet'}: The file has no column 'key'.")):
        next(stream)


@pytest.mark.parametrize(
    ("rows", "columns", "references", "problem"),
    [
        ([{**ROW, "when": "soon"}], {"date": "when"}, "english", "'soon' is no date."),
        ([{**ROW, "article": None}], {"source": "article.body"}, "english", "There is no column 'article.body'."),
        ([ROW], {"source": "article.bdy"}, "english", "There is no column 'article.bdy'. Did you mean 'body'?"),
        ([ROW], {"source": "key"}, "english", "The column for 'source' holds no text but int."),
        ([ROW], {"id": "topics"}, "english", "The column for 'id' is neither a text nor a number but list."),
        ([ROW], {"tags": "doc"}, "english", "'tags' is no list of texts."),
        ([ROW], {}, "key", "A reference in 'en' is no text but int."),
        ([{**ROW, "chinese": ["a", None]}], {}, "chinese", "A reference in 'en' is no text but NoneType."),
        ([{**ROW, "key": b"7"}], {"id": "key"}, "english", "'id' is neither a text nor a number but bytes."),
        ([{**ROW, "key": Decimal("7.5")}], {"title": "key"}, "english", "'title' holds no text but Decimal."),
    ],
    ids=["date", "null", "nested", "number", "id", "tags", "reference", "null in list", "bytes", "decimal"],
)
def test_a_broken_row_is_told_with_its_file_and_its_number_across_files(
    tmp_path: Path, rows: list[dict[str, Any]], columns: dict[str, str], references: str, problem: str
) -> None:
    write(tmp_path / "a.parquet", [{**ROW, "key": "0"}, {**ROW, "key": "1"}])
    bad = write(tmp_path / "b.parquet", rows)
    (error,) = list(parquet(tmp_path, columns=columns, references={"en": references}).stream())[2:]
    assert str(error).startswith(f"{bad}: Row 2: ")
    assert problem in str(error)


@pytest.mark.parametrize(
    "make",
    [
        lambda: pa.array(["x", "y", "z"], pa.large_string()),
        lambda: pa.array(["x", "y", "z"]).dictionary_encode(),
        lambda: pa.array(["x", "y", "z"], pa.string_view()),
    ],
    ids=["large", "dictionary", "view"],
)
def test_texts_of_every_type_are_read(tmp_path: Path, make: Any) -> None:
    found = parquet(column(tmp_path / "a.parquet", make()), columns={"source": "x"}).load().articles
    assert [article.source for article in found] == ["x", "y", "z"]


WHEN = dt.datetime(2025, 3, 14, 9, 30, 0, 123456, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: pa.array([WHEN.date()], pa.date32()), WHEN.date()),
        (lambda: pa.array([WHEN.date()], pa.date64()), WHEN.date()),
        (lambda: pa.array([WHEN], pa.timestamp("us", "UTC")), WHEN),
        (lambda: pa.array([WHEN], pa.timestamp("us")), WHEN.replace(tzinfo=None)),
        (lambda: pa.array([1741944600_123456_789], pa.timestamp("ns", "UTC")), WHEN),
        (lambda: pa.array([1741944600_123456_789], pa.timestamp("ns")), WHEN.replace(tzinfo=None)),
    ],
    ids=["date32", "date64", "us with zone", "us", "ns with zone", "ns"],
)
@pytest.mark.parametrize("pandas", [True, False], ids=["pandas", "no pandas"])
def test_dates_are_read_alike_with_and_without_pandas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Any, expected: dt.date, pandas: bool
) -> None:
    file = column(tmp_path / "a.parquet", make())
    if not pandas:
        monkeypatch.setitem(sys.modules, "pandas", None)
    (found,) = parquet(file, columns={"date": "x"}, strict=True).load().articles
    assert found.date == expected
    assert type(found.date) in {dt.date, dt.datetime}


def test_a_value_that_python_cannot_hold_breaks_its_row_and_no_other(tmp_path: Path) -> None:
    texts = pa.Array.from_buffers(
        pa.string(), 3, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0"), pa.py_buffer(b"a\xffc")]
    )
    years = pa.array([0, 10**18, 0], pa.timestamp("us"))
    for values, ours in ((texts, "source"), (years, "date")):
        first, second, third = parquet(column(tmp_path / "a.parquet", values), columns={ours: "x"}).stream()
        assert isinstance(first, Article)
        assert isinstance(third, Article)
        assert str(second).startswith(f"{tmp_path / 'a.parquet'}: Row 1: A value cannot be read: ")


def test_a_row_that_is_too_large_is_left_out_and_no_other(tmp_path: Path) -> None:
    file = column(tmp_path / "rows.parquet", ["first", "x" * (TEXT + 1), "last"])
    loaded = parquet(file, columns={"source": "x"}).load()
    assert [(article.id, article.source) for article in loaded.articles] == [("0", "first"), ("2", "last")]
    (problem,) = loaded.problems
    assert "Row 1: A value cannot be read: the row has more than 64 MiB" in str(problem)


def test_an_empty_file_has_no_articles_and_its_columns_are_checked(tmp_path: Path) -> None:
    file = write(tmp_path / "a.parquet", pa.table({"english": pa.array([], pa.string())}))
    assert list(parquet(file).stream()) == []
    with pytest.raises(CorpusError, match="The file has no column 'german'"):
        list(parquet(file, references={"en": "german"}).stream())


def test_two_rows_with_one_id_are_an_error(tmp_path: Path) -> None:
    file = write(tmp_path / "a.parquet", [ROW, ROW])
    with pytest.raises(CorpusError, match="Two articles have the id '7'"):
        parquet(file, columns={"id": "key"}).load()


def test_strict_makes_one_broken_row_an_error(tmp_path: Path) -> None:
    file = write(tmp_path / "a.parquet", [ROW, {**ROW, "when": "soon"}])
    with pytest.raises(CorpusError, match="Row 1: 'soon' is no date"):
        parquet(file, columns={"date": "when"}, strict=True).load()


@pytest.mark.parametrize("content", [b"", b"no parquet", b"PAR1" * 5, b'{"a": 1}'])
def test_a_file_that_is_no_parquet_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.parquet").write_bytes(content)
    with pytest.raises(CorpusError, match=r"a\.parquet: The file cannot be read as Parquet: "):
        list(parquet(tmp_path / "a.parquet").stream())


def test_a_file_that_is_damaged_midway_is_told_with_the_row(tmp_path: Path) -> None:
    texts = [f"{i} {'text ' * 50}" for i in range(3000)]
    table = pa.table({"x": texts, "english": texts})
    file = tmp_path / "a.parquet"
    pq.write_table(table, file, row_group_size=1000, use_dictionary=False, data_page_size=4096)
    data = bytearray(file.read_bytes())
    middle = pq.ParquetFile(file).metadata.row_group(1).column(0).data_page_offset
    data[middle : middle + 64] = b"\xff" * 64
    file.write_bytes(data)
    seen: list[object] = []
    with pytest.raises(CorpusError, match=r"The file, from row \d+ on, cannot be read as Parquet") as caught:
        seen.extend(parquet(file, columns={"source": "x"}).stream())
    assert f"from row {len(seen)} on" in str(caught.value)
    assert 700 <= len(seen) <= 1000  # the first group, but for the batch that goes into the second
    assert caught.value.path == file


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A small sound file."""
    return write(tmp_path_factory.mktemp("whole") / "a.parquet", [ROW] * 20).read_bytes()


@settings(deadline=None)
@given(st.data())
def test_any_damage_is_read_or_an_error(tmp_path_factory: pytest.TempPathFactory, whole: bytes, data: Any) -> None:
    content = bytearray(whole)
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    file = tmp_path_factory.getbasetemp() / "damaged.parquet"
    file.write_bytes(content[: data.draw(st.sampled_from([len(whole), len(whole) - 1, len(whole) // 2, 8]))])
    try:
        found = list(parquet(file, columns=COLUMNS, references={"en": "english", "zh": "chinese"}).stream())
    except TercetError as error:
        message = str(error)
        assert str(file) in message
    else:
        assert all(isinstance(item, Article | CorpusError) for item in found)
