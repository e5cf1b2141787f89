"""The verdicts of non-inferiority: the cases that CONSORT's figure tells apart, the edges, and the error rates."""

from math import nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tercet.errors import ConfigError
from tercet.stats.margins import Standing, standing

# What figure 1 of Piaggio et al. 2012 tells apart, turned so that up is better, with a margin of 1.
FIGURE = [
    ("superior", (0.5, 1.5), Standing.NO_WORSE),
    ("no worse, 0 within", (-0.5, 1.0), Standing.NO_WORSE),
    ("no worse, below 0 by estimate", (-0.9, 0.5), Standing.NO_WORSE),
    ("no worse, though surely below 0", (-0.9, -0.1), Standing.NO_WORSE),
    ("inconclusive", (-1.5, 0.5), Standing.UNDERPOWERED),
    ("inconclusive, wide", (-1.5, 2.5), Standing.UNDERPOWERED),
    ("surely below 0, the margin within", (-1.5, -0.1), Standing.REGRESSED),
    ("inferior", (-2.5, -1.5), Standing.REGRESSED),
]


@pytest.mark.parametrize(("name", "interval", "expected"), FIGURE, ids=[row[0] for row in FIGURE])
def test_the_figure(name: str, interval: tuple[float, float], expected: Standing) -> None:
    low, high = interval
    p = 0.2 if low <= 0 <= high else 0.01
    assert standing((low + high) / 2, interval, p, margin=1.0, alpha=0.05) is expected, name


@pytest.mark.parametrize(
    ("better", "p", "expected"),
    [
        (-0.5, 0.01, Standing.REGRESSED),
        (-0.5, 0.05, Standing.REGRESSED),
        (-0.5, 0.051, Standing.UNSEEN),
        (0.5, 0.01, Standing.UNSEEN),
        (0.5, 0.9, Standing.UNSEEN),
    ],
)
def test_without_a_margin_nothing_is_said_to_be_equal(better: float, p: float, expected: Standing) -> None:
    assert standing(better, (better - 1, better + 1), p, margin=None, alpha=0.05) is expected


@pytest.mark.parametrize("margin", [None, 0.0, 0.01])
def test_what_is_the_same_on_every_article_is_no_worse(margin: float | None) -> None:
    assert standing(0.0, (0.0, 0.0), 1.0, margin=margin, alpha=0.05) is Standing.NO_WORSE
    assert standing(-0.0, (-0.0, -0.0), 1.0, margin=margin, alpha=0.05) is Standing.NO_WORSE


def test_the_margin_itself_is_within_it() -> None:
    assert standing(-0.5, (-1.0, -0.1), 0.01, margin=1.0, alpha=0.05) is Standing.NO_WORSE
    assert standing(0.5, (0.0, 1.0), 0.05, margin=0.0, alpha=0.05) is Standing.NO_WORSE


@pytest.mark.parametrize("margin", [None, 0.1])
@pytest.mark.parametrize(
    ("better", "interval", "p"),
    [
        (-0.5, None, 0.01),
        (-0.5, (-1.0, -0.1), None),
        (nan, (-1.0, -0.1), 0.01),
        (-0.5, (nan, nan), 0.01),
        (0.5, (0.1, nan), 0.01),
        (-0.5, (-1.0, -0.1), nan),
    ],
)
def test_what_is_not_known_never_passes(
    better: float, interval: tuple[float, float] | None, p: float | None, margin: float | None
) -> None:
    assert standing(better, interval, p, margin=margin, alpha=0.05) is Standing.UNDERPOWERED


@pytest.mark.parametrize("bad", [{"margin": -0.1}, {"margin": nan}, {"alpha": 0.0}, {"alpha": 1.5}])
def test_an_option_out_of_range_is_named(bad: dict[str, float]) -> None:
    options = {"margin": 0.1, "alpha": 0.05} | bad
    with pytest.raises(ConfigError, match=next(iter(bad))):
        standing(0.0, (-0.1, 0.1), 0.9, **options)


_PLACES = st.floats(-5, 5)


@given(_PLACES, _PLACES, _PLACES, st.floats(0.0001, 1.0), st.floats(0, 3), st.floats(0, 3))
def test_a_wider_margin_never_makes_it_worse(a: float, b: float, c: float, p: float, m: float, more: float) -> None:
    low, better, high = sorted((a, b, c))
    narrow = standing(better, (low, high), p, margin=m, alpha=0.05)
    wide = standing(better, (low, high), p, margin=m + more, alpha=0.05)
    assert wide is Standing.NO_WORSE or wide is narrow


def verdicts(truth: float, margin: float, articles: int = 40, simulations: int = 4000) -> list[Standing]:
    """Judge t tests and t intervals of normal differences."""
    draws = np.random.default_rng(1).normal(truth, 1.0, (simulations, articles))
    found = stats.ttest_1samp(draws, 0.0, axis=1)
    middle = found.confidence_interval(0.95)
    rows = zip(draws.mean(axis=1), middle.low, middle.high, found.pvalue, strict=True)
    return [standing(d, (low, high), p, margin=margin, alpha=0.05) for d, low, high, p in rows]


def test_the_error_rates_are_those_of_one_side() -> None:
    # At a rate of 2.5 %, 4000 simulations have a standard error of 0.25 points.
    at_the_margin = verdicts(-0.3, 0.3)
    assert at_the_margin.count(Standing.NO_WORSE) / 4000 == pytest.approx(0.025, abs=0.01)
    without_loss = verdicts(0.0, 0.05)
    assert without_loss.count(Standing.REGRESSED) / 4000 == pytest.approx(0.025, abs=0.01)
