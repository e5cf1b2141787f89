"""How much of a server's capacity a caller uses: 500 questions, 32 at once, each answered after 100 ms.

Ideal are 16 rounds of 100 ms. The request phase is from the first question to the last answer, as the server sees
it; the whole process is from the command to its end, with start-up, scoring and what is written. Every caller is a
process of its own, asks the same articles with its caches off, and makes its cheapest check; tercet scores chrF.
Callers take turns, and each figure is a median.

Run: ``python -m benchmarks.calling``, with ``--install DIR`` to install the peers into DIR (some minutes, 2 GB), or
with the paths of their programs. A peer that is not there is left out, and the table says why.
"""

import argparse
import json
import math
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.clock import print_table
from benchmarks.latency_server import WORDS, Seen, Server
from benchmarks.peers import Command, Peer, Work, bare
from benchmarks.peers.inspect import Inspect
from benchmarks.peers.lm_eval import LmEval
from benchmarks.peers.promptfoo import Promptfoo

QUESTIONS, CONCURRENCY, LATENCY = 500, 32, 0.1
IDEAL = math.ceil(QUESTIONS / CONCURRENCY) * LATENCY
PEERS: dict[str, Peer] = {"promptfoo": Promptfoo(), "inspect": Inspect(), "lm-eval": LmEval()}
Caller = Callable[[Work], Command]
_TOPICS = ("harbour", "railway", "library", "clinic", "market", "bridge", "reservoir", "museum")
_PATIENCE = 300.0  # seconds; a process that takes longer hangs
_HEAD = (
    "median (best)",
    "request phase, of ideal",
    "whole process, of ideal",
    "s before the first question",
    "s of request phase",
    "s after the last answer",
    "s in all",
    "open at most",
)


class UnusableError(Exception):
    """A caller that is not there, or does not do its work."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What one process took, and what the server counted meanwhile; times by the clock ``time.monotonic``."""

    seen: Seen
    start: float
    end: float

    @property
    def whole(self) -> float:
        """Seconds from the command to its end."""
        return self.end - self.start


def articles() -> tuple[str, ...]:
    """Write short articles, each with numbers of its own."""
    rng = random.Random(0)
    return tuple(
        f"The council's plan number {index} for the {rng.choice(_TOPICS)} was approved on Tuesday after a debate of "
        f"{rng.randint(2, 9)} hours. It costs {rng.randint(11, 99)} million euros, of which the state pays "
        f"{rng.randint(20, 80)} per cent. Work begins in spring and is to end within two years, the mayor said. "
        f"About {rng.randint(2, 90) * 100} people live nearby, and some had asked for another place."
        for index in range(QUESTIONS)
    )


def tercet(work: Work, *more: str) -> Command:
    """Write the corpus and say how the sweep is run; its results and its cache are in the work's folder."""
    records = [
        {"id": str(index), "language": "en", "source": text, "references": {"en": WORDS}}
        for index, text in enumerate(work.articles)
    ]
    path = work.folder / "articles.jsonl"
    path.write_text("\n".join(map(json.dumps, records)) + "\n", "utf-8")
    words = (
        *(sys.executable, "-m", "tercet", "run", "corpus=jsonl", f"corpus.path={path}", "route=direct"),
        *("summarizer=openai", f"summarizer.base_url={work.address}", f"summarizer.model={work.model}"),
        *("summarizer.key_variable=null", f"summarizer.concurrency={work.concurrency}"),
        *("prompt=zero_shot", "languages=[en]", "metric=[chrf]"),
        *(f"results={work.folder / 'results'}", f"cache={work.folder / 'replies.sqlite'}"),
    )
    return Command(words=(*words, *more))


def measure(command: Command, folder: str, server: Server) -> Taken:
    """Run a process in a folder to its end while the server counts.

    Raises:
        UnusableError: It failed or hangs; then its last words.
    """
    server.reset()
    start = time.monotonic()
    done = subprocess.run(
        command.words,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=_PATIENCE,
        cwd=folder,
        env={**os.environ, **command.variables},
    )
    end = time.monotonic()
    if done.returncode:
        raise UnusableError(f"it ended with {done.returncode}: {done.stdout[-1000:]}")
    return Taken(seen=server.seen(), start=start, end=end)


def rounds(server: Server, callers: Mapping[str, Caller], repeats: int) -> tuple[dict[str, list[Taken]], list[str]]:
    """Let the callers take turns, each time in an empty folder; the first turn only warms up.

    Returns:
        What each took, by name; and why others are left out.
    """
    found: dict[str, list[Taken]] = {name: [] for name in callers}
    missing = []
    for turn in range(repeats + 1):
        for name in list(found):
            try:
                with TemporaryDirectory() as folder:
                    taken = measure(callers[name](_work(server, folder)), folder, server)
                if not taken.seen.calls == taken.seen.different == taken.seen.answered == QUESTIONS:
                    raise UnusableError(f"it did not ask each question once: {taken.seen}")
            except (UnusableError, subprocess.TimeoutExpired) as error:
                del found[name]
                missing.append(f"{name} is left out: {error}")
                continue
            print(f"{name}: {taken.whole:.2f} s", file=sys.stderr)
            if turn:
                found[name].append(taken)
    return found, missing


def again(server: Server, repeats: int) -> list[tuple[object, ...]]:
    """Run the sweep once, and then repeat it in two ways."""
    ways = {"the same command": (), "fresh=true: every reply from the cache": ("fresh=true",)}
    rows: list[tuple[object, ...]] = []
    with TemporaryDirectory() as folder:
        work = _work(server, folder)
        measure(tercet(work), folder, server)
        for way, more in ways.items():
            found = [measure(tercet(work, *more), folder, server) for _ in range(repeats + 1)][1:]
            whole = [taken.whole for taken in found]
            rows.append((way, statistics.median(whole), min(whole), max(taken.seen.calls for taken in found)))
    return rows


def row(name: str, found: Sequence[Taken]) -> tuple[object, ...]:
    """Make a row of medians, with the best in brackets."""
    phase = [taken.seen.seconds for taken in found]
    whole = [taken.whole for taken in found]
    return (
        name,
        _of_ideal(phase),
        _of_ideal(whole),
        statistics.median(taken.seen.first - taken.start for taken in found),
        statistics.median(phase),
        statistics.median(taken.end - taken.seen.last for taken in found),
        statistics.median(whole),
        max(taken.seen.most for taken in found),
    )


def peers(options: argparse.Namespace) -> tuple[dict[str, Caller], list[str]]:
    """Find or install the peers.

    Returns:
        How each is called, by name and version; and why others are left out.
    """
    callers: dict[str, Caller] = {}
    missing = []
    for key, peer in PEERS.items():
        if not peer.name.startswith(tuple(options.only)):
            continue
        named = getattr(options, key.replace("-", "_"))
        try:
            program = Path(named).absolute() if named else _installed(key, peer, options.install)
            version = peer.version(program)
        except (OSError, subprocess.CalledProcessError, UnusableError) as error:
            missing.append(f"{peer.name} is left out: {error}")
        else:
            callers[f"{peer.name} {version}"] = partial(peer.command, program)
    return callers, missing


def _installed(key: str, peer: Peer, folder: Path | None) -> Path:
    found = shutil.which(key)
    if found:
        return Path(found)
    if folder is None:
        raise UnusableError(f"there is no program {key}; name it with --{key}, or add --install DIR")
    place = folder.absolute() / key
    place.mkdir(parents=True, exist_ok=True)
    return peer.install(place)


def _work(server: Server, folder: str) -> Work:
    return Work(
        articles=articles(),
        expected=WORDS,
        address=server.address,
        model="fixed",
        concurrency=CONCURRENCY,
        folder=Path(folder),
    )


def _of_ideal(seconds: Sequence[float]) -> str:
    return f"{IDEAL / statistics.median(seconds):.0%} ({IDEAL / min(seconds):.0%})"


def main() -> None:
    """Print two tables: what the callers took, and what a repetition takes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=[""], metavar="NAME", help="beginnings of the callers' names")
    parser.add_argument("--install", type=Path, metavar="DIR", help="where to install peers that are not there")
    for key in PEERS:
        parser.add_argument(f"--{key}", metavar="PATH", help="its program")
    options = parser.parse_args()
    others, missing = peers(options)
    own: dict[str, Caller] = {"tercet": tercet, "aiohttp alone": bare.command}
    callers = {name: caller for name, caller in own.items() if name.startswith(tuple(options.only))} | others
    with Server(LATENCY) as server:
        found, broken = rounds(server, callers, options.repeats)
        repeated = again(server, options.repeats) if "tercet" in found else []
    print_table(_HEAD, [row(name, taken) for name, taken in found.items()])
    for reason in (*missing, *broken):
        print(f"{reason}\n")
    if repeated:
        print_table(("the sweep again", "s in all", "s, best", "calls"), repeated)


if __name__ == "__main__":
    main()
