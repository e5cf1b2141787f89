"""What tests share: articles as files, and the command line run in this process."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tercet.cli import main

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
def shared() -> Path:
    """The development data beside the repository; the test skips without it."""
    if not SHARED.is_dir():
        pytest.skip("the development data ../shared is not here")
    return SHARED
