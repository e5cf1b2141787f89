"""Weighted coefficients are scipy's of the repeated observations."""

import numpy as np
import pytest
from hypothesis import given

from tercet.stats.agreement.coefficients import Array, kendall, pearson, spearman
from tercet.stats.agreement.dominance import Dominance
from tests.stats.agreement.samples import copies, observations, oracle

COEFFICIENTS = {"pearson": pearson, "spearman": spearman, "kendall": kendall}


@pytest.mark.parametrize("name", sorted(COEFFICIENTS))
@given(observations(least=0))
def test_weights_are_copies(name: str, given: tuple[Array, Array, Array]) -> None:
    human, metric, weights = given
    found = COEFFICIENTS[name](metric, human, np.stack([weights, np.ones_like(weights)]))
    for value, w in zip(found, (weights, np.ones_like(weights)), strict=True):
        wanted = oracle(name, copies(metric, w), copies(human, w))
        assert value == pytest.approx(wanted, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("name", sorted(COEFFICIENTS))
def test_large_numbers_do_not_cancel_out(name: str) -> None:
    generator = np.random.default_rng(0)
    human = generator.normal(size=300)
    metric = 1e6 + human + generator.normal(size=300)
    assert COEFFICIENTS[name](human, metric, np.ones((1, 300)))[0] == pytest.approx(oracle(name, human, metric), 1e-9)


@pytest.mark.parametrize("name", sorted(COEFFICIENTS))
def test_copies_of_one_observation_have_no_coefficient(name: str) -> None:
    human, metric = np.array([0.1, 0.7, 0.3]), np.array([0.3, 0.2, 0.7])
    assert np.isnan(COEFFICIENTS[name](human, metric, np.array([[0.0, 3.0, 0.0]]))).all()


@given(observations(least=1))
def test_dominance_is_the_double_loop(given: tuple[Array, Array, Array]) -> None:
    human, _, weights = given
    ranks = np.unique(human, return_inverse=True)[1].astype(np.intp)
    n = len(ranks)
    ends = np.random.default_rng(n).integers(0, n + 1, n)
    wanted = sum(weights[i] * weights[j] for j in range(n) for i in range(ends[j]) if ranks[i] < ranks[j])
    assert Dominance(ranks, ends).sums(weights[None]).tolist() == [wanted]


def test_many_observations_take_no_square_of_memory() -> None:
    generator = np.random.default_rng(1)
    human, metric = generator.normal(size=(2, 60_000))
    value = kendall(human + metric, human, np.ones((1, 60_000)))[0]
    assert value == pytest.approx(oracle("kendall", human + metric, human), abs=1e-12)
