"""Figures of one column: of every score, with its difference to the baseline's, and what that comes to."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from tercet.meta.measures import Taken
from tercet.meta.records import Against, Cell, Level, Measure, Verdict
from tercet.meta.scoring import Scored
from tercet.stats.agreement import Difference, Figure
from tercet.stats.corrections import holm


def column(
    measure: Measure, taken: Taken, scores: Sequence[Scored], baseline: str | None, alpha: float
) -> dict[str, Cell]:
    """Take one measure of every score.

    Args:
        measure: The column; what is by category is not compared.
        taken: How figures are taken.
        scores: Those that can have it.
        baseline: The score that the others are compared with; None: the best. One that has no value compares none.
        alpha: Level of the tests.

    Returns:
        By the score's name.
    """
    figures = {score.name: taken.figure(score) for score in scores}
    values = {name: figure.value for name, figure in figures.items() if not math.isnan(figure.value)}
    cells = {name: _cell(figure, measure) for name, figure in figures.items()}
    full = _full(figures)
    best = max((value for name, value in values.items() if name in full), default=None)
    for name, value in values.items():
        if value == best and name in full and len(values) > 1:
            cells[name] = replace(cells[name], best=True)
    if measure.category or len(values) < 2:
        return cells
    base = baseline if baseline is not None else next(name for name in values if values[name] == best and name in full)
    if base not in values:
        return cells
    by_name = {score.name: score for score in scores}
    differences = {
        name: taken.difference(by_name[name], by_name[base], (figures[name], figures[base]))
        for name in values
        if name != base
    }
    adjusted = holm(np.array([np.nan if d.p is None else d.p for d in differences.values()], dtype=np.float64))
    for (name, difference), p in zip(differences.items(), adjusted.tolist(), strict=True):
        cells[name] = replace(cells[name], against=_against(base, difference, p, alpha))
    return cells


def _full(figures: Mapping[str, Figure]) -> set[str]:
    """Find the scores whose figures are made of enough to be the best: half of what the fullest is made of.

    Of a metric that has something to say of two items in fifty, an agreement of 1 says little.
    """
    sizes = {
        name: figure.used if figure.groups is None else figure.groups
        for name, figure in figures.items()
        if not math.isnan(figure.value)
    }
    most = max(sizes.values(), default=0)
    return {name for name, size in sizes.items() if 2 * size >= most}


def _cell(figure: Figure, measure: Measure) -> Cell:
    known = {
        "groups": figure.groups,
        "groups_of": figure.groups_of,
        "epsilon": figure.epsilon,
        "ties": figure.ties,
        "replicates": figure.replicates or None,
        "undefined_replicates": figure.undefined or None,
    }
    used, total = figure.used, figure.of
    if measure.level is Level.PAIR and figure.groups is not None:
        used, total = figure.groups, figure.groups_of or figure.groups
    return Cell(
        value=_number(figure.value),
        interval=_interval(figure.low, figure.high),
        used=used,
        total=total,
        reason=figure.reason or figure.interval_reason,
        details={name: value for name, value in known.items() if value is not None},
        notes=figure.notes,
    )


def _against(baseline: str, difference: Difference, adjusted: float, alpha: float) -> Against:
    interval, p = _interval(difference.low, difference.high), _number(adjusted)
    if p is not None:
        shown: bool | None = p <= alpha
    else:
        shown = None if interval is None else not interval[0] <= 0 <= interval[1]
    verdict = Verdict.UNTESTED
    if shown is not None:
        side = Verdict.BETTER if difference.value > 0 else Verdict.WORSE
        verdict = side if shown and difference.value else Verdict.UNSHOWN
    return Against(
        baseline=baseline,
        value=_number(difference.value),
        interval=interval,
        p=None if difference.p is None else _number(difference.p),
        adjusted=p,
        verdict=verdict,
        by_interval=p is None and interval is not None,
        reason=difference.reason or difference.p_reason or difference.interval_reason,
    )


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _interval(low: float, high: float) -> tuple[float, float] | None:
    return (float(low), float(high)) if math.isfinite(low) and math.isfinite(high) else None
