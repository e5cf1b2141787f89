"""Marks: the evidence of an output as places that a page can draw."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tercet.records import Quote
from tercet.text.excerpts import pieces_of
from tercet.text.utf16 import utf16_places

_OF_PARALLELS = "agreement"  # the metric that checks a text against the same system's in other languages


def marks(
    items: Iterable[Mapping[str, Any]], text: str | None, source: str | None, parallels: Sequence[str]
) -> list[dict[str, Any]]:
    """Turn the evidence of a case into marks.

    Args:
        items: Of ``evidence.jsonl``, those of one case.
        text: The output.
        source: The article's source text, as it is shown.
        parallels: The same system's texts in other languages.
    """
    place = utf16_places(text or "")
    found = []
    for item in items:
        start, end = item["start"], item["end"]
        there = text is not None and start is not None and end is not None and 0 <= start <= end <= len(text)
        quote = Quote(**item["quote"]) if item.get("quote") else None
        found.append(
            {
                "metric": item["metric"],
                "kind": item["kind"],
                "label": item.get("label", ""),
                "value": item.get("value", ""),
                "message": item["message"],
                "start": place(start) if there else None,
                "end": place(end) if there else None,
                "quote": None if quote is None else _quoted(quote, item["metric"], source, parallels),
            }
        )
    return found


def _quoted(quote: Quote, metric: str, source: str | None, parallels: Sequence[str]) -> dict[str, Any]:
    """Tell which text a quote is of: the one that has its words where it says.

    A system that copies has the source's words in the same places, so that the metric says where to look first.
    """
    texts = [("source", text) for text in (source,) if text is not None]
    texts = sorted([*texts, *(("parallel", text) for text in parallels)], key=lambda item: item[0] != _first(metric))
    where, text = next(((name, text) for name, text in texts if _stands(quote, text)), (_first(metric), quote.text))
    return quote_in(where, quote, text)


def _first(metric: str) -> str:
    return "parallel" if metric == _OF_PARALLELS else "source"


def _stands(quote: Quote, text: str) -> bool:
    return text.startswith(quote.text, quote.offset)


def quote_in(where: str, quote: Quote, text: str) -> dict[str, Any]:
    """Describe a quote of a text."""
    place = utf16_places(text)
    return {"in": where, "start": place(quote.start), "end": place(quote.end), "words": pieces_of(quote)}
