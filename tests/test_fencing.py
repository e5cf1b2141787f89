"""Fences: whatever a text says, it stays within."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tercet.fencing import code_of, escape, fence
from tests.gullible import CONTROL, unfence

PARTS = ["<<<", ">>>", "A", "B", " ", "\n", "a", "好", "<", ">", "[", "]", "0" * 16, "\ud800", "\x00", "\r", "\u2028"]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=20).map("".join) | st.text(max_size=20)


@given(first=TEXTS, second=TEXTS)
def test_what_is_fenced_is_found_again_and_nothing_else(first: str, second: str) -> None:
    shown = fence([("A", first), ("B", second)])
    for any_code in (False, True):
        assert unfence(shown, any_code=any_code) == ({"A": escape(first), "B": escape(second)}, "")
    assert shown == fence([("A", first), ("B", second)]), "the same input gives the same prompt"
    assert CONTROL.search(shown) is None
    shown.encode()


@given(text=TEXTS)
def test_no_place_moves(text: str) -> None:
    shown = escape(text)
    assert len(shown) == len(text)
    assert not set(shown) & set("<>[]\x00\x1b\ud800")
    assert all(a == b for a, b in zip(shown, text, strict=True) if a not in "＜＞［］\ufffd")


@given(texts=st.lists(TEXTS, min_size=1, max_size=3))
def test_a_code_is_the_texts_own(texts: list[str]) -> None:
    shown = [escape(text) for text in texts]
    code = code_of(shown)
    assert code not in "".join(shown)
    assert code != code_of([*shown, ""])
    assert code != code_of([shown[0] + "x", *shown[1:]])


@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_a_text_that_holds_its_code_gets_another(case: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """No text can: the code is a hash of it. So the hash is made to be in it."""
    codes = iter(["a" * 64, "b" * 64])

    class Hash:
        def update(self, data: bytes) -> None: ...

        def hexdigest(self) -> str:
            return next(codes)

    monkeypatch.setattr("tercet.fencing.hashlib.sha256", Hash)
    assert code_of(["x" + case("a" * 16)]) == "b" * 16
