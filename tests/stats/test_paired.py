"""Pairs: a dictionary is the oracle; the order of the input is no part of the result."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tercet.stats.exact import join
from tercet.stats.paired import Array, Paired, delta, paired

ROWS = st.lists(
    st.tuples(st.sampled_from(["b", "a", "文", "c1", "c10"]), st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), max_size=12
)


def total(sums: Array) -> Array:
    return sums


@given(ROWS, st.randoms(use_true_random=False))
def test_rows_are_summed_by_cluster_and_the_order_changes_no_bit(
    items: list[tuple[str, float, float]], order: Random
) -> None:
    def build(rows: list[tuple[str, float, float]]) -> Paired:
        values = np.array([row[1:] for row in rows], dtype=np.float64).reshape(-1, 2)
        return paired(values[:, :1], values[:, 1:], [row[0] for row in rows])

    found = build(items)
    assert list(found.clusters) == sorted({name for name, _, _ in items})
    for cluster, a in zip(found.clusters, found.a[:, 0].tolist(), strict=True):
        exact = sum((Fraction(row[1]) for row in items if row[0] == cluster), Fraction(0))
        assert a == pytest.approx(float(exact), abs=1e-12, rel=1e-15)
    shuffled = list(items)
    order.shuffle(shuffled)
    again = build(shuffled)
    assert (found.a.tobytes(), found.b.tobytes()) == (again.a.tobytes(), again.b.tobytes())
    assert delta(found, total).tobytes() == delta(again, total).tobytes()


def test_equal_rows_in_another_order_do_not_differ() -> None:
    values = np.array([[0.1], [0.2], [0.3], [1e-9], [5e8]])
    pair = paired(values, values[[2, 1, 0, 3, 4]], ["x", "x", "x", "y", "z"])
    assert pair.differing.tolist() == []
    assert delta(pair, total).tolist() == [0.0]


def test_clusters_differ_by_their_rows_not_by_their_scores() -> None:
    pair = paired(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 2.0], [6.0, 8.0]]), ["b", "a"])
    assert pair.clusters == ("a", "b")
    assert pair.differing.tolist() == [0]


def test_the_delta_is_the_candidates_score_minus_the_baselines() -> None:
    a, b = np.array([[1.0, 2.0], [1.0, 2.0]]), np.array([[3.0, 2.0], [1.0, 2.0]])
    assert delta(paired(a, b, "xy"), lambda sums: sums[..., :1] / sums[..., 1:]).tolist() == [0.5]


def test_differences_of_halves_are_exact() -> None:
    generator = np.random.default_rng(0)
    pair = paired(generator.normal(size=(50, 3)), generator.normal(size=(50, 3)) * 1e6, [str(i) for i in range(50)])
    a, b = pair.halves
    assert (join(a) == pair.a).all()
    assert (a + (b - a) == b).all()


@pytest.mark.parametrize(
    ("a", "b", "n"), [((2, 1), (3, 1), 2), ((2, 1), (2, 2), 2), ((2, 1), (2, 1), 3), ((2, 0), (2, 1), 2)]
)
def test_what_is_no_pair_is_refused(a: tuple[int, int], b: tuple[int, int], n: int) -> None:
    with pytest.raises(ValueError, match="no pairs"):
        paired(np.zeros(a), np.zeros(b), ["x"] * n)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_unscored_rows_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="unscored rows"):
        paired(np.zeros((1, 1)), np.full((1, 1), value), ["x"])


def test_nothing_is_a_pair_of_nothing() -> None:
    pair = paired(np.zeros((0, 2)), np.zeros((0, 2)), [])
    assert (pair.clusters, len(pair.differing)) == ((), 0)
    assert delta(pair, total).tolist() == [0.0, 0.0]
