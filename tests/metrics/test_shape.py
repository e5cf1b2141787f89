"""Shape, by hand."""

import pytest

import tercet


def measure(candidate: str, **more: object) -> tuple[dict[str, float], dict[str, str], list[str]]:
    found = tercet.measure("shape", candidates=[candidate], **{"language": "en", **more})  # type: ignore[arg-type]
    (segment,) = found.segments
    assert segment.scores is not None
    return segment.scores, segment.gaps, [item.kind for item in segment.evidence]


def test_lengths_are_words_in_english_and_characters_in_chinese() -> None:
    assert measure("It rose 3.5%.")[0]["length"] == 3
    assert measure("增长3.5%。", language="zh")[0]["length"] == 3


def test_length_ratio_is_against_the_mean_of_the_references() -> None:
    assert measure("a b c", references=[["a b", "a b c d"]])[0]["length_ratio"] == 1


def test_compression_needs_a_source_in_the_same_language() -> None:
    assert measure("a b", sources=["a b c d e f g h"])[0]["compression"] == 0.25
    assert measure("a b", sources=["公司获得融资"])[1]["compression"] == "the source is in another language"
    assert measure("a b")[1]["compression"] == "the article has no source text"


def test_copied_is_the_share_of_trigrams_in_the_source() -> None:
    scores, _, _ = measure("a b c d x", sources=["a b c d e"])
    assert scores["copied"] == pytest.approx(2 / 3)
    assert measure("a b", sources=["a b c"])[1]["copied"] == "the candidate is shorter than 3 tokens"


def test_repetition_counts_what_was_said_before() -> None:
    assert measure("a b c a b c a b c")[0]["repetition"] == pytest.approx(4 / 7)
    assert measure("a b c d e")[0]["repetition"] == 0


@pytest.mark.parametrize(
    ("text", "language", "wrong"),
    [
        ("公司获得融资", "en", 1),
        ("The company raised money", "zh", 1),
        ("Mistral AI获得了微软和英伟达的支持，最近筹集了6亿欧元资金", "zh", 0),
        ("会社はお金をあつめました", "zh", 1),
        ("Компания", "en", 1),
    ],
)
def test_wrong_language_is_flagged(text: str, language: str, wrong: int) -> None:
    scores, _, kinds = measure(text, language=language)
    assert scores["wrong_language"] == wrong
    assert kinds == (["wrong_language"] if wrong else [])


def test_an_empty_output_is_flagged_and_no_language_is_guessed() -> None:
    scores, gaps, kinds = measure("  \n")
    assert scores["empty"] == 1
    assert kinds == ["empty"]
    assert gaps["wrong_language"] == "the candidate has no letter"
