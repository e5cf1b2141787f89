"""Figures: one measure of one metric, with its interval, its n, and why either is missing."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tercet.errors import ConfigError
from tercet.stats.agreement.resampling import Resampling
from tercet.stats.agreement.sample import Grid, Sample
from tercet.stats.agreement.statistic import Details, Statistic
from tercet.stats.agreement.systems import SystemCoefficient, SystemScores, check_coefficient, system_agreement

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A measure of agreement.

    Args:
        value: NaN where it is undefined.
        reason: Why it is; None where there is a value.
        low: Lower end of its interval; NaN where there is none.
        high: Upper end.
        interval_reason: Why there is none; None where there is one.
        used: How many observations (on system level: systems) have both a judgement and a score.
        of: How many there are.
        systems: How many systems are among these.
        clusters: How many clusters.
        replicates: How many were drawn.
        undefined: How many of them have no value, and are left out of the interval.
        groups: How many items or systems have a value, where the value is a mean over these.
        groups_of: How many have an observation.
        epsilon: Up to which difference the metric is taken to tie.
        ties: Share of pairs in which the metric ties.
        notes: What a reader should know of how it was computed.
        drawn: (replicates,) values.
    """

    value: float
    reason: str | None
    low: float
    high: float
    interval_reason: str | None
    used: int
    of: int
    systems: int
    clusters: int
    replicates: int
    undefined: int
    groups: int | None = None
    groups_of: int | None = None
    epsilon: float | None = None
    ties: float | None = None
    notes: tuple[str, ...] = ()
    drawn: Array = field(repr=False, compare=False)


def measure(sample: Sample, metric: str, statistic: Statistic, resampling: Resampling) -> Figure:
    """Measure how far a metric agrees with people, with an interval.

    Args:
        sample: The observations.
        metric: One of ``sample.metrics``.
        statistic: By which measure.
        resampling: How systems and clusters are drawn; of ``sample.systems`` and ``sample.clusters``.

    Raises:
        ConfigError: Judgements are not what the statistic needs, or ``resampling`` is of other systems or clusters.
    """
    return measured(sample.grid(metric), statistic, resampling)


def measured(grid: Grid, statistic: Statistic, resampling: Resampling) -> Figure:
    """Do as ``measure`` does, with the observations of one metric."""
    if (resampling.systems, resampling.clusters) != (grid.systems, grid.clusters):
        raise ConfigError(
            f"{resampling.systems} systems and {resampling.clusters} clusters are resampled of a sample of "
            f"{grid.systems} and {grid.clusters}.",
            "Make the resampling of the sample's own numbers.",
        )
    prepared = statistic.prepare(grid)
    systems, clusters = counted(grid)
    drawn = np.empty(0)
    if not np.isnan(prepared.value) and resampling.why_none(systems, clusters) is None:
        drawn = np.concatenate(list(prepared.replicates(resampling.chunks(prepared.size))))
    return _figure(
        prepared.value,
        drawn,
        resampling,
        prepared.details,
        reason=_undefined(grid, prepared.details),
        used=len(grid),
        of=grid.of,
        systems=systems,
        clusters=clusters,
    )


def measure_systems(
    human: SystemScores, metric: SystemScores, coefficient: SystemCoefficient, resampling: Resampling
) -> Figure:
    """Measure how far a metric agrees with people about systems, with an interval.

    Args:
        human: Scores of systems by people.
        metric: Scores of the same systems by the metric.
        coefficient: ``pearson``, ``kendall`` (tau-b) or ``pairwise`` accuracy.
        resampling: How systems and clusters are drawn. With 0 clusters, only systems are.

    Raises:
        ConfigError: There is no such coefficient.
    """
    check_coefficient(coefficient)
    single = np.ones((1, resampling.clusters))
    judged, scored = np.asarray(human(single)), np.asarray(metric(single))
    known = ~(np.isnan(judged) | np.isnan(scored))[0]
    value = float(system_agreement(coefficient, judged, scored, np.ones((1, len(known))))[0])
    systems, clusters = int(known.sum()), resampling.clusters
    drawn = np.empty(0)
    if not np.isnan(value) and resampling.why_none(systems, clusters) is None:
        drawn = np.concatenate(
            [
                system_agreement(coefficient, np.asarray(human(weights)), np.asarray(metric(weights)), several)
                for several, weights in resampling.chunks(max(resampling.clusters, len(known) ** 2))
            ]
        )
    reason = (
        "fewer than 2 systems are both judged and scored" if systems < 2 else "all judgements or scores are the same"
    )
    return _figure(
        value,
        drawn,
        resampling,
        Details(),
        reason=reason,
        used=systems,
        of=len(known),
        systems=systems,
        clusters=clusters,
    )


def counted(grid: Grid) -> tuple[int, int]:
    """Say how many systems and clusters have an observation."""
    return len(np.unique(grid.system[grid.system >= 0])), len(np.unique(grid.cluster))


def _figure(  # noqa: PLR0913 (a value, and all that is said of it)
    value: float,
    drawn: Array,
    resampling: Resampling,
    details: Details,
    *,
    reason: str,
    used: int,
    of: int,
    systems: int,
    clusters: int,
) -> Figure:
    low, high, interval_reason = resampling.interval(value, drawn, systems, clusters)
    notes = list(details.notes)
    if 0 < len(drawn) < resampling.replicates:
        notes.append(f"{len(drawn)} of {resampling.replicates} resamples were taken")
    return Figure(
        value=value,
        reason=reason if np.isnan(value) else None,
        low=low,
        high=high,
        interval_reason=interval_reason,
        used=used,
        of=of,
        systems=systems,
        clusters=clusters,
        replicates=len(drawn),
        undefined=int(np.isnan(drawn).sum()),
        groups=details.groups,
        groups_of=details.groups_of,
        epsilon=details.epsilon,
        ties=details.ties,
        notes=tuple(notes),
        drawn=drawn,
    )


def _undefined(grid: Grid, details: Details) -> str:
    """Say why a value would be undefined."""
    if not len(grid):
        return "nothing is both judged and scored"
    if len(grid) == 1:
        return "only one text is both judged and scored"
    for what, values in (("judgements", grid.human), ("scores", grid.metric)):
        if np.ptp(values) == 0:
            return f"all {what} are the same"
    return "; ".join(details.notes) or "no group has texts that differ in both"
