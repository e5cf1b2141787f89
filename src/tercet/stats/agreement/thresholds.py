"""Thresholds: chosen on some texts, judged on the others."""

import numpy as np
from numpy.typing import NDArray

from tercet.stats.agreement.coefficients import tie_groups

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Half:
    """One half of a split: texts that choose a threshold, or are judged by one.

    Args:
        metric: (k,) scores, sorted.
        good: (k,) labels in the same order.
    """

    def __init__(self, metric: Array, good: Bools) -> None:
        self._metric = metric
        self._good = good
        self._begins = tie_groups(metric)[0]

    def _gains(self, weights: Array) -> tuple[Array, Array]:
        """Say what each text adds where the threshold lies above it, in units of twice good times bad; and these.

        A bad text is caught then, and a good one lost. All numbers are whole, so that equal thresholds are equal.
        """
        good = np.where(self._good, weights, 0.0).sum(axis=1, keepdims=True)
        bad = weights.sum(axis=1, keepdims=True) - good
        return weights * np.where(self._good, -bad, good), (good * bad)[:, 0]

    def choose(self, weights: Array) -> Array:
        """Choose the lowest of the best thresholds, the middle of a gap between scores.

        Args:
            weights: (B, k) whole numbers.

        Returns:
            (B,) from where on a text passes; infinite where all or none do; NaN without good or bad texts.
        """
        gains, units = self._gains(weights)
        # Below each different score, and above all.
        below = np.concatenate([np.zeros((len(weights), 1)), np.cumsum(gains, axis=1)], axis=1)
        ends = np.append(self._begins, len(self._metric))
        cuts = ends[np.argmax(below[:, ends], axis=1)]
        places = np.arange(len(self._metric))
        there = weights > 0
        lower = np.where(there & (places < cuts[:, None]), places, -1).max(axis=1)
        upper = np.where(there & (places >= cuts[:, None]), places, len(places)).min(axis=1)
        scores = np.concatenate([self._metric, [np.inf, -np.inf]])  # -1 is the last
        low, high = scores[lower], scores[upper]
        open_ended = np.isinf(low) | np.isinf(high)
        middles = np.where(open_ended, 0.0, low) / 2 + np.where(open_ended, 0.0, high) / 2
        found: Array = np.where(np.isinf(low), -np.inf, np.where(np.isinf(high), np.inf, middles))
        found[units == 0] = np.nan
        return found

    def accuracy(self, weights: Array, thresholds: Array) -> Array:
        """Give the balanced accuracy of (B,) thresholds for (B, k) weights; NaN without good or bad texts; (B,)."""
        gains, units = self._gains(weights)
        caught = np.where(self._metric < thresholds[:, None], gains, 0.0).sum(axis=1)
        found: Array = np.full(len(weights), np.nan)
        np.divide(caught, 2 * units, out=found, where=(units > 0) & ~np.isnan(thresholds))
        return found + 0.5


class Splits:
    """Texts that are split in halves, again and again.

    Args:
        metric: (n,) scores.
        good: (n,) labels.
        sides: Of each split, (n,) whether a text is in the half that chooses.
    """

    def __init__(self, metric: Array, good: Bools, sides: list[Bools]) -> None:
        self._order = np.argsort(metric, kind="stable")
        self._metric, self._good = metric[self._order], good[self._order]
        self._sides = sides

    def _half(self, texts: Bools) -> tuple[NDArray[np.intp], Half]:
        # Made anew each time: hundreds of halves of many texts would fill the memory.
        some = np.flatnonzero(texts[self._order])
        return some, Half(self._metric[some], self._good[some])

    def mean(self, weights: Array, most: int) -> Array:
        """Take the mean balanced accuracy over the first splits, of those that have one.

        Args:
            weights: (B, n) whole numbers.
            most: How many splits.

        Returns:
            (B,) NaN where no split has one.
        """
        ordered = weights[:, self._order]
        total, count = np.zeros((2, len(weights)))
        for side in self._sides[:most]:
            (some, chooses), (others, judged) = self._half(side), self._half(~side)
            values = judged.accuracy(ordered[:, others], chooses.choose(ordered[:, some]))
            known = ~np.isnan(values)
            total += np.where(known, values, 0.0)
            count += known
        found: Array = np.full(len(weights), np.nan)
        np.divide(total, count, out=found, where=count > 0)
        return found
