"""JSON lines of a run folder: one at a time, and errors that name the line."""

import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tercet.errors import RunError
from tercet.lines import read_json_lines

TEXT = st.text(st.characters(codec=None, categories=None))


def of_name(record: dict[str, Any]) -> str:
    return str(record["name"])


@given(records=st.lists(st.dictionaries(TEXT, TEXT | st.integers() | st.none())))
def test_what_a_run_writes_reads_back(records: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("lines") / "x.jsonl"
    with path.open("w", encoding="utf-8", newline="\n", errors="surrogatepass") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    assert list(read_json_lines(path, dict)) == records


def test_blank_lines_are_passed_over_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes('{"name": "a\u2028\x85b"}\r\n\n \r\n{"name": "c"}\n\n3'.encode())
    lines = read_json_lines(path, of_name)
    assert list(islice(lines, 2)) == ["a\u2028\x85b", "c"]
    with pytest.raises(RunError, match=r"x\.jsonl:6: damaged: no object but int\."):
        next(lines)


DAMAGED = {
    "half a line": b'{"name": "b',
    "a list": b'["name"]',
    "another key": b'{"nome": "b"}',
    "no UTF-8": b'{"name": "\xff"}',
    "another encoding": '{"name": "b"}'.encode("utf-16"),
    "nested too deeply": b'{"name": ' + b"[" * 100_000,
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_line_is_named_after_what_stands_before_it(name: str, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"name": "a"}\n' + DAMAGED[name])
    lines = read_json_lines(path, of_name)
    assert next(lines) == "a"
    with pytest.raises(RunError, match=r"x\.jsonl:2: damaged: ") as error:
        next(lines)
    assert error.value.remedy


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"x\.jsonl: cannot be read: No such file"):
        next(read_json_lines(tmp_path / "x.jsonl", of_name))


def test_an_error_of_who_reads_is_not_taken_for_one_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"name": "a"}\n')

    def stop() -> None:
        for _ in read_json_lines(path, of_name):
            raise OSError("mine")

    with pytest.raises(OSError, match="mine"):
        stop()
