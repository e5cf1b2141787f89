"""Counts of clusters: sets of ids as the oracle, and shards in any order."""

import pickle
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tercet.stats.cluster_counts import ClusterCounts

shards_of = st.integers(0, 130).flatmap(
    lambda m: st.tuples(
        st.just(m),
        st.lists(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2**m - 1)), max_size=8), min_size=1, max_size=4),
    )
)


def counted(scores: int, rows: list[tuple[int, int]]) -> ClusterCounts:
    present = np.array([[mask >> j & 1 for j in range(scores)] for _, mask in rows], dtype=bool)
    return ClusterCounts.of([f"article {i}" for i, _ in rows], present.reshape(len(rows), scores))


def as_bytes(counts: ClusterCounts) -> list[bytes]:
    return [array.tobytes() for array in counts.arrays().values()]


@given(shards_of, st.randoms(use_true_random=False))
def test_shards_merge_to_sets_of_ids(drawn: tuple[int, list[list[tuple[int, int]]]], chance: Random) -> None:
    scores, shards = drawn
    rows = [row for shard in shards for row in shard]
    parts = [counted(scores, shard) for shard in shards]
    chance.shuffle(parts)
    merged = ClusterCounts.zeros(scores)
    cut = chance.randrange(len(parts) + 1)
    merged.merge(parts[:cut])
    merged.merge(parts[cut:])
    expected = [len({i for i, mask in rows if mask >> j & 1}) for j in range(scores)]
    assert merged.counts().tolist() == expected
    assert as_bytes(merged) == as_bytes(counted(scores, rows))
    assert as_bytes(ClusterCounts.from_arrays(merged.arrays())) == as_bytes(merged)


def test_a_cluster_takes_16_bytes_and_one_without_a_score_none() -> None:
    present = np.arange(1000)[:, None] >= np.array([0, 500, 1000])
    counts = ClusterCounts.of([str(i) for i in range(1000)], present)
    assert counts.counts().tolist() == [1000, 500, 0]
    assert sum(len(one) for one in as_bytes(counts)) == 8 + 16 * 1000
    assert len(pickle.dumps(counts)) < 17_000
    assert as_bytes(ClusterCounts.of(["a"], np.array([[False]]))) == as_bytes(ClusterCounts.zeros(1))


def test_what_does_not_fit_is_named() -> None:
    with pytest.raises(ValueError, match=r"clusters of \[1, 2\] scores"):
        ClusterCounts.zeros(1).merge([ClusterCounts.zeros(2)])
    with pytest.raises(ValueError, match="1 rows are not of 2 clusters"):
        ClusterCounts.of(["a", "b"], np.array([[True]]))
