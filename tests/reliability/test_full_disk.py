"""A full disk, at each place that writes: an error that names the place, nothing half, and the next command goes on.

The limit on the size of a file stands for the disk: it is refused in the middle of a write, as by a full one.
"""

import errno
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import Result

from tercet.cache import Cache
from tercet.encoders.pairs import Kept
from tercet.errors import RunError
from tercet.runs import load_run
from tercet.sqlite import advice
from tests.blessed_runs import files
from tests.reliability.conftest import OWN, RUN, Limit, refused

Call = Callable[..., Result]
COMMANDS = {
    "run": (*RUN, *OWN, "cache=null"),
    "score": ("score", "base-at.jsonl", *OWN, "metric=[shape]", "executor.workers=1", "cache=null"),
    "csv": ("report", "base", "cand", "--format", "csv", "-o", "new/x.csv"),
    "json": ("report", "base", "cand", "--format", "json", "-o", "new/x.json"),
    "bless": ("bless", "base", "--to", "new/b", "--why", "x", "--by", "me"),
    "init": ("init", "new"),
}


@pytest.mark.parametrize("most", [0, 200])
@pytest.mark.parametrize("name", COMMANDS)
def test_it_is_an_error_and_the_next_command_goes_on(
    name: str, most: int, work: Path, tercet: Call, limited: Limit
) -> None:
    before = files(work)
    with limited(most):
        done = tercet(*COMMANDS[name])
    refused(done, "File too large", "free some space" if name in {"csv", "json"} else "Free some space")
    left = {path for path in files(work).keys() - before.keys() if not path.startswith(".tercet")}
    assert not [path for path in left if ".partial/" not in path], "nothing half looks whole"
    assert {path: files(work)[path] for path in before} == before
    again = tercet(*COMMANDS[name])
    assert again.exit_code in {0, 4}, again.output  # 4: outputs of one language were left out
    assert not list(work.glob("**/*.partial"))


@pytest.mark.parametrize("most", [40, 1_000, 2_500, 5_000])
def test_a_run_whose_disk_fills_later_and_later_is_whole_or_is_none(
    most: int, work: Path, tercet: Call, limited: Limit
) -> None:
    with limited(most):
        done = tercet(*COMMANDS["run"])
    refused(done)
    (partial,) = Path("results").iterdir()
    assert partial.suffix == ".partial"
    with pytest.raises(RunError):
        load_run(partial)
    assert tercet(*COMMANDS["run"]).exit_code == 0
    assert load_run(partial.with_suffix("")).status == "complete"


@pytest.mark.parametrize("most", [0, 20_000])
def test_the_cache_is_kept_and_not_to_be_deleted(most: int, work: Path, tercet: Call, limited: Limit) -> None:
    with limited(most):
        done = tercet(*RUN, *OWN, "cache=mine.sqlite")
    refused(done, "The cache mine.sqlite cannot be used", "what the file holds is kept")
    assert "Delete" not in done.output
    assert tercet(*RUN, *OWN, "cache=mine.sqlite").exit_code == 0
    with sqlite3.connect("mine.sqlite") as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
    db.close()


def test_a_gate_writes_no_half_verdict(work: Path, tercet: Call, limited: Limit) -> None:
    words = ("gate", "--baseline", "base", "--candidate", "cand", "--json", "g.json")
    tercet(*words)
    before = Path("g.json").read_bytes()
    with limited(50):
        refused(tercet(*words), "g.json: cannot be written", "--json FILE")
    assert Path("g.json").read_bytes() == before
    assert json.loads(before)
    assert not list(work.glob(".g.json*"))


def test_a_start_that_fails_leaves_what_was_there(tmp_path: Path, tercet: Call, limited: Limit) -> None:
    Path("new").mkdir()
    Path("new/mine.txt").write_text("mine", "utf-8")
    with limited(1_000):
        refused(tercet("init", "new"), "Nothing is left of it")
    assert files(Path("new")) == {"mine.txt": b"mine"}
    assert tercet("init", "new").exit_code == 0


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (sqlite3.SQLITE_FULL, "Free some space"),
        (sqlite3.SQLITE_IOERR_WRITE, "Free some space"),
        (sqlite3.SQLITE_BUSY, "nobody else holds it"),
        (sqlite3.SQLITE_CORRUPT, "Delete the file"),
        (sqlite3.SQLITE_NOTADB, "Delete the file"),
        (sqlite3.SQLITE_ERROR, "Another version of tercet"),
        (sqlite3.SQLITE_CANTOPEN, "a folder that may be written"),
        (sqlite3.SQLITE_READONLY, "a folder that may be written"),
    ],
)
def test_only_a_damaged_cache_is_worth_deleting(code: int, said: str) -> None:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    assert said in advice(error)
    assert ("Delete" in advice(error)) == (said == "Delete the file")
    assert "set the metric's cache=FILE, or cache=null" in advice(error, "the metric's cache")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_whatever_says_that_there_is_no_space_is_advised_alike(code: int) -> None:
    assert advice(OSError(code, "x")).startswith("Free some space")


class Pair(NamedTuple):
    score: float


def test_a_reply_and_a_metrics_row_that_cannot_be_kept_are_told_alike(tmp_path: Path, limited: Limit) -> None:
    with limited(0), pytest.raises(RunError) as found, Cache(tmp_path / "replies.sqlite"):
        pass
    assert found.value.remedy.startswith("Free some space")
    with limited(0), pytest.raises(RunError) as other:
        Kept(tmp_path / "pairs.sqlite", 10, Pair).store({b"a": Pair(score=0.5)})
    assert other.value.remedy == found.value.remedy.replace("set cache", "set the metric's cache")
