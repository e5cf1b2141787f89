"""Rank correlation, against scipy's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tercet.stats.association import ranks, spearman

# Few different values, so that most cases have ties; the others are scores as metrics give them.
VALUES = st.one_of(
    st.integers(-3, 3).map(float),
    st.floats(-1e6, 1e6, allow_nan=False),
    st.sampled_from([0.0, -0.0, 1.0, 1e-300, 0.1 + 0.2, 0.3]),
)
PAIRS = st.lists(st.tuples(VALUES, VALUES), min_size=3, max_size=12)


def columns(pairs: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    one, other = np.array(pairs, dtype=np.float64).T
    return one, other


@settings(max_examples=60, deadline=None)
@given(PAIRS)
def test_ranks_are_those_of_scipy(pairs: list[tuple[float, float]]) -> None:
    one, _ = columns(pairs)
    assert ranks(one).tolist() == stats.rankdata(one).tolist()


@settings(max_examples=80, deadline=None)
@given(PAIRS)
def test_the_correlation_is_that_of_scipy_and_none_where_one_side_is_constant(pairs: list[tuple[float, float]]) -> None:
    one, other = columns(pairs)
    found = spearman(one, other)
    if len(set(one)) == 1 or len(set(other)) == 1:
        assert found is None  # scipy warns and gives NaN
        return
    assert found == pytest.approx(float(stats.spearmanr(one, other).statistic), abs=1e-12)
    assert found is not None
    assert -1 <= found <= 1
    assert spearman(other, one) == pytest.approx(found, abs=1e-15)


def test_thousands_of_random_measures_correlate_as_scipy_says() -> None:
    draw = np.random.default_rng(0)
    for number in range(2000):
        count, different = int(draw.integers(3, 80)), int(draw.integers(2, 12))
        one, other = draw.integers(0, different, size=(2, count)) / 7
        if number % 3 == 0:
            other = one + draw.normal(size=count)
        if len(set(one)) > 1 and len(set(other)) > 1:
            expected = float(stats.spearmanr(one, other).statistic)
            assert spearman(one, other) == pytest.approx(expected, abs=1e-12), (number, one, other)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=20, unique=True).filter(lambda v: len(set(v)) > 2))
def test_the_same_order_is_exactly_one_and_the_reverse_exactly_minus_one(values: list[float]) -> None:
    one = np.array(values)
    same = 3 * stats.rankdata(one) - 7  # another measure of the same order
    assert spearman(one, same) == 1
    assert spearman(one, -same) == -1
    tied = np.concatenate([one, one])
    assert spearman(tied, tied) == 1
    assert spearman(tied, -tied) == -1


@pytest.mark.parametrize("count", [0, 1, 2])
def test_of_fewer_than_three_things_nothing_is_said(count: int) -> None:
    assert spearman(np.arange(count, dtype=float), np.arange(count, dtype=float)) is None


def test_no_values_have_no_ranks() -> None:
    assert ranks(np.empty(0)).tolist() == []
