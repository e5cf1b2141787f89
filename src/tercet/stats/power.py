"""Power: which differences a run's articles can show, and how many articles a difference needs.

All of it from the run's own spread: the standard error of the difference over articles, which holds what the
two systems share. The test is taken as a t test of the mean over articles. Measured (``python -m
benchmarks.calibration --only power``), approximate randomization finds as much within 1.5 points, from 20
articles on, for values, clustered values and ratios of sums; with heavy tails or counts that are mostly 0, up to
13 points more with 20 or 50 articles, and within 3 from 200 on. Fewer articles than a permutation test
needs to reach ``alpha`` at all (6 for 0.05, two-sided) show nothing, whatever the difference, and that is said
here too.
"""

from functools import lru_cache
from math import inf, isfinite, sqrt

from tercet.errors import ConfigError
from tercet.stats.student import noncentral_cdf, quantile

_DIGITS = 1e-12  # to which a shift is found
_MOST = 10**15  # articles; who needs more sees no difference


def power(difference: float, error: float, articles: int, *, alpha: float = 0.05, sides: int = 2) -> float:
    """Give the probability that a test finds a true difference.

    Args:
        difference: The true one, in the score's unit; its sign is no matter: with one side, it is the side
            that is tested.
        error: Standard error of the difference over ``articles`` (jackknife), in the same unit; from 0.
        articles: Clusters that were compared; degrees of freedom and 1.
        alpha: Level of the test.
        sides: 2, or 1 where only one direction is tested.

    Returns:
        From 0 to 1; 0 where the articles are too few for any test.

    Raises:
        ConfigError: An argument is out of its range.

    References:
        Cohen, Statistical Power Analysis for the Behavioral Sciences, 1988, chapter 2, exactly: by the
        noncentral t distribution.

    >>> round(power(0.5, 0.25, 20), 3)
    0.476
    """
    _check(alpha, sides)
    if not error >= 0 or not isfinite(error):
        raise ConfigError(f"error is {error}.", "It must be a number from 0.")
    if articles < _fewest(alpha, sides):
        return 0.0
    if error == 0:
        return float(difference != 0)
    return _seen(abs(difference) / error, articles, alpha, sides)


def detectable(error: float, articles: int, *, alpha: float = 0.05, power: float = 0.8, sides: int = 2) -> float | None:
    """Give the smallest true difference that is found with this power.

    Args:
        error: Standard error of the difference over ``articles``; NaN where it is not known.
        articles: Clusters that were compared.
        alpha: Level of the test.
        power: Probability with which it is to be found; above ``alpha``.
        sides: 2, or 1 where only one direction is tested.

    Returns:
        From 0, in the unit of ``error``; None where the articles are too few for any test, or the error
        is not known.

    Raises:
        ConfigError: An argument is out of its range.

    >>> round(detectable(0.01, 50), 4)
    0.0286
    """
    _check(alpha, sides, power)
    if not isfinite(error) or error < 0 or articles < _fewest(alpha, sides):
        return None
    return error * _shift(articles, alpha, power, sides)


def needed(  # noqa: PLR0913 (what was measured, and what is asked for)
    difference: float, error: float, articles: int, *, alpha: float = 0.05, power: float = 0.8, sides: int = 2
) -> int | None:
    """Give how many articles it takes to find a true difference with this power.

    Articles as varied as those of the run are assumed: the error falls with the root of their number.

    Args:
        difference: The true one, in the unit of ``error``; its sign is no matter.
        error: Standard error of the difference over ``articles``; NaN where it is not known.
        articles: Clusters that the error was found over.
        alpha: Level of the test.
        power: Probability with which it is to be found; above ``alpha``.
        sides: 2, or 1 where only one direction is tested.

    Returns:
        At least as many as any test needs; None where the difference is 0 or the error is not known, as
        with fewer than 2 articles.

    Raises:
        ConfigError: An argument is out of its range.

    >>> needed(0.01, 0.01, 50)
    395
    """
    _check(alpha, sides, power)
    if not isfinite(error) or error < 0 or articles < 2 or not isfinite(difference) or difference == 0:
        return None
    low = _fewest(alpha, sides)
    if error == 0:
        return low
    one = abs(difference) / (error * sqrt(articles))  # in standard deviations of an article

    def enough(count: int) -> bool:
        return _seen(one * sqrt(count), count, alpha, sides) >= power

    high = low
    while not enough(high):
        low, high = high + 1, 2 * high
        if high > _MOST:
            return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return low


def _check(alpha: float, sides: int, power: float | None = None) -> None:
    if not 0 < alpha < 1:
        raise ConfigError(f"alpha is {alpha}.", "It must be between 0 and 1, as 0.05.")
    if sides not in (1, 2):
        raise ConfigError(f"sides is {sides}.", "It must be 1 or 2.")
    if power is not None and not alpha < power < 1:
        raise ConfigError(f"power is {power}.", f"It must be between alpha, {alpha}, and 1, as 0.8.")


def _fewest(alpha: float, sides: int) -> int:
    """Give the fewest articles with which swapping sides has a p of at most ``alpha``: sides / 2 ** articles."""
    articles = 2
    while sides * 0.5**articles > alpha:
        articles += 1
    return articles


def _seen(shift: float, articles: int, alpha: float, sides: int) -> float:
    """Give the power of a t test where the true difference is ``shift`` standard errors."""
    freedom = articles - 1
    critical = quantile(1 - alpha / sides, freedom)
    above = 1 - noncentral_cdf(critical, freedom, shift)
    below = noncentral_cdf(-critical, freedom, shift) if sides == 2 else 0.0
    return above + below


@lru_cache(maxsize=256)
def _shift(articles: int, alpha: float, power: float, sides: int) -> float:
    """Find the difference, in standard errors, that is seen with this power: by halving, so that it cannot run away.

    It is the same for all scores over as many articles, and takes some milliseconds.
    """

    def lacking(shift: float) -> float:
        return _seen(shift, articles, alpha, sides) - power

    low, high = 0.0, 1.0
    while lacking(high) < 0 and high < inf:
        low, high = high, 2 * high
    while high - low > _DIGITS * high:
        middle = (low + high) / 2
        low, high = (low, middle) if lacking(middle) >= 0 else (middle, high)
    return high
