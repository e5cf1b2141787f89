"""One peer over the first segments of a made corpus, in a process of its own: what it scores, as JSON.

Run by ``benchmarks.scale``; alone: ``python -m benchmarks.scale_peers bleu|chrf|rouge FOLDER COUNT``.
"""

import json
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path


def _lines(path: Path, count: int) -> Iterator[str]:
    """Read the first lines."""
    with path.open(encoding="utf-8", newline="\n") as stream:
        for line in islice(stream, count):
            yield line.removesuffix("\n")


def bleu(outputs: Iterator[str], references: Iterator[str], language: str) -> dict[str, float]:
    """Sacrebleu's corpus BLEU."""
    from sacrebleu.metrics.bleu import BLEU

    metric = BLEU(tokenize="zh" if language == "zh" else "13a")
    return {"bleu": metric.corpus_score(list(outputs), [list(references)]).score}


def chrf(outputs: Iterator[str], references: Iterator[str], language: str) -> dict[str, float]:  # noqa: ARG001
    """Sacrebleu's corpus chrF."""
    from sacrebleu.metrics.chrf import CHRF

    return {"chrf": CHRF().corpus_score(list(outputs), [list(references)]).score}


def rouge(outputs: Iterator[str], references: Iterator[str], language: str) -> dict[str, float]:
    """Means of rouge-score's F1, pair by pair.

    It knows no Chinese (each text would be empty to it) and no sentences: it is lent tercet's tokens and sentences,
    which cost it little.
    """
    from rouge_score.rouge_scorer import RougeScorer

    from tercet.text.sentences import sentences
    from tercet.text.tokens import tokens

    class Tokenizer:
        """What RougeScorer asks of a tokenizer."""

        def tokenize(self, text: str) -> list[str]:
            """Cut Chinese into characters."""
            return tokens(text, "zh")

    types = ("rouge1", "rouge2", "rougeLsum")
    scorer = RougeScorer(types, tokenizer=Tokenizer() if language == "zh" else None)
    sums = dict.fromkeys(types, 0.0)
    count = 0
    for output, reference in zip(outputs, references, strict=True):
        lined = ("\n".join(sentences(text, language)) for text in (reference, output))
        found = scorer.score(*lined)
        for name in types:
            sums[name] += found[name].fmeasure
        count += 1
    return {name: total / count for name, total in sums.items()}


PEERS: dict[str, Callable[[Iterator[str], Iterator[str], str], dict[str, float]]] = {
    "bleu": bleu,
    "chrf": chrf,
    "rouge": rouge,
}
# The package that each is, and its name in a table.
PACKAGES = {
    "bleu": ("sacrebleu", "BLEU"),
    "chrf": ("sacrebleu", "chrF"),
    "rouge": ("rouge-score", "ROUGE-1, -2, -Lsum"),
}


def main() -> None:
    """Score, and print."""
    name, folder, count, language = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    made = PEERS[name](_lines(folder / "output.txt", count), _lines(folder / "reference.txt", count), language)
    print(json.dumps(made))


if __name__ == "__main__":
    main()
