"""Tables of articles: which column is what, for every corpus that has rows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tercet.articles import as_date, as_tags
from tercet.dotted import Row, value
from tercet.errors import CorpusError, nearest
from tercet.records import Article, Summary
from tercet.text.languages import language

_NAMES = ("id", "source", "title", "date", "tags", "link", "cluster")


@dataclass(frozen=True, kw_only=True)
class ColumnMap:
    """How a row becomes an article.

    Args:
        columns: From our names (``id``, ``source``, ``title``, ``date``, ``tags``, ``link``,
            ``cluster``) to the table's columns; a dot goes into a nested column.
        references: The column of references by language. A column of lists gives several.
        source_language: Language of the source texts.
    """

    columns: Mapping[str, str | None]
    references: Mapping[str, str | None]
    source_language: str

    @property
    def needed(self) -> list[str]:
        """The columns that are read, each once, without what is nested in them."""
        return list(dict.fromkeys(theirs.split(".")[0] for theirs in self._theirs()))

    def check(self, present: Iterable[str], what: str = "The dataset", path: Path | None = None) -> None:
        """Check the map against a table's columns, before any row is read.

        Args:
            present: The names of the table's columns.
            what: How the table is called.
            path: Its file, where it is one.

        Raises:
            CorpusError: A column is not there, or the map makes no sense.
            ConfigError: A language is unknown.
        """
        present = list(present)
        if not any(self.references.values()):
            raise CorpusError(
                "corpus.references names no column.",
                f"Add corpus.references.en=COLUMN. {what} has: {', '.join(present)}.",
            )
        codes = [language(code).code for code, theirs in self.references.items() if theirs]
        if len(set(codes)) < len(codes):
            raise CorpusError(
                "corpus.references names a language twice.", "Name one column a language; it may hold lists of texts."
            )
        for ours in self.columns:
            if ours not in _NAMES:
                raise CorpusError(f"Unknown name '{ours}' in corpus.columns.", nearest(ours, _NAMES))
        for theirs in self._theirs():
            if theirs.split(".")[0] not in present:
                raise CorpusError(f"{what} has no column '{theirs}'.", nearest(theirs, present), path=path)

    def articles(
        self, rows: Iterable[Row | CorpusError], *, first: int = 0, path: Path | None = None
    ) -> Iterator[Article | CorpusError]:
        """Make an article of each row, or the error that it is, with the row's number.

        Args:
            rows: The rows; one that could not be read is its error.
            first: The first row's number, which is its article's id where it has none.
            path: The file that the rows are in, for the message.
        """
        for index, row in enumerate(rows, first):
            try:
                if isinstance(row, CorpusError):
                    raise row
                yield self._article(row, index)
            except CorpusError as error:
                yield CorpusError(f"Row {index}: {error.problem}", error.remedy, path=path)

    def _theirs(self) -> Iterator[str]:
        return filter(None, (*self.columns.values(), *self.references.values()))

    def _article(self, row: Row, index: int) -> Article:
        found = {ours: value(row, theirs) for ours, theirs in self.columns.items() if theirs}
        references = {language(code).code: value(row, theirs) for code, theirs in self.references.items() if theirs}
        name = _name(found.get("id"), "id")
        return Article(
            id=str(index) if name is None else name,
            language=language(self.source_language).code,
            source=_text(found.get("source"), "source"),
            references={code: _summaries(item, code) for code, item in references.items() if item},
            title=_text(found.get("title"), "title"),
            date=as_date(found.get("date"), None),
            tags=as_tags(found.get("tags"), None),
            link=_text(found.get("link"), "link"),
            cluster=_name(found.get("cluster"), "cluster"),
        )


def _text(value: object, name: str) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    raise CorpusError(f"The column for '{name}' holds no text but {type(value).__name__}.")


def _name(value: object, name: str) -> str | None:
    if isinstance(value, bytes | list | dict):
        raise CorpusError(f"The column for '{name}' is neither a text nor a number but {type(value).__name__}.")
    return None if value is None else str(value)


def _summaries(value: object, code: str) -> tuple[Summary, ...]:
    found = []
    for text in value if isinstance(value, list) else [value]:
        if not isinstance(text, str):
            raise CorpusError(f"A reference in '{code}' is no text but {type(text).__name__}.")
        found.append(Summary(language=code, abstract=text))
    return tuple(found)
