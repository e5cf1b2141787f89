"""Swapping: would two metrics differ as much in their agreement if their scores were anybody's?"""

import numpy as np
from numpy.typing import NDArray

from tercet.stats.agreement.sample import Grid
from tercet.stats.agreement.statistic import Statistic
from tercet.stats.agreement.systems import SystemCoefficient, SystemMeans, system_agreement
from tercet.stats.flips import Flips

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


def swapped(one: Grid, other: Grid, statistic: Statistic, *, seed: int, swaps: int) -> tuple[Array, bool]:
    """Take the difference of two metrics in permutations: some of their scores change places.

    This is PERM-BOTH, over systems and texts: each system's scores in each cluster change places or not, by a coin
    of their own. A cluster of one text is the paper's test. Texts of a cluster change places together, since they
    are not independent; where there are no systems, so does all of a cluster. Both metrics are standardized first,
    as scores of unlike scales would make no metric.

    Args:
        one: Observations with the first metric's scores.
        other: The same ones with the second's.
        statistic: By which measure.
        seed: Of the coins; any integer from 0.
        swaps: How many permutations; all of them where there are no more.

    Returns:
        (R,) first minus second, NaN where a permutation has no value, and whether these are all permutations.

    References:
        Deutsch, Dror, Roth, A Statistical Analysis of Summarization Evaluation Metrics Using Resampling Methods,
        2021, section 5, https://aclanthology.org/2021.tacl-1.67.
    """
    names, cell = _cells(one.system, one.cluster)
    flips = Flips(clusters=names, seed=seed, replicates=swaps)
    first, second = standardized(one.metric), standardized(other.metric)
    value = statistic.valued(one)
    deltas = [
        value(np.where(taken, second, first)) - value(np.where(taken, first, second))
        for some in flips.chunks(names)
        for taken in (some.astype(bool)[:, cell])
    ]
    return np.array(deltas), flips.exact


def swapped_systems(  # noqa: PLR0913 (who is compared with whom, and by what)
    human: Array, one: SystemMeans, other: SystemMeans, name: SystemCoefficient, *, seed: int, swaps: int
) -> tuple[Array, bool]:
    """Do as ``swapped`` does, with scores of systems that are means over the same texts.

    Args:
        human: (systems,) NaN where unknown.
        one: The first metric.
        other: The second; its values are known where the first's are.
        name: By which coefficient.
        seed: Of the coins.
        swaps: How many permutations.
    """
    known = ~np.isnan(one.values) & (one.system >= 0)
    names, cell = _cells(one.system[known], one.cluster[known])
    flips = Flips(clusters=names, seed=seed, replicates=swaps)
    first, second = standardized(one.values[known]), standardized(other.values[known])
    system = one.system[known]
    counts = _sums(system, np.ones(len(system)), one.systems)
    means = [_ratio(_sums(system, scores, one.systems), counts) for scores in (first, second)]
    # What a system gains when one of its cells changes places.
    gains = np.zeros((len(names), one.systems))
    np.add.at(gains, (cell, system), (second - first) / counts[system])
    deltas = []
    for some in flips.chunks(names):
        moved = np.einsum("rc,cs->rs", some.astype(np.float64), gains)
        judged = np.broadcast_to(human, moved.shape)
        weights = np.ones(moved.shape)
        values = [system_agreement(name, judged, scores, weights) for scores in (means[0] + moved, means[1] - moved)]
        deltas.append(values[0] - values[1])
    return np.concatenate(deltas), flips.exact


def standardized(values: Array) -> Array:
    """Give (n,) values mean 0 and standard deviation 1; all 0 where they are the same."""
    middled = values - values.mean() if len(values) else values
    spread = float(np.sqrt((middled**2).mean())) if len(values) else 0.0
    return middled / spread if np.ptp(values) > 0 else np.zeros_like(values)


def _cells(system: Codes, cluster: Codes) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Name what changes places together, and say which of them each of (n,) observations is in."""
    pairs, cell = np.unique(np.column_stack([system, cluster]), axis=0, return_inverse=True)
    return tuple(f"{one}\0{other}" for one, other in pairs.tolist()), cell.reshape(-1)


def _sums(system: Codes, values: Array, systems: int) -> Array:
    return np.bincount(system, values, systems).astype(np.float64)


def _ratio(above: Array, below: Array) -> Array:
    found: Array = np.full(above.shape, np.nan)
    np.divide(above, below, out=found, where=below > 0)
    return found
