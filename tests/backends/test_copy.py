import pytest

from tercet.backends.copy import Copy

from . import asks, text_of


@pytest.mark.parametrize("text", ["", " \n ", "The bridge.\r\nIt cost €80mn. ", "桥通车。", "\x00\ud800\U00020000"])
@pytest.mark.parametrize(("source", "target"), [("en", "en"), ("en", "zh"), ("zh", "en"), ("zh", "zh")])
def test_returns_the_input_to_the_last_character(text: str, source: str, target: str) -> None:
    assert text_of(Copy(), asks(text, source, target)) == text


@pytest.mark.parametrize("role", ["summarize", "translate"])
@pytest.mark.parametrize(("source", "target"), [("en", "zh"), ("zh", "zh"), ("fi", "sw")])
def test_serves_every_role_and_pair(role: str, source: str, target: str) -> None:
    assert Copy().refuses(role, source, target) is None


def test_is_labelled_a_floor() -> None:
    assert Copy.bound == "floor"
