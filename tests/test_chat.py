"""Chat completions, against a real server on this machine that does what servers do."""

import asyncio
import json
import socket
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from tercet.chat import Answer, Decoding, Endpoint, Message, Question
from tercet.chat.waiting import Patience
from tercet.chat.wire import formats, read, request, words
from tercet.errors import ConfigError, MissingExtraError
from tercet.records import Usage
from tests.chat_server import ChatServer, Model, Said, closed_port, script

SCHEMA = {"title": "a_thing", "type": "object"}
KEY = "sk-planted-0123456789"

needs_aiohttp = pytest.mark.usefixtures("aiohttp")


@pytest.fixture
def aiohttp() -> None:
    pytest.importorskip("aiohttp")


def asked(*texts: str, schema: dict[str, Any] | None = None) -> list[Question]:
    return [Question(messages=(Message("system", "Be brief."), Message("user", text)), schema=schema) for text in texts]


def ask(url: str, questions: Sequence[Question], decoding: Decoding | None = None, **options: Any) -> list[Answer]:
    """Ask with no second try and no long wait, unless it is said otherwise; answers in the order of the questions."""
    from tercet.chat.calling import Chat

    patience = options.pop("patience", Patience(base=0.01))
    endpoint = Endpoint(base_url=url, **{"retries": 0, "timeout": 10.0, **options})
    with Chat(endpoint, "m", decoding or Decoding(), purpose="a test", patience=patience) as chat:
        found = list(chat.ask(questions))
    assert sorted(index for index, _ in found) == list(range(len(questions)))
    return [answer for _, answer in sorted(found, key=lambda item: item[0])]


def echo(body: dict[str, Any], number: int) -> str:
    return f"You said: {body['messages'][-1]['content']}"


@needs_aiohttp
def test_a_question_is_sent_as_it_is_and_answered() -> None:
    with ChatServer(echo) as server:
        (answer,) = ask(server.url, asked("Wer? 谁？"), Decoding(temperature=0.0, max_tokens=7, seed=3))
    assert answer.text == "You said: Wer? 谁？"
    assert (answer.failure, answer.cut, answer.attempts, answer.status, answer.usage) == (None, False, 1, 200, None)
    assert answer.seconds is not None
    assert 0 < answer.seconds < 10
    assert server.requests == [
        {
            "model": "m",
            "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Wer? 谁？"}],
            "temperature": 0.0,
            "max_tokens": 7,
            "seed": 3,
        }
    ]


@needs_aiohttp
def test_what_a_model_refuses_to_be_told_can_be_left_out() -> None:
    with ChatServer(echo) as server:
        ask(server.url, asked("a"), Decoding(temperature=None))
    assert not {"temperature", "seed"} & set(server.requests[0])


@needs_aiohttp
def test_half_characters_do_not_break_a_request_or_an_answer() -> None:
    with ChatServer(lambda body, _: Said(body=b'{"choices": [{"message": {"content": "\\ud83d"}}]}')) as server:
        (answer,) = ask(server.url, asked("a\ud83db"))
    assert server.requests[0]["messages"][1]["content"] == "a\ufffdb"
    assert answer.text == "\ufffd"


@needs_aiohttp
def test_no_key_is_sent_that_was_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OTHER", "another")
    with ChatServer(echo) as server:
        ask(server.url, asked("a"))
        ask(server.url, asked("a"), key_variable="OTHER")
    assert "authorization" not in server.headers[0]
    assert server.headers[1]["authorization"] == "Bearer another"
    assert KEY not in repr(server.headers)


@needs_aiohttp
@pytest.mark.parametrize("status", [400, 401, 429, 500, 200])
def test_a_key_that_a_server_repeats_is_struck_out(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_KEY", f" {KEY}\n")
    body = json.dumps({"error": {"message": f"bad key {KEY}, Bearer {KEY}"}}).encode()
    with ChatServer(script(Said(status=status, body=body))) as server:
        found = ask(server.url, asked("a", "b"), key_variable="THE_KEY", concurrency=1)
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert all("bad key ***, Bearer ***" in (answer.failure or "") for answer in found)
    assert KEY not in repr(found)


@pytest.mark.parametrize("value", ["", "  ", "a b", "schlüssel", "a\x00b"])
def test_a_key_that_is_none_is_named_and_not_shown(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", {"THE_KEY": value})
    obstacle = Endpoint(base_url="http://a/v1", key_variable="THE_KEY").obstacle
    assert obstacle is not None
    assert "THE_KEY" in obstacle
    assert not value.strip() or value not in obstacle
    assert Endpoint(base_url="http://a/v1").obstacle is None
    assert "base_url" in (Endpoint(base_url=None).obstacle or "")


@needs_aiohttp
def test_a_server_that_says_wait_is_waited_for() -> None:
    with ChatServer(script(Said(status=429, headers={"Retry-After": "1"}), "fine")) as server:
        began = time.monotonic()
        (answer,) = ask(server.url, asked("a"), retries=1)
    assert answer.text == "fine"
    assert time.monotonic() - began >= 0.9
    assert len(server.requests) == 2


@needs_aiohttp
def test_a_server_that_says_wait_for_an_hour_is_not() -> None:
    with ChatServer(script(Said(status=429, headers={"Retry-After": "3600"}))) as server:
        (answer,) = ask(server.url, asked("a"), retries=2)
    assert "answered 429: no: 429; it asks to wait 3600 seconds" in (answer.failure or "")
    assert (answer.attempts, answer.status) == (1, 429)
    assert len(server.requests) == 1


@needs_aiohttp
@pytest.mark.parametrize(
    "first",
    [
        *(Said(status=status) for status in (408, 409, 425, 429, 500, 503, 529)),
        Said(content="lost", cut=True),
        Said(body=b""),
        Said(body=b"<html>"),
        Said(body=b'{"choices": []}'),
    ],
)
def test_what_fails_once_is_tried_again(first: Said) -> None:
    with ChatServer(script(first, "fine")) as server:
        (answer,) = ask(server.url, asked("a"), retries=1)
    assert (answer.text, answer.attempts, answer.status) == ("fine", 2, 200)
    assert len(server.requests) == 2


@needs_aiohttp
@pytest.mark.parametrize("status", [400, 402, 403, 413, 422])
def test_what_no_other_try_mends_is_tried_once(status: int) -> None:
    with ChatServer(script(Said(status=status))) as server:
        (answer,) = ask(server.url, asked("a"), retries=3)
    assert answer.failure == f"{server.url} answered {status}: no: {status}"
    assert (answer.attempts, answer.status, len(server.requests)) == (1, status, 1)


@needs_aiohttp
def test_tries_are_bounded() -> None:
    with ChatServer(script(Said(status=500))) as server:
        (answer,) = ask(server.url, asked("a"), retries=1)
    assert "answered 500: no: 500" in (answer.failure or "")
    assert len(server.requests) == 2


@needs_aiohttp
@pytest.mark.parametrize("slow", [Said(content="late", delay=30), Said(content="drop by drop", drip=0.05)])
def test_a_try_ends_whether_the_server_is_silent_or_slow(slow: Said) -> None:
    began = time.monotonic()
    with ChatServer(script(slow)) as server:
        (answer,) = ask(server.url, asked("a"), timeout=0.3)
    assert "no answer within timeout=0.3 seconds, once" in (answer.failure or "")
    assert time.monotonic() - began < 5


@needs_aiohttp
def test_a_hanging_try_is_made_again() -> None:
    with ChatServer(script(Said(content="late", delay=30), "fine")) as server:
        (answer,) = ask(server.url, asked("a"), timeout=0.3, retries=1)
    assert answer.text == "fine"


@needs_aiohttp
@pytest.mark.parametrize("concurrency", [1, 4])
def test_nobody_at_the_address_ends_the_asking(concurrency: int) -> None:
    began = time.monotonic()
    found = ask(closed_port(), asked(*"abcdefghijkl"), concurrency=concurrency)
    assert time.monotonic() - began < 5
    assert "cannot be reached" in (found[0].failure or "")
    assert "is the server up?" in (found[0].failure or "")
    assert [answer.failure for answer in found if answer.text is not None] == []
    given_up = [answer for answer in found if (answer.failure or "").startswith("not asked, as")]
    assert len(given_up) >= len(found) - 3 - concurrency


@needs_aiohttp
def test_a_dead_server_stays_dead_for_later_questions() -> None:
    from tercet.chat.calling import Chat

    with ChatServer(script(Said(status=500))) as server:
        endpoint = Endpoint(base_url=server.url, retries=0, concurrency=1)
        with Chat(endpoint, "m", Decoding(), purpose="a test") as chat:
            first = [answer.failure or "" for _, answer in chat.ask(asked(*"abcde"))]
            second = [answer.failure or "" for _, answer in chat.ask(asked("f"))]
    assert len(server.requests) == 3
    assert [text.startswith("not asked, as") for text in first] == [False, False, False, True, True]
    assert second == first[-1:]


@needs_aiohttp
def test_single_failures_do_not_end_the_asking() -> None:
    def model(body: dict[str, Any], number: int) -> Said | str:
        return Said(status=500) if number % 3 else "fine"

    with ChatServer(model) as server:
        found = ask(server.url, asked(*"abcdefghi"), concurrency=1)
    assert [answer.text for answer in found] == ["fine", None, None] * 3
    assert len(server.requests) == 9


@needs_aiohttp
@pytest.mark.parametrize("status", [401, 404])
def test_what_no_question_can_mend_is_asked_once(status: int) -> None:
    with ChatServer(script(Said(status=status))) as server:
        found = ask(server.url, asked(*"abcd"), concurrency=1, retries=2)
    assert len(server.requests) == 1
    assert f"answered {status}: no: {status}; check base_url, model and key_variable" in (found[0].failure or "")
    assert all((answer.failure or "").startswith("not asked, as") for answer in found[1:])


@needs_aiohttp
def test_a_question_at_fault_stands_alone() -> None:
    def model(body: dict[str, Any], number: int) -> Said | str:
        long = len(body["messages"][-1]["content"]) > 5
        return Said(status=400, body=b'{"error": "context overflow"}') if long else "fine"

    with ChatServer(model) as server:
        found = ask(server.url, asked("short", *["too long"] * 5, "last"), concurrency=1)
    assert [answer.text for answer in found] == ["fine", *[None] * 5, "fine"]
    assert found[1].failure == f"{server.url} answered 400: context overflow"


@needs_aiohttp
@pytest.mark.parametrize("known", [{"json_schema"}, {"json_object"}, set()])
def test_a_server_without_schemas_is_asked_for_less(known: set[str]) -> None:
    def model(body: dict[str, Any], number: int) -> Said | str:
        kind = body.get("response_format", {}).get("type")
        return "fine" if kind is None or kind in known else Said(status=400)

    with ChatServer(model) as server:
        found = ask(server.url, asked("a", "b", schema=SCHEMA) + asked("c"), concurrency=1)
    assert [answer.text for answer in found] == ["fine"] * 3
    kinds = [body.get("response_format", {}).get("type") for body in server.requests]
    way = ["json_schema", "json_object", None]
    way = way[: way.index(next(iter(known), None)) + 1]
    assert kinds == [*way, way[-1], None], "the second question begins where the first one got through"
    if known == {"json_schema"}:
        named = {"name": "a_thing", "strict": True, "schema": SCHEMA}
        assert server.requests[0]["response_format"]["json_schema"] == named


@needs_aiohttp
def test_a_fault_of_one_question_changes_no_format() -> None:
    def model(body: dict[str, Any], number: int) -> Said | str:
        return Said(status=400) if body["messages"][-1]["content"] == "bad" else "fine"

    with ChatServer(model) as server:
        found = ask(server.url, asked("bad", "good", schema=SCHEMA), concurrency=1)
    assert [answer.text for answer in found] == [None, "fine"]
    assert server.requests[-1]["response_format"]["type"] == "json_schema"


@needs_aiohttp
def test_the_limit_goes_by_the_name_that_the_server_knows() -> None:
    def model(body: dict[str, Any], number: int) -> Said | str:
        told = b'{"error": {"message": "Unsupported parameter: use max_completion_tokens instead."}}'
        return Said(status=400, body=told) if "max_tokens" in body else "fine"

    with ChatServer(model) as server:
        found = ask(server.url, asked("a", "b", schema=SCHEMA), Decoding(max_tokens=9), concurrency=1)
    assert [answer.text for answer in found] == ["fine", "fine"]
    assert [body.get("max_completion_tokens") for body in server.requests] == [None, 9, 9]
    assert server.requests[-1]["response_format"]["type"] == "json_schema"


@needs_aiohttp
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>It works!</html>",
        b'{"choices": [{"message": {"conte',
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"choices": []}',
        b'{"choices": [{"message": null}]}',
        b'{"choices": [{"message": {"content": [1]}}]}',
    ],
)
def test_what_is_no_chat_completion_is_a_failure(body: bytes) -> None:
    with ChatServer(script(Said(body=body))) as server:
        (answer,) = ask(server.url, asked("a"), retries=1)
    assert answer.text is None
    assert "is no chat completion" in (answer.failure or "")
    assert len(answer.failure or "") < 500
    assert (answer.attempts, answer.status) == (2, 200), "a server may say that under load"


def test_answers_are_read() -> None:
    def of(message: dict[str, Any], reason: str = "stop") -> bytes:
        return Said(body=json.dumps({"choices": [{"message": message, "finish_reason": reason}]}).encode()).data

    assert read(of({"content": "a"}).decode()) == Answer(text="a")
    assert read(of({"content": None}).decode()) == Answer(text="")
    assert read(of({"content": "a"}, "length").decode()) == Answer(text="a", cut=True)
    assert read(of({"content": "", "refusal": "I can't."}).decode()) == Answer(failure="the model refused to answer")
    assert read(of({"content": "a"}, "content_filter").decode()) == Answer(failure="the model refused to answer")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"message": "a"}, "a"),
        ({"error": {"message": "a"}}, "a"),
        ({"error": "a"}, "a"),
        ({"detail": [{"msg": "a"}]}, "[{'msg': 'a'}]"),
        ({"code": 3}, '{"code": 3}'),
        ({}, "{}"),
        ("a", "a"),
        (None, ""),
    ],
)
def test_servers_word_errors_in_many_ways(body: object, said: str) -> None:
    assert words(json.dumps(body)) == said


def test_what_is_no_json_is_shown_as_it_stands() -> None:
    assert words("<html>") == "<html>"
    assert words("[" * 100_000).startswith("[[")


def test_plain_text_is_asked_for_without_a_format() -> None:
    assert formats(None) == [{}]


@needs_aiohttp
@pytest.mark.parametrize("concurrency", [1, 3])
def test_so_many_questions_are_open_at_once_and_no_more(concurrency: int) -> None:
    together = Barrier(concurrency)

    def model(body: dict[str, Any], number: int) -> Said:
        if number < concurrency:
            together.wait(timeout=10)
        return Said(content=echo(body, number), delay=0.02 * (number % 3))

    with ChatServer(model) as server:
        found = ask(server.url, asked(*map(str, range(12))), concurrency=concurrency)
    assert [answer.text for answer in found] == [f"You said: {i}" for i in range(12)]
    assert server.most == concurrency


@needs_aiohttp
def test_it_works_under_a_loop_that_runs() -> None:
    """As in a notebook, whose own loop is taken."""

    async def cell(url: str) -> list[Answer]:
        return ask(url, asked("a", "b"))

    with ChatServer(echo) as server:
        found = asyncio.run(cell(server.url))
    assert [answer.text for answer in found] == ["You said: a", "You said: b"]


@needs_aiohttp
def test_who_stops_listening_waits_for_nothing() -> None:
    from tercet.chat.calling import Chat

    model: Model = lambda _, number: "fine" if number == 0 else Said(content="late", delay=30)  # noqa: E731
    began = time.monotonic()
    with ChatServer(model) as server:
        endpoint = Endpoint(base_url=server.url, concurrency=2)
        with Chat(endpoint, "m", Decoding(), purpose="a test") as chat:
            for _, answer in chat.ask(asked(*"abcdef")):
                assert answer.text == "fine"
                break
    assert time.monotonic() - began < 5
    assert len(server.requests) <= 3


@needs_aiohttp
def test_no_question_needs_no_server() -> None:
    assert ask(closed_port(), []) == []


@pytest.mark.parametrize(
    "options",
    [
        {"base_url": "localhost:8000"},
        {"base_url": "ftp://a/v1"},
        {"base_url": "http://"},
        {"base_url": "http://a b/v1"},
        {"base_url": "http://a:99999/v1"},
        {"base_url": f"http://me:{KEY}@a/v1"},
        {"base_url": f"http://a/v1?key={KEY}"},
        {"base_url": "http://a/v1", "timeout": 0},
        {"base_url": "http://a/v1", "timeout": float("nan")},
        {"base_url": "http://a/v1", "retries": -1},
        {"base_url": "http://a/v1", "concurrency": 0},
    ],
)
def test_an_endpoint_that_cannot_be_is_refused_and_no_key_is_shown(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as caught:
        Endpoint(**options)
    assert caught.value.remedy
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("options", [{"temperature": -0.1}, {"temperature": 2.1}, {"max_tokens": 0}])
def test_decoding_that_cannot_be_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        Decoding(**options)


@needs_aiohttp
@pytest.mark.parametrize("module", ["aiohttp", "tenacity", "aiolimiter"])
def test_without_a_package_the_pip_line_is_named(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from tercet.chat.calling import Chat

    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=rf"a test needs .*'{module}'.*pip install 'tercet\[openai\]'"):
        Chat(Endpoint(base_url="http://a/v1", requests_per_minute=1), "m", Decoding(), purpose="a test")


@needs_aiohttp
def test_usage_is_what_the_server_counts() -> None:
    def told(usage: object) -> Said:
        body = {"choices": [{"message": {"content": "a"}}], "usage": usage}
        return Said(body=json.dumps(body).encode())

    odd: list[object] = [None, {}, [], {"prompt_tokens": 3}, {"prompt_tokens": True, "completion_tokens": 1}]
    odd += [{"prompt_tokens": -1, "completion_tokens": 1}, {"prompt_tokens": "3", "completion_tokens": 1}]
    model = script(told({"prompt_tokens": 30, "completion_tokens": 2, "total_tokens": 32}), *map(told, odd))
    with ChatServer(model) as server:
        found = ask(server.url, asked(*"abcdefgh"), concurrency=1)
    assert [answer.usage for answer in found] == [Usage(prompt=30, answer=2), *[None] * 7]


def test_a_question_is_worded_with_all_that_decides_the_answer() -> None:
    question = Question(messages=(Message("user", "a"),), seed=5)
    decoding = Decoding(
        seed=3, top_p=0.9, stop=("\n", "END"), extra={"top_k": 1, "temperature": 1, "model": "b", "messages": []}
    )
    assert request("m", question, decoding, form={"response_format": 1}, limit="max_tokens") == {
        "model": "m",
        "messages": [{"role": "user", "content": "a"}],
        "temperature": 1,
        "max_tokens": 4096,
        "seed": 5,
        "top_p": 0.9,
        "stop": ["\n", "END"],
        "response_format": 1,
        "top_k": 1,
    }
    bare = request("m", asked("a")[0], Decoding(seed=3, temperature=None), form={}, limit="max_completion_tokens")
    assert set(bare) == {"model", "messages", "max_completion_tokens", "seed"}
    assert bare["seed"] == 3


@needs_aiohttp
def test_a_failure_says_how_often_it_was_tried_and_what_the_server_said_last() -> None:
    def model(body: dict[str, Any], number: int) -> Said | str:
        text = body["messages"][-1]["content"]
        if text == "refused":
            return Said(body=b'{"choices": [{"message": {"content": "", "refusal": "no"}}], "usage": {}}')
        return Said(status=503) if number == 0 else Said(status=500)

    with ChatServer(model) as server:
        (first, second) = ask(server.url, asked("a", "refused"), retries=2, concurrency=1)
    assert (first.attempts, first.status) == (3, 500)
    assert (second.failure, second.attempts, second.status) == ("the model refused to answer", 1, 200)
    assert first.seconds is not None
    assert second.seconds is not None


@needs_aiohttp
def test_questions_are_drawn_as_they_can_be_asked() -> None:
    drawn: list[int] = []
    open_at_most = 0

    def questions() -> Iterator[Question]:
        for number in range(20):
            drawn.append(number)
            yield asked(str(number))[0]

    def model(body: dict[str, Any], number: int) -> Said:
        nonlocal open_at_most
        open_at_most = max(open_at_most, len(drawn) - number)
        return Said(content="fine", delay=0.01)

    from tercet.chat.calling import Chat

    with (
        ChatServer(model) as server,
        Chat(Endpoint(base_url=server.url, concurrency=3), "m", Decoding(), purpose="a test") as chat,
    ):
        found = dict(chat.ask(questions()))
    assert sorted(found) == drawn == list(range(20))
    assert open_at_most <= 3 + 3, "so many are open, and so many more may have come back since"


@needs_aiohttp
def test_answers_that_nobody_reads_hold_up_further_questions() -> None:
    from tercet.chat.calling import Chat

    drawn: list[int] = []

    def questions() -> Iterator[Question]:
        for number in range(100):
            drawn.append(number)
            yield asked(str(number))[0]

    with (
        ChatServer(echo) as server,
        Chat(Endpoint(base_url=server.url, concurrency=2), "m", Decoding(), purpose="a test") as chat,
    ):
        answers = chat.ask(questions())
        next(answers)
        time.sleep(0.3)  # the reader has something else to do
        assert len(drawn) <= 1 + 2 + 2 + 1, "read, unread, and open"
        assert len(list(answers)) == 99


@needs_aiohttp
@pytest.mark.parametrize("concurrency", [1, 4])
def test_nothing_now_is_asked_again_a_little_later_and_has_no_index(concurrency: int) -> None:
    from tercet.chat.calling import Chat

    drawn = 0

    def questions() -> Iterator[Question | None]:
        nonlocal drawn
        for text in ("a", None, "b", *[None] * 10, "c", None):
            drawn += 1
            yield None if text is None else asked(text)[0]

    began = time.monotonic()
    with (
        ChatServer(echo) as server,
        Chat(Endpoint(base_url=server.url, concurrency=concurrency), "m", Decoding(), purpose="a test") as chat,
    ):
        found = {index: answer.text for index, answer in chat.ask(questions())}
    assert found == {0: "You said: a", 1: "You said: b", 2: "You said: c"}
    assert time.monotonic() - began >= 12 * 0.019, "no loop that is busy with nothing"
    assert drawn == 15


class UnforeseenError(Exception):
    """Raised by an iterator of questions."""


@needs_aiohttp
@pytest.mark.parametrize("error", [UnforeseenError, KeyboardInterrupt])
def test_what_the_iterator_raises_comes_out_after_what_it_gave_is_answered(error: type[BaseException]) -> None:
    from tercet.chat.calling import Chat

    def questions() -> Iterator[Question]:
        yield from asked("a", "b")
        raise error

    heard: list[str | None] = []
    with ChatServer(lambda body, _: Said(content=echo(body, 0), delay=0.05)) as server:
        endpoint = Endpoint(base_url=server.url, concurrency=4)
        with Chat(endpoint, "m", Decoding(), purpose="a test") as chat:
            with pytest.raises(error):
                heard.extend(answer.text for _, answer in chat.ask(questions()))
            assert [answer.text for _, answer in chat.ask(asked("c"))] == ["You said: c"], "the line is still open"
    assert sorted(map(str, heard)) == ["You said: a", "You said: b"]


@needs_aiohttp
def test_who_stops_listening_can_ask_again() -> None:
    from tercet.chat.calling import Chat

    drawn: list[str] = []

    def questions() -> Iterator[Question]:
        for text in "abcdefgh":
            drawn.append(text)
            yield asked(text)[0]

    with (
        ChatServer(lambda body, number: Said(content="fine", delay=30 if number in {1, 2} else 0)) as server,
        Chat(Endpoint(base_url=server.url, concurrency=2), "m", Decoding(), purpose="a test") as chat,
    ):
        for _ in chat.ask(questions()):
            break
        before = list(drawn)
        assert [answer.text for _, answer in chat.ask(asked("x", "y", "z"))] == ["fine"] * 3
        assert drawn == before, "nothing is drawn any more"


@needs_aiohttp
def test_a_redirect_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_KEY", KEY)
    with ChatServer(echo) as other:
        there = {"Location": f"{other.url}/chat/completions?key={KEY}"}
        with ChatServer(script(Said(status=307, headers=there, body=b""))) as server:
            found = ask(server.url, asked("a", "b"), key_variable="THE_KEY", concurrency=1)
    assert not other.requests
    assert f"answered 307: a redirect to {other.url}/chat/completions, which is not followed" in str(found[0].failure)
    assert "check base_url" in str(found[0].failure)
    assert str(found[1].failure).startswith("not asked")
    assert KEY not in repr(found)


@needs_aiohttp
def test_an_answer_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tercet.chat.line._LARGEST", 2**20)
    with ChatServer(script(Said(body=b"x" * 2**22))) as server:
        (answer,) = ask(server.url, asked("a"), retries=2)
    assert "answered 200: an answer of more than 1 MB" in str(answer.failure)
    assert answer.attempts == 1


@needs_aiohttp
def test_no_name_or_password_is_taken_from_netrc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"default login me password {KEY}\n", "utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("THE_KEY", "another")
    with ChatServer(echo) as server:
        ask(server.url, asked("a"))
        ask(server.url, asked("a"), key_variable="THE_KEY")
    assert "authorization" not in server.headers[0]
    assert server.headers[1]["authorization"] == "Bearer another"


@needs_aiohttp
def test_proxies_are_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with ChatServer(echo) as proxy:
        address = proxy.url.removesuffix("/v1").removeprefix("http://")
        monkeypatch.setenv("http_proxy", f"http://me:secret@{address}")
        (answer,) = ask("http://model.invalid/v1", asked("a"))
        monkeypatch.setenv("no_proxy", "model.invalid")
        (unreached,) = ask("http://model.invalid/v1", asked("a"), timeout=5.0)
    assert answer.text == "You said: a"
    assert proxy.headers[0]["host"] == "model.invalid"
    assert proxy.headers[0]["proxy-authorization"] == "Basic bWU6c2VjcmV0"
    assert "authorization" not in proxy.headers[0]
    assert "http://model.invalid/v1 cannot be reached" in str(unreached.failure)


@needs_aiohttp
@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "http://:1", "http://127.0.0.1:port", "http://[::1"])
def test_a_proxy_that_cannot_be_is_refused_and_not_shown(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", proxy.replace("//", f"//me:{KEY}@"))
    with pytest.raises(ConfigError, match="no HTTP proxy") as caught:
        ask("http://model.invalid/v1", asked("a"))
    assert KEY not in "".join(traceback.format_exception(caught.value))


@needs_aiohttp
@pytest.mark.parametrize("url", ["http://a..b/v1", f"http://{'a' * 70}/v1", "https://127.0.0.1:1/v1"])
def test_an_odd_address_is_a_failure(url: str) -> None:
    (answer,) = ask(url, asked("a"))
    assert "cannot be reached" in str(answer.failure)
    assert "is the server up?" in str(answer.failure)


@contextmanager
def speaking(said: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Serve the same bytes to everybody; yields the address and what was received."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def speak() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                with line:
                    heard.append(line.recv(65536))
                    line.sendall(said)

        speaker = Thread(target=speak)
        speaker.start()
        yield f"127.0.0.1:{listening.getsockname()[1]}", heard
        listening.shutdown(socket.SHUT_RDWR)
        speaker.join()


@needs_aiohttp
def test_a_server_that_speaks_no_http_is_a_failure() -> None:
    with speaking(b"SSH-2.0-OpenSSH_9.6\r\n\r\n") as (address, heard):
        (answer,) = ask(f"http://{address}/v1", asked("a"), retries=1)
    assert "broke off (what came is no HTTP), 2 times" in str(answer.failure)
    assert len(heard) == 2


@needs_aiohttp
@pytest.mark.parametrize(("own", "sent"), [("me:secret@", [b"Proxy-Authorization: Basic bWU6c2VjcmV0"]), ("", [])])
def test_through_a_tunnel_each_gets_its_own_credentials_only(
    own: str, sent: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THE_KEY", KEY)
    with speaking(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n") as (address, heard):
        monkeypatch.setenv("https_proxy", f"http://{own}{address}")
        (answer,) = ask("HTTPS://model.invalid/v1", asked("a"), key_variable="THE_KEY")
    assert heard[0].startswith(b"CONNECT model.invalid:443")
    assert [line for line in heard[0].split(b"\r\n") if b"authorization" in line.lower()] == sent
    assert KEY.encode() not in heard[0]
    assert "cannot be reached (the proxy says 407)" in str(answer.failure)


@needs_aiohttp
def test_the_key_is_in_no_text_that_comes_back_and_in_no_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server may repeat all that it was sent, also as the model's own words."""
    from tercet.chat.calling import Chat

    key = 'sk-planted/01"23'
    monkeypatch.setenv("THE_KEY", key)
    echoing = ChatServer(lambda body, number: json.dumps(echoing.headers[number]))
    with echoing as server:
        endpoint = Endpoint(base_url=server.url, key_variable="THE_KEY")
        with Chat(endpoint, "m", Decoding(), purpose="a test") as chat:
            ((_, answer),) = chat.ask(asked("a"))
            shown = "".join(map(repr, [chat, *vars(chat).values()]))
    assert "Bearer ***" in str(answer.text)
    assert "planted" not in shown + repr(answer)


@needs_aiohttp
def test_a_host_that_does_not_take_the_connection_is_not_waited_for_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tercet.chat.line._CONNECT", 0.2)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening:
        address = listening.getsockname()
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        (answer,) = ask(f"http://127.0.0.1:{address[1]}/v1", asked("a"), timeout=10.0)
        for filler in fillers:
            filler.close()
    assert "cannot be reached (no connection within 0.2 seconds), once: is the server up?" in str(answer.failure)
    assert (answer.attempts, answer.status) == (1, None)
