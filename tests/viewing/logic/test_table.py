"""What the article table filters, sorts and finds, counted from run folders and by the command line."""

import json
import re
from contextlib import chdir
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.viewing import expected
from tests.viewing.browser import Open, Watched, settle
from tests.viewing.logic import corpus
from tests.viewing.logic.common import (
    EVERY,
    FIRST,
    LEAD,
    QUICK,
    REPEATS,
    SECOND,
    Info,
    Texts,
    reference,
)
from tests.viewing.logic.corpus import IDS, ODD
from tests.viewing.logic.rows import Row, drawn, every_row
from tests.viewing.reports import Made, call

SAME = 1e-9  # below this, sums of floats are equal


@pytest.fixture(scope="module", autouse=True)
def compared(made: Made) -> dict[tuple[str, str], Info]:
    """What the command line says of pairs; made before the browser starts."""
    found = {}
    with chdir(made.path.parent):
        for pair in ((FIRST, SECOND), (SECOND, LEAD)):
            told = call("compare", *(made.runs[name] for name in pair), "--on", "common", "--format", "json", *QUICK)
            (found[pair],) = json.loads(told)["versus"]
    return found


def row_of(case: str) -> Row:
    """Part a case's id: "zebra:zh#2" is the second time."""
    article, language, again = re.fullmatch(r"(.*):(\w+)(?:#(\d+))?", case, re.DOTALL).groups()  # type: ignore[union-attr]
    return article, language, int(again or 1) - 1


def values(run: Path, score: str) -> dict[Row, float]:
    return {row_of(case): value for case, value in expected.values(run, score).items()}


def count(watched: Watched, options: str, wanted: int) -> None:
    """Go to the table, and wait until it has so many rows."""
    watched.visit(f"#articles{options}")
    expect(watched.page.get_by_test_id("article-count")).to_have_text(f"{wanted} of {EVERY} cases")


def test_what_got_worse_is_what_the_command_line_counts_as_lost(
    compared: dict[tuple[str, str], Info], made: Made, opened: Open, place: dict[str, int]
) -> None:
    watched = opened("#articles")
    found = 0
    for (baseline, candidate), versus in compared.items():
        for difference in versus["differences"]:
            score, language = difference["score"], difference["language"]
            if not difference["headline"]:
                continue
            before, after = (values(made.runs[name], score) for name in (baseline, candidate))
            sign = -1 if difference["higher_is_better"] is False else 1
            lost = {
                row
                for row, value in before.items()
                if row[1] == language and sign * (after.get(row, value) - value) < -SAME
            }
            assert len(lost) == difference["losses"]
            pair = f"&baseline={place[baseline]}&candidate={place[candidate]}"
            count(watched, f"&regressed=yes{pair}&score={score}&language={language}", len(lost))
            assert set(drawn(watched.page)) == lost
            found += len(lost)
    assert found > 30


SORTED = (("chrf", FIRST, SECOND), ("rouge1", LEAD, SECOND), ("contradictions", SECOND, LEAD))


def test_rows_are_sorted_by_difference_and_the_unknown_come_last(
    made: Made, opened: Open, place: dict[str, int]
) -> None:
    watched = opened("#articles")
    unknown = 0
    for score, baseline, candidate in (
        ("chrf", FIRST, SECOND),
        ("rouge1", LEAD, SECOND),
        ("contradictions", SECOND, LEAD),
    ):
        before, after = (values(made.runs[name], score) for name in (baseline, candidate))
        deltas = {row: round(after[row] - before[row], 6) for row in before if row in after}
        pair = f"&baseline={place[baseline]}&candidate={place[candidate]}"
        for language in ("en", "zh"):
            mine = [row for row in every_row() if row[1] == language]
            for direction, sign in (("asc", 1), ("desc", -1)):
                count(watched, f"&sort=delta&dir={direction}&score={score}&language={language}{pair}", len(mine))
                settle(watched.page)
                # Equal ones stay in the corpus's order.
                wanted = sorted(mine, key=lambda row: (row not in deltas, sign * deltas.get(row, 0.0)))
                assert drawn(watched.page) == wanted, (score, language, direction)
            unknown += sum(row not in deltas for row in mine)
    assert unknown > 30


SEARCHED = {
    "of every title": "& MORE",
    "of sources alone": "tariff",
    "of sources": "opened 4 bridges",
    "of references alone": "closing WORDS",
    "of a headline alone": "headline",
    "of a second reference alone": "naïve",
    "of outputs alone": "It cost",
    "of a system's outputs alone": "ferries sail",
    "Chinese": "黎明",
    "Chinese of all": "开通了",
    "beyond U+FFFF": "\U00020bb7",
    "half of what is one": "\U0001f1eb",
    "full-width": "万欧元",
    "a blank around": "  Belmont ",
    "a line's end": "euros.\nMood",
    "a regular expression": ODD,
    "everything to one": ".*",
    "a set": "[a-z]",
    "a backslash": "\\w",
    "a quote": '"quoted"',
    "brackets": "(c)*",
    "tags": "<b>",
    "an address": "&language=zh",
    "a percent sign": "100%+",
    "escaped": "%41",
}


def holding(words: str, texts: Texts) -> set[Row]:
    """The cases with some words in title or id, source, reference or any output."""
    needle = words.strip().lower()
    found = set()
    for record in corpus.records():
        id_ = record["id"]
        for language in ("en", "zh"):
            several = record["references"][language]
            count = len(several) if isinstance(several, list) else 1
            shared = [record["title"], id_, record["source"], *(reference(id_, language, i) for i in range(count))]
            shared += [one["headline"] for one in several if isinstance(several, list) and isinstance(one, dict)]
            for repeat in range(REPEATS):
                case = f"{id_}:{language}" + (f"#{repeat + 1}" if repeat else "")
                outputs = [known.get(case) or "" for known in texts.values()]
                if any(needle in text.lower() for text in [*shared, *outputs]):
                    found.add((id_, language, repeat))
    return found


def test_a_search_of_texts_finds_what_holds_the_words(opened: Open, texts: Texts) -> None:
    watched = opened("#articles")
    sizes = set()
    for name, words in SEARCHED.items():
        wanted = holding(words, texts)
        watched.visit(f"#articles&texts=yes&q={quote(words, safe='')}")
        read = watched.page.get_by_test_id("search-progress")
        expect(read).to_have_text(f"searched {len(IDS)} articles")
        expect(watched.page.get_by_test_id("article-count"), name).to_have_text(f"{len(wanted)} of {EVERY} cases")
        settle(watched.page)
        assert set(drawn(watched.page)) <= wanted, name
        assert len(wanted) > 30 or set(drawn(watched.page)) == wanted, name
        sizes.add(len(wanted))
    assert len(sizes) > 5
    assert 0 in sizes


def test_what_is_typed_and_chosen_survives_a_reload(opened: Open, place: dict[str, int], texts: Texts) -> None:
    page = opened("#articles").page
    wanted = {row for row in holding(ODD, texts) if row[1] == "zh"}
    page.get_by_test_id("search-texts").check()
    page.get_by_test_id("article-search").fill(ODD)
    page.wait_for_url("**q=*")
    page.get_by_test_id("filter-language").select_option("zh")
    page.get_by_test_id("filter-score").select_option("chrf")
    page.get_by_test_id("table-candidate").select_option(str(place[SECOND]))
    page.get_by_test_id("table-baseline").select_option(str(place[LEAD]))
    for _ in range(2):
        page.get_by_test_id(f"sort-score-{place[SECOND]}").click()
        settle(page)
    for _ in range(2):
        expect(page.get_by_test_id("article-count")).to_have_text(f"{len(wanted)} of {EVERY} cases")
        assert set(drawn(page)) == wanted
        assert len(wanted) == REPEATS
        expect(page.get_by_test_id("article-search")).to_have_value(ODD)
        expect(page.get_by_test_id("search-texts")).to_be_checked()
        expect(page.get_by_test_id("filter-language")).to_have_value("zh")
        expect(page.get_by_test_id("filter-score")).to_have_value("chrf")
        expect(page.get_by_test_id("table-baseline")).to_have_value(str(place[LEAD]))
        expect(page.get_by_test_id("table-candidate")).to_have_value(str(place[SECOND]))
        head = page.get_by_test_id(f"sort-score-{place[SECOND]}").locator("xpath=..")
        assert head.get_attribute("aria-sort") == "descending"
        page.reload()
