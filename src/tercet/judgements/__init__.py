"""Judgements: one file a reader. A reader is a dataclass with ``read() -> list[JudgedSet]``."""

from typing import Protocol

from tercet.judged import JudgedSet


class Judgements(Protocol):
    """Where judged texts come from; its fields are its configuration."""

    def read(self) -> list[JudgedSet]:
        """Read every set, each with at least one judgement.

        Raises:
            CorpusError: A file or a line cannot be read, or an item of a system is judged twice.
            ConfigError: The configuration asks for what cannot be.
            IncompleteError: There is no judgement.
        """
        ...
