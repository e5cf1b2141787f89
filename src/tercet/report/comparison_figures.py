"""The figures of a comparison as every table prints them."""

import math
from dataclasses import dataclass
from enum import Enum

from tercet.comparing.records import Difference, Method
from tercet.errors import ConfigError
from tercet.text.languages import language

NONE = "–"
CORRECTIONS = {"max_t": "max-T", "holm": "Holm", "bh": "Benjamini-Hochberg", "none": "not corrected"}
_ARROWS = {True: " ↑", False: " ↓", None: ""}
_SMALLEST = 0.0001


class Outcome(Enum):
    """What a difference comes to; the value is its mark, which tells it without colours."""

    BETTER = "✓"
    WORSE = "✗"
    DIFFERENT = "≠"
    UNSHOWN = ""
    UNTESTED = NONE

    @property
    def shown(self) -> bool:
        """Whether the difference is more than chance."""
        return self in {Outcome.BETTER, Outcome.WORSE, Outcome.DIFFERENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The cells of one score: texts, an en dash for what is not known.

    Args:
        score: Its name, with an arrow to where it is better.
        baseline: Its value.
        candidate: Its value.
        delta: Signed, without the mark.
        interval: Of the delta.
        p: Corrected.
        counts: Wins, ties and losses.
        cases: Pairs of all cases.
        articles: How many are among them.
        detectable: Smallest difference that would be seen.
        outcome: What it comes to.
    """

    score: str
    baseline: str
    candidate: str
    delta: str
    interval: str
    p: str
    counts: str
    cases: str
    articles: str
    detectable: str
    outcome: Outcome

    @property
    def marked(self) -> str:
        """The delta with its mark."""
        return f"{self.delta} {self.outcome.value}" if self.outcome.shown else self.delta


def figures(difference: Difference, method: Method) -> Figures:
    """Print a difference; delta and interval have as many decimals as each other."""
    decimals = places(difference)
    counts = f"{difference.wins}/{difference.ties}/{difference.losses}" if difference.pairs else NONE
    return Figures(
        score=difference.score + _ARROWS[difference.higher_is_better],
        baseline=value(difference.baseline, difference.decimals),
        candidate=value(difference.candidate, difference.decimals),
        delta=signed(difference.delta, decimals),
        interval=interval(difference),
        p=p_value(corrected(difference, method)),
        counts=counts,
        cases=f"{difference.pairs}/{difference.total}",
        articles=str(difference.articles),
        # 0 only says that no article varies: it is no claim that any difference would be seen.
        detectable=value(difference.detectable or None, difference.decimals),
        outcome=outcome(difference, method),
    )


def outcome(difference: Difference, method: Method) -> Outcome:
    """Tell whether a difference is more than chance, and to which side."""
    p = corrected(difference, method)
    if p is None or difference.delta is None:
        return Outcome.UNTESTED
    if p > method.alpha or not difference.delta:
        return Outcome.UNSHOWN
    if difference.better is None:
        return Outcome.DIFFERENT
    return Outcome.BETTER if difference.better > 0 else Outcome.WORSE


def corrected(difference: Difference, method: Method) -> float | None:
    """The p that decides: corrected for the number of tests, unless none is asked for."""
    return difference.p if difference.adjusted is None and method.correction == "none" else difference.adjusted


def places(difference: Difference) -> int:
    """Decimals of a delta: its score's, and one more where rounding would make a 0 of what is none."""
    shown = (difference.delta, *(difference.interval or ()))
    return difference.decimals + any(number and not round(number, difference.decimals) for number in shown)


def value(number: float | None, decimals: int) -> str:
    """Print a number; one that rounding would make 0 has one decimal more, or its power of ten.

    >>> value(0.3125, 3), value(0.0004, 3), value(0.0, 1), value(1e-9, 3), value(None, 3)
    ('0.312', '0.0004', '0.0', '1e-09', '–')
    """
    if number is None or not math.isfinite(number):
        return NONE
    for digits in (decimals, decimals + 1):
        if number == 0 or round(number, digits):
            return f"{number or 0.0:.{digits}f}"
    return f"{number:.0e}"


def signed(number: float | None, decimals: int) -> str:
    """Print a number with its sign; 0 has none.

    >>> signed(0.03, 3), signed(-0.0004, 3), signed(-0.0, 2)
    ('+0.030', '-0.0004', '0.00')
    """
    text = value(number, decimals)
    return f"+{text}" if number is not None and number > 0 and text != NONE else text


def interval(difference: Difference) -> str:
    """Print where the delta would lie with other articles."""
    if difference.interval is None:
        return NONE
    low, high = (signed(end, places(difference)) for end in difference.interval)
    return f"[{low}, {high}]"


def p_value(p: float | None) -> str:
    """Print a p.

    >>> p_value(0.00009), p_value(0.03125), p_value(None)
    ('<0.0001', '0.0312', '–')
    """
    if p is None or not math.isfinite(p):
        return NONE
    return f"<{_SMALLEST}" if p < _SMALLEST else f"{p:.4f}"


def language_name(code: str) -> str:
    """Name a language, with its code; one that is not in the table has only its code."""
    try:
        return f"{language(code).name} ({code})"
    except ConfigError:
        return code
