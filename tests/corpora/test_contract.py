"""One contract over every corpus in ``conf/corpus``: it streams what it loads, again and again, in little memory."""

import gzip
import json
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tercet.articles import Loaded, collect
from tercet.composing import config_folder
from tercet.corpora import Corpus, streamed
from tercet.corpora.hf import Hf
from tercet.corpora.jsonl import Jsonl
from tercet.corpora.markdown import Markdown
from tercet.corpora.parallel import Parallel
from tercet.corpora.parquet import Parquet
from tercet.corpora.sample import Sample
from tercet.errors import CorpusError
from tercet.records import Article
from tests.corpora.offline import keep_offline

Row = dict[str, Any]
Make = Callable[[Path, Sequence[Row]], Any]
TABLE: dict[str, Any] = {"columns": {"id": "id", "source": "source", "date": "date"}, "references": {"en": "en"}}


def as_jsonl(folder: Path, rows: Sequence[Row], name: str = "rows.jsonl") -> str:
    records = [{"language": "en", "references": {"en": row["en"]}, **row} for row in rows]
    data = "".join(json.dumps({k: v for k, v in r.items() if k != "en"}) + "\n" for r in records).encode()
    (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return str(folder / name)


def as_flat_json(folder: Path, rows: Sequence[Row]) -> str:
    (folder / "flat.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return str(folder / "flat.jsonl")


def as_parquet(folder: Path, rows: Sequence[Row]) -> str:
    """One row group, which is the hardest to read in little memory."""
    pq.write_table(pa.Table.from_pylist(list(rows)), folder / "rows.parquet", use_dictionary=False)
    return str(folder / "rows.parquet")


def as_markdown(folder: Path, rows: Sequence[Row]) -> str:
    for index, row in enumerate(rows):
        matter = f"---\nid: {row['id']}\ndate: {row['date']}\n---\n"
        (folder / f"{index:06}.md").write_text(f"{matter}{row['en']}\n\n- **It:** opened.\n\nIt is open.\n", "utf-8")
        (folder / f"{index:06}.source.md").write_text(row["source"], "utf-8")
    return str(folder)


def as_lines(folder: Path, rows: Sequence[Row]) -> Parallel:
    for name, key in (("src", "source"), ("ref", "en"), ("docs", "id")):
        (folder / name).write_text("".join(f"{row[key]}\n" for row in rows), "utf-8")
    return Parallel(source=str(folder / "src"), references=[str(folder / "ref")], documents=str(folder / "docs"))


def hf(folder: Path, rows: Sequence[Row], *, path: str = "parquet", streaming: bool = False) -> Hf:
    file = as_parquet(folder, rows) if path == "parquet" else as_flat_json(folder, rows)
    return Hf(path=path, split="train", data_files=[file], streaming=streaming, **TABLE)


CORPORA: dict[str, Make] = {
    "jsonl": lambda folder, rows: Jsonl(path=as_jsonl(folder, rows)),
    "jsonl gzip": lambda folder, rows: Jsonl(path=as_jsonl(folder, rows, "rows.jsonl.gz")),
    "markdown": lambda folder, rows: Markdown(path=as_markdown(folder, rows)),
    "parallel": as_lines,
    "parquet": lambda folder, rows: Parquet(path=as_parquet(folder, rows), **TABLE),
    "hf": hf,
    "hf json": lambda folder, rows: hf(folder, rows, path="json"),
    "hf streaming": lambda folder, rows: hf(folder, rows, streaming=True),
    "hf json streaming": lambda folder, rows: hf(folder, rows, path="json", streaming=True),
    "sample": lambda folder, rows: Sample(),
}
LENIENT = [name for name in CORPORA if name not in {"parallel", "sample"}]  # those that know broken records
FILES = [name for name in CORPORA if name != "sample"]
# ``datasets`` holds 10 MiB of a JSON file at a time, which is more than the test has.
LARGE = [name for name in FILES if name != "hf json streaming"]


@pytest.fixture(autouse=True)
def _offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "hf" in str(getattr(request.node, "callspec", None) and request.node.callspec.params.get("name")):
        keep_offline(tmp_path / "hf", monkeypatch)


def row(number: int, **values: object) -> Row:
    return {
        "id": f"r{number}",
        "date": "2025-03-14",
        "source": f"It opened {number}.",
        "en": f"Open {number}.",
    } | values


def make(name: str, folder: Path, rows: Sequence[Row]) -> Any:
    (folder / "corpus").mkdir(exist_ok=True)
    return CORPORA[name](folder / "corpus", rows)


def plain(items: Sequence[Article | CorpusError]) -> list[object]:
    """What can be compared: articles, and what errors say."""
    return [str(item) if isinstance(item, CorpusError) else item for item in items]


def test_no_corpus_is_overlooked() -> None:
    shipped = {file.stem for file in (config_folder() / "corpus").glob("*.yaml")}
    assert {name.split()[0] for name in CORPORA} == shipped


@pytest.mark.parametrize("name", CORPORA)
def test_a_stream_is_what_load_gives_and_can_be_had_again(name: str, tmp_path: Path) -> None:
    count = 20 if name == "markdown" else 600  # more than a batch, where there are batches
    corpus = make(name, tmp_path, [row(i) for i in range(count)])
    first = list(corpus.stream())
    assert Loaded(articles=tuple(first)) == corpus.load()
    assert list(corpus.stream()) == list(streamed(corpus)) == first
    assert name == "sample" or [article.source for article in first][:2] == ["It opened 0.", "It opened 1."]
    assert name == "sample" or len(first) == count


@pytest.mark.parametrize("name", CORPORA)
def test_two_streams_do_not_share_their_place(name: str, tmp_path: Path) -> None:
    corpus = make(name, tmp_path, [row(0), row(1)])
    one, other = corpus.stream(), corpus.stream()
    first, second = next(one), next(one)
    assert (next(other), next(other)) == (first, second)
    assert first != second


@pytest.mark.parametrize("name", LENIENT)
def test_a_broken_record_is_an_error_in_its_place_also_where_strict(name: str, tmp_path: Path) -> None:
    corpus = make(name, tmp_path, [row(0), row(1, date="soon"), row(2), row(3, date="later"), row(4)])
    found = list(corpus.stream())
    assert [type(item) for item in found] == [Article, CorpusError, Article, CorpusError, Article]
    assert "'soon' is no date." in str(found[1])
    assert "'later' is no date." in str(found[3])
    loaded = corpus.load()
    assert list(loaded.articles) == found[::2]
    assert plain(loaded.problems) == plain(found[1::2])
    strict = replace(corpus, strict=True)
    assert plain(list(strict.stream())) == plain(found)
    with pytest.raises(CorpusError, match="'soon' is no date"):
        strict.load()


@pytest.mark.parametrize("name", LARGE)
def test_a_large_corpus_is_read_in_little_memory(name: str, tmp_path: Path) -> None:
    text = "It opened to traffic. " * 100
    rows = 400 if name == "markdown" else 4000  # opening files takes its time
    corpus = make(name, tmp_path, [row(i, source=f"{i} {text}") for i in range(rows)])
    limit = rows * len(text) // 3
    stream = corpus.stream()
    next(stream)
    tracemalloc.start()
    before = pa.total_allocated_bytes()
    try:
        held = [pa.total_allocated_bytes() - before for _ in stream]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(held) == rows - 1
    assert peak < limit
    assert max(held) < limit


@pytest.mark.parametrize("name", FILES)
def test_an_unfinished_stream_leaves_no_file_open(name: str, tmp_path: Path) -> None:
    corpus = make(name, tmp_path, [row(i) for i in range(600)])
    stream = corpus.stream()
    next(stream)
    stream.close()  # a file left to the collector would be a ResourceWarning, which is an error here
    assert next(stream, None) is None


def cut(folder: Path, ending: str) -> None:
    """Cut off the last fifth of every file of an ending."""
    for file in folder.rglob(f"*{ending}"):
        data = file.read_bytes()
        file.write_bytes(data[: len(data) * 4 // 5])


BROKEN = {"jsonl gzip": ".gz", "parquet": ".parquet", "hf": ".parquet", "hf streaming": ".parquet"}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_cut_off_is_an_error(name: str, tmp_path: Path) -> None:
    corpus = make(name, tmp_path, [row(i) for i in range(3000)])
    cut(tmp_path / "corpus", BROKEN[name])
    for read in (lambda: list(corpus.stream()), corpus.load):
        with pytest.raises(CorpusError, match=r"[Cc]annot be (read|loaded)"):
            read()


@pytest.mark.parametrize("name", ["jsonl", "parallel"])
def test_what_stands_before_a_damaged_place_is_given_first(name: str, tmp_path: Path) -> None:
    corpus = make(name, tmp_path, [row(0), row(1)])
    for file in (tmp_path / "corpus").iterdir():
        file.write_bytes(file.read_bytes() + b"\xff\n")
    stream = corpus.stream()
    assert [next(stream).source, next(stream).source] == ["It opened 0.", "It opened 1."]
    with pytest.raises(CorpusError, match=r":3: Byte \d+ is not UTF-8"):
        next(stream)


def test_half_a_record_is_an_error_in_its_place(tmp_path: Path) -> None:
    path = Path(as_jsonl(tmp_path, [row(0), row(1)]))
    path.write_bytes(path.read_bytes()[:-20])
    first, second = Jsonl(path=str(path)).stream()
    assert isinstance(first, Article)
    assert "rows.jsonl:2: No JSON" in str(second)


class OnlyLoad:
    """A corpus as a user writes it."""

    def load(self) -> Loaded:
        problem = CorpusError("It is broken.")
        return Loaded(articles=(Article(id="a", language="en"), Article(id="b", language="en")), problems=(problem,))


def test_a_corpus_that_only_loads_is_streamed_all_the_same() -> None:
    assert plain(list(streamed(OnlyLoad()))) == [
        Article(id="a", language="en"),
        Article(id="b", language="en"),
        "It is broken.",
    ]


@dataclass(frozen=True, kw_only=True)
class First(Jsonl):
    """A loader of ours with a ``load`` of the user's own: its ``stream`` would give something else."""

    def load(self) -> Loaded:
        return Loaded(articles=super().load().articles[:1])


@dataclass(frozen=True, kw_only=True)
class Shouting(Jsonl):
    """A loader of ours with a ``stream`` of the user's own."""

    def stream(self) -> Iterator[Article | CorpusError]:
        for item in super().stream():
            yield item if isinstance(item, CorpusError) else replace(item, source=str(item.source).upper())


def test_what_load_gives_counts_where_a_subclass_has_its_own(tmp_path: Path) -> None:
    path = as_jsonl(tmp_path, [row(0), row(1)])
    for corpus, sources in (
        (First(path=path), ["It opened 0."]),
        (Shouting(path=path), ["IT OPENED 0.", "IT OPENED 1."]),
    ):
        assert [article.source for article in corpus.load().articles] == sources
        assert collect(streamed(corpus), strict=True) == corpus.load()


@dataclass(frozen=True, kw_only=True)
class Flag(OnlyLoad):
    """A corpus with an option of that name."""

    stream: bool = True


def test_an_option_called_stream_is_no_stream() -> None:
    corpus: Corpus = Flag()
    assert len(list(streamed(corpus))) == 3
