"""The full reading of what begins a quantity in Chinese: the number, and all that stands around it."""

import re

from tercet.facts.chinese.affixes import Role, Suffix, prefixes
from tercet.facts.chinese.apart import hedges_apart
from tercet.facts.chinese.around import after, before
from tercet.facts.chinese.changes import Clause, clauses
from tercet.facts.chinese.codes import code_end, mixed
from tercet.facts.chinese.counting import make, suffix_of
from tercet.facts.chinese.lexicon import Idiom, lexicon
from tercet.facts.chinese.numerals import CAPITALS, CHARACTERS, Numeral, numeral
from tercet.facts.chinese.plain import ENDS_OF_TIMES, WITHIN, WORDS, units
from tercet.facts.chinese.reading import Draft, adjoins, compound, join, share
from tercet.facts.chinese.words import word
from tercet.facts.records import Hedge, Kind, Quantity

# Short names of enumerations' members, which are slow to look up.
_COUNT, _FRACTION, _ORDINAL = Kind.COUNT, Kind.FRACTION, Kind.ORDINAL
_LIST, _RANGE = Role.LIST, Role.RANGE
_NO_HEDGE = Hedge.NONE

_RUN = re.compile(f"[0-9{CHARACTERS}几数]{WITHIN}*+(?: [百千万亿多余]{WITHIN}*+)?+")
_OF_POWER = frozenset("瓦赫字比帕焦伏电")  # 兆瓦 is a megawatt
# What 几 counts where it means a few; nouns that end in 数.
_FEW = frozenset("个名位次年天家种件条项周月小人只张本")
_SEVERAL_AFTER = frozenset("数人总多少次分指倍函户件票岁奇偶复整位个基系参读")
_CAPITALS = frozenset("壹贰叁肆伍陆柒捌玖拾")
_LONGEST_CHAIN = 8  # numbers that may share the unit of the last: 3、5、7公里
# After them a range, a list or a time may go on.
_JOINS = frozenset(f"至到-–—−~～〜和与及或者、跟 $€£¥￥{ENDS_OF_TIMES}")


class Reading:
    """A text that is read, and the quantities found so far.

    Args:
        text: Folded, and ended with line breaks.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Quantity] = []
        self.last: Draft | None = None  # the quantity before, which may be joined with the next
        self.plain: re.Match[str] | None = None  # where the number before was a plain one
        self.chain: list[Draft] = []  # bare numbers in a row, which may share the next one's unit
        self.clauses: list[Clause] = clauses(text)
        self.clause = 0
        known = lexicon()
        self.idioms = known.idioms
        self.measures = known.measures
        self.prefixes = prefixes()
        self.apart = hedges_apart(text)  # by the place of their number

    def _recall(self, start: int) -> None:
        """Take the plain number just before a place up again, since a range or a list may go on there."""
        matched, self.plain = self.plain, None
        self.last = None
        self.chain = []
        if matched is None or self.found[-1].end < start - 3:
            return
        number_start, phrase = matched.start(), matched[0]
        quantity = self.found[-1]
        number = numeral(phrase)
        if number is None or quantity.end != number_start + len(phrase):
            return
        draft = Draft(quantity.start, quantity.end, number)
        draft.kind, draft.low, draft.high, draft.step, draft.unit = quantity[2:7]
        draft.hedge, draft.checkable = quantity.hedge, quantity.checkable
        draft.suffix = units().get(phrase[number.size :].removeprefix(" "))
        following = self.text[quantity.end : quantity.end + 2]
        draft.bare = draft.suffix is None and following[:1] not in self.measures and following not in self.measures
        self.last = draft
        self.chain = [draft] if draft.bare else []

    def anchor(self, start: int, phrase: str) -> int:
        """Read what begins at a place, with all that stands around it; give the place to go on from."""
        if self.plain is not None:
            if self.text[start - 1] in _JOINS:
                self._recall(start)
            else:
                self.plain = self.last = None
                self.chain = []
        matched = _RUN.match(phrase)
        run = matched[0] if matched else phrase
        first = run[0]
        if "0" <= first <= "9":
            return self._number(start, phrase, run, None)
        if first == "一" and self.text[start + 1] == "半" and len(run) == 1:
            run, first, start = "半", "半", start + 1
        idiom = self.idiom(start)
        if first in WORDS:
            if idiom is not None and not (first == "半" and self.text[start - 1] == "一"):
                return self.skip(start, idiom)
            draft = word(self.text, start, run)
            if draft is None:
                return start + 1
            if draft.start == start:
                before(self.text, draft, self.last)
            draft.hedge = draft.hedge or self.apart.get(start, _NO_HEDGE)
            return self._closed(draft)
        if first in "数几" and not self._is_vague(start, run):
            return start + 1
        return self._number(start, phrase, run, idiom)

    def idiom(self, start: int) -> Idiom | None:
        """Find the longest idiom whose first numeral begins at a place."""
        text, idioms = self.text, self.idioms
        for pair in (text[start : start + 2], text[start - 1 : start + 1]):
            if pair in idioms:
                for offset, length, words in idioms[pair]:
                    written = text[start - offset : start - offset + length]
                    if written in words:
                        return words[written]
        return None

    def _is_vague(self, start: int, run: str) -> bool:
        text = self.text
        if run[0] == "数":
            return text[start - 1] not in _SEVERAL_AFTER
        return len(run) > 1 or text[start + 1] in _FEW

    def skip(self, start: int, idiom: Idiom) -> int:
        """Leave an idiom, with what its numerals may support."""
        begin = start - idiom.offset
        end = begin + len(idiom.word)
        for low, high in idiom.numbers:
            self.found.append(Quantity(begin, end, _COUNT, low, high, 1.0, checkable=False))
        self.last = self.plain = None
        return max(end, start + 1)

    def _number(self, start: int, phrase: str, run: str, idiom: Idiom | None) -> int:
        """Read a number and all that stands around it; give the place to go on from."""
        text = self.text
        number = _numeral(text, start, run)
        if number is None:
            self.last = None
            return start + len(run)
        draft = Draft(start, start + number.size, number)
        previous = text[start - 1]
        if previous in self.prefixes or previous == " ":
            before(text, draft, self.last)
        if start in self.apart:
            draft.hedge = draft.hedge or self.apart[start]
        if number.figures:
            end = code_end(text, draft, start)
            if end:
                self.last = None
                return end
            if draft.kind is _FRACTION:
                mixed(text, draft, self.found)
                return self._closed(draft)
        suffix, at = suffix_of(text, draft, phrase)
        if idiom is not None and self._prevails(idiom, draft, start, suffix):
            return self.skip(start, idiom)
        if not make(text, draft, suffix, at):
            self.last = None
            return draft.end
        return self._closed(draft)

    def _prevails(self, idiom: Idiom, draft: Draft, start: int, suffix: Suffix | None) -> bool:
        """Tell whether a place is rather the idiom than the number: 十分, but 十分钟."""
        text = self.text
        if (draft.number.bare and draft.hedge) or text.endswith(("翻", "翻了"), 0, start):
            return False
        if draft.number.loose:
            return True
        idiom_end = start - idiom.offset + len(idiom.word)
        end = draft.end + (len(suffix.word) if suffix is not None else 0)
        return idiom_end > end or (idiom_end == end and (suffix is None or len(suffix.word) == 1))

    def _closed(self, draft: Draft) -> int:
        """Take what stands after a quantity, join it with the one before, and keep it."""
        after(self.text, draft)
        found = self.found
        last = self.last
        if draft.link is _RANGE and last is not None and join(last, draft):
            found[-1] = last.quantity(found[-1].direction)
            return last.end
        if last is not None and adjoins(last, draft):
            return self._added(last, draft)
        if draft.link is _LIST and last is not None and not draft.bare:
            for back, other in enumerate(reversed(self.chain), 1):
                share(other, draft)
                found[-back] = other.quantity(found[-back].direction)
        if draft.bare:
            self.chain = [*self.chain[-_LONGEST_CHAIN:], draft] if draft.link is _LIST else [draft]
        else:
            self.chain = []
        self.last = draft
        quantity = draft.quantity(self._direction(draft))
        found.append(quantity)
        return draft.end

    def _added(self, last: Draft, draft: Draft) -> int:
        """Add a smaller unit to a time: its parts are told, and the sum may support what is told otherwise."""
        found = self.found
        direction = found[-1].direction
        if last.compound:
            found.pop()
        found.append(draft.quantity(direction))
        self.last = compound(last, draft)
        self.chain = []
        found.append(self.last.quantity(direction))
        return draft.end

    def _direction(self, draft: Draft) -> int:
        """Say which way the clause about a quantity says that it went."""
        if draft.negative and draft.low > 0:
            return -1
        at = draft.start
        while self.clause < len(self.clauses) and self.clauses[self.clause].end <= at:
            self.clause += 1
        if self.clause < len(self.clauses) and self.clauses[self.clause].start <= at and draft.kind is not _ORDINAL:
            return self.clauses[self.clause].sign
        return 0


def _numeral(text: str, start: int, run: str) -> Numeral | None:
    """Read a run's number, in its own characters."""
    if "兆" in run and text[start + run.index("兆") + 1] in _OF_POWER:
        run = run[: run.index("兆")]
        if not run:
            return None
    if run[0] in _CAPITALS:
        run = run.translate(CAPITALS)
    if " " not in run:
        return numeral(run)
    number = numeral(run.replace(" ", ""))
    return number and number._replace(size=number.size + (number.size > run.index(" ")))
