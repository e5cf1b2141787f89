"""The commands over the cache: what is there, and how it is removed."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from tercet.cache import Cache

Call = Callable[..., Result]
DAY = 86_400
NAMES = {"a": "tiny", "b": "tiny", "c": "acme/large:7b", "d": "", "e": "[/red]odd[bold]"}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tercet: Call) -> Path:
    """A cache in its usual place: one reply of tiny's is 40 days old."""
    file = Path.cwd() / ".tercet" / "replies.sqlite"
    now = time.time()
    with monkeypatch.context() as patch, Cache(file) as cache:
        for key, name in NAMES.items():
            patch.setattr("tercet.cache.time.time", lambda days=40 if key == "a" else 0: now - days * DAY)
            cache.store(key, "x" * 1200 if name == "tiny" else "回答", name)
    return file


def left(file: Path) -> set[str]:
    with Cache(file) as cache:
        return set(cache.find(NAMES))


def test_stats_say_whose_replies_there_are_and_since_when(file: Path, tercet: Call) -> None:
    result = tercet("cache", "stats")
    assert result.exit_code == 0, result.output
    head, *rows, last = [line.split() for line in result.stdout.splitlines()]
    assert head == ["model", "replies", "characters", "oldest", "newest"]
    by_name = {row[0]: row[1:] for row in rows}
    assert set(by_name) == {"tiny", "acme/large:7b", "(unnamed)", "[/red]odd[bold]"}
    assert by_name["tiny"][:2] == ["2", "2,400"]
    days = [time.strftime("%Y-%m-%d", time.localtime(time.time() - ago * DAY)) for ago in (40, 0)]
    assert [by_name["tiny"][2], by_name["tiny"][4]] == days
    assert by_name["acme/large:7b"][:2] == ["1", "2"]
    assert last[:2] == ["5", "replies,"]
    assert last[3] == "MB"


def test_a_name_is_shown_whole_however_long(file: Path, tercet: Call) -> None:
    name = "acme/" + "very-" * 30 + "large"
    with Cache(file) as cache:
        cache.store("f", "x", name)
    shown = tercet("cache", "stats").stdout
    assert "…" not in shown
    assert "acme/very-very-" in shown
    assert tercet("cache", "prune", "--model", name).output == "1 reply removed\n"


def test_what_came_from_an_older_file_has_no_age(file: Path, tercet: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, Cache(file) as cache:
        patch.setattr("tercet.cache.time.time", lambda: 0.0)
        cache.store("f", "x", "older")
    (row,) = [line.split() for line in tercet("cache", "stats").stdout.splitlines() if line.startswith("older")]
    assert row[3:] == ["–", "–"]
    assert tercet("cache", "prune", "--older-than", "1000w").output == "1 reply removed\n"


@pytest.mark.parametrize(
    ("words", "removed"),
    [
        (["--all"], "abcde"),
        (["--model", "tiny"], "ab"),
        (["--model", "[/red]odd[bold]"], "e"),
        (["--older-than", "30d"], "a"),
        (["--older-than", "41d"], ""),
        (["--older-than", "959h"], "a"),
        (["--older-than", "961h"], ""),
        (["--older-than", "5w", "--model", "tiny"], "a"),
        (["--older-than", "5w", "--model", "acme/large:7b"], ""),
        (["--older-than", "57599m"], "a"),
    ],
)
def test_prune_removes_what_it_is_told_and_no_more(words: list[str], removed: str, file: Path, tercet: Call) -> None:
    result = tercet("cache", "prune", *words)
    assert result.exit_code == 0, result.output
    assert result.output == f"{len(removed)} {'reply' if len(removed) == 1 else 'replies'} removed\n"
    assert left(file) == set(NAMES) - set(removed)


def test_prune_gives_the_space_back(file: Path, tercet: Call) -> None:
    with Cache(file) as cache:
        for i in range(300):
            cache.store(f"{i}", "x" * 10_000, "large")
    size = file.stat().st_size
    assert size > 3_000_000
    assert tercet("cache", "prune", "--model", "large").exit_code == 0
    assert file.stat().st_size < 100_000
    assert left(file) == set(NAMES)


@pytest.mark.parametrize(
    ("words", "problem", "remedy"),
    [
        (["prune"], "Nothing says what to remove.", "--older-than AGE, --model NAME or --all"),
        (["prune", "--model", "tony"], "There is no reply of 'tony'.", "Did you mean 'tiny'?"),
        (["prune", "--older-than", "3"], "'3' is no age.", "90m, 12h, 30d or 8w"),
        (["prune", "--older-than", "-3d"], "'-3d' is no age.", "90m, 12h, 30d or 8w"),
        (["prune", "--older-than", "3y"], "'3y' is no age.", "90m, 12h, 30d or 8w"),
        (["prune", "--all", "--file", "nowhere"], "There is no cache 'nowhere'.", "--file"),
        (["stats", "--file", "nowhere"], "There is no cache 'nowhere'.", "--file"),
        (["stats", "--file", "."], "There is no cache '.'.", "--file"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(
    words: list[str], problem: str, remedy: str, file: Path, tercet: Call
) -> None:
    result = tercet("cache", *words)
    assert result.exit_code == 2, result.output
    assert f"error: {problem}" in result.output
    assert remedy in result.output
    assert left(file) == set(NAMES)
    assert not Path("nowhere").exists()


@pytest.mark.parametrize("words", [["stats"], ["prune", "--all"]])
def test_what_is_no_cache_is_an_error(words: list[str], tmp_path: Path, tercet: Call) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("no database\n" * 500, "utf-8")
    result = tercet("cache", *words, "--file", other)
    assert result.exit_code == 2
    assert f"The cache {other} cannot be used" in result.output
    assert other.read_text("utf-8") == "no database\n" * 500


def test_an_empty_cache_has_no_replies(tmp_path: Path, tercet: Call) -> None:
    with Cache(tmp_path / "c"):
        pass
    assert tercet("cache", "stats", "--file", tmp_path / "c").stdout.splitlines()[-1].startswith("0 replies, 0.0 MB")
    assert tercet("cache", "prune", "--all", "--file", tmp_path / "c").output == "0 replies removed\n"


# Opens the cache and reads from it, says so, and goes on using it once it is told to.
OTHER = """
import sys
from pathlib import Path
from tercet.cache import Cache

with Cache(Path(sys.argv[1])) as cache:
    assert len(cache.find("abcde")) == 5
    assert cache.claim("ab")
    print("open", flush=True)
    sys.stdin.readline()
    cache.store("new", "later", "tiny")
    print(*sorted(cache.find([*"abcde", "new"])), flush=True)
"""


@pytest.fixture
def other(file: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    yield process
    process.kill()
    process.communicate(timeout=20)


def test_a_cache_that_another_process_uses_can_be_pruned(
    file: Path, other: "subprocess.Popen[str]", tercet: Call
) -> None:
    assert tercet("cache", "prune", "--model", "tiny").output == "2 replies removed\n"
    out, _ = other.communicate("go on\n", timeout=20)
    assert out == "c d e new\n"
    assert "4 replies" in tercet("cache", "stats").stdout
