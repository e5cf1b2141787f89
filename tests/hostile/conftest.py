"""Two runs of eight articles, made once, for tests that change what their folders say."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.runs import articles, command, faithful, furnish, scored

Call = Callable[..., Result]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the corpus, and the runs ``base`` and ``cand``."""
    work = tmp_path_factory.mktemp("made")
    found = articles(8)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(work)
        furnish(found)
        for name, seed in (("base", 1), ("cand", 2)):
            scored(command, name, faithful(found, seed), "metric=[chrf,facts]", "languages=[en]")
            next(Path(name).glob("*/run.json")).parent.rename(f"{name}-run")
            shutil.rmtree(name)
    return work


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
