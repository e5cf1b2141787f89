"""Marks stand on the characters that the evidence names, whatever takes two places in JavaScript."""

from itertools import pairwise
from pathlib import Path

from playwright.sync_api import expect

from tests.viewing.browser import Open, settle
from tests.viewing.logic import corpus
from tests.viewing.logic.common import FIRST, SECOND, Info, Texts, cases, to
from tests.viewing.logic.pieces import text_of
from tests.viewing.reports import Made, jsonl


def facts_of(run: Path) -> dict[str, list[Info]]:
    """The evidence of the metric facts by case, in the order of its places."""
    found: dict[str, list[Info]] = {}
    for item in jsonl(run / "evidence.jsonl"):
        if item["metric"] == "facts":
            found.setdefault(item["id"], []).append(item)
    return {case: sorted(items, key=lambda item: item["start"]) for case, items in found.items()}


def test_marks_hold_the_characters_that_the_evidence_names(
    made: Made, opened: Open, place: dict[str, int], texts: Texts
) -> None:
    watched = opened(to("with space"))
    beyond = 0
    for system in (FIRST, SECOND):
        evidence = facts_of(made.runs[system])
        for article, language, case in cases():
            text = texts[system][case]
            if text is None:
                continue
            watched.visit(to(article, language=language, systems=place[system]))
            settle(watched.page)
            box = watched.page.locator(f"[data-testid=output-text][data-system='{place[system]}']")
            found = [text_of(mark) for mark in box.get_by_test_id("fact-mark").all()]
            wanted = [(item["start"], item["end"]) for item in evidence.get(case, [])]
            assert all(one[1] <= other[0] for one, other in pairwise(wanted)), "marks that overlap are parted"
            assert found == [text[begin:end] for begin, end in wanted], case
            beyond += sum(max(text[:begin], default="") > "\uffff" for begin, _ in wanted)
    assert beyond > 20


def test_a_mark_tells_its_value_and_lights_its_words_in_the_source(
    made: Made, opened: Open, place: dict[str, int]
) -> None:
    sources = {record["id"]: record["source"] for record in corpus.records()}
    watched = opened(to("with space"))
    page, seen = watched.page, set()
    for case, items in facts_of(made.runs[SECOND]).items():
        article, _, language = case.rpartition(":")
        watched.visit(to(article, language=language, systems=place[SECOND]))
        settle(page)
        for i, item in enumerate(items):
            if (item["kind"], language) in seen:
                continue
            mark = page.get_by_test_id("fact-mark").nth(i)
            mark.hover()
            card = page.get_by_test_id("fact-card")
            expect(card).to_contain_text(item["message"])
            assert item["value"] in card.inner_text()
            lit = [text_of(one) for one in page.get_by_test_id("source-text").locator("mark").all()]
            quoted = item.get("quote")
            wanted = [] if quoted is None else [sources[article][quoted["start"] : quoted["end"]]]
            assert lit == wanted, case
            assert [text_of(one) for one in card.locator("mark").all()] == wanted
            seen.add((item["kind"], language))
            page.mouse.move(2, 2)
            expect(card).to_have_count(0)
    assert {("contradicted", "en"), ("contradicted", "zh"), ("not_found", "en")} <= seen
