"""An article side by side: opened by its link, with marks that tell what is wrong to whoever points at them."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tercet.corpora.sample import Sample
from tests.viewing.browser import Open, settle
from tests.viewing.reports import FAILURE, LOST, Made, jsonl

if TYPE_CHECKING:
    from playwright.sync_api import Page

CARD = "fact-card"
MARK = "fact-mark"
ARTICLES = {article.id: article for article in Sample().load().articles}
HASTY = 1  # its place on the leaderboard


@pytest.fixture(scope="module")
def report(sample: Made) -> Path:
    return sample.path


@pytest.fixture(scope="module")
def fact(sample: Made) -> dict[str, Any]:
    """A contradicted fact of the hasty system, with the words of the source that speak against it."""
    found: dict[str, Any] = next(
        item
        for item in jsonl(sample.runs["hasty"] / "evidence.jsonl")
        if item["metric"] == "facts" and item["kind"] == "contradicted" and item["quote"]
    )
    return found


def address(case: str) -> str:
    article, _, language = case.rpartition(":")
    return f"#article={article}&language={language}"


def mark_of(page: "Page", fact: dict[str, Any], sample: Made) -> Any:
    """The mark on the words of a fact, in the system's own column."""
    (output,) = [item for item in jsonl(sample.runs["hasty"] / "outputs.jsonl") if item["id"] == fact["id"]]
    words = output["text"][fact["start"] : fact["end"]]
    column = page.locator(f'[data-testid=output-text][data-system="{HASTY}"]')
    return column.get_by_test_id(MARK).filter(has_text=words).first


@pytest.mark.parametrize("id_", ["marathon-record", "zh-battery-recycling"])
def test_a_link_opens_an_article_from_a_cold_start(id_: str, opened: Open) -> None:
    page = opened(f"#article={id_}&language=en").page
    article = ARTICLES[id_]
    assert page.locator("h1").inner_text() == article.title
    for line in (article.source or "").split("\n"):
        assert line.strip() in page.get_by_test_id("source-text").inner_text()
    reference = article.references["en"][0].text
    assert page.get_by_test_id("reference-text").inner_text() == reference
    assert page.get_by_test_id("output-text").count() == 2
    assert id_ in page.title()


def test_an_article_that_is_not_there_is_said_to_be_missing(opened: Open) -> None:
    page = opened("#article=no-such-article").page
    assert "no-such-article" in page.locator("main").inner_text()


def test_a_mark_tells_its_fact_to_the_mouse(opened: Open, fact: dict[str, Any], sample: Made) -> None:
    page = opened(address(fact["id"])).page
    mark = mark_of(page, fact, sample)
    assert mark.get_attribute("data-kind") == "contradicted"
    mark.hover()
    told(page, fact)
    page.mouse.move(2, 2)
    expect(page.get_by_test_id(CARD)).to_have_count(0)


def test_a_mark_tells_its_fact_to_the_keyboard(opened: Open, fact: dict[str, Any], sample: Made) -> None:
    page = opened(address(fact["id"])).page
    mark = mark_of(page, fact, sample)
    mark.focus()
    told(page, fact)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id(CARD)).to_have_count(0)
    assert mark.evaluate("mark => mark === document.activeElement")
    described = (mark.get_attribute("aria-describedby") or "").split()
    assert fact["message"] in " ".join(page.locator(f"[id='{name}']").text_content() or "" for name in described)


def told(page: "Page", fact: dict[str, Any]) -> None:
    """Assert that the card has all that is known of a fact, and that the source shows the same words."""
    card = page.get_by_test_id(CARD)
    expect(card).to_be_visible()
    text = card.inner_text()
    quote = fact["quote"]
    words = quote["text"][quote["start"] - quote["offset"] : quote["end"] - quote["offset"]]
    assert fact["value"] in text
    assert fact["message"] in text
    assert words in card.locator("mark").all_inner_texts()
    assert words in page.get_by_test_id("source-text").locator("mark").all_inner_texts()


def test_an_output_that_failed_says_why(opened: Open) -> None:
    page = opened(address(LOST)).page
    assert FAILURE in page.get_by_test_id("output-failure").inner_text()


def test_two_outputs_are_compared_and_shared_words_are_shown(opened: Open) -> None:
    page = opened("#article=marathon-record&language=en&systems=0,1").page
    page.get_by_test_id("ngram-toggle").check()
    settle(page)
    assert page.get_by_test_id("output-text").first.locator(".shared-words").count() > 0
    page.get_by_test_id("diff-toggle").check()
    expect(page.get_by_test_id("diff")).to_be_visible()
    first, second = (page.get_by_test_id("output-text").nth(i).inner_text() for i in (0, 1))
    removed = "".join(page.get_by_test_id("diff").locator("del").all_inner_texts())
    assert removed
    assert len(removed) >= len(first) - len(second)


def test_key_points_say_which_output_covers_them(opened: Open) -> None:
    page = opened("#article=marathon-record&language=en&systems=0,1").page
    points = page.get_by_test_id("keypoints")
    for point in ARTICLES["marathon-record"].references["en"][0].key_points:
        assert point.label in points.inner_text()
    assert "covered" in points.inner_text()
    assert "missed" in points.inner_text()


def test_one_goes_on_to_the_next_article_and_back_to_the_filtered_table(opened: Open) -> None:
    page = opened("#articles&language=zh&sort=corpus").page
    page.get_by_test_id("article-row").first.locator("a").click()
    page.get_by_test_id("next-article").click()
    settle(page)
    page.get_by_test_id("back-to-table").click()
    page.wait_for_url("**/*language=zh*")
    expect(page.get_by_test_id("article-count")).to_have_text("24 of 48 cases")
