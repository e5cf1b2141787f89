"""Wording: figures as sentences have them, each with the digits that its score has."""

from tercet.comparing.records import Difference, Method

_MOST_DIGITS = 6
_TINY = 0.0001


def figure(value: float, decimals: int) -> str:
    """Write a number with the decimals of its score, and with more where they would hide that it is not 0.

    >>> figure(0.0412, 3), figure(0.0004, 2), figure(-0.0, 2)
    ('0.041', '0.0004', '0.00')
    """
    digits = decimals
    while value and digits < _MOST_DIGITS and not float(f"{value:.{digits}f}"):
        digits += 1
    return f"{value + 0.0:.{digits}f}"


def change(found: Difference) -> str:
    """Say how far a score moved and how sure that is: ``rouge1 zh fell by 0.041 [-0.066, -0.015], p 0.002``.

    The difference has a delta.
    """
    delta = found.delta or 0.0
    how = f"rose by {figure(delta, found.decimals)}" if delta > 0 else f"fell by {figure(-delta, found.decimals)}"
    moved = "did not change" if not delta else how
    within = "" if found.interval is None else f" {interval(found)}"
    return f"{found.score} {found.language} {moved}{within}"


def interval(found: Difference) -> str:
    """Write the interval of a delta; empty where there is none."""
    if found.interval is None:
        return ""
    low, high = (figure(end, found.decimals) for end in found.interval)
    return f"[{low}, {high}]"


def chance(found: Difference, method: Method) -> str:
    """Write the p that decides, and whether it is corrected."""
    if found.adjusted is None:
        return "no p"
    corrected = method.correction != "none" and method.tests > 1 and found.adjusted != found.p
    return f"p {p_value(found.adjusted)}{' (corrected)' if corrected else ''}"


def p_value(value: float) -> str:
    """Write a p; what is smaller than a ten-thousandth is not told more exactly.

    >>> p_value(0.0417), p_value(0.00212), p_value(0.0), p_value(1.0)
    ('0.042', '0.0021', '<0.0001', '1')
    """
    if value < _TINY:
        return f"<{_TINY}"
    return f"{value:.2g}"


def listed(names: list[str], most: int = 3) -> str:
    """Join names, the first of them where there are many.

    >>> listed(["a", "b"]), listed(["a", "b", "c", "d", "e"])
    ('a, b', 'a, b, c and 2 more')
    """
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
