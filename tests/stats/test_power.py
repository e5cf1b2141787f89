"""Power against published tables, scipy's noncentral t, a simulation, and its own inverses."""

from math import nan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tercet.errors import ConfigError
from tercet.stats.power import detectable, needed, power


@pytest.mark.parametrize(
    ("effect", "expected"),
    # G*Power 3.1 (Faul et al. 2009), t test, difference from constant, two-sided, alpha 0.05, power 0.8.
    [(0.2, 199), (0.5, 34), (0.8, 15)],
)
def test_the_articles_that_cohens_effects_need(effect: float, expected: int) -> None:
    for articles in (20, 100):
        assert needed(effect, 1 / sqrt(articles), articles) == expected


@pytest.mark.parametrize("articles", [6, 20, 50, 1000])
@pytest.mark.parametrize("sides", [1, 2])
def test_it_is_the_noncentral_t_of_scipy(articles: int, sides: int) -> None:
    for shift in (0.0, 0.7, 2.0, 3.5):
        critical = stats.t.ppf(1 - 0.05 / sides, articles - 1)
        expected = stats.nct.sf(critical, articles - 1, shift)
        if sides == 2:
            expected += stats.nct.cdf(-critical, articles - 1, shift)
        assert power(shift * 0.1, 0.1, articles, sides=sides) == pytest.approx(float(expected), abs=1e-9)


def test_it_is_how_often_a_t_test_rejects() -> None:
    draws = np.random.default_rng(0).normal(0.5, 1.0, (20_000, 25))
    rejected = (stats.ttest_1samp(draws, 0.0, axis=1).pvalue <= 0.05).mean()
    assert power(0.5, 0.2, 25) == pytest.approx(float(rejected), abs=4 * sqrt(0.25 / 20_000))


@given(
    st.floats(1e-6, 1e6),
    st.integers(6, 10_000),
    st.floats(0.3, 0.99),
    st.sampled_from([1, 2]),
)
def test_what_is_detectable_is_detected_with_that_power_and_needs_these_articles(
    error: float, articles: int, wanted: float, sides: int
) -> None:
    found = detectable(error, articles, power=wanted, sides=sides)
    assert found is not None
    assert power(found, error, articles, sides=sides) == pytest.approx(wanted, abs=1e-9)
    assert power(-found, error, articles, sides=sides) == power(found, error, articles, sides=sides)
    enough = needed(found * (1 + 1e-9), error, articles, power=wanted, sides=sides)
    assert enough is not None
    assert enough <= articles
    more = needed(found * 0.99, error, articles, power=wanted, sides=sides)
    assert more is not None
    assert more >= articles


@given(st.floats(0.01, 3.0), st.integers(2, 200))
def test_needed_is_the_smallest_that_is_enough(difference: float, articles: int) -> None:
    count = needed(difference, 1.0, articles)
    assert count is not None
    assert count >= 6
    error = sqrt(articles / count)
    assert power(difference, error, count) >= 0.8
    if count > 6:
        assert power(difference, sqrt(articles / (count - 1)), count - 1) < 0.8


def test_level_is_the_power_against_no_difference() -> None:
    assert power(0.0, 1.0, 30, alpha=0.01) == pytest.approx(0.01, abs=1e-12)


def test_too_few_articles_show_nothing() -> None:
    # Swapping the sides of 5 articles has 32 ways: no two-sided p is below 2 / 32.
    assert detectable(0.1, 5) is None
    assert power(100.0, 0.1, 5) == 0.0
    assert detectable(0.1, 6) is not None
    assert detectable(0.1, 5, sides=1) is not None
    assert detectable(0.1, 7, alpha=0.01) is None
    assert detectable(0.1, 1, alpha=0.9, power=0.95) is None


def test_without_spread_everything_is_seen() -> None:
    assert detectable(0.0, 10) == 0.0
    assert power(1e-9, 0.0, 10) == 1.0
    assert power(0.0, 0.0, 10) == 0.0
    assert needed(0.1, 0.0, 10) == 6


def test_what_is_not_known_is_none() -> None:
    assert detectable(nan, 50) is None
    assert needed(0.0, 0.1, 50) is None
    assert needed(nan, 0.1, 50) is None
    assert needed(0.1, nan, 50) is None
    assert needed(0.1, 0.1, 1) is None
    assert needed(1e-12, 1.0, 50) is None  # 10 to the 26 articles


@pytest.mark.parametrize("bad", [{"alpha": 0.0}, {"alpha": 1.0}, {"sides": 3}, {"power": 0.05}, {"power": 1.0}])
def test_an_option_out_of_range_is_named(bad: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=next(iter(bad))):
        detectable(0.1, 50, **bad)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match=next(iter(bad))):
        needed(0.1, 0.1, 50, **bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("error", [nan, -1.0, float("inf")])
def test_power_needs_an_error(error: float) -> None:
    with pytest.raises(ConfigError, match="error"):
        power(0.1, error, 50)
