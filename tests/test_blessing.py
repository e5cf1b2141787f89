"""Baselines: what is kept, what is refused, and that nothing is lost, whatever happens meanwhile."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tercet import blessing, store
from tercet.blessing import Blessed, Change, author, bless
from tercet.comparing.facts import changed, false_facts
from tercet.comparing.tables import contents
from tercet.errors import ConfigError, IncompleteError, RunError, TercetError
from tercet.runs import check_whole, load_run
from tests.blessed_runs import Info, change_lines, change_rows, files, rehash, rewrite, run_json

ANN = Blessed(by="Ann", why="the first one")
BOB = Blessed(by="Bob", why="shorter", outputs=True)
KEPT = {"run.json", "cases.jsonl", "scores.parquet", "evidence.jsonl", ".gitattributes"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs over one corpus."""
    from click.testing import CliRunner

    from tercet.cli import main

    results = tmp_path_factory.mktemp("made") / "results"
    words = ["run", "-m", "summarizer=lead,textrank", "limit=3", "metric=[chrf,facts,shape]"]
    done = CliRunner().invoke(main, [*words, f"results={results}", "cache=null"])
    assert done.exit_code == 0, done.output
    return results


@pytest.fixture
def run(made: Path, tmp_path: Path) -> Path:
    """A run to bless, of a name that can be known."""
    return Path(shutil.copytree(next(made.glob("lead-*")), tmp_path / "results" / "lead"))


@pytest.fixture
def other(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(next(made.glob("textrank-*")), tmp_path / "results" / "textrank"))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "baselines" / "default"


def test_a_baseline_is_the_run_without_outputs_and_says_who_blessed_it(run: Path, place: Path) -> None:
    done = bless(run, place, ANN)
    assert set(files(place)) == KEPT
    found = load_run(place)
    check_whole(found)
    said = found.info["blessed"]
    assert (said["by"], said["why"], said["from"], said["outputs"]) == ("Ann", "the first one", "lead", False)
    assert {key: value for key, value in found.info.items() if key not in {"blessed", "files"}} == {
        key: value for key, value in run_json(run).items() if key != "files"
    }
    assert found.outputs == ()
    assert found.scores == load_run(run).scores
    for name in ("cases.jsonl", "scores.parquet"):
        assert (place / name).read_bytes() == (run / name).read_bytes()
    assert (place / ".gitattributes").read_bytes() == b"* -text\n", "no line end is changed by git"
    assert done.older is None
    assert done.changes == ()
    assert sum(done.sizes.values()) < sum(file.stat().st_size for file in run.iterdir())


def test_what_a_comparison_reads_is_the_same(run: Path, place: Path) -> None:
    bless(run, place, ANN)
    one, other = contents(load_run(run)), contents(load_run(place))
    assert one.cases == other.cases
    assert one.tables.keys() == other.tables.keys()
    for key, table in one.tables.items():
        assert table.rows.values.tobytes() == other.tables[key].rows.values.tobytes()
        assert table.signature == other.tables[key].signature
    kinds = ["contradicted", "malformed", "not_found"]
    before, after = false_facts(one.run, kinds=kinds), false_facts(other.run, kinds=kinds)
    assert before
    assert changed(before, after, one.cases) == changed(after, before, one.cases) == {}


def test_the_evidence_of_facts_is_kept_and_the_hash_is_of_what_is_kept(run: Path, place: Path) -> None:
    item = {"id": "x", "metric": "judge", "kind": "contradicted", "message": "a\u2028b", "start": None, "end": None}
    change_lines(run, "evidence.jsonl", lambda items: items.insert(1, item))
    bless(run, place, ANN)
    check_whole(load_run(place))
    lines = (place / "evidence.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["metric"] for line in lines} == {"facts"}
    bless(run, place, BOB)
    assert (place / "evidence.jsonl").read_bytes() == (run / "evidence.jsonl").read_bytes()


def test_with_outputs_everything_is_kept(run: Path, place: Path) -> None:
    bless(run, place, BOB)
    assert set(files(place)) == KEPT | {"outputs.jsonl"}
    assert load_run(place).outputs == load_run(run).outputs
    bless(run, place, ANN)
    assert "outputs.jsonl" not in files(place), "and left out again"


def test_the_bytes_depend_on_nothing_but_the_run(run: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bless(run, place, ANN)
    monkeypatch.setattr(blessing, "now", lambda: "2030-01-02T03:04:05Z")
    second = place.with_name("second")
    bless(run, second, ANN)
    one, two = files(place), files(second)
    whens = [json.loads(found.pop("run.json"))["blessed"].pop("when") for found in (one, two)]
    assert one == two
    assert whens[1] == "2030-01-02T03:04:05Z"
    text = (second / "run.json").read_text("utf-8").replace(whens[1], whens[0])
    assert text == (place / "run.json").read_text("utf-8")
    assert str(place.parents[1]) not in text, "no path of this machine"


def test_an_older_baseline_is_replaced_and_the_changes_are_known(run: Path, other: Path, place: Path) -> None:
    bless(run, place, ANN)
    done = bless(other, place, BOB)
    assert done.older is not None
    assert done.older["blessed"]["why"] == "the first one"
    before, after = load_run(run).scores, load_run(other).scores
    assert {(item.language, item.score) for item in done.changes} == {
        (code, name) for code in before for name in before[code] if before[code][name] != after[code][name]
    }
    for item in done.changes:
        assert (item.before, item.after) == (before[item.language][item.score], after[item.language][item.score])
    assert len(done.changes) + done.unchanged == len(done.run.info["scores"])
    assert [folder.name for folder in place.parent.iterdir()] == ["default"], "nothing lies beside it"


def test_scores_that_come_and_go_and_signatures_that_changed_are_changes(run: Path, place: Path) -> None:
    bless(run, place, ANN)

    def change(info: Info) -> None:
        info["scores"] = [item for item in info["scores"] if item["score"] != "chrf" or item["language"] != "en"]
        info["scores"].append({"metric": "m", "score": "s", "language": "en", "value": 0.5, "decimals": 1})
        signature = info["signatures"]["chrf"]["zh"]
        info["signatures"]["chrf"]["zh"] = signature.replace("|beta:2|", "|beta:3|")

    rewrite(place, change)
    done = bless(run, place, ANN)
    value = load_run(run).scores["en"]["chrf"]
    by_key = {(item.score, item.language): item for item in done.changes}
    assert by_key["chrf", "en"].before is None
    assert by_key["chrf", "en"].after == value
    assert by_key["s", "en"] == Change(metric="m", score="s", language="en", before=0.5, after=None, decimals=1)
    assert by_key["chrf", "zh"].otherwise == ("beta: 3 against 2",)
    assert len(by_key) == 3


def failed(folder: Path) -> None:
    rewrite(folder, lambda info: info.update(status="incomplete", failures=1))


def passing(folder: Path) -> None:
    rewrite(folder, lambda info: info["scores"][0]["reasons"].update({"not now: the server is down": 1}))


def nothing(folder: Path) -> None:
    """Take every row away, and the scores with them."""
    reason = "there is no reference in this language"

    def unscore(rows: list[Info]) -> None:
        for row in rows:
            row.update(unscored=reason, statistics=None, scores=None, gaps=None)

    change_rows(folder, unscore)

    def change(info: Info) -> None:
        for item in info["scores"]:
            item.update(value=None, interval=None, scored=0, reasons={reason: item["total"]})

    rewrite(folder, change)


def damaged(folder: Path) -> None:
    (folder / "evidence.jsonl").write_text("{}\n", "utf-8")
    rehash(folder)


REFUSED: dict[str, tuple[Callable[[Path], object], type[TercetError], str]] = {
    "a failure": (failed, IncompleteError, "outputs failed"),
    "a server that was down": (passing, IncompleteError, "not now: the server is down"),
    "nothing scored": (nothing, IncompleteError, "nothing is scored"),
    "a changed output": (
        lambda f: (f / "outputs.jsonl").write_text((f / "outputs.jsonl").read_text("utf-8") + "\n", "utf-8"),
        RunError,
        "changed since",
    ),
    "a missing file": (lambda f: (f / "cases.jsonl").unlink(), RunError, "is missing"),
    "a damaged line": (damaged, RunError, "damaged"),
    "a changed score": (
        lambda f: rewrite(f, lambda info: info["scores"][0].update(value=99.0)),
        RunError,
        "is not what its rows come to",
    ),
    "a run that was killed": (
        lambda f: rewrite(f, lambda info: info.update(status="running")),
        RunError,
        "did not finish",
    ),
    "no run": (lambda f: (f / "run.json").unlink(), RunError, "no run"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_run_that_nobody_should_be_measured_by_is_refused(name: str, run: Path, other: Path, place: Path) -> None:
    bless(other, place, ANN)
    before = files(place)
    spoil, kind, words = REFUSED[name]
    spoil(run)
    with pytest.raises(kind, match=words) as error:
        bless(run, place, BOB)
    assert error.value.remedy
    assert files(place.parent) == {f"default/{file}": data for file, data in before.items()}


@pytest.mark.parametrize("spoil", [failed, passing])
def test_what_is_missing_can_be_put_up_with_on_purpose(spoil: Callable[[Path], object], run: Path, place: Path) -> None:
    spoil(run)
    bless(run, place, ANN, force=True)
    assert load_run(place).info["blessed"]["by"] == "Ann"


@pytest.mark.parametrize("name", ["nothing scored", "a changed output", "a changed score"])
def test_what_is_wrong_cannot(name: str, run: Path, place: Path) -> None:
    REFUSED[name][0](run)
    with pytest.raises(TercetError):
        bless(run, place, ANN, force=True)
    assert not place.exists()


def test_a_baseline_is_not_blessed_again(run: Path, place: Path) -> None:
    bless(run, place, ANN)
    with pytest.raises(ConfigError, match="a baseline already, blessed by Ann"):
        bless(place, place.with_name("second"), BOB)


def keep_notes(place: Path) -> None:
    (place / "notes.txt").write_text("mine")


def keep_a_run(place: Path) -> None:
    rewrite(place, lambda info: info.pop("blessed"))


def keep_a_conflict(place: Path) -> None:
    (place / "run.json").write_text("<<<<<<< HEAD\n{}\n")


def keep_photographs(place: Path) -> None:
    shutil.rmtree(place)
    place.mkdir()
    (place / "cat.png").write_bytes(b"\x89PNG")


def be_a_file(place: Path) -> None:
    shutil.rmtree(place)
    place.write_text("mine")


@pytest.mark.parametrize("spoil", [keep_notes, keep_a_run, keep_a_conflict, keep_photographs, be_a_file])
def test_what_is_no_baseline_is_never_replaced(spoil: Callable[[Path], object], run: Path, place: Path) -> None:
    bless(run, place, ANN)
    spoil(place)
    before = files(place.parent)
    with pytest.raises(ConfigError) as error:
        bless(run, place, BOB, force=True)
    assert error.value.remedy
    assert files(place.parent) == before


def test_what_others_keep_beside_a_baseline_stays(run: Path, place: Path) -> None:
    bless(run, place, ANN)
    for ending in (".old", ".partial"):
        shutil.copytree(place, place.with_name(f"default{ending}"))
    bless(run, place, BOB)
    assert {folder.name for folder in place.parent.iterdir()} == {"default", "default.old", "default.partial"}
    assert run_json(place.with_name("default.old"))["blessed"]["by"] == "Ann"


def test_an_empty_folder_and_the_target_of_a_link_are_filled(run: Path, place: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.mkdir()
    place.parent.mkdir()
    place.symlink_to(target)
    for blessed in (ANN, BOB):
        bless(run, place, blessed)
        assert place.is_symlink()
        assert run_json(target)["blessed"]["by"] == blessed.by


@pytest.mark.parametrize("step", range(6))
def test_a_full_disk_leaves_the_old_one(
    step: int, run: Path, other: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bless(run, place, ANN)
    before = files(place.parent)
    synced: list[int] = []

    def full(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) > step:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_sync", full)
    with pytest.raises(RunError, match="No space left on device") as error:
        bless(other, place, BOB)
    assert error.value.remedy == "Free some space, or name another folder with --to."
    assert files(place.parent) == before
    monkeypatch.undo()
    bless(other, place, BOB)
    assert run_json(place)["blessed"]["by"] == "Bob"


def test_a_run_that_changes_while_it_is_copied_is_an_error(
    run: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blessing, "_check", lambda *_, **__: (run / "cases.jsonl").write_text("{}\n"))
    with pytest.raises(RunError, match="changed while it was copied"):
        bless(run, place, ANN)
    assert not place.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_at_any_step_the_old_one_or_the_new_one_is_whole(run: Path, other: Path, place: Path) -> None:
    """A process dies before the first, second, ... change to the disk; whatever it left, the next one goes on."""
    states = []
    for step in range(100):
        bless(run, place, ANN)
        status = killed(other, place, step)
        shelved = place.with_name(".default.old")
        there = place if place.exists() else shelved
        check_whole(load_run(there))
        states.append((run_json(there)["blessed"]["by"], there == place))
        bless(run, place, ANN)
        assert [folder.name for folder in place.parent.iterdir()] == ["default"]
        if status == 0:
            break
        assert status == -signal.SIGKILL
    assert status == 0
    names = [name for name, _ in states]
    assert names == sorted(names), "first always the old one, then always the new one"
    assert names[0] == "Ann"
    assert names[-2:] == ["Bob", "Bob"]
    assert [there for _, there in states].count(False) <= 1, "out of its place between two renames only"


def killed(source: Path, place: Path, step: int) -> int:
    """Bless in a process that dies before it changes the disk once more than ``step`` times; its status."""
    child = os.fork()
    if child == 0:
        try:
            blessing._check = lambda *_, **__: None  # it changes nothing on the disk, and loads much
            die_after(step, str(place.parent))
            bless(source, place, BOB)
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die_after(step: int, below: str) -> None:
    """Let this process kill itself when it is about to change files below a folder for the nth time."""
    count = 0

    def watch(event: str, words: tuple[object, ...]) -> None:
        nonlocal count
        if event in {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"} and str(words[0]).startswith(below):
            count += 1
            if count > step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def test_the_author_is_gits_else_the_login(monkeypatch: pytest.MonkeyPatch) -> None:
    def git(name: str) -> Callable[..., Any]:
        return lambda *words, **_: subprocess.CompletedProcess(words, 0, stdout=f"{name}\n")

    monkeypatch.setattr(subprocess, "run", git("Ann Li"))
    assert author() == "Ann Li"
    monkeypatch.setenv("LOGNAME", "ann")
    monkeypatch.setattr(subprocess, "run", git(""))
    assert author() == "ann"

    def absent(*_: object, **__: object) -> None:
        raise FileNotFoundError("git")

    monkeypatch.setattr(subprocess, "run", absent)
    assert author() == "ann"

    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    with pytest.raises(ConfigError, match="not known who") as error:
        author()
    assert error.value.remedy == "Add --by NAME."


def test_what_binds_a_baseline_to_this_machine_is_noted(run: Path, place: Path) -> None:
    def change(info: Info) -> None:
        info["git"] = {"commit": "a" * 40, "dirty": True}
        info["config"]["corpus"]["path"] = str(run)
        info["config"]["summarizer"].update(path="results/relative", text="/" + 5000 * "a")
        info["config"]["translator"]["paths"] = ["/no/such/place", {"a": [str(run / "run.json")]}]

    rewrite(run, change)
    notes = bless(run, place, ANN).notes
    assert len(notes) == 3
    assert "commit them with the baseline" in notes[0]
    assert [note.partition(" ")[0] for note in notes[1:]] == ["corpus.path", "translator.paths.a"]
