"""What was asked for more than once: each list leads to the time that it is about."""

from contextlib import chdir
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import expect

from tests.viewing.browser import Open
from tests.viewing.logic.common import QUICK
from tests.viewing.reports import call

LISTS = {
    "#overview": "[data-testid=worst-facts] a, #worst-facts header a",
    "#compare=0,1": "[data-testid=mover] a",
    "#compare=1,0": "[data-testid=new-fact] a, [data-testid=repaired-fact] a",
    "#articles": "[data-testid=article-row] a",
}


@pytest.fixture(scope="module", autouse=True)
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two systems, each asked twice, so that both times say the same; that they state false facts is the glossary's."""
    folder = tmp_path_factory.mktemp("repeats")
    with chdir(folder):
        for summarizer in ("lead", "textrank"):
            words = (f"summarizer={summarizer}", "translator=glossary", "repeats=2", "cache=null", "limit=6")
            call("run", *words, "corpus=sample", "metric=[chrf,facts]")
        found = sorted(path.parent for path in Path.cwd().glob("results/*/run.json"))
        call("report", *found, "-o", "report.html", *QUICK)
    return folder / "report.html"


@pytest.mark.parametrize("address", LISTS)
def test_lists_lead_to_each_repeat(address: str, opened: Open) -> None:
    watched = opened(address)
    page = watched.page
    page.locator(LISTS[address]).first.wait_for()
    found = [link.get_attribute("href") or "" for link in page.locator(LISTS[address]).all()]
    told = [dict(parse_qsl(link[1:])) for link in found]
    named = [(one["article"], one["language"], one.get("repeat", "0")) for one in told]
    both = {(*case, "1") for *case, repeat in named if repeat == "0"}
    assert both & set(named), "outputs of both times are the same: what is in a list is in it twice"
    watched.visit(next(link for link, case in zip(found, named, strict=True) if case[2] == "1"))
    expect(page.get_by_test_id("article-repeat")).to_have_value("1")
