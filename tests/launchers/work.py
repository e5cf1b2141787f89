"""Work for launchers: what it does stands in its item."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tercet.errors import CorpusError


def write(item: str) -> tuple[Path, int]:
    """Write a file below the working directory, as a run does; say where, and which process did it."""
    path = Path("results", item)
    path.parent.mkdir(exist_ok=True)
    path.write_text(item, "utf-8")
    return path, os.getpid()


def fail_in_a_corpus(_: str) -> None:
    time.sleep(0.3)  # others fail before it does
    raise CorpusError("has no title.", "Add one.", path=Path("a.md"), line=3)


def fail_in_a_bug(_: str) -> None:
    raise KeyError("missing")


def die(_: str) -> None:
    os._exit(9)


def run_out_of_time(item: str) -> str:
    """Ask once to be queued again, as a cluster does when a job's time is up."""
    begun = Path(f"{item}.begun")
    if not begun.exists():
        begun.touch()
        os.kill(os.getpid(), signal.SIGUSR2)
        time.sleep(60)
    return "resumed"


def wait(item: str) -> str:
    """Be there until it is killed, or done at once."""
    if item == "quick":
        return item
    Path(f"{item}.pid").write_text(str(os.getpid()), "utf-8")
    time.sleep(300)
    return item


DEEDS: dict[str, Callable[[str], object]] = {
    "corpus": fail_in_a_corpus,
    "bug": fail_in_a_bug,
    "die": die,
    "out": run_out_of_time,
    "write": write,
    "wait": wait,
}


def work(item: tuple[str, str]) -> object:
    deed, rest = item
    return DEEDS[deed](rest)
