"""Prompts: their words reach the model as written, mistakes are found at planning, and each character counts."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tercet.answers import SCHEMA
from tercet.backends.prompted import Prompted
from tercet.chat import Message
from tercet.components import component
from tercet.composing import config_folder
from tercet.errors import ConfigError
from tercet.prompts import VARIABLES, Prompt
from tercet.records import Example, KeyPoint, Summary
from tercet.routes import SUMMARIZE, TRANSLATE

FILES = sorted((config_folder() / "prompt").glob("*.yaml"))
ANSWER = Summary(
    language="zh", abstract="桥通车了。", key_points=(KeyPoint(label="造价", text="8000万欧元。"),), closing="完。"
)
EXAMPLES = tuple(Example(text=f"Text {i}.", answer=replace(ANSWER, abstract=f"第{i}座桥通车了。")) for i in range(5))
PLAIN = Prompt(
    system="You {{ role }} {{ source_code }} to {{ target_code }}.",
    summarize="{{ source_language }}: {{ text }}\n{{ target_language }}:\n",
    translate="> {{ text }}",
)


def test_golden_messages() -> None:
    assert PLAIN.messages(SUMMARIZE, "{{ 7*7 }}{% for", "en", "zh", EXAMPLES) == (
        Message("system", "You summarize en to zh."),
        Message("user", "English: {{ 7*7 }}{% for\nChinese:"),
    )
    assert PLAIN.messages(TRANSLATE, "a\n", "zh", "en", ()) == (
        Message("system", "You translate zh to en."),
        Message("user", "> a\n"),
    )


def test_an_empty_system_text_is_left_out() -> None:
    prompt = Prompt(system='{% if role == "translate" %}T{% endif %}', summarize="{{ text }}")
    assert [m.role for m in prompt.messages(SUMMARIZE, "a", "en", "en", ())] == ["user"]


def test_examples_are_turns_before_the_question() -> None:
    prompt = Prompt(summarize="Q: {{ text }}", translate="T: {{ text }}", examples=2)
    assert prompt.messages(SUMMARIZE, "x", "en", "zh", EXAMPLES) == (
        Message("user", "Q: Text 0."),
        Message("assistant", EXAMPLES[0].answer.text),
        Message("user", "Q: Text 1."),
        Message("assistant", EXAMPLES[1].answer.text),
        Message("user", "Q: x"),
    )


def test_a_text_is_never_its_own_example() -> None:
    prompt = Prompt(summarize="{{ text }}", examples=2)
    said = prompt.messages(SUMMARIZE, " Text 0.\n", "en", "zh", EXAMPLES)
    assert [m.content for m in said if m.role == "user"] == ["Text 1.", "Text 2.", " Text 0.\n"]
    assert len(prompt.messages(SUMMARIZE, "Text 0.", "en", "zh", EXAMPLES[:1])) == 1


@pytest.mark.parametrize("shape", ["text", "json", "markdown"])
def test_an_example_is_answered_in_the_shape_that_is_asked_for(shape: str) -> None:
    prompt = Prompt(summarize="{{ text }}", translate="{{ text }}", examples=1, shape=shape)
    _, summary, _ = prompt.messages(SUMMARIZE, "x", "en", "zh", EXAMPLES)
    _, translation, _ = prompt.messages(TRANSLATE, "x", "en", "zh", EXAMPLES)
    assert translation.content == EXAMPLES[0].answer.text
    assert prompt.read(SUMMARIZE, summary.content, "zh").text == EXAMPLES[0].answer.text
    assert summary.content[:2] == {"text": "第0", "json": '{"', "markdown": "**"}[shape]


def test_only_a_summary_has_a_shape() -> None:
    prompt = Prompt(summarize="{{ text }}", translate="{{ text }}", shape="json")
    answer = json.dumps({"abstract": "A.", "key_points": []})
    assert (prompt.schema(SUMMARIZE), prompt.schema(TRANSLATE)) == (SCHEMA, None)
    assert prompt.read(SUMMARIZE, answer, "en").text == "A."
    assert prompt.read(TRANSLATE, answer, "en").text == answer
    assert prompt.read(SUMMARIZE, "A.", "en").flaw == "it holds no JSON object"
    assert replace(prompt, shape="text").schema(SUMMARIZE) is None


def test_a_role_without_a_template_is_refused() -> None:
    assert (
        Prompt(summarize="{{ text }}").refuses(TRANSLATE) == "the prompt has no template 'translate', only 'summarize'"
    )
    assert Prompt().refuses(SUMMARIZE) == "the prompt has no template 'summarize'"
    with pytest.raises(ConfigError, match="no template 'translate'"):
        Prompt(summarize="{{ text }}").messages(TRANSLATE, "a", "en", "zh", ())


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"summarize": "a\n{{ txt }}"}, "prompt.summarize, line 2: there is no variable 'txt'. Did you mean 'text'"),
        (
            {"system": "{{ languge }}", "summarize": "{{ text }}"},
            "prompt.system, line 1: there is no variable 'languge'",
        ),
        ({"summarize": "{{ text"}, "prompt.summarize, line 1: "),
        ({"summarize": "Summarize the article."}, "prompt.summarize never shows the text"),
        ({"summarize": '{{ text }}{% if target_code == "zh" %}{{ text.x }}{% endif %}'}, "no attribute 'x'"),
        ({"summarize": "{{ text }}{{ ''.__class__.__mro__[1].__subclasses__() }}"}, "unsafe"),
        ({"summarize": "{{ text }}{% for i in range(10**9) %}{% endfor %}"}, "Range too big"),
        ({"summarize": "{{ text }} as JSON: abstract", "shape": "json"}, "speak of key_points, label, text, closing"),
    ],
)
def test_a_wrong_template_is_found_when_a_backend_is_asked_at_planning(fields: dict[str, str], problem: str) -> None:
    backend = Prompted(model="any", prompt=Prompt(**fields))  # type: ignore[arg-type]
    with pytest.raises(ConfigError) as caught:
        backend.refuses(SUMMARIZE, "en", "en")
    assert problem in str(caught.value)


def test_examples_can_show_what_json_is_asked_for() -> None:
    assert Prompt(summarize="{{ text }}", shape="json", examples=1).refuses(SUMMARIZE) is None
    assert Prompt(summarize="{{ text }}", translate="{{ text }}", shape="json").refuses(TRANSLATE) is None


@pytest.mark.parametrize(
    ("fields", "problem"),
    [({"shape": "jsn"}, "Did you mean 'json'"), ({"examples": -1}, "examples is -1"), ({"exmples": 1}, "'examples'")],
)
def test_a_wrong_option_is_an_error_of_the_config(fields: dict[str, object], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        component({"_target_": "tercet.prompts.Prompt", **fields}, "prompt")


@given(st.sampled_from(["system", "summarize", "translate"]), st.text(min_size=1), st.data())
def test_each_character_changes_the_digest(name: str, text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters().filter(lambda character: character != text[at]))
    changed = text[:at] + other + text[at + 1 :]
    first, second = Prompt(**{name: text}), Prompt(**{name: changed})  # type: ignore[arg-type]
    assert first.digest == Prompt(**asdict(first)).digest != second.digest


def test_every_field_changes_the_digest() -> None:
    changes: list[dict[str, object]] = [
        {},
        {"system": None},
        {"system": ""},
        {"translate": None},
        {"examples": 1},
        {"shape": "json"},
        {"system": PLAIN.summarize, "summarize": PLAIN.system},
    ]
    assert len({replace(PLAIN, **change).digest for change in changes}) == len(changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_prompt_of_conf_shows_every_field_and_serves_both_roles(file: Path) -> None:
    values = yaml.safe_load(file.read_text("utf-8"))
    prompt = component(values, "prompt")
    assert isinstance(prompt, Prompt)
    assert values.keys() == {"_target_", *asdict(prompt)}
    for role in (SUMMARIZE, TRANSLATE):
        assert prompt.refuses(role) is None
        for source, target in (("en", "zh"), ("zh", "en"), ("zh", "zh")):
            said = prompt.messages(role, "{{ 7*7 }}", source, target, EXAMPLES)
            assert len(said) == (prompt.system is not None) + 2 * prompt.examples + 1
            assert "{{ 7*7 }}" in said[-1].content
            assert {"zh": "Chinese", "en": "English"}[target] in said[-1].content
            assert not any(message.content != message.content.strip() for message in said)


def test_the_prompts_of_conf_are_three_and_differ() -> None:
    found = {file.stem: component(yaml.safe_load(file.read_text("utf-8")), "prompt") for file in FILES}
    assert {"zero_shot", "few_shot", "structured"} <= found.keys()
    assert found["few_shot"].examples > 0
    assert found["zero_shot"].schema(SUMMARIZE) is None
    assert found["structured"].schema(SUMMARIZE) == SCHEMA
    assert len({prompt.digest for prompt in found.values()}) == len(found)


def test_the_documentation_names_every_variable() -> None:
    assert Prompt.__doc__ is not None
    assert all(f"``{name}``" in Prompt.__doc__ for name in VARIABLES)
