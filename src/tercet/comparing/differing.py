"""Differences: the scores of two runs over the cases that both have scored."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tercet.comparing.records import Difference
from tercet.comparing.tables import Table
from tercet.metrics.contract import Array, ScoreSpec
from tercet.stats.exact import join
from tercet.stats.paired import Paired, Reduce, paired

_EVEN = 1e-12  # scores of a case that are nearer than this, relative to the larger, are a tie


class Named(Protocol):
    """A table of one metric in one language."""

    @property
    def name(self) -> str:
        """The metric's name in the run."""
        ...

    @property
    def language(self) -> str:
        """The target language."""
        ...

    @property
    def signature(self) -> str:
        """What fixes its scores."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What is counted of a difference; the fields are those of ``Difference``."""

    wins: int
    ties: int
    losses: int
    pairs: int
    total: int
    articles: int
    differing: int
    unpaired: Mapping[str, int] = field(default_factory=dict)


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
        pair, reduce = made[key], baseline.metric.reduce
        counts = _counted(baseline, candidate, (a, b, mask), spec, pair)
        first, second = (side.sum(axis=0) for side in pair.halves)
        found = difference(baseline, spec, scores_of(first, second, reduce)[:, column], counts)
        yield Pairing(difference=found, pair=pair, reduce=reduce, column=column)


def _places(table: Table) -> dict[str, int]:
    return {case: i for i, case in enumerate(table.cases)}


def _counted(
    baseline: Table,
    candidate: Table,
    places: tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]],
    spec: ScoreSpec,
    pair: Paired,
) -> Counts:
    a, b, mask = places
    column = baseline.by_segment.names.index(spec.name)
    wins, ties, losses = outcomes(
        baseline.by_segment.values[a[mask], column], candidate.by_segment.values[b[mask], column], spec
    )
    return Counts(
        wins=wins,
        ties=ties,
        losses=losses,
        pairs=int(mask.sum()),
        total=len(mask),
        articles=len(pair.clusters),
        differing=len(pair.differing),
        unpaired=dict(sorted(unpaired(baseline, candidate, places, spec.name).items())),
    )


def difference(table: Named, spec: ScoreSpec, scores: Array, counts: Counts) -> Difference:
    """Put together what is known of a difference without a draw.

    Args:
        table: Whose score it is.
        spec: The score.
        scores: (2,) its values over the pairs, the baseline's first; not read where there is no pair.
        counts: What was counted.
    """
    values = [_finite(value) if counts.pairs else None for value in scores.tolist()]
    moved = _finite(float(scores[1] - scores[0])) if None not in values else None
    return Difference(
        metric=table.name,
        score=spec.name,
        language=table.language,
        higher_is_better=spec.higher_is_better,
        decimals=spec.decimals,
        headline=spec.headline,
        signature=table.signature,
        baseline=values[0],
        candidate=values[1],
        delta=moved,
        reason=None if moved is not None else _why(counts.pairs > 0),
        **{field.name: getattr(counts, field.name) for field in fields(counts)},
    )


def scores_of(a: Array, b: Array, reduce: Reduce) -> Array:
    """Take the scores of both systems.

    Args:
        a: (2k,) the sum of the baseline's rows, in the two parts of ``tercet.stats.exact``: the order of the articles
            is no part of it.
        b: (2k,) of the candidate's.
        reduce: Sums to scores.

    Returns:
        (2, m).
    """
    return np.asarray(reduce(join(np.stack([a, b]))))


def _why(there: bool) -> str:
    return "undefined over the pairs" if there else "no case is scored in both runs"


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def outcomes(before: Array, after: Array, spec: ScoreSpec) -> tuple[int, int, int]:
    """Count in how many pairs the candidate is better, equal, worse."""
    even = np.abs(after - before) <= _EVEN * np.maximum(np.abs(before), np.abs(after))
    up = after > before
    if spec.higher_is_better is False:
        up = after < before
    wins = int((up & ~even).sum())
    ties = int(even.sum())
    return wins, ties, len(before) - wins - ties


def unpaired(
    baseline: Table,
    candidate: Table,
    places: tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]],
    score: str,
) -> Counter[str]:
    """Count why cases are not compared: whose score is missing, and for what reason.

    Args:
        baseline: A table.
        candidate: Another.
        places: (n,) where cases stand in either, and whether both have the score.
        score: The score's name.
    """
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
    return counts
