"""A report read back from its file, and the runs and the corpus that the tests of its numbers are about."""

import gzip
import json
import re
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.runs import articles, command, faithful, furnish, scored

Record = dict[str, Any]
METRICS = ("metric=[rouge,chrf,facts,agreement,keypoints]", "metrics.keypoints.threshold=null")
QUICK = ("--replicates", "499")  # the tests' numbers are checked elsewhere
SMILE = "\U0001f600"  # takes two places in JavaScript
#: Its key points: told by their figures, but for one that has none.
POINTS = [
    {"label": "Cost", "text": "It cost 12 million euros."},
    {"label": "Length", "text": "It is 45 kilometres long."},
    {"label": "Mood", "text": "All came."},
]
_PART = re.compile(r'<script type="application/gzip" id="([^"]+)">([^<]*)</script>')


def unpacked(text: str) -> Any:
    """Read a packed part."""
    return json.loads(gzip.decompress(b64decode(text, validate=True)))


def parts(path: Path) -> dict[str, Any]:
    """Read all parts of a report, by their names."""
    return {name: unpacked(text) for name, text in _PART.findall(path.read_text("utf-8"))}


def details(found: Mapping[str, Any]) -> dict[str, Record]:
    """Give the details of the articles of a report, by id."""
    blocks = [found[f"block-{i}"] for i in range(sum(name.startswith("block-") for name in found))]
    return {article["id"]: article for block in blocks for article in block}


def reported(*words: object, path: str = "report.html") -> dict[str, Any]:
    """Make a report where we stand, and read it."""
    done = command("report", *words, "-o", path, *QUICK)
    assert done.exit_code == 0, done.output
    return parts(Path(path))


def lines(path: Path) -> list[Record]:
    """Read JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8", errors="surrogatepass").split("\n") if line]


def news() -> list[Record]:
    """Make a corpus: an article with all fields, one with key points and mistakes in them, one without a source."""
    found = articles(8)
    found[0] |= {
        "source": f"{SMILE} {found[0]['source']}",
        "title": f"Bridges & ferries {SMILE}",
        "date": "2025-03-14",
        "author": "Ann Ample",
        "link": "https://example.org/bridges",
        "tags": ["north", "news"],
    }
    found[1] |= {"source": "The bridge cost 12 million euros. It is 45 kilometres long. All came.", "references": {
        "en": {"headline": "A bridge for 120 million euros", "abstract": "A bridge opened.", "key_points": POINTS},
        "zh": {"abstract": "一座桥开通。", "key_points": [{"label": "造价", "text": "耗资1200万欧元。"}]},
    }}  # fmt: skip
    del found[2]["source"]
    return found


def texts_of(found: list[Record], name: str) -> dict[str, str | None]:
    """Write a system's outputs; those of ``wrong`` are wrong by ten, and one is missing."""
    plain = [*found]
    plain[1] = {**found[1], "references": {"en": "The bridge cost 12 million euros.", "zh": "桥长45公里。"}}
    texts = faithful(plain, name)
    texts["item-001:en"] = "The bridge cost 12 million euros."
    if name == "wrong":
        texts["item-000:en"] = f"{SMILE} It cost 110 million euros, {SMILE} said all."
        texts["item-000:zh"] = "耗资1100万欧元。"
        texts["item-003:en"] = None
    return texts


def two_runs() -> tuple[Path, Path]:
    """Score two systems where we stand: a good one, and one that is wrong and lacks an output."""
    found = news()
    furnish(found)
    good, wrong = (scored(command, name, texts_of(found, name), *METRICS) for name in ("good", "wrong"))
    return good, wrong
