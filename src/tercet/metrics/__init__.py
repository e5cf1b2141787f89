"""Metrics: one file each. A metric is two pure functions, ``measure`` to rows and ``reduce``."""

from tercet.metrics.contract import (
    Measured,
    Metric,
    Need,
    Rows,
    ScoreSpec,
    Unscored,
    measure_each,
    ratio,
    sign,
)

__all__ = ["Measured", "Metric", "Need", "Rows", "ScoreSpec", "Unscored", "measure_each", "ratio", "sign"]
