"""Names that the tests of this folder share, and how they write files and addresses."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.viewing.logic.corpus import IDS, LONG, records

Info = dict[str, Any]
Texts = dict[str, dict[str, str | None]]  # by system and case
FIRST, SECOND, LEAD = "first", "second", "lead + copy"
REPEATS = 2  # of the run of lead
EVERY = len(IDS) * 2 * REPEATS  # cases: articles, languages, repeats
QUICK = ("--replicates", "499")  # p-values are checked elsewhere


def write(name: str, records: Any) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")


def to(article: str, **options: object) -> str:
    """The address of an article."""
    return f"#article={quote(article, safe='')}" + "".join(f"&{name}={value}" for name, value in options.items())


def cases() -> Iterator[tuple[str, str, str]]:
    """Article, language and case of each, but for the long ones."""
    for article in IDS:
        for language in ("en", "zh"):
            if article != LONG:
                yield article, language, f"{article}:{language}"


def reference(article: str, language: str, number: int = 0) -> str:
    """A reference's text: one line each for abstract, points and closing."""
    (record,) = [record for record in records() if record["id"] == article]
    found = record["references"][language]
    one = found[number] if isinstance(found, list) else found
    if isinstance(one, str):
        return one
    return "\n".join(
        [one["abstract"], *(f"{point['label']}: {point['text']}" for point in one["key_points"]), one["closing"]]
    )
