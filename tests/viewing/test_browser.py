"""The watch that tests in a browser keep sees what a report must not do."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.viewing.browser import watching

if TYPE_CHECKING:
    from playwright.sync_api import Browser

POLICY = '<meta http-equiv="Content-Security-Policy" content="script-src \'unsafe-inline\'; img-src data:">'
DEEDS = {
    "nothing": ("", None),
    "a message": ("<script>console.error('oh')</script>", "console: oh"),
    "an error": ("<script>missing()</script>", "error: missing is not defined"),
    "a picture": ('<img src="http://127.0.0.1:9/x.png">', "request: http://127.0.0.1:9/x.png"),
    "a file": ('<img src="other.png">', "request: file://"),
    "a dialog": ("<script>alert('oh')</script>", "dialog: oh"),
    "against the policy": (f'{POLICY}<img src="http://127.0.0.1:9/x.png">', "policy: img-src http://127.0.0.1:9"),
    "eval": (f"{POLICY}<script>try {{ eval('1') }} catch {{ }}</script>", "policy: script-src eval"),
}


@pytest.mark.parametrize("name", DEEDS)
def test_what_must_not_be_done_is_seen(name: str, chromium: "Browser", tmp_path: Path) -> None:
    content, said = DEEDS[name]
    file = tmp_path / "page.html"
    file.write_text(f"<!doctype html><html><head>{content}</head><main><h1>A page</h1></main></html>", "utf-8")
    with watching(chromium, file) as watched:
        watched.go()
        trouble = watched.finish()
    assert any(found.startswith(said) for found in trouble) if said else trouble == [], trouble
