"""A run that is killed anywhere, and repeated, ends with the same files."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = ["run", "-m", "limit=2", "summarizer=lead,textrank", "translator=copy", "metric=[chrf,shape]", "name=sweep"]

# Kills itself with SIGKILL at the n-th thing that touches the disk: cache, files, renames, removals.
KILLER = """
import os, shutil, signal, sys
from pathlib import Path
import tercet.cache, tercet.store
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

for owner, name in ((tercet.cache.Cache, "store"), (tercet.store, "_write_json"), (tercet.store, "_write_bytes"),
                    (tercet.store, "_write_bytes_of"), (tercet.store, "_write_scores"), (tercet.store, "_sync"),
                    (Path, "rename"), (Path, "mkdir"), (Path, "unlink"), (shutil, "rmtree"), (Path, "write_text")):
    setattr(owner, name, counted(getattr(owner, name)))
try:
    main(sys.argv[1:], standalone_mode=False)
finally:
    print("LEFT", left)
"""


def tree(folder: Path) -> dict[str, object]:
    """Every file's bytes; of JSON everything but the times."""
    found: dict[str, object] = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        data: object = file.read_bytes()
        if file.name == "run.json":
            record = json.loads(file.read_text("utf-8"))
            assert set(record.pop("time")) == {"started", "finished", "generating_s", "scoring_s"}
            data = record
        found[file.relative_to(folder).as_posix()] = data
    return found


def tercet(work: Path, *words: str, killer: int | None = None) -> subprocess.CompletedProcess[str]:
    start = ["-m", "tercet"] if killer is None else ["-c", KILLER, str(killer)]
    return subprocess.run(
        [sys.executable, *start, *words], cwd=work, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What the command writes when nothing disturbs it."""
    work = tmp_path_factory.mktemp("whole")
    done = tercet(work, *COMMAND)
    assert done.returncode == 0, done.stderr
    return tree(work / "results")


def test_killed_at_every_single_point_and_repeated(whole: dict[str, object], tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    counted = tercet(work, *COMMAND, killer=10**6)
    points = 10**6 - int(counted.stdout.rpartition("LEFT ")[2])
    assert points > 30
    assert tree(work / "results") == whole
    # Each kill falls on what the last one left; `fresh` makes every run be written, and replaced, again.
    for point in random.Random(0).sample(range(1, points + 6), 12):
        tercet(work, *COMMAND, "fresh=true", killer=point)
    done = tercet(work, *COMMAND)
    assert done.returncode == 0, done.stderr
    assert tree(work / "results") == whole


@pytest.mark.parametrize("seed", range(2))
def test_killed_at_random_times_from_nothing(whole: dict[str, object], tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-m", "tercet", *COMMAND],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(rng.uniform(0.2, 1.1))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    done = tercet(tmp_path, *COMMAND)
    assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "results") == whole


def test_a_killed_run_says_so_and_is_resumed(tmp_path: Path) -> None:
    command = ["run", "limit=2", "translator=copy", "metric=[chrf]"]
    for point in range(1, 40):  # on to the first kill that falls into the run itself
        assert tercet(tmp_path, *command, killer=point).returncode == -signal.SIGKILL
        if list((tmp_path / "results").glob("*.partial/run.json")):
            break
    (partial,) = (tmp_path / "results").glob("*.partial")
    assert json.loads((partial / "run.json").read_text("utf-8"))["status"] == "running"
    shown = tercet(tmp_path, "show", str(partial))
    assert shown.returncode == 2
    assert "did not finish" in shown.stderr
    assert "Repeat the command to resume it." in shown.stderr
    again = tercet(tmp_path, *command)
    assert again.returncode == 0, again.stderr
    assert "resumed: the last attempt did not finish" in again.stderr
    assert not list((tmp_path / "results").glob("*.partial"))


def test_two_processes_making_the_same_runs_disturb_nothing(whole: dict[str, object], tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tercet", *COMMAND, "fresh=true"],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    assert tree(tmp_path / "results") == whole


def test_the_hash_seed_changes_nothing(whole: dict[str, object], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tercet", *COMMAND],
        cwd=tmp_path,
        env={**os.environ, "PYTHONHASHSEED": "12345"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "results") == whole


def test_in_a_repository_that_tracks_no_results_a_repeated_run_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("one\n", "utf-8")
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "notes.txt"], [*who, "commit", "-qm", "Begin"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)
    trees = []
    for note in ("one\n", "one\n", "two\n"):
        (tmp_path / "notes.txt").write_text(note, "utf-8")
        assert tercet(tmp_path, "run", "limit=1", "translator=copy", "metric=[chrf]", "fresh=true").returncode == 0
        trees.append(tree(tmp_path / "results"))
    assert trees[0] == trees[1], "the first run's own files make nothing dirty"
    (name,) = [name for name in trees[0] if name.endswith("run.json")]
    assert [found[name]["git"]["dirty"] for found in trees] == [False, False, True]  # type: ignore[index]
