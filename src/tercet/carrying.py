"""An error on its way from another process: plain data there, the same error again here.

Pickle makes an exception anew from its positional arguments, so an error with keyword arguments, or whose constructor
words its message, comes out wrong or not at all. Here an error is its class's path and its attributes.
"""

from collections.abc import Mapping
from pathlib import PurePath
from pkgutil import resolve_name
from traceback import format_exception
from typing import Any

from tercet.errors import TercetError, located

_PLAIN = (str, int, float, PurePath, type(None))


def pack(error: BaseException) -> dict[str, Any]:
    """Say in plain data all that `unpack` needs to raise an error again in another process.

    Args:
        error: What was raised; notes on it are kept.

    Returns:
        "class" (module:name), "problem", "remedy", "exit_code" (of a TercetError, else None), "attributes" (what else
        the error holds: text, numbers, paths, and lists and mappings of them; of anything else its repr) and
        "traceback" (as Python prints it).
    """
    kind = type(error)
    mine = error if isinstance(error, TercetError) else None
    return {
        "class": f"{kind.__module__}:{kind.__qualname__}",
        "problem": located(error) if mine is None else mine.problem,
        "remedy": "" if mine is None else mine.remedy,
        "exit_code": None if mine is None else mine.exit_code,
        "attributes": {name: _plain(value) for name, value in vars(error).items() if name not in {"problem", "remedy"}},
        "traceback": "".join(format_exception(error)),
    }


def unpack(packed: Mapping[str, Any]) -> BaseException:
    """Make the error that `pack` described, to be raised.

    Args:
        packed: What `pack` returned.

    Returns:
        Of a TercetError the same class, with the same problem, remedy, attributes and exit code (a plain TercetError
        where the class cannot be imported here). Of any other error a RuntimeError that names its kind, its message
        and its line, with the traceback of the other process as a note.
    """
    attributes = packed["attributes"]
    if packed["exit_code"] is None:
        error: BaseException = RuntimeError(packed["problem"])
        for note in attributes.get("__notes__", ()):
            error.add_note(note)
        error.add_note(f"In the other process:\n{packed['traceback']}")
        return error
    kind = _kind(packed["class"])
    # Not through the constructor: it may take other arguments than these, and words the problem a second time.
    own = kind.__new__(kind, packed["problem"], packed["remedy"])
    vars(own).update(attributes, problem=packed["problem"], remedy=packed["remedy"])
    if own.exit_code != packed["exit_code"]:
        own.exit_code = packed["exit_code"]
    return own


def _kind(path: str) -> type[TercetError]:
    """Find a class of errors by its path; TercetError where it cannot be found, as of a class within a function."""
    try:
        found = resolve_name(path)
    except (ImportError, AttributeError, ValueError):
        return TercetError
    return found if isinstance(found, type) and issubclass(found, TercetError) else TercetError


def _plain(value: Any) -> Any:
    """Keep what every process can read; of the rest, what it says of itself."""
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    return repr(value)
