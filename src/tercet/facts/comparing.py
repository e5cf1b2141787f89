"""Whether one quantity says what another says; languages play no part here."""

from tercet.facts.records import Hedge, Kind, Quantity

_ABOVE = frozenset({Hedge.OVER, Hedge.AT_LEAST})
_BELOW = frozenset({Hedge.ALMOST, Hedge.UNDER, Hedge.UP_TO})
_NUMBERS = frozenset({Kind.COUNT, Kind.ORDINAL})
_SHARES = frozenset({Kind.PERCENT, Kind.FRACTION})
_FRACTION = Kind.FRACTION  # bound once: looking up a member of an enum costs more than comparing it
_CLOSE = 1e-9
_FARTHEST = 1e15
_ABOUT, _ALMOST = 0.1, 0.15
_SHARE_TOLERANCE = 0.5  # percent: a third is 33% as well as 33.3%


def equal(first: float, second: float) -> bool:
    """Compare two values up to the error of floating point."""
    return first == second or abs(first - second) <= _CLOSE * max(abs(first), abs(second))


def scaled(quantity: Quantity) -> tuple[float, float]:
    """Give the ends of a quantity on the scale that its family shares: fractions in percent."""
    if quantity.kind is _FRACTION:
        return quantity.low * 100, quantity.high * 100
    return quantity.low, quantity.high


def is_number(quantity: Quantity) -> bool:
    """Tell whether a quantity is a bare number, whose unit may stand elsewhere."""
    return quantity.kind in _NUMBERS


def kin(first: Quantity, second: Quantity) -> bool:
    """Tell whether two quantities measure the same thing in the same unit, so that their values compare."""
    if first.kind is second.kind:
        return first.unit == second.unit or _alike(first, second)
    return (first.kind in _NUMBERS and second.kind in _NUMBERS) or (first.kind in _SHARES and second.kind in _SHARES)


def _alike(first: Quantity, second: Quantity) -> bool:
    """Tell whether unlike units may be one: ¥ is yen or yuan, and 200 megabits may be a second's."""
    if first.kind is Kind.MONEY:
        return not set(first.unit.split("|")).isdisjoint(second.unit.split("|"))
    return first.kind is Kind.MEASURE and first.unit.removesuffix("/s") == second.unit.removesuffix("/s")


def hedges_oppose(first: Quantity, second: Quantity) -> bool:
    """Tell whether one says that the value is above its number, and the other that it is below."""
    one, other = first.hedge, second.hedge
    return (one in _ABOVE and other in _BELOW) or (one in _BELOW and other in _ABOVE)


def directions_oppose(first: Quantity, second: Quantity) -> bool:
    """Tell whether one rose and the other fell."""
    return first.direction * second.direction < 0


def same_value(candidate: Quantity, source: Quantity) -> bool:
    """Tell whether two quantities of one family state the same numeral."""
    low, high = scaled(candidate)
    other_low, other_high = scaled(source)
    if equal(low, other_low) and equal(high, other_high):
        return True
    if candidate.kind is _FRACTION or source.kind is _FRACTION:
        return abs(low - other_low) <= _SHARE_TOLERANCE and abs(high - other_high) <= _SHARE_TOLERANCE
    return False


def within_hedge(candidate: Quantity, source: Quantity) -> bool:
    """Tell whether a hedged candidate allows the source's value, which is of one family with it.

    What a hedge allows ends where another number would have been said: "more than 330" is not 345,
    "almost 6bn" is not 5bn.
    """
    value = scaled(candidate)[0]
    true, true_high = scaled(source)
    if candidate.low != candidate.high:
        return _overlap(candidate, source)
    step = candidate.step * (100 if candidate.kind is Kind.FRACTION else 1) or abs(value) * _ABOUT
    low, high = _allowed(candidate.hedge, value, step)
    inclusive = candidate.hedge in {Hedge.AT_LEAST, Hedge.UP_TO, Hedge.ABOUT}
    if inclusive:
        return low <= true_high and true <= high
    return low < true_high and true < high


def _allowed(hedge: Hedge, value: float, step: float) -> tuple[float, float]:
    """Give the interval that a hedged number allows; an empty one where there is no hedge."""
    if hedge in _ABOVE:
        return value, value + step
    about = min(step, abs(value) * _ABOUT)
    lows = {Hedge.ABOUT: value - about, Hedge.ALMOST: value - min(step, abs(value) * _ALMOST)}
    highs = {Hedge.ABOUT: value + about, Hedge.NONE: value - step}
    return lows.get(hedge, value - step), highs.get(hedge, value)


def _overlap(candidate: Quantity, source: Quantity) -> bool:
    """A vague number (dozens) allows any that lies in it; a range that is stated needs its ends."""
    if candidate.checkable and source.low == source.high:
        return False
    low, high = scaled(candidate)
    other_low, other_high = scaled(source)
    return low <= other_high and other_low <= high and not (candidate.checkable and source.checkable)


def as_change(quantity: Quantity) -> float | None:
    """Give the factor by which something changed, where a quantity can be read as that.

    A rise by 200% is a factor of 3, a fall by half one of 0.5.
    """
    if quantity.kind is Kind.MULTIPLE:
        return quantity.low
    if quantity.kind in _SHARES and quantity.direction and quantity.low == quantity.high:
        return 1 + quantity.direction * scaled(quantity)[0] / 100
    return None


def same_change(first: Quantity, second: Quantity) -> bool:
    """Tell whether a multiple and a share speak of the same change: tripled, and rose by 200%."""
    kinds = {first.kind, second.kind}
    if Kind.MULTIPLE not in kinds or kinds.isdisjoint(_SHARES):
        return False
    one, other = as_change(first), as_change(second)
    if one is not None and other is not None and abs(one - other) <= 0.005 * max(abs(one), abs(other)):
        return True
    plain = first.low if first.kind is Kind.MULTIPLE else second.low
    share = scaled(second if first.kind is Kind.MULTIPLE else first)[0]
    return equal(plain * 100, share)


def same_span(first: Quantity, second: Quantity) -> bool:
    """Tell whether months or years and days are the same length as people count it: 30 days a month, 365 a year."""
    if first.kind is not Kind.DURATION or second.kind is not Kind.DURATION or first.unit == second.unit:
        return False
    months, seconds = (first.low, second.low) if first.unit == "mo" else (second.low, first.low)
    days = seconds / 86_400
    return equal(months * 30, days) or (months >= 12 and equal(months / 12 * 365, days))


def power_of_ten(first: float, second: float) -> bool:
    """Tell whether two values differ by their magnitude alone: 600mn and 60mn, 4千 and 4万."""
    if first <= 0 or second <= 0:
        return False
    apart = ratio(first, second)
    digits = 0
    while apart >= 9.5 and digits < 13:
        apart /= 10
        digits += 1
    return digits > 0 and equal(apart, 1.0)


def ratio(first: float, second: float) -> float:
    """Tell how far apart two values are: 1 where they are equal; values of unlike sign are farther than any others."""
    if equal(first, second):
        return 1.0
    if first <= 0 or second <= 0:
        return abs(first - second) + _FARTHEST
    return max(first, second) / min(first, second)
