"""Corpora: one file a loader. A loader is a dataclass with ``load() -> Loaded``."""

from typing import Protocol

from tercet.articles import Loaded


class Corpus(Protocol):
    """Where articles come from; its fields are its configuration."""

    def load(self) -> Loaded:
        """Read the articles.

        Raises:
            CorpusError: Nothing can be read, or ``strict`` and one article cannot.
        """
        ...
