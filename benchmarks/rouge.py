"""ROUGE against rouge-score, the reference implementation, and rouge-score-rs, the fastest peer.

All four types with the stemmer, 10,000 pairs of two to four lines, one thread; rouge-score itself
is timed on every tenth pair, since it takes a minute. Our time is that of rows, corpus and segment
scores, from texts. Run: ``make bench``, or ``python -m benchmarks.rouge``.
"""

import os
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from rouge_score.rouge_scorer import RougeScorer

from benchmarks.clock import median_seconds, print_table
from benchmarks.texts import pairs
from tercet import measure
from tercet.kernels import rouge, words

TYPES = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
COUNT, SHARE = 10_000, 10


def statistics(candidates: list[str], references: list[str]) -> None:
    """Take the rows alone, as the peers return their numbers."""
    texts = ((candidate, (reference,)) for candidate, reference in zip(candidates, references, strict=True))
    rouge.statistics(texts, lambda found: words.english(found, stem=True), mean=False)


def main() -> None:
    """Print seconds and ratios."""
    if hasattr(os, "sched_setaffinity"):  # score_batch would take all cores
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    candidates, references = pairs("en", COUNT, (2, 4), seed=0)
    paired = list(zip(references, candidates, strict=True))
    print(f"{COUNT} pairs, {sum(len(text.split()) for text in candidates) / COUNT:.0f} words a candidate\n")
    scorer = RougeScorer(TYPES, use_stemmer=True)
    statistics(candidates[:2], references[:2])
    measure("rouge", candidates=["a"], references=["a"], language="en", use_stemmer=True)
    taken = {
        f"rouge-score {version('rouge-score')}": SHARE
        * median_seconds(lambda: [scorer.score(r, c) for r, c in paired[::SHARE]]),
    }
    if find_spec("rouge_score_rs"):
        rust: Any = import_module("rouge_score_rs").RougeScorer(TYPES, use_stemmer=True)
        name = f"rouge-score-rs {_version('rouge-score-rs')}"
        taken[name] = median_seconds(lambda: [rust.score(r, c) for r, c in paired])
        taken[f"{name}, score_batch"] = median_seconds(lambda: rust.score_batch(references, candidates))
    taken["tercet, rows"] = median_seconds(lambda: statistics(candidates, references))
    taken["tercet.measure, all scores"] = median_seconds(
        lambda: measure("rouge", candidates=candidates, references=references, language="en", use_stemmer=True)
    )
    ours = taken["tercet, rows"]
    print_table(
        ("ROUGE-1, -2, -L, -Lsum, stemmed", "seconds", "to tercet's rows"), [(n, s, s / ours) for n, s in taken.items()]
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "?"


if __name__ == "__main__":
    main()
