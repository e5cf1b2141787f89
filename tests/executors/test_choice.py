"""The options of ``conf/executor``, and what they need."""

import sys
from pathlib import Path

import pytest
import yaml

from tercet.components import component
from tercet.errors import MissingExtraError
from tercet.executors import CPU, PoolSize
from tercet.executors.local import Local
from tercet.executors.ray import Ray
from tests.executors.workers import Handy, jobs

CONF = Path(__file__).parents[2] / "conf" / "executor"


@pytest.mark.parametrize("kind", [Local, Ray])
def test_a_yaml_says_what_its_class_does_by_itself(kind: type[Local | Ray]) -> None:
    written = yaml.safe_load((CONF / f"{kind.__name__.lower()}.yaml").read_text("utf-8"))
    assert component(written, "executor") == kind()
    assert set(written) - {"_target_"} == set(vars(kind()))


@pytest.mark.parametrize(("kind", "package"), [(Local, "cloudpickle"), (Ray, "ray"), (Ray, "cloudpickle")])
def test_a_package_that_is_missing_is_told(
    kind: type[Local | Ray], package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind is Ray and package != "ray":
        pytest.importorskip("ray", reason="ray is not installed")
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=f"executor={kind.__name__.lower()} needs the package '{package}'"):
        list(kind().run(Handy(tmp_path), jobs("double", [1]), {CPU: PoolSize()}))
