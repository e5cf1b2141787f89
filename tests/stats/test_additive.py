"""Exact sums: exact fractions as the oracle, and the same bytes for any cutting, order and grouping."""

import io
import pickle
from collections.abc import Sequence
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.errors import ConfigError, MetricError
from tercet.stats import additive
from tercet.stats.additive import Array, Sums
from tercet.stats.poisson import weights

REPLICATES = 6
LARGEST = 2.0**960
finite = st.floats(-LARGEST, LARGEST, exclude_min=True, exclude_max=True)
values = st.one_of(
    st.integers(0, 50).map(float),
    st.floats(0, 1),
    finite,
    st.sampled_from([5e-324, -5e-324, 2.0**-1022, 2.0**31, -(2.0**31), 2.0**31 - 0.5, 2.0**959, -(2.0**959), -0.0]),
)
rows_of_three = st.lists(st.tuples(values, values, values), max_size=20)


def table(rows: Sequence[Sequence[float]], columns: int = 3) -> Array:
    return np.array(rows, dtype=np.float64).reshape(-1, columns)


def names(n: int) -> list[str]:
    """Clusters of one to three rows."""
    return [f"article {i // 2 if i % 5 else i}" for i in range(n)]


def summed(rows: Array, clusters: Sequence[str], seed: int = 0, replicates: int = REPLICATES) -> Sums:
    return Sums.of(rows, clusters, seed=seed, replicates=replicates)


def as_bytes(sums: Sums) -> list[bytes]:
    return [sums.values.tobytes(), *(array.tobytes() for array in sums.arrays().values())]


def by_fractions(rows: Array, clusters: Sequence[str], seed: int, replicates: int) -> list[list[float]]:
    """Each sum as a fraction, rounded once."""
    counts = [[1] * len(clusters), *weights(clusters, seed, 0, replicates).astype(int).tolist()]
    return [
        [float(sum(w * Fraction(x) for w, x in zip(row, column, strict=True))) for column in rows.T.tolist()]
        for row in counts
    ]


@given(rows_of_three, st.sampled_from([0, 1, 2**70]))
def test_each_sum_is_the_float_nearest_to_that_of_fractions(rows: list[tuple[float, ...]], seed: int) -> None:
    found = summed(table(rows), names(len(rows)), seed)
    assert found.values.tolist() == by_fractions(table(rows), names(len(rows)), seed, REPLICATES)


@given(rows_of_three, st.integers(1, 5), st.randoms(use_true_random=False))
def test_any_cutting_order_and_grouping_gives_the_same_bytes(
    rows: list[tuple[float, ...]], shards: int, chance: Random
) -> None:
    whole, clusters = table(rows), names(len(rows))
    owner = [chance.randrange(shards) for _ in rows]  # clusters are split between shards
    parts = []
    for shard in range(shards):
        places = [i for i in range(len(rows)) if owner[i] == shard]
        chance.shuffle(places)
        parts.append(summed(whole[places], [clusters[i] for i in places]))
    while len(parts) > 1:
        parts.append(parts.pop(chance.randrange(len(parts))))
        parts[chance.randrange(len(parts) - 1)].add(parts.pop())
    assert as_bytes(parts[0]) == as_bytes(summed(whole, clusters))


@pytest.mark.parametrize("name", ["_ROWS", "_CLUSTERS", "_CELLS"])
@pytest.mark.parametrize("size", [1, 7])
def test_the_sizes_of_blocks_change_no_bit(name: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(0)
    rows = np.column_stack([generator.poisson(300.0, 40), generator.random(40), generator.normal(0, 1e9, 40)])
    whole = summed(rows, names(40), replicates=50)
    monkeypatch.setattr(additive, name, size)
    assert as_bytes(summed(rows, names(40), replicates=50)) == as_bytes(whole)


def test_large_counts_are_not_multiplied_in_32_bits() -> None:
    # Odd, so that a float32 holds no sum of them; the smaller ones are multiplied in 32 bits.
    rows = np.array([[2.0**23 + 1, 7.0, 2.0**31 - 1]] * 9)
    clusters = names(9)
    assert summed(rows, clusters).values.tolist() == by_fractions(rows, clusters, 0, REPLICATES)


def test_many_additions_carry() -> None:
    total = Sums.zeros(2, 3)
    one = summed(np.array([[2.0**31 - 1, -(2.0**31)]]), ["a"], replicates=3)
    for _ in range(1000):
        total.add(one)
    assert total.values[0].tolist() == [1000 * (2.0**31 - 1), -1000 * 2.0**31]


def test_sums_that_double_stay_exact_beyond_any_number_of_rows() -> None:
    total = summed(np.array([[0.1, 3.0]]), ["a"], replicates=3)
    for _ in range(40):  # 10^12 rows
        total.add(total)
    assert total.values[0].tolist() == [float(Fraction(0.1) * 2**40), 3.0 * 2**40]


def test_what_cancels_leaves_nothing() -> None:
    rows = np.array([[1e280, 0.1, 3.0]])
    total = summed(rows, ["a"])
    total.add(summed(-rows, ["a"]))
    assert as_bytes(total) == as_bytes(Sums.zeros(3, REPLICATES))
    assert not total.arrays()["digits"].size


def test_a_count_takes_one_digit_and_a_fraction_two_or_three() -> None:
    generator = np.random.default_rng(0)
    rows = np.column_stack([generator.poisson(9.0, 100), np.zeros(100), 0.01 + 0.9 * generator.random(100)])
    codes = summed(rows, names(100)).arrays()["codes"]
    assert np.bincount(codes // 128, minlength=3).tolist() == [1, 0, 3]  # the sum has whole ones, and a fraction


@given(rows_of_three, st.integers(0, 3), st.integers(0, 3))
@settings(max_examples=25)
def test_columns_are_those_of_their_own_rows(rows: list[tuple[float, ...]], first: int, more: int) -> None:
    last = min(3, first + more)
    found = summed(table(rows), names(len(rows))).columns(first, last)
    assert as_bytes(found) == as_bytes(summed(table(rows)[:, first:last], names(len(rows))))


def test_a_slice_of_columns_is_its_own() -> None:
    whole = summed(np.ones((3, 2)), names(3))
    before = as_bytes(whole)
    whole.columns(0, 1).add(whole.columns(1, 2))
    assert as_bytes(whole) == before


def test_arrays_and_pickles_come_back() -> None:
    sums = summed(np.array([[0.1, 1e30], [0.7, 3.0]]), ["a", "b"])
    file = io.BytesIO()
    np.savez(file, **sums.arrays())  # type: ignore[arg-type]  # numpy's stub takes a keyword for its option
    file.seek(0)
    with np.load(file) as arrays:
        kept = Sums.from_arrays(arrays)
    assert as_bytes(kept) == as_bytes(sums) == as_bytes(pickle.loads(pickle.dumps(sums)))  # noqa: S301
    kept.add(sums)
    assert (kept.values == 2 * sums.values).all()


def test_no_rows_add_nothing() -> None:
    assert as_bytes(summed(np.zeros((0, 3)), [])) == as_bytes(Sums.zeros(3, REPLICATES))
    assert Sums.zeros(3, 5).values.tolist() == [[0.0] * 3] * 6


def test_seeds_have_replicates_of_their_own_and_one_plain_sum() -> None:
    rows = np.random.default_rng(0).random((30, 2))
    one, other = (summed(rows, names(30), seed).values for seed in (0, 1))
    assert (one[0] == other[0]).all()
    assert not (one[1:] == other[1:]).any()


@pytest.mark.parametrize("value", [LARGEST, -LARGEST, 1.7e308])
def test_what_is_too_large_is_named(value: float) -> None:
    with pytest.raises(MetricError, match="too large to be added exactly"):
        summed(np.array([[value]]), ["a"])


def test_what_is_wrong_is_named() -> None:
    with pytest.raises(ConfigError, match="replicates is 0"):
        Sums.zeros(3, 0)
    with pytest.raises(ConfigError, match="seed is -1"):
        summed(np.ones((1, 1)), ["a"], -1)
    with pytest.raises(ValueError, match="not finite"):
        summed(np.array([[np.nan]]), ["a"])
    with pytest.raises(ValueError, match="2 rows are not of 1 clusters"):
        summed(np.ones((2, 1)), ["a"])
    with pytest.raises(ValueError, match="cannot be added"):
        Sums.zeros(3, 5).add(Sums.zeros(3, 6))
