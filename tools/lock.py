"""Write requirements.lock: every package that the repository uses, with the hashes of its files.

    python -m tools.lock [--upgrade]

uv resolves for every platform at once; of its answer those files are kept that can be installed where tercet
runs (Linux and macOS, x86_64 and arm64, Python 3.11 and newer). A source archive is kept only where there is no
wheel: building one runs its code. Without ``--upgrade`` the versions stay as far as pyproject.toml lets them.
"""

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote, urlsplit

from packaging.utils import parse_wheel_filename

from tools.locked import BUILD, CUDA, LOCK, REST, TORCH, read

ROOT = Path(__file__).parents[1]
# What builds source archives and tercet itself, before anything else is there.
_BUILDING = ("hatchling", "packaging", "pathspec", "pluggy", "setuptools", "trove-classifiers")
_CUDA = ("cuda-", "nvidia-", "triton")
# CPU builds of torch that no public index of packages serves under its plain version: by whoever put them on a local
# folder. Hashed when they were first used.
_CPU_BUILDS = {
    "torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl": (
        "6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b"
    ),
}
_HEADER = """\
# Every package of this repository, with the hashes of the files that may be installed. Written by `make lock`.
# `make setup` installs it with --require-hashes (tools/install.py).
"""
_NOTES = {
    BUILD: "what builds the others",
    REST: "the rest",
    TORCH: "a local folder's CPU build where there is one",
    CUDA: "what the CUDA build of torch needs, where that one was installed",
}


def main(arguments: Sequence[str]) -> None:
    """Resolve, and write the lock."""
    packages = resolved(upgrade="--upgrade" in arguments)
    (ROOT / LOCK).write_text(written(packages), "utf-8")


def resolved(*, upgrade: bool) -> list[Mapping[str, Any]]:
    """Ask uv for the packages, as PEP 751 lists them."""
    with TemporaryDirectory() as folder:
        found, held = Path(folder) / "pylock.toml", Path(folder) / "held.txt"
        known = read(ROOT / LOCK) if (ROOT / LOCK).is_file() and not upgrade else []
        held.write_text("".join(f"{item.requirement}\n" for item in known), "utf-8")
        command = [
            os.environ.get("UV", "uv"), "pip", "compile", "pyproject.toml", "--extra", "all", "--extra", "dev",
            "--universal", "--python-version", "3.11", "--constraint", str(held), "--format", "pylock.toml",
            "--output-file", str(found), "--quiet",
        ]  # fmt: skip
        subprocess.run(command, cwd=ROOT, check=True)
        packages: list[Mapping[str, Any]] = tomllib.loads(found.read_text("utf-8"))["packages"]
    return packages


def written(packages: Sequence[Mapping[str, Any]]) -> str:
    """Write the lock's text, section by section."""
    lines = [_HEADER]
    for section, note in _NOTES.items():
        lines.append(f"\n# [{section}] {note}\n")
        for package in packages:
            if _section(package["name"]) == section:
                marker = f" ; {package['marker']}" if "marker" in package else ""
                hashes = [f"--hash=sha256:{found}" for found in sorted(set(_hashes(package)))]
                parts = [f"{package['name']}=={package['version']}{marker}", *hashes]
                lines.append(" \\\n    ".join(parts) + "\n")
    return "".join(lines)


def _section(name: str) -> str:
    if name == "torch":
        return TORCH
    if name.startswith(_CUDA):
        return CUDA
    return BUILD if name in _BUILDING else REST


def _hashes(package: Mapping[str, Any]) -> Iterator[str]:
    names = {unquote(urlsplit(wheel["url"]).path).rpartition("/")[2]: wheel for wheel in package.get("wheels", ())}
    for file in [wheel for name, wheel in names.items() if _serves(name)] or [package["sdist"]]:
        yield file["hashes"]["sha256"]
    for name, found in _CPU_BUILDS.items():
        if name.startswith(f"{package['name']}-{package['version']}+"):
            yield found


def _serves(name: str) -> bool:
    """Tell whether a wheel can be installed where tercet runs.

    >>> _serves("numpy-2.4.6-cp312-cp312-macosx_14_0_arm64.whl"), _serves("numpy-2.4.6-cp312-cp312-win_amd64.whl")
    (True, False)
    >>> _serves("six-1.17.0-py2.py3-none-any.whl"), _serves("numpy-2.4.6-cp314-cp314t-macosx_14_0_arm64.whl")
    (True, False)
    """
    return any(
        _runs(tag.interpreter, tag.abi)
        and (tag.platform == "any" or tag.platform.startswith(("manylinux", "macosx")))
        and tag.platform.endswith(("any", "_x86_64", "_aarch64", "_arm64", "_universal2"))
        for tag in parse_wheel_filename(name)[3]
    )


def _runs(interpreter: str, abi: str) -> bool:
    if interpreter.startswith("py3"):
        return abi == "none"
    if not interpreter.startswith("cp3"):
        return False
    return abi == "abi3" or (int(interpreter[3:]) >= 11 and abi in {interpreter, "none"})


if __name__ == "__main__":
    main(sys.argv[1:])
