"""What calls took, worked out by hand."""

import math

import numpy as np
import pytest

from tercet.accounting import times_of, usage_of
from tercet.generating import Call
from tercet.records import Usage
from tercet.spending import FREE, Price

PRICE = Price(prompt=1.0, answer=4.0)


def call(
    prompt: int | None = 1_000_000,
    answer: int = 500_000,
    *,
    price: Price | None = PRICE,
    cached: bool = False,
    failed: bool = False,
    seconds: float | None = 1.0,
) -> Call:
    usage = None if prompt is None else Usage(prompt=prompt, answer=answer)
    return Call(price=price, cached=cached, failed=failed, usage=usage, seconds=seconds)


def test_without_calls_there_is_nothing_to_say() -> None:
    assert usage_of([]) is None
    assert times_of([]) is None


def test_usage_is_added_up_whether_calls_are_cached_or_not() -> None:
    calls = [call(), call(2_000_000, 0, cached=True), call(0, 250_000)]
    expected = {"requests": 3, "counted": 3, "prompt": 3_000_000, "answer": 750_000, "cost": 6.0}
    assert usage_of(calls) == expected


@pytest.mark.parametrize(
    ("calls", "cost"),
    [
        ([call(price=None)], None),
        ([call(), call(price=None)], None),
        ([call(), call(None)], None),  # an answer whose usage is not known
        ([call(), call(None, failed=True)], 3.0),  # a failure, of which no server says what it takes
        ([call(), call(failed=True)], 6.0),
        ([call(None), call(failed=True)], None),  # as many counted as answered, and not the same
        ([call(failed=True, price=None)], None),
        ([call(None, failed=True)], 0.0),
        ([call(price=FREE), call(None, price=FREE)], 0.0),  # what is free is free, however long
        ([call(price=FREE), call()], 3.0),
    ],
)
def test_a_cost_is_known_or_it_is_not(calls: list[Call], cost: float | None) -> None:
    found = usage_of(calls)
    assert found is not None
    assert found["cost"] == cost


def test_calls_are_counted_by_what_became_of_them() -> None:
    calls = [call(), call(cached=True), call(cached=True), call(failed=True), call(None, failed=True, seconds=None)]
    found = times_of(calls)
    assert found is not None
    assert (found["made"], found["cached"], found["failed"]) == (1, 2, 2)
    used = usage_of(calls)
    assert used is not None
    assert (used["requests"], used["counted"]) == (5, 4)


def test_percentiles_are_numpys_and_these_by_hand() -> None:
    seconds = [0.1, 0.2, 0.4, 0.8, 1.6]
    found = times_of([call(seconds=value) for value in reversed(seconds)])
    assert found is not None
    # Linear between ranks: 0.9 x 4 = rank 3.6, 0.99 x 4 = rank 3.96.
    assert (found["p50"], found["p90"], found["p99"]) == (0.4, 1.28, 1.568)
    assert found["p90"] == pytest.approx(float(np.percentile(seconds, 90)))
    assert found["tokens_per_second"] == round(5 * 500_000 / 3.1, 4)


def test_times_leave_failures_and_what_is_not_known_out() -> None:
    calls = [call(seconds=2.0, answer=10), call(None, seconds=6.0), call(failed=True, seconds=99.0), call(seconds=None)]
    found = times_of(calls)
    assert found is not None
    assert found["p50"] == 4.0
    assert found["tokens_per_second"] == 5.0, "10 tokens in 2 seconds: the answer without usage counts in neither"


@pytest.mark.parametrize("calls", [[call(None, failed=True, seconds=None)], [call(seconds=None)]])
def test_times_that_nobody_took_are_none(calls: list[Call]) -> None:
    found = times_of(calls)
    assert found is not None
    assert (found["p50"], found["p90"], found["p99"], found["tokens_per_second"]) == (None,) * 4


def test_an_answer_in_no_time_has_no_rate() -> None:
    found = times_of([call(seconds=0.0)])
    assert found is not None
    assert found["p99"] == 0.0
    assert found["tokens_per_second"] is None
    assert not any(isinstance(value, float) and math.isnan(value) for value in found.values())
