"""Scores of pairs of texts, kept on disk: what was scored once is not embedded again.

A pair takes about 100 bytes here, where the vectors of its two texts would take about a megabyte
(384 numbers of 4 bytes for each of 300 tokens, twice), and it is found without loading a model.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing, contextmanager
from math import isfinite
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any, NamedTuple

from tercet.errors import RunError
from tercet.sqlite import PATIENCE, set_up

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 500
_TABLE = (
    "create table if not exists pairs (id integer primary key, key blob not null unique,"
    " precision real not null, recall real not null, f1 real not null,"
    " truncated integer not null, blank integer not null, used integer not null)"
)
_DAY = 86_400


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


class Pairs:
    """Scores of pairs by key, in one SQLite file; safe for several processes.

    Args:
        path: The file; it and its folder are made where they are not there.
        limit: How many pairs are kept; those not used for longest go first.
    """

    def __init__(self, path: Path, limit: int) -> None:
        self.path = path
        self.limit = limit

    def find(self, keys: Iterable[bytes]) -> dict[bytes, Pair]:
        """Look pairs up; keys that are not there are left out.

        Raises:
            RunError: The file cannot be read.
        """
        wanted = list(keys)
        found: dict[bytes, Pair] = {}
        today = int(time()) // _DAY
        with self._open() as db:
            for start in range(0, len(wanted), _CHUNK):
                part = wanted[start : start + _CHUNK]
                marks = ",".join("?" * len(part))
                rows = db.execute(
                    f"select key, precision, recall, f1, truncated, blank from pairs where key in ({marks})", part
                ).fetchall()
                found.update((key, _pair(values)) for key, *values in rows)
                # The day is precise enough, and the second run of a day writes nothing.
                db.execute(f"update pairs set used = ? where used < ? and key in ({marks})", (today, today, *part))
        return found

    def store(self, pairs: Mapping[bytes, Pair]) -> None:
        """Keep pairs; the first scores of a pair stay.

        Raises:
            RunError: The file cannot be written.
        """
        today = int(time()) // _DAY
        with self._open() as db, _transaction(db):
            db.executemany(
                "insert or ignore into pairs (key, precision, recall, f1, truncated, blank, used)"
                " values (?, ?, ?, ?, ?, ?, ?)",
                [(key, *map(float, pair[:3]), *map(int, pair[3:]), today) for key, pair in pairs.items()],
            )
            (count,) = db.execute("select count(*) from pairs").fetchone()
            if count > self.limit:
                db.execute(
                    "delete from pairs where id in (select id from pairs order by used, id limit ?)",
                    (count - self.limit,),
                )

    @contextmanager
    def _open(self) -> "Iterator[sqlite3.Connection]":
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)) as db:
                set_up(db, _TABLE)
                yield db
        except (sqlite3.Error, OSError, ValueError) as error:
            raise RunError(
                f"The cache {self.path} cannot be used: {error}.",
                "Delete the file, or set the metric's cache=FILE, or cache=null for none.",
            ) from error


def _pair(values: list[Any]) -> Pair:
    """Read a row, as ``store`` wrote it."""
    precision, recall, f1, truncated, blank = values
    if not all(isinstance(score, float) and isfinite(score) for score in (precision, recall, f1)):
        raise ValueError("it holds what no metric has written")
    return Pair(precision, recall, f1, bool(truncated), bool(blank))


@contextmanager
def _transaction(db: sqlite3.Connection) -> "Iterator[None]":
    db.execute("begin immediate")
    try:
        yield
    except BaseException:
        db.execute("rollback")
        raise
    db.execute("commit")
