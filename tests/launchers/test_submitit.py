import os
from pathlib import Path
from typing import Any

import pytest

from tercet.errors import ConfigError, RunError
from tercet.launchers.submitit import Submitit
from tests.launchers import slurm
from tests.launchers.work import work

pytest.importorskip("submitit", reason="submitit is not installed")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def cluster(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Slurm's programs, of a kind."""
    programs = folder / "bin"
    programs.mkdir()
    slurm.install(programs)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    return programs


def test_a_run_whose_time_is_up_is_queued_again(folder: Path) -> None:
    assert list(Submitit(cluster="local").launch(work, [("out", "a")])) == [(0, "resumed")]
    assert (folder / "a.begun").exists()


def test_a_run_that_may_not_go_on_is_lost() -> None:
    # Of less than ten minutes submitit takes any for the last one.
    launcher = Submitit(cluster="local", timeout_min=1, max_num_timeout=0)
    with pytest.raises(RunError, match=r"Run 1 of 1 was lost: job \d+ was stopped.*timed-out too many times"):
        list(launcher.launch(work, [("out", "a")]))


def test_slurm_gets_one_array_with_the_options(cluster: Path) -> None:
    launcher = Submitit(
        timeout_min=7,
        mem_gb=3,
        cpus_per_task=2,
        slurm_partition="long",
        slurm_setup=["module() { :; }; module load cuda"],
        slurm_array_parallelism=1,
        slurm_additional_parameters={"nodelist": "node7"},
    )
    found = dict(launcher.launch(work, [("write", "a"), ("write", "b")]))
    assert {index: result[0] for index, result in found.items()} == {0: Path("results/a"), 1: Path("results/b")}  # type: ignore[index]
    lines = (cluster / "batch.sh").read_text("utf-8").splitlines()
    assert "module() { :; }; module load cuda" in lines
    options = {line.removeprefix("#SBATCH --") for line in lines if line.startswith("#SBATCH")}
    assert options >= {
        "array=0-1%1",
        "cpus-per-task=2",
        "job-name=tercet",
        "mem=3GB",
        "nodelist=node7",
        "partition=long",
        "time=7",
    }


@pytest.mark.usefixtures("cluster")
def test_what_slurm_refuses_is_told() -> None:
    with pytest.raises(ConfigError, match=r"could not be queued.*invalid partition"):
        list(Submitit(slurm_partition="unknown").launch(work, [("write", "a"), ("write", "b")]))


def test_slurm_must_be_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(ConfigError, match=r"cluster=slurm does not work here.*srun"):
        Submitit(cluster="slurm").launch(work, [("write", "a")])


@pytest.mark.parametrize(
    ("option", "said"),
    [({"cluster": "slrm"}, "Did you mean 'slurm'"), ({"timeout_min": 0}, "timeout_min is 0"), ({"mem_gb": -1.0}, "-1")],
)
def test_wrong_options_are_refused(option: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        Submitit(**option)


@pytest.mark.parametrize(
    ("cluster_name", "cpus", "at_once"), [("slurm", None, 9), ("local", None, 4), ("local", 3, 1), ("debug", None, 1)]
)
def test_this_machine_is_not_given_more_than_it_has_cores(
    cluster_name: str, cpus: int | None, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3}, raising=False)
    assert Submitit(cpus_per_task=cpus)._at_once(cluster_name, 9) == at_once
