"""The aligner across languages: how often a sentence finds its translation in a document of 20 chunks.

Run: ``python -m benchmarks.aligning`` with the folder of the development data: a minute on one core. A
document is 20 chunks that follow each other, a chunk is one, three or six lines, and a claim is the
translation of one line. Shares are in percent, with 95 % intervals over documents.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.intervals import clustered_share
from benchmarks.shared import argument, lines
from tercet.encoders.aligning import nearest
from tercet.encoders.universal import cosine, encode

_CHUNKS = 20
_SETS = {
    "wmt23 zh-en": ("wmt23/zh-en/src.zh.gz", "zh", "wmt23/zh-en/ref.refA.en.gz", "en"),
    "wmt23 en-zh": ("wmt23/en-zh/src.en.gz", "en", "wmt23/en-zh/ref.refA.zh.gz", "zh"),
    "flores zh-en": ("flores-dev/zh-en/src.zh.gz", "zh", "flores-dev/zh-en/ref.A.en.gz", "en"),
}
Order = Callable[[str, str, Sequence[str], str], Sequence[int]]


def by_nearest_sentence(claim: str, ours: str, chunks: Sequence[str], theirs: str) -> Sequence[int]:
    """Order chunks as the aligner does."""
    return nearest([claim], ours, chunks, theirs, None)[0].indices


def by_mean(claim: str, ours: str, chunks: Sequence[str], theirs: str) -> Sequence[int]:
    """Order chunks by the mean of their sentences' embeddings."""
    own = encode(claim, ours)
    return _order([cosine(own, encode(chunk, theirs)) for chunk in chunks])


def by_whole(claim: str, _: str, chunks: Sequence[str], __: str) -> Sequence[int]:
    """Order chunks by their own embedding."""
    own = encode(claim)
    return _order([cosine(own, encode(chunk)) for chunk in chunks])


WAYS: dict[str, Order] = {"nearest sentence": by_nearest_sentence, "mean of sentences": by_mean, "whole": by_whole}


def _order(near: Sequence[float]) -> Sequence[int]:
    return np.argsort(-np.array(near), kind="stable").tolist()  # type: ignore[no-any-return]


def places(data: Path, name: str, size: int, way: str) -> tuple[list[int], list[int]]:
    """Find the place of each claim's own chunk, and the document that it is in.

    Args:
        data: The folder of the sets.
        name: Of a set.
        size: Lines in a chunk.
        way: One of ``WAYS``.
    """
    first, ours, second, theirs = _SETS[name]
    claims, targets = lines(data / first), lines(data / second)
    glue = "" if theirs == "zh" else " "
    ranks, documents = [], []
    length = _CHUNKS * size
    for start in range(0, len(claims) // length * length, length):
        texts = targets[start : start + length]
        chunks = [glue.join(texts[i : i + size]) for i in range(0, length, size)]
        for i, claim in enumerate(claims[start : start + length]):
            ranks.append(list(WAYS[way](claim, ours, chunks, theirs)).index(i // size))
            documents.append(start)
    return ranks, documents


def main() -> None:
    """Print the shares that are found at the first place and among the first three and five."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    argument(parser)
    data = parser.parse_args().data
    print("| set | chunk | by | top 1 | top 3 | top 5 |\n|---|---|---|---|---|---|")
    for name in _SETS:
        for size in (1, 3, 6):
            for way in WAYS if size > 1 else ["nearest sentence"]:
                ranks, documents = places(data, name, size, way)
                shares = (clustered_share([rank < k for rank in ranks], documents) for k in (1, 3, 5))
                print(f"| {name} | {size} | {way} | {' | '.join(shares)} |")


if __name__ == "__main__":
    main()
