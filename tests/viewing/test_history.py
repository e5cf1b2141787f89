"""The history over a folder of results: what is listed, what is skipped, and that nothing breaks it."""

import base64
import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import tercet as package
from tercet.errors import ConfigError
from tercet.runs import FILES, FORMAT
from tercet.viewing.history import history, write_history

Call = Callable[..., Result]
SCORE: dict[str, Any] = {
    "metric": "chrf",
    "score": "chrf",
    "language": "en",
    "value": 31.23456,
    "interval": [28.0, 34.5],
    "scored": 11,
    "total": 12,
    "reasons": {"no output": 1},
    "higher_is_better": True,
    "headline": True,
    "decimals": 1,
    "warning": "",
}
INFO: dict[str, Any] = {
    "format": FORMAT,
    "status": "complete",
    "system": "lead + glossary",
    "bound": "floor",
    "config": {"corpus": {"_target_": "tercet.corpora.jsonl.Jsonl", "path": "news.jsonl"}},
    "corpus": {"hash": "0123456789abcdef" * 4},
    "cases": 12,
    "failures": 1,
    "git": {"commit": "abc", "dirty": False},
    "time": {"started": "2026-03-01T00:00:00Z"},
    "scores": [SCORE, {**SCORE, "score": "length", "headline": False}],
}


def put(folder: Path, text: str | None = None, **changes: Any) -> Path:
    """Write a run of which only run.json is anything."""
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).write_text("this is never read", "utf-8")
    (folder / "run.json").write_text(json.dumps({**INFO, **changes}) if text is None else text, "utf-8")
    return folder


def sweep(folder: Path, *runs: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "sweep.json").write_text(json.dumps({"runs": runs}), "utf-8")
    return folder


def skipped(results: Path) -> dict[str, str]:
    return {item["folder"]: item["reason"] for item in history(results, "c")["skipped"]}


def test_a_run_is_listed_by_what_its_run_json_says(tmp_path: Path) -> None:
    put(tmp_path / "results" / "lead-1")
    found = history(tmp_path / "results", "tercet report --index")
    assert found == {
        "kind": "history",
        "title": "Runs in results",
        "command": "tercet report --index",
        "tercet": package.__version__,
        "scores": [
            {
                "name": "chrf",
                "metric": "chrf",
                "higherIsBetter": True,
                "headline": True,
                "decimals": 1,
                "warning": "",
            }
        ],
        "runs": [
            {
                "folder": "lead-1",
                "system": "lead + glossary",
                "bound": "floor",
                "status": "complete",
                "started": "2026-03-01T00:00:00Z",
                "commit": "abc",
                "dirty": False,
                "corpus": "0123456789abcdef",
                "corpusName": "Jsonl (news.jsonl)",
                "cases": 12,
                "failures": 1,
                "values": {"chrf": {"en": {"value": 31.23456, "interval": [28.0, 34.5], "scored": 11, "total": 12}}},
                "report": None,
                "sweeps": [],
            }
        ],
        "skipped": [],
    }


def test_what_was_run_is_listed(tercet: Call) -> None:
    assert tercet("run", "limit=1", "metric=[chrf]", "summarizer=lead,textrank", "-m").exit_code == 0
    found = history(Path("results"), "c")
    names = sorted(path.parent.name for path in Path("results").glob("*/run.json"))
    (made,) = Path("results").glob("*/sweep.json")
    assert sorted(run["folder"] for run in found["runs"]) == names
    assert {tuple(run["sweeps"]) for run in found["runs"]} == {(made.parent.name,)}
    assert found["skipped"] == []
    stored = json.loads((Path("results") / names[0] / "run.json").read_text("utf-8"))["scores"][0]
    shown = next(run for run in found["runs"] if run["folder"] == names[0])["values"]["chrf"][stored["language"]]
    assert shown["value"] == pytest.approx(stored["value"], abs=0.001)


def test_runs_stand_by_time_and_those_of_one_time_by_folder(tmp_path: Path) -> None:
    put(tmp_path / "a", time={"started": "2026-03-02T00:00:00Z"})
    put(tmp_path / "c")
    put(tmp_path / "b")
    put(tmp_path / "z", time=None)
    assert [run["folder"] for run in history(tmp_path, "c")["runs"]] == ["z", "b", "c", "a"]


def test_what_is_not_known_is_null(tmp_path: Path) -> None:
    scores = [{**SCORE, "value": None, "interval": None, "scored": 0}]
    put(tmp_path / "a", git=None, time={}, bound=None, scores=scores, config={})
    (run,) = history(tmp_path, "c")["runs"]
    assert (run["commit"], run["dirty"], run["started"], run["bound"]) == (None, None, None, None)
    assert run["values"]["chrf"]["en"] == {"value": None, "interval": None, "scored": 0, "total": 12}
    assert run["corpusName"] == ""


def test_runs_name_their_sweeps_and_the_nearest_report(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        put(tmp_path / name)
    (sweep(tmp_path / "demo-1", "a", "b") / "report.html").touch()
    sweep(tmp_path / "demo-2", "b", "c", "c", "gone")
    (tmp_path / "a" / "report.html").touch()
    runs = {run["folder"]: run for run in history(tmp_path, "c")["runs"]}
    assert {name: run["sweeps"] for name, run in runs.items()} == {
        "a": ["demo-1"],
        "b": ["demo-1", "demo-2"],
        "c": ["demo-2"],
    }
    assert {name: run["report"] for name, run in runs.items()} == {
        "a": "a/report.html",
        "b": "demo-1/report.html",
        "c": None,
    }


def test_links_lead_from_where_the_page_lies(tmp_path: Path) -> None:
    (put(tmp_path / "results" / "a #1") / "report.html").touch()
    (run,) = history(tmp_path / "results", "c", tmp_path / "pages" / "index.html")["runs"]
    assert run["report"] == "../results/a%20%231/report.html"


def test_what_is_no_finished_run_is_skipped_with_the_reason(tmp_path: Path) -> None:
    put(tmp_path / "fine")
    put(tmp_path / "killed.partial", status="running")
    put(tmp_path / "failed", status="failed", reason="ValueError: no")
    put(tmp_path / "whole.partial")
    put(tmp_path / "older", format=1)
    (put(tmp_path / "cut") / "scores.parquet").unlink()
    (tmp_path / "empty").mkdir()
    (tmp_path / "README.md").touch()
    found = history(tmp_path, "c")
    assert [run["folder"] for run in found["runs"]] == ["fine"]
    assert skipped(tmp_path) == {
        "cut": "scores.parquet is missing.",
        "empty": "no run: there is no run.json.",
        "failed": "the run did not finish: ValueError: no.",
        "killed.partial": "the run did not finish: it is still running, or it was killed.",
        "older": f"in an older format, 1, by an unknown version of tercet; this one, {package.__version__}, "
        f"reads format {FORMAT}.",
        "whole.partial": "the run did not finish: it has not its final name.",
    }


DAMAGES: dict[str, dict[str, Any]] = {
    "nothing": {"text": ""},
    "half": {"text": '{"format": 2, "sta'},
    "list": {"text": "[]"},
    "deep": {"text": "[" * 200_000},
    "status": {"status": []},
    "no_scores": {"scores": None},
    "scores": {"scores": [1, 2]},
    "score": {"scores": [{**SCORE, "value": "high"}]},
    "score_name": {"scores": [{**SCORE, "score": ["chrf"], "headline": True}]},
    "interval": {"scores": [{**SCORE, "interval": 7}]},
    "decimals": {"scores": [{**SCORE, "decimals": 1e400}]},
    "corpus": {"corpus": "news"},
    "config": {"config": None},
    "cases": {"cases": "many"},
    "git": {"git": "abc"},
    "time": {"time": "noon"},
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_a_reason_and_never_an_error(name: str, tmp_path: Path) -> None:
    put(tmp_path / "results" / "fine")
    put(tmp_path / "results" / "bad", **DAMAGES[name])
    found = history(tmp_path / "results", "c")
    assert [run["folder"] for run in found["runs"]] == ["fine"]
    ((bad, reason),) = skipped(tmp_path / "results").items()
    assert bad == "bad"
    assert reason.endswith(".")
    assert str(tmp_path) not in reason
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"runs": 3}', '{"runs": [[]]}'])
def test_a_damaged_sweep_hides_no_run(text: str, tmp_path: Path) -> None:
    put(tmp_path / "a")
    (sweep(tmp_path / "demo-1") / "sweep.json").write_text(text, "utf-8")
    assert [run["sweeps"] for run in history(tmp_path, "c")["runs"]] == [[]]
    assert skipped(tmp_path)["demo-1"].startswith("sweep.json: ")


@pytest.mark.parametrize("score", [{"value": float("nan")}, {"interval": [float("-inf"), 2.0]}])
def test_a_run_with_what_is_no_number_in_json_is_skipped(score: dict[str, Any], tmp_path: Path) -> None:
    put(tmp_path / "a", scores=[{**SCORE, **score}])
    assert history(tmp_path, "c")["runs"] == []
    assert "run.json" in skipped(tmp_path)["a"]


def test_a_folder_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There is no folder"):
        history(tmp_path / "nowhere", "c")


def test_the_page_holds_the_history_and_asks_for_nothing(tmp_path: Path) -> None:
    pytest.importorskip("jinja2")
    put(tmp_path / "results" / "a", system="</script><script>x")
    path = tmp_path / "results" / "index.html"
    assert write_history(tmp_path / "results", path, "c") == 1
    text = path.read_text("utf-8")
    packed = re.search('<script type="application/gzip" id="page">([^<]*)</script>', text)
    assert packed is not None
    page = json.loads(gzip.decompress(base64.b64decode(packed[1])))
    assert page == history(tmp_path / "results", "c")
    assert text.endswith("</html>\n")
    assert "</script><script>x" not in text
    assert "<title>Runs in results</title>" in text
