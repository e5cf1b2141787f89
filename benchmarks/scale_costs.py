"""What a run over many segments is made of, what of it is divided among workers, and what that means for machines.

Everything is done in this process, step by step as a run does it, with the time of each step; parts are merged as
``tercet merge`` does. What more machines would take is reckoned from that, and not measured: the network, waiting for
the last shard and the rates of endpoints come on top. Run: ``python -m benchmarks.scale_costs [SEGMENTS]``.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, TypeVar

from benchmarks.clock import print_table
from benchmarks.scale_corpus import write
from tercet.cache import Cache
from tercet.census import census
from tercet.config import load
from tercet.executors.working import dumps
from tercet.generating import Asking
from tercet.making import make_run
from tercet.merging import merge
from tercet.pieces import Piece
from tercet.planned import Nobody
from tercet.planning import plan
from tercet.sharding import ShardWorker, Work
from tercet.store import Assembly, write_run
from tercet.sweep import plan_sweep

Result = TypeVar("Result")
SHARD = 4_096
CORES = 16


class Costs(NamedTuple):
    """Seconds of one core a segment, but for the last.

    Args:
        plan: To read the corpus and plan its cases.
        hand: To read it again, make the shards and pack them for workers, and to take what comes back.
        work: To generate and to measure, here by reading outputs, with BLEU, chrF, ROUGE and facts.
        write: To join what workers gave to the run folder.
        merge: To join parts that were written before.
        piece: Bytes that come back.
        start: Seconds of a whole command over ten segments.
    """

    plan: float
    hand: float
    work: float
    write: float
    merge: float
    piece: float
    start: float


def one_run(costs: Costs, segments: int, cores: int) -> float:
    """Seconds of one run with a driver and so many cores: it plans before and writes after, and meanwhile hands out.

    >>> round(one_run(Costs(0.001, 0.002, 0.1, 0.01, 0.005, 0, 5), 1_000, 10), 6)
    26.0
    >>> round(one_run(Costs(0.001, 0.002, 0.1, 0.01, 0.005, 0, 5), 1_000, 100), 6)
    18.0
    """
    return costs.start + segments * (costs.plan + max(costs.work / cores, costs.hand) + costs.write)


def in_parts(costs: Costs, segments: int, machines: int, cores: int) -> float:
    """Seconds of as many parts as there are machines, each with so many cores, and of merging them.

    Each machine reads the whole corpus to plan.

    >>> round(in_parts(Costs(0.001, 0.002, 0.1, 0.01, 0.005, 0, 5), 1_000, 10, 1), 6)
    22.0
    """
    part = costs._replace(start=0, plan=0)
    mine = one_run(part, segments // machines, cores)
    return costs.start + segments * costs.plan + mine + segments * costs.merge


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Do something, and say how long it took."""
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def words(folder: Path, results: Path, *more: str) -> list[str]:
    """Write the overrides of a run over a corpus of ``benchmarks.scale_corpus``."""
    return [
        "route=translate",
        "translator=replay",
        f"translator.path={folder / 'output.txt'}",
        "corpus=parallel",
        f"corpus.source={folder / 'source.txt'}",
        f"corpus.references=[{folder / 'reference.txt'}]",
        f"corpus.documents={folder / 'documents.txt'}",
        "metric=[bleu,chrf,rouge,facts]",
        "cache=null",
        f"results={results}",
        "executor.workers=1",
        *more,
    ]


def costs(segments: int) -> Costs:
    """Measure a run step by step."""
    with TemporaryDirectory(prefix="tercet-scale-") as name:
        place = Path(name)
        write(segments, place / "corpus", "en-zh")
        write(10, place / "few", "en-zh")
        (spec,) = load(words(place / "corpus", place / "results"))
        reading, corpus = timed(lambda: census(spec.corpus))
        planning, cases = timed(lambda: plan(corpus, spec.system, None, None))
        handing, packed = timed(lambda: [len(dumps(Work(shard=shard))) for shard in cases.shards(SHARD, {})])
        worker = ShardWorker(system=spec.system, metrics=spec.metrics, seed=0, asking=None)
        steps = worker.steps(files=True)

        def done(work: Any) -> bytes:
            for _, step in steps:
                work = worker.do(step, work)
            found: bytes = work
            return found

        done(Work(shard=next(cases.shards(8, {}))))  # what is loaded once
        working, archives = timed(lambda: [done(Work(shard=shard)) for shard in cases.shards(SHARD, {})])
        assembly = Assembly(pieces=[Piece(data) for data in archives], languages=cases.targets, metrics=spec.metrics)
        (place / "joined").mkdir()
        writing, _ = timed(lambda: write_run(place / "joined", {}, assembly))
        merging, _ = timed_merge(place)
        command = [sys.executable, "-m", "tercet", "run", *words(place / "few", place / "few-results")]
        start, _ = timed(lambda: subprocess.run(command, check=True, capture_output=True))
        reread, _ = timed(lambda: sum(1 for _ in cases.shards(SHARD, {})))
    assert packed
    return Costs(
        plan=(reading + planning) / segments,
        hand=handing / segments,
        work=(working - reread) / segments,
        write=writing / segments,
        merge=merging / segments,
        piece=sum(map(len, archives)) / segments,
        start=start,
    )


def timed_merge(place: Path) -> tuple[float, object]:
    """Make a run in two parts, and time their merge."""
    folders = []
    with Cache(None) as cache:
        for number in (1, 2):
            specs = load(words(place / "corpus", place / "parts", f"part={number}/2"))
            (planned,) = plan_sweep(specs, Nobody())
            folders.append(make_run(planned, Asking(cache, lambda *_: None), Nobody()).folder)
    return timed(lambda: merge(folders))


def main() -> None:
    """Print the costs."""
    segments = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    found = costs(segments)
    print(f"{segments:,} segments, one core, in shards of {SHARD:,}:")
    names = ("plan", "hand out", "work", "write", "merge")
    rows = [[name, f"{value * 1e6:.0f}"] for name, value in zip(names, found[:5], strict=True)]
    print_table(["step", "microseconds a segment"], rows)
    print(f"A shard: {found.work * SHARD:.1f} s of work; {found.piece * SHARD / 1e6:.1f} MB come back.")
    print(f"A command over ten segments: {found.start:.1f} s.\n")
    table = []
    for count in (1_000_000, 100_000_000):
        alone = one_run(found, count, 1)
        for machines in (1, 10, 100, 1_000):
            once, parts = one_run(found, count, machines * CORES), in_parts(found, count, machines, CORES)
            label = f"{count:,} segments, {machines:,} x {CORES} cores"
            table.append((label, _told(once), f"{alone / once:.0f}", _told(parts), f"{alone / parts:.0f}"))
    print_table(("reckoned", "one run", "times one core", "parts and a merge", "times one core"), table)
    print(f"One driver keeps {found.work / found.hand:.0f} cores busy at most; at")
    print(
        f"{found.work / (found.plan + found.write):.0f} cores a run's work takes as long as what only its driver does."
    )


def _told(seconds: float) -> str:
    if seconds < 600:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 36_000 else f"{seconds / 3600:.1f} h"


if __name__ == "__main__":
    main()
