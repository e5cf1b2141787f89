"""Reading text files: UTF-8, gzip, lines and JSON lines, with errors that name file and line."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tercet.errors import CorpusError


def read_text(path: Path) -> str:
    r"""Read a UTF-8 file; ``.gz`` is unpacked, a byte order mark dropped, ``\r\n`` made ``\n``.

    Raises:
        CorpusError: It cannot be opened, or a byte is not UTF-8, with its line.
    """
    try:
        data = path.expanduser().read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise CorpusError(f"Cannot be read: {reason}.", path=path) from error
    try:
        return data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"Byte {error.start} is not UTF-8.",
            "Save the file as UTF-8.",
            path=path,
            line=data[: error.start].count(b"\n") + 1,
        ) from error


def read_lines(path: Path) -> list[str]:
    r"""Read the segments of a text file, one a line; only ``\n`` ends a line.

    Raises:
        CorpusError: It cannot be read, or it is empty.
    """
    lines = read_text(path).split("\n")
    if lines[-1] == "":
        lines.pop()
    if not lines:
        raise CorpusError("The file is empty.", "Expected one segment a line.", path=path)
    return lines


def read_records(path: Path) -> Iterator[tuple[int, dict[str, Any] | CorpusError]]:
    """Read JSON lines.

    Yields:
        Each line's number, from 1, with its object, or with the error that it is. Blank lines are
        passed over.

    Raises:
        CorpusError: The file cannot be read.
    """
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if line.strip():
            try:
                yield number, _object(line, path, number)
            except CorpusError as error:
                yield number, error


def _object(line: str, path: Path, number: int) -> dict[str, Any]:
    remedy = "Expected one object a line."
    try:
        record = json.loads(line)
        if "\\ud" in line.lower():
            json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise CorpusError(
            "An escape such as \\ud83d is half a character.", "Write the character itself.", path=path, line=number
        ) from error
    except ValueError as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise CorpusError(f"No JSON: {reason}.", remedy, path=path, line=number) from error
    except RecursionError as error:
        raise CorpusError("The JSON is nested too deeply.", path=path, line=number) from error
    if not isinstance(record, dict):
        raise CorpusError(f"The line is no object but {type(record).__name__}.", remedy, path=path, line=number)
    return record
