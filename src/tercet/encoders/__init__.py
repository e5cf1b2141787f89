"""Encoders: what turns texts into vectors.

A token encoder is first described (``Description``: cheap, says its whole identity) and then loaded
(``TokenEncoder``: imports torch). What was scored before is found by the identity alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

#: An (n, d) tensor of torch, which is not imported here.
Vectors = Any


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as a model reads it.

    Args:
        ids: Token ids, with the model's own special tokens around them.
        truncated: Whether the text went on beyond the model's longest input.
    """

    ids: tuple[int, ...]
    truncated: bool


class TokenEncoder(Protocol):
    """A loaded model that gives one vector a token, in context."""

    #: Ids of tokens that stand for no text, such as [CLS] and [SEP]: they can be matched and weigh nothing.
    silent: frozenset[int]
    #: Bytes of one token's vector.
    width: int

    def tokenize(self, texts: Sequence[str]) -> list[Tokens]:
        """Split texts into tokens."""
        ...

    def embed(self, found: Sequence[Tokens]) -> list[Vectors]:
        """Embed token sequences: for each, its n tokens' vectors of length 1, (n, d) float32."""
        ...


class Description(Protocol):
    """A model that is known and not loaded yet: everything that decides its vectors."""

    @property
    def parts(self) -> dict[str, str]:
        """What a signature says of it: model, weights, layer, longest input, type of numbers, versions."""
        ...

    @property
    def identity(self) -> str:
        """Everything that decides the vectors to the last bit."""
        ...

    def load(self) -> TokenEncoder:
        """Load it.

        Raises:
            MissingExtraError: A package is not installed.
            MetricError: The weights cannot be read, or are not those expected.
        """
        ...
