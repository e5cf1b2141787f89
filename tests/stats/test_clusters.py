"""Clusters: a dictionary is the oracle."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tercet.stats.clusters import numbered, summed


@given(st.lists(st.tuples(st.text(max_size=1), st.integers(-9, 9))))
def test_the_sums_are_a_dictionarys(items: list[tuple[str, int]]) -> None:
    sums: dict[str, int] = {}
    for name, value in items:
        sums[name] = sums.get(name, 0) + value
    rows = np.array([[value, 1] for _, value in items], dtype=np.float64).reshape(-1, 2)
    found = summed(rows, numbered([name for name, _ in items]))
    assert found[:, 0].tolist() == list(sums.values())
    assert found[:, 1].sum() == len(items)
