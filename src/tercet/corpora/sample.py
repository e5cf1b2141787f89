"""The embedded corpus: articles written for tercet, in the public domain."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tercet
from tercet.articles import Loaded, collect, load_articles
from tercet.errors import CorpusError
from tercet.records import Article


@dataclass(frozen=True, kw_only=True)
class Sample:
    """News articles in English and Chinese, with reference summaries in both."""

    def load(self) -> Loaded:
        """Read the articles that come with the package; a broken one is an error."""
        return collect(self.stream(), strict=True)

    def stream(self) -> Iterator[Article | CorpusError]:
        """Read the articles that come with the package, one at a time."""
        yield from _articles(Path(tercet.__file__).parent / "sample")


@cache  # they change only with tercet itself
def _articles(folder: Path) -> tuple[Article | CorpusError, ...]:
    return tuple(load_articles(folder, default_language="en"))
