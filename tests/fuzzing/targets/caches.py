"""Caches: SQLite files of replies, and of what embedded models computed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from tercet.cache import Cache, digest
from tercet.encoders.pairs import Pair, Pairs, key_of
from tests.fuzzing.target import Read, Target, demand

_KEYS = [digest("a", i) for i in range(4)]
_PAIRS = [key_of("m", "a", str(i)) for i in range(4)]


def _replies(folder: Path) -> Read:
    path = folder / "cache.sqlite"

    def case(data: bytes) -> str:
        _place(path, data)
        with Cache(path) as cache:
            found = cache.find(_KEYS)
            demand(all(isinstance(reply, str) for reply in found.values()), "a reply that is no text")
            for kept in cache.stats():
                demand(isinstance(kept.backend, str), "a backend that is no text")
                demand(isinstance(kept.newest, int) and isinstance(kept.characters, int), "a count that is no number")
            cache.store(_KEYS[3], "new", "b")
            cache.find(_KEYS[3:])  # in a file whose index is damaged it may not be there: it is asked again
        return f"{len(found)} replies"

    return case


def _numbers(folder: Path) -> Read:
    path = folder / "pairs.sqlite"

    def case(data: bytes) -> str:
        _place(path, data)
        pairs = Pairs(path, 10)
        found = pairs.find(_PAIRS)
        demand(all(abs(row.f1) < 1e300 for row in found.values()), "a number that is none")
        pairs.store({_PAIRS[3]: Pair(0.5, 0.5, 0.5, truncated=False, blank=False)})
        return f"{len(found)} rows"

    return case


def _place(path: Path, data: bytes) -> None:
    """Put a file there, without what SQLite left beside the one before."""
    for ending in ("-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).unlink()
    path.write_bytes(data)


def _made() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cache"
        with Cache(path) as cache:
            for i, key in enumerate(_KEYS[:3]):
                cache.store(key, f"answer {i} 答案" * 5, "openai" if i else "")
        _settle(path)
        yield path
        path = Path(folder) / "pairs"
        Pairs(path, 10).store({key: Pair(0.25, 0.5, 1 / 3, truncated=False, blank=False) for key in _PAIRS[:3]})
        _settle(path)
        yield path


def _settle(path: Path) -> None:
    """Write everything into the file itself, which is then small."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("pragma journal_mode = delete")
        db.execute("pragma page_size = 512")
        db.execute("vacuum")


def _seed(number: int) -> list[bytes]:
    return [path.read_bytes() for path in _made()][number : number + 1]


_SQL = (
    b"reply text",
    b"integer",
    b"blob",
    b"not null",
    b"unique",
    b"create table",
    b"create view kept as select 1",
    b"replies",
    b"kept",
)

TARGETS = (
    Target(
        name="cache",
        reads="cache of replies (SQLite)",
        ready=_replies,
        seeds=lambda: _seed(0),
        words=_SQL,
        weight=0.6,
        oracle="what is found is text; counts are numbers",
    ),
    Target(
        name="numbers",
        reads="cache of BERTScore and others (SQLite)",
        ready=_numbers,
        seeds=lambda: _seed(1),
        words=_SQL,
        weight=0.6,
        oracle="what is found are finite numbers",
    ),
)
