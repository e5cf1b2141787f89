"""What the reader chose: kept where that is allowed, and no number changes with it."""

import re

import pytest
from playwright.sync_api import expect

from tests.viewing.browser import Open, settle
from tests.viewing.logic.common import (
    to,
)

_FORBIDDEN = """
Object.defineProperty(window, "localStorage", { get() { throw new DOMException("denied", "SecurityError"); } });
"""


@pytest.mark.parametrize("allowed", [True, False])
def test_language_and_theme_are_remembered_where_that_is_allowed(allowed: bool, opened: Open) -> None:
    watched = opened(own=True)
    page = watched.page
    if not allowed:
        page.add_init_script(_FORBIDDEN)
        watched.go()
    page.get_by_test_id("language-switch").get_by_text("中文").click()
    page.get_by_test_id("theme-switch").get_by_text("深色").click()
    root = page.locator("html")
    expect(root).to_have_attribute("lang", "zh-Hans")
    expect(root).to_have_attribute("data-theme", "dark")
    watched.go("#articles")
    expect(root).to_have_attribute("lang", "zh-Hans" if allowed else "en")
    expect(root).to_have_attribute("data-theme", "dark" if allowed else "light")
    assert page.evaluate("(() => { try { return localStorage.length > 0 } catch { return false } })()") is allowed


NUMBERED = (
    "#overview",
    "#compare=0,2&all=yes",
    "#articles&sort=corpus",
    to("zebra", ngrams=2, diff="0,2"),
    "#method",
)


def test_every_number_is_the_same_in_both_languages(opened: Open) -> None:
    watched = opened()
    page = watched.page
    found: dict[str, dict[str, list[str]]] = {"English": {}, "中文": {}}
    for language, said in found.items():
        page.get_by_test_id("language-switch").get_by_text(language).click()
        for address in (
            "#overview",
            "#compare=0,2&all=yes",
            "#articles&sort=corpus",
            to("zebra", ngrams=2, diff="0,2"),
            "#method",
        ):
            watched.visit(address)
            settle(page)
            # Words stand in another order, so that numbers do too.
            said[address] = sorted(re.findall(r"[−-]?\d[\d,.]*\d|\d", page.locator("main").inner_text()))
    for address, wanted in found["English"].items():
        assert found["中文"][address] == wanted, address
        assert len(wanted) > 20, address
