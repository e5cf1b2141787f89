"""Within items: a correlation over the systems of each item, then the mean over items."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tercet.stats.agreement.coefficients import Moments, products
from tercet.stats.agreement.sample import Grid
from tercet.stats.exact import join, split
from tercet.stats.weighting import weighted

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Table:
    """Observations as items x places; a place is a system, or one of the texts of an item without a system.

    Args:
        human: (g, p) 0 where there is nothing.
        metric: (g, p) likewise.
        there: (g, p) where there is something.
        row: (n,) the item of each observation.
        place: (n,) its place there.
        cluster: (g,) of each item.
        systems: How many of the places, the first ones, are systems; the others weigh 1.
    """

    human: Array
    metric: Array
    there: Bools
    row: NDArray[np.intp]
    place: NDArray[np.int64]
    cluster: NDArray[np.int64]
    systems: int

    @classmethod
    def of(cls, grid: Grid) -> "Table":
        """Lay out the observations of a grid."""
        items, row = np.unique(grid.item, return_inverse=True)
        place = grid.system.copy()
        nameless = np.flatnonzero(place < 0)
        order = nameless[np.argsort(row[nameless], kind="stable")]
        runs = row[order]
        place[order] = grid.systems + np.arange(len(order)) - np.searchsorted(runs, runs)
        shape = (len(items), int(place.max(initial=-1)) + 1)
        human, metric, there = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool)
        human[row, place], metric[row, place], there[row, place] = grid.human, grid.metric, True
        cluster = np.zeros(len(items), dtype=np.int64)
        cluster[row] = grid.cluster
        return cls(human=human, metric=metric, there=there, row=row, place=place, cluster=cluster, systems=grid.systems)

    def with_metric(self, metric: Array) -> "Table":
        """Give the same (n,) observations other scores."""
        scores = np.zeros_like(self.human)
        scores[self.row, self.place] = metric
        return replace(self, metric=scores)

    def weights(self, systems: Array) -> Array:
        """Give the weight of each place from those of (B, systems) systems; (B, p)."""
        extra = max(0, self.there.shape[1] - systems.shape[1])
        weights: Array = np.concatenate([systems, np.ones((len(systems), extra))], axis=1)
        return weights[:, : self.there.shape[1]]

    @cached_property
    def pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Every two places; (q,) and (q,)."""
        first, second = np.triu_indices(self.there.shape[1], 1)
        return first, second


def items(name: str, table: Table, systems: Array) -> Array:
    """Give the coefficient of each item.

    Args:
        name: ``pearson``, ``spearman`` or ``kendall``.
        table: (g, p) observations.
        systems: (B, systems) weights.

    Returns:
        (B, g); NaN where a judgement or a score is the same for all.
    """
    weights = table.weights(systems)
    return {"pearson": _pearson, "spearman": _spearman, "kendall": _kendall}[name](table, weights)


def mean(values: Array, clusters: Array) -> Array:
    """Take the mean of (B, g) items that have a value, by the (B, g) weights of their clusters; (B,)."""
    known = np.isfinite(values)
    weights = np.where(known, clusters, 0.0)
    total = weights.sum(axis=1)
    found: Array = np.full(len(values), np.nan)
    np.divide((weights * np.where(known, values, 0.0)).sum(axis=1), total, out=found, where=total > 0)
    return found


def _sums(columns: Array, weights: Array) -> Array:
    """Sum (p, k) columns by (B, p) weights, exactly before they are rounded; (B, k)."""
    most = int(weights.sum(axis=1).max(initial=0.0))
    return join(weighted(split(columns, max(most, len(columns))), [weights], most))


def _pearson(table: Table, weights: Array) -> Array:
    return Moments(
        *_moments(middled(table.human, table.there), middled(table.metric, table.there), table.there, weights)
    ).pearson()


def middled(values: Array, there: Bools) -> Array:
    """Take values from the mean of their item; (g, p), 0 where there is nothing."""
    means = np.where(there, values, 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    found: Array = np.where(there, values - means[:, None], 0.0)
    return found


def _moments(x: Array, y: Array, there: Bools, weights: Array) -> list[Array]:
    """Give six sums of (B, g) each."""
    g, p = there.shape
    stacked = products(x.ravel(), y.ravel()) * there.reshape(-1, 1)
    columns = stacked.reshape(g, p, 6).transpose(1, 2, 0).reshape(p, 6 * g)
    return list(_sums(columns, weights).reshape(len(weights), 6, g).transpose(1, 0, 2))


def _spearman(table: Table, weights: Array) -> Array:
    n = _sums(table.there.T.astype(np.float64), weights)
    ranks = [_ranks(values, table.there, weights) - n[:, :, None] / 2 for values in (table.human, table.metric)]
    x_heavy, y_heavy = (weights[:, None, :] * np.where(table.there, one, 0.0) for one in ranks)
    return Moments(
        n=n,
        x=x_heavy.sum(axis=2),
        y=y_heavy.sum(axis=2),
        xx=(x_heavy * ranks[0]).sum(axis=2),
        yy=(y_heavy * ranks[1]).sum(axis=2),
        xy=(x_heavy * ranks[1]).sum(axis=2),
    ).pearson()


def _ranks(values: Array, there: Bools, weights: Array) -> Array:
    """Rank the values of each item by half the weight that lies below less half that above; (B, g, p)."""
    g, p = there.shape
    both = there[:, :, None] & there[:, None, :]
    below = np.where(
        both, (values[:, None, :] < values[:, :, None]) + 0.5 * (values[:, None, :] == values[:, :, None]), 0.0
    )
    return _sums(below.reshape(g * p, p).T, weights).reshape(len(weights), g, p)


def _kendall(table: Table, weights: Array) -> Array:
    human, metric, both = signs(table)
    first, second = table.pairs
    heavy = weights[:, first] * weights[:, second]
    count = both.shape[0]
    columns = np.concatenate([human * metric, np.abs(human), np.abs(metric)])
    concordant, by_human, by_metric = _sums(columns.T, heavy).reshape(len(weights), 3, count).transpose(1, 0, 2)
    untied = by_human * by_metric
    found: Array = np.full(untied.shape, np.nan)
    np.divide(concordant, np.sqrt(untied), out=found, where=untied > 0)
    return found


def signs(table: Table) -> tuple[Array, Array, Bools]:
    """Say how the two of each pair are ordered, by people and by the metric, and where there are both; (g, q)."""
    first, second = table.pairs
    both = table.there[:, first] & table.there[:, second]
    human, metric = (
        np.where(both, np.sign(values[:, first] - values[:, second]), 0.0) for values in (table.human, table.metric)
    )
    return human, metric, both
