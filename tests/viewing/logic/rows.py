"""Rows of the article table: which case each is."""

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from tests.viewing.logic.common import REPEATS
from tests.viewing.logic.corpus import IDS

if TYPE_CHECKING:
    from playwright.sync_api import Page

Row = tuple[str, str, int]  # article, language, repeat


def drawn(page: "Page") -> list[Row]:
    """Article, language and repeat of each row that is drawn, from the top, as its link has them."""
    by_place = (
        "rows => rows.sort((a, b) => a.dataset.position - b.dataset.position)"
        ".map(row => row.querySelector('a').getAttribute('href'))"
    )
    found = []
    for address in page.eval_on_selector_all("[data-testid=article-row]", by_place):
        options = dict(parse_qsl(address[1:], keep_blank_values=True))
        found.append((options["article"], options["language"], int(options.get("repeat", 0))))
    return found


def every_row() -> list[Row]:
    """All rows in the corpus's order."""
    return [(article, language, repeat) for article in IDS for language in ("en", "zh") for repeat in range(REPEATS)]
