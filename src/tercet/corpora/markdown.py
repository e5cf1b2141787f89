"""Articles as Markdown files: one file, or a folder of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tercet.articles import Loaded, collect, load_articles
from tercet.errors import CorpusError
from tercet.records import Article


@dataclass(frozen=True, kw_only=True)
class Markdown:
    """A file or a folder of ``.md`` and ``.txt`` files, one article each.

    Args:
        path: The file or the folder.
        source_language: Language of the articles where neither front matter nor source text says.
        strict: Whether one broken file is an error for all.
    """

    path: str | None = None
    source_language: str = "en"
    strict: bool = False

    def load(self) -> Loaded:
        """Read the files in the order of their names."""
        return collect(self.stream(), strict=self.strict)

    def stream(self) -> Iterator[Article | CorpusError]:
        """Read the files in the order of their names, one at a time."""
        if self.path is None:
            raise CorpusError("corpus.path is not set.", "Add corpus.path=FILE_OR_FOLDER.")
        yield from load_articles(Path(self.path).expanduser(), default_language=self.source_language)
