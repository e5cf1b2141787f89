import multiprocessing
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.cache import Cache, Kept, digest
from tercet.errors import RunError

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "er" / "cache.sqlite"


@pytest.mark.parametrize("text", ["A reply.", "", "回答。\n", "a\x00b", "\ud800", "\U0001f600", "x" * 100_000])
def test_what_is_stored_is_found_by_the_next_process(file: Path, text: str) -> None:
    with Cache(file) as cache:
        cache.store("key", text)
        assert cache.find(["key"]) == {"key": text}
    with Cache(file) as cache:
        assert cache.find(["key"]) == {"key": text}


def test_keys_that_are_not_there_are_left_out(file: Path) -> None:
    with Cache(file) as cache:
        cache.store("a", "1")
        assert cache.find(["b", "a", "a"]) == {"a": "1"}
        assert cache.find([]) == {}
        assert cache.find(iter(["a"])) == {"a": "1"}


def test_the_first_reply_stays(file: Path) -> None:
    with Cache(file) as cache:
        cache.store("a", "1")
        cache.store("a", "2")
        assert cache.find(["a"]) == {"a": "1"}


def test_more_keys_than_one_question_takes(file: Path) -> None:
    with Cache(None) as cache:
        wanted = {str(i): str(-i) for i in range(1201)}
        for key, text in wanted.items():
            cache.store(key, text)
        assert cache.find([*wanted, "other"]) == wanted


def test_without_a_path_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Cache(None) as cache:
        cache.store("a", "1")
        assert cache.find(["a"]) == {"a": "1"}
    with Cache(None) as cache:
        assert cache.find(["a"]) == {}
    assert list(tmp_path.iterdir()) == []


def test_each_reply_is_on_disk_as_it_comes(file: Path) -> None:
    with Cache(file) as cache:
        cache.store("a", "1")
        with Cache(file) as other:
            assert other.find(["a"]) == {"a": "1"}


def write_at_once(file: Path, mine: str, barrier: Any, errors: Any) -> None:
    """Open the cache at the same moment as the others, and write a hundred replies of its own."""
    try:
        barrier.wait(30)
        with Cache(file) as cache:
            for i in range(100):
                cache.store(f"{mine}:{i}", mine)
            cache.store("shared", mine)
        errors.put(None)
    except BaseException as error:
        errors.put(repr(error))
        raise


@pytest.mark.parametrize("count", [2, 6])
def test_processes_that_write_at_once_lose_nothing(file: Path, count: int) -> None:
    spawn = multiprocessing.get_context("spawn")
    barrier, errors = spawn.Barrier(count), spawn.Queue()
    names = [str(i) for i in range(count)]
    workers = [spawn.Process(target=write_at_once, args=(file, name, barrier, errors)) for name in names]
    for worker in workers:
        worker.start()
    found = [errors.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join(60)
    assert found == [None] * count
    expected = {f"{name}:{i}": name for name in names for i in range(100)}
    with Cache(file) as cache:
        assert cache.find(expected) == expected
        assert cache.find(["shared"])["shared"] in names


def test_threads_share_a_cache(file: Path) -> None:
    with Cache(file) as cache, ThreadPoolExecutor(8) as threads:

        def work(i: int) -> bool:
            cache.store(str(i), f"reply {i}", f"model {i % 3}")
            cache.store("shared", str(i))
            return cache.find([str(i)]) == {str(i): f"reply {i}"} and len(cache.stats()) > 0

        assert all(threads.map(work, range(200)))
        assert len(cache.find(map(str, range(200)))) == 200
        assert sum(kept.replies for kept in cache.stats()) == 201


def test_stats_count_by_backend(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Cache(file) as cache:
        assert cache.stats() == []
        for moment, (key, reply, name) in enumerate([("a", "回答", "b"), ("b", "", "a"), ("c", "x" * 10, "b")]):
            monkeypatch.setattr(time, "time", lambda moment=moment: 1000.9 + moment)
            cache.store(key, reply, name)
        cache.store("a", "again", "c")
        cache.store("d", "\ud800!")
        assert cache.stats() == [
            Kept(backend="", replies=1, characters=2, oldest=1002, newest=1002),
            Kept(backend="a", replies=1, characters=0, oldest=1001, newest=1001),
            Kept(backend="b", replies=2, characters=12, oldest=1000, newest=1002),
        ]


@pytest.mark.parametrize(
    ("before", "backend", "left"),
    [
        (None, None, ""),
        (1001, None, "bcd"),
        (1000, None, "abcd"),
        (None, "m", "bd"),
        (1001, "m", "bcd"),
        (9999, "n", "ac"),
        (None, "nobody", "abcd"),
    ],
)
def test_prune_removes_by_age_and_backend(
    file: Path, before: int | None, backend: str | None, left: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Cache(file) as cache:
        for moment, key in enumerate("abcd"):
            monkeypatch.setattr(time, "time", lambda moment=moment: 1000.0 + moment)
            cache.store(key, "x", "m" if key in "ac" else "n")
        assert cache.prune(before=before, backend=backend) == 4 - len(left)
        assert set(cache.find("abcd")) == set(left)
        cache.store("e", "later")
        assert cache.prune(before=before, backend="nobody") == 0
    with Cache(file) as cache:
        assert set(cache.find("abcde")) == {*left, "e"}


def test_prune_while_another_process_writes_loses_only_what_it_is_told(file: Path) -> None:
    with Cache(file) as cache, Cache(file) as other:
        for i in range(100):
            cache.store(f"old {i}", "x" * 2000, "old")
        other.store("new", "x", "new")
        assert other.prune(backend="old") == 100
        cache.store("newer", "x", "new")
        assert set(other.find(["new", "newer", "old 1"])) == {"new", "newer"}


# the older layout of the file: a table `replies`, without names and times


def older(file: Path, count: int = 3) -> dict[str, str]:
    """Write a cache as it once was."""
    file.parent.mkdir(parents=True)
    db = sqlite3.connect(file, isolation_level=None)
    db.execute("pragma journal_mode = wal")
    db.execute("create table replies (key text primary key, text text not null) without rowid")
    replies = {f"key {i}": f"回答 {i}" for i in range(count)}
    db.executemany("insert into replies values (?, ?)", replies.items())
    db.execute("insert into replies values ('odd', cast(x'eda080' as text))")
    db.close()
    return replies | {"odd": "\ud800"}


def tables(file: Path) -> set[str]:
    db = sqlite3.connect(file)
    found = {name for (name,) in db.execute("select name from sqlite_master where type = 'table'")}
    db.close()
    return found


def test_an_older_file_is_taken_over(file: Path) -> None:
    replies = older(file)
    with Cache(file) as cache:
        assert cache.find(replies) == replies
        (kept,) = cache.stats()
        assert (kept.backend, kept.replies, kept.oldest, kept.newest) == ("", 4, 0, 0)
        cache.store("key 0", "another")
        cache.store("new", "x", "m")
    assert tables(file) == {"kept"}
    with Cache(file) as cache:
        assert cache.find([*replies, "new"]) == replies | {"new": "x"}
        assert cache.prune(before=1) == 4


def test_an_older_process_that_writes_again_is_taken_over_again(file: Path) -> None:
    older(file)
    with Cache(file) as cache:
        cache.store("new", "x")
    db = sqlite3.connect(file, isolation_level=None)
    db.execute("create table replies (key text primary key, text text not null) without rowid")
    db.execute("insert into replies values ('new', 'of the older'), ('newer', 'y')")
    db.close()
    with Cache(file) as cache:
        assert cache.find(["new", "newer", "key 0"]) == {"new": "x", "newer": "y", "key 0": "回答 0"}


def take_over_at_once(file: Path, barrier: Any, told: Any) -> None:
    """Open an older file at the same moment as another process."""
    try:
        barrier.wait(30)
        with Cache(file) as cache:
            told.put(sum(kept.replies for kept in cache.stats()))
    except BaseException as error:
        told.put(repr(error))
        raise


def test_two_processes_take_an_older_file_over_at_once(file: Path) -> None:
    replies = older(file, 5000)
    spawn = multiprocessing.get_context("spawn")
    barrier, told = spawn.Barrier(2), spawn.Queue()
    workers = [spawn.Process(target=take_over_at_once, args=(file, barrier, told)) for _ in range(2)]
    for worker in workers:
        worker.start()
    assert [told.get(timeout=60) for _ in workers] == [5001, 5001]
    for worker in workers:
        worker.join(60)
    with Cache(file) as cache:
        assert cache.find(replies) == replies
    assert tables(file) == {"kept"}


def test_an_older_file_that_is_taken_over_meanwhile_is_left_alone(file: Path) -> None:
    older(file)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute(
        "create table kept (id integer primary key, key text not null unique, reply text not null,"
        " backend text not null, made integer not null)"
    )
    other.execute("begin immediate")
    other.execute("insert into kept values (null, 'key 0', 'taken over', '', 0)")
    other.execute("drop table replies")

    def open_it() -> dict[str, str]:
        with Cache(file) as cache:
            return cache.find(["key 0", "key 1"])

    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(open_it)
        time.sleep(0.3)  # it has seen the older table, and waits to write
        other.execute("commit")
        assert found.result(timeout=20) == {"key 0": "taken over"}
    other.close()


def test_another_programs_table_of_that_name_is_an_error_and_stays(file: Path) -> None:
    file.parent.mkdir(parents=True)
    db = sqlite3.connect(file)
    db.execute("create table replies (question text)")
    db.close()
    with pytest.raises(RunError) as found, Cache(file):
        pytest.fail("the cache was opened")
    assert_told(found, file, "Another version of tercet")
    assert "replies" in tables(file)


def held_for_writing(file: Path) -> sqlite3.Connection:
    """A new file that another process is just writing, before it is in WAL mode."""
    file.parent.mkdir(parents=True)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("begin immediate")
    return other


def test_opening_waits_while_another_process_sets_the_file_up(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = held_for_writing(file)
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            other.execute("commit")

    monkeypatch.setattr("tercet.sqlite.sleep", pause)
    with Cache(file) as cache:
        cache.store("a", "1")
        assert cache.find(["a"]) == {"a": "1"}
    other.close()
    assert len(pauses) == 3


def test_opening_does_not_wait_for_ever(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = held_for_writing(file)
    for module in ("cache", "sqlite"):
        monkeypatch.setattr(f"tercet.{module}.PATIENCE", 0.02)
    with pytest.raises(RunError, match="locked") as found, Cache(file):
        pytest.fail("the cache was opened")
    other.close()
    assert_told(found, file, "Repeat the command")


def damage(file: Path, data: bytes, at: int = 0) -> None:
    content = bytearray(file.read_bytes())
    content[at : at + len(data)] = data
    file.write_bytes(content)


def assert_told(found: pytest.ExceptionInfo[RunError], file: Path, remedy: str = "Delete the file") -> None:
    assert found.value.problem.startswith(f"The cache {file} cannot be used: ")
    assert remedy in found.value.remedy
    assert "cache=null" in found.value.remedy


@pytest.mark.parametrize("data", [b"\x93\x1f" * 3000, b"no database", bytes(range(256)) * 20])
def test_a_damaged_file_is_an_error_with_a_remedy(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "cache.sqlite"
    file.write_bytes(data)
    with pytest.raises(RunError) as found, Cache(file):
        pytest.fail("the cache was opened")
    assert_told(found, file)
    assert file.read_bytes() == data


def test_a_file_damaged_behind_its_head_is_an_error_when_it_is_read_or_written(file: Path) -> None:
    with Cache(file) as cache:
        for i in range(500):
            cache.store(str(i), "x" * 100)
    size = file.stat().st_size
    damage(file, b"\xff\x93" * ((size - 4096) // 2), at=4096)
    with Cache(file) as cache:
        with pytest.raises(RunError) as found:
            cache.find([str(i) for i in range(500)])
        assert_told(found, file)
        with pytest.raises(RunError) as found:
            cache.store("new", "x")
        assert_told(found, file)


def test_a_reply_that_is_no_text_is_an_error(file: Path) -> None:
    with Cache(file):
        pass
    db = sqlite3.connect(file)
    with db:
        db.execute("insert into kept (key, reply, backend, made) values ('a', cast(x'ff93' as text), '', 0)")
    db.close()
    with Cache(file) as cache, pytest.raises(RunError) as found:
        cache.find(["a"])
    assert_told(found, file)


def test_another_programs_database_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "other.sqlite"
    db = sqlite3.connect(file)
    db.execute("create table kept (question text)")
    db.close()
    with Cache(file) as cache, pytest.raises(RunError) as found:
        cache.find(["a"])
    assert_told(found, file, "Another version of tercet")


def test_a_folder_or_a_file_in_the_way_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    for file in (tmp_path, tmp_path / "file" / "cache.sqlite"):
        with pytest.raises(RunError) as found, Cache(file):
            pytest.fail("the cache was opened")
        assert_told(found, file, "a folder that may be written")


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
def test_a_cache_that_cannot_be_opened_leaves_no_file_open(tmp_path: Path) -> None:
    file = tmp_path / "cache.sqlite"
    file.write_bytes(b"no database" * 1000)
    kept = []
    with pytest.raises(RunError) as found, Cache(file):
        pytest.fail("the cache was opened")
    kept.append(found.value)  # the traceback holds the cache alive, so that only closing it helps
    held = [str(fd.readlink()) for fd in Path("/proc/self/fd").iterdir() if fd.is_symlink()]
    assert str(file) not in held


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (("a", "b"), ("ab",)),
        (("a", "b"), ("b", "a")),
        (("1",), (1,)),
        ((None,), ("null",)),
        (([],), ([[]],)),
        (("\ud800",), ("?",)),
        (("a", ["b"]), ("a", "b")),
        ((), ("",)),
    ],
)
def test_what_differs_has_another_digest(left: tuple[object, ...], right: tuple[object, ...]) -> None:
    assert digest(*left) != digest(*right)


@given(JSON, JSON)
@settings(max_examples=100, deadline=None)
def test_a_digest_is_stable_and_64_characters_long(left: object, right: object) -> None:
    assert digest(left, right) == digest(left, right)
    assert len(digest(left, right)) == 64
    assert digest({"a": left, "b": right}) == digest({"b": right, "a": left})
