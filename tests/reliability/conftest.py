"""A corpus of six articles and two runs over it, made once, and what tests do to the machine below them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from click.testing import Result

from tests.runs import two_runs

Call = Callable[..., Result]
Limit = Callable[[int], AbstractContextManager[None]]
RUN = ("run", "summarizer=lead", "translator=copy", "limit=2", "metric=[shape]", "executor.workers=1")
OWN = ("corpus=jsonl", "corpus.path=news.jsonl")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the corpus ``news.jsonl``, outputs, and the runs ``base`` and ``cand``."""
    return two_runs(tmp_path_factory.mktemp("made"), 6, ("base", "cand"), "metric=[shape]", "cache=null")


@pytest.fixture
def work(made: Path, tercet: Call) -> Path:
    """A copy of them, which is the working directory."""
    shutil.copytree(made, Path.cwd(), dirs_exist_ok=True)
    return Path.cwd()


@pytest.fixture
def limited() -> Limit:
    """A context in which the system lets no file grow beyond so many bytes: it refuses as a full disk does."""
    resource = pytest.importorskip("resource", reason="the limit is one of Unix")

    @contextmanager
    def limit(most: int) -> Iterator[None]:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return limit


def refused(done: Result, *words: str) -> None:
    """Check that a command was refused as a user's error is, with these words and a remedy."""
    assert done.exit_code == 2, (done.output, done.exception)
    assert "Traceback" not in done.output
    assert "error: " in done.output
    problem, _, remedy = done.output.partition("error: ")[2].partition("\n  ")
    assert remedy.strip(), problem
    for word in words:
        assert word in done.output
