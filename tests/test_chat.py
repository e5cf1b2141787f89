"""Chat completions, against a real server on this machine that does what servers do."""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from threading import Barrier
from typing import Any

import pytest

from tercet.chat import Answer, Decoding, Endpoint, Message, Question
from tercet.chat.wire import formats, read, words
from tercet.errors import ConfigError, MissingExtraError
from tests.chat_server import ChatServer, Model, Said, closed_port, script

SCHEMA = {"title": "a_thing", "type": "object"}
KEY = "sk-planted-0123456789"

needs_openai = pytest.mark.usefixtures("openai")


@pytest.fixture
def openai() -> None:
    pytest.importorskip("openai")


def asked(*texts: str, schema: dict[str, Any] | None = None) -> list[Question]:
    return [Question(messages=(Message("system", "Be brief."), Message("user", text)), schema=schema) for text in texts]


def ask(url: str, questions: Sequence[Question], decoding: Decoding | None = None, **options: Any) -> list[Answer]:
    """Ask with no second try, unless it is said otherwise; answers in the order of the questions."""
    from tercet.chat.calling import Chat

    endpoint = Endpoint(base_url=url, **{"retries": 0, "timeout": 10.0, **options})
    with Chat(endpoint, "m", decoding or Decoding(), purpose="a test") as chat:
        found = list(chat.ask(questions))
    assert sorted(index for index, _ in found) == list(range(len(questions)))
    return [answer for _, answer in sorted(found, key=lambda item: item[0])]


def echo(body: dict[str, Any], number: int) -> str:
    return f"You said: {body['messages'][-1]['content']}"


@needs_openai
def test_a_question_is_sent_as_it_is_and_answered() -> None:
    with ChatServer(echo) as server:
        (answer,) = ask(server.url, asked("Wer? 谁？"), Decoding(temperature=0.0, max_tokens=7, seed=3))
    assert answer == Answer(text="You said: Wer? 谁？")
    assert server.requests == [
        {
            "model": "m",
            "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Wer? 谁？"}],
            "temperature": 0.0,
            "max_tokens": 7,
            "seed": 3,
        }
    ]


@needs_openai
def test_what_a_model_refuses_to_be_told_can_be_left_out() -> None:
    with ChatServer(echo) as server:
        ask(server.url, asked("a"), Decoding(temperature=None))
    assert not {"temperature", "seed"} & set(server.requests[0])


@needs_openai
def test_half_characters_do_not_break_a_request_or_an_answer() -> None:
    with ChatServer(lambda body, _: Said(body=b'{"choices": [{"message": {"content": "\\ud83d"}}]}')) as server:
        (answer,) = ask(server.url, asked("a\ud83db"))
    assert server.requests[0]["messages"][1]["content"] == "a\ufffdb"
    assert answer.text == "\ufffd"


@needs_openai
def test_no_key_is_sent_that_was_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OTHER", "another")
    with ChatServer(echo) as server:
        ask(server.url, asked("a"))
        ask(server.url, asked("a"), key_variable="OTHER")
    assert "authorization" not in server.headers[0]
    assert server.headers[1]["authorization"] == "Bearer another"
    assert KEY not in repr(server.headers)


@needs_openai
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


@needs_openai
def test_a_server_that_says_wait_is_waited_for() -> None:
    with ChatServer(script(Said(status=429, headers={"Retry-After": "1"}), "fine")) as server:
        began = time.monotonic()
        (answer,) = ask(server.url, asked("a"), retries=1)
    assert answer.text == "fine"
    assert time.monotonic() - began >= 0.9
    assert len(server.requests) == 2


@needs_openai
def test_a_server_that_says_wait_for_an_hour_is_not() -> None:
    with ChatServer(script(Said(status=429, headers={"Retry-After": "3600"}))) as server:
        (answer,) = ask(server.url, asked("a"), retries=2)
    assert "429" in (answer.failure or "")
    assert len(server.requests) == 1


@needs_openai
@pytest.mark.parametrize("first", [Said(status=500), Said(status=503), Said(content="lost", cut=True)])
def test_what_fails_once_is_tried_again(first: Said) -> None:
    with ChatServer(script(first, "fine")) as server:
        (answer,) = ask(server.url, asked("a"), retries=1)
    assert answer.text == "fine"
    assert len(server.requests) == 2


@needs_openai
def test_tries_are_bounded() -> None:
    with ChatServer(script(Said(status=500))) as server:
        (answer,) = ask(server.url, asked("a"), retries=1)
    assert "answered 500: no: 500" in (answer.failure or "")
    assert len(server.requests) == 2


@needs_openai
@pytest.mark.parametrize("slow", [Said(content="late", delay=30), Said(content="drop by drop", drip=0.05)])
def test_a_try_ends_whether_the_server_is_silent_or_slow(slow: Said) -> None:
    began = time.monotonic()
    with ChatServer(script(slow)) as server:
        (answer,) = ask(server.url, asked("a"), timeout=0.3)
    assert "no answer within timeout=0.3 seconds, once" in (answer.failure or "")
    assert time.monotonic() - began < 5


@needs_openai
def test_a_hanging_try_is_made_again() -> None:
    with ChatServer(script(Said(content="late", delay=30), "fine")) as server:
        (answer,) = ask(server.url, asked("a"), timeout=0.3, retries=1)
    assert answer.text == "fine"


@needs_openai
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


@needs_openai
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


@needs_openai
def test_single_failures_do_not_end_the_asking() -> None:
    def model(body: dict[str, Any], number: int) -> Said | str:
        return Said(status=500) if number % 3 else "fine"

    with ChatServer(model) as server:
        found = ask(server.url, asked(*"abcdefghi"), concurrency=1)
    assert [answer.text for answer in found] == ["fine", None, None] * 3
    assert len(server.requests) == 9


@needs_openai
@pytest.mark.parametrize("status", [401, 404])
def test_what_no_question_can_mend_is_asked_once(status: int) -> None:
    with ChatServer(script(Said(status=status))) as server:
        found = ask(server.url, asked(*"abcd"), concurrency=1, retries=2)
    assert len(server.requests) == 1
    assert f"answered {status}: no: {status}; check base_url, model and key_variable" in (found[0].failure or "")
    assert all((answer.failure or "").startswith("not asked, as") for answer in found[1:])


@needs_openai
def test_a_question_at_fault_stands_alone() -> None:
    def model(body: dict[str, Any], number: int) -> Said | str:
        long = len(body["messages"][-1]["content"]) > 5
        return Said(status=400, body=b'{"error": "context overflow"}') if long else "fine"

    with ChatServer(model) as server:
        found = ask(server.url, asked("short", *["too long"] * 5, "last"), concurrency=1)
    assert [answer.text for answer in found] == ["fine", *[None] * 5, "fine"]
    assert found[1].failure == f"{server.url} answered 400: context overflow"


@needs_openai
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


@needs_openai
def test_a_fault_of_one_question_changes_no_format() -> None:
    def model(body: dict[str, Any], number: int) -> Said | str:
        return Said(status=400) if body["messages"][-1]["content"] == "bad" else "fine"

    with ChatServer(model) as server:
        found = ask(server.url, asked("bad", "good", schema=SCHEMA), concurrency=1)
    assert [answer.text for answer in found] == [None, "fine"]
    assert server.requests[-1]["response_format"]["type"] == "json_schema"


@needs_openai
def test_the_limit_goes_by_the_name_that_the_server_knows() -> None:
    def model(body: dict[str, Any], number: int) -> Said | str:
        told = b'{"error": {"message": "Unsupported parameter: use max_completion_tokens instead."}}'
        return Said(status=400, body=told) if "max_tokens" in body else "fine"

    with ChatServer(model) as server:
        found = ask(server.url, asked("a", "b", schema=SCHEMA), Decoding(max_tokens=9), concurrency=1)
    assert [answer.text for answer in found] == ["fine", "fine"]
    assert [body.get("max_completion_tokens") for body in server.requests] == [None, 9, 9]
    assert server.requests[-1]["response_format"]["type"] == "json_schema"


@needs_openai
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
        (answer,) = ask(server.url, asked("a"))
    assert answer.text is None
    assert "is no chat completion" in (answer.failure or "")
    assert len(answer.failure or "") < 500


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
    assert words(body) == said


def test_plain_text_is_asked_for_without_a_format() -> None:
    assert formats(None) == [{}]


@needs_openai
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


@needs_openai
def test_it_works_under_a_loop_that_runs() -> None:
    """As in a notebook, whose own loop is taken."""

    async def cell(url: str) -> list[Answer]:
        return ask(url, asked("a", "b"))

    with ChatServer(echo) as server:
        found = asyncio.run(cell(server.url))
    assert [answer.text for answer in found] == ["You said: a", "You said: b"]


@needs_openai
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


@needs_openai
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


def test_without_the_package_the_pip_line_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from tercet.chat.calling import Chat

    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(MissingExtraError, match=r"a test needs .*pip install 'tercet\[openai\]'"):
        Chat(Endpoint(base_url="http://a/v1"), "m", Decoding(), purpose="a test")
