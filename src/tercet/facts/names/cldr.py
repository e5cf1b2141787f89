"""Countries, their adjectives, and cities in English and Chinese, from the CLDR that babel carries.

CLDR has no list of adjectives. Its currencies have them (PEN is the Peruvian Sol, and its first two letters
are Peru's code), and so have its languages (Danish is 丹麦语, and Denmark 丹麦).
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from tercet.facts.names.folding import folded

if TYPE_CHECKING:
    from babel import Locale

# The world, zones for tests, and regions whose Chinese names are mostly something else: 中非 is China and Africa,
# 西亚 the end of many a transliteration.
_NO_COUNTRIES = frozenset({"001", "017", "145", "QO", "XA", "XB", "ZZ"})


@cache
def countries() -> dict[str, str]:
    """Folded English names of countries and regions, with the Chinese name by which they are known."""
    english, _ = _locales()
    found: dict[str, str] = {}
    for code, name in english.territories.items():
        key = _key(code)
        if key:
            for part in re.split(r" \(| - ", name.removesuffix(" SAR China").rstrip(")")):
                found[folded(part)] = key
    return found


def adjectives() -> Iterator[tuple[str, str]]:
    """Yield English adjectives of countries, with the country's key."""
    english, chinese = _locales()
    for code, name in english.currencies.items():
        key = None if code.startswith("X") else _key(code[:2])
        adjective = name.split(" (")[0].rpartition(" ")[0]
        if key and adjective and " " not in adjective:
            yield adjective, key
    known = frozenset(countries().values())
    for code, name in english.languages.items():
        people = chinese.languages.get(code, "").removesuffix("语")
        yield from ((name, key) for key in (people, people + "国", people + "斯坦") if key in known)


def derived(name: str) -> Iterator[str]:
    """Form what a country's English name may have as adjective where CLDR has none: Asian, Sudanese, Chadian."""
    if name.endswith("a"):
        yield name + "n"
    elif name.endswith(("e", "o", "y", "u")):
        yield from (name[:-1] + "an", name[:-1] + "ian", name[:-1] + "ese", name + "an")
    else:
        yield from (name + "an", name + "ian", name + "ese", name + "i")


def cities() -> Iterator[tuple[str, str]]:
    """Yield English names of cities with their Chinese ones: those after which time zones are named."""
    english, chinese = _locales()
    for zone, place in chinese.time_zones.items():
        city = english.time_zones.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " ")
        if "city" in place and "/" in zone:
            yield city, place["city"]


@cache
def _locales() -> tuple["Locale", "Locale"]:
    from babel import Locale

    return Locale("en"), Locale("zh")


def _key(code: str) -> str | None:
    name = None if code in _NO_COUNTRIES else _locales()[1].territories.get(code)
    return (name.removeprefix("中国").removesuffix("特别行政区") or name) if name else None
