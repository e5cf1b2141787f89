"""Scores of pairs of texts, kept on disk: what was scored once is not embedded again.

A pair takes about 100 bytes here, where the vectors of its two texts would take about a megabyte
(384 numbers of 4 bytes for each of 300 tokens, twice), and it is found without loading a model.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, get_type_hints

from tercet.errors import RunError
from tercet.sqlite import PATIENCE, advice, set_up

if TYPE_CHECKING:
    from collections.abc import Iterator

Texts = tuple[str, str]  # candidate and reference, or premise and hypothesis
_Row = TypeVar("_Row", bound=tuple[Any, ...])
_CHUNK = 500
_DAY = 86_400
_FAR = 1e9  # cosines and shares are kept; only a harmonic mean of numbers of unlike signs may be far from 1


class Pair(NamedTuple):
    """What is kept of a candidate and a reference.

    Args:
        precision: float32, as it was computed.
        recall: The same.
        f1: The same.
        truncated: Whether either text was cut.
        blank: Whether the candidate has no token.
    """

    precision: float
    recall: float
    f1: float
    truncated: bool
    blank: bool


def key_of(identity: str, candidate: str, reference: str) -> bytes:
    """Hash all that decides a pair's scores.

    >>> key_of("m", "ab", "c") == key_of("m", "a", "bc")
    False
    """
    found = hashlib.sha256()
    for part in (identity, candidate, reference):
        data = part.encode("utf-8", "surrogatepass")
        found.update(len(data).to_bytes(8, "little"))
        found.update(data)
    return found.digest()[:16]


@cache
def code() -> str:
    """Name the code that makes the scores, so that what older code made is not taken for this one's."""
    found = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        found.update(file.read_bytes())
    return found.hexdigest()[:16]


class Kept(Generic[_Row]):
    """Rows of numbers by key, in one SQLite file; safe for several processes.

    Args:
        path: The file; it and its folder are made where they are not there.
        limit: How many rows are kept; those not used for longest go first.
        row: A named tuple of finite floats and truth values; its name, in the plural, is the table's.
    """

    def __init__(self, path: Path, limit: int, row: Callable[..., _Row]) -> None:
        self.path = path
        self.limit = limit
        self._row = row
        self._table = f"{row.__name__.lower()}s"
        self._types: dict[str, type] = get_type_hints(row)
        self._names = ", ".join(self._types)

    def find(self, keys: Iterable[bytes]) -> dict[bytes, _Row]:
        """Look rows up; keys that are not there are left out.

        Raises:
            RunError: The file cannot be read.
        """
        wanted = list(keys)
        found: dict[bytes, _Row] = {}
        today = int(time()) // _DAY
        with self._open() as db:
            for start in range(0, len(wanted), _CHUNK):
                part = wanted[start : start + _CHUNK]
                marks = ",".join("?" * len(part))
                rows = db.execute(
                    f"select key, {self._names} from {self._table} where key in ({marks})", part
                ).fetchall()
                found.update((key, self._read(values)) for key, *values in rows)
                # The day is precise enough, and the second run of a day writes nothing.
                db.execute(
                    f"update {self._table} set used = ? where used < ? and key in ({marks})", (today, today, *part)
                )
        return found

    def store(self, rows: Mapping[bytes, _Row]) -> None:
        """Keep rows; the first one of a key stays.

        Raises:
            RunError: The file cannot be written.
        """
        today = int(time()) // _DAY
        marks = ", ".join("?" * (len(self._types) + 2))
        with self._open() as db, _transaction(db):
            db.executemany(
                f"insert or ignore into {self._table} (key, {self._names}, used) values ({marks})",
                [
                    (key, *(kind(value) for kind, value in zip(self._types.values(), row, strict=True)), today)
                    for key, row in rows.items()
                ],
            )
            (count,) = db.execute(f"select count(*) from {self._table}").fetchone()
            if count > self.limit:
                db.execute(
                    f"delete from {self._table} where id in (select id from {self._table} order by used, id limit ?)",
                    (count - self.limit,),
                )

    @contextmanager
    def _open(self) -> "Iterator[sqlite3.Connection]":
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)) as db:
                kinds = {name: "real" if kind is float else "integer" for name, kind in self._types.items()}
                columns = "".join(f" {name} {kind} not null," for name, kind in kinds.items())
                set_up(
                    db,
                    f"create table if not exists {self._table} (id integer primary key, key blob not null unique,"
                    f"{columns} used integer not null)",
                )
                yield db
        except (sqlite3.Error, OSError, ValueError) as error:
            raise RunError(
                f"The cache {self.path} cannot be used: {error}.", advice(error, "the metric's cache")
            ) from error

    def _read(self, values: list[Any]) -> _Row:
        """Read a row, as ``store`` wrote it."""
        kinds = self._types.values()
        numbers = [value for kind, value in zip(kinds, values, strict=True) if kind is float]
        if not all(isinstance(number, float) and abs(number) < _FAR for number in numbers):
            raise ValueError("it holds what no metric has written")
        return self._row(*(kind(value) for kind, value in zip(kinds, values, strict=True)))


class Pairs(Kept[Pair]):
    """Scores of pairs by key.

    Args:
        path: The file; it and its folder are made where they are not there.
        limit: How many pairs are kept; those not used for longest go first.
    """

    def __init__(self, path: Path, limit: int) -> None:
        super().__init__(path, limit, Pair)


@contextmanager
def _transaction(db: sqlite3.Connection) -> "Iterator[None]":
    db.execute("begin immediate")
    try:
        yield
    except BaseException:
        db.execute("rollback")
        raise
    db.execute("commit")
