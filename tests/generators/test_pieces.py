"""Pieces: what a text is cut into, and where the answers go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tercet.generators.pieces import UNITS, cut

TEXT = "One. Two.\n\n  Three!\n"


@pytest.mark.parametrize(
    ("unit", "pieces"),
    [
        ("text", ["One. Two.\n\n  Three!"]),
        ("line", ["One. Two.", "Three!"]),
        ("sentence", ["One.", "Two.", "Three!"]),
    ],
)
def test_units(unit: str, pieces: list[str]) -> None:
    assert cut(TEXT, "en", unit, None).pieces == pieces


@pytest.mark.parametrize("unit", ["line", "sentence"])
def test_lines_keep_their_places(unit: str) -> None:
    found = cut(TEXT, "en", unit, None)
    assert found.joined(found.pieces, "en") == TEXT


@pytest.mark.parametrize(("code", "joined"), [("en", "a b\n\n  c\n"), ("zh", "ab\n\n  c\n")])
def test_answers_are_joined_as_their_language_does(code: str, joined: str) -> None:
    assert cut(TEXT, "en", "sentence", None).joined([" a ", "b", "c"], code) == joined


def test_an_empty_answer_leaves_no_space() -> None:
    assert cut("One. Two. Three.", "en", "sentence", None).joined(["a", "", "c"], "en") == "a c"


@pytest.mark.parametrize(
    ("text", "code", "pieces"),
    [
        ("It rose. It fell. It stayed.", "en", ["It rose. It fell.", "It stayed."]),
        ("桥通车了。公司获得融资了。好。", "zh", ["桥通车了。公司获得融资了。好。"]),
        ("It rose and fell and stayed. So.", "en", ["It rose and fell and stayed.", "So."]),
        ("It rose.", "en", ["It rose."]),
    ],
)
def test_what_does_not_fit_is_split_into_groups_of_sentences(text: str, code: str, pieces: list[str]) -> None:
    assert cut(text, code, "line", lambda piece: len(piece) <= 18).pieces == pieces


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u3000"])
@pytest.mark.parametrize("unit", UNITS)
def test_no_words_are_no_pieces(text: str, unit: str) -> None:
    found = cut(text, "zh", unit, None)
    assert found.pieces == []
    assert found.joined([], "en").strip() == ""


@given(st.text(), st.sampled_from(UNITS), st.sampled_from(["en", "zh"]), st.integers(1, 30))
def test_no_word_is_lost(text: str, unit: str, code: str, most: int) -> None:
    found = cut(text, code, unit, lambda piece: len(piece) <= most)
    assert all(piece.strip() for piece in found.pieces)
    assert "".join("".join(found.pieces).split()) == "".join(text.split())
