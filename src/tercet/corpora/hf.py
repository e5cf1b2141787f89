"""Any Hugging Face dataset, local or remote, with a column map."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tercet.articles import Loaded, as_date, as_tags, collect
from tercet.errors import CorpusError, nearest
from tercet.extras import require
from tercet.records import Article, Summary
from tercet.text.languages import language

_NAMES = ("id", "source", "title", "date", "tags", "link", "cluster")


@dataclass(frozen=True, kw_only=True)
class Hf:
    """A dataset that ``datasets.load_dataset`` can load.

    Args:
        path: A dataset's name on the hub, a local folder, or a builder such as ``parquet``.
        name: Its configuration.
        split: Its split.
        revision: Its commit or tag; pin it, or the corpus may change under you.
        data_files: Local files, for the builders ``parquet``, ``json`` and ``csv``.
        columns: From our names (``id``, ``source``, ``title``, ``date``, ``tags``, ``link``,
            ``cluster``) to the dataset's columns; a dot goes into a nested column.
        references: The dataset's column of references by language. A column of lists gives several.
        source_language: Language of the source texts.
        strict: Whether one broken row is an error for all.
    """

    path: str | None = None
    name: str | None = None
    split: str = "test"
    revision: str | None = None
    data_files: list[str] = field(default_factory=list)
    columns: dict[str, str | None] = field(default_factory=dict)
    references: dict[str, str | None] = field(default_factory=dict)
    source_language: str = "en"
    strict: bool = False

    def load(self) -> Loaded:
        """Load the dataset; what it needs from the hub is fetched by ``datasets`` itself."""
        if self.path is None:
            raise CorpusError("corpus.path is not set.", "Add corpus.path=DATASET.")
        datasets = require("datasets", package="datasets", extra="hf", purpose="corpus=hf")
        try:
            rows = datasets.load_dataset(
                self.path,
                name=self.name,
                split=self.split,
                revision=self.revision,
                data_files=self.data_files or None,
            )
        except (OSError, ValueError, ConnectionError, datasets.exceptions.DatasetsError) as error:
            raise CorpusError(
                f"The dataset '{self.path}' cannot be loaded: {(str(error) or repr(error)).splitlines()[0]}",
                "Check corpus.path, corpus.split and corpus.data_files, and the network where it is remote.",
            ) from error
        self._check_columns(rows.column_names)
        return collect(self._articles(rows), strict=self.strict)

    def _check_columns(self, present: list[str]) -> None:
        if not any(self.references.values()):
            raise CorpusError(
                "corpus.references names no column.",
                f"Add corpus.references.en=COLUMN. The dataset has: {', '.join(present)}.",
            )
        codes = [language(code).code for code, theirs in self.references.items() if theirs]
        if len(set(codes)) < len(codes):
            raise CorpusError(
                "corpus.references names a language twice.", "Name one column a language; it may hold lists of texts."
            )
        for ours in self.columns:
            if ours not in _NAMES:
                raise CorpusError(f"Unknown name '{ours}' in corpus.columns.", nearest(ours, _NAMES))
        for theirs in (*self.columns.values(), *self.references.values()):
            if theirs is not None and theirs.split(".")[0] not in present:
                raise CorpusError(f"The dataset has no column '{theirs}'.", nearest(theirs, present))

    def _articles(self, rows: Any) -> Iterator[Article | CorpusError]:
        for index, row in enumerate(rows):
            try:
                yield self._article(row, index)
            except CorpusError as error:
                yield CorpusError(f"Row {index}: {error.problem}", error.remedy)

    def _article(self, row: dict[str, Any], index: int) -> Article:
        place = Path(self.path or "")
        value = {ours: _value(row, theirs) for ours, theirs in self.columns.items() if theirs}
        references = {language(code).code: _value(row, theirs) for code, theirs in self.references.items() if theirs}
        return Article(
            id=str(index if value.get("id") is None else value["id"]),
            language=language(self.source_language).code,
            source=_text(value.get("source"), "source"),
            references={code: _summaries(item, code) for code, item in references.items() if item},
            title=_text(value.get("title"), "title"),
            date=as_date(value.get("date"), place),
            tags=as_tags(value.get("tags"), place),
            link=_text(value.get("link"), "link"),
            cluster=None if value.get("cluster") is None else str(value["cluster"]),
        )


def _value(row: dict[str, Any], column: str) -> Any:
    value: Any = row
    for part in column.split("."):
        if not isinstance(value, dict) or part not in value:
            raise CorpusError(
                f"There is no column '{column}'.", nearest(part, value if isinstance(value, dict) else ())
            )
        value = value[part]
    return value


def _text(value: object, name: str) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    raise CorpusError(f"The column for '{name}' holds no text but {type(value).__name__}.")


def _summaries(value: object, code: str) -> tuple[Summary, ...]:
    found = []
    for text in value if isinstance(value, list) else [value]:
        if not isinstance(text, str):
            raise CorpusError(f"A reference in '{code}' is no text but {type(text).__name__}.")
        found.append(Summary(language=code, abstract=text))
    return tuple(found)
