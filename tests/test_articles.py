"""Articles as files: what is read, and every way in which one can be broken."""

import datetime as dt
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.articles import Loaded, article_files, as_date, as_tags, collect, load_articles, read_article
from tercet.errors import ConfigError, CorpusError
from tercet.records import Article, KeyPoint
from tests.conftest import ARTICLE, SOURCE

BODY = ARTICLE.split("---\n", 2)[2]
Read = Callable[..., Article]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write an article file and read it."""

    def call(text: str, default_language: str = "en") -> Article:
        file = tmp_path / "a.md"
        file.write_bytes(text.encode())
        return read_article(file, root=tmp_path, default_language=default_language)

    return call


def refused(read: Read, text: str) -> CorpusError:
    with pytest.raises(CorpusError) as caught:
        read(text)
    assert caught.value.path is not None
    assert str(caught.value).startswith(str(caught.value.path))
    return caught.value


def test_an_article_has_all_its_parts(articles: Path) -> None:
    found = read_article(articles / "bridge.md", root=articles, default_language="zh")
    assert (found.id, found.language, found.title, found.author) == ("bridge", "en", "A bridge opens", "nobody")
    assert found.date == dt.datetime(2025, 3, 14, 9, 30, tzinfo=dt.UTC)
    assert (found.tags, found.link, found.cluster) == (("transport",), "https://example.org/bridge", None)
    assert found.source == SOURCE.strip()
    assert list(found.references) == ["zh", "en"]
    (english,), (chinese,) = found.references["en"], found.references["zh"]
    assert chinese.headline == "一座桥通车"
    assert chinese.key_points[1] == KeyPoint(label="长度", text="全长1.2公里。")
    assert (english.headline, english.closing) == (None, "The mayor called it a new start.")


def test_crlf_mark_and_missing_blank_lines_change_nothing(read: Read) -> None:
    plain = read(ARTICLE)
    assert read(ARTICLE.replace("\n", "\r\n")) == plain
    assert read(f"\ufeff{ARTICLE}") == plain
    assert read(ARTICLE.replace("开始。\n\n---\n\n**A", "开始。\n---\n**A")) == plain
    assert read(ARTICLE.replace("---\n\n[原", "---  \n[原", 1)) == plain


def test_the_front_matter_may_be_empty(read: Read) -> None:
    found = read(f"---\n---\n{BODY}")
    assert (found.id, found.title, found.date, found.tags, found.language) == ("a", None, None, (), "en")


@pytest.mark.parametrize(("given_id", "expected"), [("7", "7"), ("0", "0"), ("x y", "x y"), ("", "a")])
def test_the_id_is_the_given_one_or_the_path(read: Read, given_id: str, expected: str) -> None:
    assert read(f"---\nid: {given_id}\n---\n{BODY}").id == expected


@pytest.mark.parametrize(
    ("matter", "source", "languages"),
    [
        ("language: zh-CN", "English text.", ("en", "zh")),
        ("title: x", "中文文章。", ("en", "zh")),
        ("title: x", "English text.", ("zh", "en")),
        ("title: x", "1 2 3", ("zh", "zh")),
        ("title: x", None, ("zh", "zh")),
    ],
)
def test_the_language_is_given_or_told_by_the_source_or_the_default(
    read: Read, tmp_path: Path, matter: str, source: str | None, languages: tuple[str, str]
) -> None:
    default, expected = languages
    if source is not None:
        (tmp_path / "a.source.txt").write_text(source, "utf-8")
    assert read(f"---\n{matter}\n---\n{BODY}", default).language == expected


def test_a_default_language_that_is_unknown_is_a_mistake_of_the_config(read: Read) -> None:
    with pytest.raises(ConfigError, match="Unknown language 'xx'"):
        read(f"---\ntitle: x\n---\n{BODY}", "xx")


def test_the_source_may_stand_in_the_front_matter(read: Read) -> None:
    assert read(f"---\nsource: |\n  One.\n\n  Two.\n---\n{BODY}").source == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("matter", "line", "problem", "remedy"),
    [
        ("title: a: b", 2, "not plain YAML: mapping values are not allowed here", "into quotes"),
        ("title: x\ntags:\n- a\n b: [", 5, "not plain YAML", "into quotes"),
        ("title: x\nauthor: 'open", 3, "not plain YAML: found unexpected end of stream", "into quotes"),
        ("a: 1\nb: 2\ntitle: @x", 4, "cannot start any token", "into quotes"),
        ("a: 1\ntitle: x\x01", 3, "special characters are not allowed", "into quotes"),
        ("a: 1\nb: !!python/object/apply:os.system ['touch owned']", 3, "could not determine a constructor", "quotes"),
        ("a: !!python/name:os.system", 2, "could not determine a constructor", "quotes"),
        ("date: 2024-13-45", 2, "cannot be: month must be in 1..12", "Expected dates as 2024-06-11"),
        ("title: !!int ''", 2, "holds a value that cannot be", ""),
        ("title: !!bool perhaps", 2, "holds a value that cannot be", ""),
        ("title: !!timestamp soon", 2, "holds a value that cannot be", ""),
        ("title: " + "[" * 5000, 2, "nested too deeply", ""),
        ("- a\n- b", 2, "no mapping", "Expected 'key: value' lines."),
        ("just text", 2, "no mapping", "Expected 'key: value' lines."),
        ("title: [a]", None, "'title' is no text but list.", "Expected 'title: text'."),
        ("author: {a: b}", None, "'author' is no text but dict.", "Expected 'author: text'."),
        ("id: [1]", None, "'id' is no text but list.", "Expected 'id: text'."),
        ('title: "\\ud83d"', None, "'title' holds no text", "Write the text itself."),
        (f"title: 0x{'f' * 6000}", 2, "a number of 6002 characters", "quotes"),
        ("date: soon", None, "'soon' is no date.", "Expected 2024-06-11 or 2024-06-11T19:53:40Z."),
        ("date: [1]", None, "'date' is no date but list.", "Expected 2024-06-11"),
        ("date: true", None, "'date' is no date but bool.", "Expected 2024-06-11"),
        ("tags: 5", None, "'tags' is no list of texts.", "Expected '- tag' lines."),
        ("tags: {a: b}", None, "'tags' is no list of texts.", "Expected '- tag' lines."),
        ("tags: [[a]]", None, "'tags' is no list of texts.", "Expected '- tag' lines."),
        ("language: tlh", None, "Unknown language 'tlh'.", "Known: en, zh."),
        ("source: ''", None, "The source text is empty.", "Remove it or fill it."),
    ],
)
def test_a_broken_front_matter_is_told_with_its_line(
    read: Read, matter: str, line: int | None, problem: str, remedy: str
) -> None:
    error = refused(read, f"---\n{matter}\n---\n{BODY}")
    assert error.line == line
    assert problem in error.problem
    assert remedy in error.remedy


def test_a_yaml_tag_runs_nothing(read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    refused(read, f"---\na: !!python/object/apply:os.system ['touch owned']\n---\n{BODY}")
    assert not (tmp_path / "owned").exists()


def test_aliases_that_multiply_are_refused_at_once(read: Read) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    assert "'date' is no date but list." in refused(read, "\n".join(["---", *lines, "date: *a11", "---", BODY])).problem


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "does not begin with front matter"),
        (BODY, 1, "does not begin with front matter"),
        ("\n---\ntitle: x\n---\n", 1, "does not begin with front matter"),
        ("---\ntitle: x\n", 3, "front matter is not closed"),
        ("---\ntitle: x\n --- \n", 4, "front matter is not closed"),
        ("---\ntitle: x\n---\n", 4, "no summary below the front matter"),
        ("---\ntitle: x\n---\n\n# A heading\n", 4, "no summary below the front matter"),
        ("---\ntitle: x\n---\n\n[a](https://x.org)\n\n---\n", 4, "no summary below the front matter"),
        (
            "---\ntitle: x\n---\n\nText.\n\n- a\n---\n一座桥通车。\n",
            9,
            "The Chinese summary has no bulleted key points",
        ),
        ("---\ntitle: x\n---\n- **A:** b\n", 4, "The English summary has no abstract"),
        ("---\n---\nText.\n\n- a\n\n---\n\nMore.\n\n- b\n", 9, "A second summary in English."),
        ("---\n---\n桥。\n\n- 甲\n\n---\n文。\n\n- 乙\n", 8, "A second summary in Chinese."),
    ],
)
def test_a_broken_body_is_told_with_its_line(read: Read, text: str, line: int, problem: str) -> None:
    error = refused(read, text)
    assert error.line == line
    assert problem in error.problem
    assert error.remedy.startswith("Expected ")


@pytest.mark.parametrize("siblings", [("md", "txt"), ("md",), ("txt",)])
def test_a_source_in_two_places_is_refused(read: Read, tmp_path: Path, siblings: tuple[str, ...]) -> None:
    for suffix in siblings:
        (tmp_path / f"a.source.{suffix}").write_text("Text.", "utf-8")
    matter = "title: x" if len(siblings) == 2 else "source: Text."
    error = refused(read, f"---\n{matter}\n---\n{BODY}")
    assert "The source text stands in more than one place." in error.problem
    assert "Keep one of" in error.remedy


@pytest.mark.parametrize("text", ["", "  \n\n", "\ufeff"])
def test_an_empty_source_file_is_named(read: Read, tmp_path: Path, text: str) -> None:
    source = tmp_path / "a.source.md"
    source.write_text(text, "utf-8")
    error = refused(read, ARTICLE)
    assert error.path == source
    assert "The source text is empty." in error.problem


def test_a_source_that_is_not_utf8_is_named_with_its_line(read: Read, tmp_path: Path) -> None:
    source = tmp_path / "a.source.txt"
    source.write_bytes(b"one\ntwo \xe9\n")
    error = refused(read, ARTICLE)
    assert (error.path, error.line) == (source, 2)


def test_files_are_found_in_order_without_sources_and_hidden_ones(tmp_path: Path) -> None:
    for name in (
        "b.md",
        "a.txt",
        "sub/c.md",
        "a.source.md",
        "b.source.txt",
        ".d.md",
        ".git/e.md",
        "f.json",
        "g.md/x.txt",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [file.relative_to(tmp_path).as_posix() for file in article_files(tmp_path)]
    assert found == ["a.txt", "b.md", "g.md/x.txt", "sub/c.md"]
    assert article_files(tmp_path / "b.md") == [tmp_path / "b.md"]


NAME = st.text(alphabet="ab-.0中", min_size=1, max_size=3).filter(lambda name: name not in {".", ".."})
NAMES = st.lists(NAME, min_size=1, max_size=4)


@settings(deadline=None, max_examples=30)
@given(st.lists(NAMES, max_size=12))
def test_files_come_in_the_order_of_their_whole_paths(paths: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for parts in paths:
            (folder / "/".join(parts)).mkdir(parents=True, exist_ok=True)
            (folder / f"{'/'.join(parts)}.md").touch()
        all_files = [file.relative_to(folder) for file in folder.rglob("*.md")]
        shown = [file for file in all_files if not any(part.startswith(".") for part in file.parts)]
        try:
            found = [file.relative_to(folder) for file in article_files(folder)]
        except CorpusError:
            found = []
        assert found == sorted(shown, key=Path.as_posix)


def test_a_folder_that_cannot_be_read_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text(ARTICLE, "utf-8")
    (tmp_path / "closed").mkdir()
    real = os.scandir

    def scan(folder: str) -> Any:
        if Path(folder).name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(folder)

    monkeypatch.setattr("os.scandir", scan)
    stream = load_articles(tmp_path, default_language="en")
    assert isinstance(next(iter(stream)), Article)
    with pytest.raises(CorpusError, match=re.escape(f"{tmp_path / 'closed'}: Cannot be read: Permission denied.")):
        list(stream)


def test_ids_are_paths_below_the_corpus(tmp_path: Path) -> None:
    for name in ("one.md", "sub/one.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(ARTICLE, "utf-8")
    found = collect(load_articles(tmp_path, default_language="en"), strict=True)
    assert [article.id for article in found.articles] == ["one", "sub/one"]


def test_an_empty_folder_and_a_missing_one_are_errors(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"holds no \.md or \.txt file.*corpus\.path") as caught:
        article_files(tmp_path)
    assert caught.value.path == tmp_path
    with pytest.raises(CorpusError, match="There is no such file or folder"):
        article_files(tmp_path / "none")


def test_collect_keeps_problems_apart_unless_strict() -> None:
    one, two, problem = Article(id="1", language="en"), Article(id="2", language="en"), CorpusError("broken")
    assert collect([one, problem, two], strict=False) == Loaded(articles=(one, two), problems=(problem,))
    with pytest.raises(CorpusError, match="broken"):
        collect([one, problem, two], strict=True)


@pytest.mark.parametrize("strict", [True, False])
def test_two_articles_with_one_id_are_always_an_error(strict: bool) -> None:
    with pytest.raises(CorpusError, match=re.escape("Two articles have the id '1'. Give each")):
        collect([Article(id="1", language="en"), Article(id="1", language="zh")], strict=strict)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("2024-06-11", dt.date(2024, 6, 11)),
        ("2024-06-11T19:53:40.373Z", dt.datetime(2024, 6, 11, 19, 53, 40, 373000, dt.UTC)),
        ("2024-06-11T19:53:40+08:00", dt.datetime(2024, 6, 11, 11, 53, 40, tzinfo=dt.UTC)),
        (20240611, dt.datetime(2024, 6, 11)),  # noqa: DTZ001
        (dt.date(2024, 6, 11), dt.date(2024, 6, 11)),
    ],
)
def test_dates(value: object, expected: dt.date | None) -> None:
    assert as_date(value, Path("a")) == expected


@pytest.mark.parametrize("value", ["", "11.06.2024", "2024-6-1", "2024-02-30", 2024, 1.5, {}])
def test_what_is_no_date_is_named_with_its_line(value: object) -> None:
    with pytest.raises(CorpusError, match=r"^a:3: .* is no date") as caught:
        as_date(value, Path("a"), 3)
    assert caught.value.remedy == "Expected 2024-06-11 or 2024-06-11T19:53:40Z."


def test_a_number_of_thousands_of_digits_is_no_date() -> None:
    with pytest.raises(CorpusError, match="'date' is no date but int"):
        as_date(10**5000, Path("a"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, ()), ([], ()), ("a", ("a",)), (["a", "b"], ("a", "b")), ([2024, True], ("2024", "True"))],
)
def test_tags(value: object, expected: tuple[str, ...]) -> None:
    assert as_tags(value, Path("a")) == expected


def test_the_seed_is_read_whole(shared: Path) -> None:
    loaded = collect(load_articles(shared / "seed", default_language="en"), strict=True)
    (found,) = loaded.articles
    assert (found.id, found.language, found.source) == ("000_f98615fb0d0219bb", "en", None)
    assert found.date == dt.datetime(2024, 6, 11, 19, 53, 40, 373000, dt.UTC)
    assert isinstance(found.date, dt.datetime)
    assert found.date.tzinfo is not None
    assert (found.tags, found.author) == (("technology",), "ft")
    assert found.link == "https://ft.com/content/7a70a8a6-4a2a-47c5-8483-d0b829f32ae6"
    assert {code: len(references[0].key_points) for code, references in found.references.items()} == {"zh": 5, "en": 5}
    for references in found.references.values():
        assert references[0].abstract
        assert references[0].closing
        assert all(point.label and point.text for point in references[0].key_points)
    assert found.references["zh"][0].headline == found.title
    assert found.references["en"][0].abstract.startswith("Mistral AI, an artificial intelligence start-up")


MATTER = st.text(alphabet="ab:-[]{}&*!|>'\"#%@` \n0129Tz.,?~\\u", max_size=60)


@settings(deadline=None)
@given(st.one_of(st.text().map(str.encode), st.binary(), MATTER.map(lambda m: f"---\n{m}\n---\n{BODY}".encode())))
def test_arbitrary_content_is_an_article_or_an_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "arbitrary.md"
    file.write_bytes(data)
    for item in load_articles(file, default_language="en"):
        if isinstance(item, CorpusError):
            assert str(item).startswith(str(file))
        else:
            assert item.references
