"""The frame of the page: languages, themes, the keyboard, narrow windows and paper, at every place."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.viewing.browser import Open, Watched, settle
from tests.viewing.reports import Made

if TYPE_CHECKING:
    from playwright.sync_api import Page

PLACES = {
    "overview": "#overview",
    "compare": "#compare",
    "articles": "#articles",
    "article": "#article=zh-battery-recycling&language=en&systems=0,1",
    "method": "#method",
}
# What stands for itself in either language: keys, names of things that have no other, and units.
NAMES = frozenset(
    ["English", "tercet", "Page", "Down", "Home", "End", "Enter", "max", "Apache", "License", "SHA", "UTC"]
)
A4 = 794  # its width in pixels, at 96 an inch
# Texts that are the page's own: not the data's (.plain and the like), nor recorded in English, nor code.
_OWN_WORDS = """
() => {
  const theirs = "code, pre, bdi, .plain, [lang=en]:not(html), [data-testid=filter-tag] option";
  const unseen = "script, style, noscript, " + theirs;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode())
    if (!walker.currentNode.parentElement.closest(unseen)) texts.push(walker.currentNode.data);
  for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]"))
    if (!element.closest(theirs + ", [data-testid=article-row]") && !element.parentElement.closest("[role=img]"))
      for (const name of ["aria-label", "title", "placeholder"]) texts.push(element.getAttribute(name) ?? "");
  return texts;
}
"""
# Tables that would be cut on paper, for they or what they stand in scroll sideways.
_CUT = """
() => [...document.querySelectorAll("table, [role=table]")].flatMap((table) => {
  const cut = [];
  for (let element = table; element && element !== document.documentElement; element = element.parentElement) {
    const clips = getComputedStyle(element).overflowX !== "visible";
    if (clips && element.scrollWidth > element.clientWidth + 1)
      cut.push(`${element.className}: ${element.scrollWidth} in ${element.clientWidth}`);
  }
  return cut;
})
"""


@pytest.fixture(scope="module")
def report(sample: Made) -> Path:
    return sample.path


def at(watched: Watched, place: str) -> "Page":
    """Go to a place, and wait until it is drawn."""
    page = watched.visit(PLACES[place])
    ready = {"articles": "article-row", "article": "output-text", "method": "method", "overview": "verdict"}
    page.get_by_test_id(ready.get(place, "compare-table")).first.wait_for()
    settle(page)
    return page


def latin_words(texts: list[str]) -> set[str]:
    return {word for text in texts for word in re.findall(r"[A-Za-z]{3,}", text)}


def known_names(made: Made) -> set[str]:
    """Names that stand for themselves: of systems, of metrics and their scores."""
    infos = [json.loads((run / "run.json").read_text("utf-8")) for run in made.runs.values()]
    names = [*made.runs, *(item["score"] for info in infos for item in info["scores"])]
    names += [metric for info in infos for metric in info["signatures"]]
    return set(NAMES) | latin_words([name.replace("_", " ") for name in names])


def test_no_english_word_of_the_page_is_left_in_chinese(opened: Open, sample: Made) -> None:
    watched = opened()
    in_english = {}
    for place in PLACES:
        page = at(watched, place)
        assert page.locator("html").get_attribute("lang") == "en"
        in_english[place] = latin_words(page.evaluate(_OWN_WORDS))
    watched.page.get_by_test_id("language-switch").get_by_text("中文").click()
    left = {}
    for place in PLACES:
        page = at(watched, place)
        assert page.locator("html").get_attribute("lang") == "zh-Hans"
        assert len(in_english[place]) > 20, "the walk over the texts finds none"
        texts: list[str] = page.evaluate(_OWN_WORDS)
        foreign = latin_words(texts) - known_names(sample)
        left[place] = {word: next(text for text in texts if word in text) for word in sorted(foreign)}
        assert sum("\u4e00" <= c <= "\u9fff" for text in texts for c in text) > 100
    assert left == {place: {} for place in PLACES}


def test_themes_differ_and_the_reader_may_choose(opened: Open) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    light, dark = opened().page, opened(dark=True).page
    assert light.locator("html").get_attribute("data-theme") == "light"
    assert dark.locator("html").get_attribute("data-theme") == "dark"
    before = light.evaluate(colour)
    assert before != dark.evaluate(colour)
    light.get_by_test_id("theme-switch").get_by_text("Dark").click()
    assert light.evaluate(colour) == dark.evaluate(colour)


def test_a_reader_with_no_mouse_reaches_everything(opened: Open) -> None:
    page = opened().page
    page.keyboard.press("Tab")
    assert focused(page)["testid"] == "skip"
    tab_to(page, "nav-overview", 12)
    assert focused(page)["current"] == "page"
    tab_to(page, "nav-articles", 4)
    page.keyboard.press("Enter")
    page.get_by_test_id("article-row").first.wait_for()
    assert focused(page)["tag"] == "H1"
    tab_to(page, "article-search", 4)
    tab_to(page, "filter-facts", 12)
    page.keyboard.press("Space")
    page.wait_for_url("**/*facts=yes*")
    tab_into(page, "article-row", 30)
    first = focused(page)["case"]
    page.keyboard.press("ArrowDown")
    settle(page)
    assert focused(page)["case"] != first
    page.keyboard.press("Enter")
    page.get_by_test_id("output-text").first.wait_for()
    expect(page.locator("h1")).to_be_focused()
    tab_to(page, "fact-mark", 60)
    expect(page.get_by_test_id("fact-card")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("fact-card")).to_have_count(0)
    assert focused(page)["testid"] == "fact-mark"


def test_the_skip_link_leads_to_the_heading(opened: Open) -> None:
    page = opened("#articles").page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_focused()
    assert "#articles" in page.url


def test_whoever_chooses_a_system_to_compare_is_not_sent_elsewhere(opened: Open) -> None:
    page = opened("#compare=0,1").page
    choice = page.get_by_test_id("compare-candidate")
    choice.focus()
    choice.select_option("2")
    settle(page)
    expect(choice).to_be_focused()


def focused(page: "Page") -> dict[str, Any]:
    """What has the focus, and whether one sees that it has."""
    found: dict[str, Any] = page.evaluate(
        "() => { const e = document.activeElement; return {tag: e.tagName, testid: e.dataset.testid,"
        " current: e.ariaCurrent, case: e.closest('[data-case]')?.dataset.case,"
        " row: e.closest('[data-testid=article-row]') !== null,"
        " outline: getComputedStyle(e).outlineStyle, name: e.textContent.trim().slice(0, 60)} }"
    )
    return found


def tab_to(page: "Page", testid: str, most: int) -> None:
    """Press Tab until an element has the focus, each stop of which must be seen."""
    passed = []
    for _ in range(most):
        page.keyboard.press("Tab")
        here = focused(page)
        assert here["outline"] != "none", here
        if here["testid"] == testid:
            return
        passed.append(here["testid"] or here["name"] or here["tag"])
    pytest.fail(f"{testid} is not reached by {most} stops: {passed}")


def tab_into(page: "Page", testid: str, most: int) -> None:
    """Press Tab until something within an element has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page)["row"]:
            return
    pytest.fail(f"{testid} is not reached by {most} stops")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_wider_than_a_phone(language: str, opened: Open) -> None:
    watched = opened(width=390)
    if language == "zh":
        watched.page.get_by_test_id("language-switch").get_by_text("中文").click()
    for place in PLACES:
        page = at(watched, place)
        page.wait_for_timeout(100)  # charts are drawn for the width that they find
        wide = page.evaluate("document.scrollingElement.scrollWidth")
        assert wide <= 390, place


def test_what_scrolls_sideways_can_be_reached_with_the_keyboard(opened: Open) -> None:
    watched = opened(width=390)
    unreachable = """
    () => [...document.querySelectorAll("main *")].filter((e) => e.scrollWidth > e.clientWidth + 1
      && ["auto", "scroll"].includes(getComputedStyle(e).overflowX) && e.clientWidth > 1
      && e.tabIndex < 0 && !e.querySelector("a[href], button, input, select, [tabindex='0']"))
      .map((e) => e.className)
    """
    for place in PLACES:
        assert at(watched, place).evaluate(unreachable) == [], place


def test_no_table_is_cut_on_paper(opened: Open) -> None:
    watched = opened(width=A4)
    for place in PLACES:
        page = at(watched, place)
        page.emulate_media(media="print")
        page.wait_for_timeout(150)
        assert page.evaluate(_CUT) == [], place
        # Browsers lay a page out at up to 4/3 of the paper's width, and shrink it.
        assert page.evaluate("document.scrollingElement.scrollWidth") <= A4 * 4 / 3, place
        printed = page.pdf(format="A4")
        assert printed.startswith(b"%PDF")
        assert len(printed) > 10_000, place
        page.emulate_media(media="null")


def test_a_reader_goes_back_through_the_places(opened: Open) -> None:
    page = opened().page
    for place in ("compare", "articles", "method"):
        page.get_by_test_id(f"nav-{place}").click()
        expect(page.get_by_test_id(f"nav-{place}")).to_have_attribute("aria-current", "page")
        expect(page.locator("h1")).to_be_focused()
    page.go_back()
    expect(page.get_by_test_id("nav-articles")).to_have_attribute("aria-current", "page")
