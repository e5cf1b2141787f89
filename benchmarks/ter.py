"""TER against sacrebleu: statistics of segments, tokenization included, in one thread.

Sentences and summaries of the sample corpus; and WMT23's translations where the development data is
at hand, every tenth segment of one system. sacrebleu is timed once on a long text, whose minutes vary
little, and with an empty cache of tokenized texts each time. Run: ``make bench``, or
``python -m benchmarks.ter``.
"""

import gzip
from importlib.metadata import version
from pathlib import Path

from sacrebleu.metrics.ter import TER
from sacrebleu.tokenizers.tokenizer_ter import TercomTokenizer

from benchmarks.clock import median_seconds, print_table
from benchmarks.texts import pairs
from tercet.corpora.sample import Sample
from tercet.kernels.ter import statistics

WMT = Path(__file__).parents[2] / "shared" / "data" / "wmt23"
SYSTEM, SHARE = "GPT4-5shot", 10


def rows() -> list[tuple[str, float, float, float]]:
    """Measure.

    Returns:
        By kind of text: milliseconds a pair by sacrebleu and by us, and their ratio.
    """
    found = []
    for language in ("en", "zh"):
        found.append(_row(f"sentences {language}", language, *pairs(language, 200, (1, 1), seed=0)))
        texts = [article.references[language][0].text for article in Sample().load().articles][:6]
        found.append(_row(f"summaries {language}", language, texts[1:], texts[:-1], repeats=1))
    for pair, language in (("zh-en", "en"), ("en-zh", "zh")):
        if (WMT / pair).is_dir():
            candidates = _lines(WMT / pair / f"hyp.{SYSTEM}.{language}.gz")[::SHARE]
            references = _lines(WMT / pair / f"ref.refA.{language}.gz")[::SHARE]
            found.append(_row(f"WMT23 {pair}", language, candidates, references))
    return found


def _row(
    name: str, language: str, candidates: list[str], references: list[str], repeats: int = 5
) -> tuple[str, float, float, float]:
    chinese = language == "zh"
    oracle = TER(normalized=chinese, asian_support=chinese)
    each = [[reference] for reference in references]

    def theirs() -> list[list[float]]:
        TercomTokenizer.__call__.cache_clear()
        found: list[list[float]] = oracle._extract_corpus_statistics(candidates, [references])
        return found

    def ours() -> list[list[float]]:
        found: list[list[float]] = statistics(candidates, each, normalized=chinese, asian=chinese).tolist()
        return found

    assert ours() == theirs(), "the numbers differ"
    slow, fast = median_seconds(theirs, repeats), median_seconds(ours, 9)
    return name, 1000 * slow / len(candidates), 1000 * fast / len(candidates), slow / fast


def _lines(path: Path) -> list[str]:
    return gzip.decompress(path.read_bytes()).decode("utf-8").split("\n")[:-1]


def main() -> None:
    """Print milliseconds and ratios."""
    print(f"sacrebleu {version('sacrebleu')}\n")
    print_table(("TER's statistics", "sacrebleu, ms a pair", "tercet, ms a pair", "times its speed"), rows())


if __name__ == "__main__":
    main()
