"""Partial correlation: what a metric tells beyond which system wrote the text."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tercet.stats.agreement.coefficients import Moments, products, summed
from tercet.stats.agreement.sample import Grid
from tercet.stats.agreement.statistic import Chunks, Details, Prepared, Valued, first, observed, ones, prepared_value

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Partial:
    """Pearson's correlation of what is left of both when each system's own mean is taken away.

    A metric that only tells good systems from bad ones has 0 here, however well it does over all texts. The raw
    correlation, to print beside it, is ``Segments("pearson")``. Means are those of the resample. Observations
    without a system are one more group.

    References:
        The partial correlation given a categorical variable: Fisher, The Distribution of the Partial Correlation
        Coefficient, 1924; as within-group correlation: Robinson, Ecological Correlations and the Behavior of
        Individuals, 1950, https://doi.org/10.2307/2087176.
    """

    @property
    def name(self) -> str:
        """What a table calls it."""
        return "partial pearson"

    def prepare(self, grid: Grid) -> Prepared:
        """Take its value, and get ready for weights."""

        def replicates(chunks: Chunks) -> Iterator[Array]:
            return (_within(grid, observed(grid, *some)) for some in chunks)

        there = len(np.unique(grid.system))
        details = Details(groups=there, groups_of=there)
        return Prepared(value=first(replicates([ones(grid)])), details=details, size=len(grid), replicates=replicates)

    def valued(self, grid: Grid) -> Valued:
        """Give its value for any scores of the same observations."""
        return prepared_value(self, grid)

    @property
    def why_no_swaps(self) -> str | None:
        """A test is always made."""
        return None


def _within(grid: Grid, weights: Array) -> Array:
    """Add up the moments around the mean of each system, (B,)."""
    total = np.zeros((6, len(weights)))
    for system in np.unique(grid.system).tolist():
        some = np.flatnonzero(grid.system == system)
        x, y = grid.human[some], grid.metric[some]
        n, sx, sy, xx, yy, xy = summed(products(x - x.mean(), y - y.mean()), weights[:, some]).T
        drawn = np.where(n > 0, n, 1.0)
        total += np.stack([n, 0 * n, 0 * n, xx - sx * sx / drawn, yy - sy * sy / drawn, xy - sx * sy / drawn])
    # A system whose texts are all alike leaves rounding behind, which is not told from a variation of its own.
    noise = 2.0**-40 * np.array([[np.ptp(one) ** 2] for one in (grid.human, grid.metric)]) if len(grid) else 0.0
    total[3:5] = np.where(total[3:5] > noise, total[3:5], 0.0)
    return Moments(*total).pearson()
