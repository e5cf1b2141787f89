"""A corpus and outputs that are traps for places, searches and addresses; made by seeds, so always the same."""

import random
from collections.abc import Iterator
from typing import Any

Info = dict[str, Any]

SMILE = "\U0001f600"  # two UTF-16 units
FLAG = "\U0001f1eb\U0001f1f7"  # four
RARE = "\U00020bb7"  # a Han character beyond U+FFFF
LONG = "long"
LENGTH = 300_000  # characters of each of two outputs that have nothing in common
PATIENT = 60_000  # of two that are short enough to be tried
ODD = r'a.b(c)* [d] \w+ "quoted" ^$|?{2}'  # what a regular expression, a string or a path would take for its own
ODD_SOURCE = "tariff-note"  # the article whose source holds it
#: Ids that an address must carry, in an order that is not the alphabet's.
IDS = (
    "zebra",
    "with space",
    "hash#tag",
    "amp&language=zh",
    "100%+more %41",
    "quotes\"'`<b>",
    "新闻 一号",
    f"emoji {SMILE}{FLAG}",
    ODD_SOURCE,
    LONG,
)
_TOWNS = ("Aveyron", "Belmont", "Carrick", "Dunmore", "Elsdorf", "Fairlie", "Glencoe", "Harwich")
_WORDS = (
    "quickly",
    "quietly",
    "late",
    "again",
    "at",
    "last",
    "in",
    "the",
    "rain",
    "a",
    "fair",
    "word",
    "end",
    "by",
    "train",
)
_SIGNS = "桥学校渡口图书馆市场花园车站博物馆开通建成投入使用居民欢迎预算增加减少城市计划"


def records() -> list[Info]:
    """Articles in English, and one in Chinese, each with references in both languages."""
    return [_record(number, id_) for number, id_ in enumerate(IDS)]


def _record(number: int, id_: str) -> Info:
    draw = random.Random(f"article {number}")
    town, cost = _TOWNS[number % len(_TOWNS)], number + 11
    words, signs = " ".join(draw.choices(_WORDS, k=12)), "".join(draw.choices(_SIGNS, k=18))
    english = (
        f"{SMILE}{FLAG} The town of {town} opened {number + 2} bridges {words}.\r\n"
        f"\tThey cost {cost} million euros, {SMILE} and all came {words}."
    )
    chinese = f"{RARE}{SMILE}{town}开通了{number + 2}座桥，{signs}。\r\n\t耗资{cost * 100}万欧元，{signs}。"
    foreign = id_.startswith("新闻")
    source = chinese if foreign else english
    found: Info = {
        "id": id_,
        "title": f"{town} <{number}> {SMILE} & more",
        "language": "zh" if foreign else "en",
        "date": f"2025-03-{20 - number:02}",
        "tags": ["north" if number % 2 else "south"],
        "source": f"{source} {ODD}" if id_ == ODD_SOURCE else source,
        "references": {
            "en": f"{town} opened {number + 2} bridges {words}, which cost {cost} million euros.",
            "zh": f"{town}开通了{number + 2}座桥，{signs}，耗资{cost * 100}万欧元。",
        },
    }
    if number % 3 == 0:
        found["references"] |= _several(town, cost, words, signs)
    return found


def _several(town: str, cost: int, words: str, signs: str) -> Info:
    """Two references in English, one with all its parts; in Chinese full-width digits."""
    return {
        "en": [
            {
                "headline": f"{town}: HEADLINE {SMILE}",
                "abstract": f"{SMILE} {town} opened bridges {words}.",
                "key_points": [
                    {"label": "Cost", "text": f"{SMILE} It cost {cost} million euros."},
                    {"label": "Mood", "text": "All came."},
                ],
                "closing": f"Closing words {words}.",
            },
            f"Naïve cafe\u0301 of {town}: bridges {words} at last.",
        ],
        "zh": f"{RARE}{town}开通，{signs}，耗资{_wide(cost * 100)}万欧元。",
    }


def _wide(number: int) -> str:
    """Write a number in full-width digits."""
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


def outputs(system: str) -> Iterator[Info]:
    """What a system, "first" or "second", makes of each article; the second states false figures and lacks two."""
    for number, record in enumerate(records()):
        for language in ("en", "zh"):
            case = f"{record['id']}:{language}"
            if system == "second" and case in LACKING:
                yield {"id": case, "failure": "no answer"}
            else:
                yield {"id": case, "text": _text(number, record, language, system)}


LACKING = frozenset({"hash#tag:en", "zebra:zh"})
#: Outputs of both systems for one article, which differ in a word, and in a character here and there.
WORD = ("Seven ferries sail at dawn, 😀 they say.", "Seven ferry sail at dawn, 😀 they say.")
SIGN = ("七艘渡轮😀黎明出发，Alps说。", "七艘渡船😀黎明出发，Alp说。")


def _text(number: int, record: Info, language: str, system: str) -> str:
    second = system == "second"
    if record["id"] == LONG:
        return _long(language, second)
    if record["id"] == "with space":
        return (WORD if language == "en" else SIGN)[second]
    draw = random.Random(f"{system} {number} {language}")
    cost = number + 11 + (7 * second if number % 2 else 0)
    town = _TOWNS[number % len(_TOWNS)]
    if language == "en":
        words = " ".join(draw.choices(_WORDS, k=14))
        return (
            f"{SMILE} {town} opened {number + 2} Bridges {words}{FLAG}.\r\n"
            f"\t{SMILE}{SMILE} It cost {cost} million euros; by {draw.randint(1990, 2020)} all came."
        )
    signs = "".join(draw.choices(_SIGNS, k=24))
    figure = _wide(cost * 100) if number % 4 == 1 else str(cost * 100)
    return f"{RARE}{SMILE}{town}{signs}，{SMILE}耗资{figure}万欧元。\r\n\t{signs[::-1]}{RARE}"


def _long(language: str, second: bool) -> str:
    """A text that has no character in common with the other system's; that it repeats itself keeps the report small."""
    if language == "en":
        return (("NOPQRSTUVWXYZ" if second else "abcdefghijklm") * LENGTH)[:LENGTH]
    return (("东南西北春夏秋冬" if second else "金木水火土山川河") * PATIENT)[:PATIENT]
