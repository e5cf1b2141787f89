"""A run is the same wherever its shards are worked on, in whatever order, and whatever happens to who works on them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tercet.backends.openai import Openai
from tests import sweeping
from tests.anywhere import (
    ARTICLES,
    MARKED,
    SYSTEMS,
    Marks,
    alive_in,
    articles_of,
    begun,
    check_runs,
    comparison,
    end,
    furnish,
    made,
    repeated,
    single,
    tercet,
)
from tests.counting_server import CountingServer
from tests.sweeping import Tree, tree

# The second and the seventh of the eight that are marked: of three a shard, the first shard's and the last one's.
EARLY, LATE = "antarctic-cable", "coffee-price-climb"
BETWEEN = {"central-bank-pause", "chip-plant-dresden", "city-heat-plan"}
CONCURRENCY = 2


@pytest.fixture(autouse=True)
def path_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the working directories of a test, which the command line lets modules be imported from."""
    monkeypatch.setattr(sys, "path", list(sys.path))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("whole")


@pytest.fixture(scope="module")
def whole(home: Path) -> Tree:
    """The sweep, each run of one shard and in this process."""
    return made(home, *SYSTEMS)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """What becomes of the marked run where nothing befalls it; it is one shard."""
    return made(tmp_path_factory.mktemp("quiet"), *MARKED)


# The same run anywhere


def test_two_processes_make_the_same_run_and_its_comparison_is_the_same(
    whole: Tree, home: Path, tmp_path: Path
) -> None:
    made(tmp_path, *single("lead"), "executor.workers=2", "executor.shard=3")
    made(tmp_path, *single("textrank"), "executor.workers=1", "executor.shard=7")
    found = comparison(tmp_path)
    assert found == comparison(home)
    check_runs(tmp_path, whole)
    values = list(p_values(json.loads(found)))
    assert len(values) > 10
    assert any(0 < value < 1 for value in values)


def p_values(record: Any) -> Iterator[float]:
    """Every p-value in a comparison."""
    if isinstance(record, dict):
        if isinstance(record.get("p"), float):
            yield record["p"]
        record = list(record.values())
    for value in record if isinstance(record, list) else ():
        yield from p_values(value)


def test_a_shard_may_have_any_size(whole: Tree, tmp_path: Path) -> None:
    for shard, system in ((1, "lead"), (5, "textrank")):
        made(tmp_path, *single(system), "executor.workers=1", f"executor.shard={shard}")
    check_runs(tmp_path, whole)


def test_shards_may_be_done_in_any_order_and_cut_in_two(whole: Tree, tmp_path: Path) -> None:
    shuffled = ["executor=shuffled", "executor.order=0"]
    made(tmp_path, *single("lead"), *shuffled, "executor.shard=1")
    made(tmp_path, *single("textrank"), *shuffled, "executor.shard=7", "executor.most=2")
    check_runs(tmp_path, whole)


# Faults


@pytest.mark.parametrize(("step", "place"), [("generate", "cpu"), ("measure", "cpu"), ("measure", "models")])
def test_a_worker_that_is_killed_is_replaced_and_nothing_counts_twice(tmp_path: Path, step: str, place: str) -> None:
    words = [*MARKED, f"metrics.vowels.place={place}"]
    expected = made(tmp_path / "quiet", *words)
    work = furnish(tmp_path / "work")
    marks = Marks(work)
    marks.put(f"{step}-{EARLY}", "once")
    marks.put(f"{step}-{LATE}", "once")
    assert made(work, *words, "executor.workers=2", "executor.shard=3") == expected
    assert not list(marks.folder.glob("*-*")), "both have died of it"
    assert os.getpid() not in marks.processes("generate") | marks.processes("measure")
    assert len(marks.counts("generate")) == len(marks.counts("measure")) == 2 * ARTICLES
    assert {EARLY, LATE} <= repeated(marks, step)
    assert not repeated(marks, step) & BETWEEN, "only what was in flight"
    if step == "generate":
        assert not repeated(marks, "measure")
    elif place == "models":
        assert not repeated(marks, "generate"), "an output that is made outlives its worker"


def test_an_article_that_kills_again_and_again_is_recorded_and_the_same_command_mends_it(
    quiet: Tree, tmp_path: Path
) -> None:
    marks = Marks(furnish(tmp_path))
    marks.put(f"generate-{EARLY}", "always")
    words = [*MARKED, "executor.workers=2", "executor.shard=2", "executor.attempts=2"]
    done = tercet(tmp_path, *words)
    assert done.exit_code == 4, done.output
    assert "2 outputs failed" in done.stderr
    ((found,), outputs) = sweeping.runs(tmp_path / "results"), sweeping.outputs(tmp_path / "results")
    assert (found["status"], found["failures"]) == ("incomplete", 2)
    failed = {output["id"]: output["failure"] for output in outputs if "failure" in output}
    assert failed == dict.fromkeys(
        (f"{EARLY}:en", f"{EARLY}:zh"), "not now: its worker died 2 times: killed by signal 9"
    )
    assert marks.counts("generate")[f"{EARLY}:en"] + marks.counts("generate")[f"{EARLY}:zh"] == 4
    (marks.folder / f"generate-{EARLY}").unlink()
    assert made(tmp_path, *MARKED) == quiet, "and in this process"


def test_a_killed_driver_takes_its_workers_along_and_the_same_command_goes_on(quiet: Tree, tmp_path: Path) -> None:
    marks = Marks(furnish(tmp_path))
    marks.put(f"generate-{LATE}", "hold")
    words = [*MARKED, "executor.workers=2", "executor.shard=1"]
    with begun(tmp_path, words) as process:
        marks.wait(f"generate-{LATE}")
        wait_for_pieces(tmp_path, 3)
        assert len(alive_in(process.pid)) > 1
        end(process, signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
    kept = len(pieces(tmp_path))
    before = marks.counts("generate")
    assert made(tmp_path, *words) == quiet
    after = marks.counts("generate") - before
    assert len(marks.counts("generate")) == 2 * ARTICLES
    assert len(articles_of(set(after))) == ARTICLES - kept
    assert max(marks.counts("generate").values()) <= 2
    assert max((marks.counts("measure")).values()) <= 2


def wait_for_pieces(work: Path, count: int) -> None:
    """Wait until so many shards are kept."""
    until = time.monotonic() + 60
    while len(pieces(work)) < count:
        assert time.monotonic() < until, f"{len(pieces(work))} of {count} pieces"
        time.sleep(0.01)


def pieces(work: Path) -> list[Path]:
    """The shards that are kept of the run that is being made."""
    return list((work / "results").glob("*.partial/pieces/*.zip"))


# Endpoints


def test_endpoints_are_asked_by_the_calling_process_alone_and_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking: list[str | None] = []
    generate = Openai.generate

    def noted(self: Openai, requests: Any) -> Any:
        asking.append(self.model)
        return generate(self, requests)

    monkeypatch.setattr(Openai, "generate", noted)  # in this process, and in no other
    with CountingServer() as server:
        words = sweeping.one_run(server, f"summarizer.concurrency={CONCURRENCY}")
        expected = ask(tmp_path / "whole", words)
        calls = len(server.forget())
        asking.clear()
        found = ask(tmp_path / "work", [*words, "executor.workers=2", "executor.shard=3"])
        assert found == expected
        assert calls == len(server.asked) == 2 * ARTICLES
        assert server.most_often == 1
        assert asking == ["large", "small"] * 3, "one shard after the other"


def ask(work: Path, words: list[str]) -> Tree:
    sweeping.furnish(work, map(sweeping.article, range(ARTICLES)))
    done = tercet(work, *words)
    assert done.exit_code == 0, done.output
    return tree(work / "results")


def test_interrupted_a_run_asks_nothing_more_and_the_same_command_asks_what_is_missing(tmp_path: Path) -> None:
    with CountingServer() as server:
        modest = [f"{role}.concurrency={CONCURRENCY}" for role in ("summarizer", "translator")]
        words = [*sweeping.one_run(server, *modest), "executor.workers=2", "executor.shard=7"]
        expected = ask(tmp_path / "whole", words)
        calls = len(server.forget())
        work = sweeping.furnish(tmp_path / "work", map(sweeping.article, range(ARTICLES)))
        server.seconds = 0.5
        with begun(work, words) as process:
            wait_for_calls(server, CONCURRENCY)
            said = end(process, signal.SIGINT)
        check_interrupted(process, said)
        assert len(server.asked) < 10, "of fourteen that the shard needs"
        server.seconds = 0.0
        done = tercet(work, *words)
        assert done.exit_code == 0, done.output
        assert tree(work / "results") == expected
        assert server.most_often == 1, "what was under way was answered, and kept"
        assert len(server.asked) == calls


def test_an_endpoint_that_does_not_answer_delays_no_interrupt(tmp_path: Path) -> None:
    with CountingServer(seconds=120.0) as server:
        work = sweeping.furnish(tmp_path, map(sweeping.article, range(ARTICLES)))
        with begun(work, [*sweeping.one_run(server), "executor.workers=2", "executor.shard=3"]) as process:
            wait_for_calls(server, 1)
            began = time.monotonic()
            said = end(process, signal.SIGINT)
        assert time.monotonic() - began < 30
        check_interrupted(process, said)


def wait_for_calls(server: CountingServer, count: int) -> None:
    """Wait until so many requests have come."""
    until = time.monotonic() + 60
    while len(server.asked) < count:
        assert time.monotonic() < until, f"{len(server.asked)} of {count} calls"
        time.sleep(0.01)


def check_interrupted(process: subprocess.Popen[str], said: str) -> None:
    """Check how a command ended that was interrupted."""
    assert process.returncode == 130, said
    assert "Interrupted. The same command goes on from here." in said
    assert "Traceback" not in said
