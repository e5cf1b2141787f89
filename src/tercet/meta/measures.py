"""Which measures of agreement a set of judgements allows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tercet.meta.coded import Coded, labelled
from tercet.meta.records import Level, Measure
from tercet.meta.scoring import Scored
from tercet.stats.agreement import (
    Auc,
    BalancedAccuracy,
    Difference,
    Figure,
    Partial,
    Preference,
    Resampling,
    Sample,
    Segments,
    compare,
    compare_systems,
    measure,
    measure_systems,
)

Array = NDArray[np.float64]
SYSTEMS = 3  # fewer have no correlation worth the name
_COEFFICIENTS = {"kendall": "Kendall", "pearson": "Pearson", "spearman": "Spearman", "acc_eq": "acc-eq"}
_SHOWN = {"text.kendall", "text.pearson", "item.kendall", "item.spearman", "item.acc_eq"}
KEYS = (
    "system.pearson", "system.pairwise", "system.kendall",
    "text.kendall", "text.pearson", "text.partial", "text.spearman", "text.acc_eq",
    "item.kendall", "item.pearson", "item.spearman", "item.acc_eq",
    "label.auc", "label.balanced_accuracy", "pair.preference",
)  # fmt: skip


class Taken(Protocol):
    """How a column's figures and differences are taken."""

    def figure(self, score: Scored) -> Figure:
        """Take a score's figure."""
        ...

    def difference(self, score: Scored, baseline: Scored, known: tuple[Figure, Figure]) -> Difference:
        """Take a score's figure minus the baseline's, over what both have scored; ``known`` are both alone."""
        ...


@dataclass(frozen=True)
class OfTexts:
    """A statistic of single texts."""

    sample: Sample
    statistic: Any
    resampling: Resampling

    def figure(self, score: Scored) -> Figure:
        """Take a score's figure."""
        return measure(self.sample, score.name, self.statistic, self.resampling)

    def difference(self, score: Scored, baseline: Scored, known: tuple[Figure, Figure]) -> Difference:
        """Take a score's figure minus the baseline's."""
        swaps = self.resampling.replicates
        return compare(
            self.sample, score.name, baseline.name, self.statistic, self.resampling, swaps=swaps, known=known
        )


@dataclass(frozen=True)
class OfSystems:
    """A coefficient of whole systems."""

    human: Callable[[Array], Array]
    coefficient: Any
    resampling: Resampling

    def figure(self, score: Scored) -> Figure:
        """Take a score's figure."""
        return measure_systems(self.human, turned(score), self.coefficient, self.resampling)

    def difference(self, score: Scored, baseline: Scored, known: tuple[Figure, Figure]) -> Difference:  # noqa: ARG002
        """Take a score's figure minus the baseline's."""
        return compare_systems(self.human, turned(score), turned(baseline), self.coefficient, self.resampling)


def turned(score: Scored) -> Callable[[Array], Array]:
    """Give the scores of whole systems, turned so that higher is better."""
    total, sign = score.total, score.sign
    if total is None:
        raise ValueError("a set without systems has no scores of systems.")
    return lambda weights: sign * total(weights)


def of_systems(human: Callable[[Array], Array], resampling: Resampling) -> Iterator[tuple[Measure, Taken]]:
    """List the measures of whole systems."""
    for key, title in (("pearson", "Pearson"), ("pairwise", "pairs in order"), ("kendall", "Kendall")):
        shown = key != "kendall"
        column = Measure(key=f"system.{key}", level=Level.SYSTEM, title=title, headline=shown)
        yield column, OfSystems(human, key, resampling)


def of_texts(sample: Sample, coded: Coded, resampling: Resampling, seed: int) -> Iterator[tuple[Measure, Taken]]:
    """List the measures of single texts: by labels where these are all that people gave, else by correlation."""
    if labelled(sample.human):
        yield Measure(key="label.auc", level=Level.LABEL, title="AUC"), OfTexts(sample, Auc(), resampling)
        column = Measure(key="label.balanced_accuracy", level=Level.LABEL, title="balanced accuracy")
        yield column, OfTexts(sample, BalancedAccuracy(seed=seed), resampling)
        return
    several = _texts_of_an_item(coded, sample)
    for grouping, level in (("pooled", Level.TEXT), ("item", Level.ITEM)):
        if grouping == "item" and several < 2:
            continue
        for key, title in _COEFFICIENTS.items():
            if grouping == "item" and several == 2 and key in {"pearson", "spearman"}:
                continue  # of two texts all coefficients are the same sign
            name = f"{'text' if grouping == 'pooled' else 'item'}.{key}"
            shown = name in _SHOWN or (name == "text.spearman" and several < 2)
            column = Measure(key=name, level=level, title=title, headline=shown)
            yield column, OfTexts(sample, Segments(key, grouping), resampling)  # type: ignore[arg-type]
            if name == "text.pearson" and len(coded.systems) > 1:
                column = Measure(key="text.partial", level=level, title="partial Pearson")
                yield column, OfTexts(sample, Partial(), resampling)


def of_pairs(samples: dict[str, Sample], resamplings: dict[str, Resampling]) -> Iterator[tuple[Measure, Taken]]:
    """List the measures of pairs: over all, under the empty name, and by what was spoilt."""
    for category, sample in samples.items():
        column = Measure(
            key=f"pair.preference{category and ':'}{category}",
            level=Level.PAIR,
            title=category or "preferred",
            headline=not category,
            category=category,
        )
        yield column, OfTexts(sample, Preference(), resamplings[category])


def _texts_of_an_item(coded: Coded, sample: Sample) -> int:
    """Say how many judged texts of systems an item has at most."""
    judged = ~np.isnan(sample.human) & (sample.system >= 0)
    return int(np.bincount(sample.item[judged], minlength=len(coded.items)).max(initial=0))
