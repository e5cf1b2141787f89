"""What speaks against a quantity that nothing supports, and what the difference is called."""

from collections.abc import Sequence

from tercet.facts.comparing import directions_oppose, equal, is_number, kin, power_of_ten, same_value, scaled
from tercet.facts.context import Context
from tercet.facts.places import place
from tercet.facts.records import Kind, Quantity
from tercet.facts.stating import Facts

_SHARES = frozenset({Kind.PERCENT, Kind.FRACTION})
_MEASURES = frozenset({Kind.MEASURE, Kind.DURATION})
_LEAST_ALIKE = 100  # 17 and 1,700 of other things are alike by chance
# Differences that leave something alike, the surest first.
_ALIKE = ("direction", "approximator", "points", "currency", "unit", "magnitude", "other unit")


def difference(quantity: Quantity, candidate: Facts, source: Facts, context: Context) -> tuple[Quantity | None, str]:
    """Find the source's quantity that a candidate's unsupported one contradicts.

    A quantity that states the same digits otherwise (another currency, unit, magnitude, direction or hedge)
    contradicts it wherever it stands; another value only in the same context.

    Returns:
        The source's quantity, or None where nothing speaks of the same thing; and the difference in a word.
    """
    amount = candidate.amount(quantity)
    found: dict[str, list[Quantity]] = {}
    others = source.around(scaled(quantity)[0])
    for other in others:
        error = _alike(quantity, other, amount, source)
        if error:
            found.setdefault(error, []).append(other)
    for error in _ALIKE:
        if error in found:
            near = [other for other in found[error] if context.near(quantity, other)]
            if not near and error == "magnitude" and is_number(quantity):
                found[error] = [other for other in found[error] if min(quantity.low, other.low) >= _LEAST_ALIKE]
                if not found[error]:
                    continue
            return min(near or found[error], key=lambda other: _far(quantity, other)), error.removeprefix("other ")
    error = "multiple" if quantity.kind is Kind.MULTIPLE else "number"
    near = [other for other in others if kin(quantity, other) and context.near(quantity, other)]
    if near:
        return source.nearest(near, scaled(quantity)[0]), error
    return _only_one(quantity, others, context), error


def _alike(quantity: Quantity, other: Quantity, amount: float | None, source: Facts) -> str:
    """Name what differs between two quantities that are alike otherwise; nothing where they are not."""
    if kin(quantity, other):
        return _alike_in_kind(quantity, other, amount, source)
    if is_number(quantity) or is_number(other):
        return ""
    if quantity.kind is Kind.MONEY and other.kind is Kind.MONEY:
        return "currency" if equal(quantity.low, other.low) and equal(quantity.high, other.high) else ""
    if Kind.POINTS in (quantity.kind, other.kind) and (quantity.kind in _SHARES or other.kind in _SHARES):
        return "points" if equal(quantity.low, other.low) else ""
    if _same_amount(amount, source.amount(other)):
        return "unit" if quantity.kind in _MEASURES and other.kind in _MEASURES else "other unit"
    return ""


def _alike_in_kind(quantity: Quantity, other: Quantity, amount: float | None, source: Facts) -> str:
    if same_value(quantity, other):
        return "direction" if directions_oppose(quantity, other) else "approximator"
    if (quantity.hedge or other.hedge) and abs(quantity.low - other.low) < max(quantity.step, other.step) / 2:
        return "approximator"
    if quantity.kind in _MEASURES and _same_amount(amount, source.amount(other)):
        return "unit"
    return "magnitude" if power_of_ten(scaled(quantity)[0], scaled(other)[0]) else ""


def _same_amount(first: float | None, second: float | None) -> bool:
    return first is not None and second is not None and equal(first, second)


def _far(quantity: Quantity, other: Quantity) -> tuple[float, int]:
    return abs(scaled(quantity)[0] - scaled(other)[0]), other.start


def _only_one(quantity: Quantity, others: Sequence[Quantity], context: Context) -> Quantity | None:
    """Give the one quantity of the same kind and unit that is left, where there is no other to mean."""
    if is_number(quantity):
        return None
    left = [other for other in others if kin(quantity, other) and place(other) not in context.used]
    return left[0] if len(left) == 1 else None
