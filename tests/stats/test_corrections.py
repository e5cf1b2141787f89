"""Corrections: hand values, scipy, plain loops, and the laws that adjusted p-values obey."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.metrics.contract import ratio
from tercet.stats.corrections import benjamini_hochberg, holm, max_t
from tercet.stats.flips import Flips
from tercet.stats.paired import Array, delta, paired
from tercet.stats.randomization import p_values, randomized

P = st.lists(st.floats(1e-6, 1.0), min_size=1, max_size=12).map(np.array)


def test_holm_by_hand() -> None:
    # The values of p.adjust in R, method "holm": 5 x 0.01, 4 x 0.02, 3 x 0.03, then no less.
    assert holm(np.array([0.05, 0.01, 0.03, 0.02, 0.04])) == pytest.approx([0.09, 0.05, 0.09, 0.08, 0.09])


def test_benjamini_hochberg_by_hand() -> None:
    # The fifteen p-values of Benjamini and Hochberg, 1995: at 0.05 four are rejected, with Holm three.
    small = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    values = np.array([*small, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0])
    assert (benjamini_hochberg(values) <= 0.05).sum() == 4
    assert (holm(values) <= 0.05).sum() == 3
    assert benjamini_hochberg(values)[3] == pytest.approx(0.0095 * 15 / 4)


@given(P)
def test_it_is_scipys_false_discovery_control(p: Array) -> None:
    stats = pytest.importorskip("scipy.stats")
    assert benjamini_hochberg(p) == pytest.approx(stats.false_discovery_control(p), rel=1e-12)


@given(P)
def test_holm_is_its_definition_and_lies_between_the_raw_and_bonferronis(p: Array) -> None:
    order = np.argsort(p, kind="stable").tolist()
    expected, worst = np.empty(len(p)), 0.0
    for rank, i in enumerate(order):
        worst = max(worst, min(1.0, (len(p) - rank) * p[i]))
        expected[i] = worst
    assert holm(p) == pytest.approx(expected, rel=1e-12)
    assert (holm(p) >= p).all()
    assert (holm(p) <= np.minimum(1.0, len(p) * p) + 1e-15).all()
    assert (benjamini_hochberg(p) <= holm(p) + 1e-15).all()


@pytest.mark.parametrize("correct", [holm, benjamini_hochberg])
def test_what_is_not_tested_does_not_count(correct: Callable[[Array], Array]) -> None:
    p = np.array([0.03, np.nan, 0.01, np.nan, 0.04])
    found = correct(p)
    assert np.isnan(found).tolist() == [False, True, False, True, False]
    assert found[[0, 2, 4]].tolist() == correct(p[[0, 2, 4]]).tolist()
    assert correct(np.array([np.nan])).shape == (1,)
    assert correct(np.empty(0)).shape == (0,)


def mean(sums: Array) -> Array:
    return ratio(sums[..., :-1], sums[..., -1:])


def permuted(
    correlation: float, *, n: int = 40, t: int = 12, seed: int = 0, shift: float = 0.0
) -> tuple[Array, Array, bool]:
    """Deltas of t scores that share a factor, with their permutations."""
    generator = np.random.default_rng(seed)
    a, b = (
        np.sqrt(correlation) * generator.normal(size=(n, 1)) + np.sqrt(1 - correlation) * generator.normal(size=(n, t))
        for _ in (0, 1)
    )
    ones = np.ones((n, 1))
    pair = paired(np.hstack([a, ones]), np.hstack([b + shift, ones]), [f"{i:03d}" for i in range(n)])
    flips = Flips(clusters=pair.clusters, seed=seed, replicates=1000)
    return delta(pair, mean), randomized(pair, mean, flips), flips.exact


def by_loop(observed: Array, deltas: Array, *, exact: bool) -> list[float]:
    """Step-down max-T as the papers write it, permutation by permutation."""
    every = deltas if exact else np.vstack([deltas, observed])
    spread = np.sqrt((every**2).mean(axis=0))
    heights, permuted = np.abs(observed) / spread, np.abs(deltas) / spread
    order = sorted(range(len(observed)), key=lambda j: -heights[j])
    adjusted, worst = [0.0] * len(observed), 0.0
    for rank, j in enumerate(order):
        count = sum(max(row[k] for k in order[rank:]) >= heights[j] - 1e-12 for row in permuted)
        worst = max(worst, count / len(deltas) if exact else (count + 1) / (len(deltas) + 1))
        adjusted[j] = worst
    return adjusted


@pytest.mark.parametrize("n", [7, 30])
def test_max_t_is_the_papers_algorithm(n: int) -> None:
    observed, deltas, exact = permuted(0.5, n=n, t=5, shift=0.4)
    assert exact is (n == 7)
    assert max_t(observed, deltas, exact=exact) == pytest.approx(by_loop(observed, deltas, exact=exact), abs=1e-12)


@pytest.mark.parametrize("scale", [1.0, 100.0])
def test_twelve_copies_of_one_test_cost_nothing(scale: float) -> None:
    observed, deltas, exact = permuted(0.0, t=1, shift=0.4)
    scales = scale ** np.arange(12)  # as scores of 0 to 1 and of 0 to 100 are
    copies = max_t(observed * scales, deltas * scales, exact=exact)
    assert copies.tolist() == [p_values(observed, deltas, exact=exact)[0]] * 12


def test_independent_tests_cost_what_holm_takes_and_related_ones_less() -> None:
    observed, deltas, exact = permuted(0.0, shift=0.5)
    raw = p_values(observed, deltas, exact=exact)
    apart = max_t(observed, deltas, exact=exact)
    assert (apart <= holm(raw) + 0.01).all()
    small = holm(raw) < 0.3  # where adding up probabilities and multiplying their complements are nearly the same
    assert small.sum() >= 3
    assert apart[small] == pytest.approx(holm(raw)[small], rel=0.25, abs=0.02)
    observed, deltas, exact = permuted(0.9, shift=0.5)
    together = max_t(observed, deltas, exact=exact)
    assert together.min() < holm(p_values(observed, deltas, exact=exact)).min() / 2


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.9]))
def test_max_t_is_never_below_the_raw_p_and_falls_with_height(seed: int, correlation: float) -> None:
    observed, deltas, exact = permuted(correlation, n=12, t=4, seed=seed)
    found = max_t(observed, deltas, exact=exact)
    assert (found >= p_values(observed, deltas, exact=exact)).all()
    heights = np.abs(observed) / np.sqrt((np.vstack([deltas, observed]) ** 2).mean(axis=0))
    assert (np.diff(found[np.argsort(-heights)]) >= 0).all()


def test_max_t_leaves_out_what_is_not_tested_and_what_nothing_moves() -> None:
    observed, deltas, exact = permuted(0.5, t=3, shift=0.3)
    more = np.insert(observed, [0, 2], [np.nan, 0.0])
    many = np.insert(deltas, [0, 2], 0.0, axis=1)
    many[:, 0] = np.nan
    found = max_t(more, many, exact=exact)
    assert np.isnan(found[0])
    assert found[3] == 1.0
    assert found[[1, 2, 4]].tolist() == max_t(observed, deltas, exact=exact).tolist()
    assert max_t(np.empty(0), np.empty((5, 0)), exact=False).shape == (0,)


def test_max_t_takes_a_permutation_without_a_value_for_extreme() -> None:
    observed, deltas, exact = permuted(0.0, t=2, shift=2.0)
    deltas[:100, 1] = np.nan
    assert max_t(observed, deltas, exact=exact).tolist() == [101 / 1001] * 2


def test_one_false_alarm_among_twelve_is_as_rare_as_alpha_says() -> None:
    # 300 families have a standard error of 1.3 %.
    alarms = sum(bool((max_t(o, d, exact=e) <= 0.05).any()) for o, d, e in (permuted(0.5, seed=s) for s in range(300)))
    assert alarms / 300 <= 0.09
