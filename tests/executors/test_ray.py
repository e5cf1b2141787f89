"""Actors of a Ray cluster: of one machine, and of three of which one is taken away."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tercet.errors import ConfigError, CorpusError, RunError
from tercet.executors import CPU, HERE, MODELS, Done, Job, PoolSize
from tercet.executors.ray import Ray
from tests.executors.workers import FAILURES, MIXED, SIZES, Handy, by_key, jobs, mixed, wait_for, wait_for_end

ray = pytest.importorskip("ray", reason="ray is not installed")

LOST = "its worker died 3 times: its process ended unexpectedly"


@pytest.fixture
def worker(tmp_path: Path) -> Handy:
    return Handy(tmp_path)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Three machines, all of them this one, with a CPU each; the head has two."""
    from ray.cluster_utils import Cluster

    found = Cluster(initialize_head=True, head_node_args={"num_cpus": 2, "include_dashboard": False})
    for _ in range(2):
        found.add_node(num_cpus=1, wait=False)
    found.wait_for_nodes(60)
    before = os.environ.get("RAY_ADDRESS")
    os.environ["RAY_ADDRESS"] = found.address
    try:
        yield found
    finally:
        if before is None:
            del os.environ["RAY_ADDRESS"]
        else:
            os.environ["RAY_ADDRESS"] = before
        ray.shutdown()
        found.shutdown()  # type: ignore[no-untyped-call]


# First in this file: it starts a cluster of its own, which the others, who share one, would be.
def test_without_a_cluster_there_is_one_of_this_machine(
    worker: Handy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.chdir(tmp_path)
    work = [
        *mixed(8),
        Job(key=8, steps=((CPU, "die_at_two"),), payload=2),
        Job(key=9, steps=((CPU, "place"),), payload=0),
    ]
    found = by_key(Ray(workers=2).run(worker, work, SIZES))
    pid, folder, threads = found.pop(9)
    assert found == MIXED | {8: LOST}
    assert (folder, threads) == (str(tmp_path), "1")
    assert not ray.is_initialized()
    assert capfd.readouterr() == ("", "")
    wait_for_end(pid)


def test_results_are_those_of_one_process(cluster: Any, worker: Handy) -> None:
    assert by_key(Ray().run(worker, mixed(8), SIZES)) == MIXED


def test_a_step_whose_actor_was_killed_is_tried_again(cluster: Any, worker: Handy, tmp_path: Path) -> None:
    found = by_key(Ray(workers=2).run(worker, jobs("die_once", range(6)), SIZES))
    assert found == {key: key for key in range(6)}
    assert {key: (tmp_path / f"tries-{key}").stat().st_size for key in range(6)} == dict.fromkeys(range(6), 1) | {2: 2}


def test_errors_are_the_same_here(cluster: Any, worker: Handy) -> None:
    with pytest.raises(CorpusError) as raised:
        list(Ray(workers=1).run(worker, jobs("fail", ["corpus"]), {CPU: PoolSize()}))
    assert vars(raised.value) == vars(FAILURES["corpus"])
    with pytest.raises(RuntimeError, match="ZeroDivisionError: nought"):
        list(Ray(workers=1).run(worker, jobs("fail", ["fault"]), {CPU: PoolSize()}))


def test_an_early_end_kills_what_goes_on(cluster: Any, worker: Handy, tmp_path: Path) -> None:
    work = [Job(key=0, steps=((CPU, "double"),), payload=1), *jobs("hang", [1, 2])]
    outcomes = Ray(workers=2).run(worker, work, {CPU: PoolSize()})
    with closing(outcomes):
        assert next(outcomes) == Done(key=0, result=2)
        wait_for([tmp_path / "hangs-1"])
    wait_for_end(int((tmp_path / "hangs-1").read_text()))


def test_a_cluster_without_room_is_an_error_and_no_wait(cluster: Any, worker: Handy) -> None:
    with pytest.raises(RunError, match=r"No worker of the pool 'models' .* within 0\.5 seconds"):
        list(Ray(gpus=64, patience=0.5).run(worker, jobs("double", [1], MODELS), {MODELS: PoolSize()}))


def test_a_cluster_of_the_callers_is_left_as_it_is(cluster: Any, worker: Handy) -> None:
    ray.init(address=cluster.address, log_to_driver=False)
    assert by_key(Ray(workers=1).run(worker, jobs("double", [1]), {CPU: PoolSize()})) == {0: 2}
    assert ray.is_initialized()
    ray.shutdown()


# Last but for what needs no cluster: afterwards there is one machine less.
def test_a_machine_that_is_lost_takes_no_job_with_it(
    cluster: Any, worker: Handy, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lost = min(cluster.worker_nodes, key=lambda node: node.node_id)
    steps = ((HERE, "double"), (CPU, "stay"), (CPU, "successor"))
    count, there = 300, tmp_path / f"on-{lost.node_id}"
    work = (Job(key=key, steps=steps, payload=key) for key in range(count))
    outcomes = Ray().run(worker, work, {CPU: PoolSize()})
    early = [next(outcomes)]
    while not there.exists():  # a busy machine joins late, and only who reads on gives it work
        early.append(next(outcomes))
    left = count - len(early)
    cluster.remove_node(lost, allow_graceful=False)
    found = by_key([*early, *outcomes])
    assert left > 0
    assert found == {key: 2 * key + 1 for key in range(count)}
    assert capfd.readouterr().out == ""


def test_an_address_where_nothing_answers_is_an_error(worker: Handy) -> None:
    with pytest.raises(ConfigError, match=r"Ray cannot be reached at 'nowhere\.invalid:1'.*executor\.address"):
        list(Ray(address="nowhere.invalid:1").run(worker, jobs("double", [1]), SIZES))


@pytest.mark.parametrize("options", [{"workers": 0}, {"gpus": -1.0}, {"patience": 0.0}], ids=str)
def test_options_out_of_range_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="It must be"):
        Ray(**options)
