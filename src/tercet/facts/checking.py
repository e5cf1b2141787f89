"""Each fact of a candidate against a source: supported, contradicted, not found, or malformed."""

import datetime as dt
from collections.abc import Iterator

from tercet.facts.comparing import (
    directions_oppose,
    equal,
    hedges_oppose,
    is_number,
    kin,
    ratio,
    same_change,
    same_span,
    same_value,
    scaled,
    within_hedge,
)
from tercet.facts.context import Context
from tercet.facts.dates import differs, supported
from tercet.facts.differing import difference
from tercet.facts.extracting import extract
from tercet.facts.names import Standing
from tercet.facts.places import place
from tercet.facts.records import Fact, Kind, Moment, Quantity
from tercet.facts.stating import Facts, key
from tercet.facts.verdicts import Finding, Report, Verdict

_DURATIONS = {"years": ("mo", 12), "months": ("mo", 1), "week": ("s", 604_800), "day": ("s", 86_400)}
_PARTS = ("hour", "day", "weekday", "month", "quarter", "half", "year", "decade", "century")
_SEVERAL = 2
_EXPLAINED = 200  # facts; what speaks against those beyond is not looked for
_LOOSE_KINDS = frozenset({Kind.PERCENT, Kind.FRACTION, Kind.MULTIPLE, Kind.DURATION})


# Bound once: looking up a member of an enum costs more than all else that is done with it.
_SUPPORTED, _NOT_FOUND = Finding.SUPPORTED, Finding.NOT_FOUND
_NOTHING: tuple[Quantity, ...] = ()


def check(candidate: str, language: str, source: str, source_language: str, date: dt.date | None = None) -> Report:
    """Check a text's facts against another text, in the same language or not.

    Args:
        candidate: The text to check.
        language: Its language, ``zh`` or ``en``.
        source: What it must be faithful to.
        source_language: The source's language.
        date: The article's date, by which relative dates are resolved.

    >>> report = check("营收6亿欧元。", "zh", "Revenue was €60mn.", "en")
    >>> [(verdict.finding.value, verdict.error) for verdict in report.verdicts]
    [('contradicted', 'magnitude')]
    """
    return compare(extract(candidate, language, date), extract(source, source_language, date))


def compare(candidate: Facts, source: Facts, *, mutual: bool = False) -> Report:
    """Check facts that were extracted before.

    Args:
        candidate: The facts to check.
        source: Those that they must agree with.
        mutual: Whether neither text is the truth: then a number may also be more exact than the other's.
    """
    return Report(candidate=candidate, source=source, verdicts=tuple(_Check(candidate, source, mutual).verdicts()))


class _Check:
    """One candidate against one source: support first, since what supports is the context of what does not."""

    def __init__(self, candidate: Facts, source: Facts, mutual: bool) -> None:
        self.candidate = candidate
        self.source = source
        self.mutual = mutual
        self._by_value = source.by_value

    def verdicts(self) -> list[Verdict]:
        found = [*self._quantities(), *self._moments(), *self._names(), *self._codes()]
        found += [Verdict(fact, Finding.MALFORMED, error="malformed") for fact in self.candidate.malformed]
        found.sort(key=_first)
        missing = [i for i, verdict in enumerate(found) if verdict[1] is _NOT_FOUND]
        if missing:
            context = Context(self.candidate, self.source, [v for v in found if v.finding is _SUPPORTED])
            for i in missing[:_EXPLAINED]:
                found[i] = self._explained(found[i], context)
        return _one_each(found)

    def _quantities(self) -> list[Verdict]:
        known: dict[tuple[object, ...], tuple[int, int] | None] = {}
        found = []
        for quantity in self.candidate.quantities:
            if quantity.checkable:
                statement = *quantity[2:], self.candidate.text[quantity.start : quantity.end]
                if statement not in known:
                    known[statement] = self._support(quantity)
                support = known[statement]
                found.append(Verdict(quantity, _NOT_FOUND if support is None else _SUPPORTED, support))
        return found

    def _support(self, quantity: Quantity) -> tuple[int, int] | None:
        """Find the place in the source that says what a quantity says."""
        low, high = scaled(quantity)
        same = self._by_value.get(key(low), _NOTHING)
        for other in same:
            if kin(quantity, other) and (low == high or same_value(quantity, other)) and not _oppose(quantity, other):
                return place(other)  # a single number may also be one end of a range
        if low != high and self._ends(quantity):
            return place(same[0])
        if is_number(quantity):
            if not any(kin(quantity, other) for other in same) and (span := self._number(low, high)):
                return span
        elif span := self._bare(quantity):
            return span
        return self._near(quantity)

    def _number(self, low: float, high: float) -> tuple[int, int] | None:
        """Find a bare number as the number of anything, before its unit, or as digits of no quantity."""
        for other in self.source.by_stated.get(key(low), ()):
            if low == high or equal(high, other.high):
                return place(other)
        return self.source.bare_digits.get(low) if low == high else None

    def _bare(self, quantity: Quantity) -> tuple[int, int] | None:
        """Find a bare number of the source that is the candidate's number, which has a unit."""
        alone = quantity.kind in {Kind.MONEY, Kind.MEASURE, Kind.DURATION, Kind.MULTIPLE}
        for value in self.candidate.stated(quantity):
            telling = alone and (value >= 10 or value % 1 > 0)
            for other in self.source.by_value.get(key(value), ()):
                if other.kind is Kind.COUNT and (telling or self.source.shares_unit(other, quantity)):
                    return place(other)
        return None

    def _near(self, quantity: Quantity) -> tuple[int, int] | None:
        """Find a quantity of another value that says the same: within a hedge, as a part, as a change."""
        loose = bool(quantity.hedge) or quantity.low != quantity.high
        if not loose and not self.mutual and quantity.kind not in _LOOSE_KINDS:
            return None
        for other in self.source.around(scaled(quantity)[0]):
            if kin(quantity, other):
                if _oppose(quantity, other):
                    continue
                if same_value(quantity, other) or (loose and within_hedge(quantity, other)):
                    return place(other)
                if self.mutual and other.hedge and within_hedge(other, quantity):
                    return place(other)
            elif same_span(quantity, other) or (
                same_change(quantity, other) and not directions_oppose(quantity, other)
            ):
                return place(other)
        return None

    def _ends(self, quantity: Quantity) -> bool:
        """Tell whether both ends of a range stand in the source, be it as two numbers."""
        return all(
            any(kin(quantity, other) or is_number(other) for other in self.source.by_value.get(key(end), ()))
            for end in scaled(quantity)
        )

    def _moments(self) -> Iterator[Verdict]:
        for moment in self.candidate.moments:
            if moment.checkable:
                support = supported(moment, self.source.few_moments)
                if support is not None:
                    yield Verdict(moment, Finding.SUPPORTED, place(support))
                elif moment.year in self.source.bare_digits and _only_year(moment):
                    yield Verdict(moment, Finding.SUPPORTED, self.source.bare_digits[moment.year or 0])
                elif (span := self._ago(moment)) is not None:
                    yield Verdict(moment, Finding.SUPPORTED, span)
                else:
                    yield Verdict(moment, Finding.NOT_FOUND)

    def _ago(self, moment: Moment) -> tuple[int, int] | None:
        """Find the duration that a relative date is so far back: 三年前, where the source has "three years before"."""
        unit, count = moment.relative or ("", 0)
        if unit not in _DURATIONS or count >= 0:
            return None
        name, worth = _DURATIONS[unit]
        for other in self.source.by_value.get(key(-count * worth), ()):
            if other.kind is Kind.DURATION and other.unit == name:
                return place(other)
        return None

    def _names(self) -> Iterator[Verdict]:
        for name in self.candidate.names:
            if not name.checkable:
                continue
            standing, span = self.source.index.verdict(name)
            if standing is not Standing.UNKNOWN:
                absent = standing is Standing.ABSENT
                yield Verdict(name, Finding.NOT_FOUND if absent else Finding.SUPPORTED, span, error="name" * absent)

    def _codes(self) -> Iterator[Verdict]:
        """Look codes and scores up; another language may have other words for them, so that absence says nothing."""
        for name in self.candidate.codes:
            (code,) = name.keys
            span = self.source.by_code.get(code)
            if span is not None:
                yield Verdict(name, Finding.SUPPORTED, span)
            elif self.candidate.language == self.source.language and name.text not in self.source.text:
                yield Verdict(name, Finding.NOT_FOUND, error=code.split(" ")[0])

    def _explained(self, verdict: Verdict, context: Context) -> Verdict:
        """Say what speaks against a fact that nothing supports."""
        fact = verdict.fact
        against: Fact | None
        if isinstance(fact, Quantity):
            against, error = difference(fact, self.candidate, self.source, context)
        elif isinstance(fact, Moment):
            against, error = self._other_moment(fact, context)
        else:
            return verdict
        if against is None:
            return verdict._replace(error=error)
        return verdict._replace(finding=Finding.CONTRADICTED, span=place(against), against=against, error=error)

    def _other_moment(self, moment: Moment, context: Context) -> tuple[Moment | None, str]:
        others = [(other, error) for other in self.source.few_moments if (error := differs(moment, other))]
        alike = [item for item in others if _common(moment, item[0]) > 1 or context.near(moment, item[0])]
        if alike:
            most = max(_common(moment, other) for other, _ in alike)
            return context.closest(moment, [item for item in alike if _common(moment, item[0]) == most])
        return None, others[0][1] if len(others) == 1 else _finest(moment)


def _one_each(verdicts: list[Verdict]) -> list[Verdict]:
    """Let a number of the source speak against one number of the candidate: the one that is nearest to it."""
    numbers = [verdict for verdict in verdicts if _by_context(verdict)]
    if len(numbers) < _SEVERAL:
        return verdicts
    nearest: dict[tuple[int, int], Verdict] = {}
    for verdict in numbers:
        best = nearest.setdefault(place(verdict.against), verdict)  # type: ignore[arg-type]
        if _apart(verdict) < _apart(best):
            nearest[place(verdict.against)] = verdict  # type: ignore[arg-type]
    return [
        verdict._replace(finding=Finding.NOT_FOUND, span=None, against=None)
        if _by_context(verdict) and nearest[place(verdict.against)] is not verdict  # type: ignore[arg-type]
        else verdict
        for verdict in verdicts
    ]


def _by_context(verdict: Verdict) -> bool:
    """Tell whether it is the context alone that makes two numbers speak of the same thing."""
    return verdict[4] == "number" and isinstance(verdict.against, Quantity)


def _apart(verdict: Verdict) -> float:
    assert isinstance(verdict.fact, Quantity)  # noqa: S101 (only those have the error "number")
    assert isinstance(verdict.against, Quantity)  # noqa: S101
    return ratio(scaled(verdict.fact)[0], scaled(verdict.against)[0])


def _first(verdict: Verdict) -> tuple[int, int]:
    return place(verdict[0])


def _oppose(quantity: Quantity, other: Quantity) -> bool:
    if quantity.direction and directions_oppose(quantity, other):
        return True
    return bool(quantity.hedge) and hedges_oppose(quantity, other)


def _finest(moment: Moment) -> str:
    """Name the finest part that a moment states."""
    return next((part for part in _PARTS if getattr(moment, part) is not None), "date")


def _common(moment: Moment, other: Moment) -> int:
    """Count the parts that two moments share."""
    return sum(one is not None and one == two for one, two in zip(moment[2:-2], other[2:-2], strict=True))


def _only_year(moment: Moment) -> bool:
    return moment.year is not None and all(value is None for value in moment[3:-1])
