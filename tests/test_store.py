"""Run folders: what is written, what is refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

import tercet as package
from tercet import store
from tercet.errors import RunError

Call = Callable[..., Result]


@pytest.fixture
def run(tercet: Call) -> Path:
    result = tercet("run", "limit=2", "metric=[chrf,shape]")
    assert result.exit_code == 0, result.output
    (folder,) = Path("results").iterdir()
    return folder


def test_run_json_holds_what_checks_a_number(run: Path) -> None:
    info = json.loads((run / "run.json").read_text("utf-8"))
    assert info["status"] == "complete"
    assert info["config"]["summarizer"] == {"_target_": "tercet.backends.lead.Lead", "sentences": 3}
    assert len(info["corpus"]["hash"]) == 64
    assert info["signatures"]["chrf"]["zh"].startswith(
        "chrf|lang:zh|case:mixed|eff:yes|nc:6|nw:0|beta:2|space:no|version:"
    )
    assert info["signatures"]["chrf"]["zh"].endswith("|nrefs:1")
    assert {"python", "tercet", "numpy", "sacrebleu"} <= set(info["versions"])
    assert "seed" in info
    assert info["columns"]["chrf"][:3] == ["candidate_1", "reference_1", "match_1"]
    for score in info["scores"]:
        assert score["scored"] + sum(score["reasons"].values()) == score["total"]
    text = (run / "run.json").read_text("utf-8")
    assert "NaN" not in text
    assert "Infinity" not in text


def test_a_run_reads_back(run: Path) -> None:
    found = package.load_run(run)
    assert found.status == "complete"
    assert found.system == "lead + glossary"
    assert len(found.outputs) == found.info["cases"] == 4
    assert set(found.scores) == {"en", "zh"}
    assert found.scores["en"]["chrf"] == pytest.approx(found.info["scores"][0]["value"])
    assert found.outputs[0].stages[0].backend == "lead"


def test_corpus_scores_are_the_reduction_of_the_stored_rows(run: Path) -> None:
    import numpy as np

    from tercet.metrics.chrf import Chrf

    found = package.load_run(run)
    for code in ("en", "zh"):
        rows = [
            [value for _, value in record["statistics"]]
            for record in found.rows().to_pylist()
            if record["metric"] == "chrf" and record["language"] == code
        ]
        assert Chrf().reduce(np.sum(rows, axis=0))[0] == found.scores[code]["chrf"]


def test_scores_are_readable_as_they_stand(run: Path) -> None:
    table = package.load_run(run).rows()
    assert table.column_names == [
        "metric",
        "language",
        "segment",
        "cluster",
        "unscored",
        "statistics",
        "scores",
        "gaps",
    ]
    records = table.to_pylist()
    assert len(records) == 2 * 2 * 2
    assert {record["cluster"] for record in records} == {record["segment"].partition(":")[0] for record in records}


DAMAGE = {
    "run.json is half": lambda f: (f / "run.json").write_text('{"format": 1, "sta'),
    "run.json is a list": lambda f: (f / "run.json").write_text("[1]"),
    "run.json is gone": lambda f: (f / "run.json").unlink(),
    "another format": lambda f: (f / "run.json").write_text('{"format": 99, "status": "complete"}'),
    "running": lambda f: (f / "run.json").write_text('{"format": 1, "status": "running"}'),
    "failed": lambda f: (f / "run.json").write_text('{"format": 1, "status": "failed", "reason": "no"}'),
    "no outputs": lambda f: (f / "outputs.jsonl").unlink(),
    "no scores": lambda f: (f / "scores.parquet").unlink(),
    "half an output": lambda f: (f / "outputs.jsonl").write_text('{"id": "a'),
    "an output without id": lambda f: (f / "outputs.jsonl").write_text("{}\n"),
    "bytes": lambda f: (f / "run.json").write_bytes(b"\xff\xfe\x00"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_run_is_refused_and_made_again(run: Path, tercet: Call, damage: str) -> None:
    before = {file.name: file.read_bytes() for file in run.iterdir() if file.name != "run.json"}
    DAMAGE[damage](run)
    with pytest.raises(RunError) as error:
        package.load_run(run)
    assert error.value.remedy
    again = tercet("run", "limit=2", "metric=[chrf,shape]")
    assert again.exit_code == 0, again.output
    assert {file.name: file.read_bytes() for file in run.iterdir() if file.name != "run.json"} == before


def test_a_full_disk_is_an_error_and_the_next_run_goes_on(tercet: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(store, "_sync", full)
        result = tercet("run", "limit=1", "metric=[chrf]")
    assert result.exit_code == 2
    assert "No space left on device" in result.output
    assert "Traceback" not in result.output
    again = tercet("run", "limit=1", "metric=[chrf]")
    assert again.exit_code == 0, again.output


def test_a_run_that_fails_says_why(tercet: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store, "_write_scores", interrupted)
        assert tercet("run", "limit=1", "metric=[chrf]").exit_code != 0
    (partial,) = Path("results").iterdir()
    assert json.loads((partial / "run.json").read_text("utf-8"))["reason"] == "interrupted"
    with pytest.raises(RunError, match="interrupted"):
        package.load_run(partial)


def test_a_replacement_cut_short_is_undone(run: Path, tercet: Call) -> None:
    old = run.with_name(run.name + ".old")
    run.rename(old)
    assert tercet("run", "limit=2", "metric=[chrf,shape]").exit_code == 0
    assert run.is_dir()
    assert not old.exists()
