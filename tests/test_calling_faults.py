"""Servers that fail in every way at once: each question is answered rightly, or fails with its reason, exactly once."""

import logging
import random
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from tercet.chat import Answer, Decoding, Endpoint, Message, Question
from tercet.chat.calling import Chat
from tercet.chat.waiting import Patience
from tests.chat_server import ChatServer, Said, closed_port, script

pytest.importorskip("aiohttp")

KEY = "sk-planted-0123456789"
N = 500
HANG = 20.0  # seconds; only a guard
RETRIES = 3
HASTY = Patience(base=0.02, most=0.2)

# What befalls a question, how often of a hundred, and the failure that it ends in; None where it is answered.
FATES: dict[str, tuple[int, str | None]] = {
    "fine": (42, None),
    "429": (8, None),
    "429 with Retry-After": (6, None),
    "500": (8, None),
    "slow bytes": (6, None),
    "cut": (8, None),
    "empty": (4, None),
    "malformed": (4, None),
    "500 for ever": (2, "answered 500: no: 500"),
    "malformed for ever": (2, "is no chat completion"),
    "cut for ever": (2, "broke off"),
    "context overflow": (3, "answered 400: the context is too long"),
    "refusal": (3, "the model refused to answer"),
    "hanging": (2, "no answer within timeout=0.6 seconds"),  # one in fifty
}


class Faulty:
    """A model to which each question's fate is drawn beforehand; some befall only its first tries."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        names, weights = list(FATES), [weight for weight, _ in FATES.values()]
        self.fates = chance.choices(names, weights, k=N)
        self.last = [chance.randint(1, 2) for _ in range(N)]
        self.tries: Counter[int] = Counter()
        self._lock = threading.Lock()

    def __call__(self, body: dict[str, Any], number: int) -> Said:
        index = int(body["messages"][-1]["content"])
        with self._lock:
            self.tries[index] += 1
            late = self.tries[index] > self.last[index]
        fate = self.fates[index]
        fine = Said(content=f"answer {index}", delay=0.005)
        return fine if late and FATES[fate][1] is None else self._suffer(fate, fine)

    @staticmethod
    def _suffer(fate: str, fine: Said) -> Said:
        fates = {
            "429": Said(status=429),
            "429 with Retry-After": Said(status=429, headers={"Retry-After": "0.03"}),
            "500": Said(status=500),
            "slow bytes": Said(content=fine.content, drip=0.001),
            "cut": Said(content="lost", cut=True),
            "empty": Said(body=b""),
            "malformed": Said(body=b'{"choices": [{"message": {"content": "ans'),
            "500 for ever": Said(status=500),
            "malformed for ever": Said(body=f"<html>Bearer {KEY}</html>".encode()),
            "cut for ever": Said(content="lost", cut=True),
            "context overflow": Said(status=400, body=b'{"error": {"message": "the context is too long"}}'),
            "refusal": Said(body=b'{"choices": [{"message": {"content": null, "refusal": "I will not."}}]}'),
            "hanging": Said(content="late", delay=60),
        }
        return fates.get(fate, fine)


def questions(n: int) -> Iterator[Question]:
    return (Question(messages=(Message("user", str(number)),)) for number in range(n))


def ask(url: str, n: int, patience: Patience = HASTY, **options: Any) -> dict[int, Answer]:
    """Ask, each question once and no answer twice; within the guard."""
    endpoint = Endpoint(base_url=url, **{"timeout": 10.0, "retries": RETRIES, "concurrency": 32} | options)
    began = time.monotonic()
    with Chat(endpoint, "m", Decoding(), purpose="a test", patience=patience) as chat:
        found = list(chat.ask(questions(n)))
    assert time.monotonic() - began < HANG
    assert sorted(index for index, _ in found) == list(range(n)), "none is lost, and none comes twice"
    return dict(found)


def test_every_question_is_right_or_fails_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("THE_KEY", KEY)
    model = Faulty(seed=5)
    assert set(model.fates) == set(FATES)
    with ChatServer(model) as server:
        found = ask(server.url, N, timeout=0.6, key_variable="THE_KEY")
        assert server.headers[0]["authorization"] == f"Bearer {KEY}"
        assert server.most <= 32 + model.tries.total() // 10, "those that hang are still open there"
    for index, answer in found.items():
        reason = FATES[model.fates[index]][1]
        if reason is None:
            assert (answer.text, answer.failure, answer.status) == (f"answer {index}", None, 200), model.fates[index]
        else:
            assert reason in str(answer.failure)
            assert answer.text is None
        assert answer.attempts == model.tries[index], "no call is made that is not reported"
        assert 1 <= answer.attempts <= RETRIES + 1
    last = {fate: {found[index].status for index in range(N) if model.fates[index] == fate} for fate in FATES}
    assert last["500 for ever"] == {500}
    assert last["context overflow"] == {400}
    assert last["malformed for ever"] == last["refusal"] == {200}
    assert last["hanging"] == last["cut for ever"] == {None}
    out, err = capfd.readouterr()
    assert KEY not in repr(found) + caplog.text + out + err


@pytest.mark.parametrize("retries", [0, 5])
def test_a_dead_server_ends_the_asking_in_seconds(retries: int) -> None:
    found = ask(closed_port(), N, Patience(base=0.05, grace=0.3), retries=retries)
    tried = [answer for answer in found.values() if answer.attempts]
    assert 1 <= len(tried) <= 33
    assert all("cannot be reached" in str(answer.failure) and answer.status is None for answer in tried)
    rest = [answer.failure for answer in found.values() if not answer.attempts]
    assert all(str(failure).startswith("not asked, as") for failure in rest)
    assert len(set(rest)) == 1


def test_a_server_that_starts_anew_is_waited_for_and_nothing_fails() -> None:
    """As long as it takes to start, within the grace: no question fails for it, however few its retries."""
    address = closed_port()
    server = ChatServer(script("fine"), port=int(address.removesuffix("/v1").rpartition(":")[2]))
    starting = threading.Timer(1.2, server.__enter__)
    starting.start()
    found = ask(address, 50, Patience(), retries=1)
    starting.join()
    server.__exit__(None, None, None)
    assert {answer.text for answer in found.values()} == {"fine"}
    assert len(server.requests) == 50
    assert max(answer.attempts for answer in found.values()) > 1


def test_a_server_that_fails_at_everything_ends_the_asking() -> None:
    with ChatServer(script(Said(status=500))) as server:
        found = ask(server.url, N, retries=2)
    assert len(server.requests) <= 3 * 2 * 32
    assert len([answer for answer in found.values() if answer.attempts]) <= 2 * 32, "those at once, and who came next"


def test_a_wrong_model_is_asked_for_once() -> None:
    body = b'{"error": {"message": "The model `m` does not exist."}}'
    with ChatServer(script(Said(status=404, body=body))) as server:
        found = ask(server.url, 100, concurrency=4)
    assert len(server.requests) <= 4
    reason = f"{server.url} answered 404: The model `m` does not exist.; check base_url, model and key_variable"
    assert {answer.failure for answer in found.values()} == {reason, f"not asked, as {reason}"}


def test_an_overwhelmed_server_is_asked_less_at_once_and_then_more_again() -> None:
    """It serves four at once and turns the rest away; nobody fails, and few are turned away."""
    open_now, turned_away = 0, 0
    lock = threading.Lock()

    def model(body: dict[str, Any], number: int) -> Said | str:
        nonlocal open_now, turned_away
        with lock:
            if open_now >= 4:
                turned_away += 1
                return Said(status=429)
            open_now += 1
        time.sleep(0.005)
        with lock:
            open_now -= 1
        return "fine"

    with ChatServer(model) as server:
        found = ask(server.url, 200, retries=8)
    assert {answer.text for answer in found.values()} == {"fine"}
    assert 0 < turned_away < 200


def test_who_is_told_to_wait_makes_everybody_wait() -> None:
    arrived: list[float] = []

    def model(body: dict[str, Any], number: int) -> Said | str:
        arrived.append(time.monotonic())
        return Said(status=429, headers={"retry-after-ms": "400"}) if number == 0 else "fine"

    with ChatServer(model) as server:
        found = ask(server.url, 20, concurrency=1)
        assert {answer.text for answer in found.values()} == {"fine"}
        assert arrived[1] - arrived[0] >= 0.39
        assert len(arrived) == 21
        arrived.clear()
        server.requests.clear()
        ask(server.url, 40, concurrency=4)
    quiet = max(later - earlier for earlier, later in pairwise(arrived))
    assert quiet >= 0.35, "those who were not told wait as well"


def test_requests_are_spread_over_the_minute() -> None:
    with ChatServer(script("fine")) as server:
        began = time.monotonic()
        ask(server.url, 5, requests_per_minute=600)
        assert time.monotonic() - began < HANG
        began = time.monotonic()
        ask(server.url, 3, requests_per_minute=120)
    assert time.monotonic() - began >= 0.45, "two at once, and the third half a second later"


def test_a_dead_server_ends_also_what_waits_for_its_turn() -> None:
    """A turn may be minutes away; nobody waits for it once nothing is asked any more."""
    with ChatServer(script(Said(status=401))) as server:
        found = ask(server.url, 20, concurrency=4, requests_per_minute=0.1)
    assert len(server.requests) == 1
    assert sum(not answer.attempts for answer in found.values()) == 19


def test_the_key_is_in_no_traceback(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """Also where the project itself is at fault."""
    monkeypatch.setenv("THE_KEY", KEY)

    def broken(body: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tercet.chat.asking.read", broken)
    with ChatServer(script("fine")) as server:
        endpoint = Endpoint(base_url=server.url, key_variable="THE_KEY")
        with (
            Chat(endpoint, "m", Decoding(), purpose="a test") as chat,
            pytest.raises(ExceptionGroup) as caught,
        ):
            list(chat.ask(questions(3)))
    out, err = capfd.readouterr()
    assert KEY not in "".join(traceback.format_exception(caught.value)) + out + err + repr(caught.value)
