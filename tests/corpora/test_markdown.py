"""The Markdown corpus."""

import re
from pathlib import Path

import pytest

from tercet.corpora.markdown import Markdown
from tercet.errors import CorpusError
from tests.conftest import ARTICLE


def test_a_folder_is_read_in_order(articles: Path) -> None:
    loaded = Markdown(path=str(articles)).load()
    assert [article.id for article in loaded.articles] == ["bridge", "ferry"]
    assert loaded.problems == ()


def test_one_file_is_a_corpus(articles: Path) -> None:
    (article,) = Markdown(path=str(articles / "ferry.md")).load().articles
    assert (article.id, article.title) == ("ferry", "A ferry opens")


def test_a_home_folder_is_expanded(articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(articles.parent))
    assert len(Markdown(path="~/articles").load().articles) == 2


def test_one_broken_file_does_not_take_the_others_down(articles: Path) -> None:
    broken = {
        "a-encoding.md": b"---\ntitle: \xe9\n---\n",
        "b-language.md": ARTICLE.replace("language: en", "language: tlh").encode(),
        "c-yaml.md": b"---\ntitle: a: b\n---\n",
        "z-open.md": b"---\ntitle: x\n",
    }
    for name, data in broken.items():
        (articles / name).write_bytes(data)
    loaded = Markdown(path=str(articles)).load()
    assert [article.id for article in loaded.articles] == ["bridge", "ferry"]
    assert [problem.path for problem in loaded.problems] == [articles / name for name in broken]
    assert [problem.line for problem in loaded.problems] == [2, None, 2, 3]


def test_strict_makes_one_broken_file_an_error(articles: Path) -> None:
    (articles / "z.md").write_text("---\ntitle: x\n", "utf-8")
    with pytest.raises(CorpusError, match=re.escape(f"{articles / 'z.md'}:3: The front matter is not closed.")):
        Markdown(path=str(articles), strict=True).load()


def test_two_files_with_one_id_are_an_error(articles: Path) -> None:
    (articles / "ferry.txt").write_text(ARTICLE, "utf-8")
    with pytest.raises(CorpusError, match="Two articles have the id 'ferry'"):
        Markdown(path=str(articles)).load()


def test_the_source_language_stands_in_where_nothing_tells_it(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(ARTICLE.replace("language: en\n", ""), "utf-8")
    (article,) = Markdown(path=str(tmp_path), source_language="zh").load().articles
    assert article.language == "zh"


@pytest.mark.parametrize("strict", [True, False])
def test_nothing_to_read_is_an_error(tmp_path: Path, strict: bool) -> None:
    with pytest.raises(CorpusError, match=r"corpus\.path is not set.*corpus\.path=FILE_OR_FOLDER"):
        Markdown(strict=strict).load()
    with pytest.raises(CorpusError, match="The folder holds no"):
        Markdown(path=str(tmp_path), strict=strict).load()
    with pytest.raises(CorpusError, match="There is no such file or folder"):
        Markdown(path=str(tmp_path / "none"), strict=strict).load()
