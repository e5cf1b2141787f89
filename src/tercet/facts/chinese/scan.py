"""One pass over a Chinese text, which finds its quantities."""

from functools import lru_cache
from typing import Final

from tercet.facts.chinese.affixes import BETWEEN
from tercet.facts.chinese.around import LAST_YEARS
from tercet.facts.chinese.changes import Clause
from tercet.facts.chinese.full import Reading
from tercet.facts.chinese.lexicon import Idiom
from tercet.facts.chinese.numerals import numeral
from tercet.facts.chinese.plain import (
    A_WAY,
    BETWEEN_THEM,
    ENDS_OF_TIMES,
    HEDGED,
    LINKED,
    LONG,
    OPENS,
    OTHER,
    PARTLY,
    PARTS,
    QUIET,
    SPACE,
    SPECIAL,
    WRITTEN,
    Plain,
    anchor,
    around,
    plain,
    units,
)
from tercet.facts.chinese.reading import Draft, share
from tercet.facts.chinese.roles import NOT_TENTHS
from tercet.facts.records import Hedge, Kind, Quantity

# Short names of enumerations' members, which are slow to look up.
_COUNT, _DURATION = Kind.COUNT, Kind.DURATION

_UNUSUAL: Final = -1  # places of numbers that need the full reading
_JOINED: Final = -2  # and of those that have ended a range
_ALONE: Final = 2  # the group of the anchor that takes part where nothing around it can change its reading
_NO_RANGE: Final = WRITTEN | PARTS  # what is special so is left to the full reading where it may be in a range
_LONGEST_PHRASE = 64  # characters; what is longer is no number
_STANDS = frozenset("时每")  # stand before a way that is a speed: 时速300公里
_NOT_LINKS = frozenset(" \n(（")
_LABELS = frozenset("、)）")


class Scan(Reading):
    """One pass over a text."""

    def quantities(self) -> list[Quantity]:  # noqa: C901 (one loop with few calls: it sets the speed)
        """Find the quantities, in the order of the text.

        A plain number is read here, every other in full.
        """
        text, found, measures, apart = self.text, self.found, self.measures, self.apart
        find, new = anchor().finditer, tuple.__new__
        parts = iter([*self.clauses, Clause(len(text), len(text), 0)])
        clause_start, clause_end, sign = next(parts)
        rest = find(text)
        while matched := next(rest, None):
            start, end = matched.span()
            if end - start > _LONGEST_PHRASE:
                continue
            phrase = matched[0]
            read = plain(phrase)
            at = -1  # where to go on after what is no plain number
            if read is None:
                at = self.anchor(start, phrase)
            else:
                kind, low, high, step, unit, hedge, checkable, measured, special = read
                first = start
                if matched.lastindex != _ALONE:
                    first, hedge = self._context(start, end, read)
                    if first < 0:
                        at = self.anchor(start, phrase) if first == _UNUSUAL else end
                        self.plain = self.plain if first == _UNUSUAL else matched
                if special & SPECIAL and at < 0:
                    at = self._special(start, phrase, special)
            if at >= 0:
                rest = rest if at == end else find(text, at)
                continue
            if checkable is not measured and (text[end] in measures or text[end : end + 2] in measures):
                checkable = measured
            if apart and start in apart:
                hedge = hedge or apart[start]
            while clause_end <= start:
                clause_start, clause_end, sign = next(parts)
            direction = sign if clause_start <= start else 0
            found.append(new(Quantity, (first, end, kind, low, high, step, unit, hedge, direction, checkable)))
            self.plain = matched
        return found

    def _special(self, start: int, phrase: str, special: int) -> int:
        """Read an idiom, or what only looks plain; give the place to go on from, -1 where it is a plain number."""
        end = start + len(phrase)
        idiom = self.idiom(start) if special & WRITTEN else None
        if idiom is not None and _overrules(idiom, start, end, special):
            return self.skip(start, idiom)
        if special & PARTLY and self._is_special(start, end, special):
            return self.anchor(start, phrase)
        return -1

    def _is_special(self, start: int, end: int, special: int) -> bool:
        """Tell whether a way is a speed, or 成 and 决 begin another word."""
        text = self.text
        if special & PARTS:
            return text[end] in NOT_TENTHS
        return not _STANDS.isdisjoint(text[max(0, start - 6) : start])

    def _context(self, start: int, end: int, read: Plain) -> tuple[int, Hedge]:
        """Find where a plain number begins with its hedge, and the hedge.

        It begins at _UNUSUAL where it needs the full reading, and at _JOINED where it has ended a range.
        """
        text = self.text
        roles, _, after_it, words, firsts = around()
        previous, following = text[start - 1], text[end]
        role = roles.get(previous, QUIET)
        if (
            role == OTHER
            or following in after_it
            or (following in firsts and text.startswith(words, end))
            or (text[end + 1] in firsts and text.startswith(words, end + 1))
            or (role == SPACE and text[start - 2] in roles and text[start - 2] not in _NOT_LINKS)
            or (role == OPENS and following in _LABELS and not read.unit)
        ):
            return _UNUSUAL, read.hedge
        if role == LINKED and self._goes_on(start):
            return _JOINED if self._ends_range(start, end, read) else _UNUSUAL, read.hedge
        if role in (HEDGED, BETWEEN_THEM):
            return self._hedged(start, end, read)
        return start, read.hedge

    def _hedged(self, start: int, end: int, read: Plain) -> tuple[int, Hedge]:
        """Find the hedge that may end before a plain number: where both begin, and what it says."""
        text, hedges = self.text, around().hedges
        previous = text[start - 1]
        for word, meant, but in hedges.get(previous, ()):
            first = start - len(word)
            if text.startswith(word, first):
                if text[first - 1] in but:
                    return start, read.hedge
                recent = read.kind is _DURATION and word == "近" and text[end] in LAST_YEARS
                return first, read.hedge if recent else read.hedge or meant
        if previous in BETWEEN and text[start - 2] in hedges:
            return _UNUSUAL, read.hedge
        return start, read.hedge

    def _goes_on(self, start: int) -> bool:
        """Tell whether a range or a list may join what begins at a place with the quantity before."""
        before_it = self.text[start - 2]
        if before_it in "不没" and self.text[start - 1] == "到":
            return True
        if not self.found:
            return False
        end = self.found[-1].end
        return end == start if self.text[start - 1] in ENDS_OF_TIMES else end == start - 1 - (before_it == " ")

    def _ends_range(self, start: int, end: int, read: Plain) -> bool:
        """Let a plain number in digits end the range that the plain one before it begins: 3%至5%, 3至5万元."""
        matched, text = self.plain, self.text
        if matched is None or read.kind is _COUNT or read.special & _NO_RANGE or text[start - 1] not in "至到":
            return False
        first, last = plain(matched[0]), self.found[-1]
        if first is None or first.special & _NO_RANGE or not matched.end() == last.end == start - 1:
            return False
        lower: tuple[float, float] | None = None
        if last.kind is read.kind and last.unit == read.unit:
            lower = last.low, last.step
        elif last.kind is _COUNT:
            lower = _shared(matched[0], text[start:end])
        if lower is None or lower[0] >= read.high or (read.special & A_WAY and self._is_special(start, end, A_WAY)):
            return False
        low, step = lower[0], min(lower[1], read.step)
        hedge, checkable = last.hedge or read.hedge, last.checkable or read.checkable
        self.found[-1] = Quantity(
            last.start, end, read.kind, low, read.high, step, read.unit, hedge, last.direction, checkable
        )
        return True


@lru_cache(maxsize=1 << 12)
def _shared(phrase: str, following: str) -> tuple[float, float] | None:
    """Give a bare number and its step in the unit, and where it is due the magnitude, of the number that follows it."""
    number, other = numeral(phrase), numeral(following)
    suffix = units().get(following[other.size :].removeprefix(" ")) if other is not None else None
    if number is None or other is None or suffix is None or number.size < len(phrase):
        return None
    draft, ends = Draft(0, number.size, number), Draft(0, other.size, other)
    ends.scale(suffix)
    share(draft, ends)
    return draft.low, draft.step


def _overrules(idiom: Idiom, start: int, end: int, special: int) -> bool:
    """Tell whether a place is rather an idiom than a plain number: 一周围, not 一周; 十分, but 十分钟."""
    idiom_end = start - idiom.offset + len(idiom.word)
    return idiom_end > end or (idiom_end == end and not special & LONG)
