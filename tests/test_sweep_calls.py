"""What a sweep over language models asks: what is new, within its limit of cost, and nothing else."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from tests.counting_server import CountingServer, by_hash, cost, key_of, said_in
from tests.sweeping import SYSTEMS, article, begin, calls_in, end, four_runs, furnish, one_run, outputs, runs, tree

ARTICLES = 5
CALLS = 2 * ARTICLES  # of one run: a summary and a translation of each article
KEY = "sk-planted-0123456789abcdef"
CLI = Callable[..., Result]


@pytest.fixture(scope="module")
def serving() -> Iterator[CountingServer]:
    with CountingServer() as server:
        yield server


@pytest.fixture
def server(serving: CountingServer) -> CountingServer:
    serving.forget()
    serving.status = 200
    return serving


@pytest.fixture(scope="module")
def before(serving: CountingServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory in which the sweep was made."""
    work = furnish(tmp_path_factory.mktemp("before"), map(article, range(ARTICLES)))
    serving.forget()
    end(begin(work, four_runs(serving)))
    assert len(serving.asked) == 4 * CALLS
    assert serving.most_often == 1
    return work


@pytest.fixture
def swept(before: Path, tercet: CLI) -> CLI:
    """The command line, where the sweep was made."""
    shutil.copytree(before, Path.cwd(), dirs_exist_ok=True)
    return tercet


def prepared(tercet: CLI) -> CLI:
    furnish(Path.cwd(), map(article, range(ARTICLES)))
    return tercet


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["fresh=true"],
        ["metric=[shape]"],
        ["metric=[chrf,shape,extractiveness]"],
        ["metrics.chrf.beta=1"],
        ["primary=chrf"],
        ["limit=2"],
        ["languages=[zh]"],
        ["results=elsewhere"],
        ["max_cost=0", "prices=own"],
    ],
    ids=" ".join,
)
def test_what_was_asked_is_not_asked_again(swept: CLI, server: CountingServer, words: list[str]) -> None:
    done = swept(*four_runs(server, *words))
    assert done.exit_code == 0, done.output
    assert not server.asked


@pytest.mark.parametrize(
    "option", ["concurrency=3", "timeout=7", "retries=0", "requests_per_minute=1e6", "key_variable=TERCET_TEST_KEY"]
)
def test_how_a_server_is_asked_makes_no_other_run(
    swept: CLI, server: CountingServer, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERCET_TEST_KEY", KEY)
    there = tree(Path("results"))
    done = swept(*four_runs(server, f"summarizer.{option}", f"translator.{option}"))
    assert done.exit_code == 0, done.output
    assert done.stderr.count("there already, unchanged") == 4
    assert not server.asked
    assert tree(Path("results")) == there


def test_one_character_of_a_prompt_asks_its_cases_anew_and_no_others(swept: CLI, server: CountingServer) -> None:
    file = Path("mine/prompt/terse.yaml")
    file.write_text("# A note\n" + file.read_text("utf-8"), "utf-8")
    assert swept(*four_runs(server)).exit_code == 0
    assert not server.asked, "a comment is not part of a prompt"
    file.write_text(file.read_text("utf-8").replace("Be brief.", "Be brief!"), "utf-8")
    done = swept(*four_runs(server))
    assert done.exit_code == 0, done.output
    assert len(server.asked) == 2 * CALLS
    assert {body["messages"][0]["content"] for body in server.asked} == {"Be brief!"}
    assert server.most_often == 1
    assert done.stderr.count("there already, unchanged") == 2


@pytest.mark.parametrize("option", ["temperature=0.5", "max_tokens=99", "seed=7", "top_p=0.9"])
def test_how_a_model_writes_asks_everything_anew(swept: CLI, server: CountingServer, option: str) -> None:
    done = swept(*four_runs(server, f"summarizer.{option}", f"translator.{option}"))
    assert done.exit_code == 0, done.output
    assert len(server.asked) == 4 * CALLS


def test_a_new_translator_asks_for_no_summary(swept: CLI, server: CountingServer) -> None:
    done = swept(*four_runs(server, "translator.model=small,large"))
    assert done.exit_code == 0, done.output
    assert len(server.asked) == 4 * ARTICLES
    assert all("Translate into" in said_in(body) for body in server.asked)


def test_repeats_are_asked_for_each_and_the_first_one_is_there(swept: CLI, server: CountingServer) -> None:
    done = swept(*four_runs(server, "repeats=3"))
    assert done.exit_code == 0, done.output
    assert len(server.asked) == 2 * 4 * CALLS
    repeated = [run for run in runs(Path("results")) if run["repeats"] == 3]
    assert [run["time"]["calls"]["cached"] for run in repeated] == [CALLS] * 4
    assert [run["time"]["calls"]["made"] for run in repeated] == [2 * CALLS] * 4


# limits and forecasts


def test_a_limit_of_cost_is_not_exceeded_and_a_higher_one_goes_on(tercet: CLI, server: CountingServer) -> None:
    prepared(tercet)
    words = ["prices=own", "summarizer.max_tokens=8", "translator.max_tokens=8", "summarizer.concurrency=3"]
    limit = 0.08
    done = tercet(*one_run(server, *words, f"max_cost={limit}"))
    assert done.exit_code == 4, done.output
    assert f"not asked: it might exceed max_cost={limit}" in done.stderr
    spent = paid(server)
    assert 0 < spent <= limit
    (run,) = runs(Path("results"))
    assert (run["status"], 0 < run["failures"] < run["cases"]) == ("incomplete", True)
    first = [key_of(body) for body in server.forget()]
    assert 0 < len(first) < CALLS
    done = tercet(*one_run(server, *words, "max_cost=100"))
    assert done.exit_code == 0, done.output
    assert sorted([*first, *map(key_of, server.asked)]) == sorted({*first, *map(key_of, server.asked)})
    assert len(first) + len(server.asked) == CALLS
    (run,) = runs(Path("results"))
    assert run["usage"]["cost"] == pytest.approx(spent + paid(server))


def paid(server: CountingServer) -> float:
    """What the server counts, at the prices of the user's own table."""
    prices = {"large": (500, 2000), "small": (100, 400)}
    return sum(cost([body], by_hash, *prices[body["model"]]) for body in server.asked)


def test_a_limit_of_cost_needs_prices(tercet: CLI, server: CountingServer) -> None:
    done = prepared(tercet)(*one_run(server, "max_cost=1"))
    assert done.exit_code == 2
    assert "the price of 'large' is not known" in done.stderr
    assert not server.asked


def test_a_forecast_counts_the_calls_that_are_made(tercet: CLI, server: CountingServer) -> None:
    prepared(tercet)
    for words, calls, cached in (
        (["summarizer.model=large"], 2 * CALLS, 0),
        (["summarizer.model=large,small"], 2 * CALLS, 2 * CALLS),
        (["summarizer.model=large,small", "repeats=2"], 4 * CALLS, 4 * CALLS),
    ):
        command = four_runs(server, *words, "prices=own", "fresh=true")
        done = tercet(*command, "--dry-run")
        assert done.exit_code == 0, done.output
        assert calls_in(done.stdout) == (calls, cached)
        assert not server.asked
        assert tercet(*command).exit_code == 0
        assert len(server.forget()) == calls
    assert calls_in(tercet(*command, "--dry-run").stdout) == (0, 8 * CALLS)


# keys


@pytest.mark.parametrize("status", [200, 401])
def test_a_key_is_sent_and_stands_nowhere(tmp_path: Path, server: CountingServer, status: int) -> None:
    work = furnish(tmp_path / "work", map(article, range(ARTICLES)))
    server.status = status
    server.answer = lambda body: f"{by_hash(body)} {KEY}"  # a gateway may repeat it, also here
    words = one_run(server, "summarizer.key_variable=TERCET_TEST_KEY", "translator.key_variable=TERCET_TEST_KEY")
    process = begin(work, words, {**os.environ, "TERCET_TEST_KEY": KEY})
    said, errors = process.communicate(timeout=60)
    server.answer = by_hash
    assert process.returncode == (0 if status == 200 else 4), errors
    assert set(server.keys) == {f"Bearer {KEY}"}
    assert KEY not in said + errors
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in files if KEY.encode() in path.read_bytes()] == []
    assert any(path.name == "run.json" for path in files)
    if status == 401:
        told = " ".join((said + errors).split())
        assert "answered 401: Incorrect API key provided: Bearer ***; check base_url, model and key_variable" in told
        assert len(server.asked) <= 8, "no more than were open at once"
        assert all("failure" in output for output in outputs(work / "results"))


def test_a_key_that_is_not_there_is_named_and_nothing_is_asked(tercet: CLI, server: CountingServer) -> None:
    words = one_run(server, "summarizer.key_variable=TERCET_TEST_ABSENT")
    done = prepared(tercet)(*words)
    assert done.exit_code == 4, done.output
    assert "no key: the environment variable TERCET_TEST_ABSENT is not set" in " ".join(done.stdout.split())
    assert not server.asked


def test_prompts_are_told_apart(before: Path) -> None:
    found = {
        (run["config"]["summarizer"]["prompt"]["system"], run["prompts"]["summarize"])
        for run in runs(before / "results")
    }
    assert {system for system, _ in found} == set(SYSTEMS.values())
    assert len(found) == 2
