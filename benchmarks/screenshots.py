"""Pictures of a report: its places in both themes, on a desk and on a phone, and an article in Chinese.

Run: ``python -m benchmarks.screenshots [RUN...] [--out docs/screenshots] [--article ID]``; without runs it takes those
of ``benchmarks.report_runs``. It needs Chromium, on the path or named by TERCET_CHROMIUM. The pictures show the whole
place where it is not longer than two windows.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.viewing.browser import Watched, find_chromium, launched, settle, watching

from benchmarks.report_runs import made

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FloatRect

_WIDTHS = {"desk": 1280, "phone": 390}
_ARTICLE = "chip-plant-dresden&language=zh"  # of our own runs: English facts, wrong in Chinese
_LONGEST = 1750  # pixels of a picture
_WINDOW = ("articles", "article")  # these scroll within themselves, and a card stands where the window is
_DRAWN = 400  # milliseconds that charts are given


class Picture(NamedTuple):
    """What to take.

    Args:
        name: Of the file, without its ending.
        address: Of the place.
        width: Of the window.
        dark: The theme.
        chinese: The page's language.
        whole: Whether to take more than the window.
    """

    name: str
    address: str
    width: int
    dark: bool
    chinese: bool = False
    whole: bool = True


def pictures(article: str) -> Iterator[Picture]:
    """List the pictures; ``article`` is the address of one."""
    places = {"verdict": "#overview", "leaderboard": "#overview", "article": article, "compare": "#compare"}
    places["articles"] = "#articles"
    for device, width in _WIDTHS.items():
        for theme in ("light", "dark"):
            for name, address in places.items():
                yield Picture(f"{name}-{device}-{theme}", address, width, theme == "dark", whole=name not in _WINDOW)
    yield Picture("article-desk-light-zh", article, _WIDTHS["desk"], dark=False, chinese=True, whole=False)


def worst_article(browser: "Browser", report: Path) -> str:
    """Find the article with the most false facts: the most to look at."""
    with watching(browser, report) as watched:
        page = watched.go("#articles&facts=yes&sort=facts-0")
        if not page.get_by_test_id("article-row").count():
            page = watched.go("#articles")
        page.get_by_test_id("article-row").first.wait_for()
        return page.get_by_test_id("article-row").first.locator("a").get_attribute("href") or "#articles"


def take(watched: Watched, picture: Picture, out: Path) -> None:
    """Take a picture, with a card open in an article that has a mark."""
    page = watched.page
    if picture.chinese:
        page.get_by_test_id("language-switch").get_by_text("中文").click()
    page.wait_for_timeout(_DRAWN)
    marks = page.locator("[data-testid=output-text] [data-testid=fact-mark]")
    if picture.address.startswith("#article=") and marks.count():
        marks.first.focus()
    settle(page)
    height = page.evaluate("document.documentElement.scrollHeight")
    part: FloatRect = {"x": 0, "y": 0, "width": picture.width, "height": min(height, _LONGEST)}
    path = out / f"{picture.name}.png"
    if picture.name.startswith("leaderboard"):
        page.locator("section", has=page.get_by_test_id("all-scores")).last.screenshot(path=path)
    elif picture.whole:
        page.screenshot(path=path, full_page=True, clip=part)
    else:
        page.screenshot(path=path)


def main() -> None:
    """Write the report of some runs into a temporary file, and take its pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="*", type=Path)
    parser.add_argument("--out", type=Path, default=Path("docs/screenshots"))
    parser.add_argument("--article", help="its id; without, the one with the most false facts")
    given = parser.parse_args()
    executable = find_chromium()
    if executable is None:
        raise SystemExit("No Chromium is here.")
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, launched(executable) as browser:
        runs = [path.resolve() for path in given.runs] or [path.relative_to(folder) for path in made(Path(folder))]
        subprocess.run([sys.executable, "-m", "tercet", "report", *runs, "-o", "report.html"], cwd=folder, check=True)
        report = Path(folder) / "report.html"
        named = given.article or (None if given.runs else _ARTICLE)
        article = f"#article={named}" if named else worst_article(browser, report)
        for picture in pictures(article):
            with watching(browser, report, width=picture.width, dark=picture.dark) as watched:
                watched.go(picture.address)
                take(watched, picture, given.out)
            if trouble := watched.trouble:
                raise SystemExit(f"{picture.name}: {trouble}")
            print(given.out / f"{picture.name}.png")


if __name__ == "__main__":
    main()
