"""Accuracy over pairs, ties included: from which difference on a metric tells two texts apart is calibrated."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tercet.stats.agreement.coefficients import tie_groups
from tercet.stats.agreement.dominance import Dominance
from tercet.stats.agreement.within import Table, signs

Array = NDArray[np.float64]
Places = NDArray[np.intp]
ALL_PAIRS = 3 * 10**7  # differences that are sorted at most, 8 bytes each; beyond it a sample is
_SAMPLED = 10**7
_SEED = 20_230_524  # of the sampled pairs; any fixed number would do


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """A threshold, and what it comes to.

    Args:
        epsilon: Differences of the metric up to it are ties.
        accuracy: Share of pairs that the metric orders, or ties, as people do; NaN where unknown.
    """

    epsilon: float
    accuracy: float


def within_items(table: Table, systems: Array, clusters: Array) -> tuple[Array, Array]:
    """Give the mean accuracy of items at the one epsilon that maximizes it; in each resample anew.

    The accuracy of an item is (C + T) / P: C pairs in the same order, T tied in both, of P pairs.

    Args:
        table: (g, p) observations.
        systems: (B, systems) weights.
        clusters: (B, clusters) weights.

    Returns:
        (B,) epsilons, the smallest of those that are equally good, and (B,) accuracies; NaN without a pair.

    References:
        Deutsch, Foster, Freitag, Ties Matter: Meta-Evaluating Modern Metrics with Pairwise Accuracy and Tie
        Calibration, 2023, https://aclanthology.org/2023.emnlp-main.798; equal to ``KendallWithTiesOpt`` of its
        reference implementation, with all pairs.
    """
    human, metric, both = signs(table)
    first, second = table.pairs
    gaps = np.abs(table.metric[:, first] - table.metric[:, second])
    weights = table.weights(systems)
    heavy = weights[:, first] * weights[:, second]
    shares = item_shares(heavy @ both.T.astype(np.float64), clusters[:, table.cluster])
    item, pair = np.nonzero(both & ((human == 0) | (human * metric > 0)))
    steps = Steps(gaps[item, pair], human[item, pair] == 0)
    epsilons, accuracies = np.full((2, len(weights)), np.nan)
    for b in range(len(weights)):
        if shares[b].any():
            epsilons[b], accuracies[b] = steps.best(heavy[b, pair] * shares[b, item])
    return epsilons, accuracies


class Steps:
    """How accuracy moves with epsilon: a tie wins what people tied, and loses what it had in the right order.

    Args:
        gaps: (k,) differences of the metric; of pairs that people tied, and of those that it has in the right order.
        tied: (k,) whether people tied them.
    """

    def __init__(self, gaps: Array, tied: NDArray[np.bool_]) -> None:
        self._order = np.argsort(gaps)
        ordered = gaps[self._order]
        self._gain = np.where(tied[self._order], 1.0, -1.0)
        self._lost = ~tied
        self._lasts = np.append(tie_groups(ordered)[0][1:], len(ordered))[: len(ordered)] - 1
        self._thresholds = np.concatenate([[0.0], ordered[self._lasts]])
        # Exact ties are ties whatever the epsilon.
        self._first = 1 if len(ordered) and ordered[0] == 0 else 0

    def best(self, worth: Array) -> tuple[float, float]:
        """Give the smallest of the best epsilons, and its accuracy, for what each of (k,) pairs is worth."""
        running = np.concatenate([[0.0], np.cumsum(worth[self._order] * self._gain)[self._lasts]])
        place = self._first + _first_best(running[self._first :])
        return float(self._thresholds[place]), float(worth[self._lost].sum() + running[place])


def item_shares(pairs: Array, clusters: Array) -> Array:
    """Say what one pair of each item counts in the mean over items; (B, g)."""
    weights = np.where(pairs > 0, clusters, 0.0)
    total = weights.sum(axis=1, keepdims=True)
    found: Array = np.zeros_like(pairs)
    np.divide(weights, pairs * total, out=found, where=weights > 0)
    return found


def _first_best(values: Array) -> int:
    """Give the first place of the maximum; what differs by rounding is equal."""
    return int(np.argmax(values >= values.max() - 2.0**-40))


def calibrated(human: Array, metric: Array) -> tuple[Calibrated, bool]:
    """Choose epsilon over all pairs of (n,) observations.

    Returns:
        The smallest of the best epsilons and its accuracy, and whether all pairs were looked at: with more than
        7,746 observations epsilon is chosen on ten million pairs, and its accuracy is then that of all.
    """
    n = len(human)
    if n < 2:
        return Calibrated(epsilon=np.nan, accuracy=np.nan), True
    everything = n * (n - 1) // 2 <= ALL_PAIRS
    parts = tuple(_all_pairs(human, metric) if everything else _some_pairs(human, metric))
    tied, right = (np.concatenate(side) for side in zip(*parts, strict=True))
    tied.sort()
    right.sort()
    # The best epsilon is 0 or the difference of a pair that people tied: only such a pair wins.
    thresholds = np.unique(np.concatenate([[0.0], tied]))
    won = np.searchsorted(tied, thresholds, side="right") - np.searchsorted(right, thresholds, side="right")
    epsilon = float(thresholds[np.argmax(won)])
    weights = np.ones((1, n))
    return Calibrated(epsilon=epsilon, accuracy=float(Accuracy(human, metric, epsilon).at(weights)[0])), everything


def _all_pairs(human: Array, metric: Array) -> Iterator[tuple[Array, Array]]:
    """Yield differences of the metric: of pairs that people tied, and of those that it has in the right order."""
    order = np.lexsort((metric, human))
    values = metric[order]
    starts, groups = tie_groups(human[order])
    ends = np.append(starts[1:], len(order))[groups].tolist()
    for i, end in enumerate(ends):
        above = values[end:] - values[i]
        yield values[i + 1 : end] - values[i], above[above > 0]


def _some_pairs(human: Array, metric: Array) -> Iterator[tuple[Array, Array]]:
    generator = np.random.Generator(np.random.PCG64(_SEED))
    first = generator.integers(0, len(human), _SAMPLED)
    second = (first + generator.integers(1, len(human), _SAMPLED)) % len(human)
    gaps, judged = metric[first] - metric[second], human[first] - human[second]
    yield np.abs(gaps[judged == 0]), np.abs(gaps[gaps * np.sign(judged) > 0])


class Accuracy:
    """The accuracy over all pairs at a given epsilon, without looking at every pair.

    Args:
        human: (n,).
        metric: (n,).
        epsilon: Differences up to it are ties; at least 0.
    """

    def __init__(self, human: Array, metric: Array, epsilon: float) -> None:
        self._order = np.argsort(metric, kind="stable")
        ordered = metric[self._order]
        ranks = np.unique(human, return_inverse=True)[1].astype(np.intp)
        self._dominance = Dominance(ranks[self._order], _apart(ordered, np.zeros(len(ordered), dtype=np.intp), epsilon))
        self._alike = np.lexsort((metric, human))
        starts, groups = tie_groups(human[self._alike])
        self._begins = _apart(metric[self._alike], starts[groups], epsilon)

    def at(self, weights: Array) -> Array:
        """Give the accuracy for (B, n) weights; pairs of an observation with its own copy do not count; (B,)."""
        moved = weights[:, self._alike]
        running = np.concatenate([np.zeros((len(moved), 1)), np.cumsum(moved, axis=1)], axis=1)
        tied = (moved * (running[:, :-1] - running[:, self._begins])).sum(axis=1)
        right = tied + self._dominance.sums(weights[:, self._order])
        total = (weights.sum(axis=1) ** 2 - (weights * weights).sum(axis=1)) / 2
        found: Array = np.full(len(weights), np.nan)
        np.divide(right, total, out=found, where=total > 0)
        return found


def _apart(values: Array, begins: Places, epsilon: float) -> Places:
    """Say for each of (n,) values the first place from its begin on that is no more than epsilon below it.

    Differences are taken as they are between two values, so that rounding makes none of them a tie.

    Args:
        values: (n,) sorted between each value's begin and itself.
        begins: (n,) no later than the value's own place.
        epsilon: At least 0.
    """
    low, high = begins.copy(), np.arange(len(values))
    while (low < high).any():
        middle = (low + high) // 2
        far = values - values[middle] > epsilon
        low = np.where(far & (low < high), middle + 1, low)
        high = np.where(far, high, np.minimum(high, middle))
    return low
