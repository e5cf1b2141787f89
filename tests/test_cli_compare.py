"""The command that compares: what may be named, what is passed on, what comes back."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tercet.cli import main
from tercet.comparing.compare import Settings
from tercet.comparing.records import Comparison
from tercet.errors import IncompleteError, NotComparableError
from tercet.runs import Run
from tests.report.compared import comparison

Call = Callable[..., Result]


class Asked:
    """Stands in for the comparison: keeps what it was asked, and answers by hand."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.settings = Settings()
        self.labels: list[str] | None = None
        self.error: Exception | None = None

    def __call__(self, runs: Sequence[Run], settings: Settings, labels: Sequence[str] | None = None) -> Comparison:
        self.runs, self.settings, self.labels = list(runs), settings, None if labels is None else list(labels)
        if self.error is not None:
            raise self.error
        return comparison()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    asked = Asked()
    monkeypatch.setattr("tercet.comparing.compare.compare", asked)
    return asked


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of results: two runs, and the folder of their sweep beside them."""
    work = tmp_path_factory.mktemp("made")
    words = ("run", "-m", "summarizer=lead,textrank", "corpus=sample", "limit=3", "route=direct", "languages=[en]")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(work)
        result = CliRunner().invoke(main, [*words, "metric=[chrf]"])
    assert result.exit_code == 0, result.output
    return work / "results"


@pytest.fixture
def runs(made: Path, tercet: Call) -> list[str]:
    """The folders of two runs, in results/ of the working directory."""
    shutil.copytree(made, "results")
    return sorted(str(path.parent) for path in Path("results").glob("*/run.json"))


@pytest.fixture
def files(tmp_path: Path, tercet: Call) -> list[str]:
    """Two files of translations and the words that name their corpus."""
    for name, text in {"a": "a cat\na dog\n", "b": "a cat\nno dog\n", "ref": "a cat\na dog\n"}.items():
        Path(f"{name}.txt").write_text(text, "utf-8")
    Path("src.txt").write_text("一只猫\n一只狗\n", "utf-8")
    corpus = ["source=src.txt", "references=[ref.txt]", "source_language=zh", "target_language=en"]
    return ["a.txt", "b.txt", "corpus=parallel", *(f"corpus.{word}" for word in corpus), "metric=[chrf]"]


def test_runs_are_compared_with_the_first(tercet: Call, runs: list[str], asked: Asked) -> None:
    result = tercet("compare", *reversed(runs))
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("B against A over 20 to 24 articles: better in rouge1 en")
    assert [str(run.folder) for run in asked.runs] == list(reversed(runs))
    assert (asked.settings, asked.labels) == (Settings(), None)


def test_the_folder_of_a_sweep_is_passed_over(tercet: Call, runs: list[str], asked: Asked) -> None:
    folders = sorted(path for path in Path("results").iterdir())
    assert len(folders) == 3
    assert tercet("compare", *folders).exit_code == 0
    assert len(asked.runs) == 2


def test_every_option_is_a_setting(tercet: Call, runs: list[str], asked: Asked) -> None:
    options = "--on common --seed 7 --replicates 99 --alpha 0.01 --power 0.9 --correction bh --score chrf --score bleu"
    result = tercet("compare", *runs, *options.split(), "--primary", "chrf", "--movers", "2", "--slices")
    assert result.exit_code == 0, result.output
    assert asked.settings == Settings(
        on="common",
        seed=7,
        replicates=99,
        alpha=0.01,
        power=0.9,
        correction="bh",
        scores=("chrf", "bleu"),
        primary="chrf",
        movers=2,
        sliced=True,
    )


@pytest.mark.parametrize(
    ("form", "start"),
    [("markdown", "**B against A"), ("json", '{\n  "baseline"'), ("latex", "% \\usepackage"), ("table", "B against A")],
)
def test_a_form_is_printed_or_written_by_name_or_ending(
    tercet: Call, runs: list[str], asked: Asked, form: str, start: str
) -> None:
    printed = tercet("compare", *runs, "--format", form)
    assert printed.exit_code == 0, printed.output
    assert printed.stdout.startswith(start)
    ending = {"markdown": "md", "json": "json", "latex": "tex", "table": "txt"}[form]
    written = tercet("compare", *runs, "-o", f"new/out.{ending}")
    assert (written.exit_code, written.stdout) == (0, "")
    assert f"Written to new/out.{ending}" in written.stderr
    text = Path(f"new/out.{ending}").read_text("utf-8")
    assert [line.rstrip() for line in text.splitlines()] == [line.rstrip() for line in printed.stdout.splitlines()]
    assert [path.name for path in Path("new").iterdir()] == [f"out.{ending}"]


def test_a_named_form_goes_before_an_ending(tercet: Call, runs: list[str], asked: Asked) -> None:
    assert tercet("compare", *runs, "-o", "out.md", "--format", "json").exit_code == 0
    assert json.loads(Path("out.md").read_text("utf-8"))["baseline"]["label"] == "A"


def test_files_are_scored_and_compared(tercet: Call, files: list[str], asked: Asked) -> None:
    result = tercet("compare", *files)
    assert result.exit_code == 0, result.output
    assert asked.labels == ["a", "b"]
    assert [run.scores["en"]["chrf"] == 100.0 for run in asked.runs] == [True, False]
    assert "B against A" in result.stdout
    again = tercet("compare", *files)
    assert again.stdout == result.stdout


def test_an_output_that_answers_no_case_is_mentioned(tercet: Call, articles: Path, asked: Asked) -> None:
    for name in ("a", "b"):
        lines = [{"id": f"{article}:en", "text": f"{name} {article}"} for article in ("bridge", "ferry", "brigde")]
        Path(f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    words = ("corpus=markdown", f"corpus.path={articles}", "languages=[en]", "metric=[chrf]")
    result = tercet("compare", "a.jsonl", "b.jsonl", *words)
    assert result.exit_code == 0, result.output
    assert "1 output answers no case: brigde:en" in result.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [(NotComparableError("The corpora differ.", "Add --on common."), 3), (IncompleteError("Nothing is there."), 4)],
)
def test_what_cannot_be_compared_says_so_by_its_code(
    tercet: Call, runs: list[str], asked: Asked, error: Exception, code: int
) -> None:
    asked.error = error
    result = tercet("compare", *runs, "-o", "out.md")
    assert (result.exit_code, result.stdout) == (code, "")
    assert str(error).split(".")[0] in result.stderr
    assert not Path("out.md").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Missing argument"),
        (("RUN",), "needs two runs"),
        (("RUN", "nowhere"), "nowhere: no run"),
        (("a.txt",), "needs two runs"),
        (("a.txt", "corpus=parallel"), "needs two runs"),
        (("a.txt", "a.txt"), "'a.txt' is named twice"),
        (("a.txt", "c.txt"), "There is no file 'c.txt'"),
        (("a.txt", "RUN"), "is a folder, and is compared with run folders alone"),
        (("RUN", "RUN", "corpus=sample"), "KEY=VALUE is for files"),
        (("a.txt", "b.txt", "corpus=paralel"), "Did you mean 'parallel'?"),
        (("RUN", "RUN", "--alpha", "0"), "alpha"),
        (("RUN", "RUN", "--alpha", "nan"), "alpha"),
        (("RUN", "RUN", "--power", "1"), "power"),
        (("RUN", "RUN", "--replicates", "0"), "replicates"),
        (("RUN", "RUN", "--seed", "-1"), "seed"),
        (("RUN", "RUN", "--correction", "maxt"), "max_t"),
        (("RUN", "RUN", "--format", "csv"), "csv"),
        (("RUN", "RUN", "-o", "."), "directory"),
    ],
)
def test_a_wrong_word_is_named(
    tercet: Call, runs: list[str], files: list[str], asked: Asked, words: tuple[str, ...], said: str
) -> None:
    result = tercet("compare", *(runs[0] if word == "RUN" else word for word in words))
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert said in " ".join(result.stderr.split())
    assert not asked.runs


def test_real_runs_are_compared_the_same_each_time(tercet: Call, runs: list[str]) -> None:
    result = tercet("compare", *runs, "--format", "json", "--seed", 3)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    assert [item["score"] for item in found["versus"][0]["differences"]] == ["chrf"]
    assert found["method"]["seed"] == 3
    assert tercet("compare", *runs, "--format", "json", "--seed", 3).stdout == result.stdout
    assert "How it was compared:" in tercet("compare", *runs).stdout


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, tercet.cli; print(sorted({'numpy', 'rich', 'hydra', 'pyarrow', 'yaml'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
