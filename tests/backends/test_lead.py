import pytest

from tercet.backends.lead import Lead

from . import asks, text_of

ENGLISH = "It works, said Ms. Voss. It rose 3.5%. It fell. It ended."
CHINESE = "他说：“赢了。”价格上涨3.5%。随后下跌。结束了。"


@pytest.mark.parametrize(
    ("text", "language", "count", "expected"),
    [
        (ENGLISH, "en", 1, "It works, said Ms. Voss."),
        (ENGLISH, "en", 2, "It works, said Ms. Voss. It rose 3.5%."),
        (ENGLISH, "en", 99, ENGLISH),
        (CHINESE, "zh", 1, "他说：“赢了。”"),
        (CHINESE, "zh", 3, "他说：“赢了。”价格上涨3.5%。随后下跌。"),
        ("No full stop", "en", 3, "No full stop"),
        ("First line\n\nSecond line", "en", 2, "First line Second line"),
        ("第一行\n\n第二行", "zh", 2, "第一行第二行"),
        ("", "en", 3, ""),
        (" \n\t", "zh", 3, ""),
    ],
)
def test_takes_the_first_sentences(text: str, language: str, count: int, expected: str) -> None:
    assert text_of(Lead(sentences=count), asks(text, language)) == expected


def test_three_sentences_unless_told() -> None:
    assert text_of(Lead(), asks(ENGLISH, "en")) == "It works, said Ms. Voss. It rose 3.5%. It fell."


def test_is_a_system_and_not_a_bound() -> None:
    assert Lead.bound is None
    assert Lead.cacheable
