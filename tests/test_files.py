"""Reading files: every way in which one can be broken, with its file and line."""

import gzip
import json
import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.errors import CorpusError, TercetError
from tercet.files import iterate_lines, read_lines, read_records, read_text


def written(folder: Path, data: bytes, name: str = "file.txt") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"plain\n", "plain\n"),
        ("中文\n".encode(), "中文\n"),
        (b"\xef\xbb\xbfmarked", "marked"),
        (b"a\r\nb\r\n", "a\nb\n"),
        (b"\xef\xbb\xbfa\r\nb", "a\nb"),
        (b"a\rb", "a\rb"),
        (b"", ""),
    ],
)
def test_text_is_utf8_without_mark_or_carriage_return(tmp_path: Path, data: bytes, expected: str) -> None:
    assert read_text(written(tmp_path, data)) == expected
    assert read_text(written(tmp_path, gzip.compress(data), "file.txt.gz")) == expected


def test_a_home_folder_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, b"here", "a.txt")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read_text(Path("~/a.txt")) == "here"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"\xff", 1),
        (b"a\nb\n\xe4\n", 3),
        (b"\xef\xbb\xbfa\n\xff", 2),
        ("中文\n".encode() + "中文".encode("gb18030"), 2),
        (b"cut \xe4\xb8", 1),
        ("half: ".encode("utf-16"), 1),
    ],
)
def test_another_encoding_is_an_error_with_its_line(tmp_path: Path, data: bytes, line: int) -> None:
    path = written(tmp_path, data)
    with pytest.raises(CorpusError) as caught:
        read_text(path)
    assert (caught.value.path, caught.value.line) == (path, line)
    assert caught.value.problem.endswith("is not UTF-8.")
    assert caught.value.remedy == "Save the file as UTF-8."


def test_missing_files_folders_and_impossible_names_are_errors(tmp_path: Path) -> None:
    for path, reason in (
        (tmp_path / "none.txt", "No such file"),
        (tmp_path, "Is a directory"),
        (tmp_path / "a\0b", "null byte"),
    ):
        with pytest.raises(CorpusError, match=reason) as caught:
            read_text(path)
        assert caught.value.path == path


# The time is no part of them: these are the tests' names too, and two processes must have the same.
@pytest.mark.parametrize(
    "data", [gzip.compress(b"abc" * 1000, mtime=0)[:-9], gzip.compress(b"abc", mtime=0)[:12], b"no gzip at all"]
)
def test_a_truncated_or_false_gzip_is_an_error(tmp_path: Path, data: bytes) -> None:
    path = written(tmp_path, data, "a.gz")
    with pytest.raises(CorpusError, match="Cannot be read") as caught:
        read_text(path)
    assert caught.value.path == path


def test_a_damaged_gzip_is_an_error(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(b"abc" * 1000))
    data[-6] ^= 0xFF
    with pytest.raises(CorpusError, match="Cannot be read"):
        read_text(written(tmp_path, bytes(data), "a.gz"))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("a\nb\n", ["a", "b"]),
        ("a\nb", ["a", "b"]),
        ("a\r\nb\r\n", ["a", "b"]),
        ("\ufeffa\n", ["a"]),
        ("a\n\nb\n", ["a", "", "b"]),
        ("a\n\n", ["a", ""]),
        ("\n", [""]),
        ("a\u2028b\n\x0bc\x85\x0c\x1cd\ne\rf\n", ["a\u2028b", "\x0bc\x85\x0c\x1cd", "e\rf"]),
    ],
)
def test_only_a_newline_ends_a_line(tmp_path: Path, data: str, expected: list[str]) -> None:
    assert read_lines(written(tmp_path, data.encode())) == expected


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf"])
def test_an_empty_file_of_lines_is_an_error(tmp_path: Path, data: bytes) -> None:
    path = written(tmp_path, data)
    with pytest.raises(CorpusError, match="The file is empty") as caught:
        read_lines(path)
    assert caught.value.path == path


@settings(deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r")), min_size=1))
def test_lines_come_back_as_they_were_written(lines: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), ("\n".join(lines) + "\n").encode())
        assert read_lines(path) == [lines[0].removeprefix("\ufeff"), *lines[1:]]


@settings(deadline=None)
@given(
    st.one_of(st.binary(), st.text(alphabet="ab\r\n\ufeff中\u2028").map(str.encode)),
    st.sampled_from(["a.txt", "a.gz"]),
    st.booleans(),
)
def test_lines_read_one_by_one_are_those_of_the_whole_text(data: bytes, name: str, packed: bool) -> None:
    """The text is read and decoded as a whole here, and errors must say the same."""
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), gzip.compress(data) if packed else data, name)
        try:
            expected = read_text(path).split("\n")
        except CorpusError as error:
            with pytest.raises(CorpusError) as caught:
                list(iterate_lines(path))
            said, line = str(error), error.line
            assert (str(caught.value), caught.value.line) == (said, line)
            return
        expected = expected[:-1] if expected[-1] == "" else expected
        if expected:
            assert list(iterate_lines(path)) == read_lines(path) == expected
        else:
            with pytest.raises(CorpusError, match="The file is empty"):
                next(iterate_lines(path))


@pytest.mark.parametrize("name", ["a.txt", "a.gz"])
def test_no_more_is_read_than_is_asked_for(tmp_path: Path, name: str) -> None:
    lines = random.Random(0).randbytes(3_000_000).hex().encode()  # more than a buffer, also when packed
    data = b"first\n" + lines + b"\n\xff"
    path = written(tmp_path, gzip.compress(data)[:-9] if name == "a.gz" else data, name)
    for stream in (iterate_lines(path), read_records(path)):
        next(stream)
        with pytest.raises(CorpusError, match="end-of-stream" if name == "a.gz" else ":3: Byte 6000007 is not UTF-8"):
            list(stream)


def test_records_carry_their_line_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path, '\ufeff{"a": 1}\r\n\r\n  \n{"b": "x\u2028y"}'.encode())
    assert list(read_records(path)) == [(1, {"a": 1}), (4, {"b": "x\u2028y"})]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"id": "a", "sou', "No JSON: Unterminated string"),
        ('{"id": "a"', "No JSON: Expecting ',' delimiter."),
        ("{'id': 'a'}", "No JSON: Expecting property name"),
        ('{"id": 1}{"id": 2}', "No JSON: Extra data."),
        ("plain text", "No JSON: Expecting value."),
        ('["a"]', "The line is no object but list."),
        ('"a"', "The line is no object but str."),
        ("null", "The line is no object but NoneType."),
        ("1", "The line is no object but int."),
        ("1" * 5000, "No JSON: Exceeds the limit"),
        ("[" * 200_000, "The JSON is nested too deeply."),
        ('{"a":' * 200_000, "The JSON is nested too deeply."),
        (r'{"a": "\ud83d"}', r"An escape such as \ud83d is half a character."),
        (r'{"\uDE00": 1}', r"An escape such as \ud83d is half a character."),
    ],
)
def test_a_broken_line_is_told_and_does_not_take_the_others_down(tmp_path: Path, line: str, problem: str) -> None:
    path = written(tmp_path, f'{{"id": 1}}\n{line}\n{{"id": 3}}\n'.encode())
    first, (number, error), last = read_records(path)
    assert (first, last) == ((1, {"id": 1}), (3, {"id": 3}))
    assert isinstance(error, CorpusError)
    assert number == error.line == 2
    assert error.path == path
    assert f"{path}:2: {problem}" in str(error)


def test_a_pair_of_escapes_is_one_character(tmp_path: Path) -> None:
    assert list(read_records(written(tmp_path, rb'{"a": "\ud83d\ude00"}'))) == [(1, {"a": "😀"})]


@settings(deadline=None)
@given(st.one_of(st.binary(), st.text().map(str.encode)), st.sampled_from(["a.txt", "a.gz"]))
def test_arbitrary_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), data, name)
        for read in (read_text, read_lines, lambda p: list(read_records(p))):
            try:
                found: Any = read(path)
            except TercetError as error:
                message = str(error)
                assert str(path) in message
            else:
                assert isinstance(found, str | list)


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.text(), st.text() | st.integers() | st.none())))
def test_objects_come_back_as_they_were_written(records: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)
        found = list(read_records(written(Path(folder), data.encode())))
    assert found == list(enumerate(records, 1))
