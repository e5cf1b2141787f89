"""Places that cannot be: a file for a folder, a folder for a file, links in a circle, what may not be written."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tercet.errors import ConfigError
from tercet.starting import write_starting
from tercet.store import is_stream
from tests.blessed_runs import files
from tests.reliability.conftest import OWN, RUN, refused

Call = Callable[..., Result]
WRITES = {
    "run": (*RUN, *OWN, "results={}", "cache=null"),
    "cache": (*RUN, *OWN, "cache={}"),
    "csv": ("report", "base", "--format", "csv", "-o", "{}"),
    "bless": ("bless", "base", "--to", "{}", "--why", "x", "--by", "me"),
    "gate": ("gate", "--baseline", "base", "--candidate", "cand", "--json", "{}"),
    "init": ("init", "{}"),
    "workflow": ("init", "{}", "--ci", "github"),
    "configs": (*RUN, *OWN, "--config-dir", "{}"),
    "prune": ("cache", "prune", "--all", "--file", "{}"),
}
PLACES = {"below-a-file": "file.txt/x", "circle": "loop/x", "long": "x" * 300}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", WRITES)
def test_a_place_that_cannot_be_is_named(name: str, place: str, work: Path, tercet: Call) -> None:
    Path("file.txt").write_text("mine", "utf-8")
    Path("loop").symlink_to("loop")
    before = {path: data for path, data in files(work).items() if ".tercet" not in path}
    done = tercet(*(word.format(PLACES[place]) for word in WRITES[name]))
    if isinstance(done.exception, OSError):  # the program words it: tests/reliability/test_catching.py
        assert done.exception.errno in {errno.ENAMETOOLONG, errno.ELOOP, errno.ENOTDIR}
    else:
        assert done.exit_code == 2, done.output
        assert PLACES[place].partition("/")[0][:20] in done.output
    assert {path: data for path, data in files(work).items() if ".tercet" not in path} == before


@pytest.mark.parametrize("name", ["run", "cache", "bless", "init"])
def test_a_disk_that_may_not_be_written_is_named(
    name: str, work: Path, tercet: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.mkdir

    def mkdir(path: str | Path, *words: int, **options: int) -> None:
        if "locked" in str(path):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        real(path, *words, **options)

    monkeypatch.setattr(os, "mkdir", mkdir)
    done = tercet(*(word.format("locked/x") for word in WRITES[name]))
    refused(done, "locked", "Read-only file system" if name != "cache" else "The cache locked/x cannot be used")
    assert not Path("locked").exists()


def test_a_folder_for_a_cache_and_a_file_for_results(work: Path, tercet: Call) -> None:
    Path("folder").mkdir()
    Path("file.txt").write_text("mine", "utf-8")
    refused(tercet(*RUN, *OWN, "cache=folder"), "The cache folder cannot be used", "a folder that may be written")
    refused(tercet(*RUN, *OWN, "results=file.txt", "cache=null"), "file.txt", "results=FOLDER")
    assert Path("file.txt").read_text("utf-8") == "mine"


def test_a_start_below_a_file_makes_no_folder(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("", "utf-8")
    files = {tmp_path / "new" / "a" / "x.txt": "x", tmp_path / "there" / "y.txt": "y"}
    with pytest.raises(ConfigError, match="cannot be written") as caught:
        write_starting(files)
    assert "Nothing is left of it" in caught.value.remedy
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


STREAMS = {
    "report": ("report", "base", "--format", "csv", "-o", "pipe"),
    "gate": ("gate", "--baseline", "base", "--candidate", "cand", "--json", "pipe"),
}


@pytest.mark.parametrize("name", STREAMS)
def test_a_pipe_is_written_into_and_stays(name: str, work: Path, tercet: Call) -> None:
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    tercet(*STREAMS[name])
    data = os.read(reader, 1 << 20)
    os.close(reader)
    assert is_stream(Path("pipe"))
    assert data.count(b'"exit_code"') == (name == "gate"), "what a gate writes first would be in it for ever"
    assert data.startswith(b"{" if name == "gate" else b"system,")


def test_a_device_is_a_stream_and_a_name_too_long_is_none() -> None:
    assert is_stream(Path(os.devnull))
    assert not is_stream(Path("x" * 5_000))
    assert not is_stream(Path(__file__))
    assert not is_stream(Path(__file__).parent)
