"""A report as a document, in its forms."""

import csv
import io
import json
from collections.abc import Sequence
from contextlib import chdir
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tercet.comparing.settings import Settings
from tercet.errors import ConfigError, RunError
from tercet.runs import Run, load_run
from tercet.viewing.document import Document, as_csv, as_json, as_latex, as_markdown, document
from tests.runs import articles, command, faithful, furnish, scored

QUICK = Settings(replicates=199)
STRICT = replace(QUICK, on="all")
USAGE = {"requests": 12, "counted": 12, "prompt": 3456, "answer": 789, "cost": 0.25}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """Systems over eight articles: two that are good, one that states wrong figures, one over fewer articles."""
    with chdir(tmp_path_factory.mktemp("document")):
        made = articles(8)
        furnish(made)
        wrong = {case: None if text is None else text.replace("million", "billion") for case, text in
                 faithful(made, "wrong").items()}  # fmt: skip
        texts = {"a": faithful(made, "a"), "b": faithful(made, "b"), "wrong": wrong}
        found = {name: load_run(scored(command, name, text).resolve()) for name, text in texts.items()}
        found["few"] = load_run(scored(command, "few", faithful(made[:3], "few"), "limit=3").resolve())
    return found


def made(runs: dict[str, Run], names: Sequence[str], settings: Settings = QUICK, **more: Any) -> Document:
    return document([runs[name] for name in names], list(names), settings, **more)


def parsed(found: Document) -> dict[str, Any]:
    def refuse(constant: str) -> Any:
        raise AssertionError(constant)

    value: dict[str, Any] = json.loads(as_json(found), parse_constant=refuse)
    return value


def test_markdown_has_leaderboard_worst_facts_and_the_comparison_with_the_first(runs: dict[str, Run]) -> None:
    text = as_markdown(made(runs, ["a", "wrong"]))
    marks = [
        "# Report of 2 runs\n\n## Leaderboard\n",
        "### en\n",
        "Worst facts:\n",
        "## Comparison with a\n",
        "**wrong",
    ]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)
    assert "<b>«" in text
    assert "Calls:" not in text


def test_json_has_every_part(runs: dict[str, Run]) -> None:
    value = parsed(made(runs, ["a", "wrong", "b"]))
    assert list(value) == ["leaderboard", "comparison", "reason", "worst", "calls"]
    assert {item["system"] for item in value["leaderboard"]["scores"]} == {"a", "b", "wrong"}
    assert value["comparison"]["baseline"]["label"] == "a"
    assert [versus["candidate"]["label"] for versus in value["comparison"]["versus"]] == ["wrong", "b"]
    assert value["reason"] is None
    worst = value["worst"][0]
    assert (worst["system"], worst["kind"], worst["label"]) == ("wrong", "contradicted", "magnitude")
    # A thousand times as much as the article says: planted above.
    assert "billion" in worst["place"]["text"]
    assert value["calls"] == []


def test_csv_has_a_line_a_system_score_and_language(runs: dict[str, Run]) -> None:
    lines = list(csv.DictReader(io.StringIO(as_csv([runs["a"], runs["b"]], ["a", "b"]))))
    expected = {
        (name, item["score"], item["language"]): item["value"]
        for name in ("a", "b")
        for item in runs[name].info["scores"]
    }
    found = {(line["system"], line["score"], line["language"]): line["value"] for line in lines}
    assert found == {key: "" if value is None else str(value) for key, value in expected.items()}


def test_one_run_is_compared_with_nothing(runs: dict[str, Run]) -> None:
    found = made(runs, ["a"])
    value = parsed(found)
    assert value["comparison"] is None
    assert value["reason"] == "There is one run, and nothing to compare it with."
    assert "Comparison" not in as_markdown(found)
    assert "# Report of 1 run\n" in as_markdown(found)
    assert "(baseline)" not in as_latex(found)


def test_runs_that_cannot_be_compared_are_a_sentence_and_no_failure(runs: dict[str, Run]) -> None:
    found = made(runs, ["a", "few"], STRICT)
    value = parsed(found)
    assert value["comparison"] is None
    assert value["reason"].startswith("few is not compared with a: 10 cases only in the baseline (item-003:en, ")
    assert "few is not compared with a: 10 cases only in the baseline" in as_markdown(found)
    assert "few is not compared with a: 10 cases only in the baseline" in as_latex(found)


def test_those_that_can_be_compared_are(runs: dict[str, Run]) -> None:
    value = parsed(made(runs, ["a", "few", "b"], STRICT))
    assert [versus["candidate"]["label"] for versus in value["comparison"]["versus"]] == ["b"]
    assert value["reason"].startswith("few is not compared with a: ")
    assert value["leaderboard"]["scores"][0]["system"] in {"a", "b", "few"}


def test_what_runs_have_in_common_is_compared_where_that_is_asked_for(runs: dict[str, Run]) -> None:
    value = parsed(made(runs, ["a", "few"], replace(QUICK, on="common")))
    assert value["reason"] is None
    assert value["comparison"]["method"]["left_out"][0].startswith("10 cases only in the baseline")


def test_a_score_that_nobody_has_is_a_mistake(runs: dict[str, Run]) -> None:
    with pytest.raises(ConfigError, match="There is no score 'roug1'"):
        made(runs, ["a"], primary="roug1")
    with pytest.raises(ConfigError, match="No run has the score 'roug1'"):
        made(runs, ["a", "b"], replace(QUICK, primary="roug1"))


def test_a_damaged_run_is_an_error_and_no_reason(runs: dict[str, Run]) -> None:
    changed = replace(runs["b"], info={**runs["b"].info, "files": {}})
    with pytest.raises(RunError, match="changed since the run was made"):
        document([runs["a"], changed], ["a", "b"], QUICK)


def test_calls_are_told_of_runs_that_asked_a_model(runs: dict[str, Run]) -> None:
    asked = replace(runs["a"], info={**runs["a"].info, "usage": USAGE, "time": {"calls": {"made": 12}}})
    found = document([asked, runs["b"]], ["a", "b"], QUICK)
    assert parsed(found)["calls"] == [{"system": "a", "usage": USAGE, "calls": {"made": 12}}]
    assert "| a | 3,456 | 789 | $0.25 |" in as_markdown(found)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run is too large to be held, and whoever holds one is told."""
    monkeypatch.setattr("tercet.comparing.compare.LARGE", 1)

    def fail(*_: object) -> Any:
        raise AssertionError("this holds all of a run")

    for name in ("tercet.comparing.compare.contents", "tercet.runs.Run.rows", "tercet.runs.read_cases"):
        monkeypatch.setattr(name, fail)
    for name in ("__len__", "__getitem__", "__iter__"):
        monkeypatch.setattr(f"tercet.outputs.StoredOutputs.{name}", fail)


def test_of_large_runs_no_form_holds_rows_cases_or_outputs(runs: dict[str, Run], large: None) -> None:
    value = parsed(made(runs, ["a", "wrong", "b"]))
    assert [versus["candidate"]["label"] for versus in value["comparison"]["versus"]] == ["wrong", "b"]
    assert (value["reason"], value["worst"][0]["system"]) == (None, "wrong")
    assert "## Comparison with a" in as_markdown(made(runs, ["a", "wrong"]))
    assert "wrong" in as_latex(made(runs, ["a", "wrong"]))


def test_large_runs_of_other_cases_are_a_sentence_too(runs: dict[str, Run], large: None) -> None:
    value = parsed(made(runs, ["a", "few", "b"], replace(QUICK, on="common")))
    assert [versus["candidate"]["label"] for versus in value["comparison"]["versus"]] == ["b"]
    assert value["reason"].startswith("few is not compared with a: few has other cases than a, or another order")


def test_csv_reads_nothing_but_what_runs_say_of_themselves(runs: dict[str, Run], tmp_path: Path) -> None:
    folder = tmp_path / runs["a"].folder.name
    folder.mkdir()
    for file in runs["a"].folder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes() if file.name == "run.json" else b"")
    alone = load_run(folder)
    assert as_csv([alone], ["a"]) == as_csv([runs["a"]], ["a"])
    with pytest.raises(ConfigError, match="There is no score 'roug1'"):
        as_csv([alone], ["a"], "roug1")


def test_json_has_null_for_what_is_no_number(runs: dict[str, Run]) -> None:
    asked = replace(runs["a"], info={**runs["a"].info, "usage": {**USAGE, "cost": float("nan")}})
    assert parsed(document([asked], ["a"], QUICK))["calls"][0]["usage"]["cost"] is None


def test_names_that_utf8_cannot_hold_are_written_and_read_back(runs: dict[str, Run]) -> None:
    found = document([runs["a"], runs["b"]], ["half \ud83d", "b"], QUICK)
    for write in (as_markdown, as_json, as_latex):
        write(found).encode("utf-8")
    as_csv([runs["a"], runs["b"]], ["half \ud83d", "b"]).encode("utf-8")
    assert parsed(found)["comparison"]["baseline"]["label"] == "half \ud83d"


def test_names_are_the_systems_own_where_none_are_given(runs: dict[str, Run]) -> None:
    found = document([runs["a"], runs["b"]], None, QUICK)
    assert list(found.labels) == [runs["a"].system, runs["b"].system]


def test_latex_says_once_what_is_needed_and_has_all_tables(runs: dict[str, Run]) -> None:
    text = as_latex(made(runs, ["a", "wrong", "b"]))
    assert text.startswith("% \\usepackage{booktabs}\n\\begin{table}")
    assert text.count("\\usepackage") == 1
    # A leaderboard in two languages, and two candidates.
    assert text.count("\\begin{tabular}") == 4
    assert "b (candidate) against a (baseline)." in text
    strange = as_latex(document([runs["a"], runs["b"]], ["中文", "b"], QUICK))
    assert strange.startswith("% Names hold letters beyond Latin")
    assert strange.count("% Names hold") == 1
