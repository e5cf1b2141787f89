"""Compiled tokens against the functions that they stand for."""

import random
import re
import string
from collections.abc import Callable
from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("numba", reason="the extra 'fast' is not installed")

from rouge_score.tokenizers import DefaultTokenizer

from tercet.corpora.sample import Sample
from tercet.kernels.words import Tokenized, by_function, by_script, english
from tercet.text.tokens import tokens
from tests.untraced import untraced

SUFFIXES = (  # noqa: SIM905 (a list of them would be a page long)
    "ational tional enci anci izer bli alli entli eli ousli ization ation ator alism iveness fulness ousness aliti"
    " iviti biliti fulli logi icate ative alize iciti ical ful ness al ance ence er ic able ible ant ement ment ent"
    " sion tion ou ism ate iti ous ive ize ed eed ied ing y s es ies sses ss at bl iz e le ll"
).split()
IRREGULAR = [
    "sky",
    "skies",
    "dying",
    "lying",
    "tying",
    "news",
    "innings",
    "inning",
    "outings",
    "outing",
    "cannings",
    "canning",
    "howe",
    "proceed",
    "exceed",
]
ANYTHING = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.text(st.sampled_from(list("aZ09é好ßſKİΣς۴Ⅷ々〇ａＺ０％．，€¥$:.,-'’&°‰\n\t 的了")), max_size=30),
    ),
    min_size=1,
    max_size=6,
)


def lines(text: str, cut: Callable[[str], list[str]]) -> list[list[str]]:
    """The sentences of a text that have tokens."""
    return [found for line in text.split("\n") if (found := cut(line))]


def check(found: Tokenized, texts: list[str], cut: Callable[[str], list[str]]) -> None:
    """Compare numbers with tokens: the same sentences, and one number for one token."""
    names: dict[int, str] = {}
    assert found.offsets[0] == found.sentence_offsets[0] == 0
    for i, text in enumerate(texts):
        expected = lines(text, cut)
        ends = found.ends[found.sentence_offsets[i] : found.sentence_offsets[i + 1]]
        starts = [found.offsets[i], *ends[:-1]]
        numbers = [found.ids[a:b].tolist() for a, b in zip(starts, ends, strict=False)]
        assert [len(line) for line in numbers] == [len(line) for line in expected]
        assert found.offsets[i + 1] - found.offsets[i] == sum(map(len, expected))
        for number, token in zip(chain(*numbers), chain(*expected), strict=True):
            assert names.setdefault(number, token) == token
    assert len(set(names.values())) == len(names) <= max(found.types, len(names))


def test_two_letters_beyond_ascii_become_ascii_ones() -> None:
    letters = re.compile("[a-z0-9]")
    assert [c for c in map(chr, range(128, 0x110000)) if letters.search(c.lower())] == ["\u0130", "\u212a"]


@settings(max_examples=400, deadline=None)
@given(texts=ANYTHING, stem=st.booleans())
def test_english_is_rouge_scores_tokenizer(texts: list[str], stem: bool) -> None:
    check(english(texts, stem=stem), texts, DefaultTokenizer(stem).tokenize)


@settings(max_examples=400, deadline=None)
@given(texts=ANYTHING)
def test_by_script_is_our_chinese_tokenizer(texts: list[str]) -> None:
    check(by_script(texts), texts, lambda text: tokens(text, "zh"))
    check(by_function(texts, lambda text: tokens(text, "zh")), texts, lambda text: tokens(text, "zh"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_real_texts(language: str) -> None:
    texts = [
        text
        for article in Sample().load().articles
        for text in (article.references[language][0].text, article.source or "")
    ]
    check(by_script(texts), texts, lambda text: tokens(text, "zh"))
    check(english(texts, stem=True), texts, DefaultTokenizer(True).tokenize)


def test_porters_stemmer_on_a_hundred_thousand_words() -> None:
    rng = random.Random(5)
    letters = "aeiouy" * 3 + string.ascii_lowercase + "019"
    words = {"".join(rng.choices(letters, k=rng.randint(1, 6))) + rng.choice(["", *SUFFIXES]) for _ in range(80_000)}
    words |= {a + b for a in SUFFIXES for b in SUFFIXES} | {*SUFFIXES, *IRREGULAR}
    words |= {"".join(rng.choices("xy" + rng.choice(letters), k=9)) for _ in range(45_000)}
    text = " ".join(sorted(words))
    tokenize = untraced(DefaultTokenizer(True).tokenize)
    found = english([text], stem=True)
    names: dict[int, str] = {}
    expected = tokenize(text)
    assert len(expected) == found.ids.size > 100_000
    for number, token in zip(found.ids.tolist(), expected, strict=True):
        assert names.setdefault(number, token) == token
    assert len(set(names.values())) == len(names)


def test_a_vocabulary_grows_beyond_its_first_room() -> None:
    words = [f"w{i}" for i in range(100_000)]
    for found in (english([" ".join(words)], stem=False), by_script(words)):
        assert found.types == len(words)
        np.testing.assert_array_equal(found.ids, np.arange(len(words)))
