"""Workers for tests, and jobs for them."""

import os
import signal
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tercet.errors import ConfigError, CorpusError, MissingExtraError, NotComparableError
from tercet.executors import CPU, HERE, MODELS, Done, Job, Lost, PoolSize

SIZES = {CPU: PoolSize(), MODELS: PoolSize()}


@dataclass
class Handy:
    """A step is the name of one of its methods."""

    folder: Path
    loaded: list[int] = field(default_factory=list)

    def do(self, step: str, payload: Any) -> Any:
        return getattr(self, step)(payload)

    def double(self, payload: int) -> int:
        return 2 * payload

    def successor(self, payload: int) -> int:
        return payload + 1

    def process(self, _: int) -> int:
        return os.getpid()

    def place(self, _: int) -> tuple[int, str, str]:
        time.sleep(0.02)  # so that each of several workers has its part
        return os.getpid(), str(Path.cwd()), os.environ["OMP_NUM_THREADS"]

    def load(self, payload: int) -> tuple[int, int]:
        """Load once; how often this process has loaded already is counted in the object itself."""
        if not self.loaded:
            self.loaded.append(payload)
            with (self.folder / "loads").open("a") as file:
                file.write(f"{os.getpid()}\n")
        time.sleep(0.02)
        return os.getpid(), len(self.loaded)

    def die_once(self, payload: int) -> int:
        with (self.folder / f"tries-{payload}").open("a") as file:
            file.write(".")
        if payload == 2 and (self.folder / "tries-2").stat().st_size == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return payload

    def die_at_two(self, payload: int) -> int:
        if payload == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return payload

    def hang(self, payload: int) -> None:
        (self.folder / f"hangs-{payload}").write_text(str(os.getpid()))
        time.sleep(120)

    def stay(self, payload: int) -> int:
        """Take a while on a machine of a Ray cluster, which is noted."""
        import ray

        (self.folder / f"on-{ray.get_runtime_context().get_node_id()}").write_text("here")
        time.sleep(0.05)
        return payload

    def fail(self, payload: str) -> None:
        raise {
            "config": ConfigError("wrong", "Mend it."),
            "corpus": CorpusError("broken", "Mend it.", path=Path("a.jsonl"), line=3),
            "extra": MissingExtraError("torch", "nli", "metric=nli"),
            "comparable": NotComparableError("differ"),
            "fault": ZeroDivisionError("nought"),
            "interrupted": KeyboardInterrupt(),
            "exit": SystemExit(3),
        }[payload]


FAILURES = {
    "config": ConfigError("wrong", "Mend it."),
    "corpus": CorpusError("broken", "Mend it.", path=Path("a.jsonl"), line=3),
    "extra": MissingExtraError("torch", "nli", "metric=nli"),
    "comparable": NotComparableError("differ"),
}


class Unloadable:
    """A worker that cannot be unpickled anywhere."""

    def __reduce__(self) -> tuple[Any, ...]:
        return int, ("no number",)

    def do(self, step: str, payload: Any) -> Any:
        raise AssertionError


class Unpicklable:
    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("it holds a file")

    def do(self, step: str, payload: Any) -> Any:
        raise AssertionError


def jobs(step: str, payloads: Iterable[Any], pool: str = CPU) -> Iterator[Job]:
    """A job of one step for each payload, which is its key where it is a number."""
    for key, payload in enumerate(payloads):
        yield Job(key=key, steps=((pool, step),), payload=payload)


def by_key(outcomes: Iterable[Done | Lost]) -> dict[int, Any]:
    """The results by their keys, and for those that were lost the reasons; none comes twice."""
    found: dict[int, Any] = {}
    for outcome in outcomes:
        assert outcome.key not in found
        found[outcome.key] = outcome.result if isinstance(outcome, Done) else outcome.reason
    return found


def mixed(count: int) -> Iterator[Job]:
    """Jobs that go through several pools: 2 * (2 * n + 1)."""
    for key in range(count):
        yield Job(key=key, steps=((HERE, "double"), (CPU, "successor"), (MODELS, "double")), payload=key)


MIXED = {key: 2 * (2 * key + 1) for key in range(8)}


def wait_for(paths: Iterable[Path], seconds: float = 60) -> None:
    """Wait until files are there, and not empty."""
    until = time.monotonic() + seconds
    for path in paths:
        while not (path.exists() and path.stat().st_size):
            assert time.monotonic() < until, f"no {path.name}"
            time.sleep(0.01)


def wait_for_end(pid: int, seconds: float = 20) -> None:
    """Wait until a process is gone, or only a zombie of somebody who does not care."""
    until = time.monotonic() + seconds
    while True:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return
        if state == "Z":
            return
        assert time.monotonic() < until, f"{pid} is still there"
        time.sleep(0.02)
