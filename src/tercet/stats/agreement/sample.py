"""Sample: what people and metrics say of the same texts, in an order of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.errors import ConfigError

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """The n observations that have both a judgement and a score of one metric.

    Args:
        human: (n,) finite; higher is better.
        metric: (n,) finite; higher is better.
        item: (n,) from 0.
        system: (n,) from 0; -1 for none.
        cluster: (n,) from 0.
        systems: How many there are, with or without observations here.
        clusters: Likewise.
        of: How many observations there were, judged or not, scored or not.
    """

    human: Array
    metric: Array
    item: Codes
    system: Codes
    cluster: Codes
    systems: int
    clusters: int
    of: int

    def __len__(self) -> int:
        return len(self.human)

    def with_metric(self, metric: Array) -> "Grid":
        """Give the same observations other scores of a metric, (n,) finite."""
        return replace(self, metric=metric)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Observations of people and of metrics, sorted so that the order in which they came says nothing.

    Args:
        human: (n,) NaN where not judged.
        item: (n,) from 0.
        system: (n,) from 0; -1 for none.
        cluster: (n,) from 0.
        metrics: Per name, (n,) NaN where unscored.
        order: (n,) places of these observations among those that ``of`` was given.
        systems: How many there are.
        clusters: How many there are.
    """

    human: Array
    item: Codes
    system: Codes
    cluster: Codes
    metrics: Mapping[str, Array]
    order: NDArray[np.intp]
    systems: int
    clusters: int

    @classmethod
    def of(
        cls,
        *,
        human: Sequence[float] | Array,
        item: Sequence[int] | NDArray[Any],
        system: Sequence[int] | NDArray[Any],
        cluster: Sequence[int] | NDArray[Any],
        metrics: Mapping[str, Sequence[float] | Array],
    ) -> "Sample":
        """Sort observations by system, item, cluster, judgement and scores.

        Args:
            human: (n,) NaN where not judged; higher is better.
            item: (n,) from 0: what several systems were judged on.
            system: (n,) from 0; -1 for none.
            cluster: (n,) from 0: what is drawn together. Each code from 0 to the largest is one cluster.
            metrics: Per name, (n,) NaN where unscored; higher is better.

        Raises:
            ConfigError: An item lies in several clusters, or a system has an item twice: neither can be resampled.
            ValueError: The arrays are not equally long, a code is out of range, or a value is infinite.
        """
        values = {name: _numbers(scores) for name, scores in metrics.items()}
        judged = _numbers(human)
        items, systems, clusters = (np.asarray(codes, dtype=np.int64) for codes in (item, system, cluster))
        columns = [judged, items, systems, clusters, *values.values()]
        if len({len(column) for column in columns}) > 1:
            raise ValueError("observations have columns of different lengths.")
        if min(items.min(initial=0), clusters.min(initial=0), systems.min(initial=0) + 1) < 0:
            raise ValueError("codes of items and clusters begin at 0, those of systems at -1.")
        _check_items(items, systems, clusters)
        # Last key first. What is equal in all of them is the same observation, whatever its place.
        order = np.lexsort((*[values[name] for name in sorted(values)], judged, clusters, items, systems))
        return cls(
            human=judged[order],
            item=items[order],
            system=systems[order],
            cluster=clusters[order],
            metrics={name: scores[order] for name, scores in values.items()},
            order=order,
            systems=int(systems.max(initial=-1)) + 1,
            clusters=int(clusters.max(initial=-1)) + 1,
        )

    def grid(self, name: str, *others: str) -> Grid:
        """Take the observations that are judged and that a metric scored, and the other metrics too.

        Args:
            name: The metric whose scores are taken.
            others: Metrics that must have a score there as well.
        """
        known = ~np.isnan(self.human)
        for one in (name, *others):
            known &= ~np.isnan(self.metrics[one])
        return Grid(
            human=self.human[known],
            metric=self.metrics[name][known],
            item=self.item[known],
            system=self.system[known],
            cluster=self.cluster[known],
            systems=self.systems,
            clusters=self.clusters,
            of=len(self.human),
        )


def _numbers(values: Sequence[float] | Array) -> Array:
    found: Array = np.asarray(values, dtype=np.float64)
    if np.isinf(found).any():
        raise ValueError("a value is infinite.")
    return found + 0.0  # no -0.0, which sorts like 0.0 and prints otherwise


def _check_items(items: Codes, systems: Codes, clusters: Codes) -> None:
    places = np.unique(np.column_stack([items, clusters]), axis=0)[:, 0] if len(items) else items
    twice = places[:-1][places[:-1] == places[1:]]
    if len(twice):
        raise ConfigError(
            f"Item {twice[0]} lies in several clusters.", "A cluster is drawn as a whole: give each item one cluster."
        )
    named = systems >= 0
    pairs, counts = np.unique(np.column_stack([items[named], systems[named]]), axis=0, return_counts=True)
    if (counts > 1).any():
        one, other = pairs[counts > 1][0].tolist()
        raise ConfigError(
            f"System {other} has item {one} more than once.",
            "Take the mean of its judgements, or number the items apart.",
        )
