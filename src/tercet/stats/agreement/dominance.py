"""Dominance: weighted pairs of which one lies before and below the other, without looking at every pair."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Places = NDArray[np.intp]


class Dominance:
    """Weighted sums over pairs i, j with i < ends[j] and ranks[i] < ranks[j] of the product of their weights.

    A wavelet matrix: the ranks are sorted by one bit after the other, the highest first, and at each
    bit of j that is 1, those before j that share its higher bits and have a 0 there lie below it. All places depend
    on the ranks alone; of the weights, which may be those of many resamples, only running sums are taken. Time
    is O(n log u) for u different values and each row of weights, memory O(n).

    Args:
        ranks: (n,) whole numbers from 0, in the order of the other variable.
        ends: (n,) of j: how many of the first ones come before it; from 0 to n.

    References:
        Claude, Navarro, Ordóñez, The wavelet matrix, 2015, https://doi.org/10.1016/j.is.2014.06.002.
    """

    def __init__(self, ranks: Places, ends: Places) -> None:
        # Per bit: whose bit is 0, who asks, and between which of the former it asks.
        self._levels: list[tuple[Places, Places, Places, Places]] = []
        asked, places = ranks, np.arange(len(ranks))
        begins, stops = np.zeros_like(ends), ends
        for bit in range(int(asked.max(initial=0)).bit_length() - 1, -1, -1):
            lower = (ranks >> bit & 1) == 0
            before = np.concatenate([[0], np.cumsum(lower)])
            upper = (asked >> bit & 1) == 1
            asking = np.flatnonzero(upper)
            first, last = before[begins], before[stops]
            low = np.flatnonzero(lower)
            self._levels.append((places[low], asking, first[asking], last[asking]))
            begins = np.where(upper, before[-1] + begins - first, first)
            stops = np.where(upper, before[-1] + stops - last, last)
            sorted_by_bit = np.concatenate([low, np.flatnonzero(~lower)])
            ranks, places = ranks[sorted_by_bit], places[sorted_by_bit]

    def sums(self, weights: Array) -> Array:
        """Add up the products.

        Args:
            weights: (B, n) whole numbers, which makes the sums exact.

        Returns:
            (B,).
        """
        found = np.zeros(len(weights))
        for lower, asking, begins, stops in self._levels:
            running = np.zeros((len(weights), len(lower) + 1))
            np.cumsum(weights[:, lower], axis=1, out=running[:, 1:])
            below = running[:, stops]
            below -= running[:, begins]
            below *= weights[:, asking]
            found += below.sum(axis=1)
        return found
