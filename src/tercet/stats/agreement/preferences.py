"""Preferences: does the metric like a good text better than the same one spoilt?"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tercet.errors import ConfigError
from tercet.stats.agreement.classes import labels
from tercet.stats.agreement.sample import Grid
from tercet.stats.agreement.statistic import Chunks, Details, Prepared, Valued, first, observed, ones, prepared_value

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Preference:
    """The share of items whose good text scores above the spoilt one.

    A tie is no preference: it counts against the metric, and ``Figure.ties`` says how many there are. An item one
    of whose texts has no score is left out, which ``Figure.groups`` of ``groups_of`` says.
    """

    @property
    def name(self) -> str:
        """What a table calls it."""
        return "preference"

    def prepare(self, grid: Grid) -> Prepared:
        """Take its value, and get ready for weights.

        Raises:
            ConfigError: A judgement is neither 0 nor 1, or an item has two texts of one kind.
        """
        good, items = labels(grid.human), np.unique(grid.item)
        both = []
        for kind in (good, ~good):
            places = np.flatnonzero(kind)
            ids = grid.item[places]
            order = np.argsort(ids, kind="stable")
            _check(ids[order])
            both.append((ids[order], places[order]))
        _, better, worse = np.intersect1d(both[0][0], both[1][0], return_indices=True)
        first_text, second_text = both[0][1][better], both[1][1][worse]
        gaps = grid.metric[first_text] - grid.metric[second_text]

        def replicates(chunks: Chunks) -> Iterator[Array]:
            return (_share(gaps > 0, observed(grid, *some)[:, first_text]) for some in chunks)

        details = Details(groups=len(gaps), groups_of=len(items), ties=float((gaps == 0).mean()) if len(gaps) else None)
        return Prepared(value=first(replicates([ones(grid)])), details=details, size=len(grid), replicates=replicates)

    def valued(self, grid: Grid) -> Valued:
        """Give its value for any scores of the same observations."""
        return prepared_value(self, grid)

    @property
    def why_no_swaps(self) -> str | None:
        """A test is always made."""
        return None


def _check(ids: NDArray[np.int64]) -> None:
    twice = ids[:-1][ids[:-1] == ids[1:]]
    if len(twice):
        raise ConfigError(f"Item {twice[0]} has two texts of one kind.", "An item is one good text and one spoilt one.")


def _share(hits: NDArray[np.bool_], weights: Array) -> Array:
    total = weights.sum(axis=1)
    found: Array = np.full(len(weights), np.nan)
    np.divide((weights * hits).sum(axis=1), total, out=found, where=total > 0)
    return found
