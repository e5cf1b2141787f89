"""Templates: what a text holds is never run, and what is wrong is found with its line."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tercet.errors import ConfigError, MissingExtraError
from tercet.templates import check, fill

NAMES = frozenset({"text", "source_language", "target_code"})


def _fill(source: str, text: str = "T") -> str:
    return fill(source, "prompt.summarize", {"text": text, "source_language": "English", "target_code": "zh"})


@pytest.mark.parametrize(
    "text",
    [
        "{{ 7*7 }}",
        "{% for i in range(10**9) %}x{% endfor %}",
        "{{ ''.__class__.__mro__ }}",
        "{# gone #}\n",
        "{% raw %}",
        "<b>&amp;\r\n ",
    ],
)
def test_a_text_is_shown_as_it_stands(text: str) -> None:
    assert _fill("<{{ text }}>", text) == f"<{text}>"


@given(st.text())
def test_any_text_is_shown_as_it_stands(text: str) -> None:
    assert _fill("{{ text }}", text) == text


def test_the_line_break_of_a_yaml_block_is_left_out_and_a_line_of_statements_leaves_none() -> None:
    source = 'A\n{% if target_code == "zh" %}\n  B\n  {% endif %}\n{{ text }}\n'
    assert _fill(source, "T\n") == "A\n  B\nT\n"


def test_a_text_can_be_put_behind_a_fence() -> None:
    shown = _fill('{{ text | fence }}\n{{ text | fence("ARTICLE") }}', "a <b>")
    assert shown.count("a ＜b＞") == 2
    assert shown.startswith("<<<TEXT ")
    assert "\n<<<ARTICLE " in shown


@pytest.mark.parametrize(
    ("source", "problem", "remedy"),
    [
        ("a\n{{ txt }}", "line 2: there is no variable 'txt'", "Did you mean 'text'?"),
        ('{% if target_code == "fr" %}\n\n{{ sauce_language }}{% endif %}', "line 3", "'source_language'"),
        ("{{ lipsum() }}", "no variable 'lipsum'", "Known:"),
        ("\n{% if %}", "line 2", "Jinja"),
        ("{{ text", "line 1", "Jinja"),
        ("{{ text | fense }}", "No filter named 'fense'", "Did you mean 'fence'?"),
        ("{{ text is defind }}", "No test named 'defind'", "Did you mean 'defined'?"),
        ("{{ text | random }}", "No filter named 'random'", "Known:"),
        ('{% include "/etc/passwd" %}', "reads no other template", "Write it out"),
        ('{% import "a" as b %}', "reads no other template", "Write it out"),
    ],
)
def test_what_is_wrong_is_found_before_it_is_filled(source: str, problem: str, remedy: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check(source, "prompt.summarize", NAMES)
    assert caught.value.problem.startswith("prompt.summarize, line ")
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy


def test_what_is_right_says_what_it_uses() -> None:
    source = "{% set a = text %}{% for i in range(3) %}{{ a }}{{ loop.index }}{% endfor %}{{ dict(b=target_code) }}"
    assert check(source, "prompt.system", NAMES) == {"text", "target_code"}


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("\n{{ ''.__class__.__mro__[1].__subclasses__() }}", "line 2: access to attribute '__class__'"),
        ("{{ text.__init__.__globals__ }}", "unsafe"),
        ("{{ '{0.__class__}'.format(text) }}", "unsafe"),
        ("{% set x = [] %}{{ x.append(1) }}", "access to attribute 'append' of 'list' object is unsafe"),
        ("{% for i in range(10**9) %}x{% endfor %}", "Range too big"),
        ("{{ text.headline }}", "line 1: 'str object' has no attribute 'headline'"),
        ("\n\n{{ 1 // 0 }}", "line 3"),
        ("{{ text + 1 }}", "line 1"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "recursion"),
    ],
)
def test_the_sandbox_stops_a_template_with_its_line(source: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _fill(source)
    assert problem in caught.value.problem
    assert caught.value.problem.startswith("prompt.summarize")


def test_without_jinja_the_pip_line_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from tercet import templates

    templates._environment.cache_clear()
    templates._compiled.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    monkeypatch.delitem(sys.modules, "jinja2.sandbox", raising=False)
    try:
        for work in (lambda: check("{{ text }}", "prompt.system", NAMES), lambda: _fill("{{ text }}")):
            with pytest.raises(MissingExtraError, match="pip install"):
                work()
    finally:
        templates._environment.cache_clear()
