"""Hugging Face datasets: local Parquet and JSON, without a network."""

import datetime as dt
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tercet.articles import Loaded
from tercet.corpora.hf import Hf
from tercet.errors import ConfigError, CorpusError, MissingExtraError
from tercet.records import Article, Summary
from tests.corpora.offline import keep_offline

ROWS: list[dict[str, Any]] = [
    {
        "key": 7,
        "article": {"body": "It opened.", "head": "A bridge"},
        "when": "2025-03-14",
        "topics": ["a", "b"],
        "english": "One.",
        "chinese": ["一。", "壹。"],
        "doc": 1,
    },
    {
        "key": 8,
        "article": {"body": "It closed.", "head": None},
        "when": None,
        "topics": [],
        "english": None,
        "chinese": [],
        "doc": None,
    },
]
COLUMNS = {"id": "key", "source": "article.body", "title": "article.head", "date": "when", "tags": "topics"}


@pytest.fixture(autouse=True)
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_offline(tmp_path / "hf", monkeypatch)


@pytest.fixture
def parquet(tmp_path: Path) -> str:
    """Two rows as Parquet."""
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "rows.parquet")
    return str(tmp_path / "rows.parquet")


def hf(
    file: str,
    *,
    path: str = "parquet",
    columns: Mapping[str, str | None] = COLUMNS,
    references: Mapping[str, str | None] | None = None,
    split: str = "train",
    source_language: str = "en",
    strict: bool = False,
    streaming: bool = False,
) -> Hf:
    return Hf(
        path=path,
        split=split,
        data_files=[file],
        columns=dict(columns),
        references={"en": "english"} if references is None else dict(references),
        source_language=source_language,
        strict=strict,
        streaming=streaming,
    )


def as_json(folder: Path, rows: Sequence[Mapping[str, Any]]) -> str:
    (folder / "rows.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return str(folder / "rows.jsonl")


def test_parquet_is_read_with_nested_columns_and_lists(parquet: str) -> None:
    columns = {**COLUMNS, "cluster": "doc", "link": None}
    loaded = hf(parquet, columns=columns, references={"en-GB": "english", "zh": "chinese"}).load()
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


def test_json_is_read_and_rows_without_id_are_numbered(tmp_path: Path) -> None:
    file = as_json(tmp_path, [{"text": "一。", "sum": "One."}, {"text": "二。", "sum": "Two."}])
    loaded = hf(file, path="json", columns={"source": "text"}, references={"en": "sum"}, source_language="zh").load()
    assert [(article.id, article.language, article.source) for article in loaded.articles] == [
        ("0", "zh", "一。"),
        ("1", "zh", "二。"),
    ]


def test_a_split_may_be_cut(parquet: str) -> None:
    assert [article.id for article in hf(parquet, split="train[1:]").load().articles] == ["8"]


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ({"when": "soon"}, "'soon' is no date."),
        ({"article": None}, "There is no column 'article.body'."),
    ],
)
def test_one_broken_row_does_not_take_the_others_down(tmp_path: Path, bad: dict[str, Any], problem: str) -> None:
    file = as_json(tmp_path, [ROWS[0], {**ROWS[0], "key": 9, **bad}, {**ROWS[0], "key": 10}])
    loaded = hf(file, path="json").load()
    assert [article.id for article in loaded.articles] == ["7", "10"]
    (error,) = loaded.problems
    assert error.problem.startswith("Row 1: ")
    assert problem in error.problem
    with pytest.raises(CorpusError, match="Row 1: "):
        hf(file, path="json", strict=True).load()


@pytest.mark.parametrize(
    ("columns", "references", "problem"),
    [
        ({"source": "key"}, {"en": "english"}, "The column for 'source' holds no text but int."),
        ({}, {"en": "key"}, "A reference in 'en' is no text but int."),
        ({"tags": "doc"}, {"en": "english"}, "'tags' is no list of texts."),
        ({"source": "article.bdy"}, {"en": "english"}, "There is no column 'article.bdy'. Did you mean 'body'?"),
    ],
)
def test_a_column_of_the_wrong_kind_is_told(
    parquet: str, columns: dict[str, str], references: dict[str, str], problem: str
) -> None:
    assert problem in str(hf(parquet, columns=columns, references=references).load().problems[0])


@pytest.mark.parametrize(
    ("columns", "references", "problem"),
    [
        ({}, {}, "corpus.references names no column. Add corpus.references.en=COLUMN. The dataset has: key, article,"),
        ({}, {"en": None, "zh": None}, "corpus.references names no column."),
        ({"sorce": "article"}, {"en": "english"}, "Unknown name 'sorce' in corpus.columns. Did you mean 'source'?"),
        ({"source": "artcle"}, {"en": "english"}, "The dataset has no column 'artcle'. Did you mean 'article'?"),
        ({}, {"en": "englisch"}, "The dataset has no column 'englisch'. Did you mean 'english'?"),
        ({}, {"zh": "english", "zh-CN": "chinese"}, "corpus.references names a language twice."),
    ],
)
def test_a_wrong_column_map_is_told_before_any_row(
    parquet: str, columns: dict[str, str], references: dict[str, str | None], problem: str
) -> None:
    with pytest.raises(CorpusError) as caught:
        hf(parquet, columns=columns, references=references).load()
    assert str(caught.value).startswith(problem)


def test_an_unknown_language_is_a_mistake_of_the_config(parquet: str) -> None:
    with pytest.raises(ConfigError, match="Unknown language 'xx'"):
        hf(parquet, references={"xx": "english"}).load()


def test_two_rows_with_one_id_are_an_error(parquet: str) -> None:
    with pytest.raises(CorpusError, match="Two articles have the id 'x'"):
        hf(as_json(Path(parquet).parent, [{"key": "x", "english": "a"}] * 2), path="json", columns={"id": "key"}).load()


def test_streaming_gives_the_same(parquet: str, tmp_path: Path) -> None:
    columns = {**COLUMNS, "cluster": "doc", "link": None}
    references = {"en-GB": "english", "zh": "chinese"}
    for file, path in ((parquet, "parquet"), (as_json(tmp_path, ROWS), "json")):
        plain, streaming = (
            hf(file, path=path, columns=columns, references=references, streaming=flag).load() for flag in (False, True)
        )
        assert plain == streaming
        assert len(plain.articles) == 2


def test_streaming_checks_the_columns_of_the_first_row_where_nothing_else_is_known(tmp_path: Path) -> None:
    file = as_json(tmp_path, ROWS)
    with pytest.raises(CorpusError, match=r"The dataset has no column 'englisch'\. Did you mean 'english'\?"):
        next(hf(file, path="json", references={"en": "englisch"}, streaming=True).stream())


def test_streaming_fills_columns_that_a_part_of_the_file_does_not_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Parts(list[dict[str, Any]]):
        column_names = None

    parts = Parts([{"key": "a", "english": "One.", "when": "2025-03-14"}, {"key": "b", "english": "Two."}])
    monkeypatch.setattr("datasets.load_dataset", lambda *_, **__: parts)
    columns = {"id": "key", "date": "when"}
    found = hf("any", path="json", columns=columns, streaming=True).load()
    assert [(article.id, article.date) for article in found.articles] == [("a", dt.date(2025, 3, 14)), ("b", None)]
    monkeypatch.setattr("datasets.load_dataset", lambda *_, **__: Parts())
    assert hf("any", path="json", columns=columns, streaming=True).load() == Loaded(articles=())


def test_a_cut_split_cannot_be_streamed(parquet: str) -> None:
    with pytest.raises(CorpusError, match=r"cannot be loaded: .*train\[1:\]"):
        next(hf(parquet, split="train[1:]", streaming=True).stream())


def test_a_file_that_breaks_on_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"key": "a", "english": "One."}\n{"key": \n', "utf-8")
    with pytest.raises(CorpusError, match="The dataset 'json' cannot be loaded"):
        list(hf(str(tmp_path / "a.jsonl"), path="json", columns={"id": "key"}, streaming=True).stream())


@pytest.mark.parametrize("column", [["a"], {"a": 1}])
@pytest.mark.parametrize("ours", ["id", "cluster"])
def test_an_id_is_a_text_or_a_number(tmp_path: Path, column: object, ours: str) -> None:
    file = as_json(tmp_path, [{"x": column, "english": "One."}])
    (error,) = hf(file, path="json", columns={ours: "x"}).load().problems
    assert f"Row 0: The column for '{ours}' is neither a text nor a number but {type(column).__name__}." in str(error)


@pytest.mark.parametrize("content", [b"", b"no parquet"])
def test_a_broken_file_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.parquet").write_bytes(content)
    with pytest.raises(CorpusError, match="The dataset 'parquet' cannot be loaded") as caught:
        hf(str(tmp_path / "a.parquet")).load()
    assert "corpus.data_files" in caught.value.remedy


def test_a_missing_file_split_or_name_is_told(parquet: str, tmp_path: Path) -> None:
    for corpus in (
        hf(str(tmp_path / "none.parquet")),
        hf(parquet, split="validation"),
        Hf(path="nobody/no-such-dataset", references={"en": "x"}),
        Hf(path=str(tmp_path / "none"), references={"en": "x"}),
    ):
        with pytest.raises(CorpusError, match=r"cannot be loaded: .*Check corpus\.path, corpus\.split"):
            corpus.load()
    with pytest.raises(CorpusError, match=r"corpus\.path is not set\. Add corpus\.path=DATASET"):
        Hf().load()


def test_an_error_without_words_is_told_by_its_name(parquet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("datasets.load_dataset", fail)
    with pytest.raises(CorpusError, match="cannot be loaded: ConnectionError"):
        hf(parquet).load()


def test_without_datasets_the_error_has_the_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(MissingExtraError) as caught:
        Hf(path="parquet", references={"en": "x"}).load()
    assert caught.value.problem == "corpus=hf needs the package 'datasets', which is not installed."
    assert caught.value.remedy == "Run: pip install 'tercet[hf]'"
