"""sacrebleu's two paired tests on statistics that are given, so that they see the same draws as ours."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.significance import Result, _paired_ar_test, _paired_bs_test

from benchmarks.calibration_draws import Drawn

Array = NDArray[np.float64]
TRIALS = 299  # (299 + 1) x 0.05 is whole: the level is as exact as with more trials


class _Score:
    __slots__ = ("score",)

    def __init__(self, score: float) -> None:
        self.score = score


class _Ratio:
    """What sacrebleu's tests ask of a metric, for rows of two statistics: above and below a fraction."""

    def _extract_corpus_statistics(self, hypotheses: Any, references: Any) -> Any:  # noqa: ARG002 (as it is called)
        return hypotheses

    def _aggregate_and_compute(self, stats: Array) -> _Score:
        return self._compute_score_from_stats(stats.sum(axis=0))

    def _compute_score_from_stats(self, stats: Array) -> _Score:
        return _Score(float(stats[0] / stats[1]))


class _Bleu(BLEU):
    """Its own BLEU, from statistics in the place of texts."""

    def _extract_corpus_statistics(self, hypotheses: Any, references: Any) -> Any:  # noqa: ARG002 (as it is called)
        return hypotheses


def sacrebleu_p(drawn: Drawn, simulation: int, seed: int) -> tuple[float, float]:
    """Run sacrebleu's tests on one simulation; it knows segments only.

    Args:
        drawn: The simulations.
        simulation: Which.
        seed: Above 0: sacrebleu takes 0 for none.

    Returns:
        p of its approximate randomization and of its paired bootstrap.
    """
    a, b = (np.ascontiguousarray(rows[:, simulation]) for rows in (drawn.a, drawn.b))
    metric: Any = _Bleu() if a.shape[1] > 2 else _Ratio()
    candidate: Any = b
    baseline = {"score": (a, Result(metric._aggregate_and_compute(a).score))}
    found: list[Any] = [
        test(baseline, "candidate", candidate, None, {"score": metric}, n_samples=TRIALS, seed=seed)[1]["score"].p_value
        for test in (_paired_ar_test, _paired_bs_test)
    ]
    return float(found[0]), float(found[1])
