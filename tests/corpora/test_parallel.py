"""The parallel corpus: lines that belong together."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.corpora.parallel import Parallel
from tercet.errors import ConfigError, CorpusError, TercetError
from tercet.records import Article, Summary

Write = Callable[[str, bytes], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file and give its path."""

    def call(name: str, data: bytes) -> str:
        (tmp_path / name).write_bytes(data)
        return str(tmp_path / name)

    return call


def test_lines_become_articles_with_all_references(write: Write) -> None:
    corpus = Parallel(
        source=write("src", b"One.\nTwo.\n"),
        references=[write("a", "一。\n二。\n".encode()), write("b.gz", gzip.compress("壹。\n贰。".encode()))],
        documents=write("docs", b"d1\nd1\n"),
        target_language="zh-CN",
    )
    assert corpus.load().articles == tuple(
        Article(
            id=str(i),
            language="en",
            source=source,
            references={"zh": tuple(Summary(language="zh", abstract=text) for text in references)},
            cluster="d1",
        )
        for i, source, references in ((1, "One.", ("一。", "壹。")), (2, "Two.", ("二。", "贰。")))
    )


def test_without_documents_a_line_is_its_own_cluster(write: Write) -> None:
    (found,) = Parallel(source=write("src", b"a"), references=[write("ref", b"b")]).load().articles
    assert found.cluster is None


@pytest.mark.parametrize("inner", ["\u2028", "\x0b", "\x85", "\x0c", "\x1c", "\u2029", "\r"])
def test_only_a_newline_ends_a_line(write: Write, inner: str) -> None:
    corpus = Parallel(
        source=write("src", f"One{inner}still one.\nTwo.\n".encode()),
        references=[write("ref", f"一。\n二{inner}还是二。\n".encode())],
    )
    found = corpus.load().articles
    assert [article.source for article in found] == [f"One{inner}still one.", "Two."]
    assert found[1].references["zh"][0].abstract == f"二{inner}还是二。"


def test_crlf_a_mark_and_a_missing_last_newline_change_nothing(write: Write) -> None:
    plain = Parallel(source=write("s1", b"a\nb\n"), references=[write("r1", b"c\nd\n")]).load()
    other = Parallel(source=write("s2", b"\xef\xbb\xbfa\r\nb\r\n"), references=[write("r2", b"c\r\nd")]).load()
    assert other == plain


def test_an_empty_line_keeps_its_place(write: Write) -> None:
    found = Parallel(source=write("s", b"a\n\nc\n"), references=[write("r", b"d\n\nf\n")]).load().articles
    assert [article.source for article in found] == ["a", "", "c"]


@pytest.mark.parametrize(("lines", "line"), [(1, 2), (2, 3), (4, 4), (5, 4)])
@pytest.mark.parametrize("which", ["reference", "second reference", "documents"])
def test_another_number_of_lines_is_told_with_both_counts(write: Write, lines: int, line: int, which: str) -> None:
    source, good, bad = write("src", b"a\nb\nc\n"), write("good", b"x\ny\nz\n"), write("bad", b"x\n" * lines)
    corpus = Parallel(
        source=source,
        references={"reference": [bad], "second reference": [good, bad], "documents": [good]}[which],
        documents=bad if which == "documents" else None,
    )
    with pytest.raises(CorpusError) as caught:
        corpus.load()
    assert caught.value.problem == f"{bad}:{line}: {lines} lines, but the source {source} has 3."
    assert caught.value.remedy == "The files must be aligned line by line."


@pytest.mark.parametrize(
    ("corpus", "missing"),
    [(Parallel(), "source"), (Parallel(references=["r"]), "source"), (Parallel(source="s"), "references")],
)
def test_what_is_not_set_is_named(corpus: Parallel, missing: str) -> None:
    with pytest.raises(CorpusError, match=re.escape(f"corpus.{missing} is not set. Add corpus.{missing}=")):
        corpus.load()


def test_files_that_cannot_be_read_are_named(write: Write, tmp_path: Path) -> None:
    good, none = write("good", b"a\n"), str(tmp_path / "none")
    for corpus, problem in (
        (Parallel(source=none, references=[good]), f"{none}: Cannot be read: No such file"),
        (Parallel(source=good, references=[none]), f"{none}: Cannot be read: No such file"),
        (Parallel(source=write("empty", b""), references=[good]), "empty: The file is empty."),
        (Parallel(source=good, references=[write("bad", b"a\n\xff\n")]), "bad:2: Byte 2 is not UTF-8."),
        (Parallel(source=good, references=[write("cut.gz", gzip.compress(b"a")[:-4])]), "cut.gz: Cannot be read"),
    ):
        with pytest.raises(CorpusError, match=re.escape(problem)):
            corpus.load()


def test_an_unknown_language_is_a_mistake_of_the_config(write: Write) -> None:
    with pytest.raises(ConfigError, match="Unknown language 'xx'"):
        Parallel(source=write("s", b"a"), references=[write("r", b"b")], target_language="xx").load()


FILE = st.binary(max_size=40) | st.text(alphabet="ab\n\r\u2028中", max_size=12).map(str.encode)


@settings(deadline=None)
@given(FILE, FILE)
def test_no_line_is_ever_dropped(tmp_path_factory: pytest.TempPathFactory, source: bytes, reference: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "arbitrary.src").write_bytes(source)
    (folder / "arbitrary.ref").write_bytes(reference)
    corpus = Parallel(source=str(folder / "arbitrary.src"), references=[str(folder / "arbitrary.ref")])
    try:
        found = corpus.load().articles
    except TercetError as error:
        message = str(error)
        assert str(folder) in message
    else:
        for data, texts in (
            (source, [article.source for article in found]),
            (reference, [article.references["zh"][0].abstract for article in found]),
        ):
            expected = data.decode("utf-8-sig").replace("\r\n", "\n")
            assert "\n".join(map(str, texts)) == expected.removesuffix("\n")
