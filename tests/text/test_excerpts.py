"""Excerpts: the place stays where it is, words stay whole, and lines are not left."""

from hypothesis import given
from hypothesis import strategies as st

from tercet.text.excerpts import quote

LONG = (
    "The company said on Thursday that it would invest €4.6 billion to expand the site near the old town by the river."
)


def test_words_stay_whole() -> None:
    start = LONG.index("€4.6")
    found = quote(f"{LONG} {LONG} {LONG}", len(LONG) + 1 + start, len(LONG) + 1 + start + len("€4.6 billion"))
    assert found.text.split() == [word for word in found.text.split() if word in LONG.split()]


def test_an_excerpt_keeps_to_its_line() -> None:
    text = "first line\nsecond 5% line\nthird"
    found = quote(text, text.index("5%"), text.index("5%") + 2)
    assert (found.text, found.offset) == ("second 5% line", 11)


@given(st.text(max_size=300), st.data())
def test_the_place_is_in_the_excerpt(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = quote(text, start, end)
    assert found.text == text[found.offset : found.offset + len(found.text)]
    assert found.offset <= start
    assert end <= found.offset + len(found.text)
