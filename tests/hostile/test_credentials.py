"""Keys: none stands in a config, and none comes out of an error, a server's words or a traceback."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

import tercet.__main__ as program
from tercet.chat import Decoding, Endpoint, Message, Question
from tercet.chat.calling import Chat
from tercet.credentials import masked, refuse_credentials
from tercet.errors import ConfigError
from tests.chat_server import ChatServer, Said

Call = Callable[..., Result]
SECRET = "0123456789abcdefABCDEF0123456789abcd"  # noqa: S105 (of no account)
KEYS = {
    "openai": f"sk-proj-{SECRET}",
    "huggingface": f"hf_{SECRET}",
    "github": f"ghp_{SECRET}",
    "groq": f"gsk_{SECRET}",
    "google": f"AIza{SECRET}",
    "aws": "AKIAABCDEFGHIJKLMNOP",
    "token": f"eyJ{SECRET}.eyJ{SECRET}.x",
    "bearer": f"Authorization: Bearer {SECRET}",
    "address": f"http://me:{SECRET}@host/v1",
    "query": f"http://host/v1?api_key={SECRET}",
    "private": "-----BEGIN RSA PRIVATE KEY-----",
}


@pytest.mark.parametrize("name", KEYS)
def test_what_looks_like_a_key_is_refused_by_its_place_and_not_shown(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        refuse_credentials({"summarizer": {"extra": {"a": [1, {"b": KEYS[name]}]}}})
    assert caught.value.problem.startswith("summarizer.extra.a[1].b holds")
    assert "key_variable" in caught.value.remedy
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("name", ["api_key", "API-Key", "password", "Authorization", "token", "hf_token"])
def test_an_option_that_is_named_as_a_key_is_refused_whatever_it_holds(name: str) -> None:
    with pytest.raises(ConfigError, match="looks like a key"):
        refuse_credentials({"translator": {name: "x"}})
    refuse_credentials({"translator": {name: None}})
    refuse_credentials({"translator": {name: ""}})


@pytest.mark.parametrize(
    "text",
    ["MY_KEY", "sk-learn", "risk-averse-investor-relations-desk", "max_tokens", "http://host:8000/v1", "1:30@home"],
)
def test_what_is_no_key_passes(text: str) -> None:
    refuse_credentials({"key_variable": text, "prompt": {"summarize": text, "tokens": 5}, "max_tokens": 7})
    assert masked(text) == text


@settings(max_examples=50)
@given(before=st.text(max_size=20), after=st.text(max_size=20), key=st.sampled_from(sorted(KEYS)))
def test_a_key_is_struck_out_of_any_text(before: str, after: str, key: str) -> None:
    shown = masked(f"{before} {KEYS[key]} {after}")
    assert SECRET not in shown
    assert masked(shown) == shown


KEY = KEYS["openai"]
WAYS = {
    "extra": [f"summarizer.extra={{api_key: {KEY}}}", "summarizer=openai"],
    "variable": [f"summarizer.key_variable={KEY}", "summarizer=openai"],
    "prompt": [f"+summarizer.prompt.system='{KEY}'", "summarizer=openai"],
    "no such key": [f"summarizer.api_key={KEY}"],
    "no number": [f"seed={KEY}"],
    "no override": [f"summarizer.extra={{{KEY}"],
}


@pytest.mark.parametrize(
    ("way", "words"),
    [
        *((way, ("run",)) for way in WAYS),
        *(("extra", words) for words in (("run", "--cfg"), ("run", "--dry-run"), ("show",))),
    ],
)
def test_no_command_shows_or_writes_it(way: str, words: tuple[str, ...], tercet: Call) -> None:
    done = tercet(*words, *WAYS[way])
    assert done.exit_code == 2, done.output
    assert SECRET not in done.output
    assert not [path for path in Path.cwd().rglob("*") if path.is_file()]


def test_another_account_s_key_in_a_server_s_words_is_struck_out() -> None:
    said = Said(status=401, body=json.dumps({"error": {"message": f"Incorrect key: {KEY}, Bearer {SECRET}"}}).encode())
    with ChatServer(lambda body, number: said) as server:
        endpoint = Endpoint(base_url=server.url, retries=0)
        with Chat(endpoint, "m", Decoding(), purpose="A test") as chat:
            ((_, answer),) = chat.ask([Question(messages=(Message("user", "q"),))])
    assert answer.failure is not None
    assert "Incorrect key: ***, Bearer ***" in answer.failure


def test_an_error_tells_no_key_that_stands_in_a_path(tercet: Call) -> None:
    done = tercet("show", f"results/{KEYS['openai']}")
    assert done.exit_code == 2
    assert "results/***" in done.stderr
    assert SECRET not in done.output + done.stderr


def test_a_fault_of_ours_tells_no_key_and_obeys_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(**_: object) -> None:
        raise ValueError(f"\x1b]0;pwn\x07 {KEY}")

    monkeypatch.setattr(program, "main", broken)
    with pytest.raises(SystemExit) as caught:
        program.start()
    assert caught.value.code == program.FAULT
    shown = capsys.readouterr().err
    assert "ValueError" in shown
    assert SECRET not in shown
    assert "\x1b" not in shown
