"""Extractiveness: the paper's double loop as oracle, values by hand, and texts made to be slow."""

import random
import time
from collections.abc import Sequence

import pytest

import tercet
from tercet.metrics.extractiveness import fragments


def figure_3(summary: Sequence[str], article: Sequence[str]) -> list[int]:
    """Lengths of the fragments by the procedure as Grusky et al. print it, with its two indices."""
    found = []
    i = j = 0
    while i < len(summary):
        longest = 0
        while j < len(article):
            if summary[i] == article[j]:
                i_, j_ = i, j
                while i_ < len(summary) and j_ < len(article) and summary[i_] == article[j_]:
                    i_, j_ = i_ + 1, j_ + 1
                longest = max(longest, i_ - i)
                j = j_
            else:
                j += 1
        if longest:
            found.append(longest)
        i, j = i + max(longest, 1), 0
    return found


def drawn(rng: random.Random) -> tuple[list[str], list[str]]:
    """A candidate and a source, of few words so that they meet; a third of them in loops."""
    words = list(rng.choice(["ab", "abc", "abcdefgh"]))
    candidate, source = rng.choices(words, k=rng.randrange(40)), rng.choices(words, k=rng.randrange(80))
    if rng.random() < 0.3:
        candidate = (rng.choices(words, k=rng.randrange(1, 6)) * 40)[: rng.randrange(90)] + candidate[:3]
        source = (rng.choices(words, k=rng.randrange(1, 6)) * 40)[: rng.randrange(90)] + source[:3]
    return candidate, source


def test_fragments_are_those_of_the_paper_on_thirty_thousand_cases() -> None:
    rng = random.Random(0)
    for _ in range(30_000):
        candidate, source = drawn(rng)
        assert fragments(candidate, source) == figure_3(candidate, source), (candidate, source)


def test_the_papers_scan_passes_over_what_a_shorter_match_holds() -> None:
    assert fragments(list("aab"), list("aaab")) == figure_3("aab", "aaab") == [2, 1]


@pytest.mark.parametrize(
    ("candidate", "source"),
    [
        (["a"] * 100_000, ["a"] * 100_000),
        (["a"] * 100_000, ["a", "b"] * 50_000),
        (list("aabx") * 25_000, list("aaabc") * 20_000),
        ([str(i % 317) for i in range(100_000)], [str(i % 331) for i in range(100_000)]),
    ],
    ids=["one-word", "one-word-among-others", "passed-over", "periods"],
)
def test_a_hundred_thousand_tokens_in_loops_take_seconds(candidate: list[str], source: list[str]) -> None:
    start = time.perf_counter()
    assert sum(fragments(candidate, source)) <= len(candidate)
    assert time.perf_counter() - start < 10


def measure(candidate: str, source: str, language: str = "en") -> tuple[dict[str, float] | None, object]:
    found = tercet.measure("extractiveness", candidates=[candidate], sources=[source], language=language)
    (segment,) = found.segments
    return segment.scores, segment.unscored or segment.gaps


def test_coverage_and_density_by_hand() -> None:
    # Fragments: "the bridge" (2) and "will open in May" (4) of 7 words; "soon" stands in none.
    scores, gaps = measure("The bridge soon will open in May.", "It is said the bridge, the old one, will open in May")
    assert gaps == {}
    assert scores == pytest.approx(
        {
            "coverage": 6 / 7,
            "density": (4 + 16) / 7,
            "novelty1": 1 / 7,
            "novelty2": 2 / 6,
            "novelty3": 3 / 5,
            "novelty4": 3 / 4,
        }
    )


def test_chinese_is_counted_in_characters_and_latin_words() -> None:
    # Tokens: mistral 获 得 €600mn 融 资; all but 获 stand in the source, 得 and 融 资 in fragments of their own.
    scores, _ = measure("Mistral获得€600mn融资", "Mistral得到融资，共€600mn。", "zh")
    assert scores is not None
    assert scores["coverage"] == pytest.approx(5 / 6)
    assert scores["density"] == pytest.approx((1 + 1 + 1 + 4) / 6)
    assert scores["novelty1"] == pytest.approx(1 / 6)


def test_a_copy_is_extractive_whole_and_nothing_in_it_is_novel() -> None:
    text = "The old bridge will open in May."
    scores, _ = measure(text, f"Before. {text} After.")
    assert scores == {
        "coverage": 1,
        "density": 7,
        **{f"novelty{n}": 0 for n in range(1, 5)},
    }


def test_it_is_no_evidence_of_truth() -> None:
    source = "The bridge cost 80 million euros and will open in May, said the mayor."
    wrong, _ = measure("The bridge cost 90 million euros and will open in May.", source)
    true, _ = measure("From May on people can cross the new span.", source)
    assert wrong is not None
    assert true is not None
    assert wrong["coverage"] == pytest.approx(10 / 11)
    assert true["coverage"] == pytest.approx(2 / 9)


def test_repeated_ngrams_are_novel_once() -> None:
    scores, _ = measure("new new new old", "old")
    assert scores is not None
    assert scores["novelty1"] == 1 / 2
    assert scores["novelty2"] == 1


def test_a_source_in_another_language_is_unscored() -> None:
    assert measure("公司获得融资", "The company raised money.", "zh") == (None, "the source is in another language")


def test_what_is_too_short_has_a_gap() -> None:
    scores, gaps = measure("A bridge", "A bridge opened")
    assert scores == {"coverage": 1, "density": 2, "novelty1": 0, "novelty2": 0}
    assert gaps == {f"novelty{n}": f"the candidate is shorter than {n} tokens" for n in (3, 4)}
    assert measure("。", "公司获得融资", "zh")[0] == {}


def test_a_source_without_tokens_is_unscored() -> None:
    found = tercet.measure(
        "extractiveness", candidates=["A bridge"], sources=["..."], language="en", source_language="en"
    )
    assert found.segments[0].unscored == "the source has no token"


def test_more_different_tokens_than_characters_are_unscored() -> None:
    text = " ".join(map(str, range(1_000_001)))
    found = tercet.measure("extractiveness", candidates=[text], sources=["a"], language="en")
    assert found.segments[0].unscored == "the candidate has over 1,000,000 different tokens"


def test_a_corpus_pools_its_tokens() -> None:
    found = tercet.measure("extractiveness", candidates=["a b", "x"], sources=["a b c", "a b c"], language="en")
    assert found.scores["coverage"] == pytest.approx(2 / 3)
    assert found.scores["density"] == pytest.approx(4 / 3)


def test_an_empty_output_is_flagged() -> None:
    found = tercet.measure("extractiveness", candidates=["  "], sources=["a b"], language="en")
    (segment,) = found.segments
    assert [item.kind for item in segment.evidence] == ["empty"]
    assert segment.gaps["coverage"] == "the candidate has no token"


def test_the_signature_makes_the_metric_again() -> None:
    found = tercet.measure("extractiveness", candidates=["a"], sources=["a"], language="en")
    metric, language = tercet.metric_from(found.signature)
    assert (metric.signature(language), language) == (
        "extractiveness|lang:en|unit:words|novel:distinct|version:1",
        "en",
    )
