"""Scoring: each lexical metric against its library called by hand, on the sample corpus's references.

Both make segment and corpus scores, in one thread and one process; the libraries count anew for the
corpus, tercet adds its rows up. Run: ``make bench``, or ``python -m benchmarks.scoring``.
"""

from collections.abc import Callable
from functools import partial
from importlib.metadata import version

from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER

from benchmarks.clock import median_seconds, print_table
from tercet import measure
from tercet.corpora.sample import Sample


def pairs(language: str) -> tuple[list[str], list[str]]:
    """Abstracts against each other: 4 candidates for each of the 24 references."""
    texts = [article.references[language][0].abstract for article in Sample().load().articles]
    candidates = [texts[(i + shift) % len(texts)] for shift in range(4) for i in range(len(texts))]
    return candidates, texts * 4


def by_library(language: str, candidates: list[str], references: list[str]) -> dict[str, Callable[[], object]]:
    """The same segment and corpus scores, by the libraries alone."""
    bleu = BLEU(tokenize="zh" if language == "zh" else "13a", effective_order=True)
    chrf, ter = CHRF(), TER(normalized=language == "zh", asian_support=language == "zh")

    def sacrebleu(metric: BLEU | CHRF | TER) -> Callable[[], object]:
        def work() -> object:
            for candidate, reference in zip(candidates, references, strict=True):
                metric.sentence_score(candidate, [reference])
            return metric.corpus_score(candidates, [references])

        return work

    found = {"bleu": sacrebleu(bleu), "chrf": sacrebleu(chrf), "ter": sacrebleu(ter)}
    if language == "en":
        rouge = RougeScorer(["rouge1", "rouge2", "rougeL", "rougeLsum"])
        found["rouge"] = lambda: [rouge.score(r, c) for c, r in zip(candidates, references, strict=True)]
    return found


def main() -> None:
    """Print pairs a second, and the ratio to the library."""
    print(f"sacrebleu {version('sacrebleu')}, rouge-score {version('rouge-score')}\n")
    rows = []
    for language in ("en", "zh"):
        candidates, references = pairs(language)
        libraries = by_library(language, candidates, references)
        for name in ("rouge", "bleu", "chrf", "ter"):
            work = partial(measure, name, candidates=candidates, references=references, language=language)
            ours = median_seconds(work)
            theirs = median_seconds(libraries[name]) if name in libraries else None
            ratio = "–" if theirs is None else theirs / ours
            rows.append((f"{name} {language}", len(candidates) / ours, ratio))
    print_table(("metric", "pairs a second", "times the library's speed"), rows)


if __name__ == "__main__":
    main()
