"""Two classes: does the metric tell good texts from bad ones, and from which score on?"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tercet.errors import ConfigError
from tercet.stats.agreement.coefficients import tie_groups
from tercet.stats.agreement.sample import Grid
from tercet.stats.agreement.splitting import Halves, halves
from tercet.stats.agreement.statistic import Chunks, Details, Prepared, Valued, first, observed, ones, prepared_value
from tercet.stats.agreement.thresholds import Splits

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]
_TRIES = 10  # as many splits are tried for each that is wanted
_WORK = 50_000  # texts x splits of a resample
_FEWEST = 20  # splits of a resample


@dataclass(frozen=True)
class Auc:
    """The chance that a good text scores above a bad one; a tie is half."""

    @property
    def name(self) -> str:
        """What a table calls it."""
        return "auc"

    def prepare(self, grid: Grid) -> Prepared:
        """Take its value, and get ready for weights.

        Raises:
            ConfigError: A judgement is neither 0 nor 1.
        """
        good = labels(grid.human)
        ranking = _Ranking(grid.metric)

        def replicates(chunks: Chunks) -> Iterator[Array]:
            return (ranking.auc(good, observed(grid, *some)) for some in chunks)

        return Prepared(value=first(replicates([ones(grid)])), details=Details(), size=len(grid), replicates=replicates)

    def valued(self, grid: Grid) -> Valued:
        """Give its value for any scores of the same observations."""
        return prepared_value(self, grid)

    @property
    def why_no_swaps(self) -> str | None:
        """A test is always made."""
        return None


@dataclass(frozen=True)
class BalancedAccuracy:
    """The mean of good texts passed and bad ones caught, at a threshold chosen on other clusters.

    In each split one half of the clusters chooses the threshold that is best there, the middle of a gap between
    scores, and the other half is judged by it; the value is the mean over splits. Splits depend on seed, number
    and cluster alone. One of whose halves has good or bad texts only is passed over.

    Args:
        splits: How many.
        seed: Of the splits; any integer from 0.

    Raises:
        ConfigError: ``splits`` or ``seed`` is out of range.
    """

    splits: int = 200
    seed: int = 0

    def __post_init__(self) -> None:
        if self.splits < 1:
            raise ConfigError(f"splits is {self.splits}.", "It must be at least 1.")
        if self.seed < 0:
            raise ConfigError(f"seed is {self.seed}.", "It must be 0 or more.")

    @property
    def name(self) -> str:
        """What a table calls it."""
        return "balanced accuracy"

    def prepare(self, grid: Grid) -> Prepared:
        """Take its value, and get ready for weights.

        Raises:
            ConfigError: A judgement is neither 0 nor 1.
        """
        good = labels(grid.human)
        sides = self._sides(grid, good)
        splits = Splits(grid.metric, good, sides)
        value = float(splits.mean(np.ones((1, len(grid))), len(sides))[0])
        notes = [] if sides else ["no split has good and bad texts in both halves"]
        if 0 < len(sides) < self.splits:
            notes.append(f"only {len(sides)} splits have good and bad texts in both halves")
        most = max(_FEWEST, _WORK // max(1, len(grid)))
        if most < len(sides):
            notes.append(f"resamples take {most} splits")

        def replicates(chunks: Chunks) -> Iterator[Array]:
            return (splits.mean(observed(grid, *some), most) for some in chunks)

        return Prepared(value=value, details=Details(notes=tuple(notes)), size=len(grid), replicates=replicates)

    def valued(self, grid: Grid) -> Valued:
        """Give its value for any scores of the same observations."""
        return prepared_value(self, grid)

    @property
    def why_no_swaps(self) -> str | None:
        """Thresholds would have to be chosen anew in every split of every permutation."""
        return "thresholds are too many to choose in every permutation"

    def _sides(self, grid: Grid, good: Bools) -> list[Bools]:
        """Give the splits that have both kinds of texts in both halves, each as whether a text chooses."""
        found: list[Bools] = []
        parts: Halves = halves(grid.cluster, grid.clusters, self.seed)
        for split in range(_TRIES * self.splits):
            chooses = parts(split)
            if all(0 < good[part].sum() < part.sum() for part in (chooses, ~chooses)):
                found.append(chooses)
            if len(found) == self.splits:
                break
        return found


def labels(human: Array) -> Bools:
    """Read judgements as good or bad.

    Raises:
        ConfigError: One is neither 0 nor 1.
    """
    odd = human[(human != 0) & (human != 1)]
    if len(odd):
        raise ConfigError(
            f"A judgement is {odd[0]:g}, which is no class.",
            "Two classes are 1 (good) and 0 (bad); graded ones correlate.",
        )
    found: Bools = human == 1
    return found


class _Ranking:
    """Texts by their score; what does not depend on weights is worked out once."""

    def __init__(self, metric: Array) -> None:
        self._order = np.argsort(metric, kind="stable")
        ordered = metric[self._order]
        self._starts = tie_groups(ordered)[0]
        self._scores = ordered[self._starts]

    def _by_score(self, weights: Array) -> Array:
        """Add up (B, n) weights of texts with the same score; (B, u)."""
        return np.add.reduceat(weights[:, self._order], self._starts, axis=1)

    def auc(self, good: Bools, weights: Array) -> Array:
        """(B,) for (B, n) weights; NaN without a good or without a bad text."""
        found: Array = np.full(len(weights), np.nan)
        if not len(good):
            return found
        positive, negative = self._by_score(weights * good), self._by_score(weights * ~good)
        below = np.cumsum(negative, axis=1) - negative / 2
        pairs = positive.sum(axis=1) * negative.sum(axis=1)
        np.divide((positive * below).sum(axis=1), pairs, out=found, where=pairs > 0)
        return found
