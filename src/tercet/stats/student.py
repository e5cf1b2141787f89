"""Student's t distribution, central and noncentral, without scipy."""

from functools import lru_cache
from itertools import count
from math import asinh, cosh, erfc, exp, expm1, floor, inf, isnan, log, log1p, log2, nan, pi, sinh, sqrt
from statistics import NormalDist

from tercet.errors import ConfigError

_NORMAL = 1e10  # from this freedom on, t is the normal distribution to 1e-11
_DEPTH = 80.0  # weights below exp(-80) of the largest are left out
_STEPS = 60  # of Newton's method; it takes fewer than 15


def cdf(t: float, freedom: float) -> float:
    """Give the probability that Student's t is at most ``t``.

    Args:
        t: Any number, infinite ones too.
        freedom: Degrees of freedom, above 0; infinity is the normal distribution.

    >>> round(cdf(1.0, 1), 12), round(cdf(0.0, 7), 12)
    (0.75, 0.5)
    """
    return noncentral_cdf(t, freedom, 0.0) if t <= 0 else 1 - noncentral_cdf(-t, freedom, 0.0)


def noncentral_cdf(t: float, freedom: float, shift: float) -> float:
    """Give the probability that a noncentral t is at most ``t``.

    (Z + shift) / S with Z normal and S = sqrt(chi squared / freedom), as the t of a test has it where the
    true difference is ``shift`` standard errors. It is the mean of normal probabilities over S, which the
    trapezoid rule in log S gives to almost all digits, as it does for any smooth bump on the whole line;
    dividing by the sum of the weights spares the gamma functions, and with them their rounding.

    Args:
        t: Any number, infinite ones too.
        freedom: Degrees of freedom, above 0; infinity is the normal distribution.
        shift: The noncentrality. The time grows with it: 30 ms for 100 with 1 degree of freedom.

    Raises:
        ConfigError: ``freedom`` is not above 0.

    References:
        Johnson, Kotz, Balakrishnan, Continuous Univariate Distributions 2, 1995, chapter 31; the rule:
        Trefethen, Weideman, The Exponentially Convergent Trapezoidal Rule, 2014,
        https://doi.org/10.1137/130932132.

    >>> round(noncentral_cdf(2.0, 10, 1.5), 6) == round(1 - noncentral_cdf(-2.0, 10, -1.5), 6)
    True
    """
    _check(freedom)
    if isnan(t) or isnan(shift):
        return nan
    if shift < 0:
        return 1 - noncentral_cdf(-t, freedom, -shift)
    if abs(t) == inf:
        return float(t > 0)
    if freedom >= _NORMAL:
        return _below(t - shift)
    if shift > _farthest(t, freedom):
        return 0.0
    return min(1.0, sum(weight * _below(t * scale - shift) for scale, weight in _scales(freedom, shift)))


@lru_cache(maxsize=1024)  # every score of a run asks for the same few
def quantile(probability: float, freedom: float) -> float:
    """Give the t that Student's t is below with this probability.

    Newton's method for log P as a function of arsinh t: in both tails and in the middle that is nearly
    a straight line.

    Args:
        probability: From 0 to 1. ``quantile(1 - p, freedom)`` is ``-quantile(p, freedom)``, as far as
            ``1 - p`` is exact.
        freedom: Degrees of freedom, above 0; infinity is the normal distribution.

    >>> round(quantile(0.975, 10), 6), quantile(0.5, 3)
    (2.228139, 0.0)
    """
    _check(freedom)
    if not 0 <= probability <= 1:
        return nan
    if probability > 0.5:
        return -quantile(1 - probability, freedom)
    if probability in (0, 0.5):
        return 0.0 if probability else -inf
    if freedom >= _NORMAL:
        return NormalDist().inv_cdf(probability)
    y = asinh(-NormalDist().inv_cdf(probability))
    for _ in range(_STEPS):
        below, density = _tail(-sinh(y), freedom)
        step = log(below / probability) * below / (density * cosh(y))
        y = max(0.0, y + step)
        if abs(step) <= 1e-15 * y:
            break
    return -sinh(y)


def _check(freedom: float) -> None:
    if not freedom > 0:
        raise ConfigError(f"The degrees of freedom are {freedom}.", "They must be above 0.")


def _below(z: float) -> float:
    """Give the normal distribution's lower tail, to the last digits also where it is tiny."""
    return erfc(-z / sqrt(2)) / 2


def _tail(t: float, freedom: float) -> tuple[float, float]:
    """Give the lower tail and the density of Student's t at ``t`` <= 0."""
    scales = _scales(freedom, 0.0)
    below = sum(weight * _below(t * scale) for scale, weight in scales)
    # The density has a closed form, but for a constant: the mean of S over sqrt(2 pi).
    middle = sum(weight * scale for scale, weight in scales) / sqrt(2 * pi)
    return below, middle * exp(-(freedom + 1) / 2 * log1p(t * t / freedom))


def _farthest(t: float, freedom: float) -> float:
    """Bound the shifts with which a noncentral t is at most ``t`` with a probability above 1e-30."""
    if t <= 0:
        return 12.0
    widest = 1 + 12 / sqrt(freedom)  # S exceeds it with less than exp(-72)
    return t * widest + 12.0


def _scales(freedom: float, shift: float) -> tuple[tuple[float, float], ...]:
    """Give nodes S and weights that add up to 1: the distribution of sqrt(chi squared / freedom)."""
    # In x = log S the density is exp(freedom (x - (exp(2x) - 1) / 2)): about normal, of standard deviation
    # 1 / sqrt(2 freedom), and analytic up to pi / 4 beside the line; the normal probability that it meets
    # is a step of width 1 / shift. A power of 2 serves many shifts.
    return _nodes(freedom, 2.0 ** floor(log2(min(0.0625, 0.5 / sqrt(2 * freedom + shift * shift)))))


@lru_cache(maxsize=64)
def _nodes(freedom: float, step: float) -> tuple[tuple[float, float], ...]:
    nodes = [(1.0, 1.0)]
    for direction in (-step, step):
        for place in count(1):
            x = place * direction
            exponent = freedom * (x - expm1(2 * x) / 2)
            if exponent < -_DEPTH:
                break
            nodes.append((exp(x), exp(exponent)))
    total = sum(weight for _, weight in nodes)
    return tuple((scale, weight / total) for scale, weight in sorted(nodes))
