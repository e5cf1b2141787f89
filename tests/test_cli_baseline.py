"""The commands over baselines: what they say, what they ask, and how they exit."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tercet import cli_baseline
from tercet.cli import main
from tests.blessed_runs import change_rows, rewrite, run_json
from tests.runs import swept

Call = Callable[..., Result]
WHY = ("--why", "the first one", "--by", "Ann")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs over one corpus."""
    return swept(tmp_path_factory.mktemp("made") / "results", "limit=4", "metric=[chrf,shape]")


def test_blessing_says_what_is_there_and_what_comes_next(run: Path, tercet: Call) -> None:
    done = tercet("bless", run, *WHY)
    assert done.exit_code == 0, done.output
    first, size, *rest = done.stdout.splitlines()
    assert first == f"{run} (lead + glossary; 8 outputs, 16 scores) is now the baseline baselines/default"
    assert re.fullmatch(r"\d+ kB: cases.jsonl, evidence.jsonl, run.json, scores.parquet", size)
    assert rest[-2:] == [
        "Next: git add baselines/default",
        "      tercet gate --baseline baselines/default --candidate RUN",
    ]


def test_blessing_again_says_what_changes_and_who_blessed_before(run: Path, other: Path, tercet: Call) -> None:
    tercet("bless", run, *WHY, "--to", "baselines/release")
    done = tercet("bless", other, "--why", "[red]longer\x1b[2J", "--by", "Bob", "--to", "baselines/release")
    assert done.exit_code == 0, done.output
    when = "[0-9-]{10}T[0-9:]{8}Z"
    assert re.search(
        rf"^It replaces {run.name}, which Ann blessed on {when}: the first one$", done.stdout, re.MULTILINE
    )
    before, after = (run_json(folder)["scores"][0]["value"] for folder in (run, other))
    assert re.search(rf"^  chrf en +{before:.1f} -> +{after:.1f}  {after - before:+.1f}$", done.stdout, re.MULTILINE), (
        done.stdout
    )
    assert re.search(r"^  \d+ scores unchanged$", done.stdout, re.MULTILINE)
    assert "git add baselines/release" in done.stdout
    done = tercet("bless", other, *WHY, "--to", "baselines/release")
    assert "which Bob blessed on" in done.stdout
    assert "\x1b" not in done.stdout, "a reason is shown and not obeyed"
    assert "  16 scores unchanged" in done.stdout.splitlines()


def test_scores_that_were_made_otherwise_are_marked(run: Path, tercet: Call) -> None:
    tercet("bless", run, *WHY)
    folder = Path("baselines/default")
    signature = run_json(folder)["signatures"]["chrf"]["zh"]
    rewrite(folder, lambda info: info["signatures"]["chrf"].update(zh=signature.replace("|beta:2|", "|beta:3|")))
    rewrite(folder, lambda info: info["scores"].pop(0))
    done = tercet("bless", run, *WHY)
    assert re.search(r"^  chrf en +none -> +\d+\.\d$", done.stdout, re.MULTILINE), done.stdout
    assert re.search(
        r"^  chrf zh +\d+\.\d -> +\d+\.\d  \+0\.0  made otherwise: beta: 3 against 2$", done.stdout, re.MULTILINE
    )


@pytest.mark.parametrize("why", [(), ("--why", " ")])
def test_nothing_is_blessed_without_a_reason(why: tuple[str, ...], run: Path, tercet: Call) -> None:
    done = tercet("bless", run, "--by", "Ann", *why)
    assert done.exit_code == 2
    assert done.stderr == 'error: It is not said why this run is the baseline.\n  Add --why "TEXT".\n'
    assert not Path("baselines").exists()


def test_on_a_terminal_the_reason_is_asked_for(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_baseline, "_on_terminal", lambda: True)
    done = CliRunner().invoke(main, ["bless", str(run), "--by", "Ann"], input="it is shorter\n")
    assert done.exit_code == 0, done.output
    assert "Why is this run the baseline: it is shorter" in done.output
    assert run_json(Path("baselines/default"))["blessed"]["why"] == "it is shorter"


def test_an_author_without_a_name_is_refused(run: Path, tercet: Call) -> None:
    done = tercet("bless", run, "--why", "w", "--by", " ")
    assert done.exit_code == 2
    assert "--by is empty" in done.stderr


def test_a_run_with_failures_is_incomplete_unless_forced(run: Path, tercet: Call) -> None:
    rewrite(run, lambda info: info.update(status="incomplete", failures=1))
    done = tercet("bless", run, *WHY)
    assert done.exit_code == 4
    assert "add --force" in done.stderr
    assert tercet("bless", run, *WHY, "--force").exit_code == 0


def test_runs_are_verified(results: Path, tercet: Call) -> None:
    folders = sorted(results.iterdir())
    assert any((folder / "sweep.json").exists() for folder in folders), "which is passed over"
    done = tercet("verify", *folders)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        f"{folder}: verified: 16 rows, 16 scores" for folder in folders if not (folder / "sweep.json").exists()
    ]


def test_ten_discrepancies_are_shown_with_both_values(run: Path, tercet: Call) -> None:
    def change(rows: list[dict[str, object]]) -> None:
        for row in rows:
            row["repeat"] = 7

    change_rows(run, change)
    done = tercet("verify", run)
    assert done.exit_code == 1
    first, *lines, last = done.stdout.splitlines()
    assert first == f"{run}: 16 discrepancies in 16 rows, 16 scores"
    assert len(lines) == 10
    case = json.loads((run / "cases.jsonl").read_text("utf-8").split("\n")[0])["id"]
    assert lines[0] == f"  scores.parquet: chrf en {case}: repeat: stored 7, computed 0"
    assert last == "  and 6 more"


def test_of_a_baseline_without_outputs_only_the_scores_are_verified(run: Path, tercet: Call) -> None:
    tercet("bless", run, *WHY)
    done = tercet("verify", "baselines/default")
    assert done.exit_code == 4
    first, second = done.stdout.splitlines()
    assert first == "baselines/default: 16 rows, 16 scores: the scores are those of the rows"
    assert "--with-outputs" in second
    tercet("bless", run, *WHY, "--with-outputs")
    assert tercet("verify", "baselines/default").exit_code == 0


def test_one_bad_run_does_not_hide_the_next(run: Path, other: Path, tercet: Call) -> None:
    """Damaged is 2, changed is 1, another version is 3: of several the smallest, and all are told."""
    rewrite(run, lambda info: info["signatures"]["chrf"].update(zh="chrf|lang:zh|version:0"))
    done = tercet("verify", run, other)
    assert done.exit_code == 3
    assert f"error: {run}: scored otherwise, in the run against here: chrf zh: " in done.stderr
    assert f"{other}: verified" in done.stdout
    (other / "outputs.jsonl").write_text("{}\n")
    assert tercet("verify", run, other).exit_code == 2
    done = tercet("verify", run, other, "--format", "json")
    assert done.exit_code == 2
    told = json.loads(done.stdout)["runs"]
    assert [(item["run"], item["exit_code"], item["verified"]) for item in told] == [
        (str(run), 3, False),
        (str(other), 2, False),
    ]
    assert all(item["error"] and item["remedy"] for item in told)


def test_json_holds_every_discrepancy(run: Path, tercet: Call) -> None:
    whole = tercet("verify", run, "--format", "json")
    assert json.loads(whole.stdout) == {
        "runs": [
            {
                "run": str(run), "exit_code": 0, "verified": True, "rows": 16, "scores": 16, "differing": [],
                "unknown": [], "outputs": True, "notes": [],
            }
        ]
    }  # fmt: skip
    value = run_json(run)["scores"][0]["value"]
    rewrite(run, lambda info: info["scores"][0].update(value=0.25))
    done = tercet("verify", run, "--format", "json")
    assert done.exit_code == 1
    (item,) = json.loads(done.stdout)["runs"][0]["differing"]
    assert item == {
        "file": "run.json", "what": "chrf value", "stored": "0.25", "computed": repr(value), "metric": "chrf",
        "language": "en", "case": "",
    }  # fmt: skip


@pytest.mark.parametrize("words", [("verify",), ("verify", "nowhere"), ("bless", "nowhere", *WHY)])
def test_what_is_no_run_is_a_mistake(words: tuple[str, ...], tercet: Call) -> None:
    done = tercet(*words)
    assert done.exit_code == 2
    assert done.stderr


def test_a_sweep_that_is_named_alone_stands_for_its_runs(results: Path, tercet: Call) -> None:
    (sweep,) = [folder for folder in results.iterdir() if (folder / "sweep.json").exists()]
    done = tercet("verify", sweep)
    assert done.exit_code == 0
    runs = json.loads((sweep / "sweep.json").read_text("utf-8"))["runs"]
    assert done.output.count("verified: 16 rows, 16 scores") == len(runs)


def test_a_metric_of_ones_own_is_found_beside_the_configs(
    articles: Path, tmp_path: Path, tercet: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    configs = tmp_path / "mine" / "metric"
    configs.mkdir(parents=True)
    (configs / "words.yaml").write_text("# @package metrics.words\n_target_: own_words_metric.Words\n", "utf-8")
    (tmp_path / "mine" / "own_words_metric.py").write_text(
        "from dataclasses import dataclass\nfrom tercet.metrics.shape import Shape\n\n\n"
        "@dataclass(frozen=True, kw_only=True)\nclass Words(Shape):\n    pass\n",
        "utf-8",
    )
    path = list(sys.path)
    for command in ("run", "bless", "verify"):
        monkeypatch.setattr(sys, "path", list(path))  # each command finds it for itself
        monkeypatch.delitem(sys.modules, "own_words_metric", raising=False)
        folders = list(Path("results").glob("lead-*"))
        words = ["corpus=markdown", f"corpus.path={articles}", "metric=[words]"] if command == "run" else folders
        done = tercet(command, *words, *(WHY if command == "bless" else ()), "--config-dir", tmp_path / "mine")
        assert done.exit_code == 0, done.output
