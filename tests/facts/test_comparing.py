"""One quantity against another: values, hedges, ranges, changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tercet.facts.comparing import (
    directions_oppose,
    equal,
    hedges_oppose,
    kin,
    power_of_ten,
    same_change,
    same_span,
    same_value,
    within_hedge,
)
from tercet.facts.records import Hedge, Kind, Quantity


def quantity(kind: Kind, low: float, high: float | None = None, step: float = 0.0, **more: object) -> Quantity:
    return Quantity(0, 1, kind, low, low if high is None else high, step, **more)  # type: ignore[arg-type]


def euros(value: float, hedge: Hedge = Hedge.NONE, step: float = 1e9) -> Quantity:
    return quantity(Kind.MONEY, value, step=step, unit="EUR", hedge=hedge)


@pytest.mark.parametrize(
    ("first", "second", "related"),
    [
        (euros(1), euros(2), True),
        (euros(1), quantity(Kind.MONEY, 1, unit="USD"), False),
        (quantity(Kind.MONEY, 1, unit="JPY|CNY"), quantity(Kind.MONEY, 1, unit="CNY"), True),
        (quantity(Kind.COUNT, 3), quantity(Kind.ORDINAL, 3), True),
        (quantity(Kind.PERCENT, 50), quantity(Kind.FRACTION, 0.5), True),
        (quantity(Kind.PERCENT, 50), quantity(Kind.POINTS, 50), False),
        (quantity(Kind.MEASURE, 1, unit="m"), quantity(Kind.MEASURE, 1, unit="kg"), False),
    ],
)
def test_quantities_are_kin_where_their_values_compare(first: Quantity, second: Quantity, related: bool) -> None:
    assert kin(first, second) is kin(second, first) is related


@pytest.mark.parametrize(
    ("hedge", "said", "true", "holds"),
    [
        (Hedge.ALMOST, 6e9, 5.8e9, True),
        (Hedge.OVER, 6e9, 5.8e9, False),
        (Hedge.ALMOST, 6e9, 6.1e9, False),
        (Hedge.ALMOST, 6e9, 4.9e9, False),
        (Hedge.OVER, 6e9, 6.4e9, True),
        (Hedge.OVER, 6e9, 7.1e9, False),
        (Hedge.ABOUT, 6e9, 5.8e9, True),
        (Hedge.ABOUT, 6e9, 5.2e9, False),
        (Hedge.AT_LEAST, 6e9, 6e9, True),
        (Hedge.UNDER, 6e9, 6e9, False),
        (Hedge.UNDER, 6e9, 5.5e9, True),
        (Hedge.UP_TO, 6e9, 6e9, True),
        (Hedge.NONE, 6e9, 5.99e9, False),
    ],
)
def test_a_hedge_allows_what_it_says(hedge: Hedge, said: float, true: float, holds: bool) -> None:
    assert within_hedge(euros(said, hedge), euros(true, step=1e8)) is holds


def test_what_a_hedge_allows_ends_where_another_number_would_be_said() -> None:
    over = quantity(Kind.COUNT, 330, step=10, hedge=Hedge.OVER)
    assert within_hedge(over, quantity(Kind.COUNT, 337, step=1))
    assert not within_hedge(over, quantity(Kind.COUNT, 345, step=1))


def test_a_third_is_33_percent() -> None:
    third = quantity(Kind.FRACTION, 1 / 3)
    assert same_value(third, quantity(Kind.PERCENT, 33))
    assert not same_value(third, quantity(Kind.PERCENT, 35))


@pytest.mark.parametrize(
    ("first", "second", "opposed"),
    [
        (Hedge.OVER, Hedge.ALMOST, True),
        (Hedge.AT_LEAST, Hedge.UP_TO, True),
        (Hedge.UNDER, Hedge.ALMOST, False),
        (Hedge.ABOUT, Hedge.OVER, False),
        (Hedge.NONE, Hedge.OVER, False),
    ],
)
def test_hedges_oppose_where_one_is_above_and_one_below(first: Hedge, second: Hedge, opposed: bool) -> None:
    one, other = euros(1, first), euros(1, second)
    assert hedges_oppose(one, other) is hedges_oppose(other, one) is opposed


@pytest.mark.parametrize(
    ("multiple", "share", "direction", "same"),
    [
        (3, 200, 1, True),
        (0.5, 50, -1, True),
        (2, 100, 1, True),
        (3, 300, 1, True),
        (3, 200, -1, False),
        (8, 200, 1, False),
    ],
)
def test_a_multiple_is_a_change_by_percent(multiple: float, share: float, direction: int, same: bool) -> None:
    one = quantity(Kind.MULTIPLE, multiple)
    other = quantity(Kind.PERCENT, share, direction=direction)
    assert same_change(one, other) is same_change(other, one) is same


@pytest.mark.parametrize(
    ("months", "days", "same"), [(1, 30, True), (3, 90, True), (12, 365, True), (12, 360, True), (1, 28, False)]
)
def test_a_month_is_thirty_days(months: float, days: float, same: bool) -> None:
    one = quantity(Kind.DURATION, months, unit="mo")
    other = quantity(Kind.DURATION, days * 86_400, unit="s")
    assert same_span(one, other) is same_span(other, one) is same
    assert not same_span(one, one)


def test_vague_numbers_agree_where_they_overlap() -> None:
    dozens = quantity(Kind.COUNT, 24, 99, checkable=False)
    tens = quantity(Kind.COUNT, 20, 99, checkable=False)
    assert within_hedge(dozens, tens)
    assert within_hedge(dozens, quantity(Kind.COUNT, 30))
    assert not within_hedge(dozens, quantity(Kind.COUNT, 300))


def test_a_range_that_is_stated_is_not_any_number_in_it() -> None:
    assert not within_hedge(quantity(Kind.PERCENT, 5, 7), quantity(Kind.PERCENT, 6))


def test_directions_oppose_where_both_are_stated() -> None:
    up, down, none = (quantity(Kind.PERCENT, 6, direction=way) for way in (1, -1, 0))
    assert directions_oppose(up, down)
    assert not directions_oppose(up, none)
    assert not directions_oppose(none, none)


@pytest.mark.parametrize(
    ("first", "second", "differ"),
    [(6e8, 6e7, True), (6e8, 6e9, True), (2.4e4, 2.4e3, True), (6e8, 6e8, False), (6e8, 7e7, False), (0, 10, False)],
)
def test_a_power_of_ten_is_told(first: float, second: float, differ: bool) -> None:
    assert power_of_ten(first, second) is power_of_ten(second, first) is differ


@given(st.floats(1e-3, 1e15), st.integers(1, 12))
def test_any_power_of_ten_is_told(value: float, digits: int) -> None:
    assert power_of_ten(value, value * 10**digits)
    assert not power_of_ten(value, value * 10**digits * 1.5)


@given(st.floats(1e-6, 1e15))
def test_values_are_equal_up_to_rounding(value: float) -> None:
    assert equal(value, value * (1 + 1e-12))
    assert not equal(value, value * (1 + 1e-6))
