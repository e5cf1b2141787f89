"""The machine: Python, platform, cores, memory, room on the disk, and tercet itself."""

import json
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit

import tercet
from tercet.chat.gguf import cache_folder
from tercet.doctor import Finding, State
from tercet.executors.local import cores

_AREA = "Machine"
_ROOM = 2**30  # with less than a GiB left, a run of any size is at risk
_NO_LIMIT = 2**60  # what a control group says that has none
_ELSEWHERE = {
    "results": "Set results=FOLDER.",
    "cache": "Set cache=FILE, or cache=null.",
    "models": "Set XDG_CACHE_HOME to another folder.",
}


def machine() -> Iterator[Finding]:
    """Look at Python and the machine, and at how tercet got here."""
    yield _own()
    yield _python()
    system = f"{platform.system()} {platform.release()}, {platform.machine()}"
    yield Finding(area=_AREA, name="platform", state=State.OK, said=system)
    yield Finding(area=_AREA, name="cores", state=State.OK, said=f"{cores()} that this process may use")
    yield _memory()


def folders(results: str, cache: str | None) -> Iterator[Finding]:
    """Look whether results and caches can be written, and how much room there is.

    Args:
        results: The folder of the runs.
        cache: The file of the replies; None keeps none.
    """
    yield _folder("results", Path(results))
    if cache is not None:
        yield _folder("cache", Path(cache).parent)


def models_folder() -> Finding:
    """Look at the folder where weights are put together that come in parts."""
    return _folder("models", cache_folder())


def _own() -> Finding:
    place = Path(tercet.__file__).parent
    try:
        here = distribution("tercet")
    except PackageNotFoundError:
        return Finding(
            area=_AREA,
            name="tercet",
            state=State.WARNING,
            said=f"{tercet.__version__}, not installed: imported from {place}",
            remedy="Without its metadata, what it needs cannot be checked. Run: pip install tercet",
        )
    return Finding(area=_AREA, name="tercet", state=State.OK, said=f"{tercet.__version__}, {_way(here)}: {place}")


def _way(here: Distribution) -> str:
    """Say how a distribution was installed, as PEP 610 records it."""
    record = here.read_text("direct_url.json")
    if record is None:
        return f"installed by {(here.read_text('INSTALLER') or 'an unknown tool').strip()} from an index"
    told = json.loads(record)
    if told.get("dir_info", {}).get("editable"):
        return "installed as an editable copy of a repository"
    if vcs := told.get("vcs_info"):
        return f"installed from {vcs.get('vcs', 'a repository')} at {str(vcs.get('commit_id', '?'))[:12]}"
    return f"installed from {Path(unquote(urlsplit(told.get('url', '')).path)).name or 'a file'}"


def _python() -> Finding:
    said = f"{platform.python_version()} ({platform.python_implementation()}), {sys.executable}"
    fit = sys.version_info >= (3, 11)
    remedy = "" if fit else "tercet needs Python 3.11 or newer: make an environment with it."
    return Finding(area=_AREA, name="Python", state=State.OK if fit else State.MISSING, said=said, remedy=remedy)


def _memory() -> Finding:
    try:
        whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return Finding(area=_AREA, name="memory", state=State.UNKNOWN, said="the system does not say")
    limit = _limit()
    said = f"{_gib(whole)} in all" if limit >= whole else f"{_gib(limit)} that this process may use, of {_gib(whole)}"
    return Finding(area=_AREA, name="memory", state=State.OK, said=said)


def _limit() -> int:
    """Read the memory limit of this process's control group; a container has one."""
    try:
        return int(Path("/sys/fs/cgroup/memory.max").read_text("ascii"))
    except (OSError, ValueError):
        return _NO_LIMIT


def _folder(name: str, folder: Path) -> Finding:
    """Look at a folder, or at the nearest one above it that is there: in that it will be made."""
    whole = folder.absolute()
    there = next(path for path in (whole, *whole.parents) if path.exists())
    if not there.is_dir():
        said = f"'{folder}' cannot be made: '{there}' is a file"
        return Finding(area=_AREA, name=name, state=State.MISSING, said=said, remedy=_ELSEWHERE[name])
    if not os.access(there, os.W_OK | os.X_OK):
        said = f"'{folder}' cannot be written: '{there}' is closed to this user"
        return Finding(area=_AREA, name=name, state=State.MISSING, said=said, remedy=_ELSEWHERE[name])
    free = shutil.disk_usage(there).free
    state, remedy = (State.OK, "") if free >= _ROOM else (State.WARNING, f"Make room. {_ELSEWHERE[name]}")
    return Finding(area=_AREA, name=name, state=state, said=f"{folder}/, {_gib(free)} free", remedy=remedy)


def _gib(size: int) -> str:
    return f"{size / 2**30:.1f} GiB"
