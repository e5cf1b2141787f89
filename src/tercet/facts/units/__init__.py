"""Units and currencies, and the words of both languages for them.

Names and abbreviations come from CLDR (by babel); ``table`` and ``currencies`` add what CLDR lacks.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from tercet.facts.records import Kind
from tercet.facts.units.currencies import CURRENCIES, METALS, MINOR, NOT_CODES
from tercet.facts.units.table import CLDR, LATIN, NOT_UNITS, PREFIXED, PREFIXES, WORDS, Entry

_LOCALES = {"en": ("en", "en_GB"), "zh": ("zh",)}
_WIDTHS: tuple[Literal["long", "short", "narrow"], ...] = ("long", "short", "narrow")


class Unit(NamedTuple):
    """What a word measures: the value in base units is ``x * factor + offset``.

    Args:
        kind: Measure, duration, percent, points or money.
        symbol: The base unit (``m``, ``kg``, ``s``, ``mo``), or an ISO code; nothing for percent and points.
        factor: Base units in one of this unit.
        offset: What is added; 0 but for temperatures.
    """

    kind: Kind
    symbol: str
    factor: float
    offset: float = 0.0


@cache
def unit_words(language: str) -> Mapping[str, Unit]:
    """Give the words, abbreviations and symbols of a language, in lower case, with their units.

    What has letters that are no safe abbreviation (``in``, ``a``) is left out. Chinese text holds Latin
    abbreviations too (``km``, ``MW``), so they stand in both tables. Parts of a currency's unit (cents, 角)
    are units of kind ``MONEY``.

    >>> unit_words("en")["kilometres"], unit_words("zh")["千瓦时"].factor
    (Unit(kind=<Kind.MEASURE: 'measure'>, symbol='m', factor=1000.0, offset=0.0), 3600000.0)
    """
    words: dict[str, Unit] = {}
    for code, entry in CLDR.items():
        unit = _unit(entry)
        for name in _cldr_names(code, language):
            words.setdefault(name, unit)
    for name, entry in (*LATIN.items(), *_prefixed(language), *WORDS[language].items()):
        words[name] = _unit(entry)
    for name, (currency, factor) in MINOR[language].items():
        words[name] = Unit(Kind.MONEY, currency, factor)
    for name in NOT_UNITS[language]:
        words.pop(name, None)
    return MappingProxyType(words)


@cache
def currency_words(language: str) -> Mapping[str, str]:
    """Give the names, codes and symbols of a language, in lower case, with ISO 4217 codes.

    A word that several currencies share has them all, as in ``"SEK|ISK"``; ``¥`` is ``"JPY|CNY"``.

    >>> currency_words("en")["€"], currency_words("zh")["元"], currency_words("en")["¥"]
    ('EUR', 'CNY', 'JPY|CNY')
    """
    words: dict[str, str] = {}
    for name, code in _cldr_currencies(language):
        words.setdefault(name, code)
    words |= CURRENCIES["symbols"] | CURRENCIES[language]
    return MappingProxyType(words)


def _unit(entry: Entry) -> Unit:
    kind, symbol, factor, *offset = entry
    return Unit(kind, symbol, float(factor), *offset)


def _cldr_names(code: str, language: str) -> Iterator[str]:
    """Yield the names of a CLDR unit: what follows the number in its patterns."""
    from babel import Locale
    from babel.units import format_unit

    for name in _LOCALES[language]:
        locale = Locale.parse(name)
        for width in _WIDTHS:
            for number in (1, 2):
                pattern = format_unit(number, code, width, locale=locale)
                word = pattern.removeprefix(str(number)).strip().lower()
                # A width that the locale lacks falls back to the unit's own code.
                if word and word != code and pattern[0].isdigit():
                    yield word


def _prefixed(language: str) -> Iterator[tuple[str, Entry]]:
    """Yield metric units with the prefixes that CLDR lacks for them, such as TWh and 吉瓦时."""
    for (kind, symbol, base), prefixes, names in PREFIXED:
        for prefix in prefixes:
            factor, letter, spoken = PREFIXES[prefix]
            entry: Entry = (kind, symbol, base * factor)
            yield from ((f"{letter}{abbreviation}", entry) for abbreviation in names["symbols"])
            yield from ((f"{spoken[language]}{name}", entry) for name in names[language])


def _cldr_currencies(language: str) -> Iterator[tuple[str, str]]:
    """Yield names, plural names, symbols and codes of the currencies that CLDR does not mark as past."""
    from babel import Locale
    from babel.numbers import get_currency_name, get_currency_symbol

    locale = Locale.parse(language)
    for code, name in locale.currencies.items():
        if code in METALS or any(mark in name for mark in "(（0123456789"):
            continue
        yield name.lower(), code
        yield from ((get_currency_name(code, count, locale).lower(), code) for count in (1, 2))
        symbol = get_currency_symbol(code, locale).lower()
        if symbol != code.lower():
            yield symbol, code
        if code.lower() not in NOT_CODES:
            yield code.lower(), code
