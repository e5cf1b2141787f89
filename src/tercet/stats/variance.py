"""Variance components: how much of a score's spread lies between articles, and how much between generations."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tercet.stats.clusters import numbered, summed

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """What a score varies by, in the score's unit squared.

    Args:
        articles: Variance between articles; 0 where the estimate is negative; None where it is not known:
            fewer than 2 articles, or none that was answered twice.
        repeats: Variance between generations of one article; None, and not 0, where none was answered twice.
        raw: The estimate for articles as it stands: below 0 where generations differ as much as articles do.
        total: Variance of one answer to one article: the sum of both, which is known also where they
            cannot be told apart; None with fewer than 2 articles.
        articles_count: How many articles have a value.
        repeats_mean: How many values an article has, on average.
    """

    articles: float | None
    repeats: float | None
    raw: float | None
    total: float | None
    articles_count: int
    repeats_mean: float


def components(values: Array, articles: Sequence[Hashable]) -> Components:
    """Tell the variance between articles from that between generations of the same article.

    The one-way random-effects model, value = mean + article + generation, by the method of moments. Articles
    may have different numbers of generations; the mean of the squares between them is then divided by
    n0 = (N - sum of squared counts / N) / (a - 1) in the place of the common count. Unbiased, whatever the
    distributions; it is their variances that must not differ from article to article.

    Args:
        values: (n,) a score of each answer; NaN where it is unscored.
        articles: (n,) which article it answers.

    References:
        Searle, Casella, McCulloch, Variance Components, 1992, chapter 3.

    >>> found = components(np.array([1.0, 3.0, 7.0, 9.0]), ["a", "a", "b", "b"])
    >>> found.repeats, found.articles
    (2.0, 17.0)
    """
    kept = np.flatnonzero(np.isfinite(values))
    numbers = numbered([articles[i] for i in kept.tolist()])
    counts = np.bincount(numbers)
    n, a = len(kept), len(counts)
    means = summed(values[kept, None], numbers)[:, 0] / counts
    within = float(((values[kept] - means[numbers]) ** 2).sum())
    repeats = within / (n - a) if n > a else None
    raw, total = None, None
    if a > 1:
        mean = float(counts @ means) / n
        between = float(counts @ (means - mean) ** 2) / (a - 1)
        if repeats is None:
            total = between  # one answer an article: what varies is both
        else:
            raw = (between - repeats) * (a - 1) / (n - float(counts @ counts) / n)
            total = max(0.0, raw) + repeats
    return Components(
        articles=None if raw is None else max(0.0, raw),
        repeats=repeats,
        raw=raw,
        total=total,
        articles_count=a,
        repeats_mean=n / a if a else 0.0,
    )
