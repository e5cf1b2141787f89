"""The backend behind a chat endpoint, against a real server on this machine."""

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from tercet.backends import Reply, Request
from tercet.backends.openai import Openai
from tercet.composing import config_folder
from tercet.config import load
from tercet.errors import ConfigError
from tercet.prompts import Prompt
from tercet.records import Usage
from tests.chat_server import ChatServer, Said, closed_port, script

pytest.importorskip("aiohttp")
pytest.importorskip("jinja2")

KEY = "sk-planted-0123456789"
PROMPT = Prompt(summarize="Summarize in {{ target_language }}:\n{{ text }}", translate="Translate: {{ text }}")
# The endpoint and the variable of the key, of each yaml.
OPTIONS = {
    "openai": (None, None),
    "openai_api": ("https://api.openai.com/v1", "OPENAI_API_KEY"),
    "vllm": ("http://localhost:8000/v1", None),
    "ollama": ("http://localhost:11434/v1", None),
    "llama_cpp": ("http://localhost:8080/v1", None),
    "lm_studio": ("http://localhost:1234/v1", None),
    "openrouter": ("https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    "deepseek": ("https://api.deepseek.com/v1", "DEEPSEEK_API_KEY"),
    "dashscope": ("https://dashscope.aliyuncs.com/compatible-mode/v1", "DASHSCOPE_API_KEY"),
    "mistral": ("https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
}


def backend(url: str | None, **options: Any) -> Openai:
    usual: dict[str, Any] = {"model": "m", "prompt": PROMPT, "timeout": 10.0, "retries": 0}
    return Openai(base_url=url, **usual | options)


def request(text: str = "The bridge opened.", **options: Any) -> Request:
    return Request(**{"role": "summarize", "text": text, "source_language": "en", "target_language": "zh"} | options)


def completion(text: str) -> Said:
    usage = {"prompt_tokens": 12, "completion_tokens": 3}
    return Said(body=json.dumps({"choices": [{"message": {"content": text}}], "usage": usage}).encode())


def test_a_request_is_asked_by_the_prompt_and_its_answer_is_a_reply() -> None:
    with ChatServer(script(completion("桥通车了。"))) as server:
        model = backend(server.url, seed=7, top_p=0.5, stop=["END"], extra={"top_k": 3})
        ((index, reply),) = model.generate([request(repeat=2)])
    assert index == 0
    assert (reply.text, reply.failure, reply.flaw) == ("桥通车了。", None, None)
    assert (reply.usage, reply.attempts, reply.status) == (Usage(prompt=12, answer=3), 1, 200)
    assert server.requests == [
        {
            "model": "m",
            "messages": [{"role": "user", "content": "Summarize in Chinese:\nThe bridge opened."}],
            "temperature": 0.0,
            "max_tokens": 2048,
            "seed": 9,
            "top_p": 0.5,
            "stop": ["END"],
            "top_k": 3,
        }
    ]


def test_what_is_kept_gives_the_same_reply_again() -> None:
    with ChatServer(script(completion("A bridge."))) as server:
        model = backend(server.url)
        ((_, reply),) = model.generate([request()])
    assert reply.kept is not None
    again = model.restore(request(), reply.kept)
    assert (again.text, again.usage, again.prompt) == (reply.text, reply.usage, reply.prompt)


def test_requests_come_one_by_one_and_there_may_be_none_for_a_while() -> None:
    def requests() -> Iterator[Request | None]:
        for text in ("a", None, "b", None, None, "c"):
            yield None if text is None else request(text, role="translate")

    with ChatServer(lambda body, _: str(body["messages"][-1]["content"])) as server:
        found = {index: reply.text for index, reply in backend(server.url).generate(requests())}
    assert found == {0: "Translate: a", 1: "Translate: b", 2: "Translate: c"}


def test_a_missing_key_fails_each_question_without_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THE_KEY", raising=False)

    def requests() -> Iterator[Request | None]:
        yield from (request("a"), None, request("b"))

    with ChatServer(script("never")) as server:
        model = backend(server.url, key_variable="THE_KEY")
        assert model.refuses("summarize", "en", "zh") is None, "kept replies need no key"
        found = list(model.generate(requests()))
    assert [index for index, _ in found] == [0, 1]
    assert {reply.failure for _, reply in found} == {"no key: the environment variable THE_KEY is not set"}
    assert {reply.attempts for _, reply in found} == {0}
    assert not server.requests


def test_a_failure_has_its_reason_and_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_KEY", KEY)
    with ChatServer(script(Said(status=400, body=f'{{"error": "too long, {KEY}"}}'.encode()))) as server:
        model = backend(server.url, key_variable="THE_KEY")
        ((_, reply),) = model.generate([request()])
    assert reply == Reply(
        failure=f"{server.url} answered 400: too long, ***",
        prompt=reply.prompt,
        seconds=reply.seconds,
        attempts=1,
        status=400,
    )
    assert KEY not in repr(model) + repr(reply)


def test_what_it_cannot_do_without_is_said_beforehand() -> None:
    assert "set base_url" in str(backend(None).refuses("summarize", "en", "zh"))
    assert "set model" in str(backend(closed_port(), model=None).refuses("summarize", "en", "zh"))
    assert "prompt=zero_shot" in str(backend(closed_port(), prompt=None).refuses("summarize", "en", "zh"))
    assert backend(closed_port()).refuses("translate", "zh", "en") is None


@pytest.mark.parametrize(
    "options",
    [
        {"extra": {"model": "other"}},
        {"extra": {"messages": []}},
        {"extra": {"stream": True}},
        {"timeout": 0},
        {"retries": -1},
        {"concurrency": 0},
        {"requests_per_minute": 0},
        {"tokens_per_minute": -1},
        {"temperature": 3},
    ],
)
def test_options_that_cannot_be_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as caught:
        backend("http://localhost:1/v1", **options)
    assert caught.value.remedy


def test_the_key_of_the_cache_holds_what_decides_the_answer_and_nothing_else() -> None:
    url = "http://localhost:1/v1"
    first = backend(url)
    beside = {"key_variable": "K", "timeout": 1.0, "retries": 9, "concurrency": 2}
    beside |= {"requests_per_minute": 1.0, "tokens_per_minute": 1.0}
    assert {item.name for item in fields(Openai) if item.metadata.get("answers") is False} == set(beside)
    assert backend(f"{url}/", **beside).key(request()) == first.key(request())
    assert backend(url, **beside).identity() == first.identity()
    others = [backend("http://localhost:2/v1"), backend(url, revision="2"), backend(url, model="n")]
    others += [backend(url, seed=1), backend(url, extra={"top_k": 1}), backend(url, temperature=None)]
    keys = [json.dumps(model.key(request())) for model in (first, *others)]
    keys += [json.dumps(first.key(request(repeat=1))), json.dumps(first.key(request("Another.")))]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", OPTIONS)
def test_every_provider_is_an_option_in_both_roles(name: str) -> None:
    words = [f"{role}={name}" for role in ("summarizer", "translator")]
    words += ["summarizer.model=a/b:1", "translator.model=c", "translator.retries=1", "prompt=zero_shot"]
    (spec,) = load(words)
    summarizer, translator = spec.system.backends["summarize"], spec.system.backends["translate"]
    assert isinstance(summarizer, Openai)
    assert isinstance(translator, Openai)
    assert (summarizer.model, translator.model) == ("a/b:1", "c")
    assert (summarizer.retries, translator.retries) == (4, 1)
    for model in (summarizer, translator):
        assert (model.base_url, model.key_variable) == OPTIONS[name]
        assert isinstance(model.prompt, Prompt)


def test_the_full_yaml_shows_every_option_with_its_default() -> None:
    values = yaml.safe_load((Path(config_folder()) / "summarizer" / "openai.yaml").read_text("utf-8"))
    assert values.pop("_target_") == "tercet.backends.openai.Openai"
    assert values.pop("prompt") == "${prompt}"
    plain = Openai()
    assert values == {item.name: getattr(plain, item.name) for item in fields(Openai) if item.name != "prompt"}
