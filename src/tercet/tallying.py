"""Tallies: what rows add up to, exactly, so that the tallies of shards add up to that of the whole."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from tercet.errors import NotComparableError
from tercet.metrics.contract import Metric
from tercet.pipeline import Measurement
from tercet.scores import UNDEFINED, Score, reduced
from tercet.signatures import differences
from tercet.stats.additive import Sums
from tercet.stats.cluster_counts import ClusterCounts
from tercet.stats.poisson import poisson_interval

Array = NDArray[np.float64]
Key = tuple[str, str]  # a metric's name and a language
REPLICATES = 1000


@dataclass(slots=True, kw_only=True)
class Tally:
    """What the rows of one metric in one language add up to.

    Args:
        sums: Of the k statistics, then of m flags that say which rows have which score: plain, and in each replicate
            of a Poisson bootstrap.
        clusters: How many clusters have each score.
        reasons: Per score, why segments do not have it, with their numbers.
        total: How many segments there are.
        signature: What fixes the scores.
    """

    sums: Sums
    clusters: ClusterCounts
    reasons: list[Counter[str]]
    total: int
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What a tally comes to.

    Args:
        scores: By name.
        intervals: By score, where it would lie with other articles, in 95 of 100 cases; None where there are too few.
    """

    scores: Mapping[str, Score]
    intervals: Mapping[str, tuple[float, float] | None]


def total(shards: Iterable[Tally]) -> Tally:
    """Add up the tallies of one or more shards; the order changes nothing.

    Raises:
        NotComparableError: They were scored otherwise.
    """
    each = iter(shards)
    found, clusters = next(each), []
    for tally in each:
        found.sums.add(tally.sums)
        for mine, theirs in zip(found.reasons, tally.reasons, strict=True):
            mine.update(theirs)
        found.total += tally.total
        found.signature = joined(found.signature, tally.signature)
        clusters.append(tally.clusters)  # they merge quicker together
    found.clusters.merge(clusters)
    return found


def tallies(measured: Mapping[Key, Measurement], seed: int) -> dict[Key, Tally]:
    """Tally measurements; those of one language together, so that their replicates are drawn once.

    Args:
        measured: By metric and language; those of one language are of the same segments.
        seed: Of the replicates.
    """
    found: dict[Key, Tally] = {}
    for language in dict.fromkeys(language for _, language in measured):
        keys = [key for key in measured if key[1] == language]
        tables = [np.hstack([_zeroed(measured[key]), measured[key].by_segment.present()]) for key in keys]
        segments = measured[keys[0]].segments
        clusters = [segment.cluster or segment.id for segment in segments]
        sums = Sums.of(np.hstack(tables), clusters, seed=seed, replicates=REPLICATES)
        ends = np.cumsum([0, *(table.shape[1] for table in tables)]).tolist()
        for key, start, stop in zip(keys, ends, ends[1:], strict=False):
            table = measured[key].by_segment
            found[key] = Tally(
                sums=sums.columns(start, stop),
                clusters=ClusterCounts.of(clusters, table.present()),
                reasons=table.reasons(),
                total=len(table),
                signature=measured[key].signature,
            )
    return found


def _zeroed(found: Measurement) -> Array:
    """Let unscored rows add nothing."""
    return np.where(found.rows.scored[:, None], found.rows.values, 0.0)


def scored(metric: Metric, tally: Tally) -> Scored:
    """Reduce a tally to scores and their intervals.

    A segment counts for a score where it has a row and no gap, that is, where it adds to it.
    """
    names, k = [spec.name for spec in metric.scores], len(metric.columns)
    sums = tally.sums.values
    values = reduced(metric, sums[:1, :k])[0]
    intervals = poisson_interval(sums[:, :k], metric.reduce, drawn=sums[:, k:], clusters=tally.clusters.counts())
    scores = {}
    for name, value, reasons in zip(names, values.tolist(), tally.reasons, strict=True):
        why = Counter(reasons)
        count = tally.total - why.total()
        if count and not isfinite(value):
            why[UNDEFINED] += count
            count = 0
        scores[name] = Score(
            value=value if count else None, scored=count, total=tally.total, reasons=dict(sorted(why.items()))
        )
    return Scored(scores=scores, intervals=dict(zip(names, intervals.pairs(), strict=True)))


def joined(one: str, other: str) -> str:
    """Join the signatures of two shards, which may have other numbers of references.

    Raises:
        NotComparableError: They differ in anything else: two machines have other versions, or other options.

    >>> joined("rouge|nrefs:1", "rouge|nrefs:2"), joined("rouge|nrefs:0", "rouge|nrefs:2")
    ('rouge|nrefs:var', 'rouge|nrefs:2')
    """
    if one == other:
        return one
    (stem, _, mine), (other_stem, _, theirs) = one.rpartition("|nrefs:"), other.rpartition("|nrefs:")
    if not stem or stem != other_stem:
        raise NotComparableError(
            f"Shards were scored otherwise: {', '.join(differences(one, other))}.",
            "Give all machines the same versions of tercet and its libraries.",
        )
    counts = {mine, theirs} - {"0"}
    return f"{stem}|nrefs:{counts.pop() if len(counts) == 1 else 'var'}"
