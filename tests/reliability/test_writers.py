"""Several processes that write the same: each waits its turn, nothing is mixed, and what is read is whole."""

import json
import os
import sqlite3
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tercet import blessing, store
from tercet.blessing import Blessed, bless
from tercet.cache import Cache
from tercet.errors import RunError
from tercet.runs import check_whole, load_run
from tercet.store import LOCK, replacing, writing
from tests.blessed_runs import files
from tests.reliability.conftest import OWN, RUN

Call = Callable[..., Result]
WRITERS, ROUNDS = 3, 12
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")


def at_once(work: Callable[[int], object], count: int = WRITERS) -> None:
    """Do something in several processes at once; each must end well."""
    children = []
    for number in range(count):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                work(number)
                code = 0
            except BaseException:  # noqa: BLE001 (the process ends here, whatever it is)
                traceback.print_exc()
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * count


def test_processes_that_write_one_folder_do_so_one_after_another(tmp_path: Path) -> None:
    place = tmp_path / "run"

    def write(number: int) -> None:
        for turn in range(ROUNDS):
            with writing(place, {}) as partial:
                for name in ("cases.jsonl", "outputs.jsonl"):
                    (partial / name).write_text(f"{number} {turn}", "utf-8")

    at_once(write)
    found = files(place)
    assert found["cases.jsonl"] == found["outputs.jsonl"]
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert LOCK not in found


def test_processes_that_bless_one_baseline_leave_one_that_is_whole(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blessing, "_check", lambda *_, **__: None)  # which reads for long, and writes nothing

    def write(number: int) -> None:
        for turn in range(ROUNDS):
            done = bless(Path(("base", "cand")[(number + turn) % 2]), Path("b"), Blessed(by=str(number), why="x"))
            assert "run.json" in done.sizes
            assert LOCK not in done.sizes

    at_once(write)
    check_whole(load_run(Path("b")))
    assert not [path for path in work.iterdir() if path.name.startswith(".b.")]


def test_the_lock_is_there_until_the_folder_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else another process would take the folder for its own while it is renamed."""
    real, seen = Path.rename, []

    def rename(self: Path, target: Path) -> Path:
        if self.is_dir():
            seen.append((self / LOCK).exists())
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    for lent in (writing(tmp_path / "run", {}), replacing(tmp_path / "baseline")):
        with lent as partial:
            (partial / "run.json").write_text("{}", "utf-8")
    assert seen == [True, True]
    assert not list(tmp_path.rglob(LOCK))


def test_what_a_killed_process_left_of_its_lock_is_part_of_a_baseline(work: Path) -> None:
    by = Blessed(by="me", why="x")
    bless(Path("base"), Path("b"), by)
    Path("b", LOCK).touch()
    bless(Path("cand"), Path("b"), by)
    assert LOCK not in files(Path("b"))


def test_a_folder_that_another_process_removes_as_well_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        with writing(tmp_path / "run", {}):
            pass
        real = store._remove

        def remove(old: Path, real: Callable[[Path], None] = real) -> None:
            real(old)
            real(old)

        monkeypatch.setattr(store, "_remove", remove)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_the_same_command_twice_at_once_makes_one_run(work: Path, tercet: Call) -> None:
    tercet(*RUN, *OWN, "results=first", "cache=c.sqlite")  # what is imported is not imported in each

    def run(_: int) -> None:
        assert tercet(*RUN, *OWN, "results=same", "cache=c.sqlite").exit_code == 0

    at_once(run, 2)
    (folder,) = Path("same").iterdir()
    check_whole(load_run(folder))
    with sqlite3.connect("c.sqlite") as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
    db.close()


def test_who_reads_while_others_bless_reads_one_baseline_or_is_told(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader takes no lock: it may meet the moment between two baselines, and says so."""
    monkeypatch.setattr(blessing, "_check", lambda *_, **__: None)
    by = Blessed(by="me", why="x")
    bless(Path("base"), Path("b"), by)
    systems = {json.loads(Path(name, "run.json").read_text("utf-8"))["cases_hash"] for name in ("base", "cand")}

    def work_at(number: int) -> None:
        for turn in range(ROUNDS):
            if number == 0:
                bless(Path(("base", "cand")[turn % 2]), Path("b"), by)
                continue
            try:
                run = load_run(Path("b"))
                check_whole(run)
            except RunError:
                continue
            assert run.info["cases_hash"] in systems

    at_once(work_at)


def test_processes_that_fill_one_cache_lose_nothing(tmp_path: Path) -> None:
    def fill(number: int) -> None:
        with Cache(tmp_path / "c.sqlite") as cache:
            for turn in range(ROUNDS):
                cache.store(f"{number} {turn}", "a reply")

    at_once(fill)
    with Cache(tmp_path / "c.sqlite") as cache:
        assert len(cache.find([f"{number} {turn}" for number in range(WRITERS) for turn in range(ROUNDS)])) == 36
