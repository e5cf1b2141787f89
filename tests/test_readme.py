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
