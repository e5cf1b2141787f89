"""Reading text files: UTF-8, gzip, lines and JSON lines, with errors that name file and line."""

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from tercet.errors import CorpusError
from tercet.lines import RepeatedKeyError, once
from tercet.sizes import TooLargeError, lines, whole

_UNREADABLE = (OSError, EOFError, ValueError, zlib.error)  # ValueError: a name with a null byte
_READ_AT_ONCE = 1 << 17
_DECODE = json.JSONDecoder(object_pairs_hook=once).decode


def read_text(path: Path) -> str:
    r"""Read a UTF-8 file; ``.gz`` is unpacked, a byte order mark dropped, ``\r\n`` made ``\n``.

    Raises:
        CorpusError: It cannot be opened, or a byte is not UTF-8, with its line.
    """
    try:
        with _opened(path.expanduser()) as file:
            data = whole(file)
    except TooLargeError as error:
        raise CorpusError(f"Cannot be read: {error}.", "Is it a text, and a single one?", path=path) from error
    except _UNREADABLE as error:
        raise _unreadable(path, error) from error
    try:
        return data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise _not_utf8(path, error.start, data[: error.start].count(b"\n") + 1) from error


def read_lines(path: Path) -> list[str]:
    r"""Read the segments of a text file, one a line; only ``\n`` ends a line.

    Raises:
        CorpusError: It cannot be read, or it is empty.
    """
    return list(iterate_lines(path))


def iterate_lines(path: Path) -> Iterator[str]:
    r"""Read the segments of a text file one by one; no more than a line and a buffer is held.

    Yields:
        Each line without its end; only ``\n`` ends a line, and a ``\r`` before it goes with it.

    Raises:
        CorpusError: The file cannot be read, with the line where it is not UTF-8; or it is empty.
            What stands before a damaged place has been given by then.
    """
    empty = True
    for line in _lines(path):
        empty = False
        yield line
    if empty:
        raise CorpusError("The file is empty.", "Expected one segment a line.", path=path)


def read_records(path: Path) -> Iterator[tuple[int, dict[str, Any] | CorpusError]]:
    """Read JSON lines one by one; no more than a line and a buffer is held.

    Yields:
        Each line's number, from 1, with its object, or with the error that it is. Blank lines are
        passed over.

    Raises:
        CorpusError: The file cannot be read. What stands before a damaged place has been given by then.
    """
    for number, line in enumerate(_lines(path), 1):
        if line.strip():
            try:
                yield number, _object(line, path, number)
            except CorpusError as error:
                yield number, error


def _lines(path: Path) -> Iterator[str]:
    place = 0
    for number, data in enumerate(_raw_lines(path), 1):
        try:
            line = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise _not_utf8(path, place + error.start, number) from error
        place += len(data)
        if number == 1:
            line = line.removeprefix("\ufeff")
        if line.endswith("\n"):
            yield line[:-2] if line.endswith("\r\n") else line[:-1]
        elif line:  # else the file holds a byte order mark and nothing else
            yield line


def _raw_lines(path: Path) -> Iterator[bytes]:
    count = 0
    try:
        with _opened(path.expanduser()) as file:
            for count, line in enumerate(lines(file), 1):  # noqa: B007 (told where the next is refused)
                yield line
    except TooLargeError as error:
        raise CorpusError(
            f"Cannot be read: {error}.", "Is it a text, one record or segment a line?", path=path, line=count + 1
        ) from error
    except _UNREADABLE as error:
        raise _unreadable(path, error) from error


def _opened(path: Path) -> BinaryIO:
    if path.suffix != ".gz":
        return path.open("rb", buffering=_READ_AT_ONCE)
    return io.BufferedReader(gzip.open(path), _READ_AT_ONCE)  # whose lines come faster than those of a GzipFile


def _unreadable(path: Path, error: Exception) -> CorpusError:
    return CorpusError(f"Cannot be read: {getattr(error, 'strerror', None) or error}.", "Check the path.", path=path)


def _not_utf8(path: Path, byte: int, line: int) -> CorpusError:
    return CorpusError(f"Byte {byte} is not UTF-8.", "Save the file as UTF-8.", path=path, line=line)


def _object(line: str, path: Path, number: int) -> dict[str, Any]:
    remedy = "Expected one object a line."
    try:
        record = _DECODE(line)
        if "\\ud" in line.lower():
            json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise CorpusError(
            "An escape such as \\ud83d is half a character.", "Write the character itself.", path=path, line=number
        ) from error
    except RepeatedKeyError as error:
        problem = f"{str(error)[0].upper()}{str(error)[1:]} in an object."
        raise CorpusError(problem, "Keep one of them.", path=path, line=number) from error
    except ValueError as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise CorpusError(f"No JSON: {reason}.", remedy, path=path, line=number) from error
    except RecursionError as error:
        raise CorpusError("The JSON is nested too deeply.", path=path, line=number) from error
    if not isinstance(record, dict):
        raise CorpusError(f"The line is no object but {type(record).__name__}.", remedy, path=path, line=number)
    return record
