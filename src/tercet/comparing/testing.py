"""Tests and intervals of the differences of two runs, all on the same draws of articles."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from tercet.comparing.differing import Pairing
from tercet.comparing.records import Difference, Method
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
class Drawn:
    """What the draws over one pair of tables gave, for all m scores of the metric.

    Args:
        deltas: (R, m) of permutations.
        errors: (m,) standard errors of the deltas over articles; NaN where they are not known.
        intervals: Of the deltas.
    """

    deltas: Array
    errors: Array
    intervals: Intervals


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A difference, what was drawn for it, and which score of the metric it is."""

    difference: Difference
    drawn: Drawn
    column: int


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
    return [
        concluded(
            [Tried(difference=p.difference, drawn=drawn[_key(p)], column=p.column) for p in pairings],
            settings,
            exact=flips.exact,
            candidates=len(candidates),
        )
        for pairings in candidates
    ]


def with_intervals(pairings: Sequence[Pairing], settings: Settings) -> list[Difference]:
    """Give differences their intervals, and no tests."""
    drawn = _drawn(pairings, settings, None)
    return [
        _filled(Tried(difference=p.difference, drawn=drawn[_key(p)], column=p.column), settings, p=None, adjusted=None)
        for p in pairings
    ]


def concluded(tried: Sequence[Tried], settings: Settings, *, exact: bool, candidates: int) -> Tested:
    """Turn draws into p-values, corrected for their number, and differences that have everything.

    Args:
        tried: The differences of one candidate, with deltas of the same permutations.
        settings: How.
        exact: Whether these are all the permutations there are.
        candidates: How many there are; adjusted p are multiplied by it.
    """
    there = [one.difference.delta if _is_tested(one.difference) else None for one in tried]
    observed = np.array([np.nan if delta is None else delta for delta in there])
    deltas = np.stack([one.drawn.deltas[:, one.column] for one in tried], axis=1)
    p = p_values(observed, deltas, exact=exact)
    adjusted = _adjusted([one.difference for one in tried], (observed, deltas, p), settings, exact=exact)
    adjusted = np.minimum(adjusted * candidates, 1.0)
    found = [_filled(one, settings, p=_known(p[i]), adjusted=_known(adjusted[i])) for i, one in enumerate(tried)]
    return Tested(differences=tuple(found), exact=exact, tests=int(np.isfinite(p).sum()))


def method_of(
    results: Sequence[Tested],
    settings: Settings,
    left_out: Iterable[str],
    resampling: Literal["multinomial", "poisson"] = "multinomial",
) -> Method:
    """Say how a comparison was made.

    Args:
        results: Of each candidate.
        settings: How.
        left_out: What is not compared; the same is said once.
        resampling: How articles were drawn anew.
    """
    return Method(
        seed=settings.seed,
        replicates=settings.replicates,
        resamples=RESAMPLES,
        exact=all(result.exact for result in results),
        level=settings.level,
        alpha=settings.alpha,
        power=settings.power,
        correction=settings.correction,
        tests=sum(result.tests for result in results),
        on=settings.on,
        primary=settings.primary or "",
        left_out=tuple(dict.fromkeys(left_out)),
        resampling=resampling,
    )


def _key(pairing: Pairing) -> tuple[str, int]:
    return pairing.difference.metric, id(pairing.pair)


def _is_tested(found: Difference) -> bool:
    return found.delta is not None and found.higher_is_better is not None and found.articles > 1


def _drawn(pairings: Sequence[Pairing], settings: Settings, flips: Flips | None) -> dict[tuple[str, int], Drawn]:
    """Draw for all pairings at once; without ``flips`` no permutations."""
    compared = {_key(p): (p.pair, p.reduce) for p in pairings}
    pairs = list(compared.values())
    none = [np.empty((0, 0))] * len(pairs)
    permuted = none if flips is None else randomized_together(pairs, flips)
    resampled = resampled_together(pairs, seed=settings.seed, replicates=RESAMPLES)
    return {
        key: Drawn(
            deltas=deltas,
            errors=standard_error(delta_left_out(pair, reduce)),
            intervals=delta_intervals(pair, reduce, resamples, level=settings.level),
        )
        for (key, (pair, reduce)), deltas, resamples in zip(compared.items(), permuted, resampled, strict=True)
    }


def _adjusted(
    differences: Sequence[Difference], found: tuple[Array, Array, Array], settings: Settings, *, exact: bool
) -> Array:
    """Correct p-values: those of the primary score among themselves, and the others among themselves."""
    observed, deltas, p = found
    primary = np.array([difference.score == settings.primary for difference in differences])
    adjusted = np.full(len(differences), np.nan)
    for family in (primary, ~primary):
        places = np.flatnonzero(family)
        if not len(places):
            continue
        if settings.correction == "max_t":
            adjusted[places] = max_t(observed[places], deltas[:, places], exact=exact)
        else:
            adjusted[places] = _CORRECTIONS[settings.correction](p[places])
    return adjusted


def _filled(tried: Tried, settings: Settings, *, p: float | None, adjusted: float | None) -> Difference:
    difference, drawn, column = tried.difference, tried.drawn, tried.column
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
