"""Install what requirements.lock names, each file checked against its hash; with the environment's own Python.

    .venv/bin/python -m tools.install

Nothing is resolved: what the lock does not name is not installed. Source archives, of which there are two, and
tercet itself are built with what the lock names, and not with what an index serves on that day.

torch is apart. Its CPU build is a tenth of the CUDA one, and no file name tells them apart in a requirement: a local
folder of wheels that pip is configured for (``find-links``) is asked first, then the index. Where the index gave a
CUDA build, its libraries follow.
"""

import subprocess
import sys
from collections.abc import Iterable
from importlib import invalidate_caches
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.locked import BUILD, CUDA, LOCK, REST, TORCH, Locked, read

ROOT = Path(__file__).parents[1]
_PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


def main() -> None:
    """Install the lock, then tercet itself."""
    items = read(ROOT / LOCK)
    for section in (BUILD, REST):
        _install([item for item in items if item.section == section])
    torch = [item for item in items if item.section == TORCH]
    if not _install(torch, "--no-index", must=False):
        _install(torch)
    if _wants(cuda := [item for item in items if item.section == CUDA]):
        _install(cuda)
    here = ["install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--editable", "."]
    subprocess.run([*_PIP, *here], cwd=ROOT, check=True)
    subprocess.run([*_PIP, "check"], stdout=subprocess.DEVNULL, check=True)


def _install(items: Iterable[Locked], *options: str, must: bool = True) -> bool:
    """Let pip install, and say whether it did."""
    with TemporaryDirectory() as folder:
        listed = Path(folder) / "requirements.txt"
        listed.write_text("".join(f"{item.line}\n" for item in items), "utf-8")
        how = ["install", "--quiet", "--no-deps", "--require-hashes", "--no-build-isolation", *options]
        done = subprocess.run([*_PIP, *how, "-r", str(listed)], check=False, capture_output=not must)
    if must and done.returncode:
        raise SystemExit(f"Not everything could be installed: see above. {LOCK} says which files may be.")
    return done.returncode == 0


def _wants(cuda: Iterable[Locked]) -> bool:
    """Tell whether the build of torch that is installed needs libraries of CUDA."""
    invalidate_caches()
    try:
        needed = requires("torch") or []
    except PackageNotFoundError:
        return False
    return any(line.startswith(item.name) for line in needed for item in cuda)


if __name__ == "__main__":
    main()
