"""Marks: places as JavaScript counts them, and whose words speak against them."""

from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.records import Quote
from tercet.text.excerpts import quote
from tercet.text.utf16 import utf16_places
from tercet.viewing.marks import marks
from tests.viewing.unpacking import SMILE

# Letters, characters of two units, and surrogates that have lost their other half.
TEXTS = st.text(
    st.one_of(st.sampled_from(f"ab 中\n{SMILE}\U00020000\U0010ffff\uffff"), st.characters(categories=["Cs"]))
)


def cut(text: str, start: int, end: int) -> bytes:
    """Cut a piece out as JavaScript does."""
    return text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end]


@settings(max_examples=120, deadline=None)
@given(TEXTS, st.data())
def test_a_place_in_utf16_cuts_out_the_same_piece(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    place = utf16_places(text)
    assert cut(text, place(start), place(end)) == text[start:end].encode("utf-16-le", "surrogatepass")


def item(text: str, words: str, *, metric: str = "facts", against: Quote | None = None, **more: Any) -> dict[str, Any]:
    start = text.index(words)
    told = {"id": "a:en", "metric": metric, "kind": "contradicted", "message": "No.", "start": start}
    return {**told, "end": start + len(words), "quote": against and asdict(against), **more}


def quoted(text: str, words: str) -> Quote:
    start = text.index(words)
    return quote(text, start, start + len(words))


@settings(max_examples=80, deadline=None)
@given(TEXTS, TEXTS, TEXTS, st.sampled_from(["facts", "agreement"]))
def test_marks_and_quotes_lie_where_their_words_are(before: str, after: str, other: str, metric: str) -> None:
    text, against = f"{before}12{after}", f"{other}13{after}"
    found = {"source": None, "parallels": [against]} if metric == "agreement" else {"source": against, "parallels": []}
    start = len(before)
    evidence = item(text, "12", metric=metric, against=quote(against, len(other), len(other) + 2))
    evidence |= {"start": start, "end": start + 2}
    (mark,) = marks([evidence], text, **found)
    assert cut(text, mark["start"], mark["end"]) == "12".encode("utf-16-le")
    assert mark["quote"]["in"] == ("parallel" if metric == "agreement" else "source")
    assert cut(against, mark["quote"]["start"], mark["quote"]["end"]) == "13".encode("utf-16-le")
    assert mark["quote"]["words"][1] == "13"
    assert "".join(mark["quote"]["words"]) in against


def test_a_mark_keeps_what_its_evidence_says() -> None:
    (mark,) = marks([item("It is 12.", "12", label="number", value="12")], "It is 12.", None, ())
    assert mark == {
        "metric": "facts",
        "kind": "contradicted",
        "label": "number",
        "value": "12",
        "message": "No.",
        "start": 6,
        "end": 8,
        "quote": None,
    }
    (bare,) = marks([item("It is 12.", "12")], "It is 12.", None, ())
    assert (bare["label"], bare["value"]) == ("", "")


@pytest.mark.parametrize("place", [(None, None), (-1, 2), (3, 2), (2, 99), (2, None)], ids=str)
def test_a_place_that_is_none_is_left_out(place: tuple[int | None, int | None]) -> None:
    (mark,) = marks([{**item("It is 12.", "12"), "start": place[0], "end": place[1]}], "It is 12.", None, ())
    assert (mark["start"], mark["end"]) == (None, None)


def test_without_the_text_there_is_no_place_in_it() -> None:
    source = f"{SMILE} It is 13."
    (mark,) = marks([item("It is 12.", "12", against=quoted(source, "13"))], None, source, ())
    assert (mark["start"], mark["end"]) == (None, None)
    assert (mark["quote"]["in"], mark["quote"]["start"]) == ("source", 9)


COPIED = "It cost 13 million."


@pytest.mark.parametrize(("metric", "where"), [("facts", "source"), ("agreement", "parallel"), ("nli", "source")])
def test_where_a_system_copies_the_metric_tells_whose_words_they_are(metric: str, where: str) -> None:
    # Found by reading: a copied lead has the source's words in the source's places, so that words alone do not tell.
    evidence = item("It cost 12 million.", "12", metric=metric, against=quoted(COPIED, "13"))
    (mark,) = marks([evidence], "It cost 12 million.", COPIED, [COPIED])
    assert mark["quote"]["in"] == where


def test_the_words_decide_where_a_metric_of_ones_own_quotes_the_other_text() -> None:
    evidence = item("It cost 12.", "12", metric="mine", against=quoted("耗资13元。", "13"))
    (mark,) = marks([evidence], "It cost 12.", COPIED, ["无关。", "耗资13元。"])
    assert (mark["quote"]["in"], mark["quote"]["start"]) == ("parallel", 2)


@pytest.mark.parametrize(("metric", "where"), [("facts", "source"), ("agreement", "parallel")])
def test_where_no_text_is_known_the_words_are_told_as_they_stand(metric: str, where: str) -> None:
    evidence = item("It cost 12.", "12", metric=metric, against=quoted(COPIED, "13 million"))
    (mark,) = marks([evidence], "It cost 12.", None, ())
    assert mark["quote"]["in"] == where
    assert mark["quote"]["words"] == ("It cost ", "13 million", ".")
