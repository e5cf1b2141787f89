"""Levels: between which quantiles of its resamples a score's interval lies."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tercet.errors import ConfigError
from tercet.stats.student import quantile

Array = NDArray[np.float64]
Method = Literal["percentile", "bca"]
_NORMAL = NormalDist()
_TIE = 2.0**-30  # values nearer than this share of the resamples' range are taken for equal


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """How an interval is cut out of resampled scores.

    Args:
        level: Share of the distribution within; above 0 and below 1.
        method: ``percentile``, or ``bca``, which corrects for bias and skewness.
        expanded: Whether the quantiles are moved outwards, the more so the fewer the clusters.
    """

    level: float
    method: Method
    expanded: bool

    def __post_init__(self) -> None:
        if not 0 < self.level < 1:
            raise ConfigError(f"level is {self.level}.", "It must be between 0 and 1, as 0.95.")
        if self.method not in {"percentile", "bca"}:
            raise ConfigError(f"method is '{self.method}'.", "Known: percentile, bca.")

    def reach(self, clusters: int) -> float:
        """Say how many standard errors from the middle the ends of a normal distribution's interval lie.

        A bootstrap's variance is that of the clusters divided by n, and its tails are the normal
        distribution's. Expanded, the quantiles make up for both: Phi(-sqrt(n / (n - 1)) t), where t is
        Student's with n - 1 degrees of freedom.

        References:
            Hesterberg, What Teachers Should Know about the Bootstrap, 2015, section 3.3,
            https://arxiv.org/abs/1411.5279.

        >>> round(Levels(level=0.95, method="percentile", expanded=True).reach(10), 3)
        2.385
        """
        within = (1 + self.level) / 2
        if not self.expanded:
            return _NORMAL.inv_cdf(within)
        return sqrt(clusters / (clusters - 1)) * quantile(within, clusters - 1)

    def cut(self, scores: Array, resamples: Array, clusters: int, without: Array | None = None) -> tuple[Array, Array]:
        """Cut intervals out of resampled scores.

        Args:
            scores: (m,) as observed.
            resamples: (B, m).
            clusters: How many there are, at least 2.
            without: (clusters, m) the scores without each cluster, for ``bca``; None for ``percentile``.

        Returns:
            (m,) lower and upper ends; NaN where any value that is needed is undefined.

        References:
            Efron, Tibshirani, An Introduction to the Bootstrap, 1993, section 14.3.
        """
        reach = self.reach(clusters)
        defined = np.isfinite(scores) & np.isfinite(resamples).all(axis=0)
        if without is not None:
            defined &= np.isfinite(without).all(axis=0)
        low, high = np.full((2, len(scores)), np.nan)
        for j in np.flatnonzero(defined).tolist():
            bias, acceleration = 0.0, 0.0
            if without is not None:
                bias, acceleration = _bias(resamples[:, j], scores[j]), _acceleration(without[:, j])
            low[j], high[j] = np.quantile(resamples[:, j], _quantiles(reach, bias, acceleration))
        return low, high


def _quantiles(reach: float, bias: float, acceleration: float) -> tuple[float, float]:
    """Say between which quantiles an interval lies; moved by bias and acceleration where these are not 0."""
    places = []
    for end in (-reach, reach):
        moved = bias + end
        scale = 1 - acceleration * moved
        # Where the scale is 0 or less, the end lies beyond all resamples.
        places.append(_NORMAL.cdf(bias + moved / scale) if scale > 0 else float(moved > 0))
    return places[0], places[1]


def _bias(values: Array, score: float) -> float:
    """Say how far the score lies from the median of its resamples, in standard errors; ties count half."""
    slack = _TIE * float(np.ptp(values))
    below = int((values < score - slack).sum()) + int((values <= score + slack).sum())
    share = below / (2 * len(values))
    edge = 1 / (2 * len(values))
    return _NORMAL.inv_cdf(min(max(share, edge), 1 - edge))


def _acceleration(left: Array) -> float:
    """Say how fast the standard error changes with the score: a sixth of the jackknife's skewness."""
    influence = left.mean() - left
    largest = np.abs(influence).max()
    if largest == 0:
        return 0.0
    influence = influence / largest  # no power of it may underflow
    return float((influence**3).sum() / (6 * (influence**2).sum() ** 1.5))
