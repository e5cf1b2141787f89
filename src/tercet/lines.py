"""JSON lines of a run folder, read one after another, with errors that name file and line."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from tercet.errors import RunError
from tercet.sizes import INFO, LINE_OF_RUN, TooLargeError, lines, whole


class RepeatedKeyError(ValueError):
    """A key stands twice in an object, of which ``json`` would keep the last and say nothing of the first."""


_AGAIN = "Repeat the command that made it."
_T = TypeVar("_T")


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object whose keys stand there once: an ``object_pairs_hook`` for ``json``.

    Raises:
        RepeatedKeyError: One stands there twice.

    >>> once([("a", 1), ("b", 2)])
    {'a': 1, 'b': 2}
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        raise RepeatedKeyError(f"the key '{next(key for key in found if names.count(key) > 1)}' stands twice")
    return found


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


_DECODE = json.JSONDecoder(object_pairs_hook=once, parse_constant=_no_number).decode


def read_json(text: str) -> Any:
    """Read JSON as tercet writes it: no key twice, no NaN.

    Raises:
        ValueError: It is none; or ``RecursionError``, where it is nested too deeply.
    """
    return _DECODE(text)


def read_json_file(path: Path) -> Any:
    """Read a file that tercet has written as one JSON value.

    Raises:
        OSError: It cannot be read.
        ValueError: It is larger than any that tercet writes, or as ``read_json``; likewise ``RecursionError``.
    """
    with path.open("rb") as file:
        return read_json(whole(file, INFO).decode("utf-8"))


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
            for number, line in enumerate(lines(file, LINE_OF_RUN), 1):
                if line.strip():
                    yield _made(line, make, f"{path}:{number}")
    except TooLargeError as error:
        raise RunError(f"{path}: damaged: {error}.", _AGAIN) from error
    except OSError as error:
        raise RunError(f"{path}: cannot be read: {error.strerror or error}.", _AGAIN) from error


def _made(line: bytes, make: Callable[[dict[str, Any]], _T], place: str) -> _T:
    try:
        record = read_json(line.decode("utf-8", "surrogatepass"))
        if not isinstance(record, dict):
            raise TypeError(f"no object but {type(record).__name__}")
        return make(record)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RunError(f"{place}: damaged: {error}.", _AGAIN) from error
