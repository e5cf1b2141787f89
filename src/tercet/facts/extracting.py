"""Everything in a text that can be checked."""

import datetime as dt
import re
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter

from tercet.facts import chinese, english
from tercet.facts.codes import codes
from tercet.facts.dates import moments
from tercet.facts.names import names
from tercet.facts.records import Fact, Name
from tercet.facts.stating import Facts
from tercet.facts.stopwatch import stopped
from tercet.text.languages import HAN

_PLACE: Callable[[Fact], tuple[int, int]] = itemgetter(0, 1)
_NOWHERE = (sys.maxsize, sys.maxsize)
_HAN = re.compile(f"{HAN}+")
_FAR = re.compile("[\u3007-\U0010ffff]")  # one range holds all of them, and is searched in a third of the time
_LATIN = re.compile("[A-Za-z]+")
_MOSTLY = 10  # letters a character: Chinese with many Latin names has fewer
_KEPT = 64  # a source is checked against by many candidates, one after the other


def extract(text: str, language: str, date: dt.date | None = None) -> Facts:
    """Find the facts of a text; the last texts are remembered.

    Args:
        text: Any text.
        language: What it should be in, ``zh`` or ``en``. A text that is plainly in the other is read in that.
        date: The article's, by which yesterday and last year are resolved.
    """
    return _extracted(text, written_in(text, language), date.date() if isinstance(date, dt.datetime) else date)


def written_in(text: str, language: str) -> str:
    """Tell whether a text should be read as Chinese or as English: an output may be in the wrong language.

    >>> written_in("It was left untranslated.", "zh"), written_in("Mistral AI获得6亿欧元", "zh")
    ('en', 'zh')
    """
    if text.isascii() or _FAR.search(text) is None or _HAN.search(text) is None:
        return "en" if _LATIN.search(text) else language
    characters = sum(map(len, _HAN.findall(text)))
    letters = sum(map(len, _LATIN.findall(text)))
    if language == "zh":
        return "en" if letters > _MOSTLY * characters else "zh"
    return "zh" if characters > letters else language


@lru_cache(maxsize=_KEPT)
def _extracted(text: str, language: str, date: dt.date | None) -> Facts:
    timed = list(stopped(text))
    when = moments(text, language, date)
    if timed:
        shown = {place for quantity in timed for place in range(quantity.start, quantity.end)}
        when = [moment for moment in when if moment.start not in shown]
    read = chinese.quantities if language == "zh" else english.quantities
    numbers, malformed = read(text, _places(when, timed))
    if timed:
        numbers = sorted([*numbers, *timed], key=_PLACE)
    coded = codes(text, numbers, when)
    return Facts(
        text=text,
        language=language,
        quantities=tuple(numbers),
        moments=tuple(when),
        malformed=tuple(malformed),
        names=tuple(_apart(names(text, language), _places(when, numbers, malformed, coded))),
        codes=tuple(coded),
    )


def _places(*kinds: Sequence[Fact]) -> list[tuple[int, int]]:
    return sorted([_PLACE(fact) for facts in kinds for fact in facts])


def _apart(found: list[Name], taken: list[tuple[int, int]]) -> list[Name]:
    """Leave out names that begin within another fact: GWh is a unit."""
    apart = []
    places = iter(taken)
    start, end = next(places, _NOWHERE)
    for name in found:
        at = name[0]
        while end <= at:
            start, end = next(places, _NOWHERE)
        if at < start:
            apart.append(name)
    return apart
