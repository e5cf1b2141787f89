"""Corpora: one file a loader. A loader is a dataclass with ``load() -> Loaded``, and ``stream()`` where it can."""

from collections.abc import Iterator
from typing import Protocol

from tercet.articles import Loaded
from tercet.errors import CorpusError
from tercet.records import Article


class Corpus(Protocol):
    """Where articles come from; its fields are its configuration.

    ``load`` is all that a corpus needs. One that may be larger than memory has ``stream`` besides:
    ``def stream(self) -> Iterator[Article | CorpusError]`` gives what ``load`` gives, in the same order
    and with each broken record's error in its place (also where ``strict``: who reads decides), holding
    no more than a few records. Each call reads anew. Errors that concern more than one record (a file
    that is missing, cut off or not UTF-8, a column that is not there) are raised, by both. Then ``load``
    is ``collect(self.stream(), strict=self.strict)``.
    """

    def load(self) -> Loaded:
        """Read the articles.

        Raises:
            CorpusError: Nothing can be read, or ``strict`` and one article cannot.
        """
        ...


def streamed(corpus: Corpus) -> Iterator[Article | CorpusError]:
    """Read a corpus one article at a time, as far as it can: all of ours can.

    Yields:
        Its ``stream``; where it has none, what ``load`` gives: the articles, then the problems.

    Raises:
        CorpusError: Nothing can be read, or not to its end; two articles of one id are not looked for.
    """
    if streams(corpus):
        yield from corpus.stream()  # type: ignore[attr-defined]
        return
    loaded = corpus.load()
    yield from loaded.articles
    yield from loaded.problems


def streams(corpus: Corpus) -> bool:
    """Tell whether ``stream`` gives what ``load`` does: not where a subclass has a ``load`` of its own only."""
    names = (name for cls in type(corpus).__mro__ for name in ("stream", "load") if name in vars(cls))
    return next(names, None) == "stream" and callable(getattr(corpus, "stream", None))
