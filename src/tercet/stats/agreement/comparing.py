"""Comparing two metrics: how much better one agrees with people, and whether by more than chance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tercet.errors import ConfigError
from tercet.stats.agreement.figures import Figure, counted, measure_systems, measured
from tercet.stats.agreement.resampling import Resampling
from tercet.stats.agreement.sample import Sample
from tercet.stats.agreement.statistic import Statistic
from tercet.stats.agreement.swapping import swapped, swapped_systems
from tercet.stats.agreement.systems import SystemCoefficient, SystemMeans, SystemScores
from tercet.stats.randomization import p_values

Array = NDArray[np.float64]
CELLS = "permutations: scores change places, all of a system's in a cluster at once (PERM-BOTH)"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How much better a first metric agrees with people than a second one, on what both of them scored.

    Args:
        value: First minus second; NaN where either has none.
        reason: Why it has none; None where it has.
        low: Lower end of the interval, from resamples that both share; NaN where there is none.
        high: Upper end.
        interval_reason: Why there is none; None where there is one.
        p: Two-sided; None where no test is made.
        p_reason: Why none is made.
        way: How it is tested; None where it is not.
        permutations: How many.
        exact: Whether these are all there are.
        used: How many observations (on system level: systems) are judged, and scored by both.
        of: How many there are.
        first: The first metric's figure on these.
        second: The second's.
    """

    value: float
    reason: str | None
    low: float
    high: float
    interval_reason: str | None
    p: float | None
    p_reason: str | None
    way: str | None
    permutations: int
    exact: bool
    used: int
    of: int
    first: Figure
    second: Figure


def compare(  # noqa: PLR0913 (which two, by what, and how chance is told)
    sample: Sample,
    first: str,
    second: str,
    statistic: Statistic,
    resampling: Resampling,
    *,
    swaps: int = 1000,
    known: tuple[Figure, Figure] | None = None,
) -> Difference:
    """Compare two metrics on the observations that both of them scored.

    Of many comparisons, p-values are corrected by ``tercet.stats.corrections``.

    Args:
        sample: The observations.
        first: One of ``sample.metrics``.
        second: Another.
        statistic: By which measure.
        resampling: As for the figures.
        swaps: How many permutations; 0 for no test.
        known: What ``measure`` gave for both; spares it anew where both scored the same observations.

    Raises:
        ConfigError: ``swaps`` is below 0.
    """
    _check(swaps)
    one, other = sample.grid(first, second), sample.grid(second, first)
    if known is None or {figure.used for figure in known} != {len(one)}:
        known = (measured(one, statistic, resampling), measured(other, statistic, resampling))
    reason = statistic.why_no_swaps
    tested: tuple[Array, bool] | str = reason or "no permutations were asked for"
    if reason is None and swaps and not _unknown(known):
        tested = swapped(one, other, statistic, seed=resampling.seed, swaps=swaps)
    return _difference(known, resampling, tested, *counted(one))


def compare_systems(  # noqa: PLR0913 (who is compared with whom, by what, and how chance is told)
    human: SystemScores,
    first: SystemScores,
    second: SystemScores,
    coefficient: SystemCoefficient,
    resampling: Resampling,
    *,
    swaps: int = 1000,
) -> Difference:
    """Compare two metrics by how they agree with people about systems.

    There is a permutation test where both are ``SystemMeans``, which are then taken over the texts that both have
    scored. A corpus score is no mean of texts, and has none: texts cannot change places between metrics.

    Args:
        human: Scores of systems by people.
        first: By the first metric.
        second: By the second.
        coefficient: ``pearson``, ``kendall`` or ``pairwise``.
        resampling: As for the figures.
        swaps: How many permutations; 0 for no test.

    Raises:
        ConfigError: There is no such coefficient, or ``swaps`` is below 0.
    """
    _check(swaps)
    means: tuple[SystemMeans, SystemMeans] | None = None
    if isinstance(first, SystemMeans) and isinstance(second, SystemMeans):
        unknown = np.isnan(first.values) | np.isnan(second.values)
        means = (
            first.with_values(np.where(unknown, np.nan, first.values)),
            second.with_values(np.where(unknown, np.nan, second.values)),
        )
        first, second = means
    known = tuple(measure_systems(human, metric, coefficient, resampling) for metric in (first, second))
    figures = (known[0], known[1])
    tested: tuple[Array, bool] | str = "scores of whole systems cannot change places between metrics"
    if not swaps:
        tested = "no permutations were asked for"
    elif means and not _unknown(figures):
        judged = np.asarray(human(np.ones((1, resampling.clusters))))[0]
        tested = swapped_systems(judged, *means, coefficient, seed=resampling.seed, swaps=swaps)
    systems = min(figure.systems for figure in figures)
    return _difference(figures, resampling, tested, systems, resampling.clusters)


def _check(swaps: int) -> None:
    if swaps < 0:
        raise ConfigError(f"swaps is {swaps}.", "It must be 0 or more.")


def _unknown(figures: tuple[Figure, Figure]) -> str | None:
    """Say why there is no difference."""
    return next((figure.reason for figure in figures if figure.reason), None)


def _difference(
    figures: tuple[Figure, Figure],
    resampling: Resampling,
    tested: tuple[Array, bool] | str,
    systems: int,
    clusters: int,
) -> Difference:
    one, other = figures
    value = one.value - other.value
    both = min(one.replicates, other.replicates)
    low, high, interval_reason = resampling.interval(value, one.drawn[:both] - other.drawn[:both], systems, clusters)
    reason = _unknown(figures)
    p, way, count, exact = None, None, 0, False
    if not isinstance(tested, str):
        deltas, exact = tested
        count, way = len(deltas), CELLS
        p = float(p_values(np.array([value]), deltas[:, None], exact=exact)[0])
    return Difference(
        value=value,
        reason=reason,
        low=low,
        high=high,
        interval_reason=interval_reason,
        p=p,
        p_reason=(reason or tested) if isinstance(tested, str) else None,
        way=way,
        permutations=count,
        exact=exact,
        used=min(one.used, other.used),
        of=one.of,
        first=one,
        second=other,
    )
