"""Prices and limits: what is spent stays below the limit, whatever the order."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.backends import Reply, Request
from tercet.cache import Cache
from tercet.errors import ConfigError
from tercet.records import Usage
from tercet.spending import FREE, Price, Spending, dearest, read_prices
from tests.fake_model import Model, article, dollar_a_token, echo, run, system

# prices


def test_a_price_is_for_a_million_tokens() -> None:
    price = Price(prompt=0.5, answer=2.0)
    assert price.of(Usage(prompt=1_000_000, answer=0)) == 0.5
    assert price.of(Usage(prompt=2_000, answer=500)) == pytest.approx(0.001 + 0.001)
    assert FREE.of(Usage(prompt=10**9, answer=10**9)) == 0.0


def test_the_dearest_call_has_half_as_many_tokens_again_in_its_prompt() -> None:
    assert dearest(Price(prompt=1e6, answer=1e6), 100, 20) == 170.0


def test_a_table_of_prices_is_read() -> None:
    table = {"a/b:c": {"prompt": 1, "answer": 2.5}, "free": {"answer": 0, "prompt": 0}, 4: {"prompt": 1, "answer": 1}}
    found = read_prices(table)  # type: ignore[arg-type]
    assert found == {"a/b:c": Price(prompt=1.0, answer=2.5), "free": FREE, "4": Price(prompt=1.0, answer=1.0)}
    assert read_prices({}) == {}


REFUSED: list[tuple[Any, str, str]] = [
    (None, "prices.m is no mapping.", "{prompt: 0.1, answer: 0.4}"),
    (0.5, "prices.m is no mapping.", "{prompt: 0.1, answer: 0.4}"),
    ({"prompt": 1, "answr": 2}, "There is no key 'prices.m.answr'.", "Did you mean 'answer'?"),
    ({"prompt": 1}, "prices.m.answer is None.", "US dollars a million tokens"),
    ({"prompt": 1, "answer": -0.1}, "prices.m.answer is -0.1.", "US dollars a million tokens"),
    ({"prompt": 1, "answer": 16**4000}, "prices.m.answer is too large.", "US dollars a million tokens"),
    ({"prompt": "1", "answer": 1}, "prices.m.prompt is 1.", "US dollars a million tokens"),
    ({"prompt": True, "answer": 1}, "prices.m.prompt is True.", "US dollars a million tokens"),
    ({"prompt": math.nan, "answer": 1}, "prices.m.prompt is nan.", "US dollars a million tokens"),
    ({"prompt": 1, "answer": math.inf}, "prices.m.answer is inf.", "US dollars a million tokens"),
]


@pytest.mark.parametrize(("node", "problem", "remedy"), REFUSED)
def test_what_is_no_price_is_refused(node: Any, problem: str, remedy: str) -> None:
    with pytest.raises(ConfigError) as found:
        read_prices({"m": node})
    assert found.value.problem == problem
    assert remedy in found.value.remedy


# the limit


def test_a_call_fits_or_may_fit_or_does_not() -> None:
    spending = Spending(limit=10.0)
    assert spending.reserve("a", 6.0) is True
    assert spending.reserve("b", 5.0) is None, "it fits where a costs less than it may"
    spending.settle("a", 2.0)
    assert spending.reserve("b", 8.0) is True
    spending.settle("b", None)
    assert spending.spent == 10.0, "what nobody knows costs what was set aside"
    assert spending.reserve("c", 1.0) is False
    assert spending.reserve("c", 0.0) is True
    spending.settle("unknown", None)
    assert spending.spent == 10.0


def test_without_a_limit_everything_fits() -> None:
    spending = Spending()
    assert spending.reserve("a", 1e300) is True
    spending.settle("a", 3.0)
    assert spending.spent == 3.0


@given(
    costs=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=12),
    limit=st.integers(0, 200),
    chance=st.randoms(use_true_random=False),
)
@settings(max_examples=200, deadline=None)
def test_what_is_set_aside_and_spent_never_exceeds_the_limit(
    costs: list[tuple[int, int]], limit: int, chance: Any
) -> None:
    spending = Spending(limit=float(limit))
    waiting = {str(i): (cost, cost + margin) for i, (cost, margin) in enumerate(costs)}
    open_now: dict[str, int] = {}
    left_out: list[int] = []
    while waiting or open_now:
        if waiting and (not open_now or chance.random() < 0.6):
            key = chance.choice(sorted(waiting))
            cost, most = waiting[key]
            fits = spending.reserve(key, float(most))
            if fits is None:
                assert open_now
                key, cost = open_now.popitem()
                spending.settle(key, float(cost))
                continue
            del waiting[key]
            if fits:
                open_now[key] = cost
            else:
                assert not open_now
                left_out.append(most)
        else:
            key = chance.choice(sorted(open_now))
            spending.settle(key, float(open_now.pop(key)))
        assert spending.spent <= limit
    assert all(spending.spent + most > limit for most in left_out), "nothing is left out that fits"


@pytest.fixture
def cache() -> Iterator[Cache]:
    with Cache(None) as found:
        yield found


@given(
    lengths=st.lists(st.integers(1, 30), min_size=1, max_size=10),
    limit=st.integers(0, 600),
    wide=st.integers(1, 5),
    backwards=st.booleans(),
    data=st.data(),
)
@settings(max_examples=60, deadline=None)
def test_a_run_never_spends_more_than_its_limit(
    lengths: list[int], limit: int, wide: int, backwards: bool, data: st.DataObject
) -> None:
    spending = Spending(limit=float(limit))

    def answer(request: Request) -> Reply:
        taken = data.draw(st.integers(0, 50)), data.draw(st.integers(0, int(len(request.text) * 1.5)))
        kind = data.draw(st.sampled_from(["text", "text", "unknown", "failure", "refusal"]))
        usage = None if kind == "unknown" else Usage(prompt=taken[1], answer=taken[0])
        if kind == "failure":
            return Reply(failure="cut off", usage=usage)
        return Reply(failure="429", status=429) if kind == "refusal" else replace(echo(request), usage=usage)

    model = Model(answer, wide=wide, backwards=backwards)
    articles = [article(str(i), f"{i}" + "x" * length) for i, length in enumerate(lengths)]
    who = system("summarize", model, prices=dollar_a_token())
    with Cache(None) as cache:
        outputs, asking = run(articles, who, cache, ["en"], spending=spending)
    assert spending.spent <= limit
    known = sum(call.usage.prompt + call.usage.answer for call in asking.calls.values() if call.usage)
    assert spending.spent >= known
    asked = {request.text for request in model.asked}
    for output, item in zip(outputs, articles, strict=True):
        left_out = output.failure is not None and "max_cost" in output.failure
        assert left_out != (item.source in asked)
        if left_out:
            assert output.failure == f"summarize by sum: not asked: it might exceed max_cost={limit}"
            assert spending.spent + int(len(item.source or "") * 1.5) + 50 > limit, "it would have fitted"
            assert output.stages[0].attempts is None


def test_what_is_cached_costs_nothing(cache: Cache) -> None:
    articles = [article(name) for name in "abc"]
    _, asking = run(articles[:2], system("summarize", prices=dollar_a_token()), cache, ["en"])
    spending = Spending(limit=0.0)
    model = Model()
    outputs, asking = run(
        articles, system("summarize", model, prices=dollar_a_token()), cache, ["en"], spending=spending
    )
    assert [output.failure for output in outputs[:2]] == [None, None]
    assert outputs[2].failure == "summarize by sum: not asked: it might exceed max_cost=0"
    assert model.asked == []
    assert spending.spent == 0.0
    became = [(call.cached, call.failed) for call in asking.calls.values()]
    assert became == [(True, False), (True, False), (False, True)]


def test_what_costs_nothing_is_asked_whatever_the_limit(cache: Cache) -> None:
    local = Model(local=True)
    free = Model(model="free")
    for model in (local, free):
        who = system("summarize", model, prices={"free": FREE})
        outputs, _ = run([article("a")], who, cache, ["en"], spending=Spending(limit=0.0))
        assert outputs[0].text
        assert len(model.asked) == 1


def test_the_limit_is_for_all_runs_of_a_command(cache: Cache) -> None:
    spending = Spending(limit=100.0)  # a call takes 7 + 13 tokens, and may take 10 + 50
    counts = []
    for name in ("one", "two"):
        model = Model(answer=echo, model=name)
        prices = dict.fromkeys(("one", "two"), Price(prompt=1e6, answer=1e6))
        articles = [article(letter) for letter in "abcdefg"]
        run(articles, system("summarize", model, prices=prices), cache, ["en"], spending=spending)
        counts.append(len(model.asked))
        assert spending.spent == 20.0 * sum(counts)
    assert counts == [3, 0]


def test_a_call_that_turned_out_cheaper_makes_room_for_the_next(cache: Cache) -> None:
    model = Model(wide=5)  # a call may take 60 tokens, and takes 20
    spending = Spending(limit=119.0)
    articles = [article(letter) for letter in "abcdefg"]
    who = system("summarize", model, prices=dollar_a_token())
    outputs, _ = run(articles, who, cache, ["en"], spending=spending)
    assert len(model.asked) == 3
    assert model.waits > 0
    assert spending.spent == 60.0
    assert [output.failure is None for output in outputs].count(True) == 3
