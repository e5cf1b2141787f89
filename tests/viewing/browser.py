"""Reports in a real browser: Chromium without a window, opened from disk, watched for whatever a report must not do."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request

VARIABLE = "TERCET_CHROMIUM"  # names the browser's file
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)
PLACES = ("overview", "compare", "articles", "article", "method")
# A violation of the content security policy is told by an event; the console tells of most, but not of all.
_LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


def find_chromium() -> str | None:
    """Find the browser: the one that the environment names, or the first on the path."""
    named = os.environ.get(VARIABLE)
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


@dataclass(eq=False)
class Watched:
    """A page, and whatever it did that a report must not do.

    Args:
        page: The page.
        file: The report, which alone may be asked for.
        trouble: What was seen; empty at the end of a test.
    """

    page: "Page"
    file: Path
    trouble: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))
        self.page.on("request", self._request)
        self.page.on("dialog", self._dialog)
        self.page.on("popup", lambda popup: self.trouble.append(f"a window was opened: {popup.url}"))
        self.page.on("download", lambda download: self.trouble.append(f"a download was started: {download.url}"))
        self.page.add_init_script(_LISTEN)

    def go(self, address: str = "") -> "Page":
        """Open the report anew at an address, as a link from elsewhere would, and wait until it is drawn."""
        self._gather()
        self.page.goto("about:blank")
        self.page.goto(self.file.as_uri() + address)
        self.page.wait_for_selector("main h1")
        return self.page

    def visit(self, address: str) -> "Page":
        """Go somewhere else within the report, as one of its own links does."""
        self.page.evaluate("address => { location.hash = address }", address)
        return self.page

    def finish(self) -> list[str]:
        """Give all that was seen."""
        self._gather()
        return self.trouble

    def forget(self) -> None:
        """Let the next test find the page as this one did: with nothing seen, chosen or pointed at."""
        self.trouble.clear()
        self.page.evaluate("() => { try { localStorage.clear() } catch { /* nothing is remembered */ } }")
        self.page.mouse.move(0, 0)

    def _gather(self) -> None:
        self.trouble += [f"policy: {found}" for found in self.page.evaluate("window.violations ?? []")]

    def _console(self, message: "ConsoleMessage") -> None:
        if message.type in {"error", "warning"}:
            self.trouble.append(f"console: {message.text}")

    def _request(self, request: "Request") -> None:
        address = request.url.partition("#")[0]
        if address not in {self.file.as_uri(), "about:blank"}:
            self.trouble.append(f"request: {address[:200]}")

    def _dialog(self, dialog: "Dialog") -> None:
        self.trouble.append(f"dialog: {dialog.message}")
        dialog.dismiss()


Open = Callable[..., Watched]


@contextmanager
def launched(executable: str) -> Iterator["Browser"]:
    """Start a browser, and end it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def watching(browser: "Browser", file: Path, *, width: int = 1280, dark: bool = False) -> Iterator[Watched]:
    """Give a page of its own: nothing is remembered from another.

    Args:
        browser: From ``launched``.
        file: The report.
        width: Of the window, in pixels.
        dark: Whether the reader's system prefers dark colours.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        locale="en-US",
    )
    context.set_default_timeout(10_000)
    try:
        yield Watched(context.new_page(), file)
    finally:
        context.close()


def settle(page: "Page") -> None:
    """Wait until two frames are drawn and nothing is being unpacked: what was asked for is then on the page."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_function("() => !document.querySelector('main [data-testid=waiting]')")
