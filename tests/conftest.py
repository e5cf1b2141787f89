"""What tests share: articles as files, and the command line run in this process."""

import gc
import shutil
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings

from tercet.cli import main
from tests.untraced import libraries_untraced

# Without deadlines: a machine that others use as well may be slow at any example.
settings.register_profile("quick", deadline=None, max_examples=25, derandomize=True)
# For the checks of a change: pytest --hypothesis-profile=thorough.
settings.register_profile("thorough", deadline=None)
settings.load_profile("quick")
SHARED = Path(__file__).parents[2] / "shared"

ARTICLE = """\
---
title: A bridge opens
date: 2025-03-14T09:30:00Z
tags:
- transport
author: nobody
language: en
---

[原文链接](https://example.org/bridge)

一座桥通车

**文章摘要：**
一座长1.2公里的桥周五在里加通车，耗资8000万欧元。

**要点：**
- **造价：** 该桥耗资8000万欧元。
- **长度：** 全长1.2公里。

市长说这是新的开始。

---

**Article Summary:**
A bridge of 1.2 kilometres opened in Riga on Friday at a cost of €80mn.

**Key Points:**
- **Cost:** The bridge cost €80mn.
- **Length:** It is 1.2 kilometres long.

The mayor called it a new start.

[Source Link](https://example.org/bridge)
"""
SOURCE = """\
A bridge of 1.2 kilometres opened in Riga on Friday. It cost €80mn, said Ms. Ozola, the mayor.

"It is a new start," she said. Work began in 2021. Two lanes are for buses. The old ferry will stop in May.
"""


# The files that take the longest, or that wait the longest: where they came last, one core would wait for the other.
SLOWEST = frozenset(
    {
        "test_anywhere.py",
        "test_sweep_killed.py",
        "test_resume.py",
        "test_distribution.py",
        "test_starting_workflow.py",
        "test_streaming.py",
    }
)


def pytest_configure(config: pytest.Config) -> None:
    """Let processes take files in the order below, and not those of few tests last, as xdist does by itself."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the slowest files; the order is otherwise as it was."""
    items.sort(key=lambda item: item.path.name not in SLOWEST)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let the collector of garbage pass over what was imported and collected: it lasts, and is most of all."""
    gc.disable()
    try:
        found = yield
    finally:
        gc.enable()
        gc.freeze()
    return found


@pytest.fixture(scope="session", autouse=True)
def quick_libraries() -> Iterator[None]:
    """Where coverage measures, it measures tercet and no library."""
    if sys.gettrace() is None:
        yield
        return
    with libraries_untraced():
        yield


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder with two articles, both with their source."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in ("bridge", "ferry"):
        (folder / f"{name}.md").write_text(ARTICLE.replace("bridge opens", f"{name} opens"), "utf-8")
        (folder / f"{name}.source.md").write_text(SOURCE, "utf-8")
    return folder


@pytest.fixture
def tercet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line, in an empty working directory."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)

    def call(*words: object) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words], prog_name="tercet")

    return call


@pytest.fixture
def results(made: Path, tercet: Callable[..., Result]) -> Path:
    """What the module's ``made`` holds, copied below the working directory."""
    return Path(shutil.copytree(made, "results"))


@pytest.fixture
def run(results: Path) -> Path:
    """The run of one system."""
    return next(results.glob("lead-*"))


@pytest.fixture
def other(results: Path) -> Path:
    """The run of another."""
    return next(results.glob("textrank-*"))


@pytest.fixture
def shared() -> Path:
    """The development data beside the repository; the test skips without it."""
    if not SHARED.is_dir():
        pytest.skip("the development data ../shared is not here")
    return SHARED
