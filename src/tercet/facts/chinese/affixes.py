"""What stands before and after a number in Chinese and says what it is a number of, or how it is meant."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cache
from typing import NamedTuple, TypeVar

from tercet.facts.records import Hedge, Kind
from tercet.facts.units import currency_words, unit_words

HEDGES_BEFORE: dict[Hedge, str] = {
    Hedge.ABOUT: "约 大约 大概 大致 约莫 差不多",
    Hedge.ALMOST: "近 将近 几近 接近 逼近 几乎 近乎",
    Hedge.UNDER: "不到 不足 少于 低于 小于 未满 不满 未到 未达 不及 没到 跌破",
    Hedge.UP_TO: "至多 最多 顶多 不超过 不超 未超过 未超 不多于 不高于 不大于 最高达 最高可达 最多可达 最多达",
    Hedge.OVER: "超 超过 远超 已超 逾 高于 多于 大于 突破 不止",
    Hedge.AT_LEAST: "至少 最少 起码 不少于 不低于 不小于 不下于 不下",
}
# Over a round number alone: 上百, 过万.
HEDGES_OF_MAGNITUDE = "上 过 破"
HEDGES_AFTER: dict[Hedge, str] = {
    Hedge.ABOUT: "左右 上下",
    Hedge.UNDER: "以下 不到",
    Hedge.UP_TO: "以内 之内 及以下",
    Hedge.OVER: "以上 多 余 出头 开外 不止",
    Hedge.AT_LEAST: "及以上",
}
# Words that end in a hedge and are none: 纽约, 附近.
NOT_HEDGES = {
    "约": frozenset("条合契公纽节签制预违相履续邀失解毁特盟简订缔毕立"),
    "近": frozenset("附最临新靠走邻远亲贴就凑"),
    "超": frozenset("中英意西法赶高反出甲"),
    "上": frozenset("以网线路海街市场身手船车班地天马会纸世基早晚桌床台"),
    "过": frozenset("通经超越度错路难罪悔走见渡飞穿好受"),
    "破": frozenset("打突攻击冲跌爆识侦"),
}
_NAMED_BEFORE = frozenset(("人民币", "港币", "美金", "新台币"))  # 人民币3亿元; others stand after the number alone
BETWEEN = "有为达了占在是要需"  # may stand between a hedge and its number


class Role(Enum):
    """What an affix does to its number."""

    UNIT = "unit"
    HEDGE = "hedge"
    MONEY = "money"
    MAGNITUDE = "magnitude"  # a hedge of a bare magnitude alone
    BETWEEN = "between"
    ORDINAL = "ordinal"
    MINUS = "minus"
    RANGE = "range"
    LIST = "list"
    WEEKDAY = "weekday"
    DATE = "date"
    DAYS = "days"
    MINUTES = "minutes"
    TIMES = "times"
    DOUBLINGS = "doublings"
    TENTHS = "tenths"
    DISCOUNT = "discount"
    PARTS = "parts"
    DEGREES = "degrees"
    CONGRESS = "congress"


class Prefix(NamedTuple):
    """Words before a number.

    Args:
        word: The words.
        role: What they do.
        hedge: How they take the number.
        currency: The ISO code that they name.
    """

    word: str
    role: Role
    hedge: Hedge = Hedge.NONE
    currency: str = ""


class Suffix(NamedTuple):
    """Words after a number.

    Args:
        word: The words.
        role: What they do.
        kind: What they make of the number.
        unit: The base unit, or an ISO code.
        factor: Base units in one.
        offset: What is added to the value in base units.
        more: What the words add to the number: 0.5 for 个半小时.
        hedge: OVER for 个多月.
    """

    word: str
    role: Role
    kind: Kind = Kind.COUNT
    unit: str = ""
    factor: float = 1.0
    offset: float = 0.0
    more: float = 0.0
    hedge: Hedge = Hedge.NONE


class After(NamedTuple):
    """A hedge after a number and its unit."""

    word: str
    hedge: Hedge


_Affix = TypeVar("_Affix", Prefix, Suffix, After)


@cache
def prefixes() -> Mapping[str, tuple[Prefix, ...]]:
    """Give what may stand before a number, by its last character, longest first."""
    found = [Prefix(word, Role.HEDGE, hedge) for hedge, words in HEDGES_BEFORE.items() for word in words.split()]
    found += [Prefix(word, Role.MAGNITUDE, Hedge.OVER) for word in HEDGES_OF_MAGNITUDE.split()]
    found += [Prefix(word, Role.BETWEEN) for word in BETWEEN]
    found += [Prefix(word, Role.MINUS) for word in ("负", "零下")]
    found += [Prefix(word, Role.RANGE) for word in ("至", "到", "-", "–", "—", "——", "~", "～", "〜", "−")]
    found += [Prefix(word, Role.LIST) for word in ("和", "与", "及", "或", "、", "跟", "以及", "或者")]
    found += [Prefix(word, Role.WEEKDAY) for word in ("周", "星期", "礼拜")]
    found += [Prefix("第", Role.ORDINAL)]
    for word, code in currency_words("zh").items():
        forms = {word, word.upper(), word.title()} if word.isascii() else {word}
        if word.isascii() or not word.isalpha() or word in _NAMED_BEFORE:
            found += [Prefix(form, Role.MONEY, currency=code) for form in forms]
    return _table(found, -1)


@cache
def suffixes() -> Mapping[str, Suffix]:
    """Give what may stand after a number, by its words; Latin ones in lower case."""
    found = {word: Suffix(word, Role.UNIT, *unit) for word, unit in unit_words("zh").items()}
    for word, unit in unit_words("zh").items():
        if word.startswith("个"):
            found[f"个多{word[1:]}"] = Suffix(f"个多{word[1:]}", Role.UNIT, *unit, 0.0, Hedge.OVER)
            found[f"个半{word[1:]}"] = Suffix(f"个半{word[1:]}", Role.UNIT, *unit, 0.5)
    for word, unit in unit_words("zh").items():
        if word.startswith("千"):  # 千 may have been read with the number: 160千|米每小时
            found.setdefault(word[1:], Suffix(word[1:], Role.UNIT, unit.kind, unit.symbol, unit.factor / 1000))
    for word, code in currency_words("zh").items():
        found[word] = Suffix(word, Role.UNIT, Kind.MONEY, code)
    for word in ("个交易日", "个工作日"):
        found[word] = Suffix(word, Role.UNIT, *unit_words("zh")["天"])
    for word in ("", "元", "人民币", "美元", "欧元"):
        kind = Kind.MONEY if word else Kind.COUNT
        found[f"个亿{word}"] = Suffix(f"个亿{word}", Role.UNIT, kind, currency_words("zh").get(word, ""), 1e8)
    found["个半"] = Suffix("个半", Role.UNIT, Kind.COUNT, "", 1.0, 0.0, 0.5)
    for role, words in _ROLES.items():
        for word in words.split():
            found[word] = Suffix(word, role)
    found["分百"] = Suffix("分百", Role.UNIT, Kind.PERCENT)
    found["年级"] = Suffix("年级", Role.UNIT, Kind.ORDINAL)
    return found


# Letters that mean a unit in this case alone: 5G is a network.
_SINGLE = (
    Suffix("g", Role.UNIT, Kind.MEASURE, "kg", 1e-3),
    Suffix("L", Role.UNIT, Kind.MEASURE, "m³", 1e-3),
    Suffix("m", Role.UNIT, Kind.MEASURE, "m", 1.0),
    Suffix("t", Role.UNIT, Kind.MEASURE, "kg", 1e3),
    Suffix("W", Role.UNIT, Kind.MEASURE, "W", 1.0),
    Suffix("V", Role.UNIT, Kind.MEASURE, "V", 1.0),
)
_ROLES = {
    Role.DAYS: "日",
    Role.MINUTES: "分",
    Role.DATE: "月 月份 时 点 点钟 世纪 年代 年度 号",
    Role.TIMES: "倍",
    Role.DOUBLINGS: "番",
    Role.TENTHS: "成",
    Role.DISCOUNT: "折",
    Role.PARTS: "分之",
    Role.DEGREES: "度",
    Role.CONGRESS: "大",
}


@cache
def latin_suffixes() -> Mapping[str, Suffix]:
    """Give the suffixes in Latin letters: words of several in lower case, single letters in their own."""
    found = {suffix.word: suffix for suffix in suffixes().values() if _is_latin(suffix.word)}
    return found | {suffix.word: suffix for suffix in _SINGLE}


def _is_latin(word: str) -> bool:
    return len(word) > 1 and (word[0] in "µμ°" or (word[0].isascii() and word[0].isalpha()))


@cache
def hedges_after() -> Mapping[str, tuple[After, ...]]:
    """Give the hedges that follow a number, by their first character, longest first."""
    return _table([After(word, hedge) for hedge, words in HEDGES_AFTER.items() for word in words.split()], 0)


def _table(affixes: Iterable[_Affix], at: int) -> Mapping[str, tuple[_Affix, ...]]:
    table: dict[str, list[_Affix]] = defaultdict(list)
    for affix in sorted(affixes, key=lambda affix: -len(affix.word)):
        table[affix.word[at]].append(affix)
    return {character: tuple(found) for character, found in table.items()}
