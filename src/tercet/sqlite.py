"""Opening SQLite files that several processes share."""

import sqlite3
from time import monotonic, sleep

PATIENCE = 60.0  # seconds that a process waits for another one


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
