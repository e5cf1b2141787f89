"""How many, how often, how long, and when it is enough: all of it without waiting."""

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Coroutine
from email.utils import formatdate
from typing import Any

import pytest

from tercet.chat.breaker import Breaker
from tercet.chat.gate import Gate
from tercet.chat.limits import Limit
from tercet.chat.pacing import Pacer
from tercet.chat.waiting import Patience, wished


class _Hurried(selectors.SelectSelector):
    """Lets a loop's clock jump to where it would wait."""

    skipped = 0.0

    def select(self, timeout: float | None = None) -> Any:
        self.skipped += (timeout or 0) + 1e-7  # a clock moves on by itself, too
        return super().select(0)


class HurriedLoop(asyncio.SelectorEventLoop):
    """A loop in which waiting takes no time; its clock says how long it would have been."""

    def __init__(self) -> None:
        self._hurried = _Hurried()
        super().__init__(self._hurried)

    def time(self) -> float:
        return self._hurried.skipped


def hurried(work: Coroutine[Any, Any, Any]) -> Any:
    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        return runner.run(work)


def now() -> float:
    return asyncio.get_running_loop().time()


def test_turned_away_together_halves_once() -> None:
    limit = Limit(32)
    marks = [limit.mark for _ in range(32)]
    for mark in marks:
        limit.overwhelmed(mark)
    assert limit.allowed == 16
    for _ in range(10):
        limit.overwhelmed(limit.mark)
    assert limit.allowed == 1, "it never ends at none"


def test_answers_raise_the_limit_by_growing_steps_and_not_beyond_where_it_began() -> None:
    limit = Limit(20)
    for _ in range(3):
        limit.overwhelmed(limit.mark)
    heights = []
    for _ in range(31):
        limit.answered(limit.mark)
        heights.append(limit.allowed)
    assert heights == [2, 3, 3, 3, *[5] * 5, *[9] * 9, *[17] * 13]
    for _ in range(100):
        limit.answered(limit.mark)
    assert limit.allowed == 20
    limit.overwhelmed(limit.mark)
    for _ in range(10):
        limit.answered(limit.mark)
    assert limit.allowed == 11, "the steps begin anew"


def test_answers_from_before_a_halving_do_not_raise_it() -> None:
    limit = Limit(8)
    before = limit.mark
    limit.overwhelmed(limit.mark)
    for _ in range(100):
        limit.answered(before)
    assert limit.allowed == 4


def test_while_nobody_is_there_one_at_a_time_looks() -> None:
    limit = Limit(8)
    limit.overwhelmed(limit.mark)
    limit.absent()
    assert limit.allowed == 1
    limit.reached()
    assert limit.allowed == 4, "as before: a server that was away was not overwhelmed by it"


def test_the_gate_lets_in_as_many_as_the_limit_says_in_the_order_of_their_coming() -> None:
    async def scene() -> list[str]:
        gate, seen = Gate(Limit(2)), []

        async def enter(name: str) -> None:
            await gate.enter()
            seen.append(name)

        first, second = await gate.enter(), await gate.enter()
        async with asyncio.TaskGroup() as group:
            group.create_task(enter("third"))
            group.create_task(enter("fourth"))
            await asyncio.sleep(1)
            assert not seen
            first.leave()
            first.leave()  # twice is once
            await asyncio.sleep(1)
            assert seen == ["third"]
            second.leave()
        return seen

    assert hurried(scene()) == ["third", "fourth"]


@pytest.mark.parametrize("admitted", [False, True])
def test_who_gives_up_waiting_leaves_no_trace_at_the_gate(admitted: bool) -> None:
    async def scene() -> None:
        gate = Gate(Limit(1))
        place = await gate.enter()
        waiting = asyncio.create_task(gate.enter())
        await asyncio.sleep(1)
        if admitted:
            place.leave()
        waiting.cancel()
        await asyncio.sleep(1)
        place.leave()
        await asyncio.wait_for(gate.enter(), 1)

    hurried(scene())


def test_a_try_that_hangs_does_not_hold_its_place_for_ever() -> None:
    async def scene() -> list[float]:
        gate = Gate(Limit(1))
        hanging = await gate.enter()
        hanging.last(100)
        hanging.last(7)
        waited = [now() for _ in range(1) if await gate.enter()]
        hanging.leave()
        later = asyncio.create_task(gate.enter())
        await asyncio.sleep(50)
        assert not later.done(), "what it gave back was one place"
        later.cancel()
        return waited

    assert hurried(scene()) == pytest.approx([7], abs=1e-3)


def test_a_pause_holds_everybody_until_the_later_end() -> None:
    async def scene() -> tuple[float, float, float]:
        gate = Gate(Limit(8))
        await gate.enter()
        gate.pause(10)
        gate.pause(30)
        gate.pause(20)
        await gate.clear()
        within = now()
        gate.pause(5)
        await asyncio.gather(gate.enter(), gate.enter())
        entered = now()
        gate.pause(1000)
        gate.open_for_good()
        await asyncio.gather(gate.enter(), gate.enter(), gate.clear())
        return within, entered, now()

    assert hurried(scene()) == pytest.approx((30, 35, 35))


async def _times(admit: Callable[[], Awaitable[None]], n: int) -> list[float]:
    """Begin so many at once, and note when each is admitted."""
    times: list[float] = []

    async def one() -> None:
        await admit()
        times.append(now())

    await asyncio.gather(*(one() for _ in range(n)))
    return times


@pytest.mark.parametrize(("a_minute", "n"), [(0.5, 4), (1, 5), (7, 40), (59, 200), (60, 200), (100, 400), (1200, 1600)])
def test_no_minute_has_more_requests_than_it_may_and_none_is_wasted(a_minute: float, n: int) -> None:
    pytest.importorskip("aiolimiter")

    async def scene() -> list[float]:
        pacer = Pacer(a_minute, None, purpose="a test")
        return await _times(lambda: pacer.admit(1000), n)

    times = hurried(scene())
    most = max(1, int(a_minute))
    for i in range(n - most):
        assert times[i + most] - times[i] > 60 - 1e-6
    at_once = max(1, a_minute / 60)
    assert sum(time < 1e-6 for time in times) <= at_once, "no burst of a whole minute"
    assert times[-1] <= (n - 1) / a_minute * 60 * 1.02 + 1


@pytest.mark.parametrize("size", [1, 250, 1500, 40_000])
def test_tokens_are_paced_and_what_is_larger_than_the_bucket_goes_through(size: int) -> None:
    pytest.importorskip("aiolimiter")

    async def scene() -> list[float]:
        pacer = Pacer(None, 30_000, purpose="a test")
        return await _times(lambda: pacer.admit(size), 10)

    times = hurried(scene())
    assert times == sorted(times)
    assert times[-1] == pytest.approx(max(10 * size - 500, 0) / 30_000 * 60 * 60 / 59, rel=0.02, abs=1e-3)


def test_small_requests_do_not_overtake_a_large_one() -> None:
    pytest.importorskip("aiolimiter")

    async def scene() -> list[int]:
        pacer, order = Pacer(None, 6000, purpose="a test"), []

        async def one(tokens: int) -> None:
            await pacer.admit(tokens)
            order.append(tokens)

        await asyncio.gather(*(one(tokens) for tokens in (90, 3000, 10, 20)))
        return order

    assert hurried(scene()) == [90, 3000, 10, 20]


def test_without_limits_there_is_nothing_to_wait_for() -> None:
    assert not Pacer(None, None, purpose="a test").limits


def test_waits_are_anything_up_to_a_bound_that_doubles() -> None:
    patience = Patience(base=0.5, most=20)
    for tries, bound in ((1, 0.5), (2, 1), (3, 2), (6, 16), (7, 20), (5000, 20)):
        waits = [patience.backoff(tries) for _ in range(300)]
        assert min(waits) < 0.1 * bound
        assert 0.9 * bound < max(waits) <= bound


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "-3"}, 0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "tomorrow"}, None),
        ({"retry-after": formatdate(1_700_000_030, usegmt=True)}, 30),
        ({"retry-after": formatdate(1_600_000_000)}, 0),
        ({"retry-after": "Wed, 31 Dec 9999999 99:99:99 GMT"}, None),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "1"}, 1),
    ],
)
def test_a_servers_wish_is_read_in_all_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert wished(headers, now=1_700_000_000) == seconds


def test_nobody_there_for_the_grace_is_the_end_and_the_first_reason_holds() -> None:
    breaker = Breaker(Patience(grace=3))
    for _ in range(32):
        breaker.absent(0, 0.01, "refused")  # all at once
    breaker.absent(2.9, 2.95, "refused")
    assert breaker.stopped is None
    breaker.absent(3.4, 3.41, "refused")
    breaker.absent(3.5, 3.51, "another")
    assert breaker.stopped == "not asked, as refused"


def test_a_server_that_comes_back_within_the_grace_is_no_dead_one() -> None:
    breaker = Breaker(Patience(grace=3))
    for second in (0, 1, 2):
        breaker.absent(second, second, "refused")
    breaker.reached()
    for second in (4, 5, 6):
        breaker.absent(second, second, "refused")
    assert breaker.stopped is None
    breaker.absent(7, 7, "refused")
    assert breaker.stopped is not None


def test_one_slow_try_without_connection_is_not_the_end() -> None:
    breaker = Breaker(Patience(grace=3))
    breaker.absent(0, 10, "no connection")
    breaker.absent(10, 20, "no connection")
    assert breaker.stopped is None
    breaker.absent(20, 30, "no connection")
    assert breaker.stopped is not None


def test_three_in_a_row_are_the_end_and_an_answer_between_them_is_not() -> None:
    breaker = Breaker(Patience())
    for time in range(20):
        breaker.failed(time, "500")
        if time % 2:
            breaker.served(time + 0.5)
    assert breaker.stopped is None
    for time in (30, 31, 32):
        breaker.failed(time, "500")
    assert breaker.stopped == "not asked, as 500"


def test_questions_that_hang_while_others_are_answered_say_nothing_of_the_server() -> None:
    breaker = Breaker(Patience())
    breaker.served(100)
    for _ in range(10):
        breaker.failed(0, "late")  # each began long before, and ended at the same time
    assert breaker.stopped is None
    for _ in range(3):
        breaker.failed(101, "late")
    assert breaker.stopped is not None
