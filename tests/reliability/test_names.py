"""Names of files as a disk may have them, folders within folders, and a machine without a home."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tercet.articles import load_articles
from tercet.corpora.markdown import Markdown
from tercet.records import Article
from tests.conftest import ARTICLE
from tests.reliability.conftest import OWN, RUN, refused

Call = Callable[..., Result]
NAMES = ["a b", "a\nb", "\u6587" * 80, "x" * 240, "$(id)'\"", "-rf", "a=b,c", "~", "#", "con"]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_any_name_serves_a_run_and_what_is_written_of_it(name: str, work: Path, tercet: Call) -> None:
    Path("base").rename(f"./{name}")
    place = work / name
    for words in (
        ("show", place),
        ("report", place, "--format", "csv", "-o", work / f"{name}.csv"),
        ("bless", place, "--to", work / f"{name}.b", "--why", "x", "--by", "me"),
        ("init", work / f"{name}.i"),
    ):
        done = tercet(*words)
        assert done.exit_code == 0, (words[0], done.output, done.exception)
    assert {f"{name}.csv", f"{name}.b", f"{name}.i"} <= {path.name for path in work.iterdir()}


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_any_name_serves_an_article(name: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.md").write_text(ARTICLE, "utf-8")
    (article,) = load_articles(tmp_path, default_language="en")
    assert isinstance(article, Article)
    assert article.id == name


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A folder whose name is not UTF-8, where the disk takes such a name."""
    place = tmp_path / os.fsdecode(b"caf\xe9")
    try:
        place.mkdir()
    except (OSError, UnicodeError):
        pytest.skip("the disk takes no name that is not UTF-8")
    return place


def test_an_article_whose_name_is_not_utf_8_is_left_out_unless_it_says_its_id(odd: Path) -> None:
    (odd / "a.md").write_text(ARTICLE, "utf-8")
    (odd / "b.md").write_text(ARTICLE.replace("title:", "id: mine\ntitle:"), "utf-8")
    loaded = Markdown(path=str(odd.parent)).load()
    assert [article.id for article in loaded.articles] == ["mine"]
    (problem,) = loaded.problems
    assert "The file's name is not UTF-8." in problem.problem
    assert "id: ..." in problem.remedy


def test_a_run_whose_name_is_not_utf_8_is_refused(odd: Path, work: Path, tercet: Call) -> None:
    shutil.copytree("base", odd, dirs_exist_ok=True)
    refused(tercet("show", odd), "the folder's name is not UTF-8", "Rename it")


def test_folders_within_folders_are_read_however_deep(tmp_path: Path) -> None:
    deep, depth = tmp_path / "deep", 1_100  # beyond what Python calls within calls
    place = os.fspath(deep)
    os.mkdir(place)  # noqa: PTH102 (a thousand paths of a thousand parts)
    for _ in range(depth):
        place += "/d"
        os.mkdir(place)  # noqa: PTH102
    shutil.copy(__file__, f"{place}/none.py")
    Path(f"{place}/a.md").write_text(ARTICLE, "utf-8")
    try:
        (article,) = load_articles(deep, default_language="en")
        assert isinstance(article, Article)
        assert article.id.count("/") == depth
    finally:
        for name in os.listdir(place):  # noqa: PTH208
            os.unlink(f"{place}/{name}")  # noqa: PTH108
        while len(place) > len(os.fspath(deep)):
            os.rmdir(place)  # noqa: PTH106
            place = place[:-2]


@pytest.mark.parametrize("home", [None, "", "/proc/nothing"], ids=["unset", "empty", "nowhere"])
def test_no_home_is_needed(home: str | None, work: Path, tercet: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME", raising=False) if home is None else monkeypatch.setenv("HOME", home)
    done = tercet(*RUN, *OWN)
    assert done.exit_code == 0, done.output


ODD = [("TMPDIR", "/nonexistent"), ("TERM", "dumb"), ("COLUMNS", "1"), ("COLUMNS", "abc"), ("LINES", "-3")]


@pytest.mark.parametrize(("name", "value"), ODD)
def test_an_odd_environment_is_no_hindrance(
    name: str, value: str, work: Path, tercet: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert tercet("show", "base", "cand").exit_code == 0
    assert tercet(*RUN, *OWN).exit_code == 0
