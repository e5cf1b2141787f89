"""What stands before an English number: a hedge, a currency, or what makes the number a name."""

import re
from collections.abc import Mapping
from enum import IntEnum
from functools import cache

from tercet.facts.english.page import Page
from tercet.facts.records import Hedge
from tercet.facts.units import currency_words


class Mark(IntEnum):
    """What the characters before a number make of it."""

    NONE = 0
    NAME = 1  # a number that names: Boeing 737, F-16
    MINUS = 2
    FACTOR = 3  # ×3
    AGE = 4  # aged 15
    THE = 5  # the two sides, both
    LOOSE = 6  # a hundred: a manner of speaking
    CODE = 7  # a part of a code, an address or a time: no quantity


# Where the quantity begins, hedge and currency included; its hedge; what else the words make of it; its currency.
Before = tuple[int, Hedge, Mark, str]

# Members of enums, bound once: looking one up costs more than all else that is done with it.
_NO_HEDGE, _NO_MARK, _NAME, _MINUS, _CODE = Hedge.NONE, Mark.NONE, Mark.NAME, Mark.MINUS, Mark.CODE

REACH = 24  # no hedge or currency word is longer
SYMBOLS = frozenset("$€£¥￥₩₹₽₺₴₦฿₪₫₱")
_SIGNS = {"~": Hedge.ABOUT, "≈": Hedge.ABOUT, ">": Hedge.OVER, "<": Hedge.UNDER, "≥": Hedge.AT_LEAST, "≤": Hedge.UP_TO}
ARTICLES = frozenset({"the", "these", "those", "its", "their", "his", "her"})
_MONTHS = "january february march april may june july august september october november december"
_MARKS = (
    {"minus": Mark.MINUS, "negative": Mark.MINUS, "aged": Mark.AGE}
    | dict.fromkeys(ARTICLES, Mark.THE)
    | dict.fromkeys(_MONTHS.split(), Mark.NAME)  # a day, where the text is all in lower case
)
_HEDGES = {
    "about": Hedge.ABOUT, "around": Hedge.ABOUT, "approximately": Hedge.ABOUT, "roughly": Hedge.ABOUT,
    "some": Hedge.ABOUT, "circa": Hedge.ABOUT, "ca": Hedge.ABOUT, "estimated": Hedge.ABOUT, "approx": Hedge.ABOUT,
    "almost": Hedge.ALMOST, "nearly": Hedge.ALMOST, "approaching": Hedge.ALMOST, "nearing": Hedge.ALMOST,
    "under": Hedge.UNDER, "below": Hedge.UNDER,
    "over": Hedge.OVER, "above": Hedge.OVER, "exceeding": Hedge.OVER, "exceed": Hedge.OVER, "exceeds": Hedge.OVER,
    "exceeded": Hedge.OVER, "surpassed": Hedge.OVER, "surpassing": Hedge.OVER, "topped": Hedge.OVER,
    "maximum": Hedge.UP_TO, "minimum": Hedge.AT_LEAST,
}  # fmt: skip
_ABOVE = ("more", "greater", "higher", "larger", "longer", "bigger")
_BELOW = ("less", "fewer", "lower", "smaller", "shorter")
# Hedges of several words, by the last one; the longest first.
PHRASES: dict[str, tuple[tuple[str, Hedge], ...]] = {
    "than": (
        *((f"{no} {word}", Hedge.UP_TO) for no in ("no", "not") for word in _ABOVE),
        *((f"{no} {word}", Hedge.AT_LEAST) for no in ("no", "not") for word in _BELOW),
        *((word, Hedge.OVER) for word in _ABOVE),
        *((word, Hedge.UNDER) for word in _BELOW),
    ),
    "to": (("up", Hedge.UP_TO), ("close", Hedge.ALMOST)),
    "as": (("as many", Hedge.UP_TO), ("as much", Hedge.UP_TO), ("as high", Hedge.UP_TO), ("as long", Hedge.UP_TO)),
    "of": (
        ("a maximum", Hedge.UP_TO), ("a minimum", Hedge.AT_LEAST), ("upwards", Hedge.OVER), ("in excess", Hedge.OVER),
        ("in the region", Hedge.ABOUT), ("short", Hedge.UNDER), ("age", Hedge.NONE), ("ages", Hedge.NONE),
    ),
    "least": (("at", Hedge.AT_LEAST),),
    "most": (("at", Hedge.UP_TO),),
}  # fmt: skip
# The last two letters of what stands before the last word: most words are told from it by them.
_ENDINGS = {last: frozenset(words[-2:] for words, _ in phrases) for last, phrases in PHRASES.items()}
_LAST_WORD = re.compile(r"[a-z.]+$")
_BEGINNINGS = (
    "a all an and as at both but by each even every for he her here his how however i if in it just last like my"
    " new next not now of on one only or our out past she since so that then there they this today until was we"
    " were what when where which while who will with within yes you your also after before because during another"
    " such first most per via from between to add take use buy see put mix read keep pay cut cook give make get"
)
_NUMBERED = (
    "table tables figure fig chapter section article articles annex appendix clause paragraph item no nos number"
    " level phase page pages part vol volume version grade class route room gate zone season episode act step"
    " stage highway note rule category tier day"
)
# Words in capitals that name nothing together with the number behind them, but begin a sentence, or are numbered.
FUNCTION = frozenset(_BEGINNINGS.split()) | frozenset(_NUMBERED.split())
_PLAIN_PREFIXES = ("mid", "pre", "post", "sub", "top", "under", "over", "near", "multi", "best", "non", "to")


@cache
def notable() -> Mapping[str, Hedge | None]:
    """Give the words before a number in digits that say something about it, with the hedge that a word is by itself."""
    plain = (*PHRASES, *_currencies(), *_MARKS.keys() - ARTICLES)
    return dict.fromkeys(plain, None) | _HEDGES


def before(page: Page, start: int) -> Before:
    """Read what stands before a number that begins at a place."""
    sign = page.low[start - 1]
    if sign == " ":
        return _words(page, start)
    if sign in SYMBOLS:
        return _money(page, start - 1)
    if sign in "-–—/.+~≈<>≥≤×:#@_=&*\\^%":
        return _sign(page, start, sign)
    return start, _NO_HEDGE, _NO_MARK, ""


def _words(page: Page, start: int) -> Before:
    """Read the words before a number."""
    text, low = page
    end = start - 1
    first = low.rfind(" ", max(0, start - REACH), end) + 1 or max(0, start - REACH)
    word = low[first:end]
    if not word.isalpha():
        sign = word[-1:]
        if word and sign in SYMBOLS:
            return _money(page, end - 1)
        found = _LAST_WORD.search(word)
        if found is None:  # behind digits, it is a part of a longer number, as of a telephone
            begin = start if word not in _SIGNS else end - 1
            return begin, _SIGNS.get(word, _NO_HEDGE), _NAME if sign.isdigit() else _NO_MARK, ""
        first += found.start()
        word = found[0].rstrip(".")
    hedge = _HEDGES.get(word)
    if hedge is not None:
        return first, hedge, _NO_MARK, ""
    if word in PHRASES:
        return phrase_before(low, first, word, start)
    code = _currencies().get(word)
    if code and (word == "rmb" or text[first:end].isupper()):
        return _outer(page, first, code)
    named = _NAME if text[first : first + 1].isupper() and word not in FUNCTION else _NO_MARK
    return start, _NO_HEDGE, _MARKS.get(word, named), ""


def phrase_before(low: str, first: int, last: str, start: int) -> Before:
    """Read a hedge of several words."""
    if low[first - 3 : first - 1] not in _ENDINGS[last]:
        return start, _NO_HEDGE, _NO_MARK, ""
    for words, hedge in PHRASES[last]:
        begin = first - 1 - len(words)
        if low.startswith(words, begin) and begin >= 0 and not low[begin - 1].isalpha():
            return (begin, hedge, _NO_MARK, "") if hedge else (start, _NO_HEDGE, Mark.AGE, "")
    return start, _NO_HEDGE, _NO_MARK, ""


def _money(page: Page, at: int) -> Before:
    """Read the currency sign at a place, with the letters before it: US$, HK$."""
    low = page.low
    first = at
    while at - first < 3 and low[first - 1].isalpha():
        first -= 1
    code = None
    if first < at and not low[first - 1].isalpha():
        code = _currencies().get(low[first : at + 1])
    if code is None:
        first, code = at, _currencies().get(low[at], "")
    return _outer(page, first, code)


def _outer(page: Page, start: int, code: str) -> Before:
    """Read the hedge before a currency."""
    low = page.low
    sign = low[start - 1]
    if sign == " ":
        begin, hedge, mark, _ = _words(page, start)
        return begin, hedge, mark if mark is _MINUS else _NO_MARK, code
    if sign == "-" and not low[start - 2].isalnum():
        return start - 1, _NO_HEDGE, _MINUS, code
    return start, _SIGNS.get(sign, _NO_HEDGE), _NO_MARK, code


def prefixed(page: Page, start: int, word: str) -> Before:
    """Read a currency's letters that stand right at a number, or the x of x3."""
    if word == "x":
        return start, _NO_HEDGE, Mark.FACTOR, ""
    return _outer(page, start, _currencies()[word])


def _sign(page: Page, start: int, sign: str) -> Before:
    """Read a sign that stands right before a number."""
    low = page.low
    other = low[start - 2]
    mark = _NO_MARK
    if sign in _SIGNS:
        return start - 1, _SIGNS[sign], mark, ""
    if sign == "×":
        return start - 1, _NO_HEDGE, Mark.FACTOR, ""
    if sign == "-":
        if other in ' \n("“[':
            return start - 1, _NO_HEDGE, _MINUS, ""
        plain = other in "%)”\"'" or other in SYMBOLS or low.endswith(_PLAIN_PREFIXES, max(0, start - 7), start - 1)
        mark = _NO_MARK if plain else _NAME
    elif sign in "/.":
        mark = _NAME if other.isalpha() else _CODE
    elif sign == ":":
        mark = _CODE if other.isdigit() else mark
    elif sign not in "–—+%":
        mark = _CODE
    return start, _NO_HEDGE, mark, ""


@cache
def _currencies() -> Mapping[str, str]:
    return currency_words("en")
