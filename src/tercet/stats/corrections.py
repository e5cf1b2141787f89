"""Corrections: p-values of many tests at once."""

import numpy as np
from numpy.typing import NDArray

from tercet.stats.randomization import TIE, shares, sized

Array = NDArray[np.float64]


def holm(p: Array) -> Array:
    """Adjust p-values so that one false alarm among all tests is as rare as alpha says; whatever their dependence.

    Args:
        p: (t,) NaN where there is no test: it stays and does not count.

    Returns:
        (t,) at most 1.

    References:
        Holm, A Simple Sequentially Rejective Multiple Test Procedure, 1979, https://www.jstor.org/stable/4615733.

    >>> holm(np.array([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.06, 0.06]
    """
    order, n = _ranked(p)
    factors = np.arange(n, 0, -1)
    return _placed(p, order, np.maximum.accumulate(p[order] * factors))


def benjamini_hochberg(p: Array) -> Array:
    """Adjust p-values so that of the tests found significant, a share of alpha is false at most, on average.

    For tests that are independent or depend on each other positively, as metrics of one text do.

    Args:
        p: (t,) NaN where there is no test: it stays and does not count.

    Returns:
        (t,) at most 1.

    References:
        Benjamini, Hochberg, Controlling the False Discovery Rate, 1995, https://www.jstor.org/stable/2346101.

    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.04, 0.04]
    """
    order, n = _ranked(p)
    scaled = p[order] * n / np.arange(1, n + 1)
    return _placed(p, order, np.minimum.accumulate(scaled[::-1])[::-1])


def _ranked(p: Array) -> tuple[NDArray[np.intp], int]:
    """Say where the tests are, the smallest p first, and how many."""
    n = int((~np.isnan(p)).sum())
    return np.argsort(p, kind="stable")[:n], n  # NaN come last


def _placed(p: Array, order: NDArray[np.intp], adjusted: Array) -> Array:
    found = np.full(p.shape, np.nan)
    found[order] = np.minimum(adjusted, 1.0)
    return found


def max_t(observed: Array, deltas: Array, *, exact: bool) -> Array:
    """Adjust the tests of many scores by permutations that they share, with the correlation between them.

    Step-down: the largest delta is compared with the largest of all scores in each permutation, the next with
    the largest of the remaining ones, and so on. Twelve scores that say the same cost nothing; twelve
    independent ones cost what Holm takes. Each score is measured in its own spread over the permutations.

    Args:
        observed: (t,) deltas; NaN where there is no test: it stays and does not count.
        deltas: (R, t) of permutations that are the same in every column; a permutation without a value counts
            as extreme.
        exact: Whether these are all the permutations there are.

    Returns:
        (t,) two-sided adjusted p-values, never smaller where the observed is; 1 for a score that no permutation
        changes.

    References:
        Westfall, Young, Resampling-Based Multiple Testing, 1993, algorithm 2.8; Ge, Dudoit, Speed,
        Resampling-based multiple testing for microarray data analysis, 2003, box 2.
    """
    spread = _spread(observed, deltas, exact=exact)
    tested = np.flatnonzero(~np.isnan(observed))
    found = np.full(observed.shape, np.nan)
    found[tested] = 1.0
    moving = tested[spread[tested] > 0]
    heights = np.abs(observed[moving]) / spread[moving]
    order = np.argsort(-heights, kind="stable")
    heights, moving = heights[order], moving[order]
    sizes = sized(deltas[:, moving]) / spread[moving]
    bounds = heights - TIE * np.where(np.isfinite(sizes), sizes, 0.0).max(axis=0, initial=0.0)
    # Of the columns from the j-th on, the largest in each permutation.
    largest = np.maximum.accumulate(sizes[:, ::-1], axis=1)[:, ::-1]
    p = shares((largest >= bounds).sum(axis=0), len(deltas), exact=exact)
    found[moving] = np.maximum.accumulate(p)
    return found


def _spread(observed: Array, deltas: Array, *, exact: bool) -> Array:
    """Take each column's root mean square over the permutations, of which the observed one is one; (t,)."""
    everything = deltas if exact else np.concatenate([deltas, observed[None]])
    known = np.isfinite(everything)
    squares = np.where(known, everything, 0.0) ** 2
    spread: Array = np.sqrt(squares.sum(axis=0) / np.maximum(known.sum(axis=0), 1))
    return spread
