"""A run folder is data: to look at one that came from anybody runs nothing, and writes nowhere but where it should."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.hostile.conftest import change

Call = Callable[..., Result]
MODULE = "brought_along"
CODE = """\
from dataclasses import dataclass
from pathlib import Path
Path("owned").touch()
@dataclass(frozen=True)
class Mine: ...
"""
COMMANDS = {
    "compare": ("compare", "base-run", "cand-run"),
    "gate": ("gate", "--baseline", "base-run", "--candidate", "cand-run"),
    "report": ("report", "base-run", "cand-run", "-o", "report.html"),
    "verify": ("verify", "cand-run"),
    "bless": ("bless", "cand-run", "--why", "x", "--by", "me"),
    "show": ("show", "cand-run"),
}
PLACES = {
    "metric": ("config.metrics.chrf._target_", f"{MODULE}.Mine"),
    "corpus": ("config.corpus._target_", f"{MODULE}.Mine"),
    "within": ("config.metrics.chrf.backend", {"a": [{"_target_": f"{MODULE}.Mine"}]}),
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("place", PLACES)
def test_a_class_that_a_run_brings_along_is_not_imported(name: str, place: str, work: Path, tercet: Call) -> None:
    (work / f"{MODULE}.py").write_text(CODE, "utf-8")
    change(work / "cand-run", *PLACES[place])
    done = tercet(*COMMANDS[name])
    assert done.exit_code in {0, 1, 2, 4}, done.output
    assert not Path("owned").exists()
    assert MODULE not in sys.modules


def test_the_refusal_names_the_class_and_what_to_do(work: Path, tercet: Call) -> None:
    change(work / "cand-run", *PLACES["metric"])
    done = tercet("compare", "base-run", "cand-run")
    assert done.exit_code == 2
    assert f"metrics.chrf: the run names the class '{MODULE}.Mine', and no config here does." in done.output
    assert "--config-dir" in done.output


def test_a_class_that_a_config_here_names_is_built(work: Path, tercet: Call) -> None:
    (work / "conf" / "metric").mkdir(parents=True)
    module = "named_by_a_config_here"
    (work / f"{module}.py").write_text("from tercet.metrics.chrf import Chrf\nclass Mine(Chrf): ...\n", "utf-8")
    (work / "conf" / "metric" / "mine.yaml").write_text(f"_target_: {module}.Mine\n", "utf-8")
    change(work / "cand-run", "config.metrics.chrf._target_", f"{module}.Mine")
    done = tercet("compare", "base-run", "cand-run")
    assert done.exit_code == 0, done.output
    assert module in sys.modules


def test_a_script_that_a_run_names_is_not_run_unless_trusted(work: Path, tercet: Call) -> None:
    script = work / "cand-run" / "evil.py"
    script.write_text("from pathlib import Path\nPath('owned').touch()\nraise ValueError('it ran')\n", "utf-8")
    change(
        work / "cand-run",
        "config.metrics.chrf",
        {"_target_": "tercet.metrics.evaluate.Evaluate", "path": str(script), "score": "x"},
    )
    done = tercet("verify", "cand-run")
    assert done.exit_code == 2
    assert "to compute the metric 'chrf' is to run a script that the run names" in done.output
    assert "--trust" in done.output
    assert not Path("owned").exists()


def test_what_looks_like_an_interpolation_in_a_run_is_a_text(
    work: Path, tercet: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERCET_TEST_HIDDEN", "an-environment-of-its-own")
    change(work / "cand-run", "config.corpus.path", "${oc.env:TERCET_TEST_HIDDEN}")
    done = tercet("verify", "cand-run")
    assert done.exit_code == 2
    assert "an-environment-of-its-own" not in done.output
    assert "${oc.env:TERCET_TEST_HIDDEN}" in done.output


NAMES = ["../outside", "/tmp/outside", "..", "", "a/b", "a\\b", "a\0b", 7]  # noqa: S108 (nothing is written there)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_sweep_names_only_runs_beside_it(name: object, work: Path, tercet: Call) -> None:
    (work / "sweep-1").mkdir()
    (work / "sweep-1" / "sweep.json").write_text(json.dumps({"runs": [name], "labels": ["x"]}), "utf-8")
    done = tercet("show", "sweep-1")
    assert done.exit_code == 2
    assert "is no name of a folder beside it" in done.output


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_parts_are_merged_beside_them_and_nowhere_else(name: object, work: Path, tercet: Call, tmp_path: Path) -> None:
    precious = tmp_path / "outside"
    precious.mkdir()
    (precious / "thesis.txt").write_text("mine", "utf-8")
    part = {"first": 0, "stop": 8, "articles": 8, "number": 1, "parts": 1, "languages": ["en"], "run": name}
    change(work / "cand-run", "part", part)
    done = tercet("merge", "cand-run")
    assert done.exit_code == 2
    assert "it does not say all that it said" in done.output
    assert [path.name for path in precious.iterdir()] == ["thesis.txt"]


def test_nothing_is_written_through_a_link(work: Path, tercet: Call, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("mine", "utf-8")
    Path("baselines").mkdir()
    Path("baselines/.default.partial").symlink_to(precious)
    done = tercet("bless", "cand-run", "--why", "x", "--by", "me")
    assert done.exit_code == 2
    assert "a link, and no folder of a run" in done.output
    assert (precious / "thesis.txt").read_text("utf-8") == "mine"
    Path("baselines/.default.partial").unlink()
    Path("baselines/.default.partial").mkdir()
    Path("baselines/.default.partial/cases.jsonl").symlink_to(precious / "thesis.txt")
    done = tercet("bless", "cand-run", "--why", "x", "--by", "me")
    assert done.exit_code == 0, done.output
    assert not Path("baselines/default/cases.jsonl").is_symlink()
    assert (precious / "thesis.txt").read_text("utf-8") == "mine"


def test_a_damaged_run_is_an_error_that_names_the_place(work: Path, tercet: Call) -> None:
    for key, value in (
        ("scores.0.value", "x"),
        ("scores.0.decimals", 10**9),
        ("scores.0.interval", [1]),
        ("scores.0.reasons", {"why": "many"}),
        ("corpus", {}),
        ("scores", []),
        ("system", None),
    ):
        before = (work / "cand-run" / "run.json").read_bytes()
        change(work / "cand-run", key, value)
        for words in (("show", "cand-run"), ("report", "cand-run", "--format", "csv")):
            done = tercet(*words)
            assert done.exit_code == 2, (key, done.output)
            assert "run.json" in done.output
        (work / "cand-run" / "run.json").write_bytes(before)
