"""One contract over all launchers."""

import os
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tercet.errors import CorpusError, MissingExtraError, RunError
from tercet.launchers import Launcher
from tercet.launchers.attempts import Job
from tercet.launchers.basic import Basic
from tercet.launchers.joblib import Joblib
from tercet.launchers.ray import Ray
from tercet.launchers.submitit import Submitit
from tests.launchers.work import work

LAUNCHERS: dict[str, Callable[[], Launcher]] = {
    "basic": Basic,
    "joblib": lambda: Joblib(jobs=2),
    "local": lambda: Submitit(cluster="local"),
    "debug": lambda: Submitit(cluster="debug"),
    "ray": Ray,
}
EXTRA = {"joblib": "joblib", "local": "submitit", "debug": "submitit", "ray": "ray"}
ELSEWHERE = ["joblib", "local", "ray"]

# submitit's debug cluster never closes its logs
pytestmark = pytest.mark.filterwarnings(r"ignore:unclosed file .*DEBUG_\d+_0_log:ResourceWarning")


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """A Ray that is there already: starting one takes seconds, and a launcher leaves what it finds."""
    ray = pytest.importorskip("ray", reason="ray is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "1")
        ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
        yield
        ray.shutdown()


@pytest.fixture
def launcher(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Launcher:
    name: str = request.param
    extra = EXTRA.get(name)
    if extra and not find_spec(extra):
        pytest.skip(f"{extra} is not installed")
    if name == "ray":
        request.getfixturevalue("cluster")
    monkeypatch.chdir(tmp_path)
    return LAUNCHERS[name]()


every = pytest.mark.parametrize("launcher", list(LAUNCHERS), indirect=True)
elsewhere = pytest.mark.parametrize("launcher", ELSEWHERE, indirect=True)


def taken(launcher: Launcher, items: list[tuple[str, str]]) -> tuple[dict[int, Any], BaseException | None]:
    """All that comes of items, and the error in the end."""
    found: dict[int, Any] = {}
    try:
        for index, result in launcher.launch(work, items):
            assert index not in found
            found[index] = result
    except Exception as error:  # noqa: BLE001
        return found, error
    return found, None


@every
def test_each_item_is_done_once_in_the_folder_where_the_sweep_began(launcher: Launcher, tmp_path: Path) -> None:
    names = ["a", "b", "c"]
    found, error = taken(launcher, [("write", name) for name in names])
    assert error is None
    assert {index: path for index, (path, _) in found.items()} == dict(enumerate(Path("results", n) for n in names))
    assert [(tmp_path / "results" / name).read_text("utf-8") for name in names] == names
    here = launcher.concurrent and getattr(launcher, "cluster", None) != "debug"
    assert all((process != os.getpid()) == here for _, process in found.values())


@every
def test_nothing_comes_of_nothing(launcher: Launcher) -> None:
    assert taken(launcher, []) == ({}, None)


@every
def test_a_failure_stops_no_other_and_comes_out_as_it_was_raised(launcher: Launcher) -> None:
    found, error = taken(launcher, [("write", "a"), ("corpus", ""), ("bug", ""), ("write", "b")])
    assert sorted(found) == [0, 3]
    assert isinstance(error, CorpusError)
    assert (error.problem, error.remedy) == ("a.md:3: has no title.", "Add one.")
    assert (error.path, error.line, error.exit_code) == (Path("a.md"), 3, 2)
    assert any("Run 3 failed as well" in note and "missing" in note for note in error.__notes__)


@every
def test_any_other_error_comes_out_with_its_traceback(launcher: Launcher) -> None:
    found, error = taken(launcher, [("bug", ""), ("write", "a")])
    assert sorted(found) == [1]
    if launcher.concurrent:
        assert isinstance(error, RuntimeError)
        assert str(error).startswith("KeyError: 'missing' (work.py:")
        assert "in fail_in_a_bug" in "".join(error.__notes__)
    else:
        assert isinstance(error, KeyError)


@elsewhere
def test_a_death_is_of_one_run_and_is_told(launcher: Launcher) -> None:
    found, error = taken(launcher, [("write", "a"), ("die", ""), ("write", "b"), ("write", "c")])
    assert sorted(found) == [0, 2, 3]
    assert isinstance(error, RunError)
    assert error.problem.startswith("Run 2 of 4 was lost: ")
    assert error.remedy == "Repeat the command to resume it."


@pytest.mark.parametrize(("name", "package"), [("joblib", "joblib"), ("local", "submitit"), ("ray", "ray")])
def test_a_missing_package_is_told_before_anything_begins(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=rf"launcher={package} needs.*pip install 'tercet\[{package}\]'"):
        LAUNCHERS[name]().launch(work, [("write", "a")])


def test_a_machine_that_does_not_see_the_folder_says_so(tmp_path: Path) -> None:
    job = Job(index=0, load=b"", folder=str(tmp_path / "elsewhere"), path=())
    value, error = job()
    assert value is None
    assert error is not None
    assert error["class"] == "tercet.errors:RunError"
    assert "elsewhere" in error["problem"]
