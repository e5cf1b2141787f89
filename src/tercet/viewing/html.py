"""HTML: the viewer and the data in one file that asks for nothing from anywhere."""

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files

import tercet
from tercet.extras import require
from tercet.text.surrogates import readable
from tercet.viewing.packing import packed

_CLOSING = b"</body>\n</html>\n"


def html(title: str, parts: Mapping[str, str], blocks: Iterable[tuple[str, str]]) -> Iterator[bytes]:
    """Write a page, piece by piece.

    The viewer stands before the blocks, so that it shows its first rows while they are still being read.

    Args:
        title: Of the page.
        parts: What it needs at once: packed data by name.
        blocks: What it needs later; consumed as the page is written.

    Raises:
        MissingExtraError: Jinja is not installed.
    """
    jinja = require("jinja2", package="jinja2", extra="report", purpose="An HTML report")
    script, style = asset("viewer.js"), asset("style.css")
    environment = jinja.Environment(autoescape=True, undefined=jinja.StrictUndefined, keep_trailing_newline=True)
    template = environment.from_string((files("tercet.viewing") / "page.html.jinja").read_text("utf-8"))
    safe = environment.filters["safe"]
    head = template.render(
        title=readable(title),
        version=tercet.__version__,
        # Ours, built from src/viewer and without an end tag in it; their hashes alone let them run.
        script=safe(script),
        style=safe(style),
        script_hash=_hash(script),
        style_hash=_hash(style),
        parts=[*parts.items(), ("licences", packed({"text": asset("LICENSES.txt")}))],
    )
    yield head.encode("utf-8")
    for name, text in blocks:
        yield f'<script type="application/gzip" id="{name}">{text}</script>\n'.encode("ascii")
    yield _CLOSING


def asset(name: str) -> str:
    """Read a file of the built viewer."""
    return (files("tercet.viewing") / "assets" / name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}"
