"""Any Hugging Face dataset, local or remote, with a column map."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from types import ModuleType
from typing import Any

from tercet.articles import Loaded, collect
from tercet.columns import ColumnMap
from tercet.dotted import Row
from tercet.errors import CorpusError
from tercet.extras import require
from tercet.records import Article


@dataclass(frozen=True, kw_only=True)
class Hf:
    """A dataset that ``datasets.load_dataset`` can load.

    Args:
        path: A dataset's name on the hub, a local folder, or a builder such as ``parquet``.
        name: Its configuration.
        split: Its split.
        revision: Its commit or tag; pin it, or the corpus may change under you.
        data_files: Local files, for the builders ``parquet``, ``json`` and ``csv``.
        streaming: Whether rows are read as they are needed, and never fetched or unpacked as a whole.
            A split cannot be cut then (``test[:100]``; ``limit=100`` can do that), and where ``datasets``
            does not know the columns beforehand, they are those of the first row.
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
    streaming: bool = False
    columns: dict[str, str | None] = field(default_factory=dict)
    references: dict[str, str | None] = field(default_factory=dict)
    source_language: str = "en"
    strict: bool = False

    def load(self) -> Loaded:
        """Load the dataset; what it needs from the hub is fetched by ``datasets`` itself."""
        return collect(self.stream(), strict=self.strict)

    def stream(self) -> Iterator[Article | CorpusError]:
        """Read the rows in order, one at a time: from the disk, or as they arrive where ``streaming``."""
        if self.path is None:
            raise CorpusError("corpus.path is not set.", "Add corpus.path=DATASET.")
        datasets = require("datasets", package="datasets", extra="hf", purpose="corpus=hf")
        with self._told(datasets):
            dataset = datasets.load_dataset(
                self.path,
                name=self.name,
                split=self.split,
                revision=self.revision,
                data_files=self.data_files or None,
                streaming=self.streaming,
            )
        present, rows = _columns(dataset.column_names, self._rows(dataset, datasets))
        if present is None:
            return
        table = ColumnMap(columns=self.columns, references=self.references, source_language=self.source_language)
        table.check(present)
        # Rows of JSON that are read as they come lack the columns that their part of the file does not have.
        yield from table.articles(dict.fromkeys(present) | dict(row) for row in rows)

    def _rows(self, dataset: Any, datasets: ModuleType) -> Iterator[Row]:
        with self._told(datasets):
            yield from dataset

    @contextmanager
    def _told(self, datasets: ModuleType) -> Iterator[None]:
        from pyarrow import ArrowException

        # What ``datasets`` lets through of its readers where a file is damaged or its types change midway.
        readers = (OSError, ValueError, TypeError, EOFError, zlib.error, ArrowException)
        try:
            yield
        except (*readers, datasets.exceptions.DatasetsError) as error:
            raise CorpusError(
                f"The dataset '{self.path}' cannot be loaded: {(str(error) or repr(error)).splitlines()[0]}",
                "Check corpus.path, corpus.split and corpus.data_files, and the network where it is remote.",
            ) from error


def _columns(known: list[str] | None, rows: Iterator[Row]) -> tuple[list[str] | None, Iterator[Row]]:
    """Find the columns in the first row where nothing says them; None where there is none."""
    if known is not None:
        return known, rows
    first = next(rows, None)
    return (None, rows) if first is None else (list(first), chain([first], rows))
