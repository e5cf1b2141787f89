"""The glossary on words that CC-CEDICT surely has."""

import pytest

from tercet.backends.glossary import Glossary

from . import asks, text_of


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    """One for the module: the dictionary takes a second to read."""
    return Glossary()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("欧元", "Euro"),
        ("公司", "Company"),
        ("歐元", "Euro"),  # traditional headwords too
        ("公司公司", "Company company"),
        ("公司6欧元", "Company 6 euro"),
        ("公司\n\n欧元", "Company\n\nEuro"),
        ("公司，欧元。", "Company, euro."),
        ("公司；公司：公司？公司！", "Company; company: company? company!"),
        ("Mistral公司", "Mistral company"),
        ("𠀀", "𠀀"),
        ("€80mn, 3.5%", "€80mn, 3.5%"),
        ("", ""),
    ],
)
def test_chinese_to_english(glossary: Glossary, text: str, expected: str) -> None:
    assert text_of(glossary, asks(text, "zh", "en")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("company", "公司"),
        ("Company", "公司"),
        ("companies", "公司"),
        ("the company's", "公司"),
        ("bridge", "桥"),
        ("bridges", "桥"),
        ("the bridge", "桥"),
        ("the bridge.", "桥。"),
        ("The bridge. The company!", "桥。公司！"),
        ("The bridge. Qwfpgj. The company.", "桥。Qwfpgj.公司。"),
        ("bridge, company; bridge? company!", "桥，公司；桥？公司！"),
        ("bridge\ncompany", "桥\n公司"),
        ("3 bridges", "3桥"),
        ("", ""),
    ],
)
def test_english_to_chinese(glossary: Glossary, text: str, expected: str) -> None:
    assert text_of(glossary, asks(text, "en", "zh")) == expected


@pytest.mark.parametrize("unknown", ["Qwfpgj", "Qwfpgj zxcvbw", "Qwfpgj.", "Qwfpgj zxcvbw!", "Qwfpgj, zxcvbw tyghbn."])
def test_unknown_words_are_kept_in_either_direction(glossary: Glossary, unknown: str) -> None:
    assert text_of(glossary, asks(unknown, "en", "zh")) == unknown
    assert text_of(glossary, asks(unknown, "zh", "en")) == unknown


@pytest.mark.parametrize("count", range(1, 12))
@pytest.mark.parametrize("end", ["", ".", "!"])
def test_no_word_is_lost_wherever_it_stands(glossary: Glossary, count: int, end: str) -> None:
    words = [f"Qwfpgj{'abcdefghijk'[i]}" for i in range(count)]
    words[count // 2] = "bridge"
    found = text_of(glossary, asks(" ".join(words) + end, "en", "zh"))
    for word in words:
        assert ("桥" if word == "bridge" else word) in found
    assert len(found) > 1 or not end


def test_a_known_word_beside_an_unknown_one(glossary: Glossary) -> None:
    assert text_of(glossary, asks("Qwfpgj company Qwfpgj", "en", "zh")) == "Qwfpgj公司Qwfpgj"


def test_phrases_go_before_words(glossary: Glossary) -> None:
    phrase = text_of(glossary, asks("central bank", "en", "zh"))
    words = [text_of(glossary, asks(word, "en", "zh")) for word in ("central", "bank")]
    assert phrase == "央行"
    assert phrase != "".join(words)


@pytest.mark.parametrize(("source", "target"), [("en", "zh"), ("zh", "en")])
def test_serves_both_directions(source: str, target: str) -> None:
    assert Glossary().refuses("translate", source, target) is None


@pytest.mark.parametrize(("source", "target"), [("en", "fr"), ("de", "zh"), ("en", "en"), ("zh", "zh")])
def test_refuses_other_languages(source: str, target: str) -> None:
    reason = Glossary().refuses("translate", source, target)
    assert reason is not None
    assert f"'{source}' to '{target}'" in reason


@pytest.mark.parametrize(("source", "target"), [("en", "zh"), ("zh", "en"), ("en", "en")])
def test_refuses_to_summarize(source: str, target: str) -> None:
    reason = Glossary().refuses("summarize", source, target)
    assert reason is not None
    assert "cannot summarize" in reason


def test_is_labelled_a_floor() -> None:
    assert Glossary.bound == "floor"
