"""The command that writes reports: where, of what, and what is left after a mistake."""

import importlib
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import Result

from tests.blessed_runs import change_lines, rewrite
from tests.runs import swept
from tests.viewing.unpacking import parts

Call = Callable[..., Result]
QUICK = ("--replicates", "199")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep of two runs."""
    return swept(tmp_path_factory.mktemp("made") / "results", "limit=3", "metric=[chrf,facts]")


@pytest.fixture
def sweep(results: Path) -> Path:
    (found,) = [folder for folder in results.iterdir() if (folder / "sweep.json").exists()]
    return found


def made_by(done: Result, path: Path) -> dict[str, object]:
    assert done.exit_code == 0, done.output
    assert f"Written to {path} (" in done.stderr
    assert done.stdout == ""
    page: dict[str, object] = parts(path)["page"]
    return page


def test_the_report_of_one_run_lies_in_its_folder(run: Path, tercet: Call) -> None:
    page = made_by(tercet("report", run), run / "report.html")
    assert page["title"] == "lead + glossary"
    assert page["command"] == f"tercet report {run}"


def test_a_run_with_a_report_is_still_the_same_run(run: Path, tercet: Call) -> None:
    assert tercet("report", run, *QUICK).exit_code == 0
    assert tercet("verify", run).exit_code == 0
    assert parts(run / "report.html")["page"]["systems"]


def test_the_report_of_several_runs_lies_where_one_stands(run: Path, other: Path, tercet: Call) -> None:
    page = made_by(tercet("report", run, other, *QUICK), Path("report.html"))
    assert page["title"] == "lead + glossary / textrank + glossary"


def test_a_sweep_that_is_named_alone_is_its_runs_with_their_labels(sweep: Path, tercet: Call) -> None:
    told = json.loads((sweep / "sweep.json").read_text("utf-8"))
    page = made_by(tercet("report", sweep, *QUICK), sweep / "report.html")
    assert {system["label"] for system in page["systems"]} == set(told["labels"])  # type: ignore[attr-defined]
    assert {system["folder"] for system in page["systems"]} == set(told["runs"])  # type: ignore[attr-defined]
    rewritten = {**told, "labels": ["one", "two"]}
    (sweep / "sweep.json").write_text(json.dumps(rewritten), "utf-8")
    page = made_by(tercet("report", sweep, *QUICK), sweep / "report.html")
    assert {system["label"] for system in page["systems"]} == {"one", "two"}  # type: ignore[attr-defined]


def test_a_sweep_beside_one_of_its_runs_is_passed_over(results: Path, run: Path, sweep: Path, tercet: Call) -> None:
    page = made_by(tercet("report", sweep, run), Path("report.html"))
    assert len(page["systems"]) == 1  # type: ignore[arg-type]


def test_a_file_is_written_where_it_is_named_and_its_folders_are_made(run: Path, tercet: Call) -> None:
    page = made_by(tercet("report", run, "-o", "a/b/x.htm", "--title", "My <title>"), Path("a/b/x.htm"))
    assert page["title"] == "My <title>"
    assert "<title>My &lt;title&gt;</title>" in Path("a/b/x.htm").read_text("utf-8")
    assert not (run / "report.html").exists()
    assert [path.name for path in Path("a/b").iterdir()] == ["x.htm"]


def test_the_command_in_a_report_makes_it_again(run: Path, other: Path, tercet: Call) -> None:
    words = ("--title", "a 'b'", "--primary", "chrf", "--seed", 5, "--no-audit", "-o", "the report.html")
    page = made_by(tercet("report", run, other, *words, *QUICK), Path("the report.html"))
    before = Path("the report.html").read_bytes()
    Path("the report.html").unlink()
    name, *again = shlex.split(str(page["command"]))
    assert name == "tercet"
    assert tercet(*again).exit_code == 0
    assert Path("the report.html").read_bytes() == before
    assert page["method"]["seed"] == 5  # type: ignore[index]


def test_the_command_in_a_report_names_the_folder_of_configs(run: Path, tercet: Call) -> None:
    Path("mine").mkdir()
    page = made_by(tercet("report", run, "--config-dir", "mine"), run / "report.html")
    assert "--config-dir mine" in str(page["command"])


def test_the_score_to_sort_by_is_tested_apart(run: Path, other: Path, tercet: Call) -> None:
    page = made_by(tercet("report", run, other, "--primary", "fact_recall", *QUICK), Path("report.html"))
    assert page["primary"] == "fact_recall"
    assert {leader["score"] for leader in page["leaders"]} == {"fact_recall"}  # type: ignore[attr-defined]
    (pair,) = page["pairs"]  # type: ignore[misc]
    assert "fact_recall" in {found["score"] for found in pair["differences"]}  # type: ignore[has-type]


def test_the_same_runs_give_the_same_bytes_whatever_the_seed_of_hashes(
    results: Path, sweep: Path, tercet: Call
) -> None:
    assert tercet("report", sweep, "-o", "here.html", *QUICK).exit_code == 0
    first = Path("here.html").read_bytes()
    assert tercet("report", sweep, "-o", "here.html", *QUICK).exit_code == 0
    assert Path("here.html").read_bytes() == first
    for seed in ("0", "1"):
        words = [sys.executable, "-m", "tercet", "report", str(sweep), "-o", "here.html", *QUICK]
        subprocess.run(words, check=True, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, timeout=90)
        assert Path("here.html").read_bytes() == first


def test_no_path_of_this_machine_is_in_a_report(run: Path, other: Path, made: Path, tercet: Call) -> None:
    assert tercet("report", run, other, *QUICK).exit_code == 0
    found = parts(Path("report.html"))
    del found["licences"]
    text = json.dumps(found)
    for place in (Path.cwd(), Path.home(), Path(sys.prefix), Path(__file__).parents[1], made):
        assert str(place) not in text


# What is too large


@pytest.fixture
def page_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lower the number of cases that a page holds; whoever then reads rows is told."""

    def lower(cases: int) -> None:
        def fail(*_: object) -> None:
            raise AssertionError("rows are read")

        monkeypatch.setattr("tercet.viewing.making.MOST_CASES", cases)
        monkeypatch.setattr("tercet.viewing.making.contents", fail)

    return lower


def test_more_cases_than_a_page_holds_are_refused_before_a_row_is_read(
    run: Path, other: Path, sweep: Path, tercet: Call, page_of: Callable[[int], None]
) -> None:
    page_of(11)
    for words in ((run, other), (sweep,)):
        done = tercet("report", *words, "-o", "x.html")
        assert done.exit_code == 2
        assert done.stderr.splitlines()[-2:] == [
            "error: A page holds up to 11 cases, and the 2 runs have 12.",
            "  Write the scores without the texts: --format md, json, csv or latex; or make a report of fewer runs,"
            " or of runs of fewer articles: limit=N.",
        ]
    assert not Path("x.html").exists()
    page_of(5)
    assert "error: A page holds up to 5 cases, and the run has 6.\n" in tercet("report", run).stderr
    assert not (run / "report.html").exists()


def test_as_many_cases_as_a_page_holds_are_a_page(
    run: Path, other: Path, tercet: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tercet.viewing.making.MOST_CASES", 12)
    made_by(tercet("report", run, other, *QUICK), Path("report.html"))


@pytest.mark.parametrize("form", ["md", "json", "csv", "latex"])
def test_what_the_refusal_names_is_written_of_any_number(
    form: str, run: Path, other: Path, tercet: Call, page_of: Callable[[int], None]
) -> None:
    page_of(1)
    done = tercet("report", run, other, "--format", form, *QUICK)
    assert done.exit_code == 0, done.output
    assert "textrank" in done.stdout


def test_an_index_needs_only_what_runs_say_of_themselves(
    results: Path, tercet: Call, page_of: Callable[[int], None]
) -> None:
    page_of(1)
    for file in results.glob("*/*"):
        if file.name not in {"run.json", "sweep.json"}:
            file.write_bytes(b"")
    done = tercet("report", "--index", results)
    assert done.exit_code == 0, done.output
    assert done.stderr.startswith("2 runs; ")


def test_the_help_names_the_number(tercet: Call) -> None:
    from tercet.viewing.making import MOST_CASES

    assert f"up to {MOST_CASES:,} cases" in " ".join(tercet("report", "--help").stdout.split())


# What is wrong


def test_without_a_run_it_is_said_how_to_name_one(tercet: Call) -> None:
    done = tercet("report")
    assert done.exit_code == 2
    assert "No run is named" in done.stderr
    assert "results/*/" in done.stderr
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    ("word", "said"), [("nowhere", "there is no such folder"), (".", "there is no run.json")], ids=["nowhere", "here"]
)
def test_what_is_no_run_is_a_mistake(word: str, said: str, tercet: Call) -> None:
    done = tercet("report", word)
    assert done.exit_code == 2
    assert said in done.stderr
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("older", [None, "an older report"], ids=["first", "again"])
@pytest.mark.parametrize("damage", ["hash", "missing", "json", "numbers", "evidence"])
def test_of_a_damaged_run_nothing_is_written(damage: str, older: str | None, run: Path, tercet: Call) -> None:
    if older is not None:
        (run / "report.html").write_text(older, "utf-8")
    if damage == "hash":
        with (run / "scores.parquet").open("ab") as file:
            file.write(b"\0")
    elif damage == "missing":
        (run / "outputs.jsonl").unlink()
    elif damage == "json":
        (run / "run.json").write_text("{", "utf-8")
    elif damage == "numbers":
        rewrite(run, lambda info: info["scores"][0].update(value=0.123))
    else:
        change_lines(run, "evidence.jsonl", lambda items: items.append({"id": "x:en", "metric": "facts"}))
    done = tercet("report", run)
    assert done.exit_code == 2, done.output
    assert str(run) in done.stderr
    assert {path.name for path in run.iterdir() if "report" in path.name} == ({"report.html"} if older else set())
    if older is not None:
        assert (run / "report.html").read_text("utf-8") == older


def test_a_score_that_no_run_has_is_a_mistake_with_a_near_one(run: Path, tercet: Call) -> None:
    done = tercet("report", run, "--primary", "chrff")
    assert done.exit_code == 2
    assert "chrf" in done.stderr
    assert not (run / "report.html").exists()


@pytest.mark.parametrize(
    "option",
    [("--seed", "-1"), ("--replicates", "0"), ("--format", "pdf"), ("--config-dir", "no")],
    ids=["seed", "replicates", "format", "config-dir"],
)
def test_options_have_ranges(option: tuple[str, str], run: Path, tercet: Call) -> None:
    assert tercet("report", run, *option).exit_code == 2
    assert not (run / "report.html").exists()


def test_a_folder_is_no_file_to_write(run: Path, tercet: Call) -> None:
    done = tercet("report", run, "-o", "results")
    assert done.exit_code == 2
    assert "results" in done.stderr


def test_where_nothing_can_be_written_it_is_said(run: Path, tercet: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path.name for path in run.iterdir()}

    def fail(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    done = tercet("report", run)
    assert done.exit_code == 2
    assert "report.html: cannot be written: No space left on device" in done.stderr
    assert "-o FILE" in done.stderr
    assert {path.name for path in run.iterdir()} == before


@pytest.mark.parametrize("path", ["plain.txt/x.html", f"{'x' * 300}.html"], ids=["below-a-file", "long"])
def test_a_place_that_cannot_be_is_said(path: str, run: Path, tercet: Call) -> None:
    Path("plain.txt").write_text("", "utf-8")
    done = tercet("report", run, "-o", path)
    assert done.exit_code == 2
    assert "cannot be written" in done.stderr


def test_without_jinja_the_extra_is_named_and_an_older_report_stays(
    run: Path, tercet: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    (run / "report.html").write_text("an older report", "utf-8")
    real = importlib.import_module

    def absent(name: str, package: str | None = None) -> ModuleType:
        if name == "jinja2":
            raise ModuleNotFoundError("No module named 'jinja2'", name="jinja2")
        return real(name, package)

    monkeypatch.setattr("tercet.extras.import_module", absent)
    done = tercet("report", run)
    assert done.exit_code == 2
    assert "pip install 'tercet[report]'" in done.stderr
    assert (run / "report.html").read_text("utf-8") == "an older report"
    assert not [path for path in run.iterdir() if path.name.endswith(".tmp")]
