"""The JSON lines corpus."""

import datetime as dt
import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.articles import Loaded
from tercet.corpora.jsonl import Jsonl
from tercet.errors import CorpusError
from tercet.records import Article, KeyPoint, Summary

Load = Callable[..., Loaded]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Write lines and load them."""

    def call(*lines: str | dict[str, Any], strict: bool = False, source_language: str = "en") -> Loaded:
        path = tmp_path / "a.jsonl"
        texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
        path.write_bytes("\n".join(texts).encode())
        return Jsonl(path=str(path), strict=strict, source_language=source_language).load()

    return call


def test_an_article_has_all_its_parts(load: Load) -> None:
    points = [{"label": "造价", "text": "多。"}, {"text": "长。"}, "高。"]
    record = {
        "id": "bridge",
        "title": "A bridge",
        "date": "2025-03-14T09:30:00Z",
        "description": "D",
        "tags": ["a", "b"],
        "author": "nobody",
        "link": "https://example.org",
        "language": "en-GB",
        "source": " It opened. ",
        "cluster": "c1",
        "references": {
            "zh-CN": {"headline": "桥", "abstract": "通车。", "key_points": points, "closing": "完。"},
            "en": ["One.", {"abstract": "Two."}],
        },
    }
    (found,) = load(record, strict=True).articles
    assert found == Article(
        id="bridge",
        title="A bridge",
        date=dt.datetime(2025, 3, 14, 9, 30, tzinfo=dt.UTC),
        description="D",
        tags=("a", "b"),
        author="nobody",
        link="https://example.org",
        language="en",
        source="It opened.",
        cluster="c1",
        references={
            "zh": (
                Summary(
                    language="zh",
                    headline="桥",
                    abstract="通车。",
                    key_points=(
                        KeyPoint(label="造价", text="多。"),
                        KeyPoint(label="", text="长。"),
                        KeyPoint(label="", text="高。"),
                    ),
                    closing="完。",
                ),
            ),
            "en": (Summary(language="en", abstract="One."), Summary(language="en", abstract="Two.")),
        },
    )


def test_ids_may_be_numbers_and_are_line_numbers_where_there_are_none(load: Load) -> None:
    loaded = load({"id": 0}, {"id": "b"}, "", {}, {"id": None}, {"id": ""}, {"id": 1})
    assert [article.id for article in loaded.articles] == ["0", "b", "4", "5", "6", "1"]


@pytest.mark.parametrize(
    ("record", "default", "expected"),
    [
        ({"language": "zh", "source": "English."}, "en", "zh"),
        ({"source": "中文。"}, "en", "zh"),
        ({"source": "12"}, "zh", "zh"),
        ({}, "zh-Hans", "zh"),
    ],
)
def test_the_language_is_given_or_told_by_the_source_or_the_default(
    load: Load, record: dict[str, Any], default: str, expected: str
) -> None:
    assert load(record, source_language=default).articles[0].language == expected


def test_gzip_crlf_and_a_mark_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b'\xef\xbb\xbf{"id": "a"}\r\n{"id": "b"}\r\n'))
    assert [article.id for article in Jsonl(path=str(path)).load().articles] == ["a", "b"]


BROKEN = [
    ('{"id": "x", "sour', "No JSON: Unterminated string", "Expected one object a line."),
    ("[" * 200_000, "nested too deeply", ""),
    ('["a"]', "The line is no object but list.", "Expected one object a line."),
    ('{"refrences": {}}', "Unknown key 'refrences'.", "Did you mean 'references'?"),
    ('{"xyzzy": 1}', "Unknown key 'xyzzy'.", "Known: author, cluster,"),
    ('{"id": [1]}', "'id' is neither a text nor a number but list.", ""),
    ('{"id": true}', "'id' is neither a text nor a number but bool.", ""),
    ('{"source": 5}', "'source' is no text but int.", ""),
    ('{"title": ["a"]}', "'title' is no text but list.", ""),
    ('{"language": "fr"}', "Unknown language 'fr'.", "Known: en, zh."),
    ('{"date": "soon"}', "'soon' is no date.", "Expected 2024-06-11"),
    ('{"date": {}}', "'date' is no date but dict.", "Expected 2024-06-11"),
    ('{"tags": 5}', "'tags' is no list of texts.", "Expected '- tag' lines."),
    ('{"tags": [["a"]]}', "'tags' is no list of texts.", "Expected '- tag' lines."),
    ('{"references": "text"}', "'references' is no object by language.", ""),
    ('{"references": {"fr": "a"}}', "Unknown language 'fr'.", "Known: en, zh."),
    ('{"references": {"zh": "a", "zh-CN": "b"}}', "'references' names 'zh' twice.", "as one list"),
    ('{"references": {"en": " "}}', "The reference in 'en' is empty.", "Leave it out, or fill it."),
    ('{"references": {"en": null}}', "The reference in 'en' is neither a text nor an object.", ""),
    ('{"references": {"en": ["a", 5]}}', "The reference in 'en' is neither a text nor an object.", ""),
    ('{"references": {"en": {"closing": "a"}}}', "The reference in 'en' has no abstract.", ""),
    ('{"references": {"en": {"abstract": " "}}}', "The reference in 'en' has no abstract.", ""),
    ('{"references": {"en": {"abstact": "a"}}}', "Unknown key 'abstact' in a reference.", "'abstract'?"),
    ('{"references": {"en": {"abstract": "a", "key_points": 5}}}', "'key_points' is no list but int.", ""),
    ('{"references": {"en": {"abstract": "a", "key_points": "bc"}}}', "'key_points' is no list but str.", ""),
    ('{"references": {"en": {"abstract": "a", "key_points": [5]}}}', "A key point is neither", ""),
    ('{"references": {"en": {"abstract": "a", "key_points": [{"label": "b"}]}}}', "A key point is neither", ""),
    ('{"references": {"en": {"abstract": "a", "key_points": [{"text": "b", "x": 1}]}}}', "A key point is neither", ""),
]


@pytest.mark.parametrize(("line", "problem", "remedy"), BROKEN, ids=[str(i) for i in range(len(BROKEN))])
def test_a_broken_line_is_told_and_does_not_take_the_others_down(
    load: Load, tmp_path: Path, line: str, problem: str, remedy: str
) -> None:
    loaded = load({"id": "one"}, line, {"id": "three"})
    assert [article.id for article in loaded.articles] == ["one", "three"]
    (error,) = loaded.problems
    assert (error.path, error.line) == (tmp_path / "a.jsonl", 2)
    assert error.problem.startswith(f"{tmp_path / 'a.jsonl'}:2: ")
    assert error.problem.count("a.jsonl:2:") == 1
    assert problem in error.problem
    assert remedy in error.remedy
    with pytest.raises(CorpusError, match=re.escape(error.problem)):
        load({"id": "one"}, line, {"id": "three"}, strict=True)


@pytest.mark.parametrize("strict", [True, False])
def test_two_lines_with_one_id_are_an_error(load: Load, strict: bool) -> None:
    with pytest.raises(CorpusError, match="Two articles have the id '7'"):
        load({"id": 7}, {"id": "7"}, strict=strict)


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"corpus\.path is not set.*corpus\.path=FILE"):
        Jsonl().load()
    with pytest.raises(CorpusError, match=r"none\.jsonl: Cannot be read: No such file"):
        Jsonl(path=str(tmp_path / "none.jsonl")).load()
    half = tmp_path / "half.jsonl.gz"
    half.write_bytes(gzip.compress(b'{"id": "a"}\n' * 500)[:-10])
    with pytest.raises(CorpusError, match=r"half\.jsonl\.gz: Cannot be read: Compressed file ended"):
        Jsonl(path=str(half)).load()
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes(b'{"id": "a"}\n{"id": "\xe9"}\n')
    with pytest.raises(CorpusError, match=r"latin\.jsonl:2: Byte 20 is not UTF-8"):
        Jsonl(path=str(latin)).load()


def test_an_empty_file_has_no_articles(load: Load) -> None:
    assert load() == Loaded(articles=(), problems=())


VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.sampled_from(["en", "zh"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["en", "zh", "fr", "abstract", "key_points", "label", "text", "x"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)
KEYS = ["id", "title", "date", "description", "tags", "author", "link", "language", "source", "references", "cluster"]
RECORD = st.dictionaries(st.sampled_from(KEYS), VALUE, max_size=5) | st.dictionaries(st.text(), VALUE, max_size=3)


@settings(deadline=None)
@given(
    st.one_of(
        st.binary(), st.text().map(str.encode), st.lists(RECORD).map(lambda r: "\n".join(map(json.dumps, r)).encode())
    )
)
def test_arbitrary_content_is_loaded_or_an_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "arbitrary.jsonl"
    path.write_bytes(data)
    try:
        loaded = Jsonl(path=str(path)).load()
    except CorpusError as error:
        message = str(error)
        assert str(path) in message or "Two articles have the id" in message
    else:
        filled = sum(bool(line.strip()) for line in data.decode().split("\n"))
        assert len(loaded.articles) + len(loaded.problems) <= filled
        assert all(problem.line is not None for problem in loaded.problems)
