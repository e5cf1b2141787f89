"""What a token is."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.text.tokens import ngrams, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It's up 3.5%, she said.", ["it's", "up", "3.5", "she", "said"]),
        ("Sales of €1,200.50 fell", ["sales", "of", "1,200.50", "fell"]),
        ("A well-known start-up", ["a", "well-known", "start-up"]),
        ("U.S. and St. Gallen", ["u.s", "and", "st", "gallen"]),
        ("snake_case", ["snake", "case"]),
        ("Łódź NAÏVE", ["łódź", "naïve"]),
        ("Nvidia 英伟达", ["nvidia", "英伟达"]),
        ("😀 — ! …", []),
        ("", []),
    ],
)
def test_english_is_cut_into_words(text: str, expected: list[str]) -> None:
    assert tokens(text, "en") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mistral获得€600mn，增长3.5%。", ["mistral", "获", "得", "€600mn", "增", "长", "3.5%"]),
        ("6亿欧元", ["6", "亿", "欧", "元"]),
        ("GPT-4与AT&T", ["gpt-4", "与", "at&t"]),
        ("１２．５％ＡＢ", ["12.5%", "ab"]),
        ("１０，２０", ["10", "20"]),
        ("1,500万", ["1,500", "万"]),
        ("上午9:30", ["上", "午", "9:30"]),
        ("-5°，30°C", ["5°", "30°", "c"]),
        ("𠮷野家〇", ["𠮷", "野", "家", "〇"]),
        ("10÷2×3", ["10", "2", "3"]),
        ("「你好」！？……_", ["你", "好"]),
        ("カナ", ["カ", "ナ"]),
        ("🚀", []),
        ("", []),
    ],
)
def test_chinese_is_cut_into_characters_and_the_rest_stays_whole(text: str, expected: list[str]) -> None:
    assert tokens(text, "zh") == expected


@settings(deadline=None)
@given(st.text(), st.sampled_from(["en", "zh"]))
def test_tokens_are_lower_case_and_deterministic(text: str, language: str) -> None:
    found = tokens(text, language)
    assert found == tokens(text, language)
    assert all(token and token == token.lower() for token in found)
    assert not any(character.isspace() for token in found for character in token)


@settings(deadline=None)
@given(st.text(alphabet="abXYZ 012中文。，%", max_size=40), st.sampled_from(["en", "zh"]))
def test_case_and_surrounding_space_change_nothing(text: str, language: str) -> None:
    assert tokens(text.upper(), language) == tokens(text.lower(), language) == tokens(f" {text}\n", language)


@settings(deadline=None)
@given(st.lists(st.sampled_from("abc")), st.integers(1, 5))
def test_there_are_length_minus_n_plus_one_ngrams(items: list[str], n: int) -> None:
    found = ngrams(items, n)
    assert sum(found.values()) == max(len(items) - n + 1, 0)
    assert all(len(gram) == n for gram in found)


def test_ngrams_count_repetitions() -> None:
    assert ngrams(["a", "a", "a"], 2) == Counter({("a", "a"): 2})
