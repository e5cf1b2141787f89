"""Run folders: what is written, what is refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import tercet as package
from tercet import store
from tercet.errors import RunError
from tercet.pieces import Draft, Piece
from tercet.records import Output, Stage, Usage

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
        "repeat",
        "unscored",
        "statistics",
        "scores",
        "gaps",
    ]
    records = table.to_pylist()
    assert len(records) == 2 * 2 * 2
    assert {record["repeat"] for record in records} == {0}
    assert {record["cluster"] for record in records} == {record["segment"].partition(":")[0] for record in records}


STAGES: dict[str, dict[str, Any]] = {
    "computed": {},
    "answered": {"prompt": "ab12", "usage": Usage(prompt=12, answer=0)},
    "read": {"answer": '{"abstract": "\u2028"}', "usage": Usage(prompt=1, answer=2), "prompt": "ab12"},
    "flawed": {"answer": "Sure!\nA bridge.", "flaw": "no JSON"},
    "failed": {"text": None, "prompt": "ab12", "attempts": 5, "status": 429},
    "not asked": {"text": None, "attempts": 0},
    "odd": {"text": "\ud800", "answer": "\x00\u2028"},
}


def write(folder: Path, *outputs: Output) -> None:
    """Write a run in which nothing was measured."""
    draft = Draft()
    draft.put_outputs([], outputs, {})
    assembly = store.Assembly(pieces=[Piece(draft.archive())], languages=["zh"], metrics={})
    store.write_run(folder, {"status": "complete", "system": "m"}, assembly)


@pytest.mark.parametrize("name", STAGES)
def test_what_is_known_of_a_stage_reads_back(name: str, tmp_path: Path) -> None:
    base = {"role": "summarize", "backend": "m", "source_language": "en", "target_language": "zh", "text": "桥"}
    stage = Stage(**{**base, **STAGES[name]})
    failure = "429" if stage.text is None else None
    output = Output(
        case_id="a:zh#2",
        article_id="a",
        target_language="zh",
        text=stage.text,
        failure=failure,
        stages=(stage, replace(stage, role="translate")),
        repeat=1,
    )
    whole = replace(output, case_id="a:zh", repeat=0, stages=())
    write(tmp_path, whole, output)
    assert package.load_run(tmp_path).outputs == (whole, output)
    first, second = map(json.loads, (tmp_path / "outputs.jsonl").read_bytes().split(b"\n")[:-1])
    assert "repeat" not in first
    assert second["repeat"] == 1
    assert set(second["stages"][0]) == {*base, *STAGES[name]}, "what there is not is left out"


def test_a_stage_of_an_older_run_reads_back(tmp_path: Path) -> None:
    write(tmp_path)
    words = {"role": "summarize", "backend": "m", "source_language": "en", "target_language": "en", "text": "x"}
    stage: dict[str, Any] = dict(words)
    record = {"id": "a:en", "article": "a", "language": "en", "text": "x", "stages": [stage]}
    (tmp_path / "outputs.jsonl").write_text(json.dumps(record) + "\n", "utf-8")
    (output,) = package.load_run(tmp_path).outputs
    assert output.repeat == 0
    assert output.stages == (Stage(**stage),)


@pytest.mark.parametrize(
    "stage", ['{"role": "summarize"}', '{"rule": 1}', "[]", '{"usage": 3}', '{"usage": {"in": 1}}']
)
def test_a_damaged_stage_is_an_error(stage: str, tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "outputs.jsonl").write_text(
        f'{{"id": "a:en", "article": "a", "language": "en", "text": "x", "stages": [{stage}]}}\n', "utf-8"
    )
    with pytest.raises(RunError, match=r"outputs\.jsonl:1: damaged"):
        list(package.load_run(tmp_path).outputs)


def test_repeats_are_told_apart_in_every_file(tercet: Call) -> None:
    result = tercet("run", "limit=2", "metric=[chrf]", "repeats=2")
    assert result.exit_code == 0, result.output
    (folder,) = Path("results").iterdir()
    run = package.load_run(folder)
    assert [output.case_id for output in run.outputs[:4]] == [
        id_ for output in run.outputs[:4:2] for id_ in (output.case_id, f"{output.case_id}#2")
    ]
    assert [output.repeat for output in run.outputs] == [0, 1] * 4
    records = run.rows().to_pylist()
    assert [record["repeat"] for record in records] == [0, 1] * 4
    assert [record["segment"] for record in records] == [output.case_id for output in run.outputs]
    assert {record["cluster"] for record in records} == {output.article_id for output in run.outputs}
    assert run.info["repeats"] == 2
    assert run.info["cases"] == 8


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
        list(package.load_run(run).outputs)
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
