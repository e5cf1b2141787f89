"""Exact sums: no rounding before the last, whatever the order."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tercet.stats.exact import join, split


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_a_sum_is_the_same_in_any_order_and_nearest_to_the_true_one(values: list[float]) -> None:
    rows = np.array(values)[:, None]
    parts = split(rows, len(rows))
    shuffled = parts[np.random.Generator(np.random.PCG64(1)).permutation(len(parts))]
    found = join(np.add.accumulate(parts)[-1])[0]
    assert found == join(np.add.accumulate(shuffled)[-1])[0] == join(np.ones(len(parts)) @ parts)[0]
    # Bits that are lost lie far below the largest number.
    assert abs(found - math.fsum(values)) <= math.ulp(found) + 2.0**-80 * max(map(abs, values))


def test_whole_numbers_are_kept_as_they_are() -> None:
    rows = np.array([[3.0, -7.0, 0.0], [2.0**40, 1.0, 0.0]])
    assert np.array_equal(join(split(rows, 10_000)), rows)


@pytest.mark.parametrize("scale", [1e-320, 1e-300, 1.0, 1e300])
def test_any_magnitude_is_kept(scale: float) -> None:
    rows = scale * np.array([[0.1], [0.7], [-0.3]])
    assert np.array_equal(join(split(rows, 1000)), rows)


def test_no_rows_have_no_parts() -> None:
    assert split(np.zeros((0, 2)), 0).shape == (0, 4)
