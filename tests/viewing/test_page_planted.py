"""Sixty planted errors: each is found in the report alone, at its place and by its name."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tercet.text.utf16 import utf16_places
from tests.facts.planting import DROPPED, ERRORS, Spoilt
from tests.viewing.browser import Open, Watched
from tests.viewing.reports import planted_articles, planted_report

if TYPE_CHECKING:
    from playwright.sync_api import Page

PLANTED = planted_articles()
# How the page words what is wrong, where it is another word.
WORDED = {
    "points": "percent or points",
    "approximator": "“about”, “over” or “under”",
}
# The marks that lie on a range of a text, with their places in it, counted as JavaScript counts.
_MARKS = """
([text, mark, start, end]) => {
  const root = document.querySelector(`[data-testid=${text}]`);
  return [...root.querySelectorAll(`[data-testid=${mark}]`)].flatMap((element, index) => {
    const before = document.createRange();
    before.setStart(root, 0);
    before.setEndBefore(element);
    const from = before.toString().length;
    const to = from + element.textContent.length;
    return from < end && start < to ? [{ index, from, to, words: element.textContent }] : [];
  });
}
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planted_report(tmp_path_factory.mktemp("planted")).path


def found(page: "Page", text: str, mark: str, spoilt: Spoilt, shown: str) -> set[str]:
    """Point at each mark on the planted words, and give what the cards say.

    A point that the other text lacks is marked by its label, which stands before it in its line.
    """
    start, end = spoilt.span
    if spoilt.planted.kind == DROPPED:
        start = shown.rfind("\n", 0, start) + 1
    place = utf16_places(shown)
    start, end = place(start), place(end)
    marks: list[dict[str, Any]] = page.evaluate(_MARKS, [text, mark, start, end])
    said = set()
    for item in marks:
        assert shown.encode("utf-16-le")[2 * item["from"] : 2 * item["to"]].decode("utf-16-le") == item["words"]
        page.get_by_test_id(text).get_by_test_id(mark).nth(item["index"]).focus()
        card = page.get_by_test_id("fact-card")
        expect(card).to_be_visible()
        said.add(card.inner_text())
    return said


def names(spoilt: Spoilt) -> set[str]:
    return {WORDED.get(error, error) for error in ERRORS[spoilt.planted.kind]}


def missed(watched: Watched, kinds: Iterable[str], text: str, mark: str) -> dict[str, set[str]]:
    """Open the article of each planted error, and give those that no card names, with what the cards say."""
    found_not = {}
    for id_, spoilt in PLANTED.items():
        if spoilt.planted.kind in kinds:
            page = watched.visit(f"#article={id_}&language={spoilt.language}")
            shown = spoilt.article.references[spoilt.language][0].text
            expect(page.locator("main")).to_contain_text(id_)
            expect(page.get_by_test_id(text)).to_have_text(shown)
            said = found(page, text, mark, spoilt, shown)
            if not any(name in card for card in said for name in names(spoilt)):
                found_not[id_] = said
    return found_not


def test_each_error_in_a_reference_is_marked_and_named(opened: Open) -> None:
    assert len(PLANTED) == 60
    assert missed(opened("#method"), ERRORS, "reference-text", "reference-mark") == {}


def test_each_error_in_an_output_is_marked_and_named(opened: Open) -> None:
    """All but dropped points, which are no error against the source."""
    kinds = set(ERRORS) - {DROPPED}
    assert sum(spoilt.planted.kind in kinds for spoilt in PLANTED.values()) == 55
    assert missed(opened("#method"), kinds, "output-text", "fact-mark") == {}
