"""Student's t against scipy, which is no dependency of the package, and against closed forms."""

from math import atan, inf, isnan, pi, sqrt
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tercet.errors import ConfigError
from tercet.stats.student import cdf, noncentral_cdf, quantile

FREEDOMS = (1, 2, 3, 5, 7.3, 19, 49, 199, 999, 1e4, 1e6)
PROBABILITIES = (1e-6, 1e-4, 0.001, 0.025, 0.1, 0.3, 0.49, 0.5)


@pytest.mark.parametrize("freedom", FREEDOMS)
def test_it_is_scipys_to_nine_digits(freedom: float) -> None:
    for tail in PROBABILITIES:
        for probability in (tail, 1 - tail):
            expected = float(stats.t.ppf(probability, freedom))
            assert quantile(probability, freedom) == pytest.approx(expected, rel=1e-10, abs=1e-11)
            assert cdf(expected, freedom) == pytest.approx(float(stats.t.cdf(expected, freedom)), rel=1e-10)


@pytest.mark.parametrize("freedom", FREEDOMS)
@pytest.mark.parametrize("shift", [0, 0.01, 1, 2.8, 5, -1, -3])
def test_the_noncentral_one_is_scipys_to_eight_digits(freedom: float, shift: float) -> None:
    for t in (-5, -2, -0.5, 0, 0.5, 2, 5, 12.7):
        expected = float(stats.nct.cdf(t, freedom, shift))
        if not isnan(expected):  # scipy gives up in some far tails
            assert noncentral_cdf(t, freedom, shift) == pytest.approx(expected, abs=1e-9)


def test_closed_forms() -> None:
    for t in (-300.0, -2.0, 0.3, 40.0):
        assert cdf(t, 1) == pytest.approx(0.5 + atan(t) / pi, rel=1e-12)
        assert cdf(t, 2) == pytest.approx(0.5 + t / 2 / sqrt(2 + t * t), rel=1e-11)
        assert cdf(t, inf) == pytest.approx(NormalDist().cdf(t), rel=1e-12)
    assert quantile(0.975, inf) == pytest.approx(1.959963984540054)
    assert noncentral_cdf(2.0, inf, 1.5) == pytest.approx(NormalDist().cdf(0.5))


def test_the_ends() -> None:
    assert (quantile(0.0, 4), quantile(0.5, 4), quantile(1.0, 4)) == (-inf, 0.0, inf)
    assert (cdf(-inf, 4), cdf(inf, 4)) == (0.0, 1.0)
    assert isnan(quantile(1.1, 4))
    assert isnan(quantile(float("nan"), 4))
    assert isnan(cdf(float("nan"), 4))
    assert noncentral_cdf(2.0, 5, 1e9) == 0.0
    assert noncentral_cdf(2.0, 5, -1e9) == 1.0


@pytest.mark.parametrize("freedom", [0, -1, float("nan")])
def test_no_freedom_is_no_distribution(freedom: float) -> None:
    for ask in (cdf, quantile):
        with pytest.raises(ConfigError, match="degrees of freedom"):
            ask(0.3, freedom)


@given(st.floats(0.0001, 0.4999), st.floats(1, 1e7))
def test_symmetric_and_the_inverse_of_each_other(probability: float, freedom: float) -> None:
    found = quantile(probability, freedom)
    assert quantile(1 - probability, freedom) == pytest.approx(-found, rel=1e-11)
    assert quantile(0.75, freedom) == -quantile(0.25, freedom)
    assert cdf(found, freedom) == pytest.approx(probability, rel=1e-11)


@given(st.floats(-30, 30), st.floats(1, 1e5), st.floats(-9, 9))
def test_a_probability_that_falls_with_the_shift(t: float, freedom: float, shift: float) -> None:
    found = noncentral_cdf(t, freedom, shift)
    assert 0 <= noncentral_cdf(t, freedom, shift + 0.5) <= found + 1e-12 <= 1 + 1e-12
