"""What was there when it was looked for, and is gone when it is read, or while it is written."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tercet import blessing, store
from tercet.blessing import Blessed, bless
from tercet.errors import RunError
from tercet.store import Pieces, writing
from tests.reliability.conftest import OWN, RUN, refused

Call = Callable[..., Result]
READS = {
    "show": ("show", "gone"),
    "compare": ("compare", "base", "gone"),
    "gate": ("gate", "--baseline", "base", "--candidate", "gone"),
    "baseline": ("gate", "--baseline", "gone", "--candidate", "cand"),
    "report": ("report", "gone", "-o", "x.html"),
    "bless": ("bless", "gone", "--why", "x", "--by", "me"),
    "corpus": (*RUN, "corpus=jsonl", "corpus.path=gone"),
    "outputs": ("score", "gone", *OWN),
    "configs": (*RUN, *OWN, "--config-dir", "gone"),
}


@pytest.mark.parametrize("name", READS)
def test_what_is_not_there_is_named(name: str, work: Path, tercet: Call) -> None:
    refused(tercet(*READS[name]), "gone")


@pytest.mark.parametrize("file", ["cases.jsonl", "scores.parquet", "outputs.jsonl", "evidence.jsonl", "run.json"])
def test_a_run_of_which_a_file_is_gone_is_refused(file: str, work: Path, tercet: Call) -> None:
    (work / "cand" / file).unlink()
    refused(tercet("compare", "base", "cand"), "cand", file)


def test_a_run_folder_that_goes_while_it_is_made(work: Path, tercet: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    real = store._write_scores

    def gone(path: Path, *words: Any) -> None:
        shutil.rmtree(path.parent)
        real(path, *words)

    with monkeypatch.context() as patch:
        patch.setattr(store, "_write_scores", gone)
        refused(tercet(*RUN, *OWN), "somebody has removed what was written there", "Repeat the command")
    assert tercet(*RUN, *OWN).exit_code == 0


def test_a_piece_that_goes_is_missed_and_no_run_looks_whole_without_it(tmp_path: Path) -> None:
    pieces = Pieces(tmp_path, "f" * 64)
    pieces.keep(0, 2, b"one")
    pieces.keep(2, 4, b"two")
    (tmp_path / "pieces" / f"000000000002-000000000004-{'f' * 16}.zip").unlink()
    with pytest.raises(RunError, match="somebody has removed it"):
        pieces.all()
    pieces.clear()
    assert pieces.all() == []


def test_a_folder_that_is_removed_is_made_again_by_the_next(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="somebody has removed"), writing(tmp_path / "run", {}) as partial:
        shutil.rmtree(partial)
    with writing(tmp_path / "run", {}):
        pass
    assert (tmp_path / "run" / "run.json").is_file()


@pytest.mark.parametrize("what", ["the run", "the baseline"])
def test_what_goes_while_it_is_blessed(what: str, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = store._write_bytes

    def gone(path: Path, data: bytes) -> None:
        if what == "the run":
            shutil.rmtree("cand", ignore_errors=True)
        else:
            shutil.rmtree(path.parent, ignore_errors=True)
        real(path, data)

    by = Blessed(by="me", why="x")
    with monkeypatch.context() as patch:
        patch.setattr(blessing, "_check", lambda *_, **__: None)
        patch.setattr(store, "_write_bytes", gone)
        with pytest.raises(RunError) as caught:
            bless(Path("cand"), Path("b"), by)
    assert caught.value.remedy == "Repeat the command."
    assert not Path("b").exists()
    assert bless(Path("base"), Path("b"), by).sizes
