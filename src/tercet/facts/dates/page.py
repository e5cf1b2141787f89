"""A text whose dates are being read."""

from tercet.facts.dates.resolving import Article
from tercet.facts.records import Moment


class Page:
    """A text, the date of its article, and what was found so far.

    A reader takes a page and a place, adds what it finds there, and says where the words end that state it; it says
    the place itself where there is nothing for it.

    Args:
        text: The text.
        date: The article's date, or None.
    """

    __slots__ = ("date", "found", "text")

    def __init__(self, text: str, date: Article) -> None:
        self.text = text
        self.date = date
        self.found: list[Moment] = []

    def places(self, word: str) -> list[int]:
        """Find the places of a word, faster than a pattern would that begins with any letter."""
        places = []
        at = self.text.find(word)
        while at >= 0:
            places.append(at)
            at = self.text.find(word, at + 1)
        return places

    def before(self, at: int, size: int) -> str:
        """Give the last characters before a place."""
        return self.text[max(0, at - size) : at]
