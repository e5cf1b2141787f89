"""Which way Chinese says that a number went, and by what factor: 增长, 亏损, 增加两倍, 是…的三倍."""

import re
from collections import defaultdict
from typing import NamedTuple

from tercet.facts.chinese.folding import TAKEN

_RISE = (
    "不降反升 不减反增 扭亏为盈 转亏为盈 增长 增加 增多 上升 上涨 提高 提升 攀升 飙升 激增 猛增 骤增 剧增 陡增 大增 "
    "增至 增到 升至 升到 涨至 涨到 上调 上浮 走高 回升 反弹 扩大 扩张 扩充 暴涨 大涨 高涨 新增 增产 增收 升值 "
    "加息 增幅 涨幅 升幅 翻番 翻倍 翻了 增持"
)
_FALL = (
    "不升反降 不增反降 不增反减 由盈转亏 下降 减少 下跌 降低 下滑 下调 下浮 缩减 削减 裁减 回落 跌至 跌到 降至 降到 "
    "减至 减到 滑落 骤降 锐减 骤减 暴跌 大跌 大减 大降 下挫 重挫 走低 萎缩 缩小 缩水 收窄 减产 减半 贬值 衰退 跌破 "
    "减持 降息 减息 降幅 跌幅 减幅 亏损 净亏 巨亏 亏空"
)
# A gain as a noun gives way to a verb: 盈利下降5% fell.
_GAIN = "盈利 获利 净赚 赢利"
_GAINS = frozenset(_GAIN.split())
_SINGLE = {"增": 1, "升": 1, "涨": 1, "降": -1, "跌": -1, "减": -1, "亏": -1}
# One character alone is a part of too many words: it counts right before a number.
_HERE = "(?=(?:[了至到为达近约逾过]|将近|超过?){0,2}[0-9一二两三四五六七八九十百千万亿数几半])"
_SIGNS = dict.fromkeys(_RISE.split(), 1) | dict.fromkeys(_FALL.split(), -1) | dict.fromkeys(_GAIN.split(), 1) | _SINGLE


def _pattern() -> re.Pattern[str]:
    """Write the words as one pattern: a first character, so that the search can skip to it, then each second one."""
    after: defaultdict[tuple[str, str], str] = defaultdict(str)
    for word in _SIGNS:
        if len(word) > 1:
            after[word[1], word[2:]] += word[0]
    seconds = "".join(dict.fromkeys(second for second, _ in after))
    words = "|".join(f"{second}(?<=[{firsts}].){rest}" for (second, rest), firsts in after.items())
    firsts = "".join(dict.fromkeys(word[0] for word in _SIGNS))
    return re.compile(f"[{firsts}](?:(?=[{seconds}])(?:{words})|(?<=[{''.join(_SINGLE)}]){_HERE})")


_MOVE = _pattern()
_DENIED = re.compile(
    "(?:没有?|未|不再|不会|不|停止|防止|避免|遏制|阻止|抑制|扭转|止住)(?:再|继续|出现|进一步|明显|大幅|任何)?$"
)
_DENIES = frozenset("有没未再会不止免制转住续现步显幅何")
_STOP = re.compile("[，。；、！？：\n（）]")
_LONGEST_CLAUSE = 60

# What stands right before the number of 倍: growth by so many times leaves one more; growth to so many does not.
_GROWN = re.compile(
    "(?:增加|增长|增多|增|提高|提升|上升|攀升|飙升|激增|扩大|扩张|上涨|暴涨|涨|升|增幅|涨幅|升幅|高出|多出|大出|贵出|翻|翻了)"
    "(?:了|为|达|近|约|超过|超|逾|将近|至少|大约|将|高达|可达| ){0,3}$"
)
_THAN = re.compile(
    f"比[^，。；！？\n{TAKEN}]{{1,20}}(?:多|高|大|长|快|贵|重|强|远|宽|深|厚|好|亮|热|早|增加|增长|提高)"
    "(?:了|出|约|近|超过|逾| ){0,2}$"
)
# What the words that match end in.
_GROWTH_ENDS = frozenset("加长多增高升攀飙激大张涨幅出翻快贵重强远宽深厚好亮热早了为达近约过超逾少将 ")


class Clause(NamedTuple):
    """A part of a text between two stops in which something rises or falls.

    Args:
        start: First character.
        end: One past the last.
        sign: 1 or -1; 0 where both stand there, or one is denied.
    """

    start: int
    end: int
    sign: int


def clauses(text: str) -> list[Clause]:
    """Find the clauses that say which way something went.

    >>> [clause.sign for clause in clauses("产量增长5%，价格没有下降，成本下降3%。")]
    [1, 0, -1]
    """
    found: list[Clause] = []
    start = end = 0
    strong: int | None = None
    weak: int | None = None
    for move in _MOVE.finditer(text):
        at = move.start()
        if at >= end:
            if end:
                found.append(Clause(start, end, _one(strong, weak)))
                strong = weak = None
            stop = _STOP.search(text, at, at + _LONGEST_CLAUSE)
            before = _STOP.search(text[max(0, at - _LONGEST_CLAUSE) : at][::-1])
            end = stop.start() if stop else at + _LONGEST_CLAUSE
            start = at - (before.start() if before else _LONGEST_CLAUSE)
        word = move[0]
        denied = text[at - 1] in _DENIES and _DENIED.search(text, max(0, at - 8), at)
        sign = 0 if denied else _SIGNS[word]
        if word in _GAINS:
            weak = sign if weak in (None, sign) else 0
        else:
            strong = sign if strong in (None, sign) else 0
    if end:
        found.append(Clause(start, end, _one(strong, weak)))
    return found


def _one(strong: int | None, weak: int | None) -> int:
    return (weak or 0) if strong is None else strong


def is_growth(text: str, start: int) -> bool:
    """Tell whether the multiple at a place is what was added: 增长两倍, 比去年多两倍."""
    if text[start - 1] not in _GROWTH_ENDS:
        return False
    before = text[max(0, start - 30) : start]
    return bool(_GROWN.search(before) or _THAN.search(before))
