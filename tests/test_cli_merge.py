"""``tercet merge``: what it says, and how it exits."""

import json
import shutil
import sys
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import Result

from tests.blessed_runs import rewrite
from tests.runs import articles, command, faithful, furnish

Call = Callable[..., Result]
WORDS = ("run", "summarizer=lead", "translator=copy", "metric=[shape]", "cache=null", "limit=3")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two parts of a run."""
    folder = tmp_path_factory.mktemp("merge")
    with chdir(folder):
        for number in (1, 2):
            assert command(*WORDS, f"part={number}/2").exit_code == 0
    return folder / "results"


@pytest.fixture
def parts(results: Path) -> list[Path]:
    return sorted(results.iterdir())


def test_it_says_where_the_run_is_and_what_comes_next(parts: list[Path], tercet: Call) -> None:
    done = tercet("merge", *parts)
    assert done.exit_code == 0, done.output
    folder = str(parts[0]).removesuffix("-part-1-of-2")
    assert done.stdout == ""
    assert done.stderr.splitlines() == [f"Written to {folder}/", f"To see its scores: tercet show {folder}"]
    shown = tercet("show", folder, "--format", "json")
    assert shown.exit_code == 0, shown.output
    again = tercet(*WORDS)
    assert "there already, unchanged" in again.stderr


def test_the_run_goes_where_it_is_told(parts: list[Path], tercet: Call) -> None:
    done = tercet("merge", *parts, "--results", "elsewhere/deep")
    assert done.exit_code == 0, done.output
    (folder,) = Path("elsewhere/deep").iterdir()
    assert parts[0].name == f"{folder.name}-part-1-of-2"
    assert not (parts[0].parent / folder.name).exists()


def test_parts_can_be_shown_and_verified_by_themselves(parts: list[Path], tercet: Call) -> None:
    assert tercet("show", *parts).exit_code == 0
    assert tercet("verify", *parts).exit_code == 0


def test_no_part_is_a_mistake_of_use(tercet: Call) -> None:
    done = tercet("merge")
    assert done.exit_code == 2
    assert "PART" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["{0}"], 2, "error: 2 of 3 articles are in no part: "),
        (["{0}", "{0}", "{1}"], 2, "error: {0} and {0} both have 1 articles: "),
        (["{0}", "nowhere"], 2, "error: nowhere: no run: there is no such folder."),
        (["{0}", "{whole}"], 2, "error: {whole} is no part of a run."),
        (["{0}", "{other}"], 3, "error: {other} is of another run than {0}: 'seed' differs."),
        (["{0}", "{broken}"], 2, "error: {broken}/sums.zip: missing, or changed since the part was made."),
        (["{0}", "{1}", "--config-dir", "nowhere"], 2, "error: The config folder 'nowhere' is not there."),
    ],
    ids=["gap", "overlap", "nowhere", "whole", "other", "broken", "config"],
)
def test_what_cannot_be_merged_is_said_in_two_lines(
    words: list[str], code: int, said: str, parts: list[Path], tercet: Call
) -> None:
    for name, change in (("other", "seed"), ("broken", None)):
        shutil.copytree(parts[1], name)
        if change is None:
            (Path(name) / "sums.zip").unlink()
        else:
            rewrite(Path(name), lambda info: info.update(seed=7))
    if "{whole}" in words:
        assert tercet("merge", *parts, "--results", "whole").exit_code == 0
    whole = next(Path("whole").glob("*"), None)
    names = {"whole": whole, "other": "other", "broken": "broken"}
    done = tercet("merge", *(word.format(*parts, **names) for word in words))
    assert done.exit_code == code, done.output
    first, second = done.stderr.splitlines()
    assert first.startswith(said.format(*parts, **names))
    assert second.startswith("  ")
    assert done.stdout == ""


def test_a_run_with_failures_is_written_and_is_incomplete(tercet: Call) -> None:
    found = articles(4)
    furnish(found)
    texts = {case: text for case, text in faithful(found).items() if case not in {"item-003:zh", "item-000:en"}}
    Path("own.jsonl").write_text("\n".join(json.dumps({"id": i, "text": t}) for i, t in texts.items()), "utf-8")
    words = ("score", "own.jsonl", "corpus=jsonl", "corpus.path=news.jsonl", "metric=[shape]")
    assert [tercet(*words, f"part={number}/2").exit_code for number in (1, 2)] == [4, 4]
    done = tercet("merge", *Path("results").iterdir())
    assert done.exit_code == 4
    assert "error: 2 outputs failed." in done.stderr
    assert "Written to results/" in done.stderr
    (folder,) = [path for path in Path("results").iterdir() if "-part-" not in path.name]
    assert json.loads((folder / "run.json").read_text("utf-8"))["failures"] == 2


def test_a_run_in_which_nothing_was_scored_is_incomplete(tercet: Call) -> None:
    found = articles(2)
    for item in found:
        item["references"] = {}
    furnish(found)
    words = ("corpus=jsonl", "corpus.path=news.jsonl", "languages=[en]", "summarizer=lead", "translator=copy")
    for number in (1, 2):
        assert tercet("run", *words, "metric=[chrf]", "cache=null", f"part={number}/2").exit_code == 4
    done = tercet("merge", *Path("results").iterdir())
    assert done.exit_code == 4
    assert "error: Nothing was scored." in done.stderr


def test_a_metric_of_ones_own_is_found_beside_the_configs(
    tmp_path: Path, tercet: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    configs = tmp_path / "mine" / "metric"
    configs.mkdir(parents=True)
    (configs / "words.yaml").write_text("# @package metrics.words\n_target_: own_merged_metric.Words\n", "utf-8")
    (tmp_path / "mine" / "own_merged_metric.py").write_text(
        "from dataclasses import dataclass\nfrom tercet.metrics.shape import Shape\n\n\n"
        "@dataclass(frozen=True, kw_only=True)\nclass Words(Shape):\n    pass\n",
        "utf-8",
    )
    path = list(sys.path)

    def forget() -> None:
        monkeypatch.setattr(sys, "path", list(path))  # each command finds it for itself
        monkeypatch.delitem(sys.modules, "own_merged_metric", raising=False)

    own = ("--config-dir", tmp_path / "mine")
    for number in (1, 2):
        forget()
        done = tercet(*WORDS, "metric=[words]", f"part={number}/2", *own)
        assert done.exit_code == 0, done.output
    parts = sorted(Path("results").iterdir())
    forget()
    assert tercet("merge", *parts).exit_code == 2
    forget()
    done = tercet("merge", *parts, *own)
    assert done.exit_code == 0, done.output
    forget()
    assert "there already" in tercet(*WORDS, "metric=[words]", *own).stderr
