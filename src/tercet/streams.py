"""The standard streams of a command: closed ones, full disks behind them, and readers that have gone."""

import io
import os
import select
import sys
from typing import Any

from tercet.errors import TercetError

# As a shell says it of a program that SIGPIPE has ended; 1 would say that a gate has found something.
GONE = 141


def mend() -> None:
    """Make the standard streams such that what is wrong with them is told, or does not matter.

    - One that is closed is ``/dev/null``.
    - A reader that has gone (``tercet list | head -1``) ends the command with ``GONE``, quietly.
    - Another error on standard output is a ``TercetError``.
    - Errors on standard error are nobody's: a run is not given up because its progress is not seen.
    - A character that the encoding lacks is written as its escape.
    """
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 (it stays open)
    sys.stdout = _text(1, sys.stdout, _Output)
    sys.stderr = _text(2, sys.stderr, _Told)


class _Raw(io.RawIOBase):
    """A descriptor that is written into until it fails once.

    Args:
        descriptor: Stays open.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._failed = False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)

    def write(self, data: Any) -> int:
        while not self._failed:
            try:
                return os.write(self._descriptor, data)
            except BlockingIOError:  # a pipe that its other end has set so, and that is full: it is read in time
                select.select([], [self._descriptor], [])
            except OSError as error:
                self._failed = True  # what is left over, or written at the very end, must not fail once more
                self.fail(error)
        return len(data)

    def fail(self, error: OSError) -> None:
        """Say what follows of an error."""
        raise NotImplementedError


class _Output(_Raw):
    def fail(self, error: OSError) -> None:
        if isinstance(error, BrokenPipeError):
            raise SystemExit(GONE) from error
        raise TercetError(
            f"Standard output cannot be written: {error.strerror or error}.",
            "Free some space, or send it somewhere else. What is in files is there.",
        ) from error


class _Told(_Raw):
    def fail(self, error: OSError) -> None:
        pass


def _text(descriptor: int, stream: Any, kind: type[_Raw]) -> Any:
    """Put our own descriptor below a stream; one that is no file, as a notebook has it, is left alone."""
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 (it stays open)
    try:
        if stream.fileno() != descriptor:
            return stream
    except (OSError, AttributeError, ValueError):
        return stream
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(kind(descriptor)),
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
    )
