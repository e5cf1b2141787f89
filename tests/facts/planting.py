"""Sixty errors to plant in the sample corpus's references: ``planted.tsv``, five of each kind, checked by eye.

Each makes one reference wrong in one fact, against its source and against the reference in the other
language, which say the old. A dropped point is no error against the source: only the other reference
still has what is gone.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from tercet.records import Article, Summary

TABLE = Path(__file__).with_name("planted.tsv")
KINDS = (
    *("number", "magnitude", "unit", "currency", "date", "weekday"),
    *("points", "multiple", "approximator", "direction", "name", "dropped"),
)
DROPPED = "dropped"
#: By kind, what a verdict may call it where the two texts speak of the same thing.
ERRORS: Mapping[str, frozenset[str]] = {
    **{kind: frozenset({kind}) for kind in KINDS},
    "date": frozenset({"decade", "year", "quarter", "month", "day"}),
    DROPPED: frozenset({"dropped point"}),
}


class Planted(NamedTuple):
    """One row of the table.

    Args:
        article: Its id.
        language: Of the reference that is spoilt.
        kind: One of ``KINDS``.
        old: Words that stand in that reference once; of a dropped point, its label.
        new: What stands there instead.
    """

    article: str
    language: str
    kind: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoilt:
    """An article with an error in one of its references.

    Args:
        planted: The error.
        article: All but that reference as it was.
        text: The reference's text, spoilt.
        language: Of the text in which a fact that the other has not should be found: the spoilt one's,
            but for a dropped point the other's.
        span: Where that fact, or the point that the other lacks, stands in that text.
    """

    planted: Planted
    article: Article
    text: str
    language: str
    span: tuple[int, int]


def table() -> list[Planted]:
    """Read the errors."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return [Planted(**row) for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)]


def spoil(planted: Planted, articles: Mapping[str, Article]) -> Spoilt:
    """Plant an error.

    Args:
        planted: The error.
        articles: The sample corpus's, by id.
    """
    article = articles[planted.article]
    if planted.kind == DROPPED:
        return _drop(planted, article)
    summary = _changed(article.references[planted.language][0], lambda text: text.replace(planted.old, planted.new))
    start = summary.text.index(planted.new)
    return Spoilt(
        planted=planted,
        article=_with(article, summary),
        text=summary.text,
        language=planted.language,
        span=(start, start + len(planted.new)),
    )


def all_spoilt(articles: Mapping[str, Article]) -> Iterator[Spoilt]:
    """Plant each error of the table by itself."""
    return (spoil(planted, articles) for planted in table())


def _drop(planted: Planted, article: Article) -> Spoilt:
    summary = article.references[planted.language][0]
    labels = [point.label for point in summary.key_points]
    place = labels.index(planted.old)
    kept = tuple(point for i, point in enumerate(summary.key_points) if i != place)
    spoilt = replace(summary, key_points=kept)
    (other,) = (code for code in article.references if code != planted.language)
    intact = article.references[other][0]
    point = intact.key_points[place].text
    start = intact.text.index(point)
    return Spoilt(
        planted=planted,
        article=_with(article, spoilt),
        text=spoilt.text,
        language=other,
        span=(start, start + len(point)),
    )


def _changed(summary: Summary, change: Callable[[str], str]) -> Summary:
    return replace(
        summary,
        abstract=change(summary.abstract),
        key_points=tuple(replace(point, text=change(point.text)) for point in summary.key_points),
        closing=None if summary.closing is None else change(summary.closing),
    )


def _with(article: Article, summary: Summary) -> Article:
    return replace(article, references={**article.references, summary.language: (summary,)})
