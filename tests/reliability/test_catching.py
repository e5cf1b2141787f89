"""What no module words: an error of the system is the user's to mend, and is no fault of tercet's (exit code 70)."""

import errno
import gc
import os

import pytest

import tercet.__main__ as program


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process of its own does to itself, it does not do to that of the tests."""
    monkeypatch.setattr(gc, "freeze", lambda: None)
    monkeypatch.setattr(program, "mend", lambda: None)
    monkeypatch.setattr(program, "switch_off", lambda: None)


def ended(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> int | str | None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(program, "main", fail)
    with pytest.raises(SystemExit) as caught:
        program.start()
    return caught.value.code


@pytest.mark.parametrize(
    "name",
    ["ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EIO", "EACCES", "EPERM", "ENAMETOOLONG", "ELOOP", "EMFILE", "ENOMEM"],
)
def test_what_the_system_refuses_is_told_with_its_place(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = getattr(errno, name)
    assert ended(OSError(code, os.strerror(code), "some/place"), monkeypatch) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"error: some/place: {os.strerror(code)}.\n  Mend that")
    assert "Traceback" not in told


def test_memory_that_ends_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(MemoryError(), monkeypatch) == 2
    assert "more memory than there is" in capsys.readouterr().err


def test_another_error_is_a_fault(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(OSError(errno.EBADF, "Bad file descriptor"), monkeypatch) == program.FAULT
    assert "Traceback" in capsys.readouterr().err


def test_a_panic_of_a_library_is_a_fault_and_no_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class PanicException(BaseException):
        pass

    assert ended(PanicException("not a char boundary"), monkeypatch) == program.FAULT
    assert "not a char boundary" in capsys.readouterr().err
    assert ended(SystemExit(3), monkeypatch) == 3


def test_a_working_directory_that_is_gone_is_told_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def gone() -> str:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory")

    monkeypatch.setattr(os, "getcwd", gone)
    assert ended(AssertionError("the command was begun"), monkeypatch) == 2
    assert "The working directory is gone" in capsys.readouterr().err
