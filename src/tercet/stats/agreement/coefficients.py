"""Correlations of weighted observations: a weight counts an observation as often as it says."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tercet.stats.agreement.dominance import Dominance
from tercet.stats.exact import join, split
from tercet.stats.weighting import weighted

Array = NDArray[np.float64]
Coefficient = Literal["pearson", "spearman", "kendall"]
# A sum of squares below this share of what it is the difference of is rounding: the values are the same.
_ROUNDING = 2.0**-40


class Moments(NamedTuple):
    """Weighted sums of x and y: (B, ...) each."""

    n: Array
    x: Array
    y: Array
    xx: Array
    yy: Array
    xy: Array

    def pearson(self) -> Array:
        """Correlate; NaN where one of both is the same everywhere."""
        n = np.where(self.n > 0, self.n, np.nan)
        xx = _variation(self.xx, self.x, n)
        yy = _variation(self.yy, self.y, n)
        xy = self.xy - self.x * self.y / n
        return np.clip(xy / np.sqrt(xx * yy), -1.0, 1.0)


def _variation(squares: Array, sums: Array, n: Array) -> Array:
    """Take the sum of squared deviations; NaN where it is nothing but rounding."""
    found = squares - sums * sums / n
    return np.where(found > _ROUNDING * squares, found, np.nan)


def products(x: Array, y: Array) -> Array:
    """Lay out what moments are sums of: (n, 6)."""
    return np.column_stack([np.ones(len(x)), x, y, x * x, y * y, x * y])


def summed(columns: Array, weights: Array) -> Array:
    """Sum (n, k) columns by (B, n) whole weights, exactly before they are rounded once; (B, k)."""
    most = int(weights.sum(axis=1).max(initial=0.0))
    return join(weighted(split(columns, max(most, len(columns))), [weights], most))


def pearson(x: Array, y: Array, weights: Array) -> Array:
    """Correlate (n,) values; (B,) for (B, n) weights.

    Values are taken from their middle, without which moments of large numbers cancel out.
    """
    if not len(x):
        return np.full(len(weights), np.nan)
    sums = summed(products(x - x.mean(), y - y.mean()), weights)
    return Moments(*sums.T).pearson()


def spearman(x: Array, y: Array, weights: Array) -> Array:
    """Correlate the ranks of (n,) values, which are those of the repeated observations; (B,)."""
    if not len(x):
        return np.full(len(weights), np.nan)
    n = weights.sum(axis=1)
    # From the mean rank: half-integers, so that all sums are exact.
    ranks = [_ranks(values, weights) - (n[:, None] + 1) / 2 for values in (x, y)]
    x_heavy, y_heavy = (weights * one for one in ranks)
    return Moments(
        n=n,
        x=x_heavy.sum(axis=1),
        y=y_heavy.sum(axis=1),
        xx=(x_heavy * ranks[0]).sum(axis=1),
        yy=(y_heavy * ranks[1]).sum(axis=1),
        xy=(x_heavy * ranks[1]).sum(axis=1),
    ).pearson()


def _ranks(values: Array, weights: Array) -> Array:
    """Rank (n,) values among the repeated ones; equal values share the mean of their ranks; (B, n)."""
    order = np.argsort(values, kind="stable")
    starts, inverse = tie_groups(values[order])
    sizes = np.add.reduceat(weights[:, order], starts, axis=1)
    middles = np.cumsum(sizes, axis=1) - (sizes - 1) / 2
    found = np.empty_like(weights)
    found[:, order] = middles[:, inverse]
    return found


def tie_groups(ordered: Array) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Say where each run of equal values begins, and which run each of (n,) sorted values is in.

    >>> [one.tolist() for one in tie_groups(np.array([1.0, 1.0, 3.0]))]
    [[0, 2], [0, 0, 1]]
    """
    first = np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)]
    return np.flatnonzero(first), np.cumsum(first) - 1


class Kendall:
    """Kendall's tau-b of (n,) values with others: what does not depend on these is worked out once.

    Args:
        y: (n,) the values that stay; better those of the two with fewer different ones.
    """

    def __init__(self, y: Array) -> None:
        self._order = np.argsort(y, kind="stable")
        self._starts, self._ranks = tie_groups(y[self._order])

    def tau(self, x: Array, weights: Array) -> Array:
        """Give tau-b; NaN where one of both is the same everywhere.

        Args:
            x: (n,) the other values.
            weights: (B, n) whole numbers.

        Returns:
            (B,).
        """
        return next(self.taus(x, [weights]), np.empty(0))

    def taus(self, x: Array, chunks: Iterable[Array]) -> Iterator[Array]:
        """Give tau-b, as ``tau`` does, for weights some at a time.

        Pairs of an observation with its own copy are ties in both, of which tau-b takes no notice.

        References:
            Kendall, The Treatment of Ties in Ranking Problems, 1945, https://doi.org/10.1093/biomet/33.3.239.
        """
        # By x, equal ones by y: so equal pairs are neighbours.
        by_x = np.argsort(x[self._order], kind="stable")
        order, ranks = self._order[by_x], self._ranks[by_x]
        starts, groups = tie_groups(x[order])
        changed = ranks[1:] != ranks[:-1]
        changed |= groups[1:] != groups[:-1]
        both = np.concatenate([[0], np.flatnonzero(changed) + 1])
        dominance = Dominance(ranks, starts[groups])
        for weights in chunks:
            if not weights.shape[1]:
                yield np.full(len(weights), np.nan)
                continue
            moved = weights[:, order]
            squares = _squared(moved)
            # Every count is of pairs of different observations, twice.
            total = moved.sum(axis=1) ** 2 - squares
            tied_x, tied_both = (_squared(np.add.reduceat(moved, runs, axis=1)) - squares for runs in (starts, both))
            tied_y = _squared(np.add.reduceat(weights[:, self._order], self._starts, axis=1)) - squares
            twice = 4 * dominance.sums(moved) - (total - tied_x - tied_y + tied_both)
            untied = (total - tied_x) * (total - tied_y)
            found: Array = np.full(len(weights), np.nan)
            np.divide(twice, np.sqrt(untied), out=found, where=untied > 0)
            yield found


def _squared(weights: Array) -> Array:
    found: Array = np.einsum("bn,bn->b", weights, weights)
    return found


def kendall(x: Array, y: Array, weights: Array) -> Array:
    """Give tau-b of (n,) values; (B,) for (B, n) weights; see ``Kendall``."""
    return Kendall(y).tau(x, weights)
