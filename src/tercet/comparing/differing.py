"""Differences: the scores of two runs over the cases that both have scored."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tercet.comparing.records import Difference
from tercet.comparing.tables import Table
from tercet.metrics.contract import Array, ScoreSpec
from tercet.stats.paired import Paired, Reduce, delta, paired

_EVEN = 1e-12  # scores of a case that are nearer than this, relative to the larger, are a tie


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """One score in one language, paired: what is known without a draw, and what draws need.

    Args:
        difference: The values, wins and losses, without interval and p.
        pair: The rows by cluster; scores with the same pairs share it.
        reduce: Sums to all scores of the metric.
        column: Which of these it is.
    """

    difference: Difference
    pair: Paired
    reduce: Reduce
    column: int


def pairings(baseline: Table, candidate: Table, cases: Sequence[str]) -> Iterator[Pairing]:
    """Pair two tables of one metric and language, score by score.

    Args:
        baseline: A table.
        candidate: Of the same signature.
        cases: Ids that both runs have, sorted; those of other languages are passed over.
    """
    mine, theirs = _places(baseline), _places(candidate)
    ids = [case for case in cases if case in mine]
    a = np.array([mine[case] for case in ids], dtype=np.intp)
    b = np.array([theirs[case] for case in ids], dtype=np.intp)
    both = baseline.present[a] & candidate.present[b]
    made: dict[bytes, Paired] = {}
    for column, spec in enumerate(baseline.metric.scores):
        mask = both[:, column]
        key = mask.tobytes()
        if key not in made:
            clusters = [baseline.clusters[i] for i in a[mask].tolist()]
            made[key] = paired(baseline.rows.values[a[mask]], candidate.rows.values[b[mask]], clusters)
        found = _difference(baseline, candidate, (a, b, mask), spec, column, made[key])
        yield Pairing(difference=found, pair=made[key], reduce=baseline.metric.reduce, column=column)


def _places(table: Table) -> dict[str, int]:
    return {case: i for i, case in enumerate(table.cases)}


def _difference(  # noqa: PLR0913, PLR0917 (both sides, their pairs, and which score)
    baseline: Table,
    candidate: Table,
    places: tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]],
    spec: ScoreSpec,
    column: int,
    pair: Paired,
) -> Difference:
    a, b, mask = places
    there = bool(mask.any())
    values = [_finite(baseline.metric.reduce(side.sum(axis=0))[column]) if there else None for side in (pair.a, pair.b)]
    moved = _finite(delta(pair, baseline.metric.reduce)[column]) if there and None not in values else None
    wins, ties, losses = _counts(
        baseline.by_segment.values[a[mask], column], candidate.by_segment.values[b[mask], column], spec
    )
    return Difference(
        metric=baseline.name,
        score=spec.name,
        language=baseline.language,
        higher_is_better=spec.higher_is_better,
        decimals=spec.decimals,
        headline=spec.headline,
        signature=baseline.signature,
        baseline=values[0],
        candidate=values[1],
        delta=moved,
        wins=wins,
        ties=ties,
        losses=losses,
        pairs=int(mask.sum()),
        total=len(mask),
        articles=len(pair.clusters),
        differing=len(pair.differing),
        unpaired=_unpaired(baseline, candidate, places, spec.name),
        reason=None if moved is not None else _why(there),
    )


def _why(there: bool) -> str:
    return "undefined over the pairs" if there else "no case is scored in both runs"


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _counts(before: Array, after: Array, spec: ScoreSpec) -> tuple[int, int, int]:
    """Count in how many pairs the candidate is better, equal, worse."""
    even = np.abs(after - before) <= _EVEN * np.maximum(np.abs(before), np.abs(after))
    up = after > before
    if spec.higher_is_better is False:
        up = after < before
    wins = int((up & ~even).sum())
    ties = int(even.sum())
    return wins, ties, len(before) - wins - ties


def _unpaired(
    baseline: Table,
    candidate: Table,
    places: tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]],
    score: str,
) -> dict[str, int]:
    """Count why cases are not compared: whose score is missing, and for what reason."""
    a, b, mask = places
    counts: Counter[str] = Counter()
    column = baseline.by_segment.names.index(score)
    for i in np.flatnonzero(~mask).tolist():
        mine, theirs = baseline.present[a[i], column], candidate.present[b[i], column]
        reasons = [
            table.why_not(int(place), score)
            for table, place, there in ((baseline, a[i], mine), (candidate, b[i], theirs))
            if not there
        ]
        side = "both" if not mine and not theirs else "candidate" if mine else "baseline"
        counts[f"{side}: {' / '.join(dict.fromkeys(reasons))}"] += 1
    return dict(sorted(counts.items()))
