"""One Chinese quantity while it is read: a number, what stands around it, and what that makes of it."""

from tercet.facts.chinese.affixes import Role, Suffix
from tercet.facts.chinese.numerals import Numeral
from tercet.facts.records import Kind, Quantity

# Short names of enumerations' members, which are slow to look up.
_COUNT, _DURATION, _MULTIPLE, _PERCENT, _POINTS = Kind.COUNT, Kind.DURATION, Kind.MULTIPLE, Kind.PERCENT, Kind.POINTS
_UNIT = Role.UNIT


class Draft:
    """A quantity that may still grow to both sides, and be joined with the one before it.

    Args:
        start: First character of what is read so far.
        end: One past the last.
        number: The number, before any unit.
    """

    # Most drafts leave these as they are.
    unit = ""
    currency = ""  # named before the number
    suffix: Suffix | None = None
    link: Role | None = None  # RANGE or LIST where the draft before belongs with this one
    measure = 0  # how long the measure word is that follows
    manner = False  # 上百 is a manner of speaking, 逾百 is not
    negative = False
    compound = False  # of several units: 2小时18分
    code = False  # a part of a name: 歼-20
    recent = False  # 近 may mean the last years, not almost as many
    bare = False  # no unit and no measure word follows: it may share the next one's

    def __init__(self, start: int, end: int, number: Numeral) -> None:
        self.start = start
        self.end = end
        self.number = number
        self.kind = _COUNT
        self.low = number.low
        self.high = number.high
        self.step = number.step
        self.hedge = number.hedge
        self.checkable = number.figures

    def scale(self, suffix: Suffix) -> None:
        """Turn the number into the suffix's base unit."""
        number = self.number
        self.suffix = suffix
        self.kind, self.unit = suffix.kind, suffix.unit
        self.low = (number.low + suffix.more) * suffix.factor + suffix.offset
        self.high = (number.high + suffix.more) * suffix.factor + suffix.offset
        self.step = (0.5 if suffix.more else number.step) * suffix.factor
        self.hedge = self.hedge or suffix.hedge

    def multiply(self, scale: float) -> None:
        """Multiply the number itself."""
        number = self.number
        self.number = number._replace(low=number.low * scale, high=number.high * scale, step=number.step * scale)
        self.low, self.high, self.step = self.number[1:4]

    def is_round(self) -> bool:
        """Tell whether a hedge makes a bare magnitude a number that must be right: 逾千万元, 近百人, 百余家."""
        return self.number.bare and bool(self.hedge) and not self.manner

    def values(self) -> tuple[float, float, float]:
        """Give the lower end, the upper end, and the step."""
        return self.low, self.high, self.step

    def quantity(self, direction: int) -> Quantity:
        """Give what was read."""
        fields = (
            self.start,
            self.end,
            self.kind,
            self.low,
            self.high,
            self.step,
            self.unit,
            self.hedge,
            direction,
            self.checkable,
        )
        return tuple.__new__(Quantity, fields)  # half the time of the class's own call


def is_sure(number: Numeral, kind: Kind) -> bool:
    """Tell whether a number with a unit is more than a manner of speaking: not 一天, 三五天, 百年, 数十万元."""
    if number.figures:
        return True
    loose = number.vague or number.loose or is_loose_talk(number)
    return not loose and (is_told(number) or kind in (_PERCENT, _POINTS))


def is_told(number: Numeral) -> bool:
    """Tell whether a number in words is more than an article: not 一, but 零点三五."""
    return number.low > 1 or not number.low.is_integer()


def is_loose_talk(number: Numeral) -> bool:
    """Tell whether an estimate or a magnitude is no more than a manner of speaking: 三五天, 百年, 上万人."""
    return number.bare or (number.low != number.high and number.high < 10)


def is_year(number: Numeral, suffix: Suffix) -> bool:
    """Tell whether a number names a year, which is no quantity: 2024年, 二〇二四年."""
    return (
        suffix.word == "年"
        and number.size == 4
        and number.scale == 1
        and 1000 <= number.low < 3000
        and (number.figures or number.loose)
    )


def share(draft: Draft, following: Draft) -> None:
    """Give a bare number the unit that stands after the next one: 16和12纳米, 3至5万元.

    Args:
        draft: The bare number.
        following: The number with the unit. Its magnitude is shared too where that leaves the numbers in order.
    """
    suffix = following.suffix
    number, other = draft.number, following.number
    if number.scale == 1 and number.low < other.low / other.scale:
        draft.multiply(other.scale)
    if suffix is not None and suffix.role is _UNIT:
        draft.scale(suffix)
    elif following.kind is not _COUNT:
        ratio = following.low / other.low if other.low else 1.0
        draft.low, draft.high, draft.step = (value * ratio for value in (draft.low, draft.high, draft.step))
    draft.kind, draft.unit = following.kind, following.unit
    draft.checkable = draft.checkable or following.checkable
    draft.bare = False


def join(draft: Draft, following: Draft) -> bool:
    """Make two numbers the ends of one range, where they are in order and of one kind.

    Returns:
        Whether ``draft`` is now the whole range.
    """
    if draft.bare and (following.kind is not _COUNT or following.number.scale > 1):
        share(draft, following)
    if draft.kind is _MULTIPLE and draft.low > draft.number.low:  # 增长6倍至7倍 is growth at both ends
        following.low, following.high = following.low + 1, following.high + 1
        following.checkable = draft.checkable
    if draft.kind is not following.kind or draft.unit != following.unit or draft.low >= following.high:
        return False
    draft.end = following.end
    draft.high = following.high
    draft.step = min(draft.step, following.step) or following.step
    draft.hedge = draft.hedge or following.hedge
    draft.checkable = draft.checkable or following.checkable
    draft.bare = following.bare
    return True


def adjoins(draft: Draft, following: Draft) -> bool:
    """Tell whether the second is the smaller unit of one time: 2小时|18分."""
    return (
        draft.end == following.start
        and draft.kind is _DURATION is following.kind
        and draft.unit == following.unit
        and draft.suffix is not None
        and following.suffix is not None
        and draft.step >= following.low
    )


def compound(draft: Draft, following: Draft) -> Draft:
    """Add up two parts of one time."""
    whole = Draft(draft.start, following.end, following.number)
    whole.kind, whole.unit, whole.suffix = following.kind, following.unit, following.suffix
    whole.low, whole.high, whole.step = draft.low + following.low, draft.high + following.high, following.step
    whole.hedge = draft.hedge or following.hedge
    whole.checkable, whole.compound = False, True
    return whole
