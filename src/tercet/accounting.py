"""What the calls of a run took: tokens and cost, which a repeated run has again, and times, which it has not."""

from collections.abc import Mapping, Sequence
from typing import Any

from tercet.generating import Call
from tercet.spending import FREE


def usage_of(calls: Sequence[Call]) -> dict[str, Any] | None:
    """Add up what a system takes, whether its calls were made now or lie in the cache.

    Returns:
        ``requests``: distinct calls; ``counted``: those with usage, of which the sums are made; ``prompt`` and
        ``answer``: tokens; ``cost``: US dollars, None where the price or the usage of an answer is unknown. None
        without calls.
    """
    if not calls:
        return None
    counted = [call for call in calls if call.usage is not None]
    costs = [_cost(call) for call in calls if call.usage is not None or not call.failed]
    known = [cost for cost in costs if cost is not None]
    return {
        "requests": len(calls),
        "counted": len(counted),
        "prompt": sum(call.usage.prompt for call in counted if call.usage),
        "answer": sum(call.usage.answer for call in counted if call.usage),
        "cost": sum(known) if len(known) == len(costs) else None,
    }


def _cost(call: Call) -> float | None:
    if call.price == FREE:
        return 0.0
    return None if call.price is None or call.usage is None else call.price.of(call.usage)


def times_of(calls: Sequence[Call]) -> Mapping[str, Any] | None:
    """Count calls by what became of them, with the times of those that were answered.

    Returns:
        ``made``, ``cached``, ``failed``: calls; ``p50``, ``p90``, ``p99``: seconds from asking to the answer, of the
        try that was answered; ``tokens_per_second``: of an answer, while it was made. None without calls.
    """
    if not calls:
        return None
    timed = [call for call in calls if call.seconds is not None and not call.failed]
    seconds = [call.seconds for call in timed if call.seconds is not None]
    counted = [call for call in timed if call.usage is not None]
    taken = sum(call.seconds or 0.0 for call in counted)
    tokens = sum(call.usage.answer for call in counted if call.usage)
    points = [_percentile(sorted(seconds), share) for share in (0.5, 0.9, 0.99)] if seconds else [None] * 3
    return {
        "made": sum(not call.cached and not call.failed for call in calls),
        "cached": sum(call.cached for call in calls),
        "failed": sum(call.failed for call in calls),
        **{name: _rounded(value) for name, value in zip(("p50", "p90", "p99"), points, strict=True)},
        "tokens_per_second": _rounded(tokens / taken if taken > 0 else None),
    }


def _percentile(values: Sequence[float], share: float) -> float:
    """Take the place at a share of sorted values, between two of them in proportion.

    numpy's would import its masked arrays, for three numbers.

    >>> _percentile([1.0, 2.0, 4.0], 0.75)
    3.0
    """
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (place - low) * (values[high] - values[low])


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
