"""The tables of the page: sorted, filtered and compared, with numbers that are counted here from the run folders."""

import json
import re
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tercet.corpora.sample import Sample
from tests.viewing import expected
from tests.viewing.browser import Open, settle
from tests.viewing.reports import LOST, Made, call

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

ROW = "article-row"
CASES = 48  # 24 articles in two languages
ARTICLES = Sample().load().articles
WORD = "frost"  # of one article's texts, and of no title


@pytest.fixture(scope="module")
def report(sample: Made) -> Path:
    return sample.path


@pytest.fixture(scope="module")
def compared(sample: Made) -> dict[str, Any]:
    """What the command line says of the pair that the page shows; made before the browser starts."""
    pair = [sample.runs["careful"], sample.runs["hasty"]]
    with chdir(sample.path.parent):
        told: dict[str, Any] = json.loads(call("compare", *pair, "--on", "common", "--format", "json"))
    return told


def numbers(text: str) -> list[float]:
    """The numbers of a text, with a true minus."""
    return [float(found.replace("−", "-")) for found in re.findall(r"[−-]?\d+\.?\d*", text)]


def column(table: "Locator", name: str) -> list[float]:
    """The value of each cell of a column of the leaderboard."""
    heads = [head.inner_text().split() for head in table.locator("thead tr").last.locator("th").all()]
    place = next(i for i, head in enumerate(heads) if head[:1] == [name])
    return [float(row.locator("th, td").nth(place).locator(".value").inner_text()[-5:]) for row in rows_of(table)]


def rows_of(table: "Locator") -> "list[Locator]":
    return table.locator("tbody tr").all()


def shown_cases(page: "Page") -> list[str]:
    """The cases of the article table that are drawn, from the top."""
    by_place = "rows => rows.sort((a, b) => a.dataset.position - b.dataset.position).map(row => row.dataset.case)"
    found: list[str] = page.eval_on_selector_all(f"[data-testid={ROW}]", by_place)
    return found


def counted(page: "Page") -> list[int]:
    """Shown and all cases, as the page counts them."""
    return [int(found) for found in re.findall(r"\d+", page.get_by_test_id("article-count").inner_text())]


def test_the_leaderboard_is_sorted_by_its_headers(opened: Open, sample: Made) -> None:
    page = opened().page
    head = page.get_by_test_id("sort-en-score-rouge1")
    cell = head.locator("xpath=..")
    table = page.get_by_test_id("leaderboard-en").locator("table").first
    assert cell.get_attribute("aria-sort") == "none"
    head.click()
    assert cell.get_attribute("aria-sort") == "descending"
    found = column(table, "rouge1")
    assert found == sorted(found, reverse=True)
    order = expected.best_first(sample.runs, "rouge1", "en")
    assert [name in row.inner_text() for name, row in zip(order, rows_of(table), strict=True)] == [True] * 3
    head.click()
    assert cell.get_attribute("aria-sort") == "ascending"
    assert column(table, "rouge1") == found[::-1]


def test_values_that_lack_cases_say_so(opened: Open) -> None:
    page = opened().page
    row = page.get_by_test_id("leaderboard-zh").locator("tbody tr", has_text="hasty")
    assert "23/24" in row.inner_text()
    assert "the server answered 503" in page.get_by_test_id("not-scored-zh").inner_text()


def sort_keys(name: str, sample: Made) -> dict[str, Any]:
    run = sample.runs["hasty"]
    if name == "score-1":
        return dict.fromkeys(expected.cases(run)) | expected.values(run, "rouge1")
    if name == "facts-1":
        return expected.false_facts(run)
    if name == "title":  # where Chinese ones stand among the others is the browser's to say
        return {case: title[0] if title.isascii() else None for case, title in expected.field_of(run, name).items()}
    return expected.field_of(run, name)


def test_the_article_table_is_sorted_by_its_headers(opened: Open, sample: Made) -> None:
    page = opened("#articles").page
    for name, first in (("title", 1), ("date", 1), ("score-1", 1), ("facts-1", -1)):
        head = page.get_by_test_id(f"sort-{name}")
        known = sort_keys(name, sample)
        for sign in (first, -first):
            head.click()
            settle(page)
            assert head.locator("xpath=..").get_attribute("aria-sort") == ("ascending" if sign > 0 else "descending")
            found = [value for case in shown_cases(page) if (value := known[case]) is not None]
            assert found == sorted(found, reverse=sign < 0), (name, sign)
            assert len(found) >= 8, name


def test_what_is_not_known_comes_last_either_way(opened: Open) -> None:
    watched = opened("#articles")
    for direction in ("asc", "desc"):
        watched.visit(f"#articles&sort=score-1&dir={direction}&language=zh&q=e")
        settle(watched.page)
        found = shown_cases(watched.page)
        assert (found[-1], len(found) > 5) == (LOST, True)


FILTERS = {
    "the language": "language=zh",
    "a tag": "tag=transport",
    "words of a title": "q=COFFEE",
    "words of the texts": f"q={WORD}&texts=yes",
    "false facts": "facts=yes",
    "failed": "failed=yes",
    "faulty references": "audit=yes",
    "false facts in English": "facts=yes&language=en",
    "regressed": "regressed=yes&baseline=0&candidate=1",
    "regressed the other way": "regressed=yes&baseline=1&candidate=0",
}


def test_each_filter_leaves_the_cases_that_it_names(opened: Open, sample: Made) -> None:
    watched = opened("#articles")
    page = watched.page
    for name, options in FILTERS.items():
        watched.visit(f"#articles&{options}")
        wanted = left(name, sample)
        expect(page.get_by_test_id("article-count"), name).to_have_text(f"{len(wanted)} of {CASES} cases")
        assert set(shown_cases(page)) <= wanted, name
        assert (0 < len(wanted) < CASES) is (name != "faulty references"), "the sample corpus has no mistake"


def left(name: str, sample: Made) -> set[str]:
    """The cases that a filter should leave."""
    careful, hasty = sample.runs["careful"], sample.runs["hasty"]
    shown = [careful, hasty]  # the upper bound has no column
    deltas = expected.deltas(expected.values(careful, "rouge1"), expected.values(hasty, "rouge1"))
    false = expected.with_false_facts(shown)
    found = {
        "the language": set(expected.in_language(careful, "zh")),
        "a tag": set(expected.tagged(careful, "transport")),
        "words of a title": set(expected.named(careful, "coffee")),
        "words of the texts": expected.with_words(careful, ARTICLES, sample.runs.values(), WORD),
        "false facts": false,
        "failed": {LOST},
        "faulty references": set(expected.with_faults(careful, ARTICLES)),
        "false facts in English": {case for case in false if case.endswith(":en")},
        "regressed": {case for case, delta in deltas.items() if delta < -1e-9},
        "regressed the other way": {case for case, delta in deltas.items() if delta > 1e-9},
    }
    return found[name]


def test_boxes_filter_and_the_address_says_so(opened: Open) -> None:
    page = opened("#articles").page
    for name in ("facts", "failed", "regressed"):
        page.get_by_test_id(f"filter-{name}").check()
        page.wait_for_url(f"**/*{name}=yes*")
        settle(page)
        assert counted(page)[0] < CASES, name
        page.get_by_test_id(f"filter-{name}").uncheck()
        settle(page)
        assert counted(page) == [CASES, CASES], name


def test_words_that_are_typed_filter(opened: Open, sample: Made) -> None:
    page = opened("#articles").page
    page.get_by_test_id("article-search").fill("Coffee")
    page.wait_for_url("**/*q=Coffee*")
    settle(page)
    assert set(shown_cases(page)) == left("words of a title", sample)


def test_two_runs_are_compared_as_the_command_line_compares_them(
    compared: dict[str, Any], opened: Open, sample: Made
) -> None:
    page = opened("#compare").page
    assert page.get_by_test_id("compare-baseline").input_value() == "0"
    assert page.get_by_test_id("compare-candidate").input_value() == "1"
    settle(page)
    rows = {
        (table.get_attribute("data-language"), name): row.locator("td")
        for table in page.get_by_test_id("compare-table").all()
        for row in rows_of(table)
        for name in row.locator("th").inner_text().split()[:1]
    }
    (versus,) = compared["versus"]
    assert len(rows) == len(versus["differences"]) >= 16
    for found in versus["differences"]:
        cells = rows[found["language"], found["score"]]
        digits = found["decimals"]
        assert numbers(cells.nth(1).inner_text()) == written([found["baseline"]], digits)
        assert numbers(cells.nth(2).inner_text()) == written([found["candidate"]], digits)
        assert numbers(cells.nth(3).inner_text()) == written([found["delta"], *(found["interval"] or ())], digits)
        counts = [int(value) for value in numbers(cells.nth(6).inner_text())]
        assert counts[:3] == [found["wins"], found["ties"], found["losses"]], found
        assert str(found["pairs"]) in cells.nth(7).inner_text()
        assert found["outcome"].replace("unshown", "no difference") in cells.nth(0).inner_text()
    for name, facts in (("new-fact", versus["new"]), ("repaired-fact", versus["repaired"])):
        assert page.get_by_test_id(name).count() == min(5, len(facts)), "the worst come first"
        if len(facts) > 5:
            page.get_by_test_id(f"{name}s-more").click()
        expect(page.get_by_test_id(name)).to_have_count(len(facts))
    assert versus["new"]


def written(values: list[float | None], digits: int) -> list[float]:
    """Round as the page writes numbers."""
    return [float(f"{value:.{digits}f}") for value in values if value is not None]


def test_a_pair_that_is_turned_round_has_the_other_sign(opened: Open) -> None:
    page = opened("#compare=0,1").page
    delta = page.get_by_test_id("compare-table").first.locator("tbody tr").first.locator("td").nth(3)
    before = numbers(delta.inner_text())
    page.get_by_test_id("compare-swap").click()
    settle(page)
    assert page.get_by_test_id("compare-baseline").input_value() == "1"
    low, high = before[1:]
    assert numbers(delta.inner_text()) == [-before[0], -high, -low]
