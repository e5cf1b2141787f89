"""The HTML report: seconds, memory and size by the number of articles; how fast its page opens, scrolls and sorts.

Texts are made (``benchmarks.report_texts``), scored by ``tercet score`` once, and kept in a temporary folder for the
next time. Run: ``python -m benchmarks.report [--articles 10000] [--systems 4] [--folder FOLDER]``; the second part
needs Chromium: on the path, or named by TERCET_CHROMIUM.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.viewing.browser import find_chromium

from benchmarks.clock import print_table
from benchmarks.report_page import measure_page
from benchmarks.report_texts import write_corpus

_METRICS = "metric=[rouge,chrf,facts]"
_SIZES = (1_000, 3_000)  # beside what was asked for: what grows, and what does not
_DONE = "scored"
# Run by a process between: what it started last is the only child whose memory it knows.
_CHILD = (
    "import resource, subprocess, sys\n"
    "code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode\n"
    "print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
)


class Cost(NamedTuple):
    """What a command took."""

    seconds: float
    peak_mb: float


def run(words: list[str], folder: Path) -> Cost:
    """Run tercet in a process of its own, to its end."""
    command = [sys.executable, "-m", "tercet", *words]
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, *command], cwd=folder, check=True, capture_output=True, text=True
    )
    taken = time.perf_counter() - start
    code, peak = map(int, done.stdout.split())
    if code:
        raise SystemExit(f"tercet {words[0]} ended with {code} in {folder}.")
    return Cost(taken, peak / 1024)


def prepare(base: Path, articles: int, systems: int) -> Path:
    """Make and score so many articles, unless they are there from another time.

    Returns:
        The folder in which ``results`` lie.
    """
    folder = base / f"{articles}x{systems}"
    if (folder / _DONE).is_file():
        print(f"{articles:,} articles x {systems} systems are there: {folder}")
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    start = time.perf_counter()
    _, outputs = write_corpus(folder, articles, systems)
    written = time.perf_counter() - start
    names = [path.name for path in outputs]
    cost = run(["score", *names, "corpus=jsonl", "corpus.path=corpus.jsonl", _METRICS, "cache=null"], folder)
    (folder / _DONE).touch()
    print(f"{articles:,} articles x {systems} systems: written in {written:.1f} s, scored in {cost.seconds:.1f} s")
    return folder


def report(folder: Path) -> tuple[Cost, Path]:
    """Write the report of all runs of a folder."""
    runs = sorted(str(path.parent.relative_to(folder)) for path in folder.glob("results/*/run.json"))
    file = folder / "report.html"
    return run(["report", *runs, "-o", file.name], folder), file


def main() -> None:
    """Print two tables: what writing takes, and what reading takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--systems", type=int, default=4)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "tercet-report-benchmark")
    given = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, {len(os.sched_getaffinity(0))} cores\n")
    sizes = sorted({*(size for size in _SIZES if size < given.articles), given.articles})
    folders = [prepare(given.folder, size, given.systems) for size in sizes]
    print()
    found = [report(folder) for folder in folders]
    print_table(
        (f"tercet report, {given.systems} systems", "seconds", "peak MB", "file MB"),
        [
            (f"{size:,} articles", cost.seconds, cost.peak_mb, file.stat().st_size / 1e6)
            for size, (cost, file) in zip(sizes, found, strict=True)
        ],
    )
    executable = find_chromium()
    if executable is None:
        raise SystemExit("No Chromium is here: the page is not measured.")
    measured = [measure_page(executable, file) for _, file in found]
    print_table(
        ("the page in Chromium", *(f"{size:,} articles" for size in sizes)),
        [(name, *(page[name] for page in measured)) for name in measured[0]],
    )


if __name__ == "__main__":
    main()
