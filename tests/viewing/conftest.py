"""What the tests in a browser share: Chromium, and pages that may do no more than a report should."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, chdir
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.viewing.browser import NAMES, VARIABLE, Open, Watched, find_chromium, launched, watching
from tests.viewing.reports import Made, sample_report
from tests.viewing.unpacking import two_runs

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """A browser; one a module, for while it runs this thread has an event loop that other tests have no use for."""
    executable = find_chromium()
    if executable is None:
        said = f"no browser is here: neither {VARIABLE} nor any of {', '.join(NAMES)} names one"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    with launched(executable) as browser:
        yield browser


Keep = Callable[[int, bool], Watched]


@pytest.fixture(scope="module")
def kept(report: Path, chromium: "Browser") -> Iterator[Keep]:
    """Pages by width and theme, of the module's ``report``, which is made before the browser starts.

    A page of its own for each test would compile the report's code each time, for longer than most tests last.
    """
    with ExitStack() as stack:
        yield cache(lambda width, dark: stack.enter_context(watching(chromium, report, width=width, dark=dark)))


@pytest.fixture
def opened(report: Path, chromium: "Browser", kept: Keep) -> Iterator[Open]:
    """Open pages of the module's ``report``; none may do what it must not."""
    pages: list[Watched] = []
    with ExitStack() as stack:

        def open_page(address: str = "", *, width: int = 1280, dark: bool = False, own: bool = False) -> Watched:
            if own:  # for who changes what cannot be changed back
                watched = stack.enter_context(watching(chromium, report, width=width, dark=dark))
            else:
                watched = kept(width, dark)
                assert watched not in pages, "this test has that page already"
                stack.callback(watched.forget)
            pages.append(watched)
            watched.go(address)
            return watched

        yield open_page
        assert [trouble for watched in pages for trouble in watched.finish()] == []


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The report of three systems over the sample corpus."""
    return sample_report(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where two runs were made, and where we stand; who changes something takes a copy."""
    folder = tmp_path_factory.mktemp("work")
    with chdir(folder):
        two_runs()
        yield folder


@pytest.fixture(scope="module")
def runs(work: Path) -> list[Path]:
    """The two runs: ``good``, and ``wrong``, which states what no source says."""
    return [next(Path(name).iterdir()) for name in ("good", "wrong")]
