"""The cache of replies: what a stage has answered is not asked again."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from tercet.errors import RunError
from tercet.sqlite import PATIENCE, set_up

_CHUNK = 500
_TABLE = "create table if not exists replies (id integer primary key, key text not null unique, text text not null)"


def digest(*parts: object) -> str:
    """Hash what JSON can hold, whatever the order of mappings.

    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    """
    data = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(data.encode("utf-8", "surrogatepass")).hexdigest()


class Cache:
    """Replies by the hash of everything that decides them; safe for several processes.

    Each reply is committed as it comes, so that a killed run loses only what was in flight. Failures
    are never stored.

    Args:
        path: The SQLite file; None keeps replies in memory, for one process.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def __enter__(self) -> Self:
        try:
            if self.path is not None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.path or ":memory:", timeout=PATIENCE, isolation_level=None)
        except (sqlite3.Error, OSError) as error:
            raise self._broken(error) from error
        try:
            self._db.text_factory = _text
            set_up(self._db, _TABLE)
        except sqlite3.Error as error:
            self._db.close()
            raise self._broken(error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def find(self, keys: Iterable[str]) -> dict[str, str]:
        """Look replies up; keys that are not there are left out."""
        wanted = list(keys)
        found: dict[str, str] = {}
        try:
            for start in range(0, len(wanted), _CHUNK):
                part = wanted[start : start + _CHUNK]
                marks = ",".join("?" * len(part))
                found.update(self._db.execute(f"select key, text from replies where key in ({marks})", part))
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise self._broken(error) from error
        return found

    def store(self, key: str, text: str) -> None:
        """Keep one reply; the first one stays."""
        try:
            data = text.encode("utf-8", "surrogatepass")
            self._db.execute("insert or ignore into replies (key, text) values (?, cast(? as text))", (key, data))
        except sqlite3.Error as error:
            raise self._broken(error) from error

    def _broken(self, error: Exception) -> RunError:
        return RunError(
            f"The cache {self.path} cannot be used: {error}.",
            "Delete the file, or set cache=FILE, or cache=null for none.",
        )


def _text(data: bytes) -> str:
    """Read what ``store`` wrote: a lone surrogate, as JSON can hold one, comes back as it was."""
    return data.decode("utf-8", "surrogatepass")
