"""Packed data: the same bytes each time, and nothing is lost on the way."""

import gzip
import math
from base64 import b64decode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.viewing.packing import packed, rounded
from tests.viewing.unpacking import unpacked

# Surrogates, alone and in any order; a pair of them is one character to whoever reads JSON.
TEXTS = st.text(st.one_of(st.characters(), st.characters(categories=["Cs"]), st.sampled_from('\\"/<>\u2028\x00\x7f')))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def in_utf16(value: Any) -> Any:
    """Write texts as JavaScript has them: two halves that stand together are the character that they are halves of."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass")
    if isinstance(value, list):
        return [in_utf16(item) for item in value]
    if isinstance(value, dict):
        return {in_utf16(key): in_utf16(item) for key, item in value.items()}
    return value


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_what_is_packed_is_read_back(value: Any) -> None:
    text = packed(value)
    assert in_utf16(unpacked(text)) == in_utf16(value)
    assert text == packed(value)
    assert text.isascii()
    assert "<" not in text


def test_a_lone_half_of_a_pair_is_written_as_the_escape_of_it() -> None:
    data = gzip.decompress(b64decode(packed(["a\ud83d", "\\\ude00b"])))
    assert data == b'["a\\ud83d","\\\\\\ude00b"]'  # of JSON's grammar, RFC 8259


def test_no_time_and_no_name_is_in_it() -> None:
    data = b64decode(packed({}))
    assert data[4:8] == b"\0\0\0\0"  # RFC 1952: MTIME
    assert data[3] == 0  # FLG: no name, no comment


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf], ids=str)
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        packed({"p": [value]})


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (None, 3, None),
        (math.nan, 3, None),
        (-math.inf, 3, None),
        (0.123456, 3, 0.123456),
        (0.123456, 2, 0.123),
        (12.3476, 1, 12.347600),
        (12.3426, 1, 12.34),
        (2, 0, 2),
    ],
    ids=str,
)
def test_a_case_keeps_one_decimal_more_than_is_shown(
    value: float | None, decimals: int, expected: float | None
) -> None:
    assert rounded(value, decimals) == expected


@given(st.floats(-1000, 1000), st.integers(1, 3))
def test_what_is_shown_of_a_case_is_its_value_rounded_once(value: float, decimals: int) -> None:
    short = rounded(value, decimals)
    assert short is not None
    assert f"{short:.{decimals}f}" == f"{value:.{decimals}f}"
