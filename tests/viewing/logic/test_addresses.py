"""Any id opens by its link, from a cold start and on foot."""

from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tercet.viewing.packing import packed
from tests.viewing.browser import Open, watching
from tests.viewing.logic import corpus
from tests.viewing.logic.common import REPEATS, to
from tests.viewing.logic.corpus import IDS
from tests.viewing.logic.rows import drawn
from tests.viewing.reports import Made
from tests.viewing.unpacking import parts

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def test_every_article_opens_by_its_link_and_from_a_cold_start(opened: Open) -> None:
    watched = opened("#articles&sort=corpus&language=en")
    page = watched.page
    links = page.locator("[data-testid=article-row] a")
    addresses = {row: link.get_attribute("href") for row, link in zip(drawn(page), links.all(), strict=True)}
    titles = {record["id"]: record["title"] for record in corpus.records()}
    for id_ in IDS:
        links.nth(IDS.index(id_) * REPEATS).click()
        shows(page, id_, titles)
        page.get_by_test_id("back-to-table").click()
        page.get_by_test_id("article-row").first.wait_for()
    for id_ in IDS:
        watched.go(addresses[id_, "en", 0] or "")
        shows(page, id_, titles)
        expect(page.get_by_test_id("output-text").first.locator(".plain")).to_have_attribute("lang", "en")


def shows(page: "Page", id_: str, titles: dict[str, str]) -> None:
    expect(page.locator(".facts-line dd.mono")).to_have_text(id_)
    assert page.locator("h1").inner_text() == titles[id_]


def test_next_and_previous_walk_through_the_corpus_in_its_order(opened: Open) -> None:
    page = opened(to(IDS[0], language="zh")).page
    where = page.locator(".facts-line dd.mono")
    for id_ in IDS[1:]:
        page.get_by_test_id("next-article").click()
        expect(where).to_have_text(id_)
    expect(page.get_by_test_id("next-article")).to_have_count(0)
    for id_ in IDS[-2::-1]:
        page.get_by_test_id("previous-article").click()
        expect(where).to_have_text(id_)
    expect(page.get_by_test_id("previous-article")).to_have_count(0)
    expect(page.get_by_test_id("target-language").get_by_text("Chinese")).to_be_visible()


def test_a_second_repeat_opens_by_its_link(opened: Open) -> None:
    watched = opened("#articles&sort=corpus&language=en")
    page = watched.page
    page.locator("[data-testid=article-row] a").nth(1).click()
    expect(page.get_by_test_id("article-repeat")).to_have_value("1")
    page.get_by_test_id("article-repeat").select_option("0")
    expect(page.get_by_test_id("article-repeat")).to_have_value("0")
    page.wait_for_url("**repeat=0*")


def test_an_id_that_no_address_can_hold_opens_too(chromium: "Browser", made: Made) -> None:
    with watching(chromium, halved(made.path)) as watched:
        page = watched.go("#articles&sort=corpus&language=en")
        page.locator("[data-testid=article-row] a").nth(0).click()
        expect(page.locator(".facts-line dd.mono")).to_have_text("halfU+D83Did")
        page.reload()
        expect(page.locator(".facts-line dd.mono")).to_have_text("halfU+D83Did")
        page.get_by_test_id("next-article").click()
        page.get_by_test_id("previous-article").click()
        expect(page.locator(".facts-line dd.mono")).to_have_text("halfU+D83Did")
        assert watched.finish() == []


def halved(path: Path) -> Path:
    """Write the report anew with half of a surrogate pair in an id: no file that is read gives such, a plug-in may."""
    found, half = parts(path), "half\ud83did"
    found["cases"]["articles"][0]["id"] = found["block-0"][0]["id"] = half
    text = path.read_text("utf-8")
    for name in ("cases", "block-0"):
        head = f'<script type="application/gzip" id="{name}">'
        before, _, rest = text.partition(head)
        text = before + head + packed(found[name]) + rest[rest.index("</script>") :]
    new = path.with_name("halved.html")
    new.write_text(text, "utf-8")
    return new
