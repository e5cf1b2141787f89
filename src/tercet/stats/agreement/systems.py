"""System level: are better systems, as people see them, better by the metric too?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tercet.errors import ConfigError
from tercet.stats.agreement.coefficients import Moments
from tercet.stats.agreement.sample import Sample
from tercet.stats.exact import join, split
from tercet.stats.weighting import weighted

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
SystemCoefficient = Literal["pearson", "kendall", "pairwise"]
# (B, clusters) weights to (B, systems) scores, NaN where a system has none: a corpus score is no mean of segments.
SystemScores = Callable[[Array], Array]


@dataclass(frozen=True, eq=False, kw_only=True)
class SystemMeans:
    """Scores of systems that are means over their texts.

    Args:
        values: (n,) NaN where there is none.
        system: (n,) of each; -1 is left out.
        cluster: (n,) of each.
        systems: How many.
        clusters: How many.
    """

    values: Array
    system: Codes
    cluster: Codes
    systems: int
    clusters: int

    @classmethod
    def of(cls, sample: Sample, values: Sequence[float] | Array) -> "SystemMeans":
        """Take the means of (n,) values, in the order of the observations that ``Sample.of`` was given."""
        return cls._over(sample, np.asarray(values, dtype=np.float64)[sample.order])

    @classmethod
    def human(cls, sample: Sample) -> "SystemMeans":
        """Take the means of what people judged."""
        return cls._over(sample, sample.human)

    @classmethod
    def metric(cls, sample: Sample, name: str) -> "SystemMeans":
        """Take the means of what a metric scored."""
        return cls._over(sample, sample.metrics[name])

    @classmethod
    def _over(cls, sample: Sample, values: Array) -> "SystemMeans":
        return cls(
            values=values,
            system=sample.system,
            cluster=sample.cluster,
            systems=sample.systems,
            clusters=sample.clusters,
        )

    def with_values(self, values: Array) -> "SystemMeans":
        """Give the same texts other values, (n,)."""
        return replace(self, values=values)

    def __call__(self, clusters: Array) -> Array:
        """Give (B, systems) means for (B, clusters) weights."""
        known = ~np.isnan(self.values) & (self.system >= 0)
        cells = self.cluster[known] * self.systems + self.system[known]
        size = self.clusters * self.systems
        sums, counts = (np.bincount(cells, some, size) for some in (self.values[known], np.ones(known.sum())))
        columns = np.concatenate([one.reshape(self.clusters, self.systems) for one in (sums, counts)], axis=1)
        most = max(len(columns), int(clusters.sum(axis=1).max(initial=0.0)))
        added = join(weighted(split(columns, most), [clusters], most))
        found: Array = np.full((len(clusters), self.systems), np.nan)
        np.divide(added[:, : self.systems], added[:, self.systems :], out=found, where=added[:, self.systems :] > 0)
        return found


@dataclass(frozen=True, eq=False)
class Recorded:
    """Scores of systems of which there are no segments, and which no resample of texts moves.

    Args:
        scores: (systems,) NaN where unknown.
    """

    scores: Sequence[float] | Array

    def __call__(self, clusters: Array) -> Array:
        """Give the same scores for all (B, clusters) weights; (B, systems)."""
        scores = np.asarray(self.scores, dtype=np.float64)
        return np.broadcast_to(scores, (len(clusters), len(scores)))


def check_coefficient(name: str) -> None:
    """Refuse what is no measure of systems.

    Raises:
        ConfigError: Always then.
    """
    if name not in get_args(SystemCoefficient):
        raise ConfigError(f"coefficient is '{name}'.", f"Known: {', '.join(get_args(SystemCoefficient))}.")


def system_agreement(name: SystemCoefficient, human: Array, metric: Array, systems: Array) -> Array:
    """Compare scores of systems.

    - ``pearson`` and ``kendall`` (tau-b) are those of scipy;
    - ``pairwise`` is the share of pairs of systems that the metric orders as people do: a tie of the metric is
      wrong, a pair that people tied is left out.

    Args:
        name: Which.
        human: (B, s) NaN where unknown.
        metric: (B, s) likewise.
        systems: (B, s) weights; pairs of a system with its own copy do not count.

    Returns:
        (B,) NaN where undefined.

    References:
        Kocmi et al., To Ship or Not to Ship, 2021, https://aclanthology.org/2021.wmt-1.57.
    """
    weights = np.where(np.isnan(human) | np.isnan(metric), 0.0, systems)
    if name == "pearson":
        return _pearson(human, metric, weights)
    first, second = np.triu_indices(weights.shape[1], 1)
    pairs = weights[:, first] * weights[:, second]
    judged, scored = (np.nan_to_num(np.sign(one[:, first] - one[:, second])) for one in (human, metric))
    found: Array = np.full(len(weights), np.nan)
    told = (pairs * np.abs(judged)).sum(axis=1)
    if name == "pairwise":
        np.divide((pairs * (judged * scored > 0)).sum(axis=1), told, out=found, where=told > 0)
        return found
    untied = told * (pairs * np.abs(scored)).sum(axis=1)
    np.divide((pairs * judged * scored).sum(axis=1), np.sqrt(untied), out=found, where=untied > 0)
    return found


def _pearson(human: Array, metric: Array, weights: Array) -> Array:
    n = weights.sum(axis=1, keepdims=True)
    known = weights > 0
    drawn = np.where(n > 0, n, 1.0)
    x, y = (np.where(known, one, 0.0) for one in (human, metric))
    scales = [(weights * one * one).sum(axis=1) for one in (x, y)]
    # From the mean, or moments of large numbers cancel out.
    x, y = (np.where(known, one - (weights * one).sum(axis=1, keepdims=True) / drawn, 0.0) for one in (x, y))
    xx, yy = (
        np.where((weights * one * one).sum(axis=1) > 2.0**-80 * scale, (weights * one * one).sum(axis=1), 0.0)
        for one, scale in zip((x, y), scales, strict=True)
    )
    return Moments(
        n[:, 0], (weights * x).sum(axis=1), (weights * y).sum(axis=1), xx, yy, (weights * x * y).sum(axis=1)
    ).pearson()
