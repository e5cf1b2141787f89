"""What fuzzing has found, each as it was found, in as few bytes as show it."""

import io
import json
import shutil
import sqlite3
import zipfile
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
from tercet.encoders.pairs import Pair, Pairs, key_of
from tercet.errors import CorpusError, RunError
from tercet.runs import load_run
from tests.blessed_runs import rehash
from tests.fuzzing.campaign import lent
from tests.fuzzing.folders import BLESSED, CAND, PART, runs
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
    ("sentences", "A\u00a0. It opened.".encode()),
    ("tokens", "Y\u3000. GPT-4".encode()),
    ("prompt", b"summarize: '{{ text }}{{ " + b"(" * 400 + b"1" + b")" * 400 + b" }}'"),
    ("prompt", b"summarize: \"{% set a = {'x': 1e400} %}{{ a.x }} {{ text }}\""),
    ("prompt", b"summarize: \"{{ text }}{{ " + b"7" * 5000 + b" }}\""),
    ("overrides", b"metric=[rouge,-1]"),
    ("overrides", b"corp" + b"ath" * 100),
    ("overrides", b"metrics.chrf=null"),
    ("overrides", b"summarizer=choice(1,2),textrank"),
    ("overrides", b"+x.y={a:choice(1,2),b:[2,3]}"),
    ("overrides", b"metric=[" + b"9" * 5000 + b"]"),
    ("policy", b"_target_: tercet.gating.policy.Policy\nmin_articles: 10${oc.env:HOME}\n"),
    ("prices", b"gpt: {prompt: 0.5, answer: 2" + b"0" * 400 + b"}"),
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


def test_a_number_that_no_metric_has_written_is_told(tmp_path: Path) -> None:
    pairs = Pairs(tmp_path / "pairs", 10)
    key = key_of("m", "a", "b")
    pairs.store({key: Pair(0.25, 0.5, 1 / 3, truncated=False, blank=False)})
    for number in ("1e300", "9e999", "'x'"):
        with closing(sqlite3.connect(tmp_path / "pairs")) as db:
            (table,) = db.execute("select name from sqlite_master where type = 'table'").fetchone()
            db.execute(f"update {table} set f1 = {number}")
            db.commit()
        with pytest.raises(RunError, match="what no metric has written"):
            pairs.find([key])


@pytest.mark.parametrize(
    ("key", "within", "said"),
    [("signatures", None, "facts en has no signature"), ("config", "metrics", "is no baseline")],
)
def test_a_baseline_that_does_not_say_how_it_was_scored_is_damaged(key: str, within: str | None, said: str) -> None:
    told = json.loads((runs() / BLESSED / "run.json").read_text("utf-8"))
    if within is None:
        del told[key]["facts"]
    else:
        told[key][within]["facts"] = None
    with lent(TARGETS["baseline"]) as read:
        outcome = observe(read, json.dumps(told).encode())
    assert outcome.kind == REFUSED, outcome
    assert said in outcome.words


def test_sums_that_are_none_are_damaged() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(runs() / PART / "sums.zip") as whole, zipfile.ZipFile(buffer, "w") as changed:
        for name in whole.namelist():
            changed.writestr(name, b"no sums" if name.startswith("tally") else whole.read(name))
    with lent(TARGETS["sums"]) as read:
        outcome = observe(read, buffer.getvalue())
    assert outcome.kind == REFUSED, outcome
    assert "damaged" in outcome.words


def test_a_parquet_file_with_a_column_that_is_no_text_is_damaged(tmp_path: Path) -> None:
    run = Path(shutil.copytree(runs() / CAND, tmp_path / "run"))
    data = (run / "scores.parquet").read_bytes()
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    (run / "scores.parquet").write_bytes(data[:footer] + data[footer:].replace(b"repeat", b"\xc0epeat"))
    rehash(run)
    loaded = load_run(run)
    for read in (lambda: Reading(loaded), lambda: contents(loaded)):
        with pytest.raises(RunError, match=r"scores\.parquet: "):
            read()


@pytest.mark.parametrize("lines", [b"\n\n", b"{}\n", b"5\n", b"{\n", b"\xff\n"], ids=repr)
def test_blessing_reads_evidence_or_refuses_it(lines: bytes) -> None:
    data = bytes([9, 0, 3]) + (runs() / CAND / "evidence.jsonl").read_bytes() + lines  # bless, of it, its evidence
    with lent(TARGETS["commands"]) as read:
        outcome = observe(read, data)
    assert outcome.words == ("bless 0" if not lines.strip() else "bless 2"), outcome


@pytest.mark.parametrize("option", ["character_order", "word_order", "beta"])
def test_an_order_without_end_is_refused(option: str) -> None:
    told = json.loads((runs() / BLESSED / "run.json").read_text("utf-8"))
    told["config"]["metrics"]["chrf"][option] = 10**30
    with lent(TARGETS["baseline"]) as read:
        outcome = observe(read, json.dumps(told).encode())
    assert outcome.kind == REFUSED, outcome
    assert "too large" in outcome.words


def test_a_baseline_whose_score_is_no_number_is_not_replaced() -> None:
    told = json.loads((runs() / BLESSED / "run.json").read_text("utf-8"))
    told["scores"][0]["value"] = []
    with lent(TARGETS["commands"]) as read:
        outcome = observe(read, bytes([10, 1, 0]) + json.dumps(told).encode())
    assert outcome.words == "bless 2", outcome


_CHANGES = [
    ("cases_hash", ["x"]), ("config", {"metrics": "x"}), ("files", 5), ("signatures", {"chrf": 1.5}), ("seed", True),
    ("corpus", {"hash": 1}), ("time", {"started": {}}), ("scores", [[]]), ("scores", [{"metric": "x", "value": []}]),
    ("failures", 10**30), ("choices", {"route": []}), ("blessed", 1), ("bound", "x"), ("part", {"first": None}),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), _CHANGES, ids=[f"{i} {key}" for i, (key, _) in enumerate(_CHANGES)])
def test_no_command_fails_over_what_run_json_says(key: str, value: object) -> None:
    target = TARGETS["commands"]
    told = json.loads((runs() / CAND / "run.json").read_text("utf-8"))
    told[key] = value
    with lent(target) as read:
        for number, of in ((1, 0), (0, 0), (6, 0), (10, 1)):  # show, as JSON and as a table, report, bless over it
            outcome = observe(read, bytes([number, of, 0]) + json.dumps(told).encode())
            assert outcome.kind == READ, (_COMMANDS[number], outcome)
