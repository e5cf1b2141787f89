"""The page over all results: its runs, sorted, filtered and linked to their reports, and what is no run."""

import json
from contextlib import chdir
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.viewing.browser import Open, settle
from tests.viewing.reports import Made, call
from tests.viewing.test_page_axe import grave


@pytest.fixture(scope="module")
def report(sample: Made) -> Path:
    results = sample.path.parent / "results"
    (results / "unfinished").mkdir(exist_ok=True)
    (results / "unfinished" / "run.json").write_text("{", "utf-8")
    with chdir(sample.path.parent):
        call("report", "--index", "results")
    return results / "index.html"


def test_each_run_is_listed_with_what_it_scored(opened: Open, sample: Made) -> None:
    page = opened().page
    table = page.get_by_test_id("history-table")
    expect(table.locator("tbody tr")).to_have_count(len(sample.runs))
    for name, run in sample.runs.items():
        row = table.locator("tbody tr", has_text=run.name).first
        info = json.loads((run / "run.json").read_text("utf-8"))
        assert name in row.inner_text()
        (value,) = (item["value"] for item in info["scores"] if (item["score"], item["language"]) == ("rouge1", "en"))
        assert f"{value:.3f}" in row.inner_text()
    assert "unfinished" in page.locator("main").inner_text()


def test_nothing_grave_is_found_and_nothing_is_too_wide(opened: Open) -> None:
    page = opened(width=390).page
    settle(page)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    assert grave(page) == []
    page.get_by_test_id("language-switch").get_by_text("中文").click()
    settle(page)
    assert grave(page) == []
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
