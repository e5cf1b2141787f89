"""The table of languages, and telling a language by its script."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.errors import ConfigError
from tercet.text.languages import LANGUAGES, detect, language, script_shares


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("en", "English"),
        ("EN", "English"),
        ("en-GB", "English"),
        ("en_US", "English"),
        ("zh", "Chinese"),
        ("zh-CN", "Chinese"),
        ("zh_Hant_TW", "Chinese"),
        (" zh ", "Chinese"),
    ],
)
def test_a_language_is_found_by_its_code_and_its_region(code: str, name: str) -> None:
    assert language(code).name == name


@pytest.mark.parametrize("code", ["fr", "", "zhx", "e n", "chinese"])
def test_an_unknown_language_is_named_with_the_known_ones(code: str) -> None:
    with pytest.raises(ConfigError) as caught:
        language(code)
    assert f"'{code}'" in caught.value.problem
    assert "Known: en, zh." in caught.value.remedy


def test_each_row_has_its_own_code_and_a_script_that_compiles() -> None:
    assert [row.code for row in LANGUAGES.values()] == list(LANGUAGES)
    assert {row.unit for row in LANGUAGES.values()} == {"words", "characters"}
    for row in LANGUAGES.values():
        assert (
            re.compile(row.script).findall("plain 文字 text") == {"en": ["plain", "text"], "zh": ["文", "字"]}[row.code]
        )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mistral raised €600mn.", "en"),
        ("米斯特拉尔获得6亿欧元的融资。", "zh"),
        ("總部位於巴黎", "zh"),
        ("总部位于巴黎的Mistral AI获得了Microsoft和Nvidia的支持", "zh"),
        ("The paper 人民日报 reported it on Monday.", "en"),
        ("𠮷野", "zh"),
        ("〇", "zh"),
        ("Łódź naïve", "en"),
        ("Президент подписал закон", None),
        ("これはひらがなです", None),
        ("", None),
        ("  \n", None),
        ("3.5% — 2024 €6 … 。！", None),
        ("3 × 4 ÷ 2", None),
        ("🚀", None),
    ],
)
def test_the_script_tells_the_language(text: str, expected: str | None) -> None:
    assert detect(text) == expected


def test_shares_count_words_for_latin_and_characters_for_han() -> None:
    assert script_shares("AI 模型 and данные") == {"en": 0.2, "zh": 0.2, "other": 0.6}


def test_a_text_without_letters_has_no_shares() -> None:
    assert script_shares("12:30, 50%!") == {}


@settings(deadline=None)
@given(st.text())
def test_shares_add_up_to_one_or_are_absent(text: str) -> None:
    shares = script_shares(text)
    assert not shares or sum(shares.values()) == pytest.approx(1)
    assert all(0 <= share <= 1 for share in shares.values())
    assert detect(text) in {None, *LANGUAGES}
