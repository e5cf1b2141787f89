"""Names in Chinese text: what the table knows, names with a middle dot, people who speak, Latin words."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from tercet.facts.names.folding import folded, squeezed
from tercet.facts.names.glosses import plain_chinese, simplified, surnames
from tercet.facts.names.heard import transliterating
from tercet.facts.names.sound import alike, sounds, syllable
from tercet.facts.names.table import table
from tercet.facts.names.words import is_word
from tercet.facts.records import Name
from tercet.text.languages import HAN

DOTS = "·•・‧"
# Who is quoted in a news text, after a stop or the word for what he is, has a name of two to four characters.
_TITLES = (
    "主任 院长 书记 研究员 教授 主席 工程师 经理 事长 站长 市长 县长 省长 州长 部长 队长 校长 总裁 负责人 母亲 父亲"
    " 记者 医生 老师 专家 院士 律师 发言人 总监 会长 局长 处长 学者 分析师 艺师 茶农 村民 居民 市民 司机 警官 总理 总统"
)
_AFTER = tuple(_TITLES.split())
_SPEAKS = re.compile("说|表示|称|认为|指出|介绍|坦言|透露|解释|告诉|提醒|回忆|直言|强调|预计|感叹|写道|补充")
# Family names and characters of given names that are more often words of grammar.
_GRAMMAR = frozenset(
    "也都还却则又再就才曾已将被把让使应能可要会但不并且因于与和及是有在为以所该这那其此本各每某由从对向中他她它们"
)
_JOINING = frozenset("和与及的为对向由被在是")
# What makes a place before it the beginning of a longer name, which the other language may call otherwise.
_LONGER = re.compile(
    "公司|大学|学院|银行|时报|日报|晚报|早报|邮报|周报|月报|频道|电视|新闻|广播|通讯社|警察|协会|学会|联合会|委员会|组织|集团"
    "|交易所|法院|俱乐部|世家|时间|在线|中心|联盟|贸易区|研究所|研究院|基金|航空|酒店|机场|大街|广场|联队|队"
)
_FARTHEST, _LONGEST_SORT = 8, 3  # characters between a place and such a word, and of the word
_HAN = re.compile(HAN)
_HAN_ONLY = re.compile(f"{HAN}*")
_LETTER = "A-Za-z\u00c0-\u024f"
_LATIN_WORD = f"[{_LETTER}][{_LETTER}0-9_]*"
_LATIN = re.compile(
    f"[{_LETTER}](?<![{_LETTER}0-9_.@/][{_LETTER}])[{_LETTER}0-9_]*(?:[ '’.&-]{{1,2}}{_LATIN_WORD}){{0,7}}"
)
_BRACKETED = re.compile(f"[（(]([{_LETTER}][^（）()\n]{{1,60}})[）)]")
_DOT = re.compile(f"[{DOTS}]")
_PERSON = "person"
_SURELY_LONGER, _MOSTLY_SOUND = 4, 40  # so many characters that are mostly sounds, around a name of two
_LONGEST_LATIN, _LONGEST_GIVEN, _MOST_GIVEN = 80, 20, 100
_MOST_LETTERS = 8  # of a part of a name with dots
_SPREAD = np.uint32(2654435761)  # Knuth's multiplier: it spreads neighbours over all slots


def chinese_names(text: str) -> list[Name]:
    """Find the names in a Chinese text: those whose absence elsewhere tells something, and no short forms.

    Returns:
        In order of place; ``checkable`` is False for what may be a piece of other words.
    """
    plain = simplified(text)
    found: list[Name] = []
    if "(" in plain or "（" in plain:
        found += _given(plain)
    if _DOT.search(plain):
        found += _dotted(plain)
    found += _known(plain)
    found += _people(plain)
    found += _latin(plain)
    found = sorted(_apart(found, len(text)))
    return found if plain is text else [name._replace(text=text[name.start : name.end]) for name in found]


def is_person(name: Name) -> bool:
    """Say whether a name was found as that of a Chinese person who is quoted."""
    return _PERSON in name.keys


def _apart(found: Iterable[Name], length: int) -> Iterator[Name]:
    """Leave out what overlaps with a name that was found before it."""
    taken = bytearray(length)
    for name in found:
        start, end = name[:2]
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\1" * (end - start)
            yield name


def _given(text: str) -> Iterator[Name]:
    """Find every mention of a name to which the text gives its Latin form: 维尔科拉（Velkora）."""
    letters = _letters()
    forms: dict[str, frozenset[str]] = {}
    for match in _BRACKETED.finditer(text):
        latin = [word for word in folded(match[1]).split() if len(word) > 2 and not is_word(word)]
        before = text[max(0, match.start() - _LONGEST_GIVEN) : match.start()].rstrip(" ”》」")
        end = start = len(before) - before.endswith("\n")
        while start and (before[start - 1] in letters or before[start - 1] in DOTS):
            start -= 1
        name = before[_trimmed(before, start, end)].strip(DOTS) if end - start > 1 else ""
        if len(name) > 1 and any(_sounds_like(name, word) for word in latin):
            forms.setdefault(name, frozenset({name, *latin}))
        if len(forms) >= _MOST_GIVEN:
            break
    end = 0
    for start, _, name in sorted(place for form in forms for place in _places(text, form)):
        if start >= end:
            end = start + len(name)
            yield Name(start, end, name, forms[name])


def _places(text: str, form: str) -> Iterator[tuple[int, int, str]]:
    """Yield where a form stands, what is longer being less, with the form."""
    at = text.find(form)
    while at >= 0:
        yield at, -len(form), form
        at = text.find(form, at + 1)


@lru_cache(4096)
def _sounds_like(name: str, word: str) -> bool:
    parts = re.split(f"[{DOTS}]", name)
    return any(alike(sounds(word), [syllable(character) for character in part]) for part in parts)


def _dotted(text: str) -> Iterator[Name]:
    """Find foreign names with a middle dot: 安内格蕾特·佐尔姆斯."""
    letters, pattern = _letters(), _dotted_pattern()
    end = 0
    for dot in _DOT.finditer(text):
        at = start = dot.start()
        while start > max(end, at - _MOST_LETTERS) and text[start - 1] in letters:
            start -= 1
        match = pattern.match(text, start) if end <= start < at else None
        if match is None:
            continue
        end = match.end()
        place = _trimmed(text, start, end)
        name = text[place].strip(DOTS)
        if place.stop - place.start == len(name) > 3:
            yield Name(place.start, place.stop, name, frozenset({name}))


def _trimmed(text: str, start: int, end: int) -> slice:
    """Leave out what belongs to the words around a transliteration: 司 of 公司, 理 of 经理."""
    ordinary = plain_chinese()
    while start < end and text[max(0, start - 1) : start + 1] in ordinary:
        start += 1
    while start < end and text[end - 1 : end + 1] in ordinary:
        end -= 1
    return slice(start, end)


@cache
def _letters() -> frozenset[str]:
    return transliterating() - _JOINING


@cache
def _dotted_pattern() -> re.Pattern[str]:
    part = f"[{''.join(sorted(_letters()))}]{{1,{_MOST_LETTERS}}}"
    return re.compile(f"{part}(?:[{DOTS}]{part}){{1,5}}")


def _known(text: str) -> Iterator[Name]:
    """Match the table's solid names, from left to right, the longest first."""
    starts, keys = table().solid_chinese, table().keys
    end = 0
    for at in _may_start(text):
        if at >= end:
            for form in starts.get(text[at : at + 2], ()):
                if text.startswith(form, at):
                    end = at + len(form)
                    yield Name(at, end, form, keys[form], not _may_be_part(text, at, end))
                    break


def _may_start(text: str) -> list[int]:
    """List the places where a name of the table may begin: a filter that lets a few others pass."""
    places: list[int] = _filter().take(_slots(_codes(text))).nonzero()[0].tolist()
    return places


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _slots(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Number each pair of neighbours with a number below 2 to the power of 20."""
    return ((codes[:-1] << np.uint32(16)) + codes[1:]) * _SPREAD >> np.uint32(12)


@cache
def _filter() -> NDArray[np.bool_]:
    found = np.zeros(1 << 20, np.bool_)
    starts = "".join(table().solid_chinese)  # of two characters each
    found[_slots(_codes(starts))[::2]] = True
    return found


def _may_be_part(text: str, start: int, end: int) -> bool:
    """Say whether a name may be a piece of other words: 中国 in 发展中国家, 西亚 in 加西亚, 美国 in 美国在线."""
    ordinary = plain_chinese()
    if start and (text[start - 1 : start + 1] in ordinary or text[max(0, start - 2) : start + 1] in ordinary):
        return True
    longer = _LONGER.search(text, end, end + _FARTHEST + _LONGEST_SORT)
    if longer and longer.start() - end <= _FARTHEST and _HAN_ONLY.fullmatch(text, end, longer.start()):
        return True
    if end - start > 2 or not transliterating().issuperset(text[start:end]):
        return False
    sounding = transliterating(_MOSTLY_SOUND)
    while start and text[start - 1] in sounding and end - start < _SURELY_LONGER:
        start -= 1
    while text[end : end + 1] in sounding and end - start < _SURELY_LONGER:
        end += 1
    return end - start >= _SURELY_LONGER


def _people(text: str) -> Iterator[Name]:
    """Find Chinese people who are quoted: 研究员卢思齐认为."""
    families = surnames()
    for match in _SPEAKS.finditer(text):
        end = match.start()
        for size in (4, 3, 2):  # a family name of two characters, then of one
            start = end - size
            if start >= 0 and text[start : end - 2 + (size == 2)] in families and _is_named(text, start, end):
                name = text[start:end]
                yield Name(start, end, name, frozenset({name, _PERSON}))
                break


def _is_named(text: str, start: int, end: int) -> bool:
    name = text[start:end]
    begins = start == 0 or not _HAN.match(text, start - 1)
    if not ((begins and len(name) > 2) or text.endswith(_AFTER, 0, start)):
        return False
    pairs = (name[at : at + 2] for at in range(len(name) > 3, len(name) - 1))
    return _GRAMMAR.isdisjoint(name) and plain_chinese().isdisjoint(pairs) and name not in table().keys


def _latin(text: str) -> Iterator[Name]:
    """Find names in Latin letters; what is in lower case, or made of ordinary words alone, accuses nobody."""
    for match in _LATIN.finditer(text):
        name = match[0]
        if not name.islower() and 1 < len(name) <= _LONGEST_LATIN:
            yield Name(match.start(), match.end(), name, *_latin_keys(name))


@lru_cache(8192)
def _latin_keys(name: str) -> tuple[frozenset[str], bool]:
    """Say what a name in Latin letters may be, and whether its absence elsewhere tells something."""
    plain = folded(name).strip()
    letters = squeezed(plain)
    return table().english.get(plain, frozenset()) | {letters}, len(letters) > 2 and not is_word(plain)
