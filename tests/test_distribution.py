"""The package as users get it: the wheel in an environment of its own, and what it depends on."""

import re
import subprocess
import sys
import sysconfig
import venv
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest

from tests.test_cli import LOUD

ROOT = Path(__file__).parents[1]


def core(name: str, seen: set[str]) -> set[str]:
    """Every distribution that installing ``name`` without extras brings here."""
    key = re.sub(r"[-_.]+", "-", name).lower()
    if key in seen:
        return seen
    try:
        needed = requires(name) or []
    except PackageNotFoundError:  # for another platform
        return seen
    seen.add(key)
    for line in needed:
        if "extra ==" not in line:
            core(re.split(r"[\s;<>=!~\[(]", line, maxsplit=1)[0], seen)
    return seen


def test_the_core_stays_light() -> None:
    found = core("tercet", set()) - {"tercet"}
    assert len(found) <= 30, sorted(found)
    assert not found & {"torch", "pandas", "datasets", "evaluate", "bert-score", "transformers", "scipy"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with tercet's wheel, and this one's dependencies on its path."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("tercet-*.whl")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    into = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(into, check=True, capture_output=True)
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return python.parent / "tercet"


def test_an_installed_wheel_runs_a_users_own_metric(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "conf" / "metric").mkdir(parents=True)
    (tmp_path / "conf" / "metric" / "loud.yaml").write_text(
        "# @package metrics.loud\n_target_: loud.Loud\nmark: '!'\n", "utf-8"
    )
    (tmp_path / "loud.py").write_text(LOUD, "utf-8")
    where = [str(installed.parent / "python"), "-c", "import tercet; print(tercet.__file__)"]
    place = subprocess.run(where, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert str(installed.parents[1]) in place, "the wheel's own code, not the repository's"
    words = ["run", "--config-dir", "conf", "metric=[chrf,loud]", "limit=2"]
    done = subprocess.run([str(installed), *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "loud" in done.stdout
    assert "2/2" in done.stdout
    listed = subprocess.run([str(installed), "list"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "loud" in listed.stdout
    (run,) = (tmp_path / "results").iterdir()
    words = ["report", str(run), "--config-dir", "conf", "-o", "report.html"]
    done = subprocess.run([str(installed), *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "report.html").read_text("utf-8")
    assert page.count("<script") == page.count("</script>") > 4, "the viewer and the data are in the wheel's report"
