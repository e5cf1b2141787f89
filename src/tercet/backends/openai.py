"""OpenAI: a model behind any endpoint that speaks as OpenAI's chat completions do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tercet.backends.prompted import Prompted
from tercet.chat import Answer, Endpoint, Question
from tercet.chat.drawing import drawn
from tercet.errors import ConfigError

_BESIDE = {"answers": False}  # an option that changes no answer
_SET_ELSEWHERE = {"model", "messages", "stream"}  # what ``extra`` may not hold


@dataclass(frozen=True, kw_only=True)
class Openai(Prompted):
    """Ask a model over HTTP: vLLM, Ollama, llama.cpp, LM Studio, a gateway, a hosted provider.

    A request that fails for good is a failure, with its reason; how it is tried, and when the asking ends,
    ``tercet.chat.calling`` says.

    Args:
        base_url: The endpoint, up to the version, as ``http://localhost:8000/v1``.
        key_variable: The environment variable that holds the key; None sends no key. It is needed once a question
            is asked: replies that are kept need none.
        revision: A name of your own for the model's version, where the server may change it behind its name;
            another one is another model to the cache.
        timeout: Seconds for one try, to the last byte.
        retries: Further tries where the server fails.
        concurrency: Questions that are open at once, at most.
        requests_per_minute: None sets no limit.
        tokens_per_minute: Of prompts and answers, by estimate; None sets no limit.
    """

    base_url: str | None = None
    key_variable: str | None = field(default=None, metadata=_BESIDE)
    revision: str | None = None
    timeout: float = field(default=120.0, metadata=_BESIDE)
    retries: int = field(default=4, metadata=_BESIDE)
    concurrency: int = field(default=8, metadata=_BESIDE)
    requests_per_minute: float | None = field(default=None, metadata=_BESIDE)
    tokens_per_minute: float | None = field(default=None, metadata=_BESIDE)

    def __post_init__(self) -> None:
        super().__post_init__()
        _ = self._endpoint  # it checks its part of the options
        misplaced = sorted(_SET_ELSEWHERE & set(self.extra))
        if misplaced:
            raise ConfigError(
                f"extra holds '{misplaced[0]}'.", "The model is set by model; messages and stream cannot be set."
            )

    def refuses(self, role: str, source: str, target: str) -> str | None:
        """Say that there is no endpoint, no model or no prompt."""
        if self.base_url is None:
            return "there is no endpoint: set base_url, as http://localhost:8000/v1"
        return super().refuses(role, source, target)

    @property
    def _endpoint(self) -> Endpoint:
        return Endpoint(
            base_url=self.base_url,
            key_variable=self.key_variable,
            timeout=self.timeout,
            retries=self.retries,
            concurrency=self.concurrency,
            requests_per_minute=self.requests_per_minute,
            tokens_per_minute=self.tokens_per_minute,
        )

    def _names(self) -> list[object]:
        return ["openai", (self.base_url or "").rstrip("/"), self.model, self.revision]

    def _ask(self, questions: Iterable[Question | None]) -> Iterator[tuple[int, Answer]]:
        from tercet.chat.calling import Chat

        endpoint = self._endpoint
        if (obstacle := endpoint.obstacle) is not None:
            for index, _ in drawn(questions):
                yield index, Answer(failure=obstacle, attempts=0)
            return
        with Chat(endpoint, self.model or "", self.decoding, purpose="The backend 'openai'") as chat:
            yield from chat.ask(questions)
