"""Opening SQLite files that several processes share, and what helps where one cannot be used."""

import errno
import sqlite3
from time import monotonic, sleep

PATIENCE = 60.0  # seconds that a process waits for another one


_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_MISMATCH}
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_HELD = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def advice(error: Exception, key: str = "cache") -> str:
    """Word what helps where a file cannot be used: only what is damaged is worth deleting, for the rest was paid for.

    Args:
        error: What SQLite, the disk, or whoever read a row has raised.
        key: What sets the file in a config.

    >>> advice(OSError(errno.ENOSPC, "No space left on device"))
    'Free some space and repeat the command: what the file holds is kept. Or set cache=FILE, or cache=null for none.'
    """
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    otherwise = f"set {key}=FILE, or {key.rpartition(' ')[2]}=null for none."
    if code in _FULL or getattr(error, "errno", None) in _NO_SPACE:
        return f"Free some space and repeat the command: what the file holds is kept. Or {otherwise}"
    if code in _HELD:
        return f"Repeat the command when nobody else holds it, or {otherwise}"
    if code in _DAMAGED or isinstance(error, ValueError):
        return f"Delete the file, or {otherwise}"
    if code == sqlite3.SQLITE_ERROR:  # a table of other columns
        return f"Another version of tercet, or another program, has made it: {otherwise}"
    return f"It takes a folder that may be written: {otherwise}"


def set_up(db: sqlite3.Connection, table: str) -> None:
    """Switch a file to WAL and make its table.

    For the switch SQLite itself does not wait when others make it too.

    Args:
        db: Open, with ``isolation_level=None``.
        table: ``create table if not exists ...``.

    Raises:
        sqlite3.Error: Another process kept the file for longer than ``PATIENCE``, or it is no such file.
    """
    end = monotonic() + PATIENCE
    while True:
        try:
            db.execute("pragma journal_mode = wal")
            db.execute("pragma synchronous = normal")
            db.execute(table)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > end:
                raise
            sleep(0.01)
        else:
            return
