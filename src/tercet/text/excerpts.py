"""A place in a text, with the words about it."""

from tercet.records import Quote

_ABOUT = 60


def quote(text: str, start: int, end: int) -> Quote:
    """Cut a place out of a text, with some words before and after it, within its line."""
    first = max(text.rfind("\n", 0, start) + 1, start - _ABOUT)
    stop = text.find("\n", end)
    last = min(len(text) if stop < 0 else stop, end + _ABOUT)
    if first and _within_word(text, first):
        first = min(start, _boundary(text, first, start))
    while last > end and last < len(text) and _within_word(text, last):
        last -= 1
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return Quote(text=text[first:last], offset=first, start=start, end=end)


def _within_word(text: str, place: int) -> bool:
    """Tell whether a place is between two letters or digits of a word that spaces set apart."""
    return all(character.isascii() and character.isalnum() for character in text[place - 1 : place + 1])


def _boundary(text: str, place: int, limit: int) -> int:
    """Move on to the next beginning of a word."""
    while place < limit and not text[place].isspace():
        place += 1
    return place + 1 if place < limit else place


def pieces_of(place: Quote) -> tuple[str, str, str]:
    """Cut a quote into what comes before the place, the place, and what comes after."""
    start, end = place.start - place.offset, place.end - place.offset
    return place.text[:start], place.text[start:end], place.text[end:]
