"""Language models of transformers in this process: asked by a prompt, as a chat or as a text to go on from."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from random import SystemRandom
from typing import ClassVar

from tercet.backends.prompted import Prompted
from tercet.chat import Answer, Question
from tercet.errors import ConfigError
from tercet.generators import Manner, Task, Written
from tercet.generators.checkpoint import CAUSAL, Checkpoint, writers
from tercet.generators.dialogue import tokens_of
from tercet.generators.windows import windows
from tercet.generators.writing import Writer
from tercet.records import Usage

_TEMPLATE = "chat_template_kwargs"  # as vLLM's server calls it


@dataclass(frozen=True, kw_only=True)
class Huggingface(Prompted):
    """Ask a causal model: by its chat template, or, where it has none, with the messages one after the other.

    A checkpoint's own settings hold, such as a penalty on repetition, except those of sampling: ``temperature``
    and ``top_p`` stand here. Texts are computed in batches, and none depends on its company
    (``tercet.generators``); what is drawn, is drawn by dice of its own, made of ``seed`` and the prompt. A prompt
    that leaves no room for ``max_tokens`` fails, and is not cut. ``seconds`` of a reply are its share of its
    batch's time. A schema is not enforced: the answer is read as it comes.

    Args:
        model: A folder, or a name on the hub whose files are in the local cache.
        extra: Further options of transformers' ``generate``, and ``chat_template_kwargs`` for the template.
        revision: Branch, tag or commit of a name on the hub.
        max_length: Tokens of a prompt and its answer together; None for all that the model can.
        dtype: ``fp32``, or ``bf16``, which is faster and rougher.
        device: As torch names it; None takes a GPU where there is one.
        batch_tokens: Tokens computed at once, padding included; None for what suits the device. It moves last
            bits, and is part of the key.
    """

    revision: str | None = None
    max_length: int | None = None
    dtype: str = "fp32"
    device: str | None = None
    batch_tokens: int | None = None
    local: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.temperature is None:
            raise ConfigError("temperature is null.", "Set it to 0, or above to leave something to chance.")
        _ = self._manner, self._checkpoint  # they check their part of the options

    def refuses(self, role: str, source: str, target: str) -> str | None:
        """Say that no model or prompt is named, that it is not here, or that it is no causal one."""
        missing = super().refuses(role, source, target)
        if missing is not None:
            return missing
        if self._checkpoint.obstacle is not None:
            return self._checkpoint.obstacle
        if self._checkpoint.kind != CAUSAL:
            return f"'{self.model}' reads texts and no prompts: use seq2seq in the place of huggingface"
        return None

    def _names(self) -> list[object]:
        here = bool(self.model) and self._checkpoint.obstacle is None
        return [*(self._checkpoint.names if here else [self.model]), self.batch_tokens]

    def _ask(self, questions: Iterable[Question | None]) -> Iterator[tuple[int, Answer]]:
        for window in windows(questions):
            writer = writers(self._checkpoint)
            tasks: list[tuple[int, Task]] = []
            for index, question in window:
                task = self._task(question, writer)
                if isinstance(task, Answer):
                    yield index, task
                else:
                    tasks.append((index, task))
            for at, written in writer.write([task for _, task in tasks], self._manner):
                index, task = tasks[at]
                yield index, _answer(task, written)

    def _task(self, question: Question, writer: Writer) -> Task | Answer:
        try:
            ids = tokens_of(writer.tokenizer, question.messages, self.extra.get(_TEMPLATE) or {})
        except ValueError as error:
            return Answer(failure=f"the model's chat template refuses the prompt: {error}")
        if not ids:
            return Answer(failure="the prompt has no token")
        if writer.longest is not None and len(ids) + self.max_tokens > writer.longest:
            return Answer(
                failure=f"the prompt has {len(ids)} tokens, and the model takes {writer.longest} with its answer: "
                f"max_tokens={self.max_tokens} is too many"
            )
        return Task(ids, _seed(question.seed, ids) if self.temperature else 0)

    @cached_property
    def _checkpoint(self) -> Checkpoint:
        return Checkpoint(
            model=self.model or "",
            revision=self.revision,
            dtype=self.dtype,
            device=self.device,
            max_length=self.max_length,
        )

    @cached_property
    def _manner(self) -> Manner:
        return Manner(
            max_tokens=self.max_tokens,
            temperature=self.decoding.temperature or 0.0,
            top_p=self.top_p,
            stop=tuple(self.stop),
            options={name: value for name, value in self.extra.items() if name != _TEMPLATE},
            batch_tokens=self.batch_tokens,
        )


def _seed(seed: int | None, ids: Sequence[int]) -> int:
    """Make dice of a seed and a prompt; without a seed, of nothing that comes again."""
    if seed is None:
        return SystemRandom().getrandbits(63)
    return int.from_bytes(sha256(repr((seed, ids)).encode()).digest()[:8]) >> 1


def _answer(task: Task, written: Written) -> Answer:
    if written.text is None:
        return Answer(failure=written.failure, seconds=written.seconds)
    return Answer(
        text=written.text,
        cut=written.cut,
        usage=Usage(prompt=len(task.ids), answer=written.tokens),
        seconds=written.seconds,
    )
