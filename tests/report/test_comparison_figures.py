"""The figures of a comparison: rounding hides nothing, and what is not known is a dash."""

import math
from dataclasses import replace

import pytest

from tercet.comparing.records import Method
from tercet.report.comparison_figures import Outcome, figures, language_name, outcome, p_value, signed, value
from tests.report.compared import difference

METHOD = Method()


@pytest.mark.parametrize(
    ("number", "decimals", "printed"),
    [
        (0.0314, 3, "+0.031"),
        (-0.12, 3, "-0.120"),
        (0.0004, 3, "+0.0004"),
        (-0.00004, 3, "-4e-05"),
        (0.0, 3, "0.000"),
        (-0.0, 1, "0.0"),
        (0.96, 0, "+1"),
        (12.34, 1, "+12.3"),
        (None, 3, "–"),
        (math.nan, 3, "–"),
        (math.inf, 3, "–"),
    ],
)
def test_a_delta_has_a_sign_and_is_0_only_where_it_is(number: float | None, decimals: int, printed: str) -> None:
    assert signed(number, decimals) == printed
    assert value(number, decimals) == printed.removeprefix("+")


@pytest.mark.parametrize(
    ("p", "printed"),
    [(0.0, "<0.0001"), (0.00009999, "<0.0001"), (0.0001, "0.0001"), (0.05, "0.0500"), (1.0, "1.0000"), (None, "–")],
)
def test_a_p_is_never_0(p: float | None, printed: str) -> None:
    assert p_value(p) == printed


def test_delta_and_interval_have_the_same_decimals() -> None:
    shown = figures(difference("rouge1", "en", (0.1, 0.15), interval=(0.0003, 0.1)), METHOD)
    assert (shown.delta, shown.interval) == ("+0.0500", "[+0.0003, +0.1000]")
    assert (shown.baseline, shown.candidate) == ("0.100", "0.150")


@pytest.mark.parametrize(
    ("higher", "values", "adjusted", "expected"),
    [
        (True, (0.1, 0.2), 0.01, Outcome.BETTER),
        (True, (0.2, 0.1), 0.01, Outcome.WORSE),
        (False, (0.1, 0.2), 0.01, Outcome.WORSE),
        (False, (0.2, 0.1), 0.01, Outcome.BETTER),
        (None, (0.1, 0.2), 0.01, Outcome.DIFFERENT),
        (True, (0.1, 0.2), 0.05, Outcome.BETTER),
        (True, (0.1, 0.2), 0.0501, Outcome.UNSHOWN),
        (True, (0.1, 0.1), 0.01, Outcome.UNSHOWN),
        (True, (0.1, 0.2), None, Outcome.UNTESTED),
        (True, None, 0.01, Outcome.UNTESTED),
    ],
)
def test_the_corrected_p_and_the_direction_decide(
    higher: bool | None, values: tuple[float, float] | None, adjusted: float | None, expected: Outcome
) -> None:
    found = difference("x", "en", values, higher_is_better=higher, p=0.001, adjusted=adjusted)
    assert outcome(found, METHOD) is expected


def test_an_uncorrected_p_decides_only_where_that_is_asked_for() -> None:
    found = difference("x", "en", (0.1, 0.2), p=0.001, adjusted=None)
    assert outcome(found, METHOD) is Outcome.UNTESTED
    assert outcome(found, replace(METHOD, correction="none")) is Outcome.BETTER


def test_where_no_article_varies_no_smallest_difference_is_claimed() -> None:
    assert figures(difference("x", "en", (0.1, 0.1), error=0.0, detectable=0.0), METHOD).detectable == "–"


def test_a_language_that_no_table_has_keeps_its_code() -> None:
    assert (language_name("zh"), language_name("xx")) == ("Chinese (zh)", "xx")
