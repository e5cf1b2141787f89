"""Folders and files of another version of tercet: who reads them is said, and what to do; nothing is guessed."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import tercet as package
from tercet.runs import FORMAT
from tests.reliability.conftest import OWN, RUN, refused

Call = Callable[..., Result]
COMMANDS = {
    "show": ("show", "cand"),
    "compare": ("compare", "base", "cand"),
    "gate": ("gate", "--baseline", "base", "--candidate", "cand"),
    "report": ("report", "cand", "-o", "x.html"),
    "bless": ("bless", "cand", "--why", "x", "--by", "me"),
    "merge": ("merge", "cand"),
}


def edit(folder: Path, **values: Any) -> None:
    path = folder / "run.json"
    info = json.loads(path.read_text("utf-8")) | values
    path.write_text(json.dumps({key: value for key, value in info.items() if value != "left out"}), "utf-8")


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(("form", "age", "way"), [(1, "an older", "Use that version, or"), (99, "a newer", "Update")])
def test_a_run_of_another_format_is_refused(form: int, age: str, way: str, name: str, work: Path, tercet: Call) -> None:
    edit(work / "cand", format=form, versions={"tercet": "0.0.1"})
    reads = f"{package.__version__}, reads format {FORMAT}"
    refused(tercet(*COMMANDS[name]), f"in {age} format, {form}, by tercet 0.0.1", reads, way)


@pytest.mark.parametrize("form", ["left out", None, "2", True, [2]], ids=str)
def test_a_format_that_is_no_number_is_no_version(form: object, work: Path, tercet: Call) -> None:
    edit(work / "cand", format=form)
    refused(tercet("show", "cand"), "'format' is no version", f"reads format {FORMAT}")


@pytest.mark.parametrize("versions", [None, [], {"tercet": 1}, "left out"], ids=str)
def test_who_wrote_it_may_be_unknown(versions: object, work: Path, tercet: Call) -> None:
    edit(work / "cand", format=1, versions=versions)
    refused(tercet("show", "cand"), "an unknown version of tercet")


def test_a_baseline_of_another_format_is_blessed_anew(work: Path, tercet: Call) -> None:
    words = ("bless", "base", "--to", "b", "--why", "x", "--by", "me")
    assert tercet(*words).exit_code == 0
    edit(work / "b", format=1)
    refused(tercet("gate", "--baseline", "b", "--candidate", "cand"), "bless a run of this version")
    assert tercet(*words).exit_code == 0
    assert tercet("show", "b").exit_code == 0


def test_a_cache_of_another_version_is_kept(work: Path, tercet: Call) -> None:
    with sqlite3.connect("other.sqlite") as db:
        db.execute("create table kept (id integer primary key, hash text, answer text)")
        db.execute("insert into kept values (1, 'a', 'paid for')")
    db.close()
    refused(tercet(*RUN, *OWN, "cache=other.sqlite"), "The cache other.sqlite cannot be used", "Another version")
    with sqlite3.connect("other.sqlite") as db:
        assert db.execute("select answer from kept").fetchall() == [("paid for",)]
    db.close()
