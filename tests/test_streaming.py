"""Corpora that are larger than memory: what a run holds at a time, and that it is the same run as that of the whole."""

import gc
import gzip
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tercet import census, distributing, making
from tercet.cases import CaseInfo
from tercet.corpora import Corpus, streamed
from tercet.errors import CorpusError
from tercet.pieces import Draft, Piece
from tercet.records import Article, Case, Output
from tests.corpora.offline import keep_offline
from tests.runs import command
from tests.sweeping import Tree, finished

ARTICLES = 6_000
SHARD = 250
SCORED = 1_000  # articles, in two languages
FEW = 10  # articles that a corpus keeps as samples, or has read ahead
HELD = (Article, Case, Output, CaseInfo)
COLUMNS = ("corpus.columns={id: id, source: source}", "corpus.references={en: en}")
WORDS = {
    "parallel": ("route=translate", "corpus=parallel", "corpus.source=src.txt", "corpus.references=[ref.txt]"),
    "jsonl": ("corpus=jsonl", "corpus.path=news.jsonl"),
    "gzip": ("corpus=jsonl", "corpus.path=news.jsonl.gz"),
    "parquet": ("corpus=parquet", "corpus.path=news.parquet", *COLUMNS),
    "hf": (
        *("corpus=hf", "corpus.path=parquet", "corpus.data_files=[news.parquet]", "corpus.split=train"),
        *("corpus.streaming=true", *COLUMNS),
    ),
}


def source(number: int) -> str:
    return f"The town of Aveyron opened {number + 2} bridges in May. They cost {number % 89 + 3} million euros."


def reference(number: int) -> str:
    return f"Aveyron opened {number + 2} bridges."


def record(number: int) -> dict[str, Any]:
    return {"id": f"r{number}", "language": "en", "source": source(number), "references": {"en": reference(number)}}


def write_lines(path: str, lines: Iterable[str]) -> None:
    Path(path).write_text("".join(f"{line}\n" for line in lines), "utf-8")


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A working directory with the same articles in every form."""
    folder = tmp_path_factory.mktemp("streaming")
    numbers = range(ARTICLES)
    with chdir(folder):
        write_lines("src.txt", map(source, numbers))
        write_lines("ref.txt", map(reference, numbers))
        write_lines("news.jsonl", (json.dumps(record(number)) for number in numbers))
        Path("news.jsonl.gz").write_bytes(gzip.compress(Path("news.jsonl").read_bytes(), 1))
        rows = [{"id": f"r{number}", "source": source(number), "en": reference(number)} for number in numbers]
        pq.write_table(pa.Table.from_pylist(rows), "news.parquet")
        yield folder


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a corpus is kept, and shards are small."""
    monkeypatch.setattr(census, "_KEPT", 0)
    monkeypatch.setattr(distributing, "_MOST", SHARD)


class Watch:
    """Counts objects that are alive: shortly before each shard is full, as it is packed, and as pieces are joined.

    Args:
        patch: What it hooks itself in by.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.most: Counter[str] = Counter()
        self.passes = 0
        self.packed = 0
        real_stream, real_archive, real_outputs = streamed, Draft.archive, Piece.outputs

        def stream(corpus: Corpus) -> Iterator[Article | CorpusError]:
            self.passes += 1
            for number, item in enumerate(real_stream(corpus)):
                if number % SHARD == SHARD - 2:
                    self.count()
                yield item

        def archive(draft: Draft) -> bytes:
            self.packed += 1
            self.count()
            return real_archive(draft)

        def outputs(piece: Piece, language: str) -> Iterator[bytes]:
            yield from real_outputs(piece, language)
            self.count()

        patch.setattr(census, "streamed", stream)
        patch.setattr(Draft, "archive", archive)
        patch.setattr(Piece, "outputs", outputs)

    def count(self) -> None:
        """Count what has come into being since ``watching`` began."""
        self.most |= Counter(kind.__name__ for item in gc.get_objects() if (kind := type(item)) in HELD)


@contextmanager
def watching() -> Iterator[Watch]:
    """Watch what is alive; what was there before is left out for good, which makes counting quick."""
    gc.collect()
    gc.freeze()
    with pytest.MonkeyPatch.context() as patch:
        yield Watch(patch)


Texts = Mapping[str, str]


@pytest.fixture(scope="module")
def whole(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The run over JSON lines where everything is held, and is one shard."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distributing, "_MOST", ARTICLES)
        return results_of(tmp_path_factory.mktemp("whole") / "results", *run_over("jsonl"))


def results_of(results: Path, *words: str) -> Tree:
    done = command(*words, f"results={results}", "cache=null")
    assert done.exit_code == 0, done.output
    return finished(results)


def run_over(name: str) -> tuple[str, ...]:
    return ("run", *WORDS[name], "translator=copy", "metric=[shape]")


def told(found: Tree) -> dict[str, Any]:
    """What the one run says of itself."""
    (info,) = [value for name, value in found.items() if name.endswith("/run.json")]
    assert isinstance(info, dict)
    return info


def check_bounded(watch: Watch, shards: int) -> None:
    """Nothing was held that more than so many shards have; and what is counted is indeed there."""
    for kind in HELD:
        assert watch.most[kind.__name__] <= shards * SHARD + FEW, watch.most
    assert watch.most["Article"] >= SHARD - 2


@pytest.mark.usefixtures("small_shards")
@pytest.mark.parametrize("name", list(WORDS))
def test_of_a_large_corpus_no_more_than_two_shards_are_held(
    name: str, whole: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "hf":
        keep_offline(tmp_path / "hf", monkeypatch)
    with watching() as watch:
        found = results_of(tmp_path / "results", *run_over(name))
    assert watch.packed == ARTICLES // SHARD
    assert watch.passes == 2  # the census, then the run
    check_bounded(watch, 2)
    if name == "jsonl":
        assert found == whole
    elif name != "parallel":  # it has other ids and another route
        # The same articles in another form are the same run but for its config.
        for key in ("corpus", "cases_hash", "files", "scores"):
            assert told(found)[key] == told(whole)[key]


def test_where_everything_is_held_the_count_says_so(corpora: Path, tmp_path: Path) -> None:
    with watching() as watch:
        results_of(tmp_path, *run_over("jsonl"), f"limit={2 * SHARD}")
    assert watch.most["Article"] >= ARTICLES


def test_while_workers_work_no_more_than_a_few_shards_wait_here(
    whole: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, watching() as watch:
        patch.setattr(census, "_KEPT", 0)
        found = results_of(tmp_path, *run_over("jsonl"), "executor.workers=2", f"executor.shard={SHARD}")
    check_bounded(watch, 8)
    assert found == whole


# What something else made


@pytest.fixture(scope="module")
def outputs(corpora: Path) -> Texts:
    """Outputs for articles in two languages, each unlike any other; as JSON lines in no order, and as plain text."""
    records = [
        record(number) | {"references": {"zh": f"开通了{number + 2}座桥。", "en": reference(number)}}
        for number in range(SCORED)
    ]
    write_lines("both.jsonl", map(json.dumps, records))
    texts = {f"r{number}:{code}": f"{code} {number}" for code in ("en", "zh") for number in range(SCORED)}
    write_lines("hyp.txt", texts.values())
    shuffled = random.Random(0).sample(sorted(texts), len(texts))
    write_lines("hyp.jsonl", (json.dumps({"id": case, "text": texts[case]}) for case in shuffled))
    Path("hyp.jsonl.gz").write_bytes(gzip.compress(Path("hyp.jsonl").read_bytes()))
    return texts


@pytest.mark.parametrize("file", ["hyp.txt", "hyp.jsonl", "hyp.jsonl.gz"])
def test_outputs_are_scored_in_shards_as_in_one(
    file: str, outputs: Texts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("score", file, "corpus=jsonl", "corpus.path=both.jsonl", "metric=[chrf,shape]")
    at_once = results_of(tmp_path / "whole", *words)
    with monkeypatch.context() as patch, watching() as watch:
        patch.setattr(census, "_KEPT", 0)
        patch.setattr(distributing, "_MOST", SHARD)
        found = results_of(tmp_path / "shards", *words)
    assert watch.packed == SCORED // SHARD
    check_bounded(watch, 4)  # two of articles, in two languages
    assert found == at_once
    (lines,) = [value for name, value in found.items() if name.endswith("/outputs.jsonl")]
    assert isinstance(lines, bytes)
    made = {item["id"]: item["text"] for item in map(json.loads, lines.decode().splitlines())}
    assert list(made.items()) == list(outputs.items())


@pytest.mark.parametrize("file", ["hyp.txt", "hyp.jsonl"])
def test_workers_find_their_outputs_in_the_file(file: str, outputs: Texts, tmp_path: Path) -> None:
    words = ("score", file, "corpus=jsonl", "corpus.path=both.jsonl", "metric=[shape]")
    shards = ("executor.workers=2", "executor.shard=170")  # the last one is smaller
    assert results_of(tmp_path / "shards", *words, *shards) == results_of(tmp_path / "whole", *words)


# What does not stand still


def rewrite(line: int, text: str | None) -> None:
    """Replace a line of the corpus, or drop it where there is no text."""
    lines = Path("moving.jsonl").read_text("utf-8").splitlines()
    lines[line:] = [*([] if text is None else [text]), *lines[line + 1 :]]
    Path("other.jsonl").write_text("".join(f"{each}\n" for each in lines), "utf-8")
    Path("other.jsonl").replace("moving.jsonl")


MOVING = 600
CHANGES: dict[str, tuple[int, str | None, str]] = {
    "source": (590, json.dumps(record(590) | {"source": "It is all different."}), "article 'r590' is not what it was"),
    "reference": (3, json.dumps(record(3) | {"references": {"en": "No."}}), "article 'r3' is not what it was"),
    "id": (2, json.dumps(record(2) | {"id": "q2"}), "article 3 is now 'q2'"),
    "shorter": (599, None, "it has 599 articles, and had 600"),
    "longer": (600, json.dumps(record(600)), "article 601 is now 'r600'"),
}


@pytest.mark.usefixtures("small_shards")
@pytest.mark.parametrize("change", list(CHANGES))
def test_a_corpus_that_changes_while_a_run_is_made_is_an_error(
    change: str, corpora: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, text, said = CHANGES[change]
    write_lines("moving.jsonl", (json.dumps(record(number)) for number in range(MOVING)))
    words = ("run", "corpus=jsonl", "corpus.path=moving.jsonl", "translator=copy", "metric=[shape]", "cache=null")
    real = distributing.work

    def work(*given: Any) -> None:
        rewrite(line, text)
        real(*given)

    with monkeypatch.context() as patch:
        patch.setattr(making, "work", work)
        done = command(*words, f"results={tmp_path / 'results'}")
    assert done.exit_code == 2
    assert f"error: The corpus changed while it was read: {said}." in done.stderr
    assert "Repeat the command when it stands still." in done.stderr
    assert [path.suffix for path in (tmp_path / "results").iterdir()] == [".partial"]
    # Of what it is now, the same command makes the run that it makes where nothing was begun.
    again, anew = (results_of(tmp_path / name, *words[:-1]) for name in ("results", "anew"))
    assert again == anew
