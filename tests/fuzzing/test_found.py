"""What fuzzing has found, each as it was found, in as few bytes as show it."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from tercet.cache import Cache
from tercet.comparing.streaming.caselist import case_list
from tercet.comparing.streaming.reading import Reading
from tercet.comparing.tables import contents
from tercet.corpora.markdown import Markdown
from tercet.corpora.parquet import Parquet
from tercet.errors import CorpusError, RunError
from tercet.runs import load_run
from tests.blessed_runs import rehash
from tests.fuzzing.campaign import lent
from tests.fuzzing.folders import CAND, runs
from tests.fuzzing.outcomes import READ, REFUSED, observe
from tests.fuzzing.targets import TARGETS
from tests.fuzzing.targets.commands import _COMMANDS

# What was found, each in as few bytes as show it; all of them are read or refused today.
_LISTS = b"[" * 3000
FOUND: list[tuple[str, bytes]] = [
    ("parts", b"1/" + b"9" * 5000),
    ("jsonl", b'{"id": "a", "title": "t", "title": "u"}'),
    ("jsonl", b'{"references": 0}\n{"references": ""}\n{"references": []}'),
    ("outputs", b'{"id": "a:en", "text": "one", "text": "two"}'),
    ("signatures", b"bleu|tok:zh|tok:13a"),
    ("metric_from", b"rouge" * 100 + b"|lang:en"),
    ("metric_from", b"../gate/default|lang:en"),
    ("sweep", b'{"runs": ' + _LISTS),
    ("sweep", b'{"runs": [""], "labels": ["A"]}'),
    ("sentences", "Half \ud83d of it. Two.".encode("utf-8", "surrogatepass")),
    ("prompt", b"summarize: '{{ text }}{{ " + b"(" * 400 + b"1" + b")" * 400 + b" }}'"),
    ("overrides", b"metric=[rouge,-1]"),
    ("composed", b"# @package _global_\ndefaults:\n- override /metric: [rouge]\n- override /su\n"),
    ("composed", b"headline: to${ 5"),
    ("composed", b"defaults:\n- override /summarizer: \nlanguages: [en]\n"),
    ("composed", b"name: \xff\n"),
    ("judged_rows", b'{"id": "1", "item": "i", "doc": "d", "system": "a", "src": "s", "hyp": "h", "refs": "r",'
     b' "score": 1' + b"0" * 400 + b', "other": 0, "human": false}'),
    ("judged_folder", b"sys\tda\tda\na\t0.5\t1\n\n=====\na\n\n=====\nb\n\n=====\nc\n\n=====\nd\n"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data"), FOUND, ids=[f"{i} {name}" for i, (name, _) in enumerate(FOUND)])
def test_what_was_found_is_no_finding_any_more(name: str, data: bytes) -> None:
    with lent(TARGETS[name]) as read:
        outcome = observe(read, data)
    assert outcome.kind in {READ, REFUSED}, outcome


_CASE = {"id": "item-000:en", "article": "item-000", "language": "en"}
_IN_RUNS = [
    ("run_outputs", {**_CASE, "stages": []}),
    ("run_outputs", {**_CASE, "text": "a", "failure": "b", "stages": []}),
    ("run_outputs", {**_CASE, "id": {}, "text": "a", "stages": []}),
    ("run_outputs", {**_CASE, "text": "a", "stages": [{"role": "x", "backend": [], "source_language": None}]}),
    ("cases", {**_CASE, "cluster": None, "source_language": "en", "content": "x"}),
    ("cases", {**_CASE, "cluster": "c", "source_language": "en", "content": "x", "tags": "abc"}),
    ("evidence", {**_CASE, "metric": "facts", "kind": "malformed", "message": "m", "start": 10**30, "end": 10**30}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "record"), _IN_RUNS, ids=[f"{i} {name}" for i, (name, _) in enumerate(_IN_RUNS)])
def test_a_line_of_a_run_that_is_not_of_its_kind_is_damaged(name: str, record: dict[str, object]) -> None:
    with lent(TARGETS[name]) as read:
        outcome = observe(read, json.dumps(record).encode())
    assert outcome.kind == REFUSED, outcome
    assert "damaged" in outcome.words


_HEADED = "---\ntitle: t\n---\nOne.\n\n- Two.\n\n"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("```\nin code\n```", "in code"),
        ("~~~ behind the fence\nin it\n~~~", "behind the fence in it"),
        ("<div>in HTML</div>", "<div>in HTML</div>"),
        ("[Fed]: a-target", "[Fed]: a-target"),
        ("<!-- a comment --> <p>after</p>", "<p>after</p>"),
    ],
    ids=["code", "info", "html", "definition", "comment"],
)
def test_no_words_of_a_markdown_summary_are_lost(tmp_path: Path, body: str, text: str) -> None:
    (tmp_path / "a.md").write_text(f"{_HEADED}{body}\n", "utf-8")
    (article,) = Markdown(path=str(tmp_path)).load().articles
    assert article.references["en"][0].closing == text


def test_a_part_in_brackets_is_no_link_and_targets_of_links_are(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"{_HEADED}[1]: https://example.org\n\n---\n\n[一] 很好 (二)\n", "utf-8")
    (problem,) = Markdown(path=str(tmp_path)).load().problems
    assert "Chinese summary has no bulleted key points" in problem.problem


def test_markdown_that_is_nested_too_deeply_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"{_HEADED}{'>' * 200} deep\n", "utf-8")
    (problem,) = Markdown(path=str(tmp_path)).load().problems
    assert problem.line == 8
    assert "nested too deeply" in problem.problem


def test_a_parquet_file_that_lacks_rows_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    parquet.write_table(pa.table({"id": [str(i) for i in range(77)], "en": ["Text."] * 77}), path)
    data = path.read_bytes()
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    at = data.index(b"\x16\x9a\x01", footer)  # num_rows in Thrift's compact form: 77, and then 78
    path.write_bytes(data[:at] + b"\x16\x9c\x01" + data[at + 3 :])
    with pytest.raises(CorpusError, match="row 77 is its last, and it ends before row 77"):
        Parquet(path=str(path), columns={"id": "id"}, references={"en": "en"}).load()


@pytest.mark.parametrize("large", [False, True], ids=["whole", "in batches"])
def test_rows_that_are_no_text_are_damaged(tmp_path: Path, *, large: bool) -> None:
    run = Path(shutil.copytree(runs() / CAND, tmp_path / "run"))
    table = parquet.read_table(run / "scores.parquet")
    place = table.schema.get_field_index("cluster")
    odd = pa.array([b"\xfe"] * len(table)).view(pa.string())
    parquet.write_table(table.set_column(place, "cluster", odd), run / "scores.parquet")
    rehash(run)
    loaded = load_run(run)
    read = (lambda: Reading(loaded).finish(case_list(loaded))) if large else (lambda: contents(loaded))
    with pytest.raises(RunError, match=r"scores\.parquet: cannot be read: .*UTF8"):
        read()


def test_a_cache_that_holds_what_nobody_stored_is_told(tmp_path: Path) -> None:
    with Cache(tmp_path / "cache") as cache:
        cache.store("key", "text")
    with closing(sqlite3.connect(tmp_path / "cache")) as db:
        db.execute("update kept set reply = x'00', made = 'then'")
        db.commit()
    with Cache(tmp_path / "cache") as cache:
        for use in (lambda: cache.find(["key"]), cache.stats):
            with pytest.raises(RunError, match="cannot be used"):
                use()


_CHANGES = [
    ("cases_hash", ["x"]), ("config", {"metrics": "x"}), ("files", 5), ("signatures", {"chrf": 1.5}), ("seed", True),
    ("corpus", {"hash": 1}), ("time", {"started": {}}), ("scores", [[]]), ("scores", [{"metric": "x", "value": []}]),
    ("failures", 10**30), ("choices", {"route": []}), ("blessed", 1), ("part", {"first": None}),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), _CHANGES, ids=[f"{i} {key}" for i, (key, _) in enumerate(_CHANGES)])
def test_no_command_fails_over_what_run_json_says(key: str, value: object) -> None:
    target = TARGETS["commands"]
    told = json.loads((runs() / CAND / "run.json").read_text("utf-8"))
    told[key] = value
    with lent(target) as read:
        for number in (1, 6):  # show, report
            outcome = observe(read, bytes([number, 0, 0]) + json.dumps(told).encode())
            assert outcome.kind == READ, (_COMMANDS[number], outcome)
