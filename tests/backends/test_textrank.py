"""TextRank against a plain power iteration over the same similarities."""

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.backends.textrank import TextRank
from tercet.corpora.sample import Sample
from tercet.errors import ConfigError
from tercet.records import Article
from tercet.text.sentences import sentences
from tercet.text.tokens import tokens

from . import asks, text_of

ARTICLES = Sample().load().articles


def ranks_by_power_iteration(parts: list[str], language: str, damping: float) -> list[float]:
    """Mihalcea and Tarau's definition, by dense matrices and to machine precision."""
    size = 2 if language == "zh" else 1
    bags = []
    for part in parts:
        cut = tokens(part, language)
        bags.append({tuple(cut[i : i + size]) for i in range(len(cut) - size + 1)})
    n = len(parts)
    weights = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if i != j and bags[i] and bags[j] and len(bags[i]) * len(bags[j]) > 1:
                weights[i, j] = len(bags[i] & bags[j]) / (log(len(bags[i])) + log(len(bags[j])))
    out = weights.sum(axis=1, keepdims=True)
    steps = np.divide(weights, out, out=np.full((n, n), 1 / n), where=out > 0)
    rank = np.full(n, 1 / n)
    for _ in range(5000):
        following = (1 - damping) / n + damping * (rank @ steps)
        if np.abs(following - rank).sum() < 1e-14:
            break
        rank = following
    return [float(value) for value in rank]


def expected(text: str, language: str, count: int, damping: float = 0.85) -> str:
    parts = sentences(text, language)
    ranks = ranks_by_power_iteration(parts, language, damping)
    best = sorted(range(len(parts)), key=lambda i: (-round(ranks[i], 8), i))[:count]
    return ("" if language == "zh" else " ").join(parts[i] for i in sorted(best))


@pytest.mark.parametrize("article", ARTICLES, ids=[article.id for article in ARTICLES])
def test_agrees_with_a_power_iteration_on_the_sample_corpus(article: Article) -> None:
    assert article.source is not None
    for count in (1, 3, 6):
        found = text_of(TextRank(sentences=count), asks(article.source, article.language))
        assert found == expected(article.source, article.language, count)


WORDS = {
    "en": ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"],
    "zh": ["甲乙", "乙丙", "丙丁", "丁甲", "戊己", "甲丙"],
}


@pytest.mark.parametrize("language", ["en", "zh"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_agrees_with_a_power_iteration_on_any_text(language: str, data: st.DataObject) -> None:
    glue, end = ("", "。") if language == "zh" else (" ", ".")
    sentence = st.lists(st.sampled_from(WORDS[language]), min_size=1, max_size=5).map(lambda w: glue.join(w) + end)
    text = "\n".join(data.draw(st.lists(sentence, min_size=1, max_size=8)))
    count = data.draw(st.integers(1, 4))
    damping = data.draw(st.sampled_from([0.1, 0.5, 0.85, 0.95]))
    found = text_of(TextRank(sentences=count, damping=damping), asks(text, language))
    assert found == expected(text, language, count, damping)


@pytest.mark.parametrize(
    ("text", "language", "best"),
    [
        (
            "Rain fell. The bridge and the ferry closed. The bridge closed. Cats sleep.",
            "en",
            "The bridge and the ferry closed.",
        ),
        ("下雨了。大桥和渡轮关闭。大桥关闭。猫在睡觉。", "zh", "大桥和渡轮关闭。"),
    ],
)
def test_the_sentence_that_shares_most_wins(text: str, language: str, best: str) -> None:
    assert text_of(TextRank(sentences=1), asks(text, language)) == best
    assert text_of(TextRank(sentences=1), asks(text, language)) == expected(text, language, 1)


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize(
    "parts",
    [
        ["Red fox runs.", "Blue sky shines.", "Old man sleeps.", "New car stops."],  # nothing is shared
        ["The same words.", "The same words!", "The same words?", "The same words."],
    ],
)
def test_equal_ranks_fall_to_the_earlier_sentence(parts: list[str], count: int) -> None:
    assert text_of(TextRank(sentences=count), asks(" ".join(parts), "en")) == " ".join(parts[:count])


@pytest.mark.parametrize(
    ("text", "language"),
    [("One sentence only.", "en"), ("只有一句。", "zh"), ("", "en"), ("", "zh"), ("...", "en"), ("Word.", "en")],
)
def test_one_sentence_or_none_is_returned_as_it_is(text: str, language: str) -> None:
    assert text_of(TextRank(), asks(text, language)) == text


def test_chosen_sentences_stand_in_the_order_of_the_text() -> None:
    text = "The ferry stops. Cats sleep. The bridge and the ferry and the road closed. The road and the bridge closed."
    found = text_of(TextRank(sentences=2), asks(text, "en"))
    assert found == "The bridge and the ferry and the road closed. The road and the bridge closed."


@pytest.mark.parametrize("damping", [0.001, 0.95, 0.99, 0.999])
def test_converges_for_every_damping(damping: float) -> None:
    # A star is the graph on which the iteration swings longest.
    star = ["Alpha beta gamma delta.", "Alpha uno dos.", "Beta tres cuatro.", "Gamma cinco seis."]
    assert text_of(TextRank(sentences=1, damping=damping), asks(" ".join(star[1:] + star[:1]), "en")) == star[0]


@pytest.mark.parametrize("damping", [0.0, 1.0, -0.1, 1.5, float("nan")])
def test_refuses_a_damping_out_of_range(damping: float) -> None:
    with pytest.raises(ConfigError, match="damping is"):
        TextRank(damping=damping)


def test_is_a_system_and_not_a_bound() -> None:
    assert TextRank.bound is None
