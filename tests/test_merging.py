"""Merging: parts that were made apart become the bytes of the run that one machine would have made, or are refused."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import chdir
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tercet.corpora.jsonl import Jsonl
from tercet.errors import ConfigError, NotComparableError, RunError, TercetError
from tercet.merging import merge
from tercet.runs import load_run
from tests.blessed_runs import rewrite, run_json
from tests.counting_server import CountingServer
from tests.runs import articles, command, faithful, furnish
from tests.sweeping import furnish as furnish_models
from tests.sweeping import one_run, tree

Call = Callable[..., Result]
CHEAP = ("summarizer=lead", "translator=copy", "metric=[chrf,shape]", "cache=null")
SAMPLE = ("run", *CHEAP, "limit=7")


def make(words: Sequence[str], results: Path, part: str | None = None) -> Path:
    """Make a run, or a part of it, and give its folder."""
    done = command(*words, f"results={results}", *([] if part is None else [f"part={part}"]))
    assert done.exit_code in {0, 4}, done.output
    said = done.stderr.split("Written to ")[1].split("/\n")[0]
    return Path(said)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run over the embedded corpus: ``whole``, and in parts of several sizes."""
    folder = tmp_path_factory.mktemp("merging")
    with chdir(folder):
        make(SAMPLE, folder / "whole")
        for part in ("1/3", "2/3", "3/3", "1/2", "3/4", "4/4"):
            make(SAMPLE, folder / "parts", part)
    return folder


@pytest.fixture
def whole(made: Path) -> Path:
    (found,) = (made / "whole").iterdir()
    return found


@pytest.fixture
def work(made: Path, tmp_path: Path) -> Path:
    """A copy of the parts, to be changed."""
    return Path(shutil.copytree(made / "parts", tmp_path / "parts"))


def parts_of(work: Path, *names: str) -> list[Path]:
    """Find parts by what they are, as 2/3."""
    return [next(work.glob(f"*-part-{name.replace('/', '-of-')}")) for name in names]


THIRDS = ("1/3", "2/3", "3/3")


# the same bytes


@pytest.mark.parametrize("order", list(permutations(THIRDS)), ids="-".join)
def test_parts_in_any_order_are_the_whole_run(order: tuple[str, ...], work: Path, whole: Path) -> None:
    run = merge(parts_of(work, *order))
    assert run.folder == work / whole.name, "beside the parts, under the name of the run"
    assert tree(run.folder) == tree(whole)
    assert list(json.loads((run.folder / "run.json").read_text("utf-8"))) == list(
        json.loads((whole / "run.json").read_text("utf-8"))
    )


def test_parts_of_several_sizes_are_the_whole_run(work: Path, whole: Path) -> None:
    assert tree(merge(parts_of(work, "4/4", "1/2", "3/4")).folder) == tree(whole)


def test_times_are_those_of_all_parts_together(work: Path) -> None:
    """Seconds of all machines; from the first beginning to the last end."""
    parts = parts_of(work, *THIRDS)
    rewrite(parts[1], lambda info: info["time"].update(started="2020-01-01T00:00:00Z"))
    rewrite(parts[0], lambda info: info["time"].update(finished="2040-01-01T00:00:00Z"))
    times = [run_json(part)["time"] for part in parts]
    found = merge(parts).info["time"]
    assert (found["started"], found["finished"]) == ("2020-01-01T00:00:00Z", "2040-01-01T00:00:00Z")
    for name in ("generating_s", "scoring_s"):
        assert found[name] == pytest.approx(sum(time[name] for time in times), abs=0.01)


def test_the_same_command_finds_the_run_as_made(work: Path, made: Path, tmp_path: Path) -> None:
    run = merge(parts_of(work, *THIRDS), tmp_path / "elsewhere")
    before = (run.folder / "run.json").read_bytes()
    done = command(*SAMPLE, f"results={tmp_path / 'elsewhere'}")
    assert done.exit_code == 0, done.output
    assert "there already, unchanged" in done.stderr
    assert (run.folder / "run.json").read_bytes() == before
    assert command("verify", run.folder).exit_code == 0


def test_merged_twice_is_merged_once(work: Path, whole: Path) -> None:
    for _ in range(2):
        run = merge(parts_of(work, *THIRDS))
        assert tree(run.folder) == tree(whole)
    names = {path.name for path in work.iterdir()}
    assert names == {run.folder.name, *(path.name for path in work.glob("*-part-*"))}, "and nothing else is left"


SYSTEMS = {
    "repeats": ("run", *CHEAP, "limit=4", "repeats=2"),
    "held apart": ("run", *CHEAP, "limit=5", "held_apart=1", "seed=3"),
    "two stages": ("run", "translator=copy", "metric=[facts]", "cache=null", "limit=4"),
    "one language": ("run", *CHEAP, "limit=4", "languages=[zh]"),
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_other_runs_come_together_too(name: str, tmp_path: Path) -> None:
    words = SYSTEMS[name]
    parts = [make(words, tmp_path / "parts", f"{number}/2") for number in (1, 2)]
    whole = make(words, tmp_path / "whole")
    assert tree(merge(parts[::-1]).folder) == tree(whole)


def test_an_article_that_has_one_language_only_comes_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some parts have no case of a language, and no table of it."""
    monkeypatch.chdir(tmp_path)
    found = articles(6)
    for item in found[:3]:
        del item["references"]["en"]
    del found[5]["references"]["zh"]
    furnish(found)
    words = ("run", *CHEAP, "corpus=jsonl", "corpus.path=news.jsonl")
    parts = [make(words, tmp_path / "parts", f"{number}/6") for number in range(1, 7)]
    assert tree(merge(parts).folder) == tree(make(words, tmp_path / "whole"))


@pytest.fixture
def incomplete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Path], Path]:
    """Parts of a run in which an output is missing, and the whole run."""
    monkeypatch.chdir(tmp_path)
    found = articles(5)
    furnish(found)
    texts = faithful(found)
    lines = [json.dumps({"id": case, "text": text}) for case, text in texts.items() if case != "item-003:zh"]
    Path("own.jsonl").write_text("\n".join(lines), "utf-8")
    words = ("score", "own.jsonl", "corpus=jsonl", "corpus.path=news.jsonl", "metric=[chrf,facts]")
    parts = [make(words, tmp_path / "parts", f"{number}/2") for number in (1, 2)]
    return parts, make(words, tmp_path / "whole")


def test_an_incomplete_part_makes_an_incomplete_run(incomplete: tuple[list[Path], Path]) -> None:
    parts, whole = incomplete
    run = merge(parts)
    assert (run.status, run.info["failures"]) == ("incomplete", 1)
    assert tree(run.folder) == tree(whole)


def test_calls_of_models_are_counted_once_though_two_parts_asked_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    texts = ["One.", "Two.", "One.", "Three."]
    furnish_models(
        tmp_path,
        [
            {"id": f"a{i}", "language": "en", "source": text, "references": {"en": "A.", "zh": "一。"}}
            for i, text in enumerate(texts)
        ],
    )
    with CountingServer() as server:
        words = one_run(server, "executor.shard=3")
        parts = [make([*words, f"cache=cache{i}"], tmp_path / "parts", f"{i}/2") for i in (1, 2)]
        whole = make([*words, "cache=cache3"], tmp_path / "whole")
    run = merge(parts)
    assert tree(run.folder) == tree(whole)
    assert set(run.info["time"]) == set(run_json(whole)["time"])


# articles that are there twice, or not at all


def refused(parts: Sequence[Path], kind: type[TercetError] = RunError) -> TercetError:
    """Merge, and give the error; nothing may be written."""
    before = {path.name for part in parts for path in part.parent.iterdir()}
    with pytest.raises(kind) as found:
        merge(parts)
    assert found.value.remedy
    assert {path.name for part in parts for path in part.parent.iterdir()} == before
    return found.value


def ids(whole: Path) -> list[str]:
    cases = [json.loads(line) for line in (whole / "cases.jsonl").read_text("utf-8").splitlines()]
    return list(dict.fromkeys(case["article"] for case in cases))


def test_parts_that_overlap_are_named_with_their_articles(work: Path, whole: Path) -> None:
    one, other = parts_of(work, "1/2", "2/3")  # the articles 0 to 2, and 2 to 3
    error = refused([other, *parts_of(work, "3/3"), one])
    assert error.problem == f"{one} and {other} both have 1 articles: {ids(whole)[2]}."
    assert error.remedy == "Leave out one of the two."


def test_a_part_that_is_named_twice_overlaps_itself(work: Path, whole: Path) -> None:
    (one,) = parts_of(work, "4/4")
    error = refused([one, *parts_of(work, "1/2", "3/4"), one])
    assert f"both have 2 articles: {', '.join(ids(whole)[5:7])}." in error.problem


def test_many_articles_are_named_by_the_first(work: Path, whole: Path) -> None:
    parts = parts_of(work, *THIRDS)
    rewrite(parts[0], lambda info: info["part"].update(stop=7))
    shutil.copy(whole / "cases.jsonl", parts[0] / "cases.jsonl")
    error = refused(parts[:2])
    assert error.problem.endswith(f"both have 2 articles: {', '.join(ids(whole)[2:4])}.")
    shutil.copy(whole / "cases.jsonl", parts[1] / "cases.jsonl")
    rewrite(parts[1], lambda info: info["part"].update(first=0, stop=7))
    assert f": {', '.join(ids(whole)[:3])}, and more." in refused(parts[:2]).problem


def test_overlap_is_named_where_articles_have_different_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = articles(4)
    for i, item in enumerate(found):
        del item["references"]["zh" if i % 2 else "en"]
    furnish(found)
    words = ("run", *CHEAP, "corpus=jsonl", "corpus.path=news.jsonl")
    parts = [make(words, tmp_path / "parts", part) for part in ("1/2", "1/4", "2/4", "2/2")]
    Path("news.jsonl").unlink()
    for twice, name in ((1, "item-000"), (2, "item-001")):
        assert f"both have 1 articles: {name}." in refused([parts[0], parts[twice], parts[3]]).problem


def test_overlap_of_articles_without_a_case_is_named_by_place(work: Path) -> None:
    """As where a route has nothing to do for them."""
    parts = parts_of(work, *THIRDS)
    rewrite(parts[0], lambda info: info["part"].update(stop=3))
    assert "both have 1 articles: article 3." in refused(parts).problem


def test_a_gap_that_no_such_part_fills_is_said(work: Path) -> None:
    parts = parts_of(work, *THIRDS)
    rewrite(parts[0], lambda info: info["part"].update(stop=1))
    error = refused(parts)
    assert error.remedy == "Make the missing parts too, cut otherwise than these."


@pytest.mark.parametrize(
    ("there", "count", "gap", "remedy"),
    [
        (("1/3", "3/3"), 2, [2, 3], "part=2/3"),
        (("2/3", "3/3"), 2, [0, 1], "part=1/3"),
        (("1/3", "2/3"), 3, [4, 5, 6], "part=3/3"),
        (("2/3",), 5, [0, 1], "part=1/3, part=3/3"),
        (("1/2",), 4, [3, 4, 5, 6], "part=2/2"),
        (("1/2", "4/4"), 2, [3, 4], "part=3/4"),
    ],
    ids=str,
)
def test_missing_articles_are_named(
    there: tuple[str, ...], count: int, gap: list[int], remedy: str, work: Path, whole: Path
) -> None:
    error = refused(parts_of(work, *there))
    named = ", ".join(ids(whole)[number] for number in gap[:3]) + (", and more" if len(gap) > 3 else "")
    assert error.problem == f"{count} of 7 articles are in no part: {named}."
    assert error.remedy == f"Make the missing parts too: {remedy}."


@pytest.mark.parametrize("corpus", ["gone", "changed", "failing"])
def test_where_the_corpus_is_not_at_hand_missing_articles_are_named_by_their_places(
    corpus: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    furnish(articles(6))
    words = ("run", *CHEAP, "corpus=jsonl", "corpus.path=news.jsonl")
    parts = [make(words, tmp_path / "parts", f"{number}/3") for number in (1, 3)]
    assert "2 of 6 articles are in no part: item-002, item-003." in refused(parts).problem
    Path("news.jsonl").unlink()
    if corpus == "changed":
        furnish(articles(5))
    if corpus == "failing":  # as a user's own class may, with any error
        monkeypatch.setattr(Jsonl, "stream", lambda _: 1 / 0)
    error = refused(parts)
    assert error.problem == "2 of 6 articles are in no part: article 3, article 4."
    assert error.remedy == "Make the missing parts too: part=2/3."


def test_articles_that_are_held_apart_are_not_missing(tmp_path: Path) -> None:
    words = SYSTEMS["held apart"]
    whole = make(words, tmp_path / "whole")
    parts = [make(words, tmp_path / "parts", f"{number}/5") for number in (1, 2, 4, 5)]
    held = run_json(whole)["corpus"]["held_apart"]
    assert len(held) == 2
    assert f"1 of 5 articles are in no part: {ids(whole)[2]}." in refused(parts).problem


# parts of other runs


@pytest.mark.parametrize(
    ("more", "named"),
    [
        (["seed=1"], "'config' differs in seed|'seed' differs"),
        (["metrics.chrf.beta=1"], "'config' differs in metrics"),
        (["summarizer=textrank"], "'config' differs in summarizer"),
        (["limit=6"], "'config' differs in limit"),
    ],
    ids=str,
)
def test_parts_of_another_run_are_refused(more: list[str], named: str, work: Path, tmp_path: Path) -> None:
    (one,) = parts_of(work, "1/3")
    other = make([*SAMPLE, *more], tmp_path / "other", "2/3")
    error = refused([one, other], NotComparableError)
    assert f"{other} is of another run than {one}" in error.problem
    assert any(words in error.problem for words in named.split("|")), error.problem
    assert error.exit_code == 3


OTHERS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "versions": (lambda info: info["versions"].update(numpy="0"), "'versions' differs in numpy"),
    "corpus": (lambda info: info["corpus"].update(hash="0"), "'corpus' differs in hash"),
    "seed": (lambda info: info.update(seed=9), "'seed' differs"),
    "repeats": (lambda info: info.update(repeats=9), "'repeats' differs"),
    "choices": (lambda info: info["choices"].update(route="x"), "'choices' differs in route"),
    "system": (lambda info: info.update(system="x"), "'system' differs"),
    "code": (lambda info: info.update(fingerprint="0"), "made with other code or packages"),
    "run": (lambda info: info["part"].update(run="x"), "'part.run' differs"),
    "size": (lambda info: info["part"].update(articles=70), "'part.articles' differs"),
    "languages": (lambda info: info["part"].update(languages=["en"]), "'part.languages' differs"),
    "gone": (lambda info: info["versions"].pop("numpy"), "'versions' differs in numpy"),
}


@pytest.mark.parametrize("what", OTHERS)
def test_parts_that_were_made_otherwise_are_refused(what: str, work: Path) -> None:
    change, named = OTHERS[what]
    parts = parts_of(work, *THIRDS)
    rewrite(parts[1], change)
    error = refused(parts, NotComparableError)
    assert error.problem == f"{parts[1]} is of another run than {parts[0]}: {named}."


# parts that are none, or are damaged


def test_a_whole_run_is_no_part(work: Path, whole: Path) -> None:
    error = refused([*parts_of(work, "1/3"), whole], ConfigError)
    assert error.problem == f"{whole} is no part of a run."
    assert "part=1/8" in error.remedy


def test_a_merged_run_is_no_part(work: Path) -> None:
    run = merge(parts_of(work, *THIRDS))
    refused([run.folder, *parts_of(work, "1/3")], ConfigError)


def test_nothing_is_no_run() -> None:
    with pytest.raises(ConfigError, match="No part is named"):
        merge([])


def test_what_is_no_run_and_what_did_not_finish_is_refused(work: Path, tmp_path: Path) -> None:
    one, other, _ = parts_of(work, *THIRDS)
    (tmp_path / "empty").mkdir()
    assert "no run" in refused([one, tmp_path / "empty"]).problem
    rewrite(other, lambda info: info.update(status="running"))
    assert "did not finish" in refused([one, other]).problem


@pytest.mark.parametrize("name", ["cases.jsonl", "outputs.jsonl", "scores.parquet", "evidence.jsonl", "sums.zip"])
@pytest.mark.parametrize("how", ["changed", "cut short", "missing"])
def test_a_file_that_is_not_what_it_was_is_named(name: str, how: str, work: Path) -> None:
    parts = parts_of(work, *THIRDS)
    file = parts[1] / name
    data = file.read_bytes()
    if how == "missing":
        file.unlink()
    else:
        file.write_bytes(data + b"\n" if how == "changed" else data[:-3])
    error = refused(parts)
    assert name in error.problem
    assert str(parts[1]) in error.problem


@pytest.mark.parametrize(
    "change",
    [
        lambda info: info["part"].pop("first"),
        lambda info: info["part"].update(stop="x"),
        lambda info: info["part"].update(first=None),
        lambda info: info["part"].pop("languages"),
        lambda info: info.update(part=[1, 2]),
        lambda info: info.pop("config"),
        lambda info: info.pop("time"),
        lambda info: info.pop("files"),
    ],
    ids=["first", "stop", "null", "languages", "list", "config", "time", "files"],
)
def test_a_run_json_that_lacks_something_is_an_error(change: Callable[[dict[str, Any]], object], work: Path) -> None:
    parts = parts_of(work, *THIRDS)
    for part in parts:
        rewrite(part, change)
    refused(parts, TercetError)


def test_a_metric_that_cannot_be_built_here_is_an_error(work: Path) -> None:
    parts = parts_of(work, *THIRDS)
    for part in parts:
        rewrite(part, lambda info: info["config"]["metrics"]["chrf"].update(_target_="nowhere.Metric"))
    assert "names the class 'nowhere.Metric'" in refused(parts, ConfigError).problem


# a merge that is cut short

KILLER = """
import os, signal, sys
from pathlib import Path
import shutil
import tercet.store
from tercet.cli import main

left = int(sys.argv.pop(1))

def counted(function):
    def call(*args, **kwargs):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)
    return call

for owner, name in ((tercet.store, "_write_json"), (tercet.store, "_write_bytes_of"), (tercet.store, "_write_scores"),
                    (tercet.store, "_sync"), (Path, "rename"), (Path, "mkdir"), (Path, "unlink"), (shutil, "rmtree")):
    setattr(owner, name, counted(getattr(owner, name)))
main(sys.argv[1:], standalone_mode=False)
"""


def killed(work: Path, point: int) -> int:
    parts = map(str, parts_of(work, *THIRDS))
    done = subprocess.run(
        [sys.executable, "-c", KILLER, str(point), "merge", *parts], capture_output=True, check=False, timeout=60
    )
    return done.returncode


@pytest.mark.parametrize("point", [2, 8, 14, 17, 18])
def test_a_kill_leaves_the_old_run_and_the_next_merge_ends_it(point: int, work: Path, whole: Path) -> None:
    run = merge(parts_of(work, *THIRDS))
    rewrite(run.folder, lambda info: info.update(old=True))
    old = tree(run.folder)
    assert killed(work, point) == -signal.SIGKILL
    if run.folder.exists():  # between the renames it is named .old, and put back by the next attempt
        found = {name: what for name, what in tree(run.folder).items() if name != "lock"}  # which goes last of all
        assert found in (old, tree(whole))
    assert tree(merge(parts_of(work, *THIRDS)).folder) == tree(whole)
    assert not [path for path in work.iterdir() if path.suffix in {".partial", ".old"}]


def test_what_fails_leaves_the_old_run(work: Path, whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = merge(parts_of(work, *THIRDS))
    rewrite(run.folder, lambda info: info.update(old=True))
    old = tree(run.folder)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("tercet.store._write_scores", full)
        with pytest.raises(RunError, match="No space left on device"):
            merge(parts_of(work, *THIRDS))
    assert tree(run.folder) == old
    assert load_run(run.folder).status == "complete"
    assert tree(merge(parts_of(work, *THIRDS)).folder) == tree(whole)


def test_a_run_that_was_killed_elsewhere_is_no_hindrance(work: Path, whole: Path) -> None:
    """An attempt at the whole run left its pieces where the merge writes."""
    partial = work / f"{whole.name}.partial"
    (partial / "pieces").mkdir(parents=True)
    (partial / "pieces" / "x.zip").write_bytes(b"x")
    (partial / "run.json").write_text('{"status": "running"}')
    run = merge(parts_of(work, *THIRDS))
    assert tree(run.folder) == tree(whole)
    assert not partial.exists()
