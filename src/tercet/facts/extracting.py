"""Everything in a text that can be checked."""

import datetime as dt
import re
from functools import lru_cache

from tercet.facts import chinese, english
from tercet.facts.codes import codes
from tercet.facts.dates import moments
from tercet.facts.names import names
from tercet.facts.places import apart, place, places
from tercet.facts.stating import Facts
from tercet.facts.stopwatch import stopped
from tercet.text.languages import HAN

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
        when = apart(when, places(timed))
    read = chinese.quantities if language == "zh" else english.quantities
    numbers, malformed = read(text, places(when, timed))
    if timed:
        numbers = sorted([*numbers, *timed], key=place)
    coded = codes(text, numbers, when)
    return Facts(
        text=text,
        language=language,
        quantities=tuple(numbers),
        moments=tuple(when),
        malformed=tuple(malformed),
        names=tuple(apart(names(text, language), places(when, numbers, malformed, coded))),
        codes=tuple(coded),
    )
