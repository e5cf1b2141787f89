"""The cache of replies: what a stage has answered is not asked again."""

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from tercet.claims import Claims
from tercet.errors import RunError
from tercet.sqlite import PATIENCE, advice, set_up

_CHUNK = 500
# json.dumps makes an encoder for each call.
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
# A rowid table with an index: text keys of a table "without rowid" are moved about as it grows.
_TABLE = """create table if not exists kept (
  id integer primary key, key text not null unique, reply text not null, backend text not null, made integer not null
)"""
# SQLite words errors in what the file holds, and Python decodes them.
_DAMAGES = (sqlite3.Error, UnicodeDecodeError)
_OLDER = "select count(*) from sqlite_master where type = 'table' and name = 'replies'"


def digest(*parts: object) -> str:
    """Hash what JSON can hold, whatever the order of mappings.

    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(_json(parts)).hexdigest()


def digest_each(items: Iterable[object]) -> str:
    """Hash a list that need not be held: the digest of the list of all items.

    >>> digest_each(iter(["a", {"b": 1}])) == digest(["a", {"b": 1}])
    True
    """
    state = hashlib.sha256(b"[[")
    for number, item in enumerate(items):
        state.update(b"," + _json(item) if number else _json(item))
    state.update(b"]]")
    return state.hexdigest()


def _json(value: object) -> bytes:
    return _encode(value).encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a cache holds of one backend.

    Args:
        backend: Its name, or an empty text where none was given.
        replies: How many.
        characters: Of all replies together.
        oldest: When the first one was stored, in seconds since 1970.
        newest: The last one.
    """

    backend: str
    replies: int
    characters: int
    oldest: int
    newest: int


class Cache:
    """Replies by the hash of everything that decides them; safe for several processes and threads.

    Each reply is committed as it comes, so that a killed run loses only what was in flight. Failures
    are never stored.

    Args:
        path: The SQLite file; None keeps replies in memory, for one process.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock = Lock()
        self._claims = Claims(None if path is None else path.with_name(f"{path.name}.claims"))

    def __enter__(self) -> Self:
        try:
            if self.path is not None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                self.path or ":memory:", timeout=PATIENCE, isolation_level=None, check_same_thread=False
            )
        except (sqlite3.Error, OSError) as error:
            raise self._broken(error) from error
        try:
            self._db.text_factory = _text
            set_up(self._db, _TABLE)
            self._take_over()
        except _DAMAGES as error:
            self._db.close()
            raise self._broken(error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._claims.close()
        self._db.close()

    def find(self, keys: Iterable[str]) -> dict[str, str]:
        """Look replies up; keys that are not there are left out."""
        wanted = list(keys)
        found: dict[str, str] = {}
        try:
            with self._lock:
                for start in range(0, len(wanted), _CHUNK):
                    part = wanted[start : start + _CHUNK]
                    marks = ",".join("?" * len(part))
                    found.update(self._db.execute(f"select key, reply from kept where key in ({marks})", part))
        except _DAMAGES as error:
            raise self._broken(error) from error
        if not all(isinstance(reply, str) for reply in found.values()):
            raise self._broken(ValueError("it holds a reply that is no text"))
        return found

    def store(self, key: str, reply: str, backend: str = "") -> None:
        """Keep one reply; the first one stays.

        Args:
            key: From ``digest``.
            reply: The text, or whatever its backend can read again.
            backend: Whose it is, for ``stats`` and ``prune``.
        """
        try:
            data = reply.encode("utf-8", "surrogatepass")
            with self._lock:
                self._db.execute(
                    "insert or ignore into kept (key, reply, backend, made) values (?, cast(? as text), ?, ?)",
                    (key, data, backend, int(time.time())),
                )
        except _DAMAGES as error:
            raise self._broken(error) from error

    def claim(self, key: str) -> bool:
        """Reserve the right to ask for a reply; False where another process is asking for it now."""
        return self._claims.take(key)

    def release(self, key: str) -> None:
        """Give a claim back, whatever came of it."""
        self._claims.give(key)

    def stats(self) -> list[Kept]:
        """Count what is there, by backend."""
        query = (
            "select backend, count(*), sum(length(reply)), min(made), max(made) from kept group by backend order by 1"
        )
        try:
            with self._lock:
                rows = self._db.execute(query).fetchall()
        except _DAMAGES as error:
            raise self._broken(error) from error
        if not all(isinstance(name, str) and all(type(n) is int for n in numbers) for name, *numbers in rows):
            raise self._broken(ValueError("it holds what no run has written"))
        return [
            Kept(backend=name, replies=count, characters=size, oldest=first, newest=last)
            for name, count, size, first, last in rows
        ]

    def prune(self, *, before: int | None = None, backend: str | None = None) -> int:
        """Remove replies, and give their space back.

        Args:
            before: Only those stored before this time, in seconds since 1970.
            backend: Only those of this one.

        Returns:
            How many were removed.
        """
        try:
            with self._lock:
                done = self._db.execute(
                    "delete from kept where (? is null or made < ?) and (? is null or backend = ?)",
                    (before, before, backend, backend),
                )
                self._db.execute("vacuum")
                self._db.execute("pragma wal_checkpoint(truncate)")
        except _DAMAGES as error:
            raise self._broken(error) from error
        return done.rowcount

    def _take_over(self) -> None:
        """Move what an earlier layout of the file holds."""
        if self._db.execute(_OLDER).fetchone()[0]:
            self._db.execute("begin immediate")
            if self._db.execute(_OLDER).fetchone()[0]:  # else another process was faster
                self._db.execute("insert or ignore into kept select null, key, text, '', 0 from replies")
                self._db.execute("drop table replies")
            self._db.execute("commit")

    def _broken(self, error: Exception) -> RunError:
        return RunError(f"The cache {self.path} cannot be used: {error}.", advice(error))


def _text(data: bytes) -> str:
    """Read what ``store`` wrote: a lone surrogate, as JSON can hold one, comes back as it was."""
    return data.decode("utf-8", "surrogatepass")
