"""A run is the same on one machine of a Ray cluster and on three, and where machines are lost."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.anywhere import (
    ARTICLES,
    MARKED,
    SYSTEMS,
    Marks,
    check_runs,
    comparison,
    furnish,
    made,
    repeated,
    single,
)
from tests.sweeping import Tree


@pytest.fixture(autouse=True)
def path_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the working directories of a test, which the command line lets modules be imported from."""
    monkeypatch.setattr(sys, "path", list(sys.path))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("whole")


@pytest.fixture(scope="module")
def whole(home: Path) -> Tree:
    """The sweep, each run of one shard and in this process."""
    return made(home, *SYSTEMS)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """What becomes of the marked run where nothing befalls it; it is one shard."""
    return made(tmp_path_factory.mktemp("quiet"), *MARKED)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A Ray cluster of one machine at first; there may be others, all of them this one."""
    ray = pytest.importorskip("ray", reason="ray is not installed")
    from ray.cluster_utils import Cluster

    found = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_ADDRESS", found.address)
        yield found
        ray.shutdown()
        found.shutdown()  # type: ignore[no-untyped-call]


def test_one_machine_of_a_ray_cluster_and_three_make_the_same_runs(
    whole: Tree, home: Path, cluster: Any, tmp_path: Path
) -> None:
    assert not cluster.worker_nodes
    made(tmp_path, *single("lead"), "executor=ray", "executor.shard=7")
    grown(cluster)
    made(tmp_path, *single("textrank"), "executor=ray", "executor.shard=2")
    check_runs(tmp_path, whole)
    assert comparison(tmp_path) == comparison(home)


def grown(cluster: Any) -> list[Any]:
    """Let a cluster have three machines; the two that can be lost."""
    while len(cluster.worker_nodes) < 2:
        cluster.add_node(num_cpus=1, wait=False)
    cluster.wait_for_nodes(60)
    return sorted(cluster.worker_nodes, key=lambda node: str(node.node_id))


def test_machines_that_are_lost_as_they_generate_and_score_change_nothing(
    quiet: Tree, cluster: Any, tmp_path: Path
) -> None:
    first, second = grown(cluster)
    marks = Marks(furnish(tmp_path))
    generating, measuring = f"generate-on-{first.node_id}", f"measure-on-{second.node_id}"
    marks.put(generating, measuring)
    with meanwhile(lambda: lose(cluster, marks, {generating: first, measuring: second})) as lost:
        assert made(tmp_path, *MARKED, "executor=ray", "executor.shard=1") == quiet
    assert lost == [True]
    assert len(cluster.worker_nodes) == 0
    assert len(repeated(marks, "generate") | repeated(marks, "measure")) == 2, "what was in flight, and nothing else"
    assert len(marks.counts("generate")) == len(marks.counts("measure")) == 2 * ARTICLES


def lose(cluster: Any, marks: Marks, machines: dict[str, Any]) -> None:
    """Take machines from a cluster, each once it is held."""
    for name, node in machines.items():
        marks.wait(name)
        cluster.remove_node(node, allow_graceful=False)


@contextmanager
def meanwhile(deed: Any) -> Iterator[list[bool]]:
    """Do something in another thread; the list tells whether it came to its end."""
    ended: list[bool] = []
    thread = threading.Thread(target=lambda: ended.append(deed() is None), daemon=True)
    thread.start()
    yield ended
    thread.join(60)
