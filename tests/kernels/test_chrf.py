"""chrF's statistics: the kernel against sacrebleu itself."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("numba")

from sacrebleu.metrics.chrf import CHRF

from tercet.kernels.chrf import Orders, statistics
from tests.kernels.odd_texts import cases, lines
from tests.untraced import untraced


@untraced
def by_library(
    candidates: list[str], references: list[list[str]], orders: Orders, lowercase: bool = False
) -> np.ndarray:
    metric = CHRF(
        char_order=orders.characters,
        word_order=orders.words,
        beta=orders.beta,
        whitespace=orders.whitespace,
        lowercase=lowercase,
    )
    rows = [
        metric._extract_corpus_statistics([candidate], [[text] for text in texts])[0]
        for candidate, texts in zip(candidates, references, strict=True)
    ]
    return np.array(rows, dtype=np.float64)


@pytest.mark.parametrize(
    ("orders", "lowercase", "count"),
    [
        (Orders(), False, 12_000),
        (Orders(words=2), False, 12_000),
        (Orders(characters=2), False, 10_000),
        (Orders(whitespace=True), True, 3_000),
        (Orders(characters=1, words=3, beta=1), True, 3_000),
        (Orders(characters=9, words=1, beta=3), False, 3_000),
    ],
)
def test_random_statistics_equal_sacrebleu(orders: Orders, lowercase: bool, count: int) -> None:
    candidates, references = cases(count, seed=sum(orders))
    found = statistics(candidates, references, orders=orders, lowercase=lowercase)
    np.testing.assert_array_equal(found, by_library(candidates, references, orders, lowercase))


@pytest.mark.parametrize("system", ["GPT4-5shot", "NLLB_Greedy"])
@pytest.mark.parametrize(("pair", "language"), [("zh-en", "en"), ("en-zh", "zh")])
@pytest.mark.parametrize("words", [0, 2])
def test_wmt23_statistics_equal_sacrebleu(shared: Path, pair: str, language: str, system: str, words: int) -> None:
    folder = shared / "data" / "wmt23" / pair
    candidates = lines(folder / f"hyp.{system}.{language}.gz")
    references = [[text] for text in lines(folder / f"ref.refA.{language}.gz")]
    found = statistics(candidates, references, orders=Orders(words=words))
    np.testing.assert_array_equal(found, by_library(candidates, references, Orders(words=words)))


def test_of_references_that_score_the_same_the_first_counts() -> None:
    candidates, references = ["abcd"], [["abce", "abcf", "abcd x", "x abcd"], ["", " "]]
    for texts in references:
        found = statistics(candidates, [texts], orders=Orders(words=2))
        np.testing.assert_array_equal(found, by_library(candidates, [texts], Orders(words=2)))


def test_nothing_gives_no_rows() -> None:
    assert statistics([], []).shape == (0, 18)
    assert statistics([""], [["a"]], orders=Orders(characters=1)).tolist() == [[0.0, 1.0, 0.0]]
