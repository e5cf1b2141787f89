"""What backends that prompt a language model share: a question of each request, a reply of each answer."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar

from tercet.backends import Forecast, Reply, Request
from tercet.cache import digest
from tercet.chat import Answer, Decoding, Message, Question
from tercet.components import component
from tercet.errors import ConfigError
from tercet.prompts import Prompt
from tercet.records import Usage
from tercet.text.estimates import about_tokens

_TURN = 8  # tokens that a template puts around a message, about


@dataclass(frozen=True, kw_only=True)
class Prompted:
    """The base of a backend that asks a model: what it is asked, how it writes, and what is made of its answers.

    A backend adds where the model is, ``_names``, which says which one it is, and ``_ask``.

    Args:
        model: The model's name.
        prompt: An option of ``conf/prompt``.
        temperature: 0, so that the same is answered again; None for models that refuse to be told.
        max_tokens: Of an answer; a longer one is cut, and flagged.
        seed: A repeat adds to it; None leaves it out.
        top_p: None leaves it out.
        stop: Texts that end an answer.
        extra: What else the model is told, as it stands in the request's body.
    """

    model: str | None = None
    prompt: Any = None
    temperature: float | None = 0.0
    max_tokens: int = 2048
    seed: int | None = None
    top_p: float | None = None
    stop: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    reads: ClassVar[frozenset[str]] = frozenset({"text", "examples", "repeat"})
    bound: ClassVar[str | None] = None
    cacheable: ClassVar[bool] = True
    costly: ClassVar[bool] = True

    def __post_init__(self) -> None:
        _ = self.decoding  # it checks its part of the options
        found = self.prompt if isinstance(self.prompt, Prompt) else component(self.prompt, "prompt")
        if found is not None and not isinstance(found, Prompt):
            raise ConfigError("prompt is none.", "Name an option of conf/prompt, as prompt=zero_shot.")
        object.__setattr__(self, "prompt", found)

    @property
    def decoding(self) -> Decoding:
        """How the model writes."""
        return Decoding(
            temperature=None if self.temperature is None else float(self.temperature),
            max_tokens=self.max_tokens,
            seed=self.seed,
            top_p=self.top_p,
            stop=tuple(self.stop),
            extra=self.extra,
        )

    @property
    def examples(self) -> int:
        """How many examples the prompt shows."""
        return self._prompt.examples if self.prompt else 0

    def refuses(self, role: str, source: str, target: str) -> str | None:
        """Say that no model or no prompt is named, or that the prompt has nothing for a role."""
        if not self.model:
            return "no model is named: set model"
        if self.prompt is None:
            return "no prompt is chosen: add prompt=zero_shot"
        return self._prompt.refuses(role)

    def identity(self) -> str:
        """The model, how it writes, and the prompt decide."""
        return digest(self.speaker(), self._prompt.digest if self.prompt else None)

    def key(self, request: Request) -> object:
        """The model, how it writes, and the rendered prompt decide, and which time it is asked."""
        question = self._question(request)
        return [*self.speaker(), _said(question), question.schema, request.repeat]

    def forecast(self, request: Request) -> Forecast:
        """Estimate the prompt's tokens; the answer has ``max_tokens`` at most."""
        messages = self._question(request).messages
        return Forecast(
            prompt=sum(about_tokens(message.content) + _TURN for message in messages), answer=self.max_tokens
        )

    def generate(self, requests: Iterable[Request | None]) -> Iterator[tuple[int, Reply]]:
        """Ask, and read the answers."""
        asked: list[tuple[Request, Question]] = []

        def questions() -> Iterator[Question | None]:
            for request in requests:
                if request is None:
                    yield None
                else:
                    asked.append((request, self._question(request)))
                    yield asked[-1][1]

        for index, answer in self._ask(questions()):
            yield index, self._reply(*asked[index], answer)

    def ask(self, questions: Iterable[Question | None]) -> Iterator[tuple[int, Answer]]:
        """Answer questions of another's making, such as a judge's, each once, with its index."""
        return self._ask(questions)

    def worded(self, request: Request) -> tuple[tuple[Message, ...], str]:
        """Word a request as it was asked, with the hash that a stage keeps of it."""
        question = self._question(request)
        return question.messages, digest(_said(question))

    def speaker(self) -> list[object]:
        """List what decides the answer to a question: the model, and how it writes."""
        return [self._names(), asdict(self.decoding)]

    def restore(self, request: Request, kept: str) -> Reply:
        """Read a kept answer as if it had just come; what is read out of it may be more than it was."""
        record = json.loads(kept)
        usage = record.pop("usage", None)
        answer = Answer(usage=Usage(**usage) if usage else None, **record)
        return self._reply(request, self._question(request), answer)

    @property
    def _prompt(self) -> Prompt:
        found: Prompt = self.prompt
        return found

    def _names(self) -> list[object]:
        """List what names the model, beside how it writes."""
        raise NotImplementedError

    def _ask(self, questions: Iterable[Question | None]) -> Iterator[tuple[int, Answer]]:
        """Answer each question once, in any order, with its index; None says that one may come later."""
        raise NotImplementedError

    def _question(self, request: Request) -> Question:
        return Question(
            messages=self._prompt.messages(
                request.role, request.text, request.source_language, request.target_language, request.examples
            ),
            schema=self._prompt.schema(request.role),
            seed=None if self.seed is None else self.seed + request.repeat,
        )

    def _reply(self, request: Request, question: Question, answer: Answer) -> Reply:
        reply = Reply(
            failure=answer.failure,
            prompt=digest(_said(question)),
            usage=answer.usage,
            seconds=answer.seconds,
            attempts=answer.attempts,
            status=answer.status,
        )
        if answer.text is None:
            return reply
        parsed = self._prompt.read(request.role, answer.text, request.target_language)
        cut = f"it was cut off at max_tokens={self.max_tokens}" if answer.cut else None
        return replace(
            reply,
            text=parsed.text,
            answer=answer.text if answer.text != parsed.text else None,
            flaw=parsed.flaw or cut,
            kept=json.dumps(_kept(answer), ensure_ascii=False, sort_keys=True),
        )


def _said(question: Question) -> list[list[str]]:
    return [[message.role, message.content] for message in question.messages]


def _kept(answer: Answer) -> Mapping[str, object]:
    record: dict[str, object] = {"text": answer.text, "seconds": answer.seconds, "attempts": answer.attempts}
    cut = {"cut": True} if answer.cut else {}
    return record | cut | ({"usage": asdict(answer.usage)} if answer.usage else {})
