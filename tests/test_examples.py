"""Examples: drawn by seed and id alone, never evaluated, and never the article that is asked about."""

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tercet.cache import Cache
from tercet.census import census_of
from tercet.config import RunSpec, load
from tercet.errors import ConfigError
from tercet.examples import examples_of, hold_apart
from tercet.planning import plan
from tercet.records import Article, Summary
from tercet.sweep import Planned, plan_sweep
from tests.fake_model import Model, article, run, system

MIXED = [article(f"e{i}") for i in range(6)] + [article(f"z{i}", language="zh") for i in range(6)]


def names(articles: Iterable[Article]) -> list[str]:
    return [item.id for item in articles]


# the draw


def test_so_many_of_each_language_are_taken_and_the_rest_keeps_its_order() -> None:
    left, held = hold_apart(MIXED, 2, 0)
    assert [item.language for item in held] == ["en", "en", "zh", "zh"]
    assert names(left) == [name for name in names(MIXED) if name not in names(held)]


@given(order=st.permutations(MIXED), seed=st.integers(0, 50), count=st.integers(0, 7))
@settings(max_examples=100, deadline=None)
def test_the_order_of_articles_changes_nothing(order: list[Article], seed: int, count: int) -> None:
    left, held = hold_apart(order, count, seed)
    assert names(held) == names(hold_apart(MIXED, count, seed)[1])
    assert sorted(names(left) + names(held)) == sorted(names(MIXED))


def test_another_seed_draws_others_and_each_article_is_drawn_at_times() -> None:
    drawn = {tuple(names(hold_apart(MIXED, 2, seed)[1])) for seed in range(40)}
    assert len(drawn) > 20
    assert {name for names_ in drawn for name in names_} == set(names(MIXED))


def test_more_articles_or_a_larger_number_keep_what_was_drawn() -> None:
    _, few = hold_apart(MIXED, 2, 3)
    _, more = hold_apart(MIXED, 3, 3)
    assert set(names(few)) < set(names(more))
    changed = [len(set(names(few)) - set(names(hold_apart([*MIXED, article(f"n{i}")], 2, 3)[1]))) for i in range(20)]
    assert max(changed) == 1, "one more article takes the place of one at most"
    assert min(changed) == 0


def test_what_an_article_holds_does_not_move_the_draw() -> None:
    other = [replace(item, source=f"Other {item.id}", title="T") for item in MIXED]
    assert names(hold_apart(other, 2, 0)[1]) == names(hold_apart(MIXED, 2, 0)[1])


def test_the_hash_seed_changes_nothing() -> None:
    code = (
        "from tests.test_examples import MIXED, names\nfrom tercet.examples import hold_apart\n"
        "print(*names(hold_apart(MIXED, 3, 7)[1]))"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parents[1],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split() == names(hold_apart(MIXED, 3, 7)[1])


def only(code: str, text: str) -> dict[str, tuple[Summary, ...]]:
    return {code: (Summary(language=code, abstract=text),)}


def test_those_that_can_show_most_come_first() -> None:
    half = [article(f"h{i}", references=only("en", f"half {i}")) for i in range(20)]
    bare = [replace(article(f"b{i}"), source=None) for i in range(20)]
    whole = [article("w0"), article("w1")]
    _, held = hold_apart([*bare, *half, *whole], 3, 0)
    assert set(names(held[:2])) == {"w0", "w1"}
    assert held[2].id.startswith("h"), "an article without its text shows no summary"


@pytest.mark.parametrize(
    "twin",
    [
        article("twin", "Text e0."),
        article("twin", " Text e0.\n"),
        article("twin", references=only("en", "e0 en")),
        replace(article("twin", references=only("zh", "e0 zh")), source=None),
    ],
    ids=["text", "space", "reference", "no text"],
)
def test_an_article_that_another_one_gives_away_is_never_drawn(twin: Article) -> None:
    articles = [article("e0"), article("e1"), twin]
    for seed in range(10):
        assert names(hold_apart(articles, 3, seed)[1]) == ["e1"]


def test_articles_without_a_text_are_no_twins_of_each_other() -> None:
    articles = [replace(article(f"a{i}"), source=source) for i, source in enumerate([None, None, "", ""])]
    assert len(hold_apart(articles, 2, 0)[1]) == 2


# what is shown


def test_a_summary_is_shown_with_its_article() -> None:
    held = [article("a"), article("b", language="zh")]
    assert [(e.text, e.answer.text) for e in examples_of(held, "summarize", "en", "en")] == [("Text a.", "a en")]
    assert [(e.text, e.answer.text) for e in examples_of(held, "summarize", "en", "zh")] == [("Text a.", "a zh")]
    assert [(e.text, e.answer.text) for e in examples_of(held, "summarize", "zh", "zh")] == [("Text b.", "b zh")]


def test_a_translation_is_shown_with_the_other_summary() -> None:
    held = [article("a"), article("b", language="zh")]
    found = [(e.text, e.answer.text) for e in examples_of(held, "translate", "zh", "en")]
    assert found == [("a zh", "a en"), ("b zh", "b en")]


def test_a_translation_of_parallel_text_is_shown_with_its_source() -> None:
    held = [article("1", "Er ging.", references=only("zh", "他走了。")), article("2", references={"zh": ()})]
    assert [(e.text, e.answer.text) for e in examples_of(held, "translate", "en", "zh")] == [("Er ging.", "他走了。")]
    assert examples_of(held, "translate", "zh", "en") == ()


@pytest.mark.parametrize("source", [None, "", " \n"])
def test_what_has_no_text_shows_nothing(source: str | None) -> None:
    held = [replace(article("a"), source=source)]
    assert examples_of(held, "summarize", "en", "en") == ()
    assert len(examples_of(held, "translate", "en", "zh")) == 1
    assert examples_of([replace(held[0], references={"en": (), "zh": ()})], "translate", "en", "zh") == ()


# plan and generation


def test_too_few_examples_are_an_error_with_its_remedy() -> None:
    who = system("summarize", Model(examples=3), held=MIXED[:2])
    with pytest.raises(ConfigError) as found:
        plan(census_of(tuple(MIXED[2:])), who, ["en"], None)
    assert found.value.problem == (
        "The prompt of 'sum' shows 3 examples, and of the articles that are held apart 2 can show how to summarize "
        "from 'en' to 'en'."
    )
    assert "held_apart to 3" in found.value.remedy


def test_a_request_has_the_examples_that_its_backend_reads() -> None:
    reading = Model(examples=2, reads=frozenset({"text", "examples"}))
    deaf = Model(model="deaf")
    for model, expected in ((reading, ["Text e0.", "Text e1."]), (deaf, [])):
        with Cache(None) as cache:
            run(MIXED[2:4], system("summarize", model, held=MIXED[:2]), cache, ["en"])
        assert [[example.text for example in request.examples] for request in model.asked] == [expected] * 2


# a sweep


class Silent:
    """Watches, and says nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


def specs(tmp_path: Path, *overrides: str) -> list[RunSpec]:
    """A sweep over prompts of a model that is never asked."""
    lines = [
        f'{{"id": "a{i}", "source": "Text {i}.", "references": {{"en": "Reference {i}.", "zh": "参考{i}。"}}}}'
        for i in range(8)
    ]
    (tmp_path / "corpus.jsonl").write_text("\n".join(lines), "utf-8")
    words = ["corpus=jsonl", f"corpus.path={tmp_path / 'corpus.jsonl'}", "route=direct", "metric=[chrf]", *overrides]
    return load(words, multirun=True)


def held(planned: Sequence[Planned]) -> list[list[str]]:
    return [names(item.system.held) for item in planned]


FEW = ["summarizer=openai", "summarizer.base_url=http://localhost:9/v1", "summarizer.model=m"]


def test_every_run_of_a_sweep_leaves_out_the_same_articles_whatever_its_prompt(tmp_path: Path) -> None:
    pytest.importorskip("jinja2")
    planned = plan_sweep(specs(tmp_path, *FEW, "prompt=zero_shot,few_shot"), Silent())
    assert len(planned) == 2
    first, second = held(planned)
    assert first == second
    assert len(first) == 3
    for item in planned:
        evaluated = {case.article.id for case in item.cases}
        assert len(evaluated) == 5
        assert evaluated.isdisjoint(first)
        assert item.config["held_apart"] == 3
    (other,) = held(plan_sweep(specs(tmp_path, *FEW, "prompt=few_shot", "seed=1"), Silent()))
    assert other != first


@pytest.mark.parametrize(("words", "expected"), [("held_apart=4", 4), ("held_apart=null", 0), ("held_apart=0", 0)])
def test_held_apart_says_how_many(tmp_path: Path, words: str, expected: int) -> None:
    (found,) = plan_sweep(specs(tmp_path, "summarizer=copy", words), Silent())
    assert len(found.system.held) == expected
    assert len({case.article.id for case in found.cases}) == 8 - expected


def test_a_limit_is_of_the_articles_that_are_left(tmp_path: Path) -> None:
    (found,) = plan_sweep(specs(tmp_path, "summarizer=copy", "held_apart=4", "limit=3"), Silent())
    assert len({case.article.id for case in found.cases} - set(names(found.system.held))) == 3


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["summarizer=copy", "held_apart=8"], "All 8 articles are held apart"),
        (["summarizer=copy", "held_apart=-1"], "held_apart is -1"),
        ([*FEW, "prompt=few_shot", "held_apart=2"], "shows 3 examples, and of the articles that are held apart 2"),
        ([*FEW, "prompt=few_shot", "held_apart=0"], "Set held_apart to 3 or more"),
    ],
)
def test_what_cannot_be_held_apart_is_an_error(tmp_path: Path, words: list[str], message: str) -> None:
    pytest.importorskip("jinja2")
    with pytest.raises(ConfigError, match=message):
        plan_sweep(specs(tmp_path, *words), Silent())
