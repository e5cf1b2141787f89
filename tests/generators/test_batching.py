"""Batches: every text once, and its shape from its own length alone."""

from hypothesis import given
from hypothesis import strategies as st

from tercet.generators.batching import Bounds, batches

LENGTHS = st.lists(st.integers(1, 600), max_size=40)
BOUNDS = st.builds(Bounds, st.integers(1, 4_000), st.integers(1, 20), st.one_of(st.none(), st.just(600)))


@given(LENGTHS, BOUNDS)
def test_each_text_is_in_one_batch_that_holds_it(lengths: list[int], bounds: Bounds) -> None:
    found = batches(lengths, bounds)
    assert sorted(i for batch in found for i in batch.members) == list(range(len(lengths)))
    for batch in found:
        assert 0 < len(batch.members) <= batch.rows <= bounds.rows
        assert batch.rows == 1 or batch.rows * batch.width <= bounds.tokens
        assert all(lengths[i] <= batch.width for i in batch.members)
        assert len({lengths[i] == batch.width for i in batch.members}) == 1


@given(st.integers(1, 600), LENGTHS, BOUNDS)
def test_a_shape_follows_from_the_length_alone(length: int, others: list[int], bounds: Bounds) -> None:
    (alone,) = batches([length], bounds)
    (beside,) = [batch for batch in batches([*others, length], bounds) if len(others) in batch.members]
    assert (alone.width, alone.rows) == (beside.width, beside.rows)


@given(st.integers(1, 100_000))
def test_padding_is_little(length: int) -> None:
    (batch,) = batches([length], Bounds(1, 1))
    assert 0 < batch.width - length <= max(16, length / 8 + 1)
