"""A report's page measured in Chromium: its first row, and the frames while one scrolls, sorts and filters."""

import re
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.viewing.browser import Watched, launched, watching

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LOADS = 5
STEPS = 200  # turns of the wheel
TURN = 240  # pixels
LONG = 50.0  # milliseconds of a frame that one notices
_ROW = "[data-testid=article-row]"
_TEXT = "[data-testid=output-text]"
# The time from the start of the navigation to the first frame that has a row: two frames on, the first is painted.
_FIRST_ROW = f"""
window.firstRow = new Promise((done) => {{
  const look = () =>
    document.querySelector("{_ROW}")
      ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())))
      : requestAnimationFrame(look);
  look();
}});
"""
_FRAMES = """
window.frames_ = [];
window.measuring = true;
let last = performance.now();
const tick = (now) => {
  window.frames_.push(now - last);
  last = now;
  if (window.measuring) requestAnimationFrame(tick);
};
requestAnimationFrame(tick);
"""
# From an action to the end of the frame that shows what came of it.
_ACT = """
async ([selector, text, watched]) => {
  const rows = () => [...document.querySelectorAll(watched)].map((row) => row.textContent).join("\\n");
  const before = rows();
  const element = document.querySelector(selector);
  const start = performance.now();
  if (text === null) element.click();
  else {
    element.value = text;
    element.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  for (;;) {
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const taken = performance.now() - start;
    if (rows() !== before) return taken;
    if (taken > 5000) return -1;
  }
}
"""


def measure_page(executable: str, file: Path) -> dict[str, float]:
    """Open a report's table of articles and use it.

    Args:
        executable: The browser.
        file: The report.

    Returns:
        By name: seconds and milliseconds; -1 where nothing came of an action.
    """
    with launched(executable) as browser:
        loads = [_first_row(browser, file) for _ in range(LOADS)]
        with watching(browser, file) as watched:
            page = watched.go("#articles")
            page.wait_for_selector(_ROW)
            scrolled = _scroll(page)
            page.mouse.wheel(0, -10 * STEPS * TURN)
            sort = [_act(page, '[data-testid="article-table"] button', None) for _ in range(3)]
            search = '[data-testid="article-search"]'
            filtered = [_act(page, search, "item-00123"), _act(page, search, "")]
            facts = _act(page, '[data-testid="filter-facts"]', None)
            searched = _search_texts(watched)
            opened = _act(watched.go("#articles"), f"{_ROW} a", None, _TEXT)
            trouble = watched.finish()
    assert not trouble, trouble
    return {
        "first row painted, s (median of 5)": statistics.median(loads) / 1000,
        "first row painted, s (slowest)": max(loads) / 1000,
        **scrolled,
        "sort by a column, ms (slowest of 3)": max(sort),
        "search for one article, ms": filtered[0],
        "search taken back, ms": filtered[1],
        "only those with false facts, ms": facts,
        **searched,
        "open an article, ms": opened,
    }


def _first_row(browser: "Browser", file: Path) -> float:
    with watching(browser, file) as watched:
        watched.page.add_init_script(_FIRST_ROW)
        watched.go("#articles")
        return float(watched.page.evaluate("window.firstRow"))


def _scroll(page: "Page") -> dict[str, float]:
    table = page.locator('[data-testid="article-table"]')
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, min(box["y"] + 200, 800))
    page.evaluate(_FRAMES)
    for _ in range(STEPS):
        page.mouse.wheel(0, TURN)
    page.wait_for_timeout(200)
    frames = page.evaluate("(window.measuring = false, window.frames_)")
    last = page.eval_on_selector_all(_ROW, "rows => Math.max(...rows.map((row) => Number(row.dataset.position)))")
    return {
        f"scrolled by {STEPS} turns: last row seen": last + 1,
        "longest frame, ms": max(frames),
        f"frames over {LONG:.0f} ms, %": 100 * sum(frame > LONG for frame in frames) / len(frames),
    }


def _search_texts(watched: Watched) -> dict[str, float]:
    """Search every text for words that stand in none, so that all are read."""
    page = watched.go("#articles&q=not+in+any+text")
    page.get_by_test_id("search-texts").wait_for()
    page.evaluate(_FRAMES)
    start = time.perf_counter()
    page.get_by_test_id("search-texts").check()
    page.get_by_text(re.compile("^searched")).wait_for(timeout=60_000)
    taken = time.perf_counter() - start
    frames = page.evaluate("(window.measuring = false, window.frames_)")
    return {"search all texts, s": taken, "longest frame meanwhile, ms": max(frames)}


def _act(page: "Page", selector: str, text: str | None, watched: str = _ROW) -> float:
    page.wait_for_selector(selector)
    return float(page.evaluate(_ACT, [selector, text, watched]))
