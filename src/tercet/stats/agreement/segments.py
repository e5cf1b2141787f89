"""Segment level: over all observations at once, or within each item or system and then the mean."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tercet.errors import ConfigError
from tercet.stats.agreement import coefficients, within
from tercet.stats.agreement.coefficients import Kendall
from tercet.stats.agreement.sample import Grid
from tercet.stats.agreement.statistic import Chunks, Details, Prepared, Valued, first, observed, ones, prepared_value
from tercet.stats.agreement.ties import Accuracy, calibrated, within_items
from tercet.stats.agreement.unweighted import Unweighted, pooled_pearson
from tercet.stats.agreement.within import Table

Array = NDArray[np.float64]
Coefficient = Literal["pearson", "spearman", "kendall", "acc_eq"]
Grouping = Literal["pooled", "item", "system"]
_SAMPLED = "epsilon is chosen on ten million pairs"
_KEPT = "resamples keep the epsilon"


@dataclass(frozen=True)
class Segments:
    """Agreement on single texts.

    - ``pearson``, ``spearman``, ``kendall`` (tau-b) are those of scipy; an item or system of which all judgements,
      or all scores, are the same has none, and is left out of the mean and counted.
    - ``acc_eq`` is the share of pairs that the metric orders as people do, ties included, at the epsilon that
      maximizes it: one for all items. Resamples choose their own within items, and keep it where all observations
      are pooled.

    Within items and resampled, an item weighs as its cluster and its texts weigh as their systems; within systems
    the other way round. Pairs of a text with its own copy do not count.

    Args:
        coefficient: Which.
        grouping: ``pooled``; ``item``: within each over its systems, then the mean (summary level); ``system``.

    Raises:
        ConfigError: There is no such thing.

    References:
        Deutsch, Foster, Freitag, Ties Matter, 2023, https://aclanthology.org/2023.emnlp-main.798.
    """

    coefficient: Coefficient
    grouping: Grouping = "pooled"

    def __post_init__(self) -> None:
        for what, given, known in (
            ("coefficient", self.coefficient, get_args(Coefficient)),
            ("grouping", self.grouping, get_args(Grouping)),
        ):
            if given not in known:
                raise ConfigError(f"{what} is '{given}'.", f"Known: {', '.join(known)}.")
        if (self.coefficient, self.grouping) == ("acc_eq", "system"):
            raise ConfigError("acc_eq is not taken within systems.", "Take it pooled or by item.")

    @property
    def name(self) -> str:
        """What a table calls it."""
        return f"{self.coefficient} {self.grouping}"

    def prepare(self, grid: Grid) -> Prepared:
        """Take its value, and get ready for weights."""
        if self.grouping == "item":
            return _by_item(self.coefficient, Table.of(grid), grid)
        if self.grouping == "system":
            return _by_system(self.coefficient, grid)
        return _pooled_accuracy(grid) if self.coefficient == "acc_eq" else _pooled(self.coefficient, grid)

    def valued(self, grid: Grid) -> Valued:
        """Give its value for any scores of the same observations; as fast as may be."""
        if self.grouping == "item":
            return Unweighted(Table.of(grid)).valued(self.coefficient)
        if (self.coefficient, self.grouping) == ("kendall", "pooled"):
            kendall, single = Kendall(grid.human), np.ones((1, len(grid)))
            return lambda metric: float(kendall.tau(metric, single)[0])
        if (self.coefficient, self.grouping) == ("pearson", "pooled"):
            return pooled_pearson(grid.human)
        return prepared_value(self, grid)

    @property
    def why_no_swaps(self) -> str | None:
        """Say why no permutation test is made; None where one is."""
        if (self.coefficient, self.grouping) == ("acc_eq", "pooled"):
            return "epsilon over all pairs is too much to choose in every permutation"
        return None


def _pooled(name: str, grid: Grid) -> Prepared:
    def replicates(chunks: Chunks) -> Iterator[Array]:
        weights = (observed(grid, *some) for some in chunks)
        if name == "kendall":
            return Kendall(grid.human).taus(grid.metric, weights)
        function = {"pearson": coefficients.pearson, "spearman": coefficients.spearman}[name]
        return (function(grid.human, grid.metric, some) for some in weights)

    return Prepared(value=first(replicates([ones(grid)])), details=Details(), size=len(grid), replicates=replicates)


def _pooled_accuracy(grid: Grid) -> Prepared:
    best, everything = calibrated(grid.human, grid.metric)

    def replicates(chunks: Chunks) -> Iterator[Array]:
        accuracy = Accuracy(grid.human, grid.metric, best.epsilon)
        return (accuracy.at(observed(grid, *some)) for some in chunks)

    notes = (_KEPT,) if everything else (_SAMPLED, _KEPT)
    return Prepared(
        value=best.accuracy,
        details=Details(epsilon=None if np.isnan(best.epsilon) else best.epsilon, notes=notes),
        size=len(grid),
        replicates=replicates,
    )


def _by_item(name: str, table: Table, grid: Grid) -> Prepared:
    def accuracies(chunks: Chunks) -> Iterator[Array]:
        return (within_items(table, *some)[1] for some in chunks)

    def means(chunks: Chunks) -> Iterator[Array]:
        for systems, clusters in chunks:
            yield within.mean(within.items(name, table, systems), clusters[:, table.cluster])

    pairs = len(table.pairs[0])
    if name == "acc_eq":
        epsilons, values = within_items(table, *ones(grid))
        known = (table.there.sum(axis=1) > 1).sum()
        epsilon = None if np.isnan(epsilons[0]) else float(epsilons[0])
        details = Details(groups=int(known), groups_of=len(table.there), epsilon=epsilon)
        return Prepared(value=float(values[0]), details=details, size=len(table.there) * pairs, replicates=accuracies)
    values = within.items(name, table, np.ones((1, grid.systems)))
    details = Details(groups=int(np.isfinite(values).sum()), groups_of=values.shape[1])
    value = within.mean(values, np.ones_like(values))
    return Prepared(value=float(value[0]), details=details, size=max(table.there.size, pairs), replicates=means)


def _by_system(name: str, grid: Grid) -> Prepared:
    places = [np.flatnonzero(grid.system == system) for system in range(grid.systems)]
    there = [system for system, some in enumerate(places) if len(some)]
    function = {"pearson": coefficients.pearson, "spearman": coefficients.spearman, "kendall": coefficients.kendall}[
        name
    ]

    def values(clusters: Array) -> Array:
        found = np.full((len(clusters), len(there)), np.nan)
        for column, system in enumerate(there):
            some = places[system]
            weights = clusters[:, grid.cluster[some]]
            # What has fewer different values, as judgements have, comes second.
            found[:, column] = function(grid.metric[some], grid.human[some], weights)
        return found

    def replicates(chunks: Chunks) -> Iterator[Array]:
        return (within.mean(values(clusters), systems[:, there]) for systems, clusters in chunks)

    single = values(ones(grid)[1])
    details = Details(groups=int(np.isfinite(single).sum()), groups_of=len(there))
    value = float(within.mean(single, np.ones_like(single))[0])
    return Prepared(value=value, details=details, size=len(grid), replicates=replicates)
