"""The loop that executors share, over slots that are threads of the test, or that die when they are told to."""

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tercet.errors import ConfigError, RunError
from tercet.executors import Done, Job, Lost
from tercet.executors.dispatching import dispatch
from tercet.executors.here import HereSlot
from tercet.executors.slots import DiedError, Pool

Outcome = Done | Lost


@dataclass
class Engine:
    """Opens slots of which each step, start and idle time may be a worker's last; they answer at once."""

    size: int
    deaths: Iterator[bool]
    alive: list["Fragile"] = field(default_factory=list)
    most: int = 0

    def pool(self) -> Pool:
        return Pool(open=self.open, size=lambda: self.size)

    def open(self) -> "Fragile":
        slot = Fragile(self)
        self.alive.append(slot)
        self.most = max(self.most, len(self.alive))
        return slot

    def dies(self) -> bool:
        return next(self.deaths, False)


class Fragile:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.ready: Future[Any] = self._answer(None)

    def submit(self, step: str, payload: Any) -> Future[Any]:
        if self.engine.dies():
            raise DiedError("idle")
        return self._answer((*payload, step))

    def result(self, future: Future[Any]) -> Any:
        return future.result()

    def end(self, *, now: bool) -> None:
        self.engine.alive.remove(self)

    def join(self) -> None:
        assert self not in self.engine.alive

    def _answer(self, value: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if self.engine.dies():
            future.set_exception(DiedError("gone"))
        else:
            future.set_result(value)
        return future


steps = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), max_size=4).map(tuple)


@given(
    work=st.lists(steps, max_size=12),
    sizes=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    deaths=st.lists(st.booleans(), max_size=30),
)
def test_each_job_comes_once_whoever_dies(
    work: list[tuple[tuple[str, str], ...]], sizes: tuple[int, int], deaths: list[bool]
) -> None:
    told = iter(deaths)
    engines = {name: Engine(size, told) for name, size in zip("ab", sizes, strict=True)}
    jobs = (Job(key=key, steps=each, payload=()) for key, each in enumerate(work))
    pools = {name: engine.pool() for name, engine in engines.items()}
    found = {outcome.key: outcome for outcome in dispatch(jobs, pools, attempts=100)}
    assert found == {
        key: Done(key=key, result=tuple(step for _, step in each)) for key, each in enumerate(work)
    }  # none is lost, as none can die a hundred times
    for engine in engines.values():
        assert not engine.alive
        assert engine.most <= engine.size


@given(deaths=st.integers(0, 6), attempts=st.integers(1, 4))
def test_a_step_is_tried_as_often_as_it_may_be(deaths: int, attempts: int) -> None:
    # Of the one slot, and of each that takes its place: it starts, is still there when the step comes, and then dies.
    engine = Engine(1, iter([False, False, True] * deaths))
    outcomes = list(dispatch([Job(key=7, steps=(("a", "x"),), payload=())], {"a": engine.pool()}, attempts=attempts))
    if deaths < attempts:
        assert outcomes == [Done(key=7, result=("x",))]
    else:
        times = "once" if attempts == 1 else f"{attempts} times"
        assert outcomes == [Lost(key=7, reason=f"its worker died {times}: gone")]


def test_workers_that_die_as_they_start_end_the_run() -> None:
    engine = Engine(2, iter([True] * 100))
    with pytest.raises(RunError, match="Workers of the pool 'a' die as they start: gone"):
        list(dispatch([Job(key=0, steps=(("a", "x"),), payload=())], {"a": engine.pool()}, attempts=3))
    assert not engine.alive


class Never(Fragile):
    """A slot for which there is never room."""

    def _answer(self, value: Any) -> Future[Any]:
        return Future()


def test_a_pool_without_room_is_waited_for_with_patience_only() -> None:
    engine = Engine(1, iter(()))

    def open_never() -> Never:
        slot = Never(engine)
        engine.alive.append(slot)
        return slot

    pools = {"a": Pool(open=open_never, size=lambda: 1)}
    with pytest.raises(RunError, match=r"No worker of the pool 'a' could be started within 0\.05 seconds"):
        list(dispatch([Job(key=0, steps=(("a", "x"),), payload=())], pools, attempts=3, patience=0.05, tick=0.01))
    assert not engine.alive


class Echo:
    def do(self, step: str, payload: Any) -> Any:
        if step == "fail":
            raise ConfigError("wrong")
        return payload


def echoing(slots: int) -> dict[str, Pool]:
    return {"a": Pool(open=lambda: HereSlot(Echo()), size=lambda: slots)}


@pytest.mark.parametrize("slots", [1, 4])
def test_jobs_are_taken_as_there_is_room(slots: int) -> None:
    taken: list[int] = []

    def endless() -> Iterator[Job]:
        while True:
            taken.append(len(taken))
            yield Job(key=taken[-1], steps=(("a", "x"),) * 2, payload=None)

    outcomes = dispatch(endless(), echoing(slots), attempts=1)
    for given_on in range(1, 20):
        next(outcomes)
        # Alive are so many at most; and those that are done, and wait to be read, were alive a turn before.
        assert len(taken) - given_on <= 2 * (slots + 2)
    outcomes.close()


def test_a_job_is_finished_before_another_is_begun() -> None:
    done: list[tuple[int, str]] = []

    class Noting:
        def do(self, step: str, payload: int) -> int:
            done.append((payload, step))
            return payload

    work = [Job(key=key, steps=(("a", "x"), ("a", "y")), payload=key) for key in range(3)]
    outcomes = dispatch(work, {"a": Pool(open=lambda: HereSlot(Noting()), size=lambda: 1)}, attempts=1)
    assert [outcome.key for outcome in outcomes] == [0, 1, 2]
    assert done == [(key, step) for key in range(3) for step in "xy"]


def test_no_slot_is_opened_before_it_is_needed_nor_more_than_are_needed() -> None:
    engines = {name: Engine(5, iter(())) for name in "abc"}
    work = [Job(key=0, steps=(("a", "x"), ("b", "y")), payload=()), Job(key=1, steps=(("a", "x"),), payload=())]
    outcomes = list(dispatch(work, {name: engine.pool() for name, engine in engines.items()}, attempts=1))
    assert len(outcomes) == 2
    assert [engine.most for engine in engines.values()] == [2, 1, 0]


def test_what_jobs_raise_while_they_are_read_ends_the_run() -> None:
    def broken() -> Iterator[Job]:
        yield Job(key=0, steps=(("a", "x"),), payload=None)
        raise ConfigError("no more")

    with pytest.raises(ConfigError, match="no more"):
        list(dispatch(broken(), echoing(1), attempts=1))


def test_an_error_is_no_death() -> None:
    with pytest.raises(ConfigError, match="wrong"):
        list(dispatch([Job(key=0, steps=(("a", "fail"),), payload=None)], echoing(2), attempts=3))


def test_a_job_without_steps_is_done() -> None:
    assert list(dispatch([Job(key=3, steps=(), payload="as it is")], {}, attempts=1)) == [
        Done(key=3, result="as it is")
    ]
