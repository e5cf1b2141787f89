"""Census: what one pass over a corpus tells, so that later passes need to hold no more than an article at a time."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.cache import digest_each
from tercet.corpora import Corpus, streamed, streams
from tercet.errors import CorpusError
from tercet.records import Article
from tercet.stats.hashing import key_of

# Articles are kept up to so many characters, and then read anew for each pass. An article takes some by itself.
_KEPT = 50_000_000
_ARTICLE = 1_000
Kind = tuple[str, bool, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """A corpus that was read once.

    Args:
        kinds: (n,) for each article, the number of the sample that is like it: in language, in whether there is a
            source text, and in the languages of its references.
        samples: One article of each kind, in the order of their first.
        hash: Of all articles; the hash of equal articles in the same order.
        characters: Of all sources and references.
        problems: What could not be read.
    """

    kinds: NDArray[np.uint32]
    samples: tuple[Article, ...]
    hash: str
    characters: int
    problems: tuple[CorpusError, ...] = ()
    _keys: NDArray[np.uint64] = field(repr=False)
    _marks: NDArray[np.uint64] = field(repr=False)  # of whole articles
    _kept: tuple[Article, ...] | None = field(repr=False)
    _corpus: Any = field(repr=False)  # None where the articles are kept

    def __len__(self) -> int:
        """How many articles there are."""
        return len(self.kinds)

    def articles(self) -> Iterator[Article]:
        """Give the articles, in their order; those of a large corpus are read anew.

        Raises:
            CorpusError: They are others than they were.
        """
        if self._kept is not None:
            yield from self._kept
            return
        count = 0
        for item in streamed(self._corpus):
            if isinstance(item, CorpusError):
                continue
            if count == len(self._keys) or key_of(item.id) != self._keys[count]:
                raise _changed(f"article {count + 1} is now '{item.id}'")
            if _mark(item) != self._marks[count]:
                raise _changed(f"article '{item.id}' is not what it was")
            count += 1
            yield item
        if count < len(self._keys):
            raise _changed(f"it has {count} articles, and had {len(self._keys)}")


def census(corpus: Corpus) -> Census:
    """Read a corpus once.

    Raises:
        CorpusError: Nothing can be read, or ``strict`` and one article cannot; or two articles share an id.
    """
    return _taken(streamed(corpus), corpus, strict=bool(getattr(corpus, "strict", False)))


def census_of(articles: Iterable[Article]) -> Census:
    """Take the census of articles that are there."""
    return _taken(articles, None, strict=False)


def _taken(attempts: Iterable[Article | CorpusError], corpus: Corpus | None, *, strict: bool) -> Census:
    seen = _Seen(keep_all=corpus is None or not streams(corpus))
    digest = digest_each(article_as_json(article) for article in seen.articles(attempts, strict=strict))
    keys = np.frombuffer(seen.keys, dtype=np.uint64) if seen.keys else np.zeros(0, dtype=np.uint64)
    found = Census(
        kinds=np.frombuffer(seen.kinds, dtype=np.uint32) if seen.kinds else np.zeros(0, dtype=np.uint32),
        samples=tuple(seen.samples.values()),
        hash=digest,
        characters=seen.characters,
        problems=tuple(seen.problems),
        _keys=keys,
        _marks=np.frombuffer(seen.marks, dtype=np.uint64) if seen.marks else np.zeros(0, dtype=np.uint64),
        _kept=None if seen.kept is None else tuple(seen.kept),
        _corpus=corpus,
    )
    if len(np.unique(keys)) < len(keys):
        _check_ids(found.articles(), keys)
    return found


class _Seen:
    """What is noted of articles as they go by."""

    def __init__(self, *, keep_all: bool) -> None:
        self.kinds = array("I")
        self.keys = array("Q")
        self.marks = array("Q")
        self.samples: dict[Kind, Article] = {}
        self.problems: list[CorpusError] = []
        self.kept: list[Article] | None = []
        self.characters = 0
        self._keep_all = keep_all
        self._numbers: dict[Kind, int] = {}

    def articles(self, attempts: Iterable[Article | CorpusError], *, strict: bool) -> Iterator[Article]:
        """Pass articles on, and keep problems apart."""
        for item in attempts:
            if isinstance(item, CorpusError):
                if strict:
                    raise item
                self.problems.append(item)
                continue
            kind = item.language, item.source is None, tuple(sorted(item.references))
            number = self._numbers.setdefault(kind, len(self._numbers))
            if number == len(self.samples):
                self.samples[kind] = item
            self.kinds.append(number)
            self.keys.append(key_of(item.id))
            if not self._keep_all:
                self.marks.append(_mark(item))
            self._keep(item)
            yield item

    def _keep(self, item: Article) -> None:
        texts = (summary.text for summaries in item.references.values() for summary in summaries)
        self.characters += len(item.source or "") + sum(map(len, texts))
        if self.kept is not None:
            self.kept.append(item)
            if not self._keep_all and self.characters + _ARTICLE * len(self.kept) > _KEPT:
                self.kept = None


def article_as_json(article: Article) -> dict[str, object]:
    """Write an article as JSON can hold it, for the corpus hash."""
    return {
        "id": article.id,
        "language": article.language,
        "source": article.source,
        "references": {code: [summary.text for summary in found] for code, found in article.references.items()},
        "title": article.title,
        "date": article.date.isoformat() if article.date else None,
        "tags": list(article.tags),
        "cluster": article.cluster,
    }


def _mark(article: Article) -> int:
    """Hash what the corpus hash holds of an article, quicker than that, so that one that changed is known."""
    parts = [article.id, article.language, article.source or "", article.title or "", str(article.date)]
    parts += [*article.tags, article.cluster or ""]
    for code, found in article.references.items():
        parts += [code, *(summary.text for summary in found)]
    return key_of("\x1e".join(parts))


def _check_ids(articles: Iterable[Article], keys: NDArray[np.uint64]) -> None:
    """Find the id that two articles share; different ids may have one key by chance."""
    found, counts = np.unique(keys, return_counts=True)
    double = set(found[counts > 1].tolist())
    seen: set[str] = set()
    for article in articles:
        if key_of(article.id) in double:
            if article.id in seen:
                raise CorpusError(f"Two articles have the id '{article.id}'.", "Give each article an id of its own.")
            seen.add(article.id)


def _changed(how: str) -> CorpusError:
    return CorpusError(f"The corpus changed while it was read: {how}.", "Repeat the command when it stands still.")
