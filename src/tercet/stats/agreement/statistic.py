"""What a statistic of observations is: a value, and the same under any weights."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tercet.stats.agreement.sample import Grid

Array = NDArray[np.float64]
# (some, systems) and (some, clusters) whole numbers, one pair of arrays after the other.
Chunks = Iterable[tuple[Array, Array]]

# (n,) scores to a value.
Valued = Callable[[Array], float]


@dataclass(frozen=True, kw_only=True)
class Details:
    """What a value is made of, besides observations.

    Args:
        groups: How many items or systems have a value, where it is a mean over these; None else.
        groups_of: How many there are with an observation.
        epsilon: Up to which difference the metric is taken to tie; None where nothing is calibrated.
        ties: Share of pairs in which the metric ties; None where that is not asked.
        notes: What a reader should know of how it was computed.
    """

    groups: int | None = None
    groups_of: int | None = None
    epsilon: float | None = None
    ties: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A statistic of one grid.

    Args:
        value: As observed; NaN where it is undefined.
        details: What it is made of.
        size: How many numbers a replicate takes.
        replicates: Gives (some,) values for each pair of weights, one after the other; NaN where undefined.
    """

    value: float
    details: Details
    size: int
    replicates: Callable[[Chunks], Iterator[Array]]


class Statistic(Protocol):
    """How far a metric agrees with people, by one measure."""

    @property
    def name(self) -> str:
        """What a table calls it."""

    def prepare(self, grid: Grid) -> Prepared:
        """Take its value, and get ready for weights."""

    def valued(self, grid: Grid) -> Valued:
        """Give its value for any scores of the same observations; as fast as may be."""

    @property
    def why_no_swaps(self) -> str | None:
        """Say why no permutation test is made; None where one is."""


def prepared_value(statistic: "Statistic", grid: Grid) -> Valued:
    """Give a statistic's value for any scores by preparing it anew."""
    return lambda metric: statistic.prepare(grid.with_metric(metric)).value


def ones(grid: Grid) -> tuple[Array, Array]:
    """Give the weights of the observations as they are."""
    return np.ones((1, grid.systems)), np.ones((1, grid.clusters))


def observed(grid: Grid, systems: Array, clusters: Array) -> Array:
    """Give (some, n) weights of observations: of each, its system's times its cluster's."""
    # The last column is that of no system, -1.
    named = np.concatenate([systems, np.ones((len(systems), 1))], axis=1)
    found: Array = named[:, grid.system] * clusters[:, grid.cluster]
    return found


def first(values: Iterator[Array]) -> float:
    """Take the one value of weights of one."""
    return float(next(values)[0])
