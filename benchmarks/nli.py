"""NLI: what batches and the aligner save on a CPU, with random weights of a usual size.

Run: ``python -m benchmarks.nli``, some minutes on two cores. The model is a 12-layer BERT of hidden size
384, as the small multilingual models have it; the texts are sources and references of the sample corpus.
"""

import argparse
import re
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tercet.corpora.sample import Sample
from tercet.encoders import verdicts
from tercet.encoders.memory import Memory
from tercet.metrics.nli import Nli
from tercet.metrics.nli_summac import task_of
from tercet.records import Segment

_WAYS: dict[str, dict[str, Any]] = {
    "each pair alone": {},
    "batches of 16": {"batch": 16},
    "the 5 nearest chunks": {"top_k": 5},
    "both": {"batch": 16, "top_k": 5},
}


def save(folder: Path, texts: list[str]) -> Path:
    """Save a classifier with random weights whose vocabulary is the texts' words and characters."""
    import torch
    import transformers

    whole = " ".join(texts).lower()
    letters, words = sorted(set("".join(whole.split()))), sorted(set(re.findall("[a-z]{2,}", whole)))
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *words, *(f"##{letter}" for letter in letters)]
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n", "utf-8")
    (folder / "tokenizer_config.json").write_text('{"tokenizer_class": "BertTokenizer"}', "utf-8")
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(pieces),
        hidden_size=384,
        num_hidden_layers=12,
        num_attention_heads=12,
        intermediate_size=1536,
        id2label={0: "entailment", 1: "neutral", 2: "contradiction"},
    )
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def segments(limit: int) -> list[Segment]:
    """Take the sample corpus's references as candidates."""
    return [
        Segment(
            id=f"{article.id}:{language}",
            candidate=found[0].abstract,
            source=article.source,
            language=language,
            source_language=article.language,
        )
        for article in Sample().load().articles[:limit]
        for language, found in article.references.items()
    ]


def main() -> None:
    """Print how long each way takes, and how it compares with each pair alone."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=3, help="articles")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    found = segments(options.limit)
    with TemporaryDirectory() as name:
        folder = save(Path(name), [text for item in found for text in (item.candidate or "", item.source or "")])
        Nli(model=str(folder), cache=None, top_k=1).measure(found[:1])  # loads both models
        taken: dict[str, list[float]] = {way: [] for way in _WAYS}
        for _ in range(options.repeats):
            for way, choice in _WAYS.items():
                verdicts._SEEN = Memory(0)
                start = time.perf_counter()
                Nli(model=str(folder), cache=None, **choice).measure(found)
                taken[way].append(time.perf_counter() - start)
    print("| way | pairs | pairs a second | times as fast |\n|---|---|---|---|")
    base = statistics.median(taken["each pair alone"])
    for way, choice in _WAYS.items():
        pairs = sum(len(task_of(item, "sentence", choice.get("top_k")).pairs) for item in found)
        seconds = statistics.median(taken[way])
        print(f"| {way} | {pairs:,} | {pairs / seconds:.1f} | {base / seconds:.2f} |")


if __name__ == "__main__":
    main()
