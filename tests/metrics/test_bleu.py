"""BLEU: both ways to its statistics, its score bit by bit, and the mended Chinese tokenizer."""

import sys

import numpy as np
import pytest
from sacrebleu.metrics.bleu import BLEU

import tercet
from tercet.errors import ConfigError
from tercet.metrics.bleu import Bleu, _sacrebleu
from tercet.records import Segment
from tercet.signatures import parse
from tests.kernels.odd_texts import cases


def segments(count: int) -> list[Segment]:
    candidates, references = cases(count, seed=5)
    return [
        Segment(
            id=str(i),
            candidate=None if i % 50 == 7 else candidate,
            references=tuple(texts),
            source=None,
            language="zh" if i % 3 == 0 else "en",
            source_language="en",
        )
        for i, (candidate, texts) in enumerate(zip(candidates, references, strict=True))
    ]


@pytest.mark.parametrize("tokenize", [None, "13a", "zh", "zh-han", "none", "char"])
@pytest.mark.parametrize("lowercase", [False, True])
def test_kernel_and_library_give_the_same(
    tokenize: str | None, lowercase: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("numba")
    metric, given = Bleu(tokenize=tokenize, lowercase=lowercase), segments(600)
    found = []
    for answer in (True, False):
        monkeypatch.setattr("tercet.metrics.bleu.worthwhile", lambda module, seconds, answer=answer: answer)
        found.append(metric.measure(given))
    np.testing.assert_array_equal(found[0].values, found[1].values)
    assert found[0].unscored == found[1].unscored
    assert {"a reference is empty", "there is no candidate"} < set(found[0].unscored)


def test_a_tokenizer_without_a_kernel_goes_through_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tercet.metrics.bleu.worthwhile", lambda module, seconds: True)
    found = tercet.measure(
        "bleu", candidates=["“Yes” – 5€!"], references=["“Yes” – 5€!"], language="en", tokenize="intl"
    )
    assert found.rows[0, 0] == len(_sacrebleu("intl", False)._preprocess_segment("“Yes” – 5€!").split())


def test_a_reference_without_a_token_is_unscored() -> None:
    (row,) = (
        Bleu()
        .measure(
            [
                Segment(
                    id="1", candidate="a", references=("<skipped>",), source=None, language="en", source_language="en"
                )
            ]
        )
        .unscored
    )
    assert row == "a reference has no token that BLEU counts"


def test_scores_of_weighted_sums_are_sacrebleu_s_to_the_last_bit() -> None:
    values = Bleu().measure([item for item in segments(300) if item.candidate is not None])
    rows = values.values[values.scored]
    sums = np.random.default_rng(4).integers(0, 3, size=(400, len(rows))).astype(float) @ rows
    sums = np.concatenate([sums, rows])
    for row, (score,) in zip(sums, Bleu().reduce(sums), strict=True):
        whole = [int(value) for value in row]
        expected = BLEU.compute_bleu(
            whole[2:6], whole[6:], whole[0], whole[1], smooth_method="exp", effective_order=True
        )
        # From Python 3.12 on sum(), which sacrebleu calls, rounds otherwise; ours is the same everywhere.
        exact = sys.version_info < (3, 12)
        assert score == (expected.score if exact else pytest.approx(expected.score, rel=1e-14))


# (character, whether sacrebleu's zh sets it apart, whether zh-han does)
TABLE = [
    *[(character, True, False) for character in "€“”‘’—–…‰′※№→≤●①"],
    *[(character, False, True) for character in "\U00020000\U0002a6d6\U0002b740\U0002f800\U00030000\u9fff\u4dbf"],
    *[(character, True, True) for character in "公。，（％０㎡〇、《☆"],
    *[(character, False, False) for character in "éЖあ한·°"],
]


@pytest.mark.parametrize(("character", "official", "mended"), TABLE)
@pytest.mark.parametrize("kernel", [True, False])
def test_the_mended_tokenizer_differs_where_it_is_said_to(
    character: str, official: bool, mended: bool, kernel: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kernel:
        pytest.importorskip("numba")
    monkeypatch.setattr("tercet.metrics.bleu.worthwhile", lambda module, seconds: kernel)
    text = f"a{character}b"
    for tokenize, apart in (("zh", official), ("zh-han", mended)):
        found = tercet.measure("bleu", candidates=[text], references=[text], language="zh", tokenize=tokenize)
        assert found.rows[0, 0] == (3 if apart else 1)
        assert f"|tok:{tokenize}|" in found.signature


def test_options_come_back_from_the_signature() -> None:
    for metric in (Bleu(), Bleu(tokenize="zh-han"), Bleu(tokenize="char", lowercase=True)):
        assert Bleu.from_parts(parse(metric.signature("zh")).parts) == metric


def test_an_unknown_tokenizer_is_named() -> None:
    with pytest.raises(ConfigError, match="zh-hann"):
        Bleu(tokenize="zh-hann")
