"""Pairs on disk: exact, bounded, shared by processes, and clear about a broken file."""

import sqlite3
import subprocess
import sys
from math import nan
from pathlib import Path

import numpy as np
import pytest

from tercet.encoders import pairs
from tercet.encoders.pairs import Pair, Pairs, key_of
from tercet.errors import RunError


def pair(value: float = 0.5) -> Pair:
    return Pair(value, 0.25, 0.125, truncated=False, blank=True)


def test_what_was_stored_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    store = Pairs(tmp_path / "a" / "pairs.sqlite", 10)
    value = float(np.float32(1) / np.float32(3))
    store.store({b"1": pair(value)})
    store.store({b"1": pair(0.9)})
    assert store.find([b"1", b"2"]) == {b"1": pair(value)}
    many = {str(i).encode(): pair() for i in range(1200)}
    Pairs(tmp_path / "many.sqlite", 2000).store(many)
    assert Pairs(tmp_path / "many.sqlite", 2000).find(many) == many


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Pairs(tmp_path / "pairs.sqlite", 3)
    for day, key in enumerate((b"a", b"b", b"c"), start=1):
        monkeypatch.setattr(pairs, "time", lambda day=day: day * 86_400.0)
        store.store({key: pair()})
    monkeypatch.setattr(pairs, "time", lambda: 9 * 86_400.0)
    store.find([b"a"])
    store.store({b"d": pair()})
    assert set(store.find([b"a", b"b", b"c", b"d"])) == {b"a", b"c", b"d"}


@pytest.mark.parametrize("value", [nan, "text", None])
def test_a_broken_file_is_named_with_the_remedy(value: object, tmp_path: Path) -> None:
    path = tmp_path / "pairs.sqlite"
    path.write_text("this is no database, whatever its name may say" * 100, "utf-8")
    with pytest.raises(RunError, match="Delete the file"):
        Pairs(path, 10).find([b"1"])
    path.unlink()
    Pairs(path, 10).store({b"1": pair()})
    with sqlite3.connect(path) as db:
        db.execute("pragma ignore_check_constraints = on")
        if isinstance(value, str):
            db.execute("update pairs set f1 = ?", (value,))
            db.commit()
    db.close()
    if isinstance(value, str):
        with pytest.raises(RunError, match="no metric has written"):
            Pairs(path, 10).find([b"1"])
    with pytest.raises(RunError, match="cannot be used"):
        Pairs(tmp_path, 10).find([b"1"])


def test_keys_tell_everything_apart() -> None:
    keys = {key_of("m", "ab", "c"), key_of("m", "a", "bc"), key_of("n", "ab", "c"), key_of("ma", "b", "c")}
    assert len(keys) == 4
    assert key_of("m", "\ud800", "") != key_of("m", "\ud801", "")


def test_several_processes_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "pairs.sqlite"
    code = (
        "import sys; from pathlib import Path; from tercet.encoders.pairs import Pair, Pairs\n"
        "store = Pairs(Path(sys.argv[1]), 1000)\n"
        "for i in range(20): store.store({f'{sys.argv[2]} {i}'.encode(): Pair(.5, .5, .5, False, False)})"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(path), str(i)]) for i in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    wanted = [f"{i} {j}".encode() for i in range(3) for j in range(20)]
    assert len(Pairs(path, 1000).find(wanted)) == 60
