import multiprocessing
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.cache import Cache, digest
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
    assert_told(found, file)


def damage(file: Path, data: bytes, at: int = 0) -> None:
    content = bytearray(file.read_bytes())
    content[at : at + len(data)] = data
    file.write_bytes(content)


def assert_told(found: pytest.ExceptionInfo[RunError], file: Path) -> None:
    assert found.value.problem.startswith(f"The cache {file} cannot be used: ")
    assert "Delete the file" in found.value.remedy
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
        db.execute("insert into replies (key, text) values ('a', cast(x'ff93' as text))")
    db.close()
    with Cache(file) as cache, pytest.raises(RunError) as found:
        cache.find(["a"])
    assert_told(found, file)


def test_another_programs_database_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "other.sqlite"
    db = sqlite3.connect(file)
    db.execute("create table replies (question text)")
    db.close()
    with Cache(file) as cache, pytest.raises(RunError) as found:
        cache.find(["a"])
    assert_told(found, file)


def test_a_folder_or_a_file_in_the_way_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    for file in (tmp_path, tmp_path / "file" / "cache.sqlite"):
        with pytest.raises(RunError) as found, Cache(file):
            pytest.fail("the cache was opened")
        assert_told(found, file)


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
