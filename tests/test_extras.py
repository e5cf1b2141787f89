import sys
from pathlib import Path

import pytest

from tercet.errors import MissingExtraError
from tercet.extras import require


def need(module: str) -> object:
    return require(module, package="some-package", extra="some", purpose="corpus=some")


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the path of imports; what is imported from it is forgotten."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "modules", sys.modules.copy())
    return tmp_path


@pytest.mark.parametrize("module", ["json", "json.decoder"])
def test_returns_the_module(module: str) -> None:
    assert need(module) is sys.modules[module]


@pytest.mark.parametrize("module", ["tercet_missing", "tercet_missing.sub", "json.tercet_missing"])
def test_a_missing_package_is_an_error_with_the_pip_line(module: str) -> None:
    with pytest.raises(MissingExtraError) as found:
        need(module)
    assert found.value.problem == "corpus=some needs the package 'some-package', which is not installed."
    assert found.value.remedy == "Run: pip install 'tercet[some]'"
    assert isinstance(found.value.__cause__, ModuleNotFoundError)


@pytest.mark.parametrize("inner", ["tercet_inner_missing", "tercet_out"])
def test_a_package_that_misses_another_one_is_not_called_missing(packages: Path, inner: str) -> None:
    # "tercet_out" begins like the name of the module itself, and is another package all the same.
    (packages / "tercet_outer.py").write_text(f"import {inner}\n", "utf-8")
    with pytest.raises(ModuleNotFoundError, match=f"'{inner}'"):
        need("tercet_outer")


def test_a_package_that_is_broken_says_so_itself(packages: Path) -> None:
    (packages / "tercet_broken.py").write_text("raise ImportError('no such symbol')\n", "utf-8")
    with pytest.raises(ImportError, match="no such symbol"):
        need("tercet_broken")
