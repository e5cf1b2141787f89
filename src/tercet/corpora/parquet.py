"""Parquet files, with a column map."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from glob import glob
from pathlib import Path
from typing import Any

from tercet.articles import Loaded, collect
from tercet.columns import ColumnMap
from tercet.dotted import Row
from tercet.errors import CorpusError
from tercet.records import Article
from tercet.sizes import TEXT, TooLargeError

_ROWS = 256  # that are in memory at once
_BUFFER = 1 << 20  # bytes of a column that are read at once


@dataclass(frozen=True, kw_only=True)
class Parquet:
    """Rows of one or more Parquet files, read in small batches whatever the size of their row groups.

    Args:
        path: A file; a folder, of which every ``.parquet`` file is read, also in folders below it, but
            for names that begin with a dot or an underscore; or a pattern such as ``data/*.parquet``.
            Files are read in the order of their names; values in folders' names (``lang=en/``) are
            no columns.
        columns: From our names (``id``, ``source``, ``title``, ``date``, ``tags``, ``link``,
            ``cluster``) to the files' columns; a dot goes into a nested column.
        references: The files' column of references by language. A column of lists gives several.
        source_language: Language of the source texts.
        strict: Whether one broken row is an error for all.
    """

    path: str | None = None
    columns: dict[str, str | None] = field(default_factory=dict)
    references: dict[str, str | None] = field(default_factory=dict)
    source_language: str = "en"
    strict: bool = False

    def load(self) -> Loaded:
        """Read the rows in order; where there is no column of ids, a row's number is its id."""
        return collect(self.stream(), strict=self.strict)

    def stream(self) -> Iterator[Article | CorpusError]:
        """Read the rows in order, a small batch at a time; they are numbered from 0 across files.

        Raises:
            CorpusError: There is no file; or one is damaged, or lacks a column, with its path.
        """
        if self.path is None:
            raise CorpusError("corpus.path is not set.", "Add corpus.path=FILE_OR_FOLDER_OR_PATTERN.")
        table = ColumnMap(columns=self.columns, references=self.references, source_language=self.source_language)
        first = 0
        for file in _files(self.path):
            for batch in _batches(file, table, first):
                yield from table.articles(_rows(batch), first=first, path=file)
                first += batch.num_rows


def _files(path: str) -> list[Path]:
    place = Path(path).expanduser()
    if place.is_file():
        return [place]
    with _told(place, "The path"):
        if place.is_dir():
            found = [file for file in place.rglob("*.parquet") if not _is_aside(file.relative_to(place))]
        else:
            found = [Path(file) for file in glob(str(place), recursive=True)]  # noqa: PTH207 (it may be absolute)
        found = [file for file in found if file.is_file()]
    if not found:
        problem = (
            "The folder holds no .parquet file." if place.is_dir() else "There is no such file, folder or pattern."
        )
        raise CorpusError(problem, "Set corpus.path.", path=place)
    return sorted(found, key=Path.as_posix)


def _is_aside(name: Path) -> bool:
    """Tell what other programs lay beside their data: ``_metadata``, ``_temporary/``, ``.part.crc``."""
    return any(part.startswith((".", "_")) for part in name.parts)


def _batches(file: Path, table: ColumnMap, first: int) -> Iterator[Any]:
    """Read the columns that are needed, some rows at a time."""
    import pyarrow.parquet as pq

    # Neither a whole row group is read ahead nor a whole column of one, which may be all of the file.
    with _told(file, "The file"):
        opened = pq.ParquetFile(file, pre_buffer=False, buffer_size=_BUFFER)
    with opened:
        table.check(opened.schema_arrow.names, "The file", file)
        end = first + opened.metadata.num_rows
        batches = opened.iter_batches(_ROWS, columns=table.needed, use_threads=False)
        while True:
            with _told(file, f"The file, from row {first} on,"):
                batch = next(batches, None)
            if batch is None:
                break
            first += batch.num_rows
            yield batch
        if first != end:
            raise CorpusError(
                f"The file says that row {end - 1} is its last, and it ends before row {first}.",
                "It is damaged: write it again.",
                path=file,
            )


@contextmanager
def _told(file: Path, what: str) -> Iterator[None]:
    from pyarrow import ArrowException

    try:
        yield
    except (OSError, ValueError, ArrowException) as error:
        reason = getattr(error, "strerror", None) or (str(error) or repr(error)).splitlines()[0].rstrip(".")
        raise CorpusError(
            f"{what} cannot be read as Parquet: {reason}.",
            "Name Parquet files, or choose the corpus=... that reads yours: tercet list.",
            path=file,
        ) from error


def _rows(batch: Any) -> Iterator[Row | CorpusError]:
    """Make Python values of a batch; where one cannot be made, its row is an error, and no other is."""
    if batch.nbytes <= TEXT:
        with suppress(ValueError, OverflowError):  # text that is not UTF-8, a year that is none
            yield from _values(batch)
            return
    for index in range(batch.num_rows):
        row = batch.slice(index, 1)
        try:
            if row.nbytes > TEXT:
                raise TooLargeError("the row", TEXT)
            (values,) = _values(row)
        except (ValueError, OverflowError) as error:
            yield CorpusError(f"A value cannot be read: {error}.")
        else:
            yield values


def _values(batch: Any) -> list[Row]:
    import pyarrow as pa

    for index, column in enumerate(batch.schema):
        # Python has no nanoseconds, pandas has, and the same file is to be read alike with and without it.
        if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
            kind = pa.timestamp("us", column.type.tz)
            batch = batch.set_column(index, column.name, batch.column(index).cast(kind, safe=False))
    found: list[Row] = batch.to_pylist()
    return found
