"""Sweeps by every launcher, as users start them: the same folders, words and exit codes as one run after the other."""

import sys
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.runs import command
from tests.sweeping import Tree, finished

LAUNCHERS = {
    "joblib": ("launcher=joblib", "launcher.jobs=2"),
    "submitit": ("launcher=submitit", "launcher.cluster=local"),
    "ray": ("launcher=ray",),
}
QUICK = ("--config-dir", "mine/conf", "limit=4", "metric=[chrf,shape]", "name=sweep")
# The glossary is left out: each process would read the dictionary for seconds.
# What cannot be made comes first, so that it fails while the other still waits.
FAILING = ("summarizer=own_failing,lead", "translator=copy")
GOOD = ("summarizer=lead,own", "translator=own,copy")
OWN = '''\
"""A user's own backend, in the working directory; with a part of it beside the configs."""

from dataclasses import dataclass
from typing import ClassVar

from own_words_there import shouted

from tercet.backends import Reply


@dataclass(frozen=True, kw_only=True)
class Own:
    word: str = "loud"
    reads: ClassVar[frozenset[str]] = frozenset({"text"})
    bound: ClassVar[str | None] = None
    cacheable: ClassVar[bool] = True

    def refuses(self, role, source, target):
        return None

    def identity(self):
        return repr(self)

    def generate(self, requests):
        if self.word == "failing":
            raise ValueError("no such word")
        for index, request in enumerate(requests):
            yield index, Reply(text=f"{self.word}: {shouted(request.text)}")
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """Two sweeps, the second of which finds runs of the first.

    Args:
        said: What each printed: the leaderboard, then what is told beside it.
        codes: How each ended.
        failed: All files of finished runs after the first.
        made: The same after the second, with its leaderboard.
        kept: Whether the runs that the second found are the very files of the first.
    """

    said: tuple[tuple[str, list[str]], ...]
    codes: tuple[int, ...]
    failed: Tree
    made: Tree
    kept: bool


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A working directory with the user's own backend, and configs of it."""
    folder = tmp_path_factory.mktemp("launchers")
    configs = folder / "mine" / "conf"
    for group in ("summarizer", "translator"):
        (configs / group).mkdir(parents=True)
    (folder / "own_backend_here.py").write_text(OWN, "utf-8")
    (folder / "mine" / "own_words_there.py").write_text("def shouted(text):\n    return text[:80].upper()\n", "utf-8")
    for path, word in (
        ("summarizer/own.yaml", "loud"),
        ("summarizer/own_failing.yaml", "failing"),
        ("translator/own.yaml", "again"),
    ):
        (configs / path).write_text(f"_target_: own_backend_here.Own\nword: {word}\n", "utf-8")
    before = list(sys.path)
    with chdir(folder):
        yield folder
    sys.path[:] = before
    for name in ("own_backend_here", "own_words_there"):
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def basic(work: Path) -> Swept:
    """The sweeps in this process."""
    return swept(work, "basic", "launcher=basic")


@pytest.fixture(scope="module", params=list(LAUNCHERS))
def elsewhere(request: pytest.FixtureRequest, work: Path) -> Iterator[Swept]:
    """The sweeps by a launcher."""
    name: str = request.param
    if not find_spec(name):
        pytest.skip(f"{name} is not installed")
    if name != "ray":
        yield swept(work, name, *LAUNCHERS[name])
        return
    import ray

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "1")
        # A Ray that is there already: starting one takes seconds, and the launcher leaves what it finds.
        ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level=40)
        yield swept(work, name, *LAUNCHERS[name])
        ray.shutdown()


def swept(work: Path, name: str, *words: str) -> Swept:
    """Sweep, with runs that fail among them; then over what is there, and over more."""
    results = work / name
    common = (*QUICK, *words, f"results={name}", f"cache={name}.db")
    first = command("run", "-m", *FAILING, *common)
    failed, files = finished(results), inodes(results)
    second = command("run", "-m", *GOOD, *common)
    done = (first, second)
    return Swept(
        said=tuple((each.stdout, each.stderr.replace(f"{name}/", "results/").splitlines()) for each in done),
        codes=tuple(each.exit_code for each in done),
        failed=failed,
        made=finished(results),
        kept=files.items() <= inodes(results).items(),
    )


def inodes(results: Path) -> dict[str, tuple[int, int]]:
    """Tell the files of finished runs apart from others of the same names and bytes."""
    found = {path: path.stat() for path in results.glob("*/*") if ".partial" not in str(path)}
    return {str(path): (told.st_ino, told.st_mtime_ns) for path, told in found.items()}


def test_in_this_process_a_run_that_fails_leaves_the_others_made(basic: Swept) -> None:
    assert basic.codes == (2, 0)
    assert basic.kept
    assert {name.split("/")[0].rpartition("-")[0] for name in basic.failed} == {"lead-copy"}
    (nothing, failure), (board, told) = basic.said
    assert nothing == ""
    assert failure[0] == "2 runs, 16 outputs to score"
    assert failure[-2].startswith("error: 'own_failing' failed: ValueError: no such word (own_backend_here.py:")
    assert "own + own" in board
    assert [line.partition(":")[0] for line in told if "there already" in line] == ["lead + copy"]
    assert [line for line in told if line.endswith(": done")] == [
        f"{system}: done" for system in ("lead + own", "own + own", "own + copy")
    ]


def test_the_same_files_come_of_it_byte_for_byte(basic: Swept, elsewhere: Swept) -> None:
    assert elsewhere.failed == basic.failed
    assert elsewhere.made == basic.made
    assert any(name.startswith("sweep-") and name.endswith("leaderboard.csv") for name in elsewhere.made)


def test_what_is_there_is_not_made_again(elsewhere: Swept) -> None:
    assert elsewhere.kept


def test_a_failure_ends_it_in_the_same_way(basic: Swept, elsewhere: Swept) -> None:
    assert elsewhere.codes == basic.codes


def test_the_same_is_printed_but_for_the_order_of_runs(basic: Swept, elsewhere: Swept) -> None:
    for (board, told), (here_board, here_told) in zip(elsewhere.said, basic.said, strict=True):
        assert board == here_board
        assert sorted(told) == sorted(here_told)
        assert (told[0], told[-2:]) == (here_told[0], here_told[-2:])


@pytest.mark.parametrize("name", list(LAUNCHERS))
def test_a_limit_of_cost_is_refused_before_the_corpus_is_read(name: str, work: Path) -> None:
    words = (*QUICK, *LAUNCHERS[name], "max_cost=3", "corpus=jsonl", "corpus.path=nowhere.jsonl", "results=none")
    done = command("run", "-m", *GOOD, *words)
    assert done.exit_code == 2
    assert done.stderr.splitlines() == [
        "error: max_cost is set, and the launcher makes runs in processes of their own.",
        "  Set launcher=basic.",
    ]
    assert not (work / "none").exists()


def test_an_attempt_that_was_cut_short_is_told_of(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("joblib", reason="joblib is not installed")
    common = ("summarizer=lead", "translator=copy", "limit=2", "metric=[chrf]", "results=again", "cache=null")

    def cut_short(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("tercet.making.write_run", cut_short)
        assert command("run", *common).exit_code == 130
    (partial,) = (work / "again").iterdir()
    assert partial.name.endswith(".partial")
    done = command("run", *common, *LAUNCHERS["joblib"])
    assert done.exit_code == 0
    assert done.stderr.splitlines()[:3] == [
        "1 run, 4 outputs to score",
        "lead + copy: resumed: the last attempt did not finish",
        "lead + copy: done",
    ]
