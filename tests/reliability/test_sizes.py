"""Files that are larger than what is read at once: refused by name, or read in little memory; no memory fills."""

import gzip
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from tercet import lines as json_lines
from tercet import pieces
from tercet.corpora.jsonl import Jsonl
from tercet.corpora.markdown import Markdown
from tercet.errors import CorpusError, RunError
from tercet.files import iterate_lines, read_text
from tercet.lines import read_json_lines
from tercet.pieces import Draft, Piece
from tercet.sizes import TEXT, TooLargeError, lines, whole
from tests.conftest import ARTICLE
from tests.reliability.conftest import refused

Call = Callable[..., Result]
HUGE = 10 << 30  # bytes that a file says it has; the disk holds none of them


def sparse(path: Path, head: bytes = b"") -> Path:
    """Make a file of 10 GB of zeros behind some bytes."""
    with path.open("wb") as file:
        file.write(head)
        file.truncate(HUGE)
    return path


@contextmanager
def within(most: int) -> Iterator[None]:
    """Check that no more than so many bytes are held at once."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=40), st.integers(1, 12))
def test_lines_are_those_of_the_file_up_to_the_first_that_is_too_long(data: bytes, most: int) -> None:
    expected = list(io.BytesIO(data))
    long = next((i for i, line in enumerate(expected) if len(line) > most), None)
    found = lines(io.BytesIO(data), most)
    if long is None:
        assert list(found) == expected
        return
    assert [next(found) for _ in range(long)] == expected[:long]
    with pytest.raises(TooLargeError):
        next(found)


@given(st.binary(max_size=20), st.integers(1, 12))
def test_a_file_is_read_whole_or_refused(data: bytes, most: int) -> None:
    if len(data) <= most:
        assert whole(io.BytesIO(data), most) == data
        return
    with pytest.raises(TooLargeError):
        whole(io.BytesIO(data), most)


def test_a_line_of_10_gb_is_refused_with_its_number(tmp_path: Path) -> None:
    file = sparse(tmp_path / "news.jsonl", b'{"id": "a"}\n{"id": "')
    with within(3 * TEXT), pytest.raises(CorpusError, match="the line has more than 64 MiB") as caught:
        Jsonl(path=str(file)).load()
    assert caught.value.line == 2


def test_an_article_of_10_gb_is_left_out_and_the_next_is_read(tmp_path: Path) -> None:
    sparse(tmp_path / "a.md", b"---\ntitle: x\n---\n")
    (tmp_path / "b.md").write_text(ARTICLE, "utf-8")
    with within(3 * TEXT):
        loaded = Markdown(path=str(tmp_path)).load()
    assert [article.id for article in loaded.articles] == ["b"]
    (problem,) = loaded.problems
    assert "a.md: Cannot be read: the file has more than 64 MiB" in str(problem)
    assert problem.remedy == "Is it a text, and a single one?"


@pytest.mark.parametrize("read", [lambda path: list(iterate_lines(path)), read_text], ids=["lines", "text"])
def test_what_unpacks_to_more_than_a_text_has_is_refused(read: Callable[[Path], object], tmp_path: Path) -> None:
    file = tmp_path / "bomb.gz"
    file.write_bytes(gzip.compress(bytes(1 << 20), 1) * 200)  # 200 MB in 1 MB
    with within(3 * TEXT), pytest.raises(CorpusError, match="more than 64 MiB"):
        read(file)


def test_many_short_lines_are_read_in_little_memory(tmp_path: Path) -> None:
    file = tmp_path / "many.txt.gz"
    file.write_bytes(gzip.compress(b"a line\n" * 10_000, 1) * 10)
    with within(4 << 20):
        assert sum(1 for _ in iterate_lines(file)) == 100_000


def test_a_line_of_a_run_is_bounded_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "LINE_OF_RUN", 20)
    file = tmp_path / "outputs.jsonl"
    file.write_text('{"id": 1}\n{"id": "' + "x" * 100 + '"}\n', "utf-8")
    with pytest.raises(RunError, match=r"outputs\.jsonl: damaged: the line has more than"):
        list(read_json_lines(file, dict))


def test_a_run_that_says_too_much_of_itself_is_refused(
    work: Path, tercet: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_lines, "INFO", 1_000)
    refused(tercet("show", "base"), "base/run.json: cannot be read: the file has more than")


def archive(sections: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    about = {"tables": [], "languages": ["en"], "sections": list(sections)}
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, data in {"piece.json": json.dumps(about).encode(), **sections}.items():
            file.writestr(zipfile.ZipInfo(name), data, method)
    return buffer.getvalue()


def test_a_piece_that_unpacks_is_none_of_ours() -> None:
    Piece(archive({"cases/0": b"x"})).check()
    with pytest.raises(RunError, match="packed, or larger than any"):
        Piece(archive({"cases/0": bytes(1 << 16)}, zipfile.ZIP_DEFLATED))


def test_a_section_and_sums_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    data = archive({"cases/0": bytes(500)})
    buffer = io.BytesIO()
    np.savez_compressed(buffer, sums=np.zeros(10_000))
    monkeypatch.setattr(pieces, "SECTION", 400)
    with pytest.raises(RunError, match="larger than any"):
        Piece(data).check()
    with pytest.raises(ValueError, match="larger than any"):
        pieces._from_npz(buffer.getvalue())
    Piece(Draft(about={"tables": [], "languages": []}).archive()).check()
