"""The standard streams: a closed one, a full disk or a gone reader behind one, and letters that it cannot write."""

import io
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tercet import streams
from tercet.errors import TercetError
from tercet.streams import GONE, mend

FULL = Path("/dev/full")


class Ends(NamedTuple):
    """A pipe's ends."""

    read: int
    write: int


@pytest.fixture
def pipe() -> Iterator[Ends]:
    ends = Ends(*os.pipe())
    yield ends
    for end in ends:
        with suppress(OSError):  # the test has closed it
            os.close(end)


def mended(descriptor: int, kind: type[streams._Raw], **options: Any) -> io.TextIOWrapper:
    """Make a stream as a process has it, and mend it."""
    stream = open(descriptor, "w", closefd=False, **{"encoding": "utf-8", **options})  # noqa: SIM115
    found = streams._text(descriptor, stream, kind)
    assert found is not stream
    assert isinstance(found, io.TextIOWrapper)
    return found


def test_a_reader_that_has_gone_ends_the_command_once(pipe: Ends) -> None:
    out = mended(pipe.write, streams._Output)
    os.close(pipe.read)
    out.write("a line\n")
    with pytest.raises(SystemExit) as caught:
        out.flush()
    assert caught.value.code == GONE == 128 + 13
    out.write("more")
    out.close()  # at the end of a process it must not fail once more


@pytest.mark.skipif(not FULL.exists(), reason="/dev/full is one of Linux")
def test_a_full_disk_behind_the_output_is_told_once() -> None:
    descriptor = os.open(FULL, os.O_WRONLY)
    out = mended(descriptor, streams._Output)
    out.write("a table")
    with pytest.raises(TercetError, match="Standard output cannot be written: No space left") as caught:
        out.flush()
    assert "What is in files is there" in caught.value.remedy
    out.close()
    os.close(descriptor)


def test_nobody_need_read_what_is_told_meanwhile(pipe: Ends) -> None:
    told = mended(pipe.write, streams._Told)
    os.close(pipe.read)
    told.write("a progress bar")
    told.flush()
    told.close()


def test_what_an_encoding_lacks_is_written_as_its_escape(pipe: Ends) -> None:
    out = mended(pipe.write, streams._Output, encoding="ascii")
    out.write("caf\u00e9 \u6587 \udce9")
    out.flush()
    assert os.read(pipe.read, 100) == rb"caf\xe9 \u6587 \udce9"
    out.close()


def test_a_pipe_that_does_not_wait_is_waited_for(pipe: Ends) -> None:
    os.set_blocking(pipe.write, False)
    out = mended(pipe.write, streams._Output)
    found = bytearray()

    def read() -> None:
        while data := os.read(pipe.read, 1 << 16):
            found.extend(data)

    thread = threading.Thread(target=read)
    text = "0123456789" * 100_000
    threading.Timer(0.05, thread.start).start()  # the pipe is full by then
    out.write(text)
    out.close()
    os.close(pipe.write)
    thread.join()
    assert found.decode() == text


@pytest.mark.parametrize("descriptor", [1, 2])
def test_a_closed_stream_is_nowhere_and_a_notebooks_is_left_alone(descriptor: int) -> None:
    with streams._text(descriptor, None, streams._Output) as nowhere:
        assert nowhere.name == os.devnull
    own = io.StringIO()
    assert streams._text(descriptor, own, streams._Output) is own
    with open(os.devnull, "w", encoding="utf-8") as other:  # noqa: PTH123
        assert streams._text(descriptor, other, streams._Output) is other


def test_a_process_without_input_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    mend()
    assert sys.stdin.read() == ""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.close()


def test_the_command_itself_whose_reader_has_gone(pipe: Ends) -> None:
    os.close(pipe.read)
    done = subprocess.run(
        [sys.executable, "-m", "tercet", "list"], stdout=pipe.write, stderr=subprocess.PIPE, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (GONE, "")


SCRIPT = """
t() { "$PYTHON" -m tercet "$@"; }
t list > /dev/full; echo "full $?"
t show nothing >&- 2>&- <&-; echo "closed $?"
LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 PYTHONIOENCODING=ascii t init "$(printf 'caf\\351')"; echo "ascii $?"
mkdir d; cd d; rmdir ../d; t list; echo "nowhere $?"
"""


@pytest.mark.skipif(not FULL.exists(), reason="/dev/full is one of Linux")
def test_the_command_itself_from_a_shell(tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", SCRIPT],
        cwd=tmp_path,
        env={**os.environ, "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=True,
    )
    codes = dict(re.findall(r"^(full|closed|ascii|nowhere) (\d+)$", done.stdout, re.MULTILINE))
    assert codes == {"full": "2", "closed": "2", "ascii": "0", "nowhere": "2"}, done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
