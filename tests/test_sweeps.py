"""Which runs are meant by the folders that a command names."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tercet.errors import ConfigError, RunError
from tercet.sweeps import primary_of, run_folders


def sweep(name: str, content: object) -> Path:
    folder = Path(name)
    folder.mkdir(parents=True)
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / "sweep.json").write_text(text, "utf-8")
    return folder


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_sweep_that_is_named_alone_stands_for_the_runs_beside_it() -> None:
    folder = sweep("results/sweep-1", {"runs": ["a-1", "b-2"], "labels": ["a", "b (x)"]})
    assert run_folders([folder]) == ([Path("results/a-1"), Path("results/b-2")], ["a", "b (x)"])
    assert run_folders(["results/sweep-1/"]) == run_folders([str(folder)])


def test_a_sweep_without_labels_leaves_the_names_to_the_runs() -> None:
    assert run_folders([sweep("r/s", {"runs": ["a", "b"]})]) == ([Path("r/a"), Path("r/b")], None)


def test_beside_one_of_its_runs_a_sweep_is_passed_over() -> None:
    folder = sweep("results/sweep-1", {"runs": ["a", "b"], "labels": ["A", "B"]})
    assert run_folders(["results/z", folder, "results/a"]) == ([Path("results/z"), Path("results/a")], None)
    assert run_folders([folder, "results/b/"]) == ([Path("results/b")], None)


def test_beside_other_runs_a_sweep_stands_for_its_own() -> None:
    folder = sweep("results/sweep-1", {"runs": ["a", "b"], "labels": ["A", "B"]})
    assert run_folders([folder, "results/z"]) == ([Path(f"results/{name}") for name in "abz"], None)
    assert run_folders(["results/z", folder]) == ([Path(f"results/{name}") for name in "zab"], None)


def test_a_sweep_that_is_named_alone_says_what_it_is_sorted_by() -> None:
    folder = sweep("r/s", {"runs": ["a"], "labels": ["A"], "primary": "chrf"})
    assert primary_of([folder]) == "chrf"
    assert primary_of([folder, "r/a"]) is None
    assert primary_of(["r/a"]) is None
    assert primary_of([sweep("r/older", {"runs": ["a"]})]) is None
    assert primary_of([sweep("r/odd", {"runs": ["a"], "primary": ["chrf"]})]) is None
    with pytest.raises(RunError):
        primary_of([sweep("r/damaged", {"primary": "chrf"})])


def test_a_run_that_is_named_twice_is_one() -> None:
    assert run_folders(["r/a", "r/a/", "r/b"]) == ([Path("r/a"), Path("r/b")], None)


def test_several_sweeps_are_all_their_runs_each_once() -> None:
    one = sweep("r/one", {"runs": ["a", "b"], "labels": ["A", "B"]})
    two = sweep("r/two", {"runs": ["b", "c"], "labels": ["B", "C"]})
    assert run_folders([one, two]) == ([Path("r/a"), Path("r/b"), Path("r/c")], ["A", "B", "C"])


def test_labels_that_do_not_tell_runs_apart_are_not_taken() -> None:
    one = sweep("r/one", {"runs": ["a"], "labels": ["A"]})
    assert run_folders([one, sweep("r/two", {"runs": ["b"], "labels": ["A"]})]) == ([Path("r/a"), Path("r/b")], None)
    assert run_folders([one, sweep("r/old", {"runs": ["b"]})])[1] is None


def test_without_a_folder_there_is_no_run() -> None:
    with pytest.raises(ConfigError, match="No run is named") as found:
        run_folders([])
    assert "results/*/" in found.value.remedy


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "3", "null", {}, {"runs": None}, {"runs": 3}, {"runs": ["a"], "labels": []},
     {"runs": ["a"], "labels": None}, "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")],
    ids=["nothing", "cut", "list", "number", "null", "no-runs", "runs-null", "runs-number", "few-labels", "labels-null",
         "no-text"],
)  # fmt: skip
def test_a_damaged_sweep_is_named(content: object) -> None:
    folder = sweep("r/s", content)
    with pytest.raises(RunError, match=r"r/s/sweep\.json: cannot be read"):
        run_folders([folder])


@pytest.mark.parametrize("command", ["report", "show"])
def test_a_sweep_of_no_runs_is_a_mistake(command: str, tercet: Callable[..., Result]) -> None:
    done = tercet(command, sweep("r/s", {"runs": []}))
    assert done.exit_code == 2
    assert done.stderr
