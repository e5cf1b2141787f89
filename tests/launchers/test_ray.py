import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tercet.errors import ConfigError
from tercet.launchers.ray import Ray
from tests.launchers.work import work

ray = pytest.importorskip("ray", reason="ray is not installed")


def test_ray_is_started_for_the_sweep_and_ended_after_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.chdir(tmp_path)
    found: dict[int, Any] = dict(Ray().launch(work, [("write", "a")]))
    path, process = found[0]
    assert path == Path("results/a")
    assert process != os.getpid()
    assert not ray.is_initialized()


def test_more_than_this_machine_has_is_refused() -> None:
    machine: Any = SimpleNamespace(cluster_resources=lambda: {"CPU": 2.0})
    with pytest.raises(ConfigError, match=r"launcher\.gpus is 1, and this machine has 0\."):
        Ray(gpus=1)._check(machine)
    Ray(cpus=2)._check(machine)


@pytest.mark.parametrize("address", ["nowhere.invalid:1", "127.0.0.1:99999"])
@pytest.mark.parametrize("variable", [False, True])
def test_an_address_where_nothing_answers_is_refused(
    address: str, variable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAY_ADDRESS", address if variable else "")
    with pytest.raises(ConfigError, match=rf"cannot be reached at '{address}'.*ray start --head"):
        Ray(address=None if variable else address).launch(work, [("write", "a")])


@pytest.mark.parametrize("option", [{"cpus": -1.0}, {"gpus": -1.0}, {"retries": -1}])
def test_wrong_options_are_refused(option: dict[str, Any]) -> None:
    (name,) = option
    with pytest.raises(ConfigError, match=rf"launcher\.{name} is -1"):
        Ray(**option)
