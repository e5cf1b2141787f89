"""BLEU's statistics: the kernel against sacrebleu itself."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("numba")

from sacrebleu.tokenizers.tokenizer_zh import TokenizerZh

from tercet.kernels.bleu import statistics
from tercet.kernels.bleu_ranges import is_chinese
from tercet.kernels.bleu_tokens import TOKENIZERS, classes_of
from tercet.metrics.bleu import _sacrebleu
from tests.kernels.odd_texts import cases, lines
from tests.untraced import untraced


@untraced
def by_library(
    candidates: list[str], references: list[list[str]], tokenizer: str, lowercase: bool = False
) -> np.ndarray:
    metric = _sacrebleu(tokenizer, lowercase)
    rows = [
        metric._extract_corpus_statistics([candidate], [[text] for text in texts])[0]
        for candidate, texts in zip(candidates, references, strict=True)
    ]
    return np.array(rows, dtype=np.float64)


@pytest.mark.parametrize(
    ("tokenizer", "lowercase", "count"),
    [
        ("13a", False, 12_000),
        ("13a", True, 3_000),
        ("zh", False, 12_000),
        ("zh", True, 3_000),
        ("zh-han", False, 6_000),
        ("none", False, 3_000),
        ("char", True, 3_000),
    ],
)
def test_random_statistics_equal_sacrebleu(tokenizer: str, lowercase: bool, count: int) -> None:
    candidates, references = cases(count, seed=len(tokenizer) + lowercase)
    found = statistics(candidates, references, tokenizer=tokenizer, lowercase=lowercase)
    np.testing.assert_array_equal(found, by_library(candidates, references, tokenizer, lowercase))
    assert found[:, 5].any(), "some 4-grams match"


@pytest.mark.parametrize("system", ["GPT4-5shot", "NLLB_Greedy", "ONLINE-G"])
@pytest.mark.parametrize(("pair", "language", "tokenizer"), [("zh-en", "en", "13a"), ("en-zh", "zh", "zh")])
def test_wmt23_statistics_equal_sacrebleu(shared: Path, pair: str, language: str, tokenizer: str, system: str) -> None:
    folder = shared / "data" / "wmt23" / pair
    candidates = lines(folder / f"hyp.{system}.{language}.gz")
    references = [[text] for text in lines(folder / f"ref.refA.{language}.gz")]
    found = statistics(candidates, references, tokenizer=tokenizer)
    np.testing.assert_array_equal(found, by_library(candidates, references, tokenizer))


@pytest.mark.parametrize("tokenizer", ["13a", "zh"])
def test_long_and_alike_tokens(tokenizer: str) -> None:
    words = [f"{stem}{i}" for i in range(400) for stem in ("prefix", "suffix")]
    texts = [" ".join(words), " ".join(words[::-1]), "-".join(words), "." * 5000, "1." * 3000, "公" * 5000]
    references = [[texts[i - 1], text] for i, text in enumerate(texts)]
    found = statistics(texts, references, tokenizer=tokenizer)
    np.testing.assert_array_equal(found, by_library(texts, references, tokenizer))


@pytest.mark.parametrize("name", ["zh", "zh-han"])
@untraced
def test_every_code_point_is_classed_as_the_ranges_say(name: str) -> None:
    chinese = TokenizerZh._is_chinese_char if name == "zh" else lambda character: is_chinese(character, name)
    classes = classes_of(name)
    alone = classes[ord("公")]
    for code in range(0x110000):
        character = chr(code)
        if not character.isspace() and code > 0x7F:
            assert (classes[code] == alone) == chinese(character), hex(code)


@untraced
def test_white_space_is_what_python_splits_at() -> None:
    for name in TOKENIZERS:
        classes = classes_of(name)
        spaces = {code for code in range(0x110000) if chr(code).isspace()}
        assert set(np.flatnonzero(classes == classes[32]).tolist()) == spaces


def test_nothing_gives_no_rows() -> None:
    assert statistics([], [], tokenizer="13a").shape == (0, 10)
    assert statistics([""], [[""]], tokenizer="zh").tolist() == [[0.0] * 10]
