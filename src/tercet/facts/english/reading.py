"""Reads an English text for quantities in one pass from left to right."""

import re
import sys
from collections.abc import Sequence

from tercet.facts.english.before import Before, Mark, before, prefixed
from tercet.facts.english.follow import ahead_of
from tercet.facts.english.joining import JOINTS, LONGEST, Part, join
from tercet.facts.english.malformed import after_number, bare_currency, in_number, past_split, without_number
from tercet.facts.english.measuring import Numeral, measure
from tercet.facts.english.numbers import ALONE, CHAIN, SIGNS, digits, part, spoken, without_magnitude
from tercet.facts.english.page import Page, past_code, with_article
from tercet.facts.english.phrases import Phrase, fraction, longer_by_half, nth, ordinal, phrase, span
from tercet.facts.english.plain import Plain
from tercet.facts.english.tails import tails
from tercet.facts.english.turns import Turn
from tercet.facts.english.words import AHEAD, CURRENCY_SIGNS, MAGNITUDES, NUMBERS, SCAN, SPANS_OF_ONE, WORDS, Sort, Word
from tercet.facts.records import Hedge, Malformed, Quantity

_CARDINAL, _ORDINAL, _UNIT, _HALF, _PREFIX = Sort.CARDINAL, Sort.ORDINAL, Sort.UNIT, Sort.HALF, Sort.PREFIX
_NO_MARK, _LOOSE, _CODE, _NO_HEDGE = Mark.NONE, Mark.LOOSE, Mark.CODE, Hedge.NONE
_SLASH = "/:_@"
_SHARE = re.compile(r"/([1-9][0-9]{0,2})(?![0-9/.a-z])")
# One number cut by a tokenizer; what goes on as a list does is one: 249, 289 and 299.
_CUT = re.compile(
    r"(?:, [0-9]{3}){1,2}(?:\. [0-9]+)?(?![0-9])(?!,? (?:and |or )?[0-9])|\. [0-9]{1,2}(?![0-9.])(?! ?[.,] ?[0-9])"
)
_ZEROS = re.compile(r"(?: 000)+(?![0-9])")
_DIGITS = re.compile(r"[0-9]+(?:[.,\u00a0\u2009\u202f][0-9]+)*")
_NOWHERE = (sys.maxsize, sys.maxsize)
_LEAST_MAGNITUDE, _LEAST_MISSING = 100, 1e6  # "hundred" and "thousand" may stand alone


class Reader:
    """One text while it is read; all lists are in its order.

    Args:
        page: The text.
        closed: Spans in which no quantity begins, in order.
    """

    def __init__(self, page: Page, closed: Sequence[tuple[int, int]]) -> None:
        self._page = page
        self._closed = closed
        self._end = 0
        self._plain = Plain(page)
        self.quantities: list[Quantity] = []
        self.parts: list[Part] = []
        self.malformed: list[Malformed] = []
        self.turns: list[Turn] = []

    def read(self) -> None:
        """Read the whole text."""
        closed = iter(self._closed)
        shut, opened = next(closed, _NOWHERE)
        for found in SCAN.finditer(f"\n{self._page.low}"):
            start = found.start()  # of the word: the character before it is matched too, and one was put in front
            if start < self._end:
                continue
            while opened <= start:
                shut, opened = next(closed, _NOWHERE)
            if shut <= start:
                continue
            way, end = found.lastgroup, found.end() - 1
            if way is None:
                self._word(start, end)
            elif way == "ahead":
                self._digits(start, end, found[way])
            else:
                self._sign(start, end, way)

    def _digits(self, start: int, end: int, ahead: str) -> None:
        low = self._page.low
        sign = low[start] if low[start] in CURRENCY_SIGNS else ""
        first = start + len(sign)
        number = digits(low[first:end])
        read = None if number is None else self._plain.read(start, end, number, sign, ahead)
        if read is not None:
            self._add(read[0], read[1])
            return
        around = self._before(first)
        if number is None or around[2] is _CODE:
            self._fault(first, end, "" if number else in_number(low, first, end))
            self._end = past_code(low, end)
            return
        self._any_digits(Numeral(first, end, number.value, number.step), around)

    def _before(self, start: int) -> Before:
        if self._end == start - 1 and self.quantities and self.quantities[-1].end == self._end:
            return start, _NO_HEDGE, _NO_MARK, ""  # the dash of a range
        return before(self._page, start)

    def _any_digits(self, numeral: Numeral, around: Before) -> None:
        """Read digits with what may follow them: 1/3, 3½, 2 000, 6 0%."""
        low, end, value = self._page.low, numeral.end, numeral.value
        joint, word = ahead_of(low, end)
        if word and word != "and":
            self._number(numeral, around, (joint, word))
        elif not word and low[end] in _SLASH and low[end + 1].isalnum():
            self._slashed(around, numeral)
        elif stop := past_split(low, end, value):
            self._fault(around[0], stop, "there is a space in a number")
            self._end = stop
        elif cut := _CUT.match(low, end):
            self._pieces(numeral, around, cut)
        elif zeros := _ZEROS.match(low, end):
            size = 10.0 ** zeros[0].count("0")
            stop = zeros.end()
            larger = Numeral(numeral.start, stop, value * size, numeral.step * size)
            self._number(larger, around, ahead_of(low, stop))
        else:
            self._number(*self._with_part(numeral, around, (joint, word)))

    def _with_part(
        self, numeral: Numeral, around: Before, next_word: tuple[str, str]
    ) -> tuple[Numeral, Before, tuple[str, str]]:
        """Add a half or another part of one: 2 and a half, 2 1/2, 2½."""
        added = part(self._page.low, numeral.end)
        if added is None:
            return numeral, around, next_word
        value, stop = added
        longer = numeral._replace(end=stop, value=numeral.value + value, step=0.1)
        return longer, around, ahead_of(self._page.low, stop)

    def _pieces(self, numeral: Numeral, around: Before, cut: re.Match[str]) -> None:
        """Read what may be one number, cut by a tokenizer ("235, 000", "1. 7 million"), or may be two.

        Both ways are read, and nobody is accused by either.
        """
        low, start, end = self._page.low, numeral.start, numeral.end
        loose = around[0], around[1], _LOOSE, around[3]
        number = digits(low[start : cut.end()].replace(" ", ""))
        last = _DIGITS.search(low, end)
        second = digits(last[0]) if last else None
        self._number(numeral, loose, ("", ""))
        if last and second:
            self._add_apart(
                Numeral(last.start(), last.end(), second.value, second.step), (last.start(), _NO_HEDGE, _LOOSE, "")
            )
        if number:
            self._add_apart(Numeral(start, cut.end(), number.value, number.step), loose)

    def _add_apart(self, numeral: Numeral, around: Before) -> None:
        """Add a number, joined with nothing."""
        read = measure(self._page, numeral, around, ahead_of(self._page.low, numeral.end))
        if read is not None:
            self.quantities.append(read[0]._replace(checkable=False))
            self.parts.append(read[1])
            self._end = max(self._end, read[0].end)

    def _slashed(self, around: Before, numeral: Numeral) -> None:
        """Read a fraction such as 1/3; pass over a time and other codes."""
        low, end = self._page.low, numeral.end
        found = _SHARE.match(low, end)
        below = int(found[1]) if found else 0
        if found and 0 < numeral.value < below:
            sure = low.startswith(" of ", found.end())
            place = (numeral.start, found.end())
            quantity, own = fraction(self._page, place, numeral.value / below, sure=sure)
            self._add(quantity._replace(start=around[0], hedge=around[1]), own)
        self._end = past_code(low, end)

    def _number(self, numeral: Numeral, around: Before, next_word: tuple[str, str]) -> None:
        """Add a number with what follows it."""
        joint, word = next_word
        if word and word not in tails():
            at = numeral.end + len(joint)
            message = after_number(self._page.low, at, joint, word, money=bool(around[3]))
            if message:
                self._end = at + len(word)
                self._fault(around[0], self._end, message)
                return
        read = measure(self._page, numeral, around, next_word)
        if read is None:
            self._end = past_code(self._page.low, numeral.end)
        else:
            self._add(*read)

    def _sign(self, start: int, end: int, way: str) -> None:
        """Read a sign such as ½, or a currency that has no number."""
        low = self._page.low
        if way == "part":
            self._add(*fraction(self._page, (start, end), SIGNS[low[start]], sure=low.startswith(" of ", end)))
        else:
            self._fault(start, end, bare_currency(low, start))

    def _word(self, start: int, end: int) -> None:
        low = self._page.low
        spelt = low[start:end]
        word = WORDS.get(spelt)
        sort = word.sort if word else None
        if word is None:
            if spelt in SPANS_OF_ONE:
                self._add(*span(start, SPANS_OF_ONE[spelt], low))
            else:
                self.turns.append((start, end, spelt))
        elif sort is _CARDINAL:
            self._cardinal(start, end, word)
        elif sort is _ORDINAL and low[start - 2 : start] != "a " and not low.startswith(" of ", end):
            if spelt != "quarter":  # else it is a date's
                self._add(*ordinal(low, start, end, word.low))
        elif sort is _UNIT:
            self._fault(start, end, without_number(low, start, end))
        elif sort is _PREFIX:
            self._prefixed(start, end, spelt)
        elif not (sort is _HALF and self._is_longer(start, end)):
            for read in phrase(Phrase(self._page, start, end, word)):
                self._add(*read)

    def _is_longer(self, start: int, end: int) -> bool:
        """Add a half to the last quantity, as in "a year and a half", where it is one of it."""
        longer = longer_by_half(self._page.low, self.quantities, self.parts, start, end)
        if longer:
            self._end = end
        return longer

    def _prefixed(self, start: int, end: int, spelt: str) -> None:
        """Read digits that stand right behind a currency's letters or an x."""
        low = self._page.low
        found = _DIGITS.match(low, end)
        number = digits(found[0]) if found else None
        if found and number:
            stop = found.end()
            numeral = Numeral(end, stop, number.value, number.step)
            self._number(numeral, prefixed(self._page, start, spelt), ahead_of(low, stop))
        self._end = max(self._end, end)

    def _cardinal(self, start: int, end: int, word: Word) -> None:
        """Read a number in words; one word by itself is read as plain digits are."""
        page, low = self._page, self._page.low
        begin = with_article(low, start)
        if begin == start and not page.text[start].isupper() and word.low < _LEAST_MAGNITUDE:
            ahead = AHEAD.match(low, end)
            if ahead and ahead[4] not in NUMBERS:
                read = self._plain.read(start, end, ALONE[low[start:end]], "", ahead[0])
                if read is not None:
                    self._add(read[0], read[1])
                    return
        around = before(page, begin)
        chain = CHAIN.match(low, start)
        if chain and around[2] is not _CODE:
            self._chain(start, chain[0], around, article=begin != start)

    def _chain(self, start: int, chain: str, around: Before, *, article: bool) -> None:
        """Read the number that a chain of number words begins with; its last magnitudes are read as any other is."""
        low = self._page.low
        whole = spoken(chain)
        written = chain[: whole.length]
        number = without_magnitude(written)
        end = start + number.length
        joint, word = ahead_of(low, end)
        if written in MAGNITUDES and not article:
            if around[3]:  # "$ million"
                self._fault(around[0], end, bare_currency(low, around[0]))
                return
            if whole.value >= _LEAST_MISSING:
                self._fault(start, end, without_number(low, start, end))
        if written in MAGNITUDES and (whole.value < _LEAST_MISSING or not article):
            around = around[0], around[1], _LOOSE, around[3]
        numeral = Numeral(start, end, number.value, number.step)
        if joint and (last := nth(number.value, word)):  # twenty-first
            stop = end + len(joint) + len(word)
            self._add(*ordinal(low, around[0], stop, number.value + last))
        elif word in {"and", "a"} or (joint and not word):
            self._number(*self._with_part(numeral, around, (joint, word)))
        else:
            self._number(numeral, around, (joint, word))

    def _add(self, quantity: Quantity, part: Part) -> None:
        """Add a quantity, joined with the last one where they stand together."""
        before, quantities = self._end, self.quantities
        joined = quantity[0] - before <= LONGEST and quantities and quantities[-1][1] == before
        if joined and self._page.low[before : quantity[0]] in JOINTS:
            join(self._page.low, quantities, self.parts, quantity, part)
        else:
            quantities.append(quantity)
            self.parts.append(part)
        self._end = quantity[1]

    def _fault(self, start: int, end: int, message: str) -> None:
        if message:
            self.malformed.append(Malformed(start, end, message))
