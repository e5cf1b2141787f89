"""A language model in this process: any GGUF file, through llama.cpp."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from tercet.backends.prompted import Prompted
from tercet.chat import Answer, Question
from tercet.chat.gguf import PACKAGE, sha256_of, weights
from tercet.chat.llamacpp import Llama, Loading, runtime_version
from tercet.errors import BackendError, ConfigError, TercetError

_SET_ELSEWHERE = {"model", "messages", "stream", "cache_prompt"}  # what ``extra`` may not hold


@dataclass(frozen=True, kw_only=True)
class Llamacpp(Prompted):
    """Ask a model that is loaded from a GGUF file, at the first request, and stays in memory.

    What it answers to a request does not depend on what it was asked before (``tercet.chat.llamacpp``). A prompt
    that leaves no room for its answer fails, and is not cut. A schema is enforced by a grammar.

    Args:
        model: A GGUF file, or ``package:NAME`` for weights that come in an installed package.
        seed: Of what is left to chance above temperature 0; a repeat adds to it.
        extra: Further options of llama.cpp's server, such as ``repeat_penalty``.
        sha256: What the file's hash must be; None takes any file.
        context: Tokens of a prompt and its answer together. Some models place tokens by it, so that it is part of
            the key.
        chat_template: Jinja template that makes one text of the messages; None takes the model's own. A base
            model has none that fits.
        threads: How many compute; None takes all cores.
        gpu_layers: How many layers a GPU computes, where the package was built for one.
    """

    seed: int | None = 0
    sha256: str | None = None
    context: int = 8192
    chat_template: str | None = None
    threads: int | None = field(default=None, metadata={"answers": False})
    gpu_layers: int = 0
    local: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.context <= self.max_tokens:
            raise ConfigError(
                f"context is {self.context}, and max_tokens is {self.max_tokens}.",
                "A prompt needs room beside its answer.",
            )
        misplaced = sorted(_SET_ELSEWHERE & set(self.extra))
        if misplaced:
            raise ConfigError(f"extra holds '{misplaced[0]}'.", "That one cannot be set there.")
        if self.threads is not None and self.threads < 1:
            raise ConfigError(f"threads is {self.threads}.", "It must be at least 1, or null.")
        if self.gpu_layers < 0:
            raise ConfigError(f"gpu_layers is {self.gpu_layers}.", "It must be at least 0.")

    def refuses(self, role: str, source: str, target: str) -> str | None:
        """Say that no model or prompt is named, that a package or the weights are not here, or are others."""
        missing = super().refuses(role, source, target)
        if missing is not None:
            return missing
        if runtime_version() is None:
            return "the package 'xllamacpp' is not installed: pip install 'tercet[embedded]'"
        try:
            weights(self.model or "", self.sha256)
        except TercetError as error:
            return str(error).rstrip(".")
        return None

    def _names(self) -> list[object]:
        return ["llama.cpp", self._weights(), self.chat_template, self.context, self.gpu_layers, runtime_version()]

    def _weights(self) -> str | None:
        """Name the weights by their hash: a file of another name, or in another place, is the same model."""
        if self.sha256 is not None or not self.model:
            return self.sha256 and self.sha256.lower()
        try:
            return sha256_of(
                weights(self.model, None) if self.model.startswith(PACKAGE) else Path(self.model).expanduser()
            )
        except (OSError, BackendError):
            return self.model  # it is not here, and is refused before anything runs

    def _ask(self, questions: Iterable[Question | None]) -> Iterator[tuple[int, Answer]]:
        loading = Loading(
            path=weights(self.model or "", self.sha256),
            context=self.context,
            chat_template=self.chat_template,
            threads=self.threads,
            gpu_layers=self.gpu_layers,
        )
        return Llama(loading, self.decoding).ask(questions)
