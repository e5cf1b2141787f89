"""Chat completions: questions to a model, behind any endpoint that speaks as OpenAI's does.

vLLM, Ollama, llama.cpp, LM Studio and the hosted providers all do. This file has the nouns;
``calling`` asks, and ``wire`` words what goes over the line and reads what comes back.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tercet.errors import ConfigError
from tercet.records import Usage


class Message(NamedTuple):
    """One turn: ``system``, ``user`` or ``assistant``, and what it says."""

    role: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a model is asked.

    Args:
        messages: The turns so far.
        schema: JSON schema that the answer must follow, with its ``title`` as its name; None for plain
            text. A server that knows no schemas is asked for JSON, or for nothing: check the answer.
        seed: In the place of the decoding's, so that a repeated question is answered anew; None leaves that.
    """

    messages: tuple[Message, ...]
    schema: Mapping[str, Any] | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: a text, or the reason why there is none.

    Args:
        text: As the model wrote it; may be empty.
        failure: Why there is none, with what to do about it.
        cut: Whether the model was stopped at ``max_tokens``.
        usage: Tokens, as the server counts them; None where it does not say.
        seconds: How long the try took that was answered.
        attempts: How often it was tried; 0 where it was not asked at all.
        status: The last HTTP status; None where there was none.
    """

    text: str | None = None
    failure: str | None = None
    cut: bool = False
    usage: Usage | None = None
    seconds: float | None = None
    attempts: int = 1
    status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoding:
    """How a model writes; it decides the answer, and belongs into every key of a cache.

    Args:
        temperature: From 0 to 2; None leaves it out, for models that refuse it.
        max_tokens: After how many the answer is cut.
        seed: For servers that know one; None leaves it out.
        top_p: None leaves it out.
        stop: Texts that end the answer, and are not part of it.
        extra: What else the server is told, as it stands in the request's body.
    """

    temperature: float | None = 0.0
    max_tokens: int = 4096
    seed: int | None = None
    top_p: float | None = None
    stop: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.temperature is not None and not 0 <= self.temperature <= 2:
            raise ConfigError(f"temperature is {self.temperature}.", "It must be from 0 to 2, or null.")
        _require_at_least("max_tokens", self.max_tokens, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a model answers, and how patiently it is asked; nothing here changes an answer.

    Args:
        base_url: The address up to the version, as ``http://localhost:8000/v1``; None where there is none.
        key_variable: The environment variable that holds the key; None sends no key.
        timeout: Seconds that one try may take, to the last byte.
        retries: Further tries of a question.
        concurrency: Questions that are open at once, at most.
        requests_per_minute: How many are begun in a minute, at most; None sets no limit.
        tokens_per_minute: How many tokens they may take, by estimate; None sets no limit.
    """

    base_url: str | None
    key_variable: str | None = None
    timeout: float = 120.0
    retries: int = 2
    concurrency: int = 8
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None

    def __post_init__(self) -> None:
        if not self.timeout > 0:
            raise ConfigError(f"timeout is {self.timeout}.", "It must be a number of seconds above 0.")
        _require_at_least("retries", self.retries, 0)
        _require_at_least("concurrency", self.concurrency, 1)
        for name, value in (("requests", self.requests_per_minute), ("tokens", self.tokens_per_minute)):
            if value is not None and not value > 0:
                raise ConfigError(f"{name}_per_minute is {value}.", "It must be above 0, or null.")
        if self.base_url is not None:
            _check_address(self.base_url)

    @property
    def obstacle(self) -> str | None:
        """Why nobody can be asked, before anybody is; None where nothing is in the way."""
        if self.base_url is None:
            return "no endpoint: set base_url, as http://localhost:8000/v1, and model"
        if self.key_variable is None:
            return None
        key = os.environ.get(self.key_variable, "").strip()
        if not key:
            return f"no key: the environment variable {self.key_variable} is not set"
        if not (key.isascii() and key.isprintable() and " " not in key):
            return f"the environment variable {self.key_variable} holds what can be no key"
        return None


def _require_at_least(name: str, value: int, low: int) -> None:
    if value < low:
        raise ConfigError(f"{name} is {value}.", f"It must be at least {low}.")


def _check_address(base_url: str) -> None:
    try:
        parts = urlsplit(base_url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or any(character.isspace() for character in base_url):
        raise ConfigError("base_url is no address.", "Write it as http://localhost:8000/v1.")
    if "@" in parts.netloc or parts.query or parts.fragment:
        # It stands in the configuration, which is written beside the results.
        raise ConfigError("base_url holds more than an address.", "Give a key by key_variable alone.")
