"""A pair turned round says the same from the other side."""

import re
from typing import TYPE_CHECKING

from tests.viewing.browser import Open, settle
from tests.viewing.logic.common import (
    FIRST,
    LEAD,
    SECOND,
    Info,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page


def numbers(text: str) -> list[float]:
    """The numbers of a text, with a true minus."""
    return [float(found.replace("−", "-")) for found in re.findall(r"[−-]?\d+\.?\d*", text)]


OUTCOMES = {"better": "worse", "worse": "better", "different": "different"}


def compare_rows(page: "Page") -> dict[tuple[str, str], Info]:
    """What the comparison says of each score in each language."""
    found = {}
    for table in page.get_by_test_id("compare-table").all():
        for row in table.locator("tbody tr").all():
            name = row.locator("th").inner_text()
            cells = [cell.inner_text() for cell in row.locator("td").all()]
            found[table.get_attribute("data-language") or "", name] = {
                "outcome": cells[0],
                "values": cells[1:3],
                "delta": numbers(cells[3])[:1],
                "interval": numbers(cells[3])[1:],
                "p": cells[5],
                "counts": row.locator("td").nth(6).locator(".number").all_inner_texts(),
                "compared": cells[7],
                "detectable": cells[8],
            }
    return found


def told(page: "Page", testid: str) -> list[str]:
    """The facts of a list, all of them."""
    card = page.locator(".fact-lists > .card").nth(["new-fact", "repaired-fact"].index(testid))
    if (more := card.locator("button.button")).count():
        more.click()
    return [item.inner_text() for item in card.get_by_test_id(testid).all()]


def test_a_pair_turned_round_says_the_same_from_the_other_side(opened: Open, place: dict[str, int]) -> None:
    watched = opened("#overview")
    page = watched.page
    for one, other in ((place[FIRST], place[SECOND]), (place[LEAD], place[SECOND]), (place[FIRST], place[LEAD])):
        sides = []
        for pair in (f"{one},{other}", f"{other},{one}"):
            watched.visit(f"#compare={pair}&all=yes")
            page.get_by_test_id("mover").first.wait_for()
            settle(page)
            lists = {side: movers(page, side) for side in ("worse", "better")}
            facts = [told(page, "new-fact"), told(page, "repaired-fact")]
            tips = reasons(page)
            sides.append((compare_rows(page), facts, lists, tips, page.locator("main").inner_text()))
        (forward, facts, lists, tips, words), (backward, turned_facts, turned_lists, turned_tips, turned_words) = sides
        assert forward.keys() == backward.keys()
        assert len(forward) >= 12
        for key, found in forward.items():
            turned = backward[key]
            assert turned["values"] == found["values"][::-1], key
            assert turned["delta"] == [-value for value in found["delta"]], key
            assert turned["interval"] == [-value for value in found["interval"]][::-1], key
            assert turned["counts"] == [" / ".join(text.split(" / ")[::-1]) for text in found["counts"]], key
            assert [turned[name] for name in ("p", "detectable")] == [found[name] for name in ("p", "detectable")], key
            assert turned["compared"] == exchanged(found["compared"]), key
            said, answered = (side["outcome"].split("\n")[0].split()[-1] for side in (found, turned))
            assert answered == OUTCOMES.get(said, said), key
        assert turned_facts == facts[::-1]
        assert turned_lists == {"worse": lists["better"], "better": lists["worse"]}
        assert turned_tips == [exchanged(tip) for tip in tips]
        assert left_out(turned_words) == [exchanged(text) for text in left_out(words)]
    assert any("only in the" in text for text in left_out(words))


def movers(page: "Page", side: str) -> list[tuple[str, list[float]]]:
    """The cases that moved to one side: their links, and how far."""
    found = page.locator(f"[data-testid=mover][data-side={side}]").all()
    about = [f"{item.locator('a').get_attribute('href')}".partition("&systems=")[0] for item in found]
    return [
        (name, [abs(n) for n in numbers(item.locator("strong").inner_text())])
        for name, item in zip(about, found, strict=True)
    ]


def reasons(page: "Page") -> list[str]:
    """Why cases are not compared, for the first scores that say it."""
    found = []
    for tip in page.locator("[data-testid=compare-table] td .tip").all()[:3]:
        tip.scroll_into_view_if_needed()
        settle(page)
        tip.locator("button").focus()
        found.append(page.get_by_role("tooltip").inner_text())
    return found


def left_out(words: str) -> list[str]:
    return [line for line in words.split("\n") if " only in the " in line]


def exchanged(text: str) -> str:
    """A sentence with the two sides exchanged."""
    return re.sub(
        "baseline|candidate", lambda found: {"baseline": "candidate", "candidate": "baseline"}[found[0]], text
    )
