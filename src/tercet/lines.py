"""JSON lines of a run folder, read one after another, with errors that name file and line."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from tercet.errors import RunError

_AGAIN = "Repeat the command that made it."
_T = TypeVar("_T")


def read_json_lines(path: Path, make: Callable[[dict[str, Any]], _T]) -> Iterator[_T]:
    r"""Read a file of JSON objects, one a line; one line is in memory at a time.

    Only ``\n`` ends a line, as it was written; half a surrogate pair is read as it was written, too.

    Args:
        path: The file, in UTF-8.
        make: Makes of each object what it stands for; a ``ValueError``, ``TypeError`` or ``KeyError`` says that it is
            damaged.

    Yields:
        What was made, in the order of the file. Blank lines are passed over.

    Raises:
        RunError: The file cannot be read, or a line is damaged; what stands before it is given first.
    """
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _made(line, make, f"{path}:{number}")
    except OSError as error:
        raise RunError(f"{path}: cannot be read: {error.strerror or error}.", _AGAIN) from error


def _made(line: bytes, make: Callable[[dict[str, Any]], _T], place: str) -> _T:
    try:
        record = json.loads(line.decode("utf-8", "surrogatepass"))
        if not isinstance(record, dict):
            raise TypeError(f"no object but {type(record).__name__}")
        return make(record)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RunError(f"{place}: damaged: {error}.", _AGAIN) from error
