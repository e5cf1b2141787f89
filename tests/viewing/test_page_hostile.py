"""Whatever a corpus or a system says, the page shows it and does nothing: no script, no request, no element."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.viewing.browser import Open, Watched, settle
from tests.viewing.hostile import ATTACKS, FILES, LONG
from tests.viewing.reports import hostile_report

PAGES = ("#overview", "#compare", "#articles", "#method", "#articles&q=script&texts=yes")
FOREIGN = "img, iframe, object, embed, video, audio, base, form:not(.vega-bindings), link, style, script[src], [srcdoc]"
# The elements that a report has, counted before anything is drawn.
OWN = {"style": 1}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_report(tmp_path_factory.mktemp("hostile")).path


def harmless(watched: Watched, where: str) -> None:
    """Assert that nothing of what was shown became more than text."""
    page = watched.page
    assert page.evaluate("typeof window.pwned") == "undefined", where
    tags = page.eval_on_selector_all(FOREIGN, "found => found.map(element => element.localName)")
    assert {tag: tags.count(tag) for tag in set(tags)} == OWN, where
    assert page.eval_on_selector_all("script", "found => found.filter(s => !s.type).length") == 1, where
    handlers = "found => found.flatMap(e => [...e.attributes].map(a => a.name)).filter(name => name.startsWith('on'))"
    assert page.eval_on_selector_all("*", handlers) == [], where
    schemes = page.eval_on_selector_all("a[href]", "found => found.map(a => new URL(a.href).protocol)")
    assert set(schemes) <= {"file:", "http:", "https:"}, where
    assert page.evaluate("Object.prototype.y === undefined && ({}).language === undefined"), where


def seen(watched: Watched) -> str:
    """What a reader sees of the place, in one line."""
    return " ".join(watched.page.locator("main").inner_text().split())


def row_links(watched: Watched) -> list[str]:
    """The addresses of the articles, as the rows of the table have them."""
    links = "links => links.map(link => link.getAttribute('href'))"
    found: list[str] = watched.page.eval_on_selector_all("[data-testid=article-row] a", links)
    return found


def visible(text: str) -> list[str]:
    """Parts of a text between characters that are shown by name."""
    parts = "".join(c if c.isprintable() else "\n" for c in text).split("\n")
    return [" ".join(part.split()) for part in parts if part.strip()]


def test_no_place_runs_or_asks_for_anything(opened: Open) -> None:
    watched = opened()
    for where in PAGES:
        watched.visit(where)
        watched.page.wait_for_timeout(150)
        harmless(watched, where)
    watched.page.get_by_test_id("language-switch").get_by_text("中文").click()
    watched.visit("#overview")
    settle(watched.page)
    harmless(watched, "Chinese")


def test_each_attack_is_shown_as_it_was_written(opened: Open) -> None:
    watched = opened("#articles&sort=corpus")
    watched.page.wait_for_selector("[data-testid=article-row]")
    for (name, attack), address in zip(ATTACKS.items(), row_links(watched), strict=False):
        page = watched.go(address)
        page.wait_for_selector("[data-testid=source-text]")
        text = seen(watched)
        for part in visible(attack):
            for place in ("[data-testid=source-text]", "[data-testid=reference-text]", "h1"):
                assert part in " ".join(page.locator(place).inner_text().split()), (name, place)
            assert text.count(part) >= 5, (name, part)  # title, id, tags, author, texts
        for mark in page.locator("[data-testid=fact-mark], [data-testid=reference-mark]").all():
            mark.focus()
            expect(page.get_by_test_id("fact-card")).to_be_visible()
        harmless(watched, name)


def test_hidden_characters_are_shown_by_name(opened: Open) -> None:
    watched = opened("#articles&sort=corpus")
    watched.page.wait_for_selector("[data-testid=article-row]")
    shown = watched.page.get_by_test_id("article-table").inner_text()
    for name in ("U+202E", "U+2066", "U+0000", "U+001B", "U+200B", "U+FEFF", "U+009B"):
        assert name in shown
    raw = watched.page.locator("body").evaluate("body => body.innerText")
    assert not {c for c in raw if c in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u061c\x00\x07\x1b\x7f\x9b"}


def test_systems_keep_their_names(opened: Open) -> None:
    watched = opened()
    text = seen(watched)
    for name in FILES:
        for part in visible(name.removesuffix(".jsonl")):
            assert part in text


def test_a_line_of_a_million_characters_is_clipped_until_it_is_asked_for(opened: Open) -> None:
    watched = opened("#articles&q=long")
    watched.page.get_by_test_id("article-row").first.locator("a").click()
    source = watched.page.get_by_test_id("source-text")
    source.wait_for()
    assert len(source.inner_text()) < 30_000
    source.locator("button.clip").click()
    settle(watched.page)
    assert len(source.inner_text()) > 0.9 * LONG
    watched.page.get_by_test_id("diff-toggle").check()
    watched.page.wait_for_timeout(500)
    harmless(watched, "a long line")


def test_an_article_that_no_file_can_hold_is_left_out_with_its_reason(opened: Open) -> None:
    watched = opened("#articles")
    expect(watched.page.get_by_test_id("article-count")).to_have_text(f"{len(ATTACKS) + 1} of {len(ATTACKS) + 1} cases")
    watched.visit("#method")
    expect(watched.page.locator("main")).to_contain_text("is half a character")


def test_only_web_addresses_are_links(opened: Open) -> None:
    watched = opened("#articles&sort=corpus")
    watched.page.wait_for_selector("[data-testid=article-row]")
    outside = set()
    hrefs = watched.page.eval_on_selector_all(
        "[data-testid=article-row] a", "rows => rows.map(a => a.getAttribute('href'))"
    )
    for href in hrefs[:4]:
        watched.visit(href)
        watched.page.wait_for_selector("[data-testid=source-text]")
        settle(watched.page)
        links = "found => found.filter(a => !a.getAttribute('href').startsWith('#')).map(a => `${a.href} ${a.rel}`)"
        outside |= set(watched.page.eval_on_selector_all("a[href]", links))
    assert {link.split("/")[0] for link in outside} == {"http:"}
    assert all(link.endswith(" noopener noreferrer") for link in outside)
