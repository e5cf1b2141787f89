"""Places in texts, as a page shows them: what comes before, the place, and what comes after."""

from tercet.comparing.records import FalseFact
from tercet.records import Quote
from tercet.text.excerpts import pieces_of

Pieces = tuple[str, str, str]


def listed(fact: FalseFact, article: str, language: str) -> dict[str, object]:
    """Describe a fact with its words, for lists in which its text does not stand."""
    return {
        "case": fact.case_id,
        "article": article,
        "language": language,
        "kind": fact.kind,
        "label": fact.label,
        "value": fact.value,
        "message": fact.message,
        "place": _pieces(fact.place),
        "other": _pieces(fact.other),
    }


def _pieces(quote: Quote | None) -> Pieces | None:
    return None if quote is None else pieces_of(quote)
