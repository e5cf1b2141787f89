"""What the README shows is what happens."""

from collections.abc import Callable
from pathlib import Path

from click.testing import Result

README = Path(__file__).parents[1] / "README.md"


def blocks(language: str) -> list[str]:
    parts = README.read_text("utf-8").split("```")
    return [part.removeprefix(f"{language}\n") for part in parts[1::2] if part.startswith(f"{language}\n")]


def test_the_leaderboard_is_what_the_demonstration_prints(tercet: Callable[..., Result]) -> None:
    result = tercet("run", "experiment=demo")
    assert result.exit_code == 0, result.output
    printed = "\n".join(line.rstrip() for line in result.stdout.splitlines()).strip()
    assert blocks("")[0].strip() == printed


def test_the_metric_is_picked_up(tmp_path: Path, tercet: Callable[..., Result]) -> None:
    (yaml,) = [block for block in blocks("yaml") if "loud.Loud" in block]
    (code,) = [block for block in blocks("python") if "class Loud" in block]
    own = tmp_path / "my_conf"
    (own / "metric").mkdir(parents=True)
    (own / "metric" / "loud.yaml").write_text(yaml, "utf-8")
    (tmp_path / "loud.py").write_text(code, "utf-8")
    result = tercet("run", "--config-dir", own, "metric=[chrf,loud]", "limit=1")
    assert result.exit_code == 0, result.output


def test_the_article_is_a_corpus(tmp_path: Path, tercet: Callable[..., Result]) -> None:
    (article,) = blocks("markdown")
    (tmp_path / "a.md").write_text(article, "utf-8")
    result = tercet("run", "corpus=markdown", f"corpus.path={tmp_path}", "route=translate")
    assert result.exit_code == 0, result.output
    assert "1/1" in result.output


def test_the_python_runs(tercet: Callable[..., Result]) -> None:
    (code,) = [block for block in blocks("python") if "tercet.measure" in block]
    names: dict[str, object] = {}
    exec(code.partition("run = ")[0], names)  # noqa: S102 (our own README)
    assert "found" in names


AUDITED = """\
---
title: A bridge opens
language: en
---
**文章摘要：**
一座长1.2公里的桥周五通车，耗资8000万欧元。

**要点：**
- **造价：** 自2021年以来，造价翻了三番。

---
**Article Summary:**
A bridge of 1.2 kilometres opened on Friday at a cost of €80n.

**Key Points:**
- **Cost:** Since 2021 the cost has tripled, to €80mn.
"""


def test_the_audit_is_what_the_command_prints(tmp_path: Path, tercet: Callable[..., Result]) -> None:
    folder = tmp_path / "my_articles"
    folder.mkdir()
    (folder / "bridge.md").write_text(AUDITED, "utf-8")
    result = tercet("audit", "corpus=markdown", f"corpus.path={folder}")
    assert result.exit_code == 1
    assert blocks("text")[0].strip() == result.stdout.strip()
