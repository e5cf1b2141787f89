"""What a command and every process that it starts take: time, processor time and memory, from Linux's /proc.

Memory is read as the kernel keeps it: each process's own peak (VmHWM), which no sample can miss but that of its last
fifth of a second; and all of them together by their shares (PSS), where pages that several have count once, at the
moments that were looked at. Processor time is that of each process when it was last seen.
"""

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_EVERY = 0.2  # seconds between two looks: a look takes a millisecond or two
_SHARES_EVERY = 5  # looks; the kernel walks through all pages for a process's share
_TICKS = os.sysconf("SC_CLK_TCK")
_ROOT = "driver"


class Process(NamedTuple):
    """A process as it was last seen.

    Args:
        name: What it does: ``driver`` (the command itself), ``worker``, ``forkserver``, ``resource tracker``.
        peak_mb: Its own peak of resident memory.
        cpu_seconds: User and system time.
    """

    name: str
    peak_mb: float
    cpu_seconds: float


class Usage(NamedTuple):
    """What a command took.

    Args:
        code: Its exit code; negative for the signal that ended it.
        seconds: Wall time.
        cpu_seconds: Processor time of all processes.
        processes: Each of them, the largest first.
        together_mb: Most that all had at one time, shared pages counted once; NaN where the kernel does not tell.
    """

    code: int
    seconds: float
    cpu_seconds: float
    processes: tuple[Process, ...]
    together_mb: float

    @property
    def largest(self) -> Process:
        """The process with the highest peak."""
        return self.processes[0]


class _Tree:
    """The processes below one, as far as they were seen."""

    def __init__(self, root: int) -> None:
        self.root = root
        self.seen: dict[tuple[int, str], Process] = {}
        self.together_mb = float("nan")

    def look(self, *, shares: bool) -> None:
        """Read what is alive now."""
        alive = self._alive()
        for pid, (started, parent, cpu) in alive.items():
            before = self.seen.get((pid, started))
            peak = max(_kilobytes(pid, "status", "VmHWM:") / 1024, before.peak_mb if before else 0.0)
            name = before.name if before and before.name != "python" else self._name(pid, parent)
            self.seen[pid, started] = Process(name, peak, cpu)
        if shares and alive:
            total = sum(_kilobytes(pid, "smaps_rollup", "Pss:") for pid in alive) / 1024
            self.together_mb = max(total, self.together_mb) if total else self.together_mb

    def _alive(self) -> dict[int, tuple[str, int, float]]:
        """Start, parent and processor time of each process that is of the root's session or below a known one."""
        found: dict[int, tuple[str, int, float]] = {}
        known = {self.root, *(pid for pid, _ in self.seen)}
        for pid in sorted(int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()):
            fields = _stat(pid)
            if fields and fields[0] != "Z" and (int(fields[3]) == self.root or int(fields[1]) in known):
                known.add(pid)
                found[pid] = (fields[19], int(fields[1]), (int(fields[11]) + int(fields[12])) / _TICKS)
        return found

    def _name(self, pid: int, parent: int) -> str:
        """Say what a process is there for, by its command line."""
        if pid == self.root:
            return _ROOT
        line = _read(pid, "cmdline")
        if "resource_tracker" in line:
            return "resource tracker"
        if "forkserver" in line and parent == self.root:
            return "forkserver"
        return "worker" if "multiprocessing" in line or "loky" in line else Path(line.split("\0")[0]).stem or "python"


def watch(command: Sequence[str], folder: Path, log: Path, environment: dict[str, str] | None = None) -> Usage:
    """Run a command to its end and watch its processes.

    Args:
        command: The words.
        folder: Where it runs.
        log: Where what it prints goes.
        environment: What to add to the environment.

    Returns:
        What it took.
    """
    ended: dict[str, float] = {}
    done = threading.Event()
    with log.open("wb") as stream:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # its processes are known by the session
            env={**os.environ, **(environment or {})},
        )

        def wait() -> None:
            _, status, used = os.wait4(process.pid, 0)
            ended.update(
                seconds=time.perf_counter() - start,
                code=os.waitstatus_to_exitcode(status),
                cpu=used.ru_utime + used.ru_stime,
                peak=used.ru_maxrss / 1024,
            )
            process.returncode = int(ended["code"])
            done.set()

        threading.Thread(target=wait, daemon=True).start()
        tree = _Tree(process.pid)
        looks = 0
        try:
            while not done.wait(_EVERY if looks else 0.02):
                tree.look(shares=looks % _SHARES_EVERY == 0)
                looks += 1
        finally:
            if not done.is_set():
                os.killpg(process.pid, 15)
    return _usage(tree, ended)


def _usage(tree: _Tree, ended: dict[str, float]) -> Usage:
    """Put together what was seen and what the kernel says of the command and the children that it waited for."""
    known = dict(tree.seen)
    sampled = sum(process.cpu_seconds for process in known.values())
    processes = sorted(known.values(), key=lambda process: -process.peak_mb) or [Process(_ROOT, 0.0, 0.0)]
    if ended["peak"] > processes[0].peak_mb:  # its last moment, which no look met
        processes[0] = processes[0]._replace(peak_mb=ended["peak"])
    return Usage(
        code=int(ended["code"]),
        seconds=ended["seconds"],
        cpu_seconds=max(sampled, ended["cpu"]),
        processes=tuple(processes),
        together_mb=tree.together_mb,
    )


def _read(pid: int, name: str) -> str:
    """Read a file of a process; nothing where it has ended or belongs to somebody else."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _stat(pid: int) -> list[str]:
    """The fields after the command's name, from the state on; none where the process has ended."""
    return _read(pid, "stat").rpartition(")")[2].split()


def _kilobytes(pid: int, name: str, key: str) -> int:
    """A figure of a process's memory in kB; 0 where it has ended."""
    for line in _read(pid, name).splitlines():
        if line.startswith(key):
            return int(line.split()[1])
    return 0
