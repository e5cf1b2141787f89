"""Whether compiled kernels are worth their start: small jobs must not wait for a compiler."""

import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_FOLDER = Path(__file__).parent
# Seconds on one core of a server of 2024: importing numba, loading compiled code, compiling it.
_IMPORTING, _LOADING, _COMPILING = 0.5, 0.2, 10.0
_spent: dict[str, float] = {}


def worthwhile(module: str, seconds: float) -> bool:
    """Say whether a job should go through kernels; the numbers are the same either way.

    Jobs that go through the library add up: as soon as they have taken as long as a start, the
    kernels are started, so that many small jobs do not wait for the library for ever.

    Args:
        module: A module of this package, as ``rouge``.
        seconds: What the library would take for the job, roughly; its import too, if that is to come.

    Returns:
        False where numba is not installed, or where its start would take longer than it saves.
    """
    if f"{__package__}.{module}" in sys.modules:
        return True
    if not _installed():
        return False
    _spent[module] = _spent.get(module, 0.0) + seconds
    start = imported("numba", _IMPORTING) + (_LOADING if _compiled(module) else _COMPILING)
    return _spent[module] > start


def imported(module: str, seconds: float) -> float:
    """What is still to be paid for a library's import: nothing where it is loaded already."""
    return 0.0 if module in sys.modules else seconds


@cache
def _installed() -> bool:
    return find_spec("numba") is not None


def _compiled(module: str) -> bool:
    """Whether an earlier process has left compiled code beside the source, and no source is newer."""
    newest = max(file.stat().st_mtime for file in _FOLDER.glob("*.py"))
    found = list((_FOLDER / "__pycache__").glob(f"{module}.*.nbi"))
    return bool(found) and all(file.stat().st_mtime >= newest for file in found)
