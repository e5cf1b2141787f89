"""Short texts that would take for ever, or fill the memory: each comes to an end, and says why."""

import json
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
import yaml

from tercet.answers import read_answer
from tercet.errors import ConfigError, TercetError
from tercet.facts.extracting import extract
from tercet.metrics.judge_answer import read_claims
from tercet.plain_yaml import load_yaml
from tercet.report.escaping import in_markdown
from tercet.summaries import blocks
from tercet.templates import fill
from tercet.text.objects import objects
from tercet.text.quoting import Quoted
from tercet.text.sentences import sentences

MERGES = "a0: &a0 {k: 1, l: 2, m: 3}\n" + "".join(
    f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 8)}]}}\n" for i in range(1, 30)
)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (MERGES, "a merge makes a mapping of over 10000 keys"),
        ("id: " + "1:" * 200_000 + "1", "a number of 400001 characters"),
        ("id: " + "9" * 4_000, "a number of 4000 characters"),
        ("title: a\ntags: [x]\ntitle: b", "the key 'title' stands twice"),
        ("a: {b: 1, 'b': 2}", "the key 'b' stands twice"),
        ("a: !!python/object/apply:os.system [id]", "could not determine a constructor"),
    ],
    ids=["merges", "base 60", "digits", "twice", "twice within", "tag"],
)
def test_yaml_neither_swells_nor_drops_nor_runs(text: str, problem: str) -> None:
    with pytest.raises(yaml.YAMLError, match=problem):
        load_yaml(text)


def test_a_merge_may_be_overridden_and_an_alias_may_be_named_often() -> None:
    assert load_yaml("a: &x {k: 1}\nb: {<<: *x, k: 2}\nc: {<<: *x}") == {"a": {"k": 1}, "b": {"k": 2}, "c": {"k": 1}}
    laughs = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 40))
    assert len(load_yaml(laughs)) == 40


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("\n{{ 'x' * 10**9 }}", "line 2: a text or list of over"),
        ("{{ 10**9 * 'x' }}", "a text or list of over"),
        ("{{ [text] * 10**9 }}", "a text or list of over"),
        ("{{ 9**9**9 }}", "a power of over"),
        (
            "{% for i in range(9999) %}{% for j in range(9999) %}12345678{% endfor %}{% endfor %}",
            "over 10000000 charac",
        ),
        ("{{ range(9999) | list * 99999 }}", "a text or list of over"),
    ],
    ids=range(6),
)
def test_a_template_does_not_swell(source: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        fill(source, "prompt.summarize", {"text": "T"})
    assert problem in caught.value.problem


def test_a_template_may_still_multiply() -> None:
    assert (
        fill("{{ '-' * 20 }} {{ 6 * 7 }} {{ 2 ** 10 }} {{ 1.5 * 2 }}", "prompt.system", {}) == f"{'-' * 20} 42 1024 3.0"
    )


def test_an_answer_that_is_nested_without_end_is_given_up() -> None:
    """Each brace that begins what is too deep takes milliseconds: a thousand of them took six seconds."""
    text = '{"claims":[' * 20_000
    found = list(objects(text, json.JSONDecoder(), 1000))
    assert 1 <= len(found) <= 8
    assert all(isinstance(item, RecursionError) for item in found)


LONG: dict[str, tuple[Callable[[str], object], list[str]]] = {
    "english": (
        lambda text: extract(text, "en"),
        ["1,000", "1-", "A. ", "New York ", "one hundred and ", "1–2 "],
    ),
    "chinese": (lambda text: extract(text, "zh"), ["一百", "年1", "马克·", "三分之", "GH-1 ", "1 km "]),
    "sentences": (lambda text: sentences(text, "en"), ["Mr. ", "a", ". ", "”", "Nos. "]),
    "markdown": (blocks, ["- a\n", "![", "**a**", "[a](", "> "]),
    "answer": (lambda text: read_answer(text, "json", "en"), ['{"a":', "{", "```", '"']),
    "claims": (read_claims, ['{"claims":[', '{"a":']),
    "quote": (lambda text: Quoted(text).find(text[: len(text) // 2] + "x"), ["a", "[...]", "' "]),
    "escapes": (in_markdown, ["*", "_a", "@a", "www."]),
}


@pytest.mark.parametrize("name", LONG)
def test_no_expression_backtracks_without_end(name: str) -> None:
    """Twenty thousand characters take parts of a second; an expression that backtracks takes minutes, or days."""
    read, atoms = LONG[name]
    for atom in atoms:
        began = time.process_time()
        with suppress(TercetError):  # nested too deeply, say
            read((atom * 20_000)[:20_000] + "\x01x")
        assert time.process_time() - began < 20, atom
