"""Generation with models whose calls cost: each request once, from the cache, or from another process."""

import json
import multiprocessing
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tercet.backends import Reply, Request
from tercet.cache import Cache
from tercet.census import census_of
from tercet.errors import BackendError
from tercet.generating import RequestMaker, System, is_costly
from tercet.pipeline import segments_of
from tercet.planning import plan
from tercet.records import Article, Usage
from tercet.spending import FREE, Price, Spending
from tests.fake_model import Model, article, echo, run, system

ARTICLES = [article(name) for name in "abcdefg"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "replies.sqlite"


@pytest.fixture
def cache(file: Path) -> Iterator[Cache]:
    with Cache(file) as found:
        yield found


def texts(model: Model) -> list[str]:
    return sorted(request.text for request in model.asked)


# each request once


@pytest.mark.parametrize("wide", [1, 3, 100])
@pytest.mark.parametrize("backwards", [False, True])
def test_each_request_is_asked_once_and_answered_in_its_place(cache: Cache, wide: int, backwards: bool) -> None:
    model = Model(wide=wide, backwards=backwards)
    twins = [article("twin", "Text a."), *ARTICLES]
    outputs, asking = run(twins, system("summarize", model), cache, ["en"])
    assert [output.text for output in outputs] == [f"s>en({item.source})" for item in twins]
    assert texts(model) == [f"Text {name}." for name in "abcdefg"]
    assert len(asking.calls) == 7
    assert not any(call.cached or call.failed for call in asking.calls.values())


def test_what_is_cached_is_not_asked_and_says_the_same_of_itself(file: Path) -> None:
    found = []
    for expected in (7, 0):
        model = Model(wide=3)
        with Cache(file) as cache:
            outputs, asking = run(ARTICLES, system("summarize", model), cache, ["en"])
        assert len(model.asked) == expected
        assert [call.cached for call in asking.calls.values()] == [expected == 0] * 7
        found.append((outputs, [replace(call, cached=False) for call in asking.calls.values()]))
    assert found[0] == found[1]


def test_what_is_missing_is_asked_alone(file: Path) -> None:
    with Cache(file) as cache:
        run(ARTICLES[:3], system("summarize"), cache, ["en"])
        model = Model(wide=2)
        outputs, asking = run(ARTICLES, system("summarize", model), cache, ["en"])
    assert texts(model) == [f"Text {name}." for name in "defg"]
    assert all(output.text for output in outputs)
    assert [call.cached for call in asking.calls.values()] == [True] * 3 + [False] * 4


def test_a_failure_is_no_reply_to_keep(file: Path) -> None:
    def fails(request: Request) -> Reply:
        return (
            Reply(failure="429", prompt="hash", attempts=3, status=429) if request.text < "Text d." else echo(request)
        )

    with Cache(file) as cache:
        outputs, asking = run(ARTICLES, system("summarize", Model(fails)), cache, ["en"])
    assert [output.failure for output in outputs[:4]] == ["summarize by sum: 429"] * 3 + [None]
    (stage,) = outputs[0].stages
    assert (stage.text, stage.attempts, stage.status, stage.prompt) == (None, 3, 429, "hash")
    assert (outputs[3].stages[0].attempts, outputs[3].stages[0].status) == (None, None)
    assert [call.failed for call in asking.calls.values()] == [True] * 3 + [False] * 4
    again = Model()
    with Cache(file) as cache:
        assert sum(item.replies for item in cache.stats()) == 4
        run(ARTICLES, system("summarize", again), cache, ["en"])
    assert texts(again) == ["Text a.", "Text b.", "Text c."]


def test_a_failure_without_a_reason_says_so(cache: Cache) -> None:
    (output,), _ = run([article("a")], system("summarize", Model(lambda _: Reply())), cache, ["en"])
    assert output.failure == "summarize by sum: no reason was given"


def test_what_is_kept_is_what_the_backend_says_and_what_it_restores(file: Path) -> None:
    said = Reply(text="Short.", answer="{...}", flaw="no JSON", prompt="hash", usage=Usage(prompt=3, answer=2))
    found = []
    for _ in range(2):
        with Cache(file) as cache:
            (output,), _ = run([article("a")], system("summarize", Model(lambda _: said)), cache, ["en"])
            (kept,) = cache.stats()
        found.append(output)
    assert found[0] == found[1]
    (stage,) = found[0].stages
    assert (stage.text, stage.answer, stage.flaw, stage.prompt) == ("Short.", "{...}", "no JSON", "hash")
    assert stage.usage == Usage(prompt=3, answer=2)
    assert kept.backend == "tiny"
    assert kept.characters > len("Short.")


def test_a_kept_reply_that_cannot_be_read_is_named_with_its_remedy(cache: Cache) -> None:
    model = Model(lambda _: Reply(text="x", kept="no json"))
    run([article("a")], system("summarize", model), cache, ["en"])
    with pytest.raises(BackendError, match=r"'sum' cannot read what the cache kept of a reply: JSONDecode") as found:
        run([article("a")], system("summarize", Model()), cache, ["en"])
    assert "tercet cache prune" in found.value.remedy


def test_a_reply_that_is_empty_is_a_reply(file: Path) -> None:
    model = Model(lambda _: Reply(text=""))
    with Cache(file) as cache:
        run([article("a")], system("summarize", model), cache, ["en"])
        (output,), _ = run([article("a")], system("summarize", model), cache, ["en"])
    assert (output.text, output.failure) == ("", None)
    assert len(model.asked) == 1


def test_a_model_that_is_not_cacheable_is_asked_each_time_and_nothing_is_kept(cache: Cache) -> None:
    model = Model(cacheable=False)
    for _ in range(2):
        run(ARTICLES, system("summarize", model), cache, ["en"])
    assert len(model.asked) == 14
    assert cache.stats() == []


# backends at fault


def leaves_out(requests: Any) -> Iterator[Any]:
    for index, _ in enumerate(requests):
        if index != 1:
            yield index, Reply(text="x")


def twice(requests: Any) -> Iterator[Any]:
    for index, _ in enumerate(requests):
        yield index, Reply(text="x")
        yield index, Reply(text="x")


def ahead(requests: Any) -> Iterator[Any]:
    next(requests)
    yield 1, Reply(text="x")


def before(requests: Any) -> Iterator[Any]:
    next(requests)
    yield -1, Reply(text="x")


def by_name(requests: Any) -> Iterator[Any]:
    next(requests)
    yield "0", Reply(text="x")


def ignores(requests: Any) -> Iterator[Any]:
    yield from ()


def answers_unasked(requests: Any) -> Iterator[Any]:
    yield 0, Reply(text="x")


def gives_texts(requests: Any) -> Iterator[Any]:
    yield from ((index, "x") for index, _ in enumerate(requests))


def gives_no_pairs(requests: Any) -> Iterator[Any]:
    yield from (Reply(text="x") for _ in requests)


def stops_short(requests: Any) -> Iterator[Any]:
    next(requests)
    yield 0, Reply(text="x")
    raise ConnectionError("the wire was cut")


def gives_nothing(requests: Any) -> Any:
    return None


FAULTS: dict[Any, str] = {
    leaves_out: "'sum' answered 6 of 7 requests.",
    twice: "'sum' answered request 0 twice.",
    ahead: "'sum' answered request 1 of 1, counted from 0.",
    before: "'sum' answered request -1 of 1, counted from 0.",
    by_name: "'sum' answered request '0' of 1, counted from 0.",
    ignores: "'sum' answered 0 of 7 requests.",
    answers_unasked: "'sum' answered request 0 of 0, counted from 0.",
    gives_texts: "'sum' answered with 'x', which is no Reply with a text.",
    gives_no_pairs: "'sum' failed: TypeError: cannot unpack non-iterable Reply object",
    stops_short: "'sum' failed: ConnectionError: the wire was cut (test_generating.py:",
    gives_nothing: "'sum' failed: TypeError: 'NoneType' object is not iterable",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_model_at_fault_is_named(cache: Cache, fault: Any) -> None:
    with pytest.raises(BackendError) as found:
        run(ARTICLES, system("summarize", Model(script=fault)), cache, ["en"])
    assert found.value.problem.startswith(FAULTS[fault])
    assert found.value.remedy == "This is a fault of the backend."


def test_what_came_before_a_model_broke_is_kept(file: Path) -> None:
    def breaks(request: Request) -> Reply:
        if request.text == "Text c.":
            raise ConnectionError("the wire was cut")
        return echo(request)

    with Cache(file) as cache, pytest.raises(BackendError, match="ConnectionError: the wire was cut"):
        run(ARTICLES, system("summarize", Model(breaks)), cache, ["en"])
    again = Model()
    with Cache(file) as cache:
        run(ARTICLES, system("summarize", again), cache, ["en"])
    assert texts(again) == [f"Text {name}." for name in "cdefg"]


# other processes

# Claims keys, says so, and does as it is told: "store KEY", "release KEY", "end".
OTHER = """
import json, sys
from pathlib import Path
from tercet.cache import Cache

with Cache(Path(sys.argv[1])) as cache:
    for key in sys.argv[2:]:
        assert cache.claim(key)
    print("claimed", flush=True)
    for line in sys.stdin:
        word, key, *reply = json.loads(line)
        if word == "store":
            cache.store(key, reply[0], "tiny")
        cache.release(key)
        print("done", flush=True)
"""


class Other:
    """Another process, which asks for something."""

    def __init__(self, file: Path, *keys: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", OTHER, str(file), *keys],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._heard("claimed")

    def __enter__(self) -> "Other":
        return self

    def __exit__(self, *_: object) -> None:
        self.die()
        self._process.communicate(timeout=20)

    def store(self, key: str, reply: str) -> None:
        """Keep a reply, and give the claim back."""
        self._tell("store", key, reply)

    def release(self, key: str) -> None:
        """Give the claim back without a reply."""
        self._tell("release", key)

    def die(self) -> None:
        """Be killed."""
        self._process.kill()
        self._process.wait(20)

    def _tell(self, *words: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        self._heard("done")

    def _heard(self, word: str) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == f"{word}\n"


def key_of(who: System, item: Article) -> str:
    """The key of the summary of an article."""
    (case,) = plan(census_of((item,)), who, ["en"], None)
    (step,) = who.route.steps(case)
    maker = RequestMaker(who, "summarize")
    return maker.key(maker.request(case, step, item.source))


class Waiting:
    """What happens while a model has nothing to ask: the other process does something, the second time."""

    def __init__(self, act: Callable[[], None]) -> None:
        self.model: Model | None = None
        self.asked_before: list[str] = []
        self._act, self._times = act, 0

    def __call__(self) -> None:
        self._times += 1
        if self._times == 1:
            assert self.model is not None
            self.asked_before = texts(self.model)
        if self._times == 2:
            self._act()
        assert self._times < 2000, "what the other process has done is not noticed"


@pytest.mark.parametrize("wide", [1, 3])
def test_a_reply_that_another_process_is_asking_for_is_taken_over(file: Path, cache: Cache, wide: int) -> None:
    who = system("summarize", Model())
    key = key_of(who, ARTICLES[0])
    kept = json.dumps({"text": "from elsewhere", "usage": {"prompt": 1, "answer": 2}, "seconds": 9.0})
    with Other(file, key) as other:
        waiting = Waiting(lambda: other.store(key, kept))
        waiting.model = model = Model(wide=wide, on_wait=waiting)
        outputs, asking = run(ARTICLES, system("summarize", model), cache, ["en"])
    assert waiting.asked_before == [f"Text {name}." for name in "bcdefg"], "others are asked meanwhile"
    assert texts(model) == waiting.asked_before
    assert [output.text for output in outputs] == ["from elsewhere", *(f"s>en(Text {name}.)" for name in "bcdefg")]
    assert [call.cached for call in asking.calls.values()] == [True] + [False] * 6


@pytest.mark.parametrize("ending", ["dies", "gives up"])
def test_what_another_process_leaves_unanswered_is_asked_here(file: Path, cache: Cache, ending: str) -> None:
    keys = [key_of(system("summarize", Model()), item) for item in ARTICLES[2:5]]
    with Other(file, *keys) as other:

        def end() -> None:
            if ending == "dies":
                other.die()
                return
            for key in keys:
                other.release(key)

        waiting = Waiting(end)
        waiting.model = model = Model(wide=2, on_wait=waiting)
        outputs, asking = run(ARTICLES, system("summarize", model), cache, ["en"])
    assert waiting.asked_before == [f"Text {name}." for name in "abfg"]
    assert texts(model) == [f"Text {name}." for name in "abcdefg"]
    assert [output.text for output in outputs] == [f"s>en(Text {name}.)" for name in "abcdefg"]
    assert not any(call.cached for call in asking.calls.values())


def test_while_others_are_waited_for_each_is_looked_at_once_a_turn(
    file: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []
    claim = cache.claim

    def look(key: str) -> bool:
        looked.append(key)
        return claim(key)

    monkeypatch.setattr(cache, "claim", look)
    keys = [key_of(system("summarize", Model()), item) for item in ARTICLES[:3]]
    counts = []
    with Other(file, *keys) as other:

        def wait() -> None:
            counts.append(len(looked))
            if len(counts) == 10:
                other.die()

        run(ARTICLES[:3], system("summarize", Model(on_wait=wait)), cache, ["en"])
    assert counts == [3 * turn for turn in range(1, 11)]


def test_a_claim_is_given_back_whatever_came_of_the_request(file: Path, cache: Cache) -> None:
    def fails(request: Request) -> Reply:
        return Reply(failure="500") if request.text == "Text a." else echo(request)

    who = system("summarize", Model(fails))
    run(ARTICLES[:2], who, cache, ["en"])
    with Other(file, *(key_of(who, item) for item in ARTICLES[:2])):
        pass  # it could claim both


def test_a_claim_is_given_back_of_what_is_not_asked(file: Path) -> None:
    prices = {"tiny": Price(prompt=1e6, answer=1e6)}
    who = system("summarize", Model(), prices=prices)
    keys = [key_of(who, item) for item in ARTICLES]
    with Cache(file) as cache, Other(file, keys[0]) as other:
        kept = json.dumps({"text": "from elsewhere", "usage": None})
        waiting = Waiting(lambda: other.store(keys[0], kept))
        waiting.model = model = Model(on_wait=waiting)
        spending = Spending(limit=130.0)
        outputs, _ = run(ARTICLES, system("summarize", model, prices=prices), cache, ["en"], spending=spending)
        assert [output.failure is None for output in outputs] == [True] * 5 + [False] * 2
        with Other(file, *keys):
            pass  # it could claim them all


def ask_slowly(request: Request) -> Reply:
    time.sleep(0.01)
    return echo(request)


def generate_at_once(file: Path, barrier: Any, told: Any) -> None:
    """Summarize forty articles at the same moment as another process, over one cache."""
    model = Model(ask_slowly, wide=4, backwards=True)
    articles = [article(str(i)) for i in range(40)]
    barrier.wait(60)
    with Cache(file) as cache:
        outputs, _ = run(articles, system("summarize", model), cache, ["en", "zh"])
    told.put((texts(model), [output.text for output in outputs]))


def test_two_processes_over_one_cache_ask_nothing_twice(file: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    barrier, told = spawn.Barrier(2), spawn.Queue()
    workers = [spawn.Process(target=generate_at_once, args=(file, barrier, told)) for _ in range(2)]
    for worker in workers:
        worker.start()
    (first, outputs), (second, others) = [told.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join(60)
    assert sorted(first + second) == sorted(f"Text {i}." for i in range(40) for _ in range(2))
    assert outputs == others
    assert len(outputs) == 80


# repeats


def test_a_repeat_is_asked_anew_where_it_is_read_and_once_where_it_is_not(file: Path) -> None:
    reading = Model(
        lambda r: replace(echo(r), text=f"time {r.repeat}"), reads=frozenset({"text", "repeat"}), model="reading"
    )
    for _ in range(2):
        with Cache(file) as cache:
            outputs, asking = run([article("a")], system("summarize", reading), cache, ["zh"], repeats=3)
        assert [output.case_id for output in outputs] == ["a:zh", "a:zh#2", "a:zh#3"]
        assert [output.repeat for output in outputs] == [0, 1, 2]
        assert [output.text for output in outputs] == ["time 0", "time 1", "time 2"]
        assert len(asking.calls) == 3
    assert [request.repeat for request in reading.asked] == [0, 1, 2]
    deaf = Model(model="deaf")
    with Cache(file) as cache:
        outputs, asking = run([article("a")], system("summarize", deaf), cache, ["zh"], repeats=3)
    assert len(deaf.asked) == len(asking.calls) == 1
    assert [output.text for output in outputs] == ["s>zh(Text a.)"] * 3


def test_a_later_stage_goes_on_from_the_same_repeat(cache: Cache) -> None:
    both = frozenset({"text", "repeat"})
    summarizer = Model(lambda r: Reply(text=f"sum {r.repeat}"), reads=both)
    translator = Model(lambda r: Reply(text=f"tra {r.repeat} of {r.text}"), reads=both)
    outputs, _ = run([article("a")], system("summarize translate", summarizer, translator), cache, repeats=2)
    assert {output.case_id: output.text for output in outputs} == {
        "a:en": "sum 0",
        "a:en#2": "sum 1",
        "a:zh": "tra 0 of sum 0",
        "a:zh#2": "tra 1 of sum 1",
    }
    assert len(summarizer.asked) == len(translator.asked) == 2


def test_segments_are_paired_with_the_other_language_of_the_same_repeat(cache: Cache) -> None:
    model = Model(lambda r: Reply(text=f"{r.target_language} {r.repeat}"), reads=frozenset({"text", "repeat"}))
    who = system("summarize", model)
    cases = plan(census_of((article("a"), article("b"))), who, None, None, 2)
    outputs, _ = run([article("a"), article("b")], who, cache, repeats=2)
    found = segments_of(cases, outputs)
    assert [(segment.id, segment.repeat, dict(segment.parallels)) for segment in found["en"]] == [
        ("a:en", 0, {"zh": "zh 0"}),
        ("a:en#2", 1, {"zh": "zh 1"}),
        ("b:en", 0, {"zh": "zh 0"}),
        ("b:en#2", 1, {"zh": "zh 1"}),
    ]
    assert {segment.cluster for segment in found["en"]} == {"a", "b"}


# systems and progress


def test_progress_goes_from_what_is_cached_to_the_end(cache: Cache) -> None:
    from tercet.generating import Asking, generate

    run(ARTICLES[:2], system("summarize"), cache, ["en"])
    told: list[tuple[str, int, int]] = []
    who = system("summarize", Model(wide=2))
    cases = plan(census_of(tuple(ARTICLES[:5])), who, ["en"], None)
    generate(cases, who, Asking(cache, lambda *words: told.append(words)))
    assert told == [("sum", done, 5) for done in (2, 3, 4, 5)]


def test_what_a_role_costs() -> None:
    prices = {"tiny": Price(prompt=1.0, answer=2.0)}
    computing: Any = Model(costly=False)
    who = system("summarize translate", Model(), computing, prices)
    assert who.price("summarize") == prices["tiny"]
    assert who.price("translate") == FREE
    assert system("summarize", Model(model="other"), prices=prices).price("summarize") is None
    assert system("summarize", Model(model="other", local=True), prices=prices).price("summarize") == FREE
    assert [is_costly(backend) for backend in who.backends.values()] == [True, False]


def test_a_backend_that_computes_is_no_call(cache: Cache) -> None:
    computing: Any = Model(costly=False)
    outputs, asking = run(ARTICLES, system("summarize", computing), cache, ["en"])
    assert all(output.text for output in outputs)
    assert asking.calls == {}
    assert [kept.backend for kept in cache.stats()] == ["model"]
