"""Runs read back: what is read when, and whether a run is whole."""

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from tercet.errors import RunError
from tercet.outputs import StoredOutputs
from tercet.records import Output
from tercet.runs import FILES, Run, each_case, file_hash, finished, load_run, read_cases, read_evidence

FINGERPRINT = "ab12"


def line(number: int, text: str = "A bridge opened.") -> str:
    """A line of ``outputs.jsonl``."""
    case = f"item-{number}:en"
    return json.dumps({"id": case, "article": f"item-{number}", "language": "en", "text": text, "stages": []}) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run of three outputs, with no scores."""
    made = tmp_path / "run"
    made.mkdir()
    for name in FILES[1:]:
        (made / name).write_text("", "utf-8")
    (made / "outputs.jsonl").write_text("".join(map(line, range(3))), "utf-8")
    hashes = {name: file_hash(made / name) for name in FILES[1:]}
    info = {"format": 2, "status": "complete", "system": "m", "fingerprint": FINGERPRINT, "scores": [], "files": hashes}
    (made / "run.json").write_text(json.dumps(info), "utf-8")
    return made


def test_outputs_are_read_when_they_are_asked_for_and_kept(folder: Path) -> None:
    run = load_run(folder)
    whole = (folder / "outputs.jsonl").read_bytes()
    (folder / "outputs.jsonl").write_bytes(b"{")
    with pytest.raises(RunError, match=r"outputs\.jsonl:1: damaged"):
        len(run.outputs)
    (folder / "outputs.jsonl").write_bytes(whole)
    assert [output.case_id for output in run.outputs] == ["item-0:en", "item-1:en", "item-2:en"]
    (folder / "outputs.jsonl").write_bytes(b"{")
    assert len(run.outputs) == 3
    assert run.outputs[0] is run.outputs[:1][0] is next(run.each_output())


def test_each_output_is_read_from_the_file_and_none_is_kept(folder: Path) -> None:
    run = load_run(folder)
    each = run.each_output()
    assert next(each).case_id == "item-0:en"
    assert [output.case_id for output in run.each_output()] == [f"item-{i}:en" for i in range(3)]
    (folder / "outputs.jsonl").write_text(line(7), "utf-8")
    assert [output.case_id for output in run.each_output()] == ["item-7:en"]


def test_each_output_holds_one_at_a_time(folder: Path) -> None:
    """20 MB of outputs are read within 2 MB; a tuple of them holds more than 20."""
    with (folder / "outputs.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(line(number, "x" * 10_000) for number in range(2000))
    run = load_run(folder)
    tracemalloc.start()
    try:
        count = sum(1 for _ in run.each_output())
        one = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        kept = len(run.outputs)
        every = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == kept == 2000
    assert one < 2e6
    assert every > 20e6


def test_outputs_are_equal_to_a_tuple_of_them(folder: Path) -> None:
    outputs = load_run(folder).outputs
    assert outputs == tuple(outputs) == load_run(folder).outputs
    assert outputs != tuple(outputs)[:2]
    assert outputs != object()
    assert "item" not in repr(outputs)
    assert outputs == StoredOutputs(folder)


def test_a_run_may_be_made_with_outputs_at_hand() -> None:
    output = Output(case_id="a:en", article_id="a", target_language="en", text="x")
    run = Run(folder=Path("nowhere"), info={}, outputs=(output,))
    assert list(run.each_output()) == list(run.outputs) == [output]


def test_a_whole_run_of_this_fingerprint_is_finished(folder: Path) -> None:
    found = finished(folder, FINGERPRINT)
    assert found is not None
    assert len(found.outputs) == 3
    assert finished(folder, "cd34") is None


DAMAGE: dict[str, Callable[[Path], object]] = {
    "cut within a line": lambda f: f.write_bytes(f.read_bytes()[:-9]),
    "cut between two lines": lambda f: f.write_text(line(0), "utf-8"),
    "another text": lambda f: f.write_text(f.read_text("utf-8").replace("bridge", "garage"), "utf-8"),
    "empty": lambda f: f.write_bytes(b""),
    "gone": lambda f: f.unlink(),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_run_with_other_outputs_than_were_written_is_not_finished(name: str, folder: Path) -> None:
    DAMAGE[name](folder / "outputs.jsonl")
    assert finished(folder, FINGERPRINT) is None


@pytest.mark.parametrize("name", FILES[1:])
def test_a_run_with_any_file_changed_is_not_finished(name: str, folder: Path) -> None:
    with (folder / name).open("ab") as file:
        file.write(b"\n")
    assert finished(folder, FINGERPRINT) is None


@pytest.mark.parametrize("files", [None, [], {}, "x", {"outputs.jsonl": 3}], ids=str)
def test_a_run_without_hashes_is_not_finished(files: object, folder: Path) -> None:
    info = json.loads((folder / "run.json").read_text("utf-8"))
    (folder / "run.json").write_text(json.dumps({**info, "files": files}), "utf-8")
    assert finished(folder, FINGERPRINT) is None


def test_cases_are_read_one_at_a_time_or_all(folder: Path) -> None:
    words = {"id": "a:en", "article": "a", "cluster": "a", "language": "en", "source_language": "en", "content": "0"}
    (folder / "cases.jsonl").write_text(json.dumps(words) + "\n" + json.dumps({**words, "odd": 1}) + "\n", "utf-8")
    cases = each_case(folder)
    assert next(cases).id == "a:en"
    for read in (lambda: next(cases), lambda: read_cases(folder)):
        with pytest.raises(RunError, match=r"cases\.jsonl:2: damaged"):
            read()


@pytest.mark.parametrize("name", ["id", "metric", "start", "end"])
def test_evidence_says_of_what_it_is_and_where(name: str, folder: Path) -> None:
    item = {"id": "a:en", "metric": "facts", "kind": "k", "message": "m", "start": None, "end": None, "more": [1]}
    whole = json.dumps(item)
    lacking = json.dumps({key: value for key, value in item.items() if key != name})
    (folder / "evidence.jsonl").write_text(f"{whole}\n{lacking}\n", "utf-8")
    found = read_evidence(folder)
    assert next(found) == item
    with pytest.raises(RunError, match=rf"evidence\.jsonl:2: damaged: '{name}'"):
        next(found)
