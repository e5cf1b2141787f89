"""Approximate randomization: would the systems differ as much if their outputs were anybody's?"""

import numpy as np
from numpy.typing import NDArray

from tercet.stats.exact import join
from tercet.stats.flips import Flips
from tercet.stats.paired import Paired, Reduce
from tercet.stats.weighting import weighted

Array = NDArray[np.float64]
# Deltas that are nearer to each other than this share of the largest one are taken for equal.
TIE = 2.0**-30


def randomized(pair: Paired, reduce: Reduce, flips: Flips) -> Array:
    """Take the deltas of permutations: in each, some clusters swap their sides.

    Where a system's label does not matter, which is the null hypothesis, all permutations are as probable
    as what was observed. A cluster swaps with all its rows, since they are not independent. Clusters that are
    the same in both systems change nothing and are not multiplied.

    Args:
        pair: The systems.
        reduce: Sums to scores.
        flips: Over clusters that hold at least those which differ.

    Returns:
        (flips.count, m) candidate minus baseline; NaN where a score of a permutation is undefined.

    References:
        Noreen, Computer Intensive Methods for Testing Hypotheses, 1989; Riezler, Maxwell, On Some Pitfalls
        in Automatic Evaluation and Significance Testing for MT, 2005, https://aclanthology.org/W05-0908.
    """
    a, b = pair.halves
    places = pair.differing
    wanted = [pair.clusters[i] for i in places.tolist()]
    moved = weighted(b[places] - a[places], flips.chunks(wanted), len(wanted))
    first, second = join(a.sum(axis=0) + moved), join(b.sum(axis=0) - moved)
    deltas: Array = np.asarray(reduce(second)) - np.asarray(reduce(first))
    return deltas


def p_values(observed: Array, deltas: Array, *, exact: bool) -> Array:
    """Take two-sided p-values: how often a permutation is at least as far from 0 as what was observed.

    With random permutations the observed one counts as one of them, (c + 1) / (R + 1), so that p is valid and
    never 0. Scores are rounded, and equal deltas may differ in their last bits; what is nearer than 2^-30 of the
    largest delta counts as equal. So does a permutation without a value: both can only make p larger. Two systems
    with the same rows have p 1; tests that count only what is larger give them 1 / (R + 1).

    Args:
        observed: (m,) deltas; NaN has p NaN.
        deltas: (R, m) of permutations.
        exact: Whether these are all the permutations there are, the identity among them.

    Returns:
        (m,) above 0 and at most 1.

    References:
        Phipson, Smyth, Permutation P-values should never be zero, 2010, https://arxiv.org/abs/1603.05766.
    """
    sizes = sized(deltas)
    counts = (sizes >= np.abs(observed) - slack(sizes)).sum(axis=0)
    return np.where(np.isnan(observed), np.nan, shares(counts, len(deltas), exact=exact))


def sized(deltas: Array) -> Array:
    """Take magnitudes; what has no value is as far out as can be."""
    sizes: Array = np.abs(deltas)
    return np.where(np.isnan(sizes), np.inf, sizes)


def slack(sizes: Array) -> Array:
    """Say, per column of (R, m) magnitudes, what difference is none; (m,)."""
    finite = np.where(np.isfinite(sizes), sizes, 0.0)
    bound: Array = TIE * finite.max(axis=0, initial=0.0)
    return bound


def shares(counts: NDArray[np.intp], permutations: int, *, exact: bool) -> Array:
    """Turn how many permutations are as extreme into p-values.

    >>> shares(np.array([0, 49]), 999, exact=False).tolist()
    [0.001, 0.05]
    """
    if exact:
        found: Array = np.maximum(counts, 1) / permutations  # the identity is one of them
    else:
        found = (counts + 1) / (permutations + 1)
    return found
