"""Sums of shards, exact to the last bit: plain, and in each Poisson replicate."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.errors import ConfigError, MetricError
from tercet.stats.clusters import numbered, summed
from tercet.stats.hashing import keyed
from tercet.stats.poisson import Weights, weights_of

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
_BITS = 32  # of a digit
_HALF = 1 << (_BITS - 1)
_LARGEST = 2.0**960  # 2^63 rows below it still have a sum that is a float64
_LOWEST = -34  # 2^(32 · -34) lies below the smallest float64
_EXPONENTS = 1022  # powers of 2 that are float64 as they are, and so are their inverses
_STRIDE = 128  # more than there are digits in a number
# 2^13 rows of digits up to 2^31, each taken 20 times at most, have sums below 2^49: exact in 64 bits.
_ROWS = 1 << 13
_CLUSTERS = 1 << 11  # of one matrix product: few enough that most sums of counts are exact in 32 bits
_CELLS = 1 << 19  # weights held at once: 2 MB
_NARROW = 1 << 24  # whole numbers below it are exact in 32 bits


class Sums:
    """Exact sums of additive rows: plain, and in each Poisson replicate.

    A sum is kept as digits to the base 2^32, from -2^31 to 2^31 - 1, at places that are the same for all data: no
    bit of any row is lost, and a sum has one form only. So neither the cutting into shards, nor the order and
    grouping of additions, nor threads change a bit. Only digits that are not 0 in some replicate are held: one
    for a count, two or three for a fraction.

    There is no bound on the number of rows that anyone could reach: each addition carries, and 2^63 rows of the
    largest magnitude that is let in still have a sum that a float64 holds.

    References:
        Neal, Fast Exact Summation Using Small and Large Superaccumulators, 2015,
        https://arxiv.org/abs/1505.05571; Chamandy, Muralidharan, Najmi, Naidu, Estimating Uncertainty for
        Massive Data Streams, 2012, https://research.google/pubs/pub43157.
    """

    __slots__ = ("_codes", "_digits", "_shape")

    def __init__(self, shape: tuple[int, int], codes: NDArray[np.int64], digits: NDArray[np.int32]) -> None:
        self._shape = shape  # columns, replicates
        self._codes = codes  # (t,) sorted: column and place of a row of digits
        self._digits = digits  # (t, replicates + 1)

    @classmethod
    def zeros(cls, columns: int, replicates: int) -> "Sums":
        """Begin with nothing.

        Raises:
            ConfigError: ``replicates`` is below 1.
        """
        if replicates < 1:
            raise ConfigError(f"replicates is {replicates}.", "It must be at least 1.")
        return cls((columns, replicates), np.empty(0, dtype=np.int64), np.empty((0, replicates + 1), dtype=np.int32))

    @classmethod
    def of(cls, rows: Array, clusters: Sequence[str], *, seed: int, replicates: int) -> "Sums":
        """Add up the rows of a shard, once as they are and once for each replicate.

        A cluster may be split between shards: it has the same weights everywhere. Weights are drawn once for
        all columns, so that the statistics of many metrics are best given side by side.

        Args:
            rows: (n, k) additive statistics, finite.
            clusters: (n,) what is drawn together, such as the article.
            seed: Any integer from 0.
            replicates: How many.

        Raises:
            ConfigError: ``replicates`` or the seed are out of range.
            MetricError: A magnitude is 2^960 or more.
            ValueError: A row is not finite, or there are not as many as clusters.
        """
        _check(rows, clusters)
        total = cls.zeros(rows.shape[1], replicates)
        for first in range(0, len(rows), _ROWS):
            some = slice(first, first + _ROWS)
            codes, digits = _split(rows[some])
            sums = _weighted(digits, clusters[some], seed, replicates)
            total._take(codes, sums.astype(np.int64))
        return total

    def add(self, other: "Sums") -> None:
        """Add the sums of another shard: exactly, in any order and any grouping.

        Raises:
            ValueError: It has other columns, or another number of replicates.
        """
        if other._shape != self._shape:
            raise ValueError(f"sums of {other._shape} columns and replicates cannot be added to {self._shape}.")
        self._take(other._codes, other._digits.astype(np.int64))

    def columns(self, start: int, stop: int) -> "Sums":
        """Take the columns from ``start`` to below ``stop``."""
        first, last = np.searchsorted(self._codes, (start * _STRIDE, stop * _STRIDE))
        codes = self._codes[first:last] - start * _STRIDE
        return Sums((stop - start, self._shape[1]), codes, self._digits[first:last].copy())

    @property
    def values(self) -> Array:
        """(replicates + 1, k): the plain sum, then the replicates; each the float64 nearest to the exact sum."""
        found = np.zeros((self._shape[1] + 1, self._shape[0]))
        places, powers = np.divmod(self._codes, _STRIDE)
        for column in np.unique(places).tolist():
            here = np.flatnonzero(places == column).tolist()
            terms = [np.ldexp(self._digits[i], _BITS * int(powers[i] + _LOWEST)) for i in here]
            found[:, column] = terms[0] if len(terms) == 1 else _rounded(terms)
        return found

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give what ``numpy.savez`` can keep; equal sums have equal arrays.

        Returns:
            ``shape``: columns and replicates; ``codes``: (t,) column and place of the digits; ``digits``:
            (t, replicates + 1).
        """
        return {"shape": np.array(self._shape, dtype=np.int64), "codes": self._codes, "digits": self._digits}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "Sums":
        """Take back what ``arrays`` gave."""
        columns, replicates = arrays["shape"].tolist()
        codes, digits = np.array(arrays["codes"], dtype=np.int64), np.array(arrays["digits"], dtype=np.int32)
        return cls((columns, replicates), codes, digits)

    def _take(self, codes: Numbers, numbers: Numbers) -> None:
        """Add (t, replicates + 1) numbers below 2^62 at places with these codes, and carry."""
        union = np.union1d(self._codes, codes)
        sums = np.zeros((len(union), self._digits.shape[1]), dtype=np.int64)
        sums[np.searchsorted(union, self._codes)] = self._digits
        sums[np.searchsorted(union, codes)] += numbers
        union, sums = _carried(union, sums)
        kept = sums.any(axis=1)
        self._codes, self._digits = union[kept], sums[kept].astype(np.int32)


def _rounded(terms: Sequence[Array]) -> list[float]:
    """Add up arrays, and round each sum once, whatever the number of terms."""
    return [math.fsum(together) for together in zip(*(term.tolist() for term in terms), strict=True)]


def _check(rows: Array, clusters: Sequence[str]) -> None:
    if len(rows) != len(clusters):
        raise ValueError(f"{len(rows)} rows are not of {len(clusters)} clusters.")
    if not np.isfinite(rows).all():
        raise ValueError("rows that are not finite cannot be added; leave them out.")
    largest = float(np.abs(rows).max(initial=0.0))
    if largest >= _LARGEST:
        raise MetricError(
            f"A statistic of {largest:.3g} is too large to be added exactly.", "Its magnitude must be below 2^960."
        )


def _split(rows: Array) -> tuple[Numbers, Array]:
    """Split numbers into digits to the base 2^32, at places that are the same for all data.

    Args:
        rows: (n, k).

    Returns:
        (t,) sorted codes, column * 128 + place, and (t, n) digits from -2^31 to 2^31.
    """
    codes: list[int] = []
    found: list[Array] = []
    left = np.flatnonzero(rows.any(axis=0))
    rest = rows.T[left]
    largest = int(np.frexp(np.abs(rest).max(initial=0.0))[1])
    place = -(-(largest - _BITS + 1) // _BITS)  # the digit at it is at most 2^31
    while len(left):
        digits = np.rint(_scaled(rest, -_BITS * place))
        some = digits.any(axis=1)
        codes += (left[some] * _STRIDE + place - _LOWEST).tolist()
        found += list(digits[some])
        rest -= _scaled(digits, _BITS * place)  # exact: fewer bits of the same number
        more = rest.any(axis=1)
        left, rest, place = left[more], rest[more], place - 1
    order = np.argsort(np.array(codes, dtype=np.int64))
    return np.array(codes, dtype=np.int64)[order], np.array(found).reshape(-1, len(rows))[order]


def _scaled(numbers: Array, power: int) -> Array:
    """Multiply by a power of 2; quickly where a float64 holds it."""
    scaled: Array = numbers * 2.0**power if abs(power) < _EXPONENTS else np.ldexp(numbers, power)
    return scaled


def _carried(codes: Numbers, numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Bring numbers below 2^63 - 2^31 into the range of digits, from -2^31 to 2^31 - 1.

    Args:
        codes: (t,) sorted.
        numbers: (t, r).

    Returns:
        (u,) codes, of which some are new, and (u, r) digits.
    """
    i = 0
    while i < len(codes):
        carry = (numbers[i] + _HALF) >> _BITS
        if carry.any():
            numbers[i] -= carry << _BITS
            if i + 1 == len(codes) or codes[i + 1] != codes[i] + 1:
                codes = np.insert(codes, i + 1, codes[i] + 1)
                numbers = np.insert(numbers, i + 1, 0, axis=0)
            numbers[i + 1] += carry
        i += 1
    return codes, numbers


def _weighted(digits: Array, clusters: Sequence[str], seed: int, replicates: int) -> Array:
    """Add up the digits of clusters, as they are and as often as each replicate draws them.

    Args:
        digits: (t, n) whole numbers up to 2^31, n at most 2^13.
        clusters: (n,).
        seed: Of the weights.
        replicates: How many.

    Returns:
        (t, replicates + 1) whole numbers, exact.
    """
    numbers, keys = numbered(clusters), keyed(list(dict.fromkeys(clusters)))
    by_cluster = digits if len(keys) == len(clusters) else summed(digits.T, numbers).T
    found = np.zeros((len(digits), replicates + 1))
    found[:, 0] = by_cluster.sum(axis=1)
    at_once = min(replicates, max(1, _CELLS // min(len(keys), _CLUSTERS)))
    room = np.empty(at_once * _CLUSTERS, dtype=np.float32)
    for low in range(0, len(keys), _CLUSTERS):
        some = keys[low : low + _CLUSTERS]
        part = np.ascontiguousarray(by_cluster[:, low : low + _CLUSTERS])
        narrow = room[: at_once * len(some)].reshape(at_once, len(some))
        for first in range(0, replicates, at_once):
            drawn = weights_of(some, seed, first, min(at_once, replicates - first), narrow)
            found[:, 1 + first : 1 + first + len(drawn)] += _product(part, drawn)
    return found


def _product(digits: Array, drawn: Weights) -> Array:
    """Multiply (t, c) digits by (r, c) weights: in 32 bits where that is exact, which takes half the time."""
    most = float(drawn.sum(axis=1).max(initial=0.0))
    narrow = np.abs(digits).max(axis=1, initial=0.0) * most < _NARROW
    product = np.empty((len(digits), len(drawn)))
    product[narrow] = digits[narrow].astype(np.float32) @ drawn.T
    if not narrow.all():
        product[~narrow] = digits[~narrow] @ drawn.T.astype(np.float64)
    return product
