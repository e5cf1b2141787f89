"""Textbook tests of a mean of per-article values, for those who ask for them; the default needs no assumption."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.extras import require

Array = NDArray[np.float64]
_FEW = "fewer than 2 clusters"
_SAME = "all clusters have the same difference"
_EQUAL = "all clusters are equal in both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a test came to.

    Args:
        p: Two-sided; None where the test is impossible.
        reason: Why it is.
    """

    p: float | None
    reason: str | None = None


def wilcoxon(a: Array, b: Array) -> Outcome:
    """Test with Wilcoxon's signed ranks whether differences lie about 0, evenly on both sides.

    Differences of 0 are left out, as Wilcoxon does. The p-value is exact up to 50 clusters without ties or
    zeros, else from the normal approximation. It asks about ranks: a mean can fall while its p is large.

    Args:
        a: (c,) the baseline's value for each cluster.
        b: (c,) the candidate's, in the same order.

    Raises:
        MissingExtraError: scipy is not installed.
    """
    differences = b - a
    if reason := _FEW if len(a) < 2 else _EQUAL if not differences.any() else None:
        return Outcome(p=None, reason=reason)
    return Outcome(p=float(_scipy().wilcoxon(differences, zero_method="wilcox", method="auto").pvalue))


def t_test(a: Array, b: Array) -> Outcome:
    """Test with Student's paired t whether the mean difference is 0.

    Args:
        a: (c,) the baseline's value for each cluster.
        b: (c,) the candidate's, in the same order.

    Raises:
        MissingExtraError: scipy is not installed.
    """
    differences = b - a
    if reason := _FEW if len(a) < 2 else _SAME if np.ptp(differences) == 0 else None:
        return Outcome(p=None, reason=reason)
    return Outcome(p=float(_scipy().ttest_rel(b, a).pvalue))


def _scipy() -> Any:
    return require("scipy.stats", package="scipy", extra="stats", purpose="The Wilcoxon or t test")
