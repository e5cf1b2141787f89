"""Claims: given within a process, refused to another one, gone with the process that had them."""

import errno
import fcntl
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tercet.cache import digest
from tercet.claims import Claims

KEYS = [digest(i) for i in range(5)]

# Says which keys it gets, and keeps them until its input ends.
OTHER = """
import sys
from pathlib import Path
from tercet.claims import Claims

claims = Claims(Path(sys.argv[1]))
print(*(int(claims.take(key)) for key in sys.argv[2:]), flush=True)
sys.stdin.read()
"""


def other(file: Path, *keys: str) -> tuple[subprocess.Popen[str], list[bool]]:
    """Another process that claims keys, and whether it got each."""
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(file), *keys], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, [word == "1" for word in process.stdout.readline().split()]


def end(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=20)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "claims"


def test_a_claim_keeps_other_processes_out_of_this_key_alone(file: Path) -> None:
    claims = Claims(file)
    assert claims.take(KEYS[0])
    assert claims.take(KEYS[1])
    claims.give(KEYS[1])
    process, got = other(file, *KEYS)
    assert got == [False, True, True, True, True]
    assert [claims.take(key) for key in KEYS] == [True, False, False, False, False]
    end(process)
    assert all(claims.take(key) for key in KEYS)
    claims.close()


def test_closing_gives_everything_back_and_claims_can_be_taken_again(file: Path) -> None:
    claims = Claims(file)
    assert all(claims.take(key) for key in KEYS)
    claims.close()
    process, got = other(file, *KEYS)
    assert got == [True] * 5
    end(process)
    assert claims.take(KEYS[0])
    claims.close()
    claims.close()


def test_a_process_that_is_killed_leaves_nothing_behind(file: Path) -> None:
    process, got = other(file, *KEYS)
    assert got == [True] * 5
    claims = Claims(file)
    assert not any(claims.take(key) for key in KEYS)
    process.kill()
    end(process)
    assert all(claims.take(key) for key in KEYS)
    claims.close()


def test_within_a_process_a_claim_is_always_given(file: Path) -> None:
    claims = Claims(file)
    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(claims.take, KEYS * 40))
        list(threads.map(claims.give, KEYS * 40))
    process, got = other(file, *KEYS)
    assert got == [True] * 5
    end(process)
    claims.close()


def test_the_file_is_made_with_the_first_claim_and_takes_no_space(file: Path) -> None:
    claims = Claims(file)
    claims.give(KEYS[0])
    assert not file.exists()
    assert all(claims.take(key) for key in KEYS)
    assert file.stat().st_size == 0
    claims.close()


def test_without_a_file_everything_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    claims = Claims(None)
    assert claims.take(KEYS[0])
    assert claims.take(KEYS[0])
    claims.give(KEYS[0])
    claims.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.ENOTSUP, errno.ENOSPC, errno.EINVAL])
def test_where_locks_are_not_known_claims_are_given(file: Path, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    claims = Claims(file)
    monkeypatch.setattr(fcntl, "lockf", refuse)
    assert claims.take(KEYS[0])
    claims.close()


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.EISDIR, errno.ENOSPC])
def test_where_no_file_can_be_made_claims_are_given(file: Path, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    claims = Claims(file)
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        assert claims.take(KEYS[0]), "nobody has it, and nobody will ever give it back"
        claims.give(KEYS[0])
    claims.close()
