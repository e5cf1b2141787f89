"""Within items without weights: what permutations take thousands of times, with the judgements' part done once."""

import numpy as np
from numpy.typing import NDArray

from tercet.stats.agreement.coefficients import Moments
from tercet.stats.agreement.statistic import Valued
from tercet.stats.agreement.ties import Steps, item_shares
from tercet.stats.agreement.within import Table, mean, middled, signs

Array = NDArray[np.float64]


class Unweighted:
    """The mean over items of a coefficient, for any scores of the same observations.

    Args:
        table: The observations.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._first, self._second = table.pairs
        self._human, _, self._both = signs(table)
        self._everything = np.ones((1, len(table.there)))

    def valued(self, name: str) -> Valued:
        """Give a coefficient's value for any (n,) scores.

        Args:
            name: ``pearson``, ``spearman``, ``kendall`` or ``acc_eq``.
        """
        if name == "acc_eq":
            return self._accuracy()
        if name == "kendall":
            return self._kendall()
        return self._moments(ranked=name == "spearman")

    def _mean(self, values: Array) -> float:
        return float(mean(values[None], self._everything)[0])

    def _signs(self, metric: Array) -> tuple[Array, Array]:
        """Lay out scores, and say how the two of each pair are ordered by them; (g, p) and (g, q)."""
        scores = self._table.with_metric(metric).metric
        return scores, np.where(self._both, np.sign(scores[:, self._first] - scores[:, self._second]), 0.0)

    def _kendall(self) -> Valued:
        human = np.abs(self._human).sum(axis=1)

        def value(metric: Array) -> float:
            _, scored = self._signs(metric)
            untied = human * np.abs(scored).sum(axis=1)
            found: Array = np.full(untied.shape, np.nan)
            np.divide((self._human * scored).sum(axis=1), np.sqrt(untied), out=found, where=untied > 0)
            return self._mean(found)

        return value

    def _moments(self, *, ranked: bool) -> Valued:
        there = self._table.there
        n = there.sum(axis=1).astype(np.float64)
        # Of each place, its pairs with the others: who is above less who is below is twice the rank from the middle.
        sides = np.zeros((len(self._first), there.shape[1]))
        every = np.arange(len(self._first))
        sides[every, self._first], sides[every, self._second] = 1.0, -1.0
        x = self._human @ sides if ranked else middled(self._table.human, there)

        def value(metric: Array) -> float:
            y = self._signs(metric)[1] @ sides if ranked else middled(self._table.with_metric(metric).metric, there)
            moments = (one.sum(axis=1) for one in (x, y, x * x, y * y, x * y))
            return self._mean(Moments(n, *moments).pearson())

        return value

    def _accuracy(self) -> Valued:
        shares = item_shares(self._both.sum(axis=1)[None].astype(np.float64), self._everything)[0]
        tied = self._human == 0

        def value(metric: Array) -> float:
            scores, scored = self._signs(metric)
            places = np.flatnonzero(self._both & (tied | (self._human * scored > 0)))
            item, pair = np.divmod(places, len(self._first))
            gaps = np.abs(scores[item, self._first[pair]] - scores[item, self._second[pair]])
            if not len(gaps):
                return 0.0 if self._both.any() else np.nan
            return Steps(gaps, tied[item, pair]).best(shares[item])[1]

        return value


def pooled_pearson(human: Array) -> Valued:
    """Give Pearson's correlation of (n,) judgements with any scores of the same texts."""
    x = human - human.mean() if len(human) else human

    def value(metric: Array) -> float:
        y = metric - metric.mean() if len(metric) else metric
        sums = (np.array([one.sum()]) for one in (x, y, x * x, y * y, x * y))
        return float(Moments(np.array([float(len(x))]), *sums).pearson()[0])

    return value
