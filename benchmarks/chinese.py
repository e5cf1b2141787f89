"""Which way of cutting Chinese agrees best with people: the evidence behind the defaults.

Pearson correlation with human focus (precision-like) and coverage (recall-like) of Chinese headlines,
with 95 % intervals from a bootstrap over documents, and each row's difference to the default with its
own interval (the same resamples, so that rows are paired).

Run: ``python -m benchmarks.chinese FILE``, where FILE has lines with ``document``, ``reference``,
``candidate``, ``focus`` and ``coverage``, as Multi_SummEval has them.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tercet
from benchmarks.clock import print_table
from tercet.errors import TercetError

FILE = "../shared/data/summ_zh/multi_summeval_zh.jsonl"
Array = NDArray[np.float64]
DEFAULT = "ROUGE-1 characters"
# What is compared: metric, score, options. The default of each metric stands first.
ROWS: list[tuple[str, str, str, dict[str, Any]]] = [
    (DEFAULT, "rouge", "rouge1", {}),
    ("ROUGE-1 characters, Latin and punctuation too", "rouge", "rouge1", {"chinese": "all"}),
    ("ROUGE-1 jieba words", "rouge", "rouge1", {"chinese": "words"}),
    ("ROUGE-2 characters", "rouge", "rouge2", {}),
    ("ROUGE-2 jieba words", "rouge", "rouge2", {"chinese": "words"}),
    ("ROUGE-L characters", "rouge", "rougeL", {}),
    ("ROUGE-L characters, Latin and punctuation too", "rouge", "rougeL", {"chinese": "all"}),
    ("ROUGE-L jieba words", "rouge", "rougeL", {"chinese": "words"}),
    ("BLEU zh", "bleu", "bleu", {}),
    ("BLEU zh-han", "bleu", "bleu", {"tokenize": "zh-han"}),
    ("BLEU char", "bleu", "bleu", {"tokenize": "char"}),
    ("BLEU 13a", "bleu", "bleu", {"tokenize": "13a"}),
    ("chrF, order 6", "chrf", "chrf", {}),
    ("chrF, order 2 (chrf_zh)", "chrf_zh", "chrf_zh", {}),
    ("TER, characters", "ter", "ter", {}),
    ("BERTScore, embedded encoder", "bertscore", "bertscore", {}),
    ("embedding, sentence cosine", "embedding", "embedding", {}),
]


def read(path: Path) -> list[dict[str, Any]]:
    """Read the judgements; a candidate's literal ``[UNK]`` is removed."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    return [{**row, "candidate": row["candidate"].replace("[UNK]", "")} for row in rows]


def segment_values(rows: list[dict[str, Any]], metric: str, score: str, options: dict[str, Any]) -> Array:
    """Score each candidate; higher is better."""
    candidates, references = [row["candidate"] for row in rows], [row["reference"] for row in rows]
    found = tercet.measure(metric, candidates=candidates, references=references, language="zh", **options)
    values = [item.scores[score] for item in found.segments if item.scores is not None]
    assert len(values) == len(rows), "every candidate is scored"
    return np.array(values) * (-1 if score == "ter" else 1)


def weights(documents: list[Any], replicates: int, seed: int) -> Array:
    """(replicates + 1, n) how often a row counts when documents are drawn anew; first as they are."""
    names, index = np.unique(np.array(documents, dtype=str), return_inverse=True)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=replicates)
    return np.vstack([np.ones(len(index)), drawn[:, index]]).astype(np.float64)


def pearson(x: Array, y: Array, w: Array) -> Array:
    """(replicates,) weighted correlations of x and y, each (n,), in [-1, 1]; NaN where one is constant."""
    total = w.sum(axis=1)
    x = x[None] - ((w @ x) / total)[:, None]
    y = y[None] - ((w @ y) / total)[:, None]
    covariance = (w * x * y).sum(axis=1)
    deviation = np.sqrt((w * x * x).sum(axis=1) * (w * y * y).sum(axis=1))
    correlation: Array = np.full(len(w), np.nan)
    np.divide(covariance, deviation, out=correlation, where=deviation > 0)
    return correlation


def interval(values: Array) -> str:
    """Print the first value with the interval of the others."""
    if not np.isfinite(values).all():
        return "none: all scores are alike"
    low, high = np.percentile(values[1:], [2.5, 97.5])
    return f"{values[0]:.3f} [{low:.3f}, {high:.3f}]"


def table(path: Path, replicates: int = 2000, seed: int = 0) -> list[tuple[str, ...]]:
    """Correlate every row with people."""
    rows = read(path)
    w = weights([row["document"] for row in rows], replicates, seed)
    human = [np.array([row[name] for row in rows]) for name in ("focus", "coverage")]
    base: list[Array] = []
    made: list[tuple[str, ...]] = []
    for label, metric, score, options in ROWS:
        try:
            values = segment_values(rows, metric, score, options)
        except TercetError as error:
            made.append((label, f"not run: {error}", "", "", ""))
            continue
        found = [pearson(values, target, w) for target in human]
        base = base or found
        change = [interval(a - b) if label != DEFAULT else "" for a, b in zip(found, base, strict=True)]
        made.append((label, interval(found[0]), interval(found[1]), *change))
    return made


def main() -> None:
    """Print the table."""
    path = Path(sys.argv[1] if len(sys.argv) > 1 else FILE)
    if not path.is_file():
        raise SystemExit(f"{path} is not there: name a file of judgements.")
    rows = table(path)
    print_table(("Chinese", "focus", "coverage", "focus, to the default", "coverage, to the default"), rows)


if __name__ == "__main__":
    main()
