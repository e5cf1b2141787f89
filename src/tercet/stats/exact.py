"""Sums that are the same to the last bit in any order, so that threads and chunks cannot move a result."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_DIGITS = 53  # bits of a float64
_SMALLEST = -1074  # exponent of the smallest float64 above 0


def split(rows: Array, terms: int) -> Array:
    """Split numbers into two parts each, of so few bits that adding them never rounds.

    A matrix product adds in an order that depends on its shape, on the number of threads and on the
    processor. A sum of ``terms`` such parts has at most 53 bits, wherever it begins; the one rounding
    comes in ``join``. Nothing is lost but what lies 2 (53 - log2 terms) bits below a column's largest number.

    Args:
        rows: (n, k), finite.
        terms: How many rows, counted as often as they are taken, are added up at most.

    Returns:
        (n, 2k): the upper parts, then the lower ones.

    References:
        Ozaki, Ogita, Oishi, Rump, Error-free transformations of matrix multiplication, 2012,
        https://doi.org/10.1007/s11075-011-9478-1.
    """
    bits = _DIGITS - (max(terms, 1) - 1).bit_length()
    largest = np.frexp(np.abs(rows).max(axis=0, initial=0.0))[1]
    upper = _rounded(rows, largest - bits)
    lower = _rounded(rows - upper, largest - 2 * bits)
    return np.concatenate([upper, lower], axis=-1)


def _rounded(rows: Array, exponents: NDArray[Any]) -> Array:
    """Round each column to multiples of a power of 2."""
    unit = np.ldexp(1.0, np.maximum(exponents, _SMALLEST))
    rounded: Array = np.rint(rows / unit) * unit
    return rounded


def join(sums: Array) -> Array:
    """Add the two parts of sums: (..., 2k) to (..., k)."""
    k = sums.shape[-1] // 2
    joined: Array = sums[..., :k] + sums[..., k:]
    return joined
