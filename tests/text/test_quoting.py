"""Quotes are found past small slips, and nowhere else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tercet.text.quoting import Quoted

TEXT = "总部位于巴黎的Mistral AI“获得6亿欧元”的融资。 It raised €600mn — “almost” 3.5％ more, she said…"
FOUND = {
    "获得6亿欧元": "获得6亿欧元",
    "巴黎的mistral ai": "巴黎的Mistral AI",
    "“获得6亿欧元”的融资。": "获得6亿欧元”的融资",
    '"获得6亿欧元"的融资': "获得6亿欧元”的融资",
    "IT  RAISED\n€600mn": "It raised €600mn",
    "€600mn - 'almost' 3.5%": None,
    '€600mn - "almost" 3.5%': "€600mn — “almost” 3.5％",
    "It raised ... 3.5% more": "It raised €600mn — “almost” 3.5％ more",
    "It raised [...] more.": "It raised €600mn — “almost” 3.5％ more",
    "It raised … 3.5%": "It raised €600mn — “almost” 3.5％",
    "3.5% ... It raised": None,
    "６亿": "6亿",
    "6\u200b亿": "6亿",
    "7亿": None,
    "": None,
    " … ": None,
    "。": None,
}


@pytest.mark.parametrize(("quote", "words"), FOUND.items())
def test_quotes(quote: str, words: str | None) -> None:
    span = Quoted(TEXT).find(quote)
    assert (None if span is None else TEXT[slice(*span)]) == words


@given(text=st.text(), data=st.data())
def test_what_stands_in_a_text_is_found_in_its_bounds(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span = Quoted(text).find(text[start:end])
    if span is not None:
        assert 0 <= span[0] < span[1] <= len(text)
    elif any(character.isalnum() and character.isascii() for character in text[start:end]):
        pytest.fail("the words are there")


def test_cost_is_linear() -> None:
    def seconds(n: int) -> float:
        began = time.process_time()
        quoted = Quoted("ab" * n)
        quoted.find("b" * n)
        quoted.find("..." * n)
        return time.process_time() - began

    small, large = (min(seconds(n) for _ in range(3)) for n in (5000, 50_000))
    assert large < 40 * max(small, 0.001), "ten times the text, and not a hundred times the work"
