"""Whether one moment says what another says; languages play no part here."""

from collections.abc import Iterator, Sequence

from tercet.facts.dates.readings import (
    CENTURY,
    DAY,
    DECADE,
    HALF,
    HOUR,
    MINUTE,
    MONTH,
    NAMES,
    QUARTER,
    STATE,
    WEEKDAY,
    YEAR,
    Fields,
    Reading,
    readings,
    relation,
    same,
    state,
)
from tercet.facts.dates.resolving import BY_WEEKDAY
from tercet.facts.records import Moment

# The finest field says what a moment is about; coarser ones may stand elsewhere in the other text.
_FINEST_FIRST = (MINUTE, HOUR, DAY, MONTH, QUARTER, HALF, WEEKDAY, YEAR, DECADE, CENTURY)
# What states the same kind of thing as unresolved words of each unit.
_KINDS = {"year": (YEAR,), "month": (MONTH,), "day": (DAY, WEEKDAY), "quarter": (QUARTER,)}
# What may be stated beside relative words of each unit, and does not follow from them.
_BESIDE = {
    "year": (MONTH, DAY, WEEKDAY, QUARTER, HALF, HOUR, MINUTE),
    "month": (DAY, WEEKDAY, HOUR, MINUTE),
    "week": (WEEKDAY, HOUR, MINUTE),
    "day": (HOUR, MINUTE),
}
_FIELDS = range(len(NAMES))
Readings = tuple[Reading, ...]
Words = tuple[str, int] | None


def agree(candidate: Moment, source: Moment) -> bool:
    """Tell whether two moments may be one: what both state or imply is equal, and there is such a thing.

    A full date implies its weekday, quarter, half, decade and century. Relative words agree with the same relative
    words whether or not the article's date is known, since resolving keeps them; and with what they resolve to.

    >>> moment = Moment(0, 0, year=2026, month=1, day=22)
    >>> agree(Moment(0, 0, weekday=3), moment), agree(Moment(0, 0, month=1, day=23), moment)
    (True, False)
    """
    one, other = readings(state(candidate)), readings(state(source))
    return _agree(one, relation(candidate), other, relation(source))


def _agree(ones: Readings, words: Words, others: Readings, other_words: Words) -> bool:
    if words is not None and other_words is not None and words[0] == other_words[0]:
        return words == other_words and any(_compatible(one[1], other[1]) for one in ones for other in others)
    for one in ones:
        for other in others:
            if _compatible(one[1], other[1]) and _shared(one[1], other[1]):
                return True
    return False


def differs(candidate: Moment, source: Moment) -> str:
    """Name what two comparable moments differ in.

    Comparable are moments that share a part (two days of one month), and moments whose finest part is of one kind
    and all that can be compared (two years, two weekdays, a day and a day of a month).

    Returns:
        A field's name such as ``weekday``, ``year`` or ``day``; empty where they agree or are not comparable.

    >>> differs(Moment(0, 0, month=7, day=15), Moment(0, 0, month=7, day=17))
    'day'
    >>> differs(Moment(0, 0, month=7, day=15), Moment(0, 0, weekday=2))
    ''
    """
    if agree(candidate, source):
        return ""
    one, other = relation(candidate), relation(source)
    if one and other and one[0] == other[0] and one != other:
        return one[0]
    first, second = (readings(state(moment))[0] for moment in (candidate, source))
    apart = [f for f in _FIELDS if _both(f, first.known, second.known) and not same(f, first.known[f], second.known[f])]
    common = [f for f in _FIELDS if _both(f, first.stated, second.stated)]
    if any(same(f, first.stated[f], second.stated[f]) for f in common):
        return NAMES[apart[0]] if apart else ""
    return NAMES[common[0]] if len(common) == 1 and _finest(first.stated) == _finest(second.stated) else ""


def _finest(stated: Fields) -> int:
    return next((field for field in _FINEST_FIRST if stated[field] is not None), -1)


def supported(candidate: Moment, sources: Sequence[Moment]) -> Moment | None:
    """Find the moment that says what a candidate says; others may add what it leaves open.

    One source states the finest thing that the candidate states (the hour, day, month, weekday, quarter or year) and
    denies nothing of it. The coarser things that it leaves open (the year of a day, the weekday of a date) must stand
    in another source, or be stated by no source at all: a text that dates nothing by its year does not deny one.

    Relative words that no article's date resolved cannot be compared with dates: where the other text has no such
    words, a date of their kind is let pass for them.

    Args:
        candidate: The moment to support.
        sources: All moments of the other text.

    Returns:
        The source that states the finest thing, or None.
    """
    wanted = state(candidate)
    for source in sources:
        if source[STATE] == wanted:
            return source
    ones, words = readings(wanted), relation(candidate)
    for source in sources:
        if _agree(ones, words, readings(source[STATE]), relation(source)) and _says(candidate, source, sources):
            return source
    return _perhaps(candidate, sources)


def _perhaps(candidate: Moment, sources: Sequence[Moment]) -> Moment | None:
    """Find a date that unresolved relative words may mean, as far as anyone can tell."""
    words = relation(candidate)
    kinds = _KINDS.get(words[0], ()) if words else ()
    if words is None or not kinds or readings(state(candidate))[0].stated[kinds[0]] is not None:
        return None
    if any(other[0] == words[0] for source in sources if (other := relation(source))):
        return None
    for source in sources:
        stated = readings(state(source))[0].stated
        if any(stated[kind] is not None for kind in kinds) and _says_beside(candidate, source):
            return source
    return None


def _says_beside(candidate: Moment, source: Moment) -> bool:
    """Tell whether a source states what a candidate states beside its relative words: the September of last year."""
    words = relation(candidate)
    stated, known = readings(state(candidate))[0].stated, readings(state(source))[0].known
    return all(stated[f] is None or same(f, stated[f], known[f]) for f in _BESIDE.get(words[0] if words else "", ()))


def _says(candidate: Moment, source: Moment, sources: Sequence[Moment]) -> bool:
    """Tell whether a source that agrees with a candidate states its finest thing, and all sources the rest."""
    words = relation(candidate)
    if words is not None and words == relation(source):
        return _says_beside(candidate, source)
    # A bare weekday of an article that has a date is held by that weekday, or by the date that it may be, but not by
    # any other date that falls on it.
    guessed = candidate.relative is not None and candidate.relative[0] == BY_WEEKDAY
    return any(
        _compatible(one.known, other.known) and _covers(one.stated, other, sources)
        for one, other in _pairs(candidate, source)
        if not (guessed and one.stated[DAY] is None and other.stated[WEEKDAY] is None)
    )


def _covers(stated: Fields, source: Reading, sources: Sequence[Moment]) -> bool:
    fields = [
        field for field in _FINEST_FIRST if stated[field] is not None and not (field == MINUTE and not stated[field])
    ]
    if not fields or not _states(fields[0], stated, source):
        return False
    return all(source.known[field] is not None or _elsewhere(field, stated[field], sources) for field in fields[1:])


def _states(field: int, stated: Fields, source: Reading) -> bool:
    """Tell whether a source states a thing: a date in August is no word on the third quarter, its last month is."""
    if source.stated[field] is not None:
        return True
    if field in {QUARTER, HALF}:
        last = (stated[field] or 0) * (3 if field == QUARTER else 6)
        return source.stated[MONTH] == last and source.stated[DAY] is None
    return source.known[field] is not None


def _elsewhere(field: int, value: int | None, sources: Sequence[Moment]) -> bool:
    """Tell whether another moment states a field's value, or none states the field at all."""
    silent = True
    for source in sources:
        for reading in readings(state(source)):
            if reading.stated[field] is not None or (field in {DECADE, CENTURY} and reading.known[field] is not None):
                if same(field, value, reading.known[field]):
                    return True
                silent = False
    return silent and field in {YEAR, MONTH, WEEKDAY, DECADE, CENTURY}


def _pairs(candidate: Moment, source: Moment) -> Iterator[tuple[Reading, Reading]]:
    others = readings(state(source))
    return ((one, other) for one in readings(state(candidate)) for other in others)


def _compatible(one: Fields, other: Fields) -> bool:
    """Tell whether no field of two has two values."""
    for field, value in enumerate(one):
        against = other[field]
        if value != against and value is not None and against is not None and not same(field, value, against):
            return False
    return True


def _shared(one: Fields, other: Fields) -> bool:
    return any(_both(field, one, other) for field in _FIELDS)


def _both(field: int, one: Fields, other: Fields) -> bool:
    return one[field] is not None and other[field] is not None
