"""The page over all results: what is one line, where links lead, and what is no run."""

import json
import shutil
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.viewing.browser import watching
from tests.viewing.logic import corpus
from tests.viewing.logic.common import (
    FIRST,
    QUICK,
    write,
)
from tests.viewing.reports import Made, call

if TYPE_CHECKING:
    from playwright.sync_api import Browser


STARTED = {
    "one": "2026-01-02T03:04:05+00:00",
    "again": "2026-03-04T05:06:07+00:00",
    "else": "2026-02-03T04:05:06+00:00",
}


@pytest.fixture(scope="module", autouse=True)
def history(made: Made) -> tuple[Path, dict[str, Path]]:
    """A page of results elsewhere: two runs of one system over the corpus, one over half of it, and what is no run."""
    folder = made.path.parent / "results #1 &amp; 100%"
    folder.mkdir()
    with chdir(made.path.parent):
        found = corpus.records()
        write("half.jsonl", found[:5])
        kept = {f"{record['id']}:{language}" for record in found[:5] for language in ("en", "zh")}
        write("half/first.jsonl", (item for item in corpus.outputs(FIRST) if item["id"] in kept))
        sets = {
            "one": ("first.jsonl", "corpus.path=news.jsonl", "metric=[chrf]"),
            "again": ("first.jsonl", "corpus.path=news.jsonl", "metric=[chrf,rouge]"),
            "else": ("half/first.jsonl", "corpus.path=half.jsonl", "metric=[chrf]"),
        }
        runs = {}
        for name, (outputs, *words) in sets.items():
            call("score", outputs, "corpus=jsonl", *words, f"results=made-{name}")
            (run,) = [path.parent for path in Path(f"made-{name}").glob("*/run.json")]
            runs[name] = Path(shutil.copytree(run, folder / f"{name} {run.name}"))
            info = json.loads((runs[name] / "run.json").read_text("utf-8"))
            info["time"] = {**(info.get("time") or {}), "started": STARTED[name]}  # as if made on other days
            (runs[name] / "run.json").write_text(json.dumps(info), "utf-8")
        call("report", runs["one"], *QUICK)
        (folder / "no run").mkdir()
        Path("pages").mkdir()
        call("report", "--index", folder, "-o", "pages/index.html")
    return made.path.parent / "pages" / "index.html", runs


def test_runs_of_two_corpora_are_never_in_one_line(history: tuple[Path, dict[str, Path]], chromium: "Browser") -> None:
    path, runs = history
    with watching(chromium, path) as watched:
        page = watched.go()
        page.get_by_test_id("history-score").select_option("chrf")
        for language in ("en", "zh"):
            page.get_by_test_id("history-language").select_option(language)
            charts = page.get_by_test_id("history-chart")
            expect(charts).to_have_count(2)
            shown = []
            for chart in charts.all():
                chart.locator("summary").click()
                lines = chart.locator("tbody tr").all()
                told = [[cell.inner_text() for cell in line.locator("th, td").all()] for line in lines]
                shown.append([(run, started, float(value)) for run, _, started, value, *_ in told])
                chart.locator("summary").click()
            wanted = {name: chrf(run, language) for name, run in runs.items()}
            point = {name: (runs[name].name, STARTED[name][:16].replace("T", " "), wanted[name]) for name in runs}
            assert shown == [[point["one"], point["again"]], [point["else"]]]
        assert watched.finish() == []


def chrf(run: Path, language: str) -> float:
    """What ``run.json`` says, as a page rounds it."""
    scores = json.loads((run / "run.json").read_text("utf-8"))["scores"]
    (value,) = [item["value"] for item in scores if (item["score"], item["language"]) == ("chrf", language)]
    return float(f"{value:.1f}")


def test_reports_are_linked_from_elsewhere_and_no_run_is_told(
    history: tuple[Path, dict[str, Path]], chromium: "Browser"
) -> None:
    path, runs = history
    with watching(chromium, path) as watched:
        page = watched.go()
        (skipped,) = [
            row.inner_text() for row in page.get_by_test_id("history-skipped-table").locator("tbody tr").all()
        ]
        assert skipped.startswith("no run")
        assert "run.json" in skipped.removeprefix("no run")
        (link,) = page.get_by_test_id("history-table").locator("a").all()
        address = link.get_attribute("href") or ""
        assert address.startswith("../results%20%231%20%26amp%3B%20100%25/one%20")
        link.click()
        page.wait_for_url("**/report.html")
        expect(page.get_by_test_id("verdict")).to_be_visible()
        assert page.get_by_test_id("report-title").locator(".plain").inner_text() == FIRST
        assert page.url == (runs["one"] / "report.html").as_uri()
        assert watched.finish() == [f"request: {page.url}"[:209]]
