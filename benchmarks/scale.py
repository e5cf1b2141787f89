"""The whole command over 10,000 to 1,000,000 segments: time, memory, what a second worker brings, and its peers.

``tercet score`` runs in a process of its own over a made corpus (``benchmarks.scale_corpus``), all of its processes
are watched, and its scores and files must be the same to the bit however many workers made them. sacrebleu and
rouge-score score the same segments, each in a process of its own; where there are more segments than
``--peer-limit``, so many and a tenth of them are measured and the time is drawn on, which the table says. They are
compared with tercet with their metrics alone, without facts. What it does beyond them there is in its time: intervals
of every score, the scores of each segment, and the run folder that it writes.

Run: ``python -m benchmarks.scale [--sizes 10000 100000 1000000] [--workers 1 2]``.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.process_tree import Usage, watch
from benchmarks.scale_corpus import DIRECTIONS, check, write
from benchmarks.scale_peers import PACKAGES
from benchmarks.scale_tables import (
    Measured,
    Peer,
    print_equality,
    print_peers,
    print_runs,
    print_scaling,
    workers_named,
)

_ROOT = Path(__file__).parents[1]
_METRICS = "bleu,chrf,rouge,facts"
_ALIKE = "bleu,chrf,rouge"  # what the peers have too
_DONE = "written"


def corpus(base: Path, count: int, direction: str) -> Path:
    """Write a corpus, unless it is there from another time."""
    folder = base / f"{direction}-{count}"
    if not (folder / _DONE).is_file():
        write(count, folder, direction)
        (folder / _DONE).touch()
    return folder


def command(folder: Path, direction: str, metrics: str, workers: int | None, results: Path) -> list[str]:
    """The words of the command; without an executor where no number of workers is given."""
    given, target = direction.split("-")
    words = [sys.executable, "-m", "tercet", "score", str(folder / "output.txt"), "corpus=parallel"]
    words += [f"corpus.{key}={folder / name}.txt" for key, name in (("source", "source"), ("documents", "documents"))]
    words += [f"corpus.references=[{folder / 'reference'}.txt]"]
    words += [f"corpus.source_language={given}", f"corpus.target_language={target}"]
    words += [f"metric=[{metrics}]", "cache=null", f"results={results}"]
    return words if workers is None else [*words, "executor=local", f"executor.workers={workers}"]


def score(folder: Path, direction: str, metrics: str, workers: int | None) -> Measured:
    """Run the command once, and remove what it wrote."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        results = Path(name) / "results"
        words = command(folder, direction, metrics, workers, results)
        usage = _ended_well(words, Path(name), Path(name) / "log.txt")
        (run,) = results.glob("*/run.json")
        found = json.loads(run.read_text("utf-8"))
        size = sum(file.stat().st_size for file in run.parent.iterdir()) / 1e6
    return Measured(usage, {"scores": found["scores"], "files": found["files"]}, size)


def _ended_well(words: Sequence[str], folder: Path, log: Path) -> Usage:
    usage = watch(words, folder, log, {"PYTHONPATH": f"{_ROOT / 'src'}:{_ROOT}"})
    if usage.code:
        said = log.read_text("utf-8", errors="replace")[-2_000:]
        raise SystemExit(f"{' '.join(words[1:5])} ended with {usage.code}:\n{said}")
    return usage


def peers(folder: Path, count: int, direction: str) -> dict[str, Peer]:
    """Score the first segments by each peer."""
    made = {}
    for name in PACKAGES:
        log = folder / f"peer-{name}.txt"
        words = [sys.executable, "-m", "benchmarks.scale_peers", name, str(folder), str(count), direction[-2:]]
        usage = _ended_well(words, folder, log)
        made[name] = Peer(count, usage, json.loads(log.read_text("utf-8").splitlines()[-1]))
        _say(f"{' '.join(PACKAGES[name])}, {count:,} segments: {usage.seconds:.1f} s, {usage.largest.peak_mb:.0f} MB")
    return made


def _say(text: str) -> None:
    """Tell at once what was measured: the last size takes long."""
    print(text, flush=True)


def scaled(few: Peer, fewer: Peer, count: int) -> Peer:
    """What a peer would take for more segments than were measured.

    Time is drawn on along the line through two measurements, so that its start is not multiplied.

    Args:
        few: The larger measurement.
        fewer: The smaller one.
        count: For how many segments.
    """
    steps = (count - few.segments) / (few.segments - fewer.segments)
    seconds = few.usage.seconds + steps * (few.usage.seconds - fewer.usage.seconds)
    cpu = few.usage.cpu_seconds + steps * (few.usage.cpu_seconds - fewer.usage.cpu_seconds)
    return few._replace(usage=few.usage._replace(seconds=seconds, cpu_seconds=cpu))


class _Peers:
    """The peers over one corpus and another; what was measured is not measured again."""

    def __init__(self, direction: str, limit: int) -> None:
        self._direction, self._limit = direction, limit
        self._kept: dict[int, dict[str, Peer]] = {}

    def over(self, folder: Path, count: int) -> dict[str, Peer]:
        """Measure them, or scale up what they take for the most segments that are allowed and a tenth of them."""
        if count <= self._limit:
            return self._measured(folder, count)
        few, fewer = (self._measured(folder, size) for size in (self._limit, self._limit // 10))
        return {name: scaled(few[name], fewer[name], count) for name in few}

    def _measured(self, folder: Path, count: int) -> dict[str, Peer]:
        if count not in self._kept:
            self._kept[count] = peers(folder, count, self._direction)
        return self._kept[count]


def _median(folder: Path, given: argparse.Namespace, metrics: str, workers: int) -> Measured:
    """Run the command as often as asked for: the run of median time."""
    runs = [score(folder, given.direction, metrics, workers or None) for _ in range(given.repeats)]
    run = sorted(runs, key=lambda run: run.usage.seconds)[len(runs) // 2]
    largest = run.usage.largest
    _say(
        f"tercet score, {metrics}, {folder.name}, {workers_named(workers)}: {run.usage.seconds:.1f} s, "
        f"largest {largest.name} {largest.peak_mb:.0f} MB"
    )
    return run


def _measure(given: argparse.Namespace, sizes: Sequence[int], workers: Sequence[int]) -> bool:
    """Measure and print everything.

    Returns:
        Whether the scores are the same whatever the workers.
    """
    measured: dict[tuple[int, int], Measured] = {}
    alike: dict[int, Measured] = {}
    found: dict[int, dict[str, Peer]] = {}
    others = _Peers(given.direction, given.peer_limit)
    for size in sizes:
        folder = corpus(given.folder, size, given.direction)
        for count in workers:
            measured[size, count] = _median(folder, given, given.metrics, count)
        if given.peer_limit:
            alike[size] = _median(folder, given, _ALIKE, workers[0])
            found[size] = others.over(folder, size)
    print()
    print_runs(measured)
    print_scaling(measured, workers, sizes)
    fine = print_equality(measured, workers, sizes)
    if found:
        print_peers(found, alike, workers_named(workers[0]))
    return fine


def main() -> None:
    """Print tables: what the command takes, how it grows, and its peers.

    Raises:
        SystemExit: Scores or files depend on the number of workers.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="0: without an executor")
    parser.add_argument("--metrics", default=_METRICS, help="%(default)s")
    parser.add_argument("--direction", choices=DIRECTIONS, default=DIRECTIONS[0])
    parser.add_argument("--repeats", type=int, default=1, help="of each run, of which the median counts")
    parser.add_argument("--peer-limit", type=int, default=100_000, help="0: no peers; %(default)s")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "tercet-scale-benchmark")
    given = parser.parse_args()
    check(given.direction)
    cores = len(os.sched_getaffinity(0))
    print(f"tercet {version('tercet')}, Python {sys.version.split()[0]}, {cores} cores\n", flush=True)
    if shutil.disk_usage(given.folder.parent).free < 10e9:
        print("Less than 10 GB are free: a run over 1,000,000 segments may not fit.")
    subprocess.run([sys.executable, "-m", "tercet.kernels"], check=True, stdout=subprocess.DEVNULL)  # once, not timed
    if not _measure(given, sorted(given.sizes), given.workers):
        raise SystemExit("Scores or files depend on the number of workers.")


if __name__ == "__main__":
    main()
