"""Words that an output shares with a reference, and what one output has and another has not."""

import re
import time
from itertools import pairwise
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.viewing.browser import Open, settle
from tests.viewing.logic import corpus
from tests.viewing.logic.common import FIRST, LEAD, SECOND, Texts, cases, reference, to
from tests.viewing.logic.corpus import LONG
from tests.viewing.logic.ngrams import covered
from tests.viewing.logic.pieces import pieces

if TYPE_CHECKING:
    from playwright.sync_api import Page


MARKED = (
    ("zebra", "en", 0),
    ("zebra", "en", 1),
    ("amp&language=zh", "zh", 0),
    ("新闻 一号", "zh", 0),
    ("quotes\"'`<b>", "en", 0),
)


def test_words_that_are_marked_are_those_of_ngrams_that_the_reference_has(
    opened: Open, place: dict[str, int], texts: Texts
) -> None:
    watched = opened(to("with space"))
    systems = ",".join(str(i) for i in sorted(place.values()))
    shares = dict.fromkeys((1, 2, 3, 4), 0.0)
    for article, language, number in MARKED:
        watched.visit(to(article, language=language, systems=systems, reference=number, ngrams=1))
        for n in shares:
            watched.page.get_by_test_id("ngram-length").select_option(str(n))
            settle(watched.page)
            for system, i in place.items():
                text = texts[system][f"{article}:{language}"]
                if text is not None:
                    wanted = covered(text, reference(article, language, number), n)
                    box = watched.page.locator(f"[data-testid=output-text][data-system='{i}']")
                    found = pieces(box, ".shared-words")
                    assert "".join(piece for piece, _ in found) == text
                    assert [on for piece, on in found for _ in piece] == wanted, (article, language, system, n)
                    shares[n] += sum(wanted) / len(wanted)
    assert shares[1] > shares[2] > shares[3] > shares[4] > 0, "each is a test of its own"


def changes(page: "Page") -> tuple[list[tuple[str, str]], str, str]:
    """The pieces of the difference with their kinds; what it says of the first text, and of the second."""
    box = page.get_by_test_id("diff")
    box.wait_for()
    found = [
        ("del" if removed else "ins" if added else "", text)
        for (text, removed), (_, added) in zip(pieces(box, "del"), pieces(box, "ins"), strict=True)
    ]
    first = "".join(text for kind, text in found if kind != "ins")
    return found, first, "".join(text for kind, text in found if kind != "del")


def test_a_difference_holds_both_texts_to_the_letter(opened: Open, place: dict[str, int], texts: Texts) -> None:
    watched = opened(to("zebra"))
    compared = 0
    for before, after in ((FIRST, SECOND), (LEAD, FIRST)):
        for article, language, case in cases():
            first, second = texts[before][case], texts[after][case]
            watched.visit(to(article, language=language, diff=f"{place[before]},{place[after]}"))
            settle(watched.page)
            if first is None or second is None:
                expect(watched.page.get_by_test_id("diff")).to_have_count(0)
                continue
            found, *both = changes(watched.page)
            assert both == [first, second], case
            assert {kind for kind, _ in found} >= {"del", "ins"}, case
            compared += 1
            if language == "en":
                assert whole_words([text for kind, text in found if kind != "ins"]), case
                assert whole_words([text for kind, text in found if kind != "del"]), case
    assert compared == 34, "of 18 cases the second system lacks two"


def whole_words(found: list[str]) -> bool:
    """Whether no piece begins within a word of the Latin alphabet."""
    joined = [text for text in found if text]
    return not any(re.match(r"[A-Za-z]{2}", one[-1] + other[0]) for one, other in pairwise(joined))


def test_english_differs_by_words_and_chinese_by_characters(opened: Open, place: dict[str, int]) -> None:
    watched = opened(to("with space", language="en", diff=f"{place[FIRST]},{place[SECOND]}"))
    by_sign = [("del", "轮"), ("ins", "船"), ("del", "s")]
    for language, wanted in (("en", [("del", "ferries"), ("ins", "ferry")]), ("zh", by_sign)):
        watched.visit(to("with space", language=language, diff=f"{place[FIRST]},{place[SECOND]}"))
        settle(watched.page)
        found, *_ = changes(watched.page)
        assert [(kind, text) for kind, text in found if kind] == wanted


def test_what_would_take_too_long_is_given_up_and_said(opened: Open, place: dict[str, int], texts: Texts) -> None:
    watched = opened(to("zebra"))
    both = f"{place[FIRST]},{place[SECOND]}"
    for language, length in (("en", corpus.LENGTH), ("zh", corpus.PATIENT)):
        first, second = (texts[system][f"{LONG}:{language}"] or "" for system in (FIRST, SECOND))
        assert (len(first), len(second), set(first) & set(second)) == (length, length, set())
        began = time.monotonic()
        watched.visit(to(LONG, language=language, systems=both, diff=both))
        expect(watched.page.locator(f"[data-testid=output-text] .plain[lang={language}]")).to_have_count(2)
        expect(watched.page.locator("main")).to_contain_text("too long or too different")
        expect(watched.page.get_by_test_id("diff")).to_have_count(0)
        assert time.monotonic() - began < 20, "the page hangs"
