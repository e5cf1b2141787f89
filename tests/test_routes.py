"""The four routes of ``conf/route``, over every kind of article."""

import pytest
import yaml

from tercet.composing import config_folder
from tercet.errors import ConfigError
from tercet.records import Article, Case, Summary
from tercet.routes import Route, Step

ROUTES = {
    "direct": Route(stages=["summarize"]),
    "summarize_translate": Route(stages=["summarize", "translate"]),
    "translate_summarize": Route(stages=["translate", "summarize"]),
    "translate": Route(stages=["translate"]),
}


def article(language: str, *references: str, source: str | None = "SOURCE") -> Article:
    """An article whose reference in a language is that language's code in capitals."""
    found = {code: (Summary(language=code, abstract=code.upper()),) for code in references}
    return Article(id="a", language=language, source=source, references=found)


def given(case: Case | None) -> tuple[str | None, str, str] | None:
    return None if case is None else (case.given, case.given_language, case.target_language)


def test_the_routes_here_are_those_of_the_configs() -> None:
    shipped = {f.stem: yaml.safe_load(f.read_text("utf-8")) for f in (config_folder() / "route").glob("*.yaml")}
    assert {name: values["stages"] for name, values in shipped.items()} == {
        name: route.stages for name, route in ROUTES.items()
    }


@pytest.mark.parametrize(
    ("route", "language", "target", "steps"),
    [
        ("direct", "en", "en", [Step("summarize", "en", "en")]),
        ("direct", "en", "zh", [Step("summarize", "en", "zh")]),
        ("direct", "zh", "en", [Step("summarize", "zh", "en")]),
        ("summarize_translate", "en", "en", [Step("summarize", "en", "en")]),
        ("summarize_translate", "en", "zh", [Step("summarize", "en", "en"), Step("translate", "en", "zh")]),
        ("summarize_translate", "zh", "en", [Step("summarize", "zh", "zh"), Step("translate", "zh", "en")]),
        ("translate_summarize", "zh", "zh", [Step("summarize", "zh", "zh")]),
        ("translate_summarize", "en", "zh", [Step("translate", "en", "zh"), Step("summarize", "zh", "zh")]),
        ("translate_summarize", "zh", "en", [Step("translate", "zh", "en"), Step("summarize", "en", "en")]),
        ("translate", "en", "zh", [Step("translate", "en", "zh")]),
        ("translate", "zh", "en", [Step("translate", "zh", "en")]),
    ],
)
def test_steps(route: str, language: str, target: str, steps: list[Step]) -> None:
    case = ROUTES[route].case(article(language), target)
    assert case is not None
    assert ROUTES[route].steps(case) == steps


def test_a_text_that_is_there_already_needs_no_step() -> None:
    case = Case(article=article("en"), given="x", given_language="en", target_language="en")
    assert ROUTES["translate"].steps(case) == []


@pytest.mark.parametrize("route", ["direct", "summarize_translate", "translate_summarize"])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("target", ["en", "zh"])
def test_a_route_that_summarizes_begins_with_the_source(route: str, language: str, target: str) -> None:
    found = ROUTES[route].case(article(language, "en", "zh"), target)
    assert given(found) == ("SOURCE", language, target)


@pytest.mark.parametrize(
    ("item", "target", "expected"),
    [
        (article("en", "en", "zh"), "zh", ("EN", "en", "zh")),
        (article("en", "en", "zh"), "en", ("ZH", "zh", "en")),
        (article("zh", "en", "zh"), "en", ("ZH", "zh", "en")),
        (article("zh", "zh"), "en", ("ZH", "zh", "en")),
        # A parallel corpus has no reference in the language of the source: the source is given.
        (article("en", "zh"), "zh", ("SOURCE", "en", "zh")),
        (article("zh", "en"), "en", ("SOURCE", "zh", "en")),
        (article("en"), "zh", ("SOURCE", "en", "zh")),
        # The only text is in the target language already.
        (article("en", "en"), "en", None),
        (article("zh"), "zh", None),
        # No source is needed where another summary is there.
        (article("en", "en", "zh", source=None), "zh", ("EN", "en", "zh")),
        (article("en", "zh", source=None), "zh", (None, "en", "zh")),
    ],
)
def test_a_route_that_only_translates_begins_with_the_other_reference(
    item: Article, target: str, expected: tuple[str | None, str, str] | None
) -> None:
    assert given(ROUTES["translate"].case(item, target)) == expected


def test_the_first_of_several_references_is_given() -> None:
    two = (Summary(language="zh", abstract="甲"), Summary(language="zh", abstract="乙"))
    item = Article(id="a", language="zh", references={"zh": two})
    assert given(ROUTES["translate"].case(item, "en")) == ("甲", "zh", "en")


@pytest.mark.parametrize("route", ["direct", "summarize_translate", "translate_summarize"])
def test_an_article_without_a_source_still_is_a_case(route: str) -> None:
    found = ROUTES[route].case(article("en", "en", "zh", source=None), "zh")
    assert given(found) == (None, "en", "zh")


def test_a_case_is_named_after_article_and_target() -> None:
    case = ROUTES["direct"].case(article("en"), "zh")
    assert case is not None
    assert case.id == "a:zh"


@pytest.mark.parametrize(
    ("stages", "problem", "remedy"),
    [
        (["sumarize"], "Unknown stage 'sumarize' in the route.", "Did you mean 'summarize'?"),
        (["summarize", ""], "Unknown stage '' in the route.", "Known: summarize, translate."),
        ([], "A route has each of its stages once.", "Set route.stages."),
        (["translate", "translate"], "A route has each of its stages once.", "Set route.stages."),
        (["summarize", "translate", "summarize"], "A route has each of its stages once.", "Set route.stages."),
    ],
)
def test_invalid_stages(stages: list[str], problem: str, remedy: str) -> None:
    with pytest.raises(ConfigError) as found:
        Route(stages=stages)
    assert found.value.problem == problem
    assert remedy in found.value.remedy
