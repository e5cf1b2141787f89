"""Two runs of eight articles, made once, for tests that change what their folders say."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.runs import two_runs

Call = Callable[..., Result]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the corpus, and the runs ``base`` and ``cand``."""
    return two_runs(tmp_path_factory.mktemp("made"), 8, ("base-run", "cand-run"), "metric=[chrf,facts]")


@pytest.fixture
def work(made: Path, tercet: Call) -> Path:
    """A copy of them, which is the working directory."""
    shutil.copytree(made, Path.cwd(), dirs_exist_ok=True)
    return Path.cwd()


def change(folder: Path, key: str, value: object) -> None:
    """Set a value of ``run.json``; dots go into it, numbers into its lists."""
    path = folder / "run.json"
    info = json.loads(path.read_text("utf-8"))
    *outer, last = (int(part) if part.isdecimal() else part for part in key.split("."))
    node = info
    for part in outer:
        node = node[part]
    node[last] = value
    path.write_text(json.dumps(info, ensure_ascii=False), "utf-8")
