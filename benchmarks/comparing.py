"""Comparing: resamples, tests and the whole command against sacrebleu's paired tests.

Three parts: 1,000 paired resamples of BLEU and chrF from given statistics; ``tercet compare`` from cold files
beside ``sacrebleu --paired-bs``; eight systems by four metrics. Texts are of the sample corpus's sentences. Run
alone: ``python -m benchmarks.comparing [statistics|files|systems]``; on busy cores with OPENBLAS_NUM_THREADS=1.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.significance import PairedTest

from benchmarks.clock import median_seconds, print_table
from benchmarks.texts import pairs
from tercet.metrics.bleu import Bleu
from tercet.metrics.chrf import Chrf
from tercet.stats.bootstrap import _kept, delta_intervals
from tercet.stats.flips import Flips
from tercet.stats.paired import delta, paired
from tercet.stats.randomization import p_values
from tercet.stats.together import randomized_together, resampled_together

REPLICATES = 1000


def systems(count: int, segments: int) -> tuple[list[list[str]], list[str]]:
    """Candidates of several systems, one line each, and their references."""
    made = [pairs("en", segments, (1, 1), seed) for seed in range(count)]
    references = made[0][1]
    rng = np.random.default_rng(0)
    mixed = []
    for number in range(count):
        words = [reference.split(" ") for reference in references]
        kept = [" ".join(w for w in line if rng.random() > 0.1 + 0.01 * number) for line in words]
        mixed.append([line or "a" for line in kept])
    return mixed, references


class _GivenBleu(BLEU):
    """sacrebleu's BLEU with statistics that were made before: only resampling and testing is timed."""

    given: dict[int, Any]

    def _extract_corpus_statistics(self, hypotheses: Any, references: Any) -> Any:  # noqa: ARG002 (the library's)
        return self.given[id(hypotheses)]


class _GivenChrf(CHRF):
    """Likewise."""

    given: dict[int, Any]

    def _extract_corpus_statistics(self, hypotheses: Any, references: Any) -> Any:  # noqa: ARG002 (the library's)
        return self.given[id(hypotheses)]


def statistics(segments: int, count: int) -> tuple[str, float, float]:
    """Resample BLEU and chrF of several systems: seconds of sacrebleu's paired bootstrap, and the ratio."""
    candidates, references = systems(count, segments)
    bleu, chrf = _GivenBleu(force=True), _GivenChrf()
    bleu.num_refs = chrf.num_refs = 1  # its signature names them
    bleu.given = {id(c): BLEU(force=True)._extract_corpus_statistics(c, [references]) for c in candidates}
    chrf.given = {id(c): CHRF()._extract_corpus_statistics(c, [references]) for c in candidates}
    named: list[tuple[str, Sequence[str]]] = [(str(i), c) for i, c in enumerate(candidates)]
    rows: list[tuple[Any, list[NDArray[np.float64]]]] = [
        (metric.reduce, [np.array(given[id(c)], dtype=np.float64) for c in candidates])
        for metric, given in ((Bleu(), bleu.given), (Chrf(), chrf.given))
    ]
    ids = [f"{i:05}" for i in range(segments)]

    def theirs() -> None:
        PairedTest(named, {"bleu": bleu, "chrf": chrf}, None, test_type="bs", n_samples=REPLICATES)()

    compared = [(paired(tables[0], table, ids), reduce) for reduce, tables in rows for table in tables[1:]]
    flips = Flips(clusters=tuple(ids), seed=0, replicates=REPLICATES)

    def resampled() -> None:
        _kept.cache_clear()
        for (pair, reduce), deltas in zip(
            compared, resampled_together(compared, seed=0, replicates=REPLICATES), strict=True
        ):
            observed = delta(pair, reduce)
            p_values(observed, deltas - observed, exact=False)
            delta_intervals(pair, reduce, deltas)

    def permuted() -> None:
        for (pair, reduce), deltas in zip(compared, randomized_together(compared, flips), strict=True):
            p_values(delta(pair, reduce), deltas, exact=flips.exact)

    slow = median_seconds(theirs, repeats=1)
    quick, swaps = median_seconds(resampled, repeats=5), median_seconds(permuted, repeats=5)
    name = f"{count} systems, {segments:,} segments"
    print(f"{name}: sacrebleu {slow:.2f} s, bootstrap {quick:.3f} s, randomization {swaps:.3f} s")
    return name, slow / quick, slow / swaps


def _measured(words: list[str], folder: Path) -> tuple[float, float]:
    """Run a command to its end: wall seconds, and its peak of resident memory in MB."""
    script = (
        "import resource, subprocess, sys\n"
        "code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode\n"
        "print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script, *words], cwd=folder, check=True, capture_output=True, text=True
    )
    taken = time.perf_counter() - start
    code, peak = map(int, done.stdout.split())
    if code:
        raise SystemExit(f"{words[2:4]} ended with {code}.")
    return taken, peak / 1024


def files(segments: int, count: int) -> None:
    """Compare cold files by whole commands."""
    candidates, references = systems(count, segments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "ref.txt").write_text("\n".join(references) + "\n", "utf-8")
        for number, lines in enumerate(candidates):
            (folder / f"system{number}.txt").write_text("\n".join(lines) + "\n", "utf-8")
        named = [f"system{number}.txt" for number in range(count)]
        corpus = ["corpus=parallel", "corpus.source=ref.txt", "corpus.references=[ref.txt]"]
        corpus += ["corpus.source_language=zh", "corpus.target_language=en"]
        mine = [sys.executable, "-m", "tercet", "compare", *named, *corpus, "metric=[bleu,chrf]", "cache=null"]
        peer = [
            sys.executable,
            "-m",
            "sacrebleu",
            "ref.txt",
            "-i",
            *named,
            "-m",
            "bleu",
            "chrf",
            "--paired-bs",
            "-f",
            "text",
        ]
        ours = [_measured([*mine, f"results=r{turn}"], folder) for turn in range(3)]
        slow, large = _measured(peer, folder)
        quick = sorted(seconds for seconds, _ in ours)[1]
        peak = max(peak for _, peak in ours)
        print_table(
            (f"{segments:,} segments, {count} systems, whole command", "seconds", "peak MB"),
            [
                ("sacrebleu --paired-bs", slow, large),
                ("tercet compare", quick, peak),
                ("ratio", slow / quick, large / peak),
            ],
        )


def many(segments: int, count: int) -> None:
    """Compare runs of many systems by BLEU, chrF, ROUGE and facts."""
    candidates, references = systems(count, segments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "ref.txt").write_text("\n".join(references) + "\n", "utf-8")
        named = []
        for number, lines in enumerate(candidates):
            (folder / f"system{number}.txt").write_text("\n".join(lines) + "\n", "utf-8")
            named.append(f"system{number}.txt")
        corpus = ["corpus=parallel", "corpus.source=ref.txt", "corpus.references=[ref.txt]"]
        corpus += ["corpus.source_language=zh", "corpus.target_language=en"]
        base = [sys.executable, "-m", "tercet"]
        made, _ = _measured([*base, "score", *named, *corpus, "metric=[bleu,chrf,rouge,facts]", "cache=null"], folder)
        runs = sorted(str(path.parent) for path in folder.glob("results/*/scores.parquet"))
        seconds, peak = _measured([*base, "compare", *runs], folder)
        print(f"{count} systems x {segments:,} segments x (BLEU, chrF, ROUGE, facts): scored in {made:.1f} s,")
        print(f"compared in {seconds:.1f} s with at most {peak:.0f} MB.\n")


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="*", choices=["statistics", "files", "systems", []], default=[])
    part = parser.parse_args().part or ["statistics", "files", "systems"]
    cores = len(os.sched_getaffinity(0))
    print(f"sacrebleu {version('sacrebleu')}, numpy {np.__version__}, Python {sys.version.split()[0]}, {cores} cores\n")
    if "statistics" in part:
        rows = [statistics(segments, count) for segments in (2_000, 10_000) for count in (2, 5)]
        print_table((f"{REPLICATES:,} draws, BLEU and chrF", "bootstrap: p and interval", "randomization: p"), rows)
    if "files" in part:
        files(10_000, 3)
    if "systems" in part:
        many(2_000, 8)
    print(f"Peak of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
