"""A dry run: what it forecasts is what a run then makes, and it asks and writes nothing."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tercet.backends import Reply, Request
from tercet.cache import Cache
from tercet.census import census_of
from tercet.dry_run import Outlook, outlook
from tercet.errors import BackendError
from tercet.generating import Asking, System, generate
from tercet.planning import plan
from tercet.records import Article, Case, Summary
from tercet.spending import FREE, Price
from tests.fake_model import Model, article, echo, run, system

Call = Callable[..., Result]
REPEATED = frozenset({"text", "repeat"})
PRICES = {"s1": Price(prompt=1e6, answer=2e6), "t1": Price(prompt=3e6, answer=5e6)}


def corpus() -> list[Article]:
    """Articles in both languages, with a twin, a double translation, and one without a text."""
    found = [article(name) for name in "abcd"] + [article(name, language="zh") for name in "xy"]
    found += [article("twin", "Text a."), article("zwin", "Text x.", "zh"), replace(article("bare"), source=None)]
    return found


def signed(name: str) -> Callable[[Request], Reply]:
    """A rule that answers in words of its own, each time others."""
    return lambda request: replace(echo(request), text=f"{name} {request.repeat} {echo(request).text}", prompt=name)


def sweep(stages: str, *, repeats: int = 1, reads: frozenset[str] = frozenset({"text"})) -> Any:
    """Two summarizers times two translators, each with its own answers."""
    runs = []
    models: list[Model] = []
    for first in ("s1", "s2"):
        for second in ("t1", "t2"):
            summarizer, translator = (Model(signed(name), model=name, reads=reads, wide=2) for name in (first, second))
            models += [summarizer, translator]
            who = replace(
                system(stages, summarizer, translator, PRICES),
                names={"summarize": f"sum {first}", "translate": f"tra {second}"},
            )
            runs.append((plan(census_of(tuple(corpus())), who, None, None, repeats), who))
    return runs, models


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    with Cache(tmp_path / "replies.sqlite") as found:
        yield found


def forecast_then_made(
    runs: Sequence[tuple[Sequence[Case], System]], models: Sequence[Model], cache: Cache
) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    before = sum(kept.replies for kept in cache.stats())
    forecast = {(at.role, at.name): at.calls for at in outlook(runs, cache)}
    assert not any(model.asked for model in models), "nothing is asked"
    assert sum(kept.replies for kept in cache.stats()) == before, "nothing is kept"
    made: dict[tuple[str, str], int] = dict.fromkeys(forecast, 0)
    for cases, who in runs:
        generate(cases, who, Asking(cache, lambda what, done, total: None))
        for role in who.route.stages:
            model: Any = who.backends[role]
            made[role, who.names[role]] += len(model.asked)
            model.asked.clear()
    return forecast, made


ROUTES = ["summarize", "translate", "summarize translate", "translate summarize"]


@pytest.mark.parametrize("stages", ROUTES)
@pytest.mark.parametrize("repeats", [1, 3])
@pytest.mark.parametrize("reads", [frozenset({"text"}), REPEATED], ids=["deaf", "repeated"])
def test_the_calls_of_a_cold_cache_are_those_that_are_made(
    stages: str, repeats: int, reads: frozenset[str], cache: Cache
) -> None:
    runs, models = sweep(stages, repeats=repeats, reads=reads)
    forecast, made = forecast_then_made(runs, models, cache)
    assert forecast == made
    assert all(forecast.values())
    assert all(at.calls == 0 for at in outlook(runs, cache)), "and then there are none left"


@pytest.mark.parametrize("stages", ROUTES)
@pytest.mark.parametrize("warm", ["some articles", "the first stage", "the first run"])
def test_the_calls_of_a_half_warm_cache_are_those_that_are_made(stages: str, warm: str, cache: Cache) -> None:
    runs, models = sweep(stages, repeats=2, reads=REPEATED)
    first, who = runs[0]
    if warm == "the first stage":
        only = replace(who, route=replace(who.route, stages=who.route.stages[:1]))
        if who.route.stages[0] == "translate":
            first = [case for case in first if case.given_language != case.target_language]
        generate(first, only, Asking(cache, lambda what, done, total: None))
    else:
        part = [case for case in first if case.article.id in "abx"] if warm == "some articles" else first
        generate(part, who, Asking(cache, lambda what, done, total: None))
    for model in models:
        model.asked.clear()
    whole = sum(at.calls + at.cached for at in outlook(runs, cache))
    forecast, made = forecast_then_made(runs, models, cache)
    assert forecast == made
    cold, _ = sweep(stages, repeats=2, reads=REPEATED)
    with Cache(None) as empty:
        assert whole == sum(at.calls for at in outlook(cold, empty)), "what is cached and what is not are all"


def test_a_call_that_serves_several_runs_is_counted_once(cache: Cache) -> None:
    runs, _ = sweep("summarize translate")
    found = {(at.role, at.name): at.calls for at in outlook(runs, cache)}
    # Six distinct texts with a source are summarized; each is translated once, by each pair.
    assert found["summarize", "sum s1"] == found["summarize", "sum s2"] == 6
    assert found["translate", "tra t1"] == found["translate", "tra t2"] == 2 * 6


def test_a_model_that_is_not_cacheable_is_asked_in_every_run(cache: Cache) -> None:
    runs, models = [], []
    for name in ("t1", "t2"):
        model = Model(model="s1", cacheable=False)
        who = system("summarize translate", model, Model(model=name))
        runs.append((plan(census_of(tuple(corpus())), who, ["en"], None), who))
        models.append(model)
    forecast, made = forecast_then_made(runs, models, cache)
    assert forecast["summarize", "sum"] == made["summarize", "sum"] == 2 * 6


def test_tokens_and_costs_are_those_of_the_models_and_the_references(cache: Cache) -> None:
    references = {
        "en": (Summary(language="en", abstract="x" * 40),),
        "zh": (Summary(language="zh", abstract="桥" * 7),),
    }
    articles = (article("a", "Text.", references=references), article("b", "Longer text.", references=references))
    who = system("summarize", Model(model="s1", most=30), prices=PRICES)
    runs = [(plan(census_of(articles), who, None, None), who)]
    (found,) = outlook(runs, cache)
    assert (found.calls, found.cached) == (4, 0)
    assert found.prompt == 2 * (5 + 12)
    assert found.answer == 2 * (10 + 7), "as many as the references have"
    assert found.most == 4 * 30
    assert found.cost == found.prompt * 1.0 + found.answer * 2.0
    assert found.dearest == found.prompt * 1.0 + found.most * 2.0
    short = system("summarize", Model(model="s1", most=8))
    assert outlook([(runs[0][0], short)], cache)[0].answer == 2 * (8 + 7), "and no more than an answer may have"


def test_without_a_reference_an_answer_is_as_long_as_it_may_be(cache: Cache) -> None:
    who = system("summarize", Model(most=30))
    cases = plan(census_of((article("a", references={}),)), who, ["en"], None)
    (found,) = outlook([(cases, who)], cache)
    assert (found.answer, found.most, found.cost, found.dearest) == (30, 30, None, None)


def test_what_a_translation_reads_is_as_long_as_a_reference_until_it_is_known(cache: Cache) -> None:
    who = system("summarize translate", Model(model="s1"), Model(model="t1"))
    articles = (article("a", "Text.", references={"en": (Summary(language="en", abstract="x" * 33),)}),)
    cases = plan(census_of(articles), who, ["zh"], None)
    assert [at.prompt for at in outlook([(cases, who)], cache)] == [5, 33]
    run(articles, replace(who, route=replace(who.route, stages=["summarize"])), cache, ["en"])
    summarize, translate = outlook([(cases, who)], cache)
    assert (summarize.calls, summarize.cached, summarize.prompt) == (0, 1, 0)
    assert (translate.calls, translate.prompt) == (1, len("s>en(Text.)"))


def test_backends_that_compute_are_run_and_not_counted(cache: Cache) -> None:
    computing: Any = Model(costly=False)
    who = system("summarize translate", computing, Model(model="t1"))
    cases = plan(census_of(tuple(corpus())), who, ["zh"], None)
    (found,) = outlook([(cases, who)], cache)
    assert (found.role, found.name, found.model) == ("translate", "tra", "t1")
    _, asking = run(corpus(), who, cache, ["zh"])
    assert found.calls == len(asking.calls) == 4
    assert found.prompt == sum(len(f"s>en(Text {name}.)") for name in "abcd")


def test_what_a_computing_backend_fails_at_is_not_asked_further(cache: Cache) -> None:
    failing: Any = Model(lambda r: Reply(failure="no") if r.text == "Text b." else echo(r), costly=False)
    who = system("summarize translate", failing, Model(model="t1"))
    cases = plan(census_of(tuple(article(name) for name in "abc")), who, ["zh"], None)
    assert [at.calls for at in outlook([(cases, who)], cache)] == [2]


def test_a_computing_backend_at_fault_is_named(cache: Cache) -> None:
    def breaks(_: object) -> Reply:
        raise RuntimeError("no such file")

    broken: Any = Model(breaks, costly=False)
    who = system("summarize translate", broken, Model())
    cases = plan(census_of((article("a"),)), who, ["zh"], None)
    with pytest.raises(BackendError, match="'sum' failed: RuntimeError: no such file"):
        outlook([(cases, who)], cache)


def test_a_stage_after_a_model_is_counted_where_a_backend_computes_between() -> None:
    computing: Any = Model(costly=False)
    who = system("translate summarize", Model(model="s1"), computing)
    cases = plan(census_of(tuple(corpus())), who, ["en"], None)
    with Cache(None) as cache:
        (found,) = outlook([(cases, who)], cache)
    assert (found.role, found.calls) == ("summarize", 6)
    after: Any = Model(costly=False)
    who = system("summarize translate", Model(model="s1"), after)
    cases = plan(census_of(tuple(corpus())), who, ["zh"], None)
    with Cache(None) as cache:
        assert [(at.role, at.calls) for at in outlook([(cases, who)], cache)] == [("summarize", 6)]
    assert after.asked == []


def test_models_of_one_name_have_each_their_own_price(cache: Cache) -> None:
    runs = []
    for model in ("s1", "other"):
        who = system("summarize", Model(model=model), prices=PRICES)
        runs.append((plan(census_of((article("a"),)), who, ["en"], None), who))
    first, second = outlook(runs, cache)
    assert (first.model, first.calls, second.model, second.calls) == ("s1", 1, "other", 1)
    assert first.cost is not None
    assert second.cost is None


def test_a_model_on_this_machine_costs_nothing(cache: Cache) -> None:
    who = system("summarize", Model(local=True))
    cases = plan(census_of((article("a"),)), who, ["en"], None)
    assert outlook([(cases, who)], cache)[0].cost == 0.0
    assert Outlook("summarize", "m", "m", FREE, calls=1, prompt=10**6).dearest == 0.0


# from the command line

MINE = """
import json
from dataclasses import dataclass
from pathlib import Path

from tercet.backends import Forecast, Reply
from tercet.records import Usage


@dataclass(frozen=True)
class Mine:
    model: str = "mine"
    reads = frozenset({"text"})
    bound = None
    cacheable = True
    costly = True

    def refuses(self, role, source, target):
        return None

    def identity(self):
        return self.model

    def key(self, request):
        return [self.model, request.role, request.text, request.target_language]

    def forecast(self, request):
        return Forecast(prompt=1000, answer=1000)

    def generate(self, requests):
        for index, request in enumerate(requests):
            with Path("../calls").open("a") as file:
                file.write(self.model + "\\n")
            yield index, Reply(text=request.text[:50], usage=Usage(prompt=1000, answer=1000), seconds=0.1)

    def restore(self, request, kept):
        return Reply(text=kept, usage=Usage(prompt=1000, answer=1000), seconds=0.1)
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    for group in ("summarizer", "translator", "prices"):
        (folder / group).mkdir(parents=True)
    for group in ("summarizer", "translator"):
        (folder / group / "mine.yaml").write_text("# A model\n_target_: mine_model.Mine\nmodel: mine\n", "utf-8")
    (folder / "prices" / "mine.yaml").write_text(
        "# @package _global_\n# Prices\nprices:\n  mine: {prompt: 1000.0, answer: 2000.0}\n", "utf-8"
    )
    (folder / "mine_model.py").write_text(MINE, "utf-8")
    return folder


def shown(result: Result) -> dict[str, list[str]]:
    """The rows of the table by their stage: calls, cached, prompt, answer, cost, at most."""
    assert result.exit_code == 0, result.output
    rows = [re.split(r"\s{2,}", line.strip()) for line in result.stdout.splitlines()]
    return {row[0]: row[1:] for row in rows if len(row) == 7}


def test_a_dry_run_writes_nothing_and_says_what_a_run_then_makes(own: Path, tmp_path: Path, tercet: Call) -> None:
    words = ["--config-dir", own, "-m", "limit=3", "summarizer=mine", "translator=mine,copy", "metric=[chrf]"]
    dry = shown(tercet("run", *words, "--dry-run"))
    assert list(Path.cwd().iterdir()) == [], "no cache, no results"
    assert not (tmp_path / "calls").exists()
    assert dry["summarize by mine"][:2] == ["3", "0"]
    assert dry["translate by mine"][:2] == ["3", "0"]
    assert dry["all"][:2] == ["6", "0"]
    assert dry["all"][4] == "unknown"
    assert tercet("run", *words[:-2], "translator=copy", "metric=[chrf]").exit_code == 0
    before = {file: file.read_bytes() for file in Path.cwd().rglob("*.jsonl")}
    warm = shown(tercet("run", *words, "--dry-run", "prices=mine"))
    assert warm["all"][:2] == ["3", "3"], "the run that is there asks nothing, and its replies serve the other"
    assert "unknown" not in warm["all"]
    assert {file: file.read_bytes() for file in Path.cwd().rglob("*.jsonl")} == before
    assert tercet("run", *words).exit_code == 0
    assert len((tmp_path / "calls").read_text("utf-8").splitlines()) == 6
    done = tercet("run", *words, "--dry-run")
    assert "No language model is asked: nothing is spent." in done.output
    fresh = shown(tercet("run", *words, "--dry-run", "fresh=true"))
    assert fresh["all"][:2] == ["0", "6"]


def test_max_cost_needs_prices_and_ends_a_run_before_it_is_exceeded(own: Path, tmp_path: Path, tercet: Call) -> None:
    words = ["--config-dir", own, "limit=3", "summarizer=mine", "route=summarize_translate", "languages=[en]"]
    refused = tercet("run", *words, "max_cost=1")
    assert refused.exit_code == 2
    assert "the price of 'mine' is not known" in refused.output
    assert not (tmp_path / "calls").exists()
    words += ["prices=mine", "metric=[chrf]"]
    nothing = tercet("run", *words, "max_cost=0")
    assert nothing.exit_code == 4
    assert "not asked: it might exceed max_cost=0" in nothing.output
    assert not (tmp_path / "calls").exists()
    part = tercet("run", *words, "max_cost=8")  # a call takes 3 dollars, and may take 3.5
    assert part.exit_code == 4, part.output
    assert len((tmp_path / "calls").read_text("utf-8").splitlines()) == 2
    whole = tercet("run", *words, "max_cost=3.5")
    assert whole.exit_code == 0, whole.output
    assert len((tmp_path / "calls").read_text("utf-8").splitlines()) == 3
