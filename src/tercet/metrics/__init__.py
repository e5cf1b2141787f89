"""Metrics: one file each. A metric is two pure functions, ``measure`` to rows and ``reduce``."""

from tercet.metrics.contract import (
    Batch,
    Measured,
    Metric,
    Need,
    Rows,
    ScoreSpec,
    Unscored,
    measure_each,
    measure_together,
    ratio,
    sign,
)

__all__ = [
    "Batch",
    "Measured",
    "Metric",
    "Need",
    "Rows",
    "ScoreSpec",
    "Unscored",
    "measure_each",
    "measure_together",
    "ratio",
    "sign",
]
