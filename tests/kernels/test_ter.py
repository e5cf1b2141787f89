"""TER's kernel against sacrebleu: edits and mean reference length, number for number."""

import gzip
import random
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sacrebleu.metrics import lib_ter
from sacrebleu.metrics.ter import TER

from tercet.kernels.ter import statistics
from tests.untraced import untraced

Pairs = tuple[list[str], list[list[str]]]

# What the tokenizer's expressions are about, whole or in parts that make one when put together.
PIECES = [
    *("a", "b", "s", "x", "Z", " ", " ", " ", "  ", "\n", "\n-", "-", "\t", "\x1c", "\x85", "\xa0", "\u2009", "\u3000"),
    *(
        "'s",
        "'S",
        "'s ",
        "it's.",
        "'s,",
        "'s!",
        "'",
        "&quot;",
        "&amp;",
        "&amp;lt;",
        "&amp;amp;gt;",
        "&AMP;",
        "&l",
        "t;",
    ),
    *("&gt;", "&", "quot;", ".", ",", "..", "...", ".5", "5.", "5", "10,000.5", "5-", "5-5", "a.b", "a..5", "5..a"),
    *("!", "?", ":", ";", '"', "(", ")", "$", "%", "/", "{", "~", "_", "`", "@", "€", "“", "—", "…"),
    *(
        "中",
        "国",
        "。",
        "，",
        "、",
        "《",
        "》",
        "〓",
        "！",
        "（",
        "）",
        "：",
        "．",
        "・",
        "｡",
        "～",
        "カ",
        "ナ",
        "ひ",
        "ﾅ",
        "ㇰ",
    ),
    *("㈱", "㍻", "⺀", "㇀", "㐀", "豈", "︰", "𠀀", "😀", "한", "Σ", "ΑΣ", "İ", "ß", "é", "e\u0301", "ǅ", "\ud800"),
]


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """Compile the kernel, where no process has, without coverage's trace: it takes half as long."""
    untraced(statistics)(["a"], [["a"]])


@untraced
def by_sacrebleu(
    candidates: Sequence[str], references: Sequence[Sequence[str]], **options: bool
) -> NDArray[np.float64]:
    oracle = TER(references=None, **options)
    rows = [
        oracle._extract_corpus_statistics([candidate], [[text] for text in texts])[0]
        for candidate, texts in zip(candidates, references, strict=True)
    ]
    return np.array(rows, dtype=np.float64)


def check(
    pairs: Pairs, *, normalized: bool = False, asian: bool = False, cased: bool = False, bare: bool = False
) -> None:
    candidates, references = pairs
    found = statistics(candidates, references, normalized=normalized, asian=asian, case_sensitive=cased, no_punct=bare)
    expected = by_sacrebleu(
        candidates, references, normalized=normalized, asian_support=asian, case_sensitive=cased, no_punct=bare
    )
    wrong = np.flatnonzero((found != expected).any(axis=1))
    assert not wrong.size, [(candidates[i], references[i], found[i], expected[i]) for i in wrong[:3]]


def words(rng: random.Random, size: int, types: int) -> list[str]:
    """Words of which some are frequent and most are rare."""
    return [f"w{min(int(rng.expovariate(3 / types)), types)}" for _ in range(size)]


def shuffled(rng: random.Random, text: list[str], share: float) -> list[str]:
    """Move runs of words about, and change some."""
    text = list(text)
    for _ in range(int(share * len(text) / 3) + 1):
        if text:
            at, size = rng.randrange(len(text)), rng.randint(1, 6)
            run = text[at : at + size]
            del text[at : at + size]
            to = rng.randint(0, len(text))
            text[to:to] = run
    return [word if rng.random() > share / 3 else "other" for word in text]


def many(count: int, seed: int, one: Callable[[random.Random], tuple[list[str], list[list[str]]]]) -> Pairs:
    rng = random.Random(seed)
    made = [one(rng) for _ in range(count)]
    return [" ".join(ours) for ours, _ in made], [[" ".join(text) for text in theirs] for _, theirs in made]


def short(rng: random.Random) -> tuple[list[str], list[list[str]]]:
    types = rng.choice([1, 2, 3, 5, 9])
    return words(rng, rng.randint(0, 12), types), [
        words(rng, rng.randint(0, 12), types) for _ in range(rng.choice([1, 1, 1, 2, 3]))
    ]


def moved(rng: random.Random) -> tuple[list[str], list[list[str]]]:
    text = words(rng, rng.randint(5, 30), rng.choice([8, 20, 60]))
    return shuffled(rng, text, rng.choice([0.2, 0.6, 1.0])), [text]


def longer(rng: random.Random) -> tuple[list[str], list[list[str]]]:
    text = words(rng, rng.randint(60, 150), rng.choice([20, 60, 200]))
    return shuffled(rng, text, rng.choice([0.1, 0.3, 1.0])), [text]


def unlike(rng: random.Random) -> tuple[list[str], list[list[str]]]:
    """One side far longer, so that the beam leaves cells out, or is wider than a word of bits."""
    few, more = rng.choice([(1, 60), (1, 140), (2, 101), (2, 160), (3, 150), (4, 180), (9, 90), (20, 70), (30, 85)])
    text = words(rng, more, 30)
    begin = rng.choice([0, 0, more - few, rng.randint(0, more - few)])
    part = shuffled(rng, text[begin : begin + few], rng.choice([0.0, 0.5]))
    return (part, [text]) if rng.random() < 0.6 else (text, [part or ["w0"]])


def test_short_texts() -> None:
    check(many(8000, 1, short))


def test_texts_with_moved_words() -> None:
    check(many(500, 2, moved))


def test_long_texts_that_reach_the_limit_of_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []
    shift = lib_ter._shift

    def counted(*arguments: Any) -> Any:
        found = shift(*arguments)
        counts.append(found[2])
        return found

    monkeypatch.setattr(lib_ter, "_shift", counted)
    check(many(10, 3, longer))
    assert sum(count >= 1000 for count in counts) > 4
    assert sum(100 < count < 1000 for count in counts) > 4


def test_texts_of_unlike_lengths(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = many(260, 4, unlike)
    check(pairs)
    found = statistics(*pairs)
    monkeypatch.setattr(lib_ter, "_BEAM_WIDTH", 1000)
    assert (by_sacrebleu(pairs[0][:80], pairs[1][:80]) != found[:80]).any(), "the beam never mattered"


@pytest.mark.parametrize(("normalized", "asian", "cased", "bare"), list(product([False, True], repeat=4)))
def test_tokens_of_every_kind(normalized: bool, asian: bool, cased: bool, bare: bool) -> None:
    rng = random.Random(5)

    def text() -> str:
        return "".join(rng.choices(PIECES, k=rng.choice([0, 1, 2, 4, 8, 14])))

    candidates = [text() for _ in range(500)]
    references = [[rng.choice([candidate, text()])] * rng.choice([0, 1]) + [text()] for candidate in candidates]
    check((candidates, references), normalized=normalized, asian=asian, cased=cased, bare=bare)


@pytest.mark.parametrize("part", range(16))
def test_every_code_point_of_the_basic_plane_is_cut_alike(part: int) -> None:
    codes = [code for code in range(part * 4096, part * 4096 + 4096) if not 0xD800 <= code <= 0xDFFF]
    texts = [
        "a".join(f" {chr(code)}x 1{chr(code)}2 y{chr(code)}" for code in codes[i : i + 32])
        for i in range(0, len(codes), 32)
    ]
    oracle = TER(normalized=True, asian_support=True)
    found = statistics(texts, [[""]] * len(texts), normalized=True, asian=True)
    assert found[:, 0].tolist() == [len(oracle._preprocess_segment(text).split()) for text in texts]


def test_references_are_cut_twice_as_sacrebleu_does() -> None:
    text = "it's. a..5"
    # "it's . a . .5" once, and from that "it 's . a . . 5".
    assert statistics([text], [[text]], normalized=True)[0, 1] == 7
    check(([text], [[text]]), normalized=True)


def test_empty_texts_and_no_texts() -> None:
    assert statistics([], []).shape == (0, 2)
    check((["", "a b", "", " \n"], [[""], ["", " "], ["a b c"], ["a", "a b c d"]]))


def test_a_text_of_many_thousand_words_needs_little_memory() -> None:
    text = " ".join(f"w{i}" for i in range(20_000))
    other = " ".join(f"w{i}" for i in range(1, 20_001))
    assert statistics([text, text], [[text], [other]]).tolist() == [[0, 20_000], [2, 20_000]]


def test_order_and_company_change_nothing() -> None:
    candidates, references = many(1500, 6, moved)
    together = statistics(candidates, references)
    backwards = statistics(candidates[::-1], references[::-1])[::-1]
    assert (together == backwards).all()
    assert all((statistics([candidates[i]], [references[i]])[0] == together[i]).all() for i in range(0, 1500, 100))


@pytest.mark.parametrize(("pair", "language"), [("zh-en", "en"), ("en-zh", "zh")])
def test_wmt23(shared: Path, pair: str, language: str) -> None:
    folder = shared / "data" / "wmt23" / pair
    chinese = language == "zh"
    references = lines(folder / f"ref.refA.{language}.gz")
    for system in ("HW-TSC", "NLLB_Greedy", "ZengHuiMT"):
        candidates = lines(folder / f"hyp.{system}.{language}.gz")
        kept = [i for i in range(0, len(references), 20) if len(references[i]) < (60 if chinese else 250)]
        check(([candidates[i] for i in kept], [[references[i]] for i in kept]), normalized=chinese, asian=chinese)


def lines(path: Path) -> list[str]:
    return gzip.decompress(path.read_bytes()).decode("utf-8").split("\n")[:-1]
