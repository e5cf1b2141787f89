"""Tests and intervals of the differences of two runs, all on the same draws of articles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tercet.comparing.differing import Pairing
from tercet.comparing.records import Difference
from tercet.comparing.settings import Settings
from tercet.metrics.contract import Array
from tercet.stats.bootstrap import Intervals, delta_intervals
from tercet.stats.corrections import benjamini_hochberg, holm, max_t
from tercet.stats.flips import Flips
from tercet.stats.jackknife import delta_left_out, standard_error
from tercet.stats.power import detectable
from tercet.stats.randomization import p_values
from tercet.stats.together import randomized_together, resampled_together

_NEITHER = "neither direction is better, so that nothing is tested"
_FEW = "fewer than 2 articles"
# More than intervals on a leaderboard take: the ends decide.
RESAMPLES = 2000
_CORRECTIONS: dict[str, Callable[[Array], Array]] = {"holm": holm, "bh": benjamini_hochberg, "none": np.copy}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """What the tests of two runs came to.

    Args:
        differences: With intervals and p-values, in the order of the pairings.
        exact: Whether all permutations were taken.
        tests: How many p-values were corrected.
    """

    differences: tuple[Difference, ...]
    exact: bool
    tests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """What the draws over one pair of tables gave, for all scores of the metric."""

    deltas: Array
    errors: Array
    intervals: Intervals


def tested(candidates: Sequence[Sequence[Pairing]], settings: Settings) -> list[Tested]:
    """Give differences their intervals, p-values and smallest detectable sizes.

    All candidates, scores and languages are on the same permutations and resamples of the articles, so that the
    correction can use how they depend on each other, and drawing is done once.

    Args:
        candidates: The pairings of each candidate with the baseline; adjusted p are multiplied by their number.
        settings: How.
    """
    everything = [pairing for pairings in candidates for pairing in pairings]
    clusters = {p.pair.clusters[i] for p in everything for i in p.pair.differing.tolist()}
    flips = Flips(clusters=tuple(sorted(clusters)), seed=settings.seed, replicates=settings.replicates)
    drawn = _drawn(everything, settings, flips)
    return [_tested(pairings, drawn, settings, flips, len(candidates)) for pairings in candidates]


def with_intervals(pairings: Sequence[Pairing], settings: Settings) -> list[Difference]:
    """Give differences their intervals, and no tests."""
    drawn = _drawn(pairings, settings, None)
    return [_filled(pairing, drawn[_key(pairing)], settings, p=None, adjusted=None) for pairing in pairings]


def _key(pairing: Pairing) -> tuple[str, int]:
    return pairing.difference.metric, id(pairing.pair)


def _is_tested(pairing: Pairing) -> bool:
    found = pairing.difference
    return found.delta is not None and found.higher_is_better is not None and found.articles > 1


def _drawn(pairings: Sequence[Pairing], settings: Settings, flips: Flips | None) -> dict[tuple[str, int], _Drawn]:
    """Draw for all pairings at once; without ``flips`` no permutations."""
    compared = {_key(p): (p.pair, p.reduce) for p in pairings}
    pairs = list(compared.values())
    none = [np.empty((0, 0))] * len(pairs)
    permuted = none if flips is None else randomized_together(pairs, flips)
    resampled = resampled_together(pairs, seed=settings.seed, replicates=RESAMPLES)
    return {
        key: _Drawn(
            deltas=deltas,
            errors=standard_error(delta_left_out(pair, reduce)),
            intervals=delta_intervals(pair, reduce, resamples, level=settings.level),
        )
        for (key, (pair, reduce)), deltas, resamples in zip(compared.items(), permuted, resampled, strict=True)
    }


def _tested(
    pairings: Sequence[Pairing], drawn: dict[tuple[str, int], _Drawn], settings: Settings, flips: Flips, candidates: int
) -> Tested:
    there = [p.difference.delta if _is_tested(p) else None for p in pairings]
    observed = np.array([np.nan if delta is None else delta for delta in there])
    deltas = np.stack([drawn[_key(p)].deltas[:, p.column] for p in pairings], axis=1)
    p = p_values(observed, deltas, exact=flips.exact)
    adjusted = _adjusted(pairings, (observed, deltas, p), settings, exact=flips.exact)
    adjusted = np.minimum(adjusted * candidates, 1.0)
    found = [
        _filled(pairing, drawn[_key(pairing)], settings, p=_known(p[i]), adjusted=_known(adjusted[i]))
        for i, pairing in enumerate(pairings)
    ]
    return Tested(differences=tuple(found), exact=flips.exact, tests=int(np.isfinite(p).sum()))


def _adjusted(
    pairings: Sequence[Pairing], found: tuple[Array, Array, Array], settings: Settings, *, exact: bool
) -> Array:
    """Correct p-values: those of the primary score among themselves, and the others among themselves."""
    observed, deltas, p = found
    primary = np.array([pairing.difference.score == settings.primary for pairing in pairings])
    adjusted = np.full(len(pairings), np.nan)
    for family in (primary, ~primary):
        places = np.flatnonzero(family)
        if not len(places):
            continue
        if settings.correction == "max_t":
            adjusted[places] = max_t(observed[places], deltas[:, places], exact=exact)
        else:
            adjusted[places] = _CORRECTIONS[settings.correction](p[places])
    return adjusted


def _filled(
    pairing: Pairing, drawn: _Drawn, settings: Settings, *, p: float | None, adjusted: float | None
) -> Difference:
    difference, column = pairing.difference, pairing.column
    error = _known(drawn.errors[column])
    seen = None
    if error:  # where nothing varies, nothing can be said
        seen = detectable(error, difference.articles, alpha=settings.alpha, power=settings.power)
    reason = difference.reason or drawn.intervals.reasons[column]
    if reason is None and p is None:
        reason = _NEITHER if difference.higher_is_better is None else _FEW if difference.articles < 2 else None
    return replace(
        difference,
        interval=drawn.intervals.pairs()[column] if difference.delta is not None else None,
        level=settings.level,
        p=p,
        adjusted=adjusted,
        error=error,
        detectable=seen,
        reason=reason,
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
