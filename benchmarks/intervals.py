"""Intervals of 95 %: Wilson's for a share of independent things, a bootstrap over clusters else."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.chinese import weights

Array = NDArray[np.float64]
_Z = 1.959963984540054
REPLICATES = 2000


def wilson(found: int, of: int) -> tuple[float, float]:
    """Wilson's score interval of a share.

    References:
        Wilson, 1927, https://doi.org/10.1080/01621459.1927.10502953; equal to
        ``scipy.stats.binomtest(found, of).proportion_ci(method="wilson")``.

    >>> [round(limit, 4) for limit in wilson(8, 10)]
    [0.4902, 0.9433]
    """
    share, square = found / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z / (1 + square / of) * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def share(found: int, of: int) -> str:
    """Print a share of independent things in percent, with its interval and what it is made of.

    >>> share(8, 10)
    '80.0 [49.0, 94.3] (8/10)'
    """
    if not of:
        return "none"
    low, high = wilson(found, of)
    return f"{100 * found / of:.1f} [{100 * low:.1f}, {100 * high:.1f}] ({found}/{of})"


def replicates(clusters: Sequence[Any], seed: int = 0) -> Array:
    """(2001, n) how often each of n rows counts when clusters are drawn anew; first as they are."""
    return weights(list(clusters), REPLICATES, seed)


def clustered(statistic: Callable[[Array], Array], clusters: Sequence[Any], digits: int = 3) -> str:
    """Print a statistic with its interval over clusters.

    Args:
        statistic: Takes (replicates, n) weights of the rows, gives (replicates,) values.
        clusters: n names; the rows of one name are drawn together.
        digits: Decimals.
    """
    values = statistic(replicates(clusters))
    drawn = values[1:][np.isfinite(values[1:])]
    if not np.isfinite(values[0]):
        return "none"
    low, high = np.percentile(drawn, [2.5, 97.5])
    return f"{values[0]:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"


def clustered_share(hits: Sequence[bool], clusters: Sequence[Any]) -> str:
    """Print a share in percent with its interval over clusters, and what it is made of."""
    if not hits:
        return "none"
    found = np.array(hits, dtype=np.float64)
    shown = clustered(lambda w: 100 * (w @ found) / np.maximum(w.sum(axis=1), 1e-9), clusters, digits=1)
    return f"{shown} ({int(found.sum())}/{len(found)})"


def auc(scores: Sequence[float], labels: Sequence[int], w: Array) -> Array:
    """(replicates,) weighted chance that a row labelled 1 scores above one labelled 0; a tie is half.

    >>> auc([0.1, 0.4, 0.4, 0.8], [0, 0, 1, 1], np.ones((1, 4))).tolist()
    [0.875]
    """
    values, place = np.unique(np.asarray(scores), return_inverse=True)
    positive, negative = (np.zeros((len(w), len(values))) for _ in range(2))
    for row, (at, label) in enumerate(zip(place, labels, strict=True)):
        (positive if label else negative)[:, at] += w[:, row]
    below = np.cumsum(negative, axis=1) - negative / 2
    pairs = positive.sum(axis=1) * negative.sum(axis=1)
    found: Array = np.full(len(w), np.nan)
    np.divide((positive * below).sum(axis=1), pairs, out=found, where=pairs > 0)
    return found


def balanced(flagged: Sequence[bool], bad: Sequence[bool], w: Array) -> Array:
    """(replicates,) weighted balanced accuracy of flags: the mean of bad ones caught and good ones passed."""
    hits, wrong = np.asarray(flagged, dtype=np.float64), np.asarray(bad, dtype=np.float64)
    caught = _part(w @ (hits * wrong), w @ wrong)
    passed = _part(w @ ((1 - hits) * (1 - wrong)), w @ (1 - wrong))
    return (caught + passed) / 2


def _part(above: Array, below: Array) -> Array:
    found: Array = np.full(len(above), np.nan)
    np.divide(above, below, out=found, where=below > 0)
    return found
