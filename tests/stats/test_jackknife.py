"""Jackknife: a loop that leaves out, and the standard error of a mean."""

import numpy as np
import pytest

from tercet.metrics.contract import ratio
from tercet.stats import jackknife
from tercet.stats.exact import split
from tercet.stats.jackknife import delta_left_out, standard_error, without_each
from tercet.stats.paired import Array, paired


def mean(sums: Array) -> Array:
    """The last column counts."""
    return ratio(sums[..., :-1], sums[..., -1:])


def left_out(sums: Array) -> Array:
    return without_each(split(sums, len(sums)), mean)


def rows(n: int, seed: int = 0) -> Array:
    generator = np.random.default_rng(seed)
    return np.column_stack([generator.normal(0.4, 0.1, (n, 2)), generator.integers(1, 5, n)])


def test_it_is_what_leaving_out_gives() -> None:
    values = rows(9)
    expected = [mean(np.delete(values, i, axis=0).sum(axis=0)) for i in range(9)]
    assert left_out(values) == pytest.approx(np.array(expected), abs=1e-15)


def test_deltas_are_those_of_both_sides() -> None:
    a, b = rows(9), rows(9, seed=1)
    pair = paired(a, b, [str(i) for i in range(9)])
    assert delta_left_out(pair, mean) == pytest.approx(left_out(b) - left_out(a), abs=1e-15)
    assert not delta_left_out(paired(a, a, [str(i) for i in range(9)]), mean).any()


def test_the_error_of_a_mean_is_the_textbooks() -> None:
    stats = pytest.importorskip("scipy.stats")
    values = np.random.default_rng(0).normal(size=30)
    found = standard_error(left_out(np.column_stack([values, np.ones(30)])))
    assert found == pytest.approx([stats.sem(values)], rel=1e-12)


def test_the_error_of_a_ratio_is_the_spread_of_new_samples() -> None:
    errors = [standard_error(left_out(rows(100, seed))) for seed in range(200)]
    scores = np.array([mean(rows(100, 500 + seed).sum(axis=0)) for seed in range(400)])
    assert np.mean(errors, axis=0) == pytest.approx(scores.std(axis=0), rel=0.12)


def test_what_is_undefined_without_a_cluster_is_nan() -> None:
    values = np.array([[0.3, 1.0], [0.0, 0.0]])  # without the first, 0 of 0
    found = left_out(values)[:, 0]
    assert np.isnan(found).tolist() == [True, False]
    assert np.isnan(standard_error(left_out(values))).all()


@pytest.mark.parametrize("n", [0, 1])
def test_one_cluster_has_no_error(n: int) -> None:
    assert np.isnan(standard_error(left_out(rows(1)[:n]))).all()


def test_chunks_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    values = rows(50)
    whole = left_out(values)
    monkeypatch.setattr(jackknife, "_CELLS", 30)
    assert left_out(values).tobytes() == whole.tobytes()
