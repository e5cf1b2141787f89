"""axe-core over every place, in both themes and languages: nothing serious, nothing critical."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from tests.viewing.browser import Open
from tests.viewing.reports import Made
from tests.viewing.test_page_frame import PLACES, at

if TYPE_CHECKING:
    from playwright.sync_api import Page

GRAVE = {"serious", "critical"}


@pytest.fixture(scope="module")
def report(sample: Made) -> Path:
    return sample.path


def grave(page: "Page") -> list[str]:
    """What axe finds grave, with the first elements that it means."""
    return [
        f"{item['id']} ({item['impact']}): {node['target']} {[check['message'] for check in node['any']]}"
        for item in Axe().run(page).response["violations"]
        if item["impact"] in GRAVE
        for node in item["nodes"][:3]
    ]


def test_what_is_grave_would_be_found(opened: Open) -> None:
    page = at(opened(), "method")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert [found.partition(" ")[0] for found in grave(page)] == ["button-name"]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_grave_is_found(dark: bool, opened: Open) -> None:
    watched = opened(dark=dark)
    assert {place: grave(at(watched, place)) for place in PLACES} == {place: [] for place in PLACES}


def test_nothing_grave_is_found_in_chinese(opened: Open) -> None:
    watched = opened()
    watched.page.get_by_test_id("language-switch").get_by_text("中文").click()
    places = ("overview", "article", "method")
    assert {place: grave(at(watched, place)) for place in places} == {place: [] for place in places}


def test_nothing_grave_is_found_in_a_narrow_window_nor_in_an_open_card(opened: Open) -> None:
    watched = opened(width=390)
    found = {place: grave(at(watched, place)) for place in ("articles", "article")}
    watched.page.get_by_test_id("fact-mark").first.focus()
    watched.page.get_by_test_id("fact-card").wait_for()
    assert {**found, "card": grave(watched.page)} == {"articles": [], "article": [], "card": []}
