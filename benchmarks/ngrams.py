"""BLEU's, chrF's and chrF++'s statistics: the kernels against sacrebleu, tokenization included.

One thread, one process, texts of WMT23 (``../shared/data/wmt23``) where they are at hand, else the
sample corpus's references. sacrebleu keeps what it has tokenized; its caches are emptied before each
run, as they are for a new system. Run: ``python -m benchmarks.ngrams``.
"""

import gzip
import sys
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a
from sacrebleu.tokenizers.tokenizer_re import TokenizerRegexp
from sacrebleu.tokenizers.tokenizer_zh import TokenizerZh

from benchmarks.clock import median_seconds, print_table
from tercet.corpora.sample import Sample
from tercet.kernels import bleu, chrf

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "wmt23"
PAIRS = {"en": "zh-en", "zh": "en-zh"}
SYSTEM = "GPT4-5shot"


def texts(language: str) -> tuple[list[str], list[str]]:
    """Candidates and references."""
    if not FOLDER.is_dir():
        found = [article.references[language][0].abstract for article in Sample().load().articles]
        return [found[(i + shift) % len(found)] for shift in range(40) for i in range(len(found))], found * 40
    folder = FOLDER / PAIRS[language]
    return _lines(folder / f"hyp.{SYSTEM}.{language}.gz"), _lines(folder / f"ref.refA.{language}.gz")


def _lines(path: Path) -> list[str]:
    return gzip.decompress(path.read_bytes()).decode("utf-8").split("\n")[:-1]


def works(language: str) -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    """The same statistics by sacrebleu and by the kernel."""
    candidates, references = texts(language)
    tokenizer = "zh" if language == "zh" else "13a"
    each = [[reference] for reference in references]

    def library(metric: BLEU | CHRF) -> list[list[int]]:
        for cached in (Tokenizer13a, TokenizerZh, TokenizerRegexp):
            cached.__call__.cache_clear()
        rows: list[list[int]] = metric._extract_corpus_statistics(candidates, [references])
        return rows

    return {
        "bleu": (
            partial(library, BLEU(tokenize=tokenizer, force=True)),
            partial(bleu.statistics, candidates, each, tokenizer=tokenizer),
        ),
        "chrf": (partial(library, CHRF()), partial(chrf.statistics, candidates, each)),
        "chrfpp": (
            partial(library, CHRF(word_order=2)),
            partial(chrf.statistics, candidates, each, orders=chrf.Orders(words=2)),
        ),
    }


def main() -> None:
    """Print pairs a second and the ratio, after the numbers were found equal."""
    print(f"sacrebleu {version('sacrebleu')}, numba {version('numba')}, Python {sys.version.split()[0]}\n")
    rows = []
    for language in PAIRS:
        for name, (theirs, ours) in works(language).items():
            expected, found = theirs(), ours()
            np.testing.assert_array_equal(found, expected)
            slow, fast = median_seconds(theirs), median_seconds(ours, repeats=15)
            rows.append((f"{name} {language}", len(found) / fast, slow / fast))
    print_table(("statistics", "pairs a second", "times sacrebleu's speed"), rows)


if __name__ == "__main__":
    main()
