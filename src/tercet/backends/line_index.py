"""Lines of a file on disk, each read when it is wanted: what is held is where they begin."""

import gzip
import os
import tempfile
import weakref
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from tercet.errors import CorpusError

_CHUNK = 1 << 20  # bytes, in which a file is gone through
_AHEAD = 1 << 16  # bytes read for a line that stands behind the one before: so will the next
_MARK = b"\xef\xbb\xbf"


class LineIndex:
    r"""The lines of a UTF-8 file, by place from 0, as ``tercet.files`` reads them.

    Only ``\n`` ends a line, ``\r`` before it is dropped, and so is a byte order mark. 8 bytes a line are held. The
    file stays open while the object lives, so that another one that takes its name changes nothing. ``.gz`` is
    unpacked once, into a temporary file that has no name. A process that is forked may go on with it.

    Args:
        path: The file; not checked to be UTF-8.

    Raises:
        CorpusError: It cannot be read, or not unpacked.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = _unpacked(path) if path.suffix == ".gz" else _opened(path)
        weakref.finalize(self, self._file.close)
        self._begin = _beginnings(self._file)
        self._ahead = (0, b"")  # where a piece of the file begins, and the piece

    def __len__(self) -> int:
        return len(self._begin) - 1

    def __getitem__(self, place: int) -> str:
        """Read a line, without its end.

        Raises:
            CorpusError: The file has become shorter, or the line is not UTF-8 any more.
            IndexError: There is no such line.
        """
        start, stop = int(self._begin[place]), int(self._begin[place + 1])
        first, piece = self._ahead
        if not first <= start <= stop <= first + len(piece):
            wanted = max(stop - start, _AHEAD if 0 <= start - first <= _AHEAD else 0)
            # Not by seek and read: processes that were forked share where they are in a file.
            first, piece = start, os.pread(self._file.fileno(), wanted, start)
            self._ahead = (first, piece)
        line = piece[start - first : stop - first]
        if len(line) < stop - start:
            raise self.changed(place)
        if line.endswith(b"\n"):
            line = line[:-1].removesuffix(b"\r")
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise self.changed(place) from error

    def changed(self, place: int) -> CorpusError:
        """Word that a line is not what it was when the file was gone through."""
        return CorpusError(
            "The file was changed while it was read.", "Run it again.", path=self._path, line=int(place) + 1
        )


def _opened(path: Path) -> BinaryIO:
    try:
        return path.expanduser().open("rb")
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def _unpacked(path: Path) -> BinaryIO:
    try:
        return _kept(_chunks_of_gzip(path))
    except OSError as error:  # not of the file: that is a CorpusError by now
        raise CorpusError(
            f"Cannot be unpacked into a temporary file: {error.strerror or error}.",
            "Set TMPDIR to a folder with room for it, or unpack it yourself.",
            path=path,
        ) from error


def _kept(chunks: Iterable[bytes]) -> BinaryIO:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the object that holds it
    try:
        file.writelines(chunks)
        file.flush()
    except BaseException:
        with suppress(OSError):  # closing writes once more where a disk is full
            file.close()
        raise
    return file


def _chunks_of_gzip(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path.expanduser()) as packed:
            while True:
                chunk = packed.read(_CHUNK)
                if not chunk:
                    return
                yield chunk
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> CorpusError:
    return CorpusError(f"Cannot be read: {getattr(error, 'strerror', None) or error}.", path=path)


def _beginnings(file: BinaryIO) -> NDArray[np.int64]:
    """Find where each line begins, and where the last one ends: (n + 1,) for n lines."""
    file.seek(0)
    at = len(_MARK) if file.read(len(_MARK)) == _MARK else 0
    found = [np.array([at], dtype=np.int64)]
    file.seek(at)
    while chunk := file.read(_CHUNK):
        found.append(np.flatnonzero(np.frombuffer(chunk, dtype=np.uint8) == ord("\n")) + (at + 1))
        at += len(chunk)
    if at > next(part[-1] for part in reversed(found) if len(part)):  # the last line has no end
        found.append(np.array([at], dtype=np.int64))
    return np.concatenate(found)
