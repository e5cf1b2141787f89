"""What goes on in a worker process, done here."""

import os
import pickle
import sys
from pathlib import Path

import pytest

from tercet.errors import ConfigError, RunError
from tercet.executors.working import Setting, Station, dumps, pickled, received
from tests.executors.workers import Handy, Unloadable, Unpicklable


def test_a_station_answers_with_results_and_with_errors(tmp_path: Path) -> None:
    station = Station(dumps(Handy(tmp_path)))
    assert received(station.do("double", pickle.dumps(21))) == 42
    with pytest.raises(ConfigError, match="wrong"):
        received(station.do("fail", pickle.dumps("config")))
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        received(station.do("fail", pickle.dumps("fault")))
    with pytest.raises(KeyboardInterrupt):
        received(station.do("fail", pickle.dumps("interrupted")))
    assert received(station.do("double", pickle.dumps(1))) == 2


def test_a_worker_is_unpickled_once(tmp_path: Path) -> None:
    station = Station(dumps(Handy(tmp_path)))
    assert [received(station.do("load", pickle.dumps(n)))[1] for n in range(3)] == [1, 1, 1]
    assert len((tmp_path / "loads").read_text().split()) == 1


def test_a_worker_that_cannot_be_loaded_is_an_answer() -> None:
    station = Station(dumps(Unloadable()))
    with pytest.raises(RunError, match="cannot load its work: ValueError"):
        received(station.do("double", pickle.dumps(1)))


def test_a_worker_that_cannot_be_sent_is_told() -> None:
    with pytest.raises(ConfigError, match="executor=some: what is to be done cannot be sent"):
        pickled(Unpicklable(), "executor=some")


def test_what_results_are_made_of_may_lack_a_module_of_its_own(tmp_path: Path) -> None:
    station = Station(dumps(Handy(tmp_path)))
    with pytest.raises(RuntimeError, match="pickle"):
        received(station.do("double", dumps(Twice())))


class Twice:
    """Its double cannot be pickled: it is a generator."""

    def __rmul__(self, other: int) -> object:
        return (n for n in range(other))


def test_a_setting_is_taken_over_as_far_as_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr(sys, "path", ["own"])
    monkeypatch.chdir(Path.cwd())
    Setting(folder=str(tmp_path), path=("own", "other"), threads=2).settle()
    assert Path.cwd() == tmp_path
    assert sys.path == ["own", "other"]
    assert os.environ["OMP_NUM_THREADS"] == os.environ["NUMBA_NUM_THREADS"] == "2"
    Setting(folder=str(tmp_path / "absent"), path=(), threads=2).settle()
    assert Path.cwd() == tmp_path
