"""`tercet gate`: exit codes, the files that are written whatever happens, and what GitHub is told."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import Result

from tercet.errors import ConfigError
from tercet.regression import gate
from tests.runs import articles, command, faithful, furnish, scored

Call = Callable[..., Result]
FILES = ("--junit", "out/gate.xml", "--markdown", "out/gate.md", "--json", "out/gate.json")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory with a run over twelve articles, and a copy of it as the baseline."""
    work = tmp_path_factory.mktemp("gate")
    found = articles(12)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(work)
        furnish(found)
        folder = scored(command, "before", faithful(found))
        shutil.copytree(folder, "baselines/default")
    return work


@pytest.fixture
def baseline(tercet: Call, made: Path) -> Path:
    """A run that the baseline of the working directory is a copy of."""
    shutil.copytree(made, ".", dirs_exist_ok=True)
    (folder,) = Path("before").iterdir()
    return folder


def told() -> tuple[str, str, int]:
    """What the files say: whether JUnit has an error or a failure, Markdown's verdict, JSON's exit code."""
    suite = ET.parse("out/gate.xml").getroot()[0]  # noqa: S314
    kind = "error" if suite.get("errors") != "0" else "failure" if suite.get("failures") != "0" else "pass"
    lines = Path("out/gate.md").read_text("utf-8").splitlines()
    assert lines[0] == "<!-- tercet-gate -->"
    return kind, lines[3].strip("*"), json.loads(Path("out/gate.json").read_text("utf-8"))["exit_code"]


def test_the_same_again_passes(tercet: Call, baseline: Path) -> None:
    result = tercet("gate", "--candidate", baseline, *FILES)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Pass: nothing differs in")
    kind, verdict, code = told()
    assert (kind, code) == ("pass", 0)
    assert verdict.startswith("Pass: ")


def test_a_false_figure_fails_and_names_its_article(tercet: Call, baseline: Path) -> None:
    found = articles(12)
    texts = faithful(found)
    texts["item-003:en"] = (texts["item-003:en"] or "").replace("14 million", "14 billion")
    candidate = scored(tercet, "after", texts)
    result = tercet("gate", "--candidate", candidate, *FILES)
    assert result.exit_code == 1, result.output
    assert "1 new false fact" in result.stdout
    kind, verdict, code = told()
    assert (kind, code) == ("failure", 1)
    assert "1 new false fact" in verdict
    assert "item-003:en" in Path("out/gate.md").read_text("utf-8")
    assert tercet("gate", "--candidate", candidate, "gate.new_facts=report").exit_code == 0
    assert tercet("gate", "--candidate", candidate, "gate.new_facts=report", "gate=strict").exit_code == 4


def test_a_regression_in_every_article_is_seen(tercet: Call, baseline: Path) -> None:
    texts = {case: (text or "")[: len(text or "") // 2] for case, text in faithful(articles(12)).items()}
    result = tercet("gate", "--candidate", scored(tercet, "after", texts), "gate.primary=rouge1", "--format", "json")
    assert result.exit_code == 1, result.output
    value = json.loads(result.stdout)
    worse = [check["name"] for check in value["checks"] if check["fails"] and check["kind"] == "difference"]
    assert worse == ["rouge1 en", "rouge1 zh"]
    assert value["verdict"].startswith("Fail: worse in rouge1 en (-0.")


def test_a_missing_output_is_incomplete(tercet: Call, baseline: Path) -> None:
    texts = faithful(articles(12)) | {"item-004:zh": None}
    candidate = scored(tercet, "after", texts)
    result = tercet("gate", "--candidate", candidate, *FILES)
    assert result.exit_code == 4, result.output
    assert "1 of 24 outputs failed in the candidate" in " ".join(result.stdout.split())
    assert told()[0::2] == ("error", 4)
    assert tercet("gate", "--candidate", candidate, "gate.max_missing=1").exit_code == 0


def test_other_articles_are_not_comparable(tercet: Call, baseline: Path) -> None:
    found = articles(13)
    furnish(found)
    candidate = scored(tercet, "after", faithful(found))
    result = tercet("gate", "--candidate", candidate, *FILES)
    assert result.exit_code == 3, result.output
    kind, verdict, code = told()
    assert (kind, code) == ("error", 3)
    assert verdict.startswith("No verdict: The runs cannot be compared")
    result = tercet("gate", "--candidate", candidate, "--on", "common")
    assert result.exit_code == 0, result.output
    assert "Not compared: 2 cases only in the candidate" in result.stdout


MISTAKES = {
    "--baseline nowhere": "tercet bless RUN",
    "--candidate baselines/default": "both baseline and candidate",
    "--candidate before.jsonl": "run.json",
    "--candidate before.jsonl summarizer=lead": "describes a run, and --candidate names one",
    "gate=strct": "Did you mean 'strict'?",
    "gate.alpha=2": "between 0 and 1",
    "gate.alfa=0.1": "Did you mean 'alpha'?",
    "gate.scores.rouge1.margn=0.1": "Did you mean 'margin'?",
    "gate.scores.rouge1.languages.zh.margn=0.1": "Did you mean 'margin'?",
    "gate.primary=rogue1": "Did you mean 'rouge1'?",
    "gate.scores.rouge1.languages.zh.floor=high": "rouge1",
    "hydra.mode=MULTIRUN summarizer=lead,textrank": "Name one with --candidate.",
}


@pytest.mark.parametrize("words", MISTAKES)
def test_a_mistake_exits_2_and_no_older_pass_stays(words: str, tercet: Call, baseline: Path) -> None:
    more = [] if "--candidate" in words or "rogue1" in words or "MULTIRUN" in words else ["--candidate", str(baseline)]
    Path("out").mkdir()
    for name in ("gate.xml", "gate.md", "gate.json"):
        Path("out", name).write_text("an older pass", "utf-8")
    result = tercet("gate", *words.split(), *more, *FILES)
    assert result.exit_code == 2, result.output
    assert MISTAKES[words] in result.output
    assert "Traceback" not in result.output
    assert told()[0::2] == ("error", 2)
    assert not Path("results").exists(), "it is found before anything is made"


def test_a_gate_that_is_killed_leaves_no_pass(tercet: Call, baseline: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*args: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tercet.regression.gate", killed)
    assert tercet("gate", *FILES).exit_code == 130
    assert told() == ("error", "No verdict: The gate did not finish.", 4)


def test_a_file_that_cannot_be_written_is_found_first(tercet: Call, baseline: Path) -> None:
    Path("file").write_text("", "utf-8")
    result = tercet("gate", "--candidate", baseline, "--json", "file/gate.json")
    assert result.exit_code == 2
    assert "cannot be written" in result.output


def test_the_overrides_make_the_candidate_or_find_it(tercet: Call) -> None:
    words = ("corpus=sample", "limit=10", "metric=[rouge]")
    assert tercet("run", *words).exit_code == 0
    (folder,) = Path("results").iterdir()
    shutil.copytree(folder, "base")
    again = tercet("gate", *words, "--baseline", "base")
    assert again.exit_code == 0, again.output
    assert "there already, unchanged" in again.stderr
    other = tercet("gate", *words, "summarizer.sentences=1", "--baseline", "base", "gate.min_articles=20")
    assert other.exit_code == 4, other.output
    assert "the policy asks for 20" in " ".join(other.stdout.split())
    assert len(list(Path("results").iterdir())) == 2
    assert tercet("gate", *words, "--baseline", folder).exit_code == 2


def test_github_is_told_on_standard_error_and_in_the_summary(
    tercet: Call, baseline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    texts = faithful(articles(12)) | {"item-004:zh": None}
    result = tercet("gate", "--candidate", scored(tercet, "after", texts), "--format", "json", "--name", "zh")
    assert json.loads(result.stdout)["exit_code"] == 4
    assert "::error title=tercet gate%3A outputs of the candidate::1 of 24 outputs failed" in result.stderr
    assert "<!-- tercet-gate: zh -->" in Path("summary.md").read_text("utf-8")
    result = tercet("gate", "--baseline", "nowhere")
    assert "::error title=tercet gate::There is no baseline 'nowhere'." in result.stderr
    assert Path("summary.md").read_text("utf-8").count("<!-- tercet-gate") == 2
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "/proc/nowhere/summary.md")
    assert tercet("gate", "--candidate", baseline).exit_code == 2


def test_markdown_goes_to_standard_output(tercet: Call, baseline: Path) -> None:
    result = tercet("gate", "--candidate", baseline, "--format", "markdown", *FILES)
    assert result.stdout == Path("out/gate.md").read_text("utf-8")


def test_from_python_the_ruling_comes_back_and_nobody_need_be_told(tercet: Call) -> None:
    words = ("corpus=sample", "limit=10", "metric=[rouge]")
    assert tercet("run", *words, "results=base").exit_code == 0
    (folder,) = Path("base").iterdir()
    first, again = (gate(words, baseline=folder) for _ in range(2))
    assert first == again
    assert (first.exit_code, first.policy) == (0, "default")
    with pytest.raises(ConfigError, match="Did you mean 'common'"):
        gate(words, baseline=folder, on="comon")
