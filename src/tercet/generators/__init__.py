"""Generators: models of transformers that write texts in this process.

``checkpoint`` finds and loads a model, ``batching`` and ``writing`` run it, ``pieces`` cuts a text into what a
model reads at once and ``dialogue`` words a conversation for it.

A text does not depend on what is written beside it, to the last bit. Matrix products of few and of many rows
differ in their last bits, and so do sums over a padded and a bare row; where two tokens are about equally likely,
such a bit decides which one is written. So here each text is always computed in the same shape, which follows
from its own length alone: padded to one width, among one number of rows, and rows that nobody needs are filled
up with copies. On a CPU each batch has one thread, and batches run side by side.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tercet.errors import ConfigError, nearest

#: Options of transformers' ``generate`` that change what is written, and whose effect does not depend on chance.
OPTIONS = frozenset(
    {
        "bad_words_ids",
        "begin_suppress_tokens",
        "early_stopping",
        "encoder_no_repeat_ngram_size",
        "encoder_repetition_penalty",
        "exponential_decay_length_penalty",
        "length_penalty",
        "min_length",
        "min_new_tokens",
        "no_repeat_ngram_size",
        "repetition_penalty",
        "renormalize_logits",
        "suppress_tokens",
    }
)


class Task(NamedTuple):
    """What a model goes on from.

    Args:
        ids: Its tokens, special ones included.
        seed: Of what is left to chance, if anything is.
    """

    ids: tuple[int, ...]
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a model wrote, or why it did not.

    Args:
        text: Without special tokens; may be empty.
        failure: Why there is none.
        tokens: How many it wrote, with the one that ends the text.
        cut: Whether it was stopped before it had come to an end.
        seconds: Its share of the time that its batch took.
    """

    text: str | None = None
    failure: str | None = None
    tokens: int = 0
    cut: bool = False
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a model writes; all of it decides the text.

    Args:
        max_tokens: After how many a text is cut.
        beams: Of beam search; 1 takes the likeliest token each time, None leaves it to the model's own settings.
        temperature: 0 leaves nothing to chance.
        top_p: Share of probability that tokens are drawn from, in (0, 1]; None is 1.
        stop: Texts that end what is written, and are no part of it.
        first: The token that it begins with, such as a language's; None leaves it open.
        options: Others of ``OPTIONS``.
        batch_tokens: Tokens computed at once, padding included; None for what suits the device. It moves the
            last bits.
    """

    max_tokens: int
    beams: int | None = 1
    temperature: float = 0.0
    top_p: float | None = None
    stop: tuple[str, ...] = ()
    first: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    batch_tokens: int | None = None

    def __post_init__(self) -> None:
        for name in ("max_tokens", "beams", "batch_tokens"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ConfigError(f"{name} is {value}.", "It must be at least 1.")
        if self.top_p is not None and not 0 < self.top_p <= 1:
            raise ConfigError(f"top_p is {self.top_p}.", "It must be above 0 and at most 1, or null.")
        for name in self.options:
            if name not in OPTIONS:
                raise ConfigError(f"There is no key 'extra.{name}'.", nearest(name, OPTIONS))
