"""How kernels are compiled: by numba, kept on disk beside their source, without Python's lock."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

_Function = TypeVar("_Function", bound=Callable[..., Any])
_FOLDER = Path(__file__).parent


def kernel(function: _Function) -> _Function:
    """Compile a function at its first call, or load what an earlier process compiled."""
    return cast("_Function", numba.njit(cache=True, nogil=True)(function))


def part(function: _Function) -> _Function:
    """Compile a function together with each kernel that calls it, and keep it there."""
    return cast("_Function", numba.njit(nogil=True)(function))


def inlined(function: _Function) -> _Function:
    """Compile a function into the kernels that call it, in the same file or another."""
    return cast("_Function", numba.njit(inline="always", nogil=True)(function))


def _forget_stale() -> None:
    """Remove what was compiled before any kernel's source changed.

    numba looks only at the file of the function itself, and kernels call functions of other files.
    """
    newest = max(file.stat().st_mtime for file in _FOLDER.glob("*.py"))
    for index in (_FOLDER / "__pycache__").glob("*.nbi"):
        if index.stat().st_mtime < newest:
            index.unlink(missing_ok=True)


_forget_stale()
