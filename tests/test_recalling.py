"""Recalling: the articles and the prompts of a run, found again, and shown only where they are the run's."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tercet.recalling import Corpora, Recalled
from tercet.runs import Run, load_run, read_cases
from tests.blessed_runs import Info, rewrite
from tests.counting_server import CountingServer, said_in
from tests.runs import command
from tests.sweeping import article, furnish, one_run
from tests.viewing.unpacking import details, reported

Message = dict[str, str]
CLI = Callable[..., Result]
OTHER = "what would be asked now is not what was asked: article, examples or code have changed"


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where runs with models were made; ``asked`` beside them is what the server was asked for each."""
    folder = tmp_path_factory.mktemp("recalling")
    furnish(folder, map(article, range(6)))
    with chdir(folder), CountingServer() as server:
        more = {"plain": [], "repeats": ["repeats=2", "seed=3"], "shots": ["prompt=few_shot"]}
        for name, options in more.items():
            done = command(*one_run(server, f"results={name}", "cache=null", *options))
            assert done.exit_code == 0, done.output
            Path(f"{name}.asked.json").write_text(json.dumps([body["messages"] for body in server.forget()]), "utf-8")
        given = [
            json.dumps({"id": f"item-{i}:{code}", "text": f"Town {i}."}) for i in range(6) for code in ("en", "zh")
        ]
        Path("given.jsonl").write_text("\n".join(given) + "\n", "utf-8")
        replayed = ("summarizer=replay", "summarizer.path=given.jsonl")
        words = [word for word in one_run(server, "results=replayed", *replayed) if not word.startswith("summarizer.m")
                 and not word.startswith("summarizer.b")]  # fmt: skip
        done = command(*words)
        assert done.exit_code == 0, done.output
        yield folder


@pytest.fixture
def moved(work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy, in which everything may change."""
    monkeypatch.chdir(shutil.copytree(work, tmp_path / "moved"))
    return Path.cwd()


def folder(name: str) -> Path:
    (found,) = (path for path in Path(name).iterdir() if (path / "run.json").exists())
    return found


def asked(name: str) -> list[list[Message]]:
    found: list[list[Message]] = json.loads(Path(f"{name}.asked.json").read_text("utf-8"))
    return found


def key(messages: list[Message]) -> tuple[tuple[str, str], ...]:
    return tuple((message["role"], message["content"]) for message in messages)


def prompts(path: Path) -> list[tuple[dict[str, Any], list[Message] | None]]:
    """Give the stages that a report shows, each with its prompt put together again."""
    found = reported(path)
    pieces = found["shared"]["pieces"]
    stages = [stage for told in details(found).values() for case in told["cases"]
              for output in case["outputs"] for stage in output["stages"]]  # fmt: skip
    return [(stage, None if stage["prompt"] is None else [
        {"role": message["role"], "content": "".join(pieces[p] if isinstance(p, int) else p for p in message["pieces"])}
        for message in stage["prompt"]]) for stage in stages]  # fmt: skip


@pytest.mark.parametrize("name", ["plain", "repeats", "shots"])
def test_prompts_are_those_that_the_server_received(work: Path, name: str) -> None:
    shown = prompts(folder(name))
    assert all(stage["promptReason"] is None for stage, _ in shown)
    assert {key(messages) for _, messages in shown if messages} == {key(messages) for messages in asked(name)}
    assert all(messages for _, messages in shown)


def test_each_stage_shows_its_own_prompt(work: Path) -> None:
    found = reported(folder("plain"))
    pieces = found["shared"]["pieces"]
    for told in details(found).values():
        for case in told["cases"]:
            stages = case["outputs"][0]["stages"]
            assert [stage["role"] for stage in stages] == ["summarize", "translate"][: 1 + (case["language"] == "zh")]
            assert told["source"] in stages[0]["prompt"][-1]["pieces"]  # whole, as what the question is about
            summary = stages[0]["text"] or case["outputs"][0]["text"]
            for stage in stages[1:]:
                assert summary in stage["prompt"][-1]["pieces"]
            for message in (message for stage in stages for message in stage["prompt"]):
                assert all(isinstance(piece, str) or pieces[piece] for piece in message["pieces"])


def test_examples_are_in_the_prompts_and_their_articles_are_not_shown(work: Path) -> None:
    found = reported(folder("shots"))
    held = found["page"]["systems"][0]["heldApart"]
    assert len(held) == 3
    assert not {*held} & {*details(found)}
    shown = said_in({"messages": [message for _, messages in prompts(folder("shots")) for message in messages or ()]})
    assert all(article(int(name.removeprefix("item-")))["source"] in shown for name in held)  # type: ignore[operator]


def change(path: Path, where: str, old: str, new: str) -> None:
    """Change the config of a run as if the code or a file had meant something else since."""

    def edit(info: Info) -> None:
        node = info["config"]["summarizer"]["prompt"]
        assert old in node[where]
        node[where] = node[where].replace(old, new)

    rewrite(path, edit)


def test_a_changed_template_gives_a_reason_and_no_prompt(moved: Path) -> None:
    change(folder("plain"), "summarize", "Summarize in", "Sum up in")
    for stage, messages in prompts(folder("plain")):
        assert (messages is None) == (stage["role"] == "summarize")
        assert stage["promptReason"] == (OTHER if stage["role"] == "summarize" else None)


def test_a_changed_example_gives_a_reason_and_no_prompt(moved: Path) -> None:
    held = reported(folder("shots"))["page"]["systems"][0]["heldApart"]
    items = [article(i) for i in range(6)]
    for item in items:
        if item["id"] == held[0]:
            item["source"] = f"{item['source']} More."
    furnish(Path.cwd(), items)
    reasons = {(stage["role"], stage["promptReason"]) for stage, _ in prompts(folder("shots"))}
    assert ("summarize", OTHER) in reasons


@pytest.mark.parametrize("new", ["{{ text.nothing.more }}", "{{ text"], ids=["undefined", "cut"])
def test_a_template_that_fails_now_gives_a_reason(moved: Path, new: str) -> None:
    change(folder("plain"), "summarize", "{{ text }}", new)
    shown = [found for found in prompts(folder("plain")) if found[0]["role"] == "summarize"]
    assert all(messages is None and stage["promptReason"] for stage, messages in shown)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("summarizer", "_target_"), "nowhere.Backend"),
        (("route", "_target_"), "nowhere.Route"),
    ],
    ids=["backend", "route"],
)
def test_what_cannot_be_built_any_more_gives_a_reason(moved: Path, path: tuple[str, ...], value: str) -> None:
    def edit(info: Info) -> None:
        node = info["config"]
        for name in path[:-1]:
            node = node[name]
        node[path[-1]] = value

    rewrite(folder("plain"), edit)
    shown = prompts(folder("plain"))
    assert all(messages is None for _, messages in shown)
    assert all("cannot be built here" in stage["promptReason"] for stage, _ in shown)


def test_without_the_corpus_the_reason_is_that(moved: Path) -> None:
    Path("news.jsonl").unlink()
    shown = prompts(folder("plain"))
    assert all(
        messages is None and "the corpus cannot be loaded here" in stage["promptReason"] for stage, messages in shown
    )


def test_an_article_that_is_gone_or_changed_has_no_prompt(moved: Path) -> None:
    items = [article(i) for i in range(6)]
    items[0]["source"] = "Another text."
    furnish(Path.cwd(), items[:5])
    found = details(reported(folder("plain")))
    first, last = (found[f"item-{i}"]["cases"][0]["outputs"][0]["stages"][0] for i in (0, 5))
    assert (first["prompt"], first["promptReason"]) == (None, OTHER)
    assert (last["prompt"], last["promptReason"]) == (None, "the article is not in the corpus any more")
    assert found["item-1"]["cases"][0]["outputs"][0]["stages"][0]["prompt"]


@pytest.mark.parametrize("there", [True, False], ids=["there", "gone"])
def test_only_what_was_asked_must_be_built_again(moved: Path, there: bool) -> None:
    """Found by reading: a file of outputs that is gone ended the whole report, though it was asked nothing."""
    if not there:
        Path("given.jsonl").unlink()
    shown = prompts(folder("replayed"))
    assert {stage["role"] for stage, _ in shown} == {"summarize", "translate"}
    for stage, messages in shown:
        assert (messages is not None) == (stage["role"] == "translate")
        assert stage["promptReason"] is None
        if messages:
            assert "Town" in messages[-1]["content"]


def test_repeats_are_cases_of_their_own(work: Path) -> None:
    found = reported(folder("repeats"))
    told = details(found)["item-2"]
    assert [(case["id"], case["repeat"]) for case in told["cases"]] == [
        ("item-2:en", 0),
        ("item-2:en#2", 1),
        ("item-2:zh", 0),
        ("item-2:zh#2", 1),
    ]
    assert found["page"]["counts"] == {"articles": 6, "cases": 24}
    assert found["page"]["systems"][0]["repeats"] == 2
    assert found["cases"]["repeat"] == [0, 1, 0, 1] * 6
    assert all(case["references"] for case in told["cases"])


def test_usage_and_choices_are_those_of_the_run(work: Path) -> None:
    (system,) = reported(folder("plain"))["page"]["systems"]
    info = json.loads((folder("plain") / "run.json").read_text("utf-8"))
    assert system["usage"] == info["usage"]
    assert (system["summarizer"], system["translator"], system["prompt"]) == ("openai", "openai", "plain")
    assert system["times"]["made"] == info["time"]["calls"]["made"] == 12
    usage = [stage["usage"] for stage, _ in prompts(folder("plain"))]
    assert all(found and found["prompt"] > 0 for found in usage)


# What the module itself says


def recalled(run: Run) -> Recalled:
    return Recalled(run, Corpora())


def test_articles_of_the_run_are_those_of_the_corpus(work: Path) -> None:
    run = load_run(folder("plain"))
    found = recalled(run)
    assert found.problem is None
    assert list(found.articles) == [f"item-{i}" for i in range(6)]
    assert {found.why_not(case) for case in read_cases(run.folder)} == {None}


def test_a_corpus_is_loaded_once_and_its_error_kept(moved: Path) -> None:
    corpora, run = Corpora(), load_run(folder("plain"))
    first = Recalled(run, corpora).articles
    Path("news.jsonl").unlink()
    assert Recalled(run, corpora).articles == first
    fresh = Corpora()
    problem = Recalled(run, fresh).problem
    assert problem is not None
    furnish(Path.cwd(), map(article, range(6)))
    assert Recalled(run, fresh).problem == problem


@pytest.mark.parametrize(
    "node",
    [None, {}, {"_target_": "nowhere.Corpus"}, {"_target_": "tercet.corpora.jsonl.Jsonl", "x": 1}],
    ids=["none", "empty", "absent", "unknown"],
)
def test_a_run_whose_corpus_cannot_be_named_has_none(moved: Path, node: object) -> None:
    rewrite(folder("plain"), lambda info: info["config"].update(corpus=node))
    run = load_run(folder("plain"))
    found = recalled(run)
    assert found.problem is not None
    assert found.problem.startswith("the corpus cannot be loaded here")
    assert {found.why_not(case) for case in read_cases(run.folder)} == {found.problem}
    (first, *_) = found.asked(run.outputs[0])
    assert first is not None
    assert (first.messages, first.reason) == (None, found.problem)


def test_a_corpus_of_ones_own_that_fails_is_a_reason_too(moved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: object) -> None:
        raise FileNotFoundError("news.db")

    monkeypatch.setattr("tercet.corpora.jsonl.Jsonl.load", fail)
    problem = recalled(load_run(folder("plain"))).problem
    assert problem is not None
    assert "news.db" in problem
