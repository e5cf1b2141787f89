"""A sweep over language models loses nothing, and asks nothing twice, whoever dies: a process or the server."""

import random
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from tests.counting_server import CountingServer, key_of
from tests.sweeping import Tree, article, begin, end, four_runs, furnish, one_run, outputs, runs, tree

ARTICLES = 16
CALLS = 4 * 2 * ARTICLES  # in each run a summary and a translation of each article
CONCURRENCY = 4
KILLS = 20
MODEST = (f"summarizer.concurrency={CONCURRENCY}", f"translator.concurrency={CONCURRENCY}")
CLI = Callable[..., Result]


@pytest.fixture(scope="module")
def serving() -> Iterator[CountingServer]:
    with CountingServer() as server:
        yield server


@pytest.fixture(scope="module")
def undisturbed(serving: CountingServer, tmp_path_factory: pytest.TempPathFactory) -> tuple[Tree, float]:
    """What the sweep writes when nothing disturbs it, and how many seconds it takes."""
    work = furnish(tmp_path_factory.mktemp("whole"), map(article, range(ARTICLES)))
    began = time.monotonic()
    end(begin(work, four_runs(serving, *MODEST)))
    assert len(serving.forget()) == CALLS
    return tree(work / "results"), time.monotonic() - began


@pytest.fixture
def whole(undisturbed: tuple[Tree, float]) -> Tree:
    return undisturbed[0]


@pytest.fixture
def server(serving: CountingServer) -> CountingServer:
    serving.forget()
    serving.seconds = 0.0
    return serving


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return furnish(tmp_path / "work", map(article, range(ARTICLES)))


def kill(process: subprocess.Popen[str]) -> bool:
    """Kill a process as nothing can prevent; whether it was still there."""
    process.kill()
    process.communicate(timeout=20)
    return process.returncode == -signal.SIGKILL


def wait_for(server: CountingServer, calls: int, process: subprocess.Popen[str]) -> None:
    """Wait until so many calls were made, or the process has ended by itself."""
    until = time.monotonic() + 60
    while len(server.asked) < calls and process.poll() is None:
        assert time.monotonic() < until, f"{len(server.asked)} of {calls} calls"
        time.sleep(0.002)


def test_killed_twenty_times_a_sweep_loses_nothing_but_calls_in_flight(
    server: CountingServer, undisturbed: tuple[Tree, float], work: Path
) -> None:
    whole, life = undisturbed
    rng = random.Random(5)
    command = four_runs(server, *MODEST)
    found: list[int] = []  # how many calls each process had made that was killed
    while len(found) < KILLS:
        asked = server.asked
        before, late = len(asked), len(found) >= KILLS - 4 or len(set(map(key_of, asked))) == CALLS
        server.seconds = 0.0 if late else 0.06
        process = begin(work, [*command, "fresh=true"] if late else command)
        if late or len(found) % 4 == 0:  # anywhere: while it starts, plans, asks, scores or writes
            until = time.monotonic() + rng.uniform(0.1, life)
            while time.monotonic() < until and (late or len(asked) - before < 8):  # calls are left for the others
                time.sleep(0.002)
        else:  # while it asks, or between two runs, wherever that is on this machine
            wait_for(server, before + rng.randint(1, 16 if len(found) % 4 == 1 else 8), process)
            time.sleep(rng.uniform(0, 0.06))
        if kill(process):
            found.append(len(asked) - before)
    assert sum(calls > 0 for calls in found) >= KILLS // 2, "they died while they asked"
    server.seconds = 0.0
    end(begin(work, command))
    assert tree(work / "results") == whole
    assert len(set(map(key_of, server.asked))) == CALLS
    assert len(server.asked) - CALLS <= CONCURRENCY * KILLS
    server.forget()
    end(begin(work, command))
    assert not server.asked


def test_processes_over_one_cache_ask_nothing_twice(server: CountingServer, whole: Tree, work: Path) -> None:
    server.seconds = 0.02
    places = ["results=one", "results=two", "results=three", "results=three"]  # of the same runs one process waits
    processes = [begin(work, four_runs(server, *MODEST, place)) for place in places]
    for process in processes:
        end(process)
    assert server.most_often == 1
    assert len(server.asked) == CALLS
    for name in ("one", "two", "three"):
        assert tree(work / name) == whole, name
    check_cache(work)


def check_cache(work: Path) -> None:
    connection = sqlite3.connect(work / ".tercet" / "replies.sqlite")
    try:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert connection.execute("select count(*), count(distinct key) from kept").fetchone() == (CALLS, CALLS)
    finally:
        connection.close()


def test_a_process_does_not_wait_for_one_that_was_killed(server: CountingServer, whole: Tree, work: Path) -> None:
    server.seconds = 0.02
    killed = begin(work, four_runs(server, *MODEST, "results=one"))
    other = begin(work, four_runs(server, *MODEST, "results=two"))
    wait_for(server, CALLS // 3, killed)
    assert kill(killed)
    began = time.monotonic()
    end(other)
    assert time.monotonic() - began < 20, "nothing has to expire"
    assert tree(work / "two") == whole
    assert len(set(map(key_of, server.asked))) == CALLS
    # What was in flight, and what was answered and not stored yet.
    assert len(server.asked) - CALLS <= 2 * CONCURRENCY
    check_cache(work)


def test_a_server_that_dies_ends_a_run_in_seconds_and_the_same_command_goes_on(
    server: CountingServer, tercet: CLI, tmp_path: Path
) -> None:
    calls = 2 * ARTICLES
    whole = furnish(tmp_path / "whole", map(article, range(ARTICLES)))
    end(begin(whole, one_run(server)))
    server.forget()
    furnish(Path.cwd(), map(article, range(ARTICLES)))
    server.seconds, server.dies_after = 0.01, calls - 5
    began = time.monotonic()
    done = tercet(*one_run(server, *MODEST))
    assert done.exit_code == 4, done.output
    assert time.monotonic() - began < 20
    assert "Mend the cause and repeat the command: what is done is kept." in done.stderr
    assert "cannot be reached" in done.stderr
    (run,) = runs(Path("results"))
    assert run["status"] == "incomplete"
    missing = [output for output in outputs(Path("results")) if "failure" in output]
    assert run["failures"] == len(missing) > 0
    assert "scored: no output:" in done.stdout, "the leaderboard says what it is made of"
    before = len(server.forget())
    server.start()
    done = tercet(*one_run(server, *MODEST))
    assert done.exit_code == 0, done.output
    assert server.most_often == 1
    assert calls <= before + len(server.asked) <= calls + CONCURRENCY
    assert tree(Path("results")) == tree(whole / "results")
