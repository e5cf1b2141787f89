"""Chunks: every one stands where it says, and together they leave nothing out."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.text.chunks import GRANULARITIES, Piece, chunks, pieces
from tercet.text.sentences import sentences

BITS = [*"ab公司，。！？.!? \n\t\r\u2028“”」』《》()（）0½\u200b", "\ud800", "Ms. ", "No. 3", "\n\n", ".\n"]
TEXTS = st.lists(st.sampled_from(BITS)).map("".join)


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from(["zh", "en"]))
def test_sentences_stand_where_they_say(text: str, language: str) -> None:
    found = pieces(text, language)
    whole = text.replace("\ud800", "\ufffd")
    assert [whole[piece.start : piece.end] for piece in found] == sentences(whole, language)
    assert all(one.end <= other.start for one, other in pairwise(found))


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.sampled_from(["zh", "en"]), st.sampled_from(GRANULARITIES))
def test_chunks_are_places_of_the_text_and_leave_nothing_out(text: str, language: str, granularity: str) -> None:
    found = chunks(text, language, granularity)
    text = text.replace("\ud800", "\ufffd")
    assert len(set(found)) == len(found)
    assert all(piece.text == " ".join(text[piece.start : piece.end].split()) != "" for piece in found)
    covered = {i for piece in found for i in range(piece.start, piece.end)}
    assert covered >= {i for i, character in enumerate(text) if not character.isspace()}


TEXT = "It rose. It fell. It stopped.\n\nThe end came.\nNobody saw it."
WHOLE = {
    "sentence": ["It rose.", "It fell.", "It stopped.", "The end came.", "Nobody saw it."],
    "2sents": [
        "It rose. It fell.",
        "It fell. It stopped.",
        "It stopped. The end came.",
        "The end came. Nobody saw it.",
        "Nobody saw it.",
    ],
    "paragraph": ["It rose. It fell. It stopped.", "The end came. Nobody saw it."],
    "document": ["It rose. It fell. It stopped. The end came. Nobody saw it."],
    "chunk": ["It rose. It fell. It stopped. The end came. Nobody saw it."],
}
WHOLE["mixed"] = WHOLE["sentence"] + WHOLE["paragraph"]


@pytest.mark.parametrize("granularity", GRANULARITIES)
def test_each_granularity(granularity: str) -> None:
    assert [piece.text for piece in chunks(TEXT, "en", granularity)] == WHOLE[granularity]


def test_lines_are_paragraphs_where_no_line_is_blank() -> None:
    assert [piece.text for piece in chunks("a b\nc\n", "en", "paragraph")] == ["a b", "c"]
    assert chunks("一。\n\n二。", "zh", "mixed") == [Piece("一。", 0, 2), Piece("二。", 4, 6)], (
        "the paragraphs are the sentences"
    )


@pytest.mark.parametrize(
    ("sentence", "language", "words"), [("The bank said so again. ", "en", 5), ("央行又这样说了。", "zh", 7)]
)
def test_groups_of_sentences_have_about_350_words(sentence: str, language: str, words: int) -> None:
    found = chunks(sentence * 300, language, "chunk")
    size = 300 // (300 * words // 350 + 1)
    assert {len(sentences(piece.text, language)) for piece in found[:-1]} == {size}
    assert len(found) == -(-300 // size)
    assert found[-1].end == len((sentence * 300).rstrip())


def test_an_empty_text_has_no_chunk() -> None:
    assert [chunks(" \n\n", "en", granularity) for granularity in GRANULARITIES] == [[]] * len(GRANULARITIES)
