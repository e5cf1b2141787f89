"""Numbers with nothing unusual about them, whose reading depends on their own characters alone and is remembered.

Most numbers of a text are such: 3.5亿元, 47%, 25个百分点, 十五年. What is more (a hedge after it, a link to
the number before, a role that needs the words around) is left to the full reading.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from tercet.facts.chinese.affixes import (
    HEDGES_BEFORE,
    NOT_HEDGES,
    Role,
    Suffix,
    hedges_after,
    prefixes,
    suffixes,
)
from tercet.facts.chinese.numerals import CHARACTERS, numeral
from tercet.facts.chinese.reading import Draft, is_loose_talk, is_sure, is_told, is_year
from tercet.facts.chinese.roles import apply
from tercet.facts.records import Hedge, Kind

WITHIN = f"[0-9{CHARACTERS},.点多余来几]"
WORDS = frozenset("半双倍番首若冠亚季")  # begin a quantity that has no numeral

ENDS_OF_TIMES = "天时分钟年月"  # a smaller unit may follow: 2小时18分
_NEED_MORE = frozenset("米角")

QUIET: Final = 0
HEDGED: Final = 1  # a hedge may end with the character
BETWEEN_THEM: Final = 2  # a hedge may stand before the character
LINKED: Final = 3  # a range or a list may go on
OTHER: Final = 4  # what needs the full reading
OPENS: Final = 5  # the number may be a label
SPACE: Final = 6  # the character before it counts

WRITTEN: Final = 1  # in words, which may be an idiom
A_WAY: Final = 2  # words before it may make it a speed
PARTS: Final = 4  # 成 or 分之一, with which another word may begin
LONG: Final = 8  # its unit has two characters or more: it is no idiom of the same length
PARTLY: Final = A_WAY | PARTS
SPECIAL: Final = WRITTEN | PARTLY  # what needs a look at the words around


class Plain(NamedTuple):
    """What a number and its unit mean.

    Args:
        kind: As in ``Quantity``, and so are the next ones.
        low: In base units.
        high: In base units.
        step: In base units.
        unit: ISO code or base unit.
        hedge: From within the number.
        checkable: Wherever it stands.
        measured: Where a measure word follows.
        special: The sum of WRITTEN, A_WAY, PARTS and LONG, as far as they are so.
    """

    kind: Kind
    low: float
    high: float
    step: float
    unit: str
    hedge: Hedge
    checkable: bool
    measured: bool
    special: int


@cache
def anchor() -> "re.Pattern[str]":
    """Give the pattern of what may begin a quantity.

    Its first character decides, so that the search can skip to it. A number comes with its unit; group 1 takes
    part where nothing before it can change its reading, and group 2 where nothing around it can.
    """
    table = around()
    units = f"分之[0-9{CHARACTERS}几]{WITHIN}*+|{_units_written()}"
    figures = (
        f"(?:[0-9,.]*[0-9])?+(?:[{CHARACTERS}多余来几点]{WITHIN}*+)?+(?: [百千万亿多余]{WITHIN}*+)?+(?: ?(?:{units}))?+"
    )
    words = f"{WITHIN}*+(?:{units})?+"
    before = "".join(re.escape(character) for character in table.before)
    between = "".join(character for character, how in table.before.items() if how == BETWEEN_THEM)
    hedges = "".join(table.hedges)
    firsts = "".join(table.firsts)
    after = firsts + "".join(re.escape(character) for character in table.after)
    return re.compile(
        f"[0-9{CHARACTERS}几数半双倍番首若冠亚季壹贰叁肆伍陆柒捌玖拾]"
        f"(?:(?:(?<=[^{before}].)|(?<=[^{hedges}][{between}].))())?+"
        "(?:"
        f"(?<=[0-9]){figures}|(?<=[{CHARACTERS}]){words}"
        f"|(?<=几){WITHIN}*+"
        f"|(?<=数)(?=[十百千万亿]){WITHIN}*+"
        "|(?<=[半双倍番])"
        "|(?<=首)[次个位家届例批场条座度轮架款创]"
        "|(?<=若)干"
        "|(?<=[冠亚季])军"
        "|(?<=[壹贰叁肆伍陆柒捌玖])(?:[拾佰仟][壹贰叁肆伍陆柒捌玖拾佰仟零万亿]*+|[万亿](?=[壹贰叁肆伍陆柒捌玖元]))"
        "|(?<=拾)[万亿壹贰叁肆伍陆柒捌玖]++"
        ")"
        f"(?(1)(?:(?=[^{after}][^{firsts}])())?+)"
    )


@cache
def unit_pattern() -> "re.Pattern[str]":
    """Give the pattern of a suffix, the longest that there is."""
    return re.compile(_units_written())


@cache
def _units_written() -> str:
    return "(?:%|" + _trie(word for word in suffixes() if not word[0].isascii()) + ")"


def _trie(words: Iterable[str]) -> str:
    """Write words as one pattern that looks at each character once; the longest word wins."""
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for character in word:
            node = node.setdefault(character, {})
        node[""] = {}
    return _branches(tree)


def _branches(node: dict[str, Any]) -> str:
    found = [re.escape(character) + _branches(below) for character, below in node.items() if character]
    if not found:
        return ""
    firsts = "".join(re.escape(character) for character in node if character)
    pattern = f"(?:{'|'.join(found)})" if len(found) > 1 else found[0]
    if len(found) > 8:
        pattern = f"(?=[{firsts}]){pattern}"
    return f"(?:{pattern})?+" if "" in node else pattern


@lru_cache(maxsize=1 << 15)
def plain(phrase: str) -> Plain | None:
    """Read a number with its unit, both whole.

    Returns:
        What it means; None where that needs the words around it, or where it is no number.
    """
    number = numeral(phrase)
    if number is None or number.loose or number.vague or "兆" in phrase or _is_code(phrase, number.size):
        return None
    word = phrase[number.size :].removeprefix(" ")
    draft = Draft(0, number.size, number)
    special = WRITTEN * (not number.figures) + LONG * (len(word) > 1)
    if word == "成" or word.startswith("分之"):
        return _shared(phrase, draft, special + PARTS)
    if number.bare:
        return None
    if not word:
        measured = number.figures or (is_told(number) and not is_loose_talk(number))
        checkable = number.figures or (measured and number.size > 1)
        return Plain(Kind.COUNT, *draft.values(), "", number.hedge, checkable, measured, special)
    suffix = units().get(word)
    if suffix is None or is_year(number, suffix) or "|" in suffix.unit or _goes_on(word, figures=number.figures):
        return None
    draft.scale(suffix)
    sure = is_sure(number, suffix.kind) and word != "角"
    special += A_WAY * (suffix.unit == "m")
    return Plain(suffix.kind, *draft.values(), draft.unit, draft.hedge, sure, sure, special)


def _goes_on(word: str, *, figures: bool) -> bool:
    """Tell whether a unit may join what stands around it: 日3秒, 一米八, 三角; 2米32 is told by its next character."""
    return word == "秒" or (not figures and word in _NEED_MORE)


def _is_code(phrase: str, size: int) -> bool:
    """Tell digits that begin with a zero that counts nothing: 007, 0086."""
    return phrase[0] == "0" and size > 1 and phrase[1] != "."


def _shared(phrase: str, draft: Draft, special: int) -> Plain | None:
    """Read a part of a whole: 三分之二, 百分之五, 三成."""
    word = phrase[draft.end :]
    suffix = suffixes()[word if word == "成" else "分之"]
    if not apply(phrase + "\n\n", draft, suffix, draft.end) or draft.end != len(phrase):
        return None
    return Plain(draft.kind, *draft.values(), "", draft.hedge, draft.checkable, draft.checkable, special)


@cache
def units() -> dict[str, Suffix]:
    """Give the suffixes that are units and no more, by their words."""
    return {suffix.word: suffix for suffix in suffixes().values() if suffix.role is Role.UNIT}


class Around(NamedTuple):
    """What characters before and after a plain number may do to it.

    Args:
        before: By the character, what may stand there; a character that is not there is quiet.
        hedges: By its last character, each hedge and the characters before it that make it another word.
        after: Characters that take a number to the full reading.
        words: Hedges after a number, which do too.
        firsts: Their first characters.
    """

    before: dict[str, int]
    hedges: dict[str, tuple[tuple[str, Hedge, frozenset[str]], ...]]
    after: frozenset[str]
    words: tuple[str, ...]
    firsts: frozenset[str]


@cache
def around() -> Around:
    """Build the tables for what stands around a plain number."""
    hedges: dict[str, list[tuple[str, Hedge, frozenset[str]]]] = {}
    for hedge, spoken in HEDGES_BEFORE.items():
        for word in spoken.split():
            hedges.setdefault(word[-1], []).append((word, hedge, NOT_HEDGES.get(word, frozenset())))
    before = dict.fromkeys(prefixes(), OTHER)
    before |= {chr(code): OTHER for code in range(33, 127) if chr(code).isalnum() or chr(code) in "_#@=&./-$"}
    for last, found in prefixes().items():
        roles = {prefix.role for prefix in found}
        if roles <= {Role.HEDGE, Role.BETWEEN, Role.MAGNITUDE}:
            before[last] = HEDGED if Role.HEDGE in roles else BETWEEN_THEM if Role.BETWEEN in roles else QUIET
        elif roles <= {Role.RANGE, Role.LIST} and last not in "-–—−~～〜":
            before[last] = LINKED
    before |= {"破": OTHER, "到": LINKED} | dict.fromkeys(ENDS_OF_TIMES, LINKED)
    before |= dict.fromkeys("\n(（", OPENS) | {" ": SPACE}
    after = frozenset("半多余µμ° .-/:") | {chr(code) for code in range(33, 127) if chr(code).isalnum()}
    words = tuple(word for found in hedges_after().values() for word, _ in found if len(word) > 1)
    return Around(
        {character: how for character, how in before.items() if how},
        {last: tuple(sorted(found, key=lambda item: -len(item[0]))) for last, found in hedges.items()},
        after,
        words,
        frozenset(word[0] for word in words),
    )
