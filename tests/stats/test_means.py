"""Tests of means: scipy's, and reasons where there is none."""

import sys
from collections.abc import Callable

import numpy as np
import pytest

from tercet.errors import MissingExtraError
from tercet.stats.means import Array, Outcome, t_test, wilcoxon
from tercet.stats.student import cdf

Test = Callable[[Array, Array], Outcome]

A = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
B = A + np.array([0.05, 0.1, -0.02, 0.2, 0.07, 0.11])


def test_student_by_hand() -> None:
    pytest.importorskip("scipy")
    # The mean difference in standard errors, with 5 degrees of freedom.
    differences = B - A
    t = differences.mean() / (differences.std(ddof=1) / np.sqrt(6))
    assert t_test(A, B).p == pytest.approx(2 * cdf(-abs(t), 5), rel=1e-9)


def test_wilcoxon_by_hand() -> None:
    pytest.importorskip("scipy")
    # Only the smallest difference is below 0: rank sum 1, which 2 of 64 sign patterns have or are below.
    assert wilcoxon(A, B).p == pytest.approx(2 * 2 / 64)
    assert wilcoxon(B, A).p == wilcoxon(A, B).p


@pytest.mark.parametrize("test", [wilcoxon, t_test])
def test_where_nothing_can_be_tested_there_is_a_reason_and_no_p(test: Test) -> None:
    assert test(A, A).p is None
    assert "all clusters" in (test(A, A).reason or "")
    assert test(A[:1], B[:1]).reason == "fewer than 2 clusters"
    assert test(A[:0], B[:0]).p is None


def test_a_constant_difference_has_ranks_but_no_spread() -> None:
    pytest.importorskip("scipy")
    ones = np.arange(6.0)
    assert t_test(ones, ones + 1).p is None
    assert wilcoxon(ones, ones + 1).p == pytest.approx(2 / 64)


@pytest.mark.parametrize("test", [wilcoxon, t_test])
def test_without_scipy_the_extra_is_named(test: Test, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.stats", None)
    with pytest.raises(MissingExtraError, match=r"tercet\[stats\]"):
        test(A, B)
