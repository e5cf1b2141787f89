"""Agreement: how far a metric says what people say, with intervals and tests of differences.

    sample = Sample.of(human=..., item=..., system=..., cluster=..., metrics={"bleu": ..., "chrf": ...})
    resampling = Resampling(systems=sample.systems, clusters=sample.clusters, seed=0, replicates=1000)
    figure = measure(sample, "bleu", Segments("kendall", "item"), resampling)
    difference = compare(sample, "bleu", "chrf", Segments("kendall", "item"), resampling)

``Sample.of`` takes (n,) arrays of observations: ``human`` and each metric are numbers (NaN: not judged, unscored),
``item`` says what several systems were judged on, ``system`` which one it is (-1: none), ``cluster`` what is drawn
together. The codes are whole numbers from 0, those of names in their order, so that the order of rows says nothing.
Higher must be better in all of them.

Statistics of a ``Sample``:

- ``Segments(coefficient, grouping)``: ``pearson``, ``spearman``, ``kendall`` (tau-b) or ``acc_eq``, over all
  observations (``pooled``), or within each ``item`` or each ``system`` and then the mean;
- ``Partial()``: Pearson of what is left when each system's mean is taken away (the raw one is pooled Pearson);
- ``Auc()`` and ``BalancedAccuracy(splits=200, seed=0)``: ``human`` is 1 (good) or 0;
- ``Preference()``: an item holds a good text (``human`` 1) and a spoilt one (0); ``Figure.ties`` is the share of ties.

On system level, scores are callables that take (B, clusters) weights and give (B, systems) scores, so that a corpus
score may be one: ``SystemMeans.of(sample, values)`` makes one of any (n,) values in the order in which
``Sample.of`` was given them, ``Recorded(scores)`` of scores that have no segments.

    measure_systems(human, metric, "pearson" | "kendall" | "pairwise", resampling) -> Figure
    compare_systems(human, first, second, coefficient, resampling) -> Difference

Every result is a ``Figure`` (``value``, ``low``, ``high``, ``reason``, ``used``, ``of``, ``groups``, ...) or a
``Difference`` (``value`` first minus second, ``low``, ``high``, ``p``, ``p_reason``, ...); see there. What is unknown
is NaN, and a reason says why.
"""

from tercet.stats.agreement.classes import Auc, BalancedAccuracy
from tercet.stats.agreement.comparing import Difference, compare, compare_systems
from tercet.stats.agreement.figures import Figure, measure, measure_systems
from tercet.stats.agreement.partial import Partial
from tercet.stats.agreement.preferences import Preference
from tercet.stats.agreement.resampling import Resampling
from tercet.stats.agreement.sample import Grid, Sample
from tercet.stats.agreement.segments import Segments
from tercet.stats.agreement.systems import Recorded, SystemMeans, SystemScores

__all__ = [
    "Auc",
    "BalancedAccuracy",
    "Difference",
    "Figure",
    "Grid",
    "Partial",
    "Preference",
    "Recorded",
    "Resampling",
    "Sample",
    "Segments",
    "SystemMeans",
    "SystemScores",
    "compare",
    "compare_systems",
    "measure",
    "measure_systems",
]
