"""A working directory in which runs are disturbed, and what there is to see of it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager, suppress
from pathlib import Path

from click.testing import CliRunner, Result

from tercet.cli import main
from tests import anywhere_parts
from tests.interrupts import heed_interrupts
from tests.sweeping import Tree, tree

PARTS = "anywhere_own"  # not the name that it has here: where tests stand, modules come and go, and its code is hashed
CONFIGS = {
    "summarizer/marked": f"_target_: {PARTS}.Marked\n",
    "metric/vowels": f"# @package metrics.vowels\n_target_: {PARTS}.Vowels\nplace: cpu\n",
    "executor/shuffled": f"_target_: {PARTS}.Shuffled\nshard: 5\norder: 0\nmost: null\n",
}
#: All 24 articles in two languages, by two systems and all metrics that need no model.
SYSTEMS = ("run", "-m", "summarizer=lead,textrank", "translator=copy", "name=sweep")
#: A run of few articles, whose backend and metric do what the files in ``marks`` say; how many articles it has.
MARKED = ("run", "summarizer=marked", "translator=copy", "metric=[shape,vowels]", "limit=8")
ARTICLES = 8


def furnish(work: Path) -> Path:
    """Put a user's configs and classes into a working directory."""
    work.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(str(anywhere_parts.__file__), work / f"{PARTS}.py")
    for name, text in CONFIGS.items():
        path = work / "conf" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return work


def tercet(work: Path, *words: str) -> Result:
    """Run the command line in this process, in a working directory."""
    with chdir(work):
        return CliRunner().invoke(main, list(words), prog_name="tercet")


def made(work: Path, *words: str) -> Tree:
    """Run a command that ends well, and read what it made."""
    done = tercet(furnish(work), *words)
    assert done.exit_code == 0, done.output
    return tree(work / "results")


def single(system: str) -> list[str]:
    """Word one run of the sweep."""
    return [f"summarizer={system}" if word.startswith("summarizer") else word for word in SYSTEMS if word != "-m"]


def check_runs(work: Path, whole: Tree) -> None:
    """Check that the runs of the sweep are there, each the same as in the sweep; there is no leaderboard here."""
    assert tree(work / "results") == {name: data for name, data in whole.items() if not name.startswith("sweep-")}


def comparison(work: Path) -> str:
    """Compare the two systems: intervals of differences, and p-values."""
    names = sorted(path.parent.name for path in (work / "results").glob("*/run.json"))
    done = tercet(work, "compare", *(f"results/{name}" for name in names), "--format", "json")
    assert done.exit_code == 0, done.output
    return done.stdout


@contextmanager
def begun(work: Path, words: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """Run the command line in a process of its own, which begins a group of processes; none is left in the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tercet", *words],
        cwd=work,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=heed_interrupts,  # noqa: PLW1509 (it sets a signal, and takes no lock)
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def alive_in(group: int) -> list[int]:
    """List the processes of a group that run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = path.read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(its_group) == group and state != "Z":
            found.append(int(path.parent.name))
    return found


def wait_for_end(group: int, seconds: float = 30) -> None:
    """Wait until no process of a group is left."""
    until = time.monotonic() + seconds
    while left := alive_in(group):
        assert time.monotonic() < until, f"{left} are still there"
        time.sleep(0.02)


class Marks:
    """The folder that says what befalls whom, and that tells what was done.

    Args:
        work: The working directory.
    """

    def __init__(self, work: Path) -> None:
        self.folder = work / anywhere_parts.MARKS
        self.folder.mkdir()

    def put(self, name: str, fate: str) -> None:
        """Let something befall whoever comes by.

        Args:
            name: ``generate-ARTICLE`` or ``measure-ARTICLE``, or ``...-on-NODE``.
            fate: ``once`` and ``always`` kill, ``hold`` waits to be killed; of a node, what is put there then.
        """
        (self.folder / name).write_text(fate)

    def wait(self, name: str, seconds: float = 60) -> None:
        """Wait until somebody is held."""
        until = time.monotonic() + seconds
        while not (self.folder / f"held-{name}").exists():
            assert time.monotonic() < until, f"nobody is at {name}"
            time.sleep(0.01)

    def counts(self, what: str) -> Counter[str]:
        """How often each case was generated, or measured; one that was begun is counted."""
        return Counter(case for case, _ in self._records(what))

    def processes(self, what: str) -> set[int]:
        """Which processes did so."""
        return {int(process) for _, process in self._records(what)}

    def _records(self, what: str) -> list[list[str]]:
        return [line.split() for line in (self.folder / what).read_text().splitlines()]


def articles_of(cases: Sequence[str] | set[str]) -> set[str]:
    """The articles of some cases."""
    return {case.partition(":")[0] for case in cases}


def repeated(marks: Marks, what: str) -> set[str]:
    """The articles at which a step was begun more often than once."""
    return articles_of({case for case, times in marks.counts(what).items() if times > 1})


def end(process: subprocess.Popen[str], how: signal.Signals) -> str:
    """End a process, and wait until what it had started has ended, too; what it said to the standard error."""
    os.kill(process.pid, how)
    _, said = process.communicate(timeout=60)
    wait_for_end(process.pid)
    return said
