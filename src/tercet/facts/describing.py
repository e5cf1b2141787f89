"""Facts in words, for people."""

from tercet.facts.records import Fact, Kind, Malformed, Moment, Quantity

_SIGNS = {
    Kind.PERCENT: "%",
    Kind.POINTS: " percentage points",
    Kind.ORDINAL: "",
    Kind.COUNT: "",
    Kind.FRACTION: " of the whole",
}
_MONTHS_A_YEAR, _DAY = 12, 86_400.0
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def described(fact: Fact) -> str:
    """Write the normalized value of a fact.

    >>> described(Quantity(0, 5, Kind.MONEY, 6e8, 6e8, 1e8, "EUR"))
    'EUR 600,000,000'
    >>> described(Moment(0, 4, month=1, day=22, weekday=3))
    'month 1, day 22, Thursday'
    """
    if isinstance(fact, Quantity):
        return _quantity(fact)
    if isinstance(fact, Moment):
        return _moment(fact)
    return fact.message if isinstance(fact, Malformed) else fact.text


def _quantity(fact: Quantity) -> str:
    low, high = fact.low, fact.high
    unit = _SIGNS.get(fact.kind, f" {fact.unit}" if fact.unit else "")
    if fact.kind is Kind.DURATION:
        scale, unit = _duration(fact)
        low, high = low / scale, high / scale
    value = _number(low) if low == high else f"{_number(low)} to {_number(high)}"
    if fact.kind is Kind.MONEY:
        value, unit = f"{fact.unit} {value}".strip(), ""
    if fact.kind is Kind.MULTIPLE:
        value = f"x{value}"
    if fact.kind is Kind.ORDINAL:
        value = f"number {value}"
    way = {1: ", up", -1: ", down", 0: ""}[fact.direction]
    return f"{fact.hedge} {value}{unit}{way}".strip()


def _duration(fact: Quantity) -> tuple[float, str]:
    if fact.unit == "mo":
        return (_MONTHS_A_YEAR, " years") if fact.low % _MONTHS_A_YEAR == 0 else (1, " months")
    for scale, name in ((_DAY, " days"), (3600.0, " hours"), (60.0, " minutes")):
        if fact.low % scale == 0 and fact.low:
            return scale, name
    return 1, " seconds"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.10g}"


def _moment(fact: Moment) -> str:
    parts = [
        f"{name} {value}"
        for name in ("century", "decade", "year", "half", "quarter", "month", "day")
        if (value := getattr(fact, name)) is not None
    ]
    if fact.weekday is not None:
        parts.append(_WEEKDAYS[fact.weekday])
    if fact.hour is not None:
        parts.append(f"{fact.hour:02}:{fact.minute or 0:02}")
    if fact.relative is not None and not parts:
        parts.append(f"{fact.relative[0]} {fact.relative[1]:+d}")
    return ", ".join(parts)
