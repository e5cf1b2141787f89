"""Metrics over judged texts: the score of each text, and of each system as a corpus."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.errors import ConfigError, nearest
from tercet.judged import JudgedSet
from tercet.meta.coded import Coded
from tercet.metrics.contract import Metric, Rows
from tercet.pipeline import measure_segments
from tercet.records import Segment
from tercet.scores import reduced

Array = NDArray[np.float64]
OTHERS = "recorded"  # the metric of scores that another tool made
Step = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One score over a set.

    Args:
        name: As tables call it.
        metric: Whose it is; ``OTHERS`` for one that another tool made.
        higher_is_better: None where neither is; such a score is taken as it stands.
        decimals: How many a table prints.
        values: (n,) of each text, as the metric gives it; NaN where there is none.
        total: Of each system as a corpus: (B, clusters) weights to (B, systems), as the metric gives it; None where
            there is no system.
        scored: How many texts have it.
        reasons: Why the others have not, with their numbers.
        signatures: What fixes it, by language.
        of_systems: Whether only whole systems have it.
    """

    name: str
    metric: str
    higher_is_better: bool | None
    decimals: int
    values: Array
    total: Callable[[Array], Array] | None
    scored: int
    reasons: Mapping[str, int]
    signatures: Mapping[str, str]
    of_systems: bool = False

    @property
    def sign(self) -> float:
        """What turns it so that higher is better."""
        return -1.0 if self.higher_is_better is False else 1.0


def chosen(metrics: Mapping[str, Metric], sets: Sequence[JudgedSet], names: Sequence[str]) -> dict[str, list[str]]:
    """Choose the scores of each metric, as tables call them; a name that two metrics have is ``metric:score``.

    Raises:
        ConfigError: A score is asked for that no metric has.
    """
    counts = Counter(spec.name for metric in metrics.values() for spec in metric.scores)
    every = {
        owner: [f"{owner}:{spec.name}" if counts[spec.name] > 1 else spec.name for spec in metric.scores]
        for owner, metric in metrics.items()
    }
    others = sorted({name for judged in sets for name in _recorded_names(judged)})
    known = [name for found in every.values() for name in found] + others
    for name in names:
        if name not in known:
            raise ConfigError(f"There is no score '{name}'.", nearest(name, known))
    shown = {
        owner: [
            name
            for name, spec in zip(found, metrics[owner].scores, strict=True)
            if (name in names if names else spec.headline)
        ]
        for owner, found in every.items()
    }
    return shown | {OTHERS: [name for name in others if not names or name in names]}


def measured(
    judged: JudgedSet, coded: Coded, metrics: Mapping[str, Metric], wanted: Mapping[str, Sequence[str]], step: Step
) -> list[Scored]:
    """Score the texts of a set with every metric of which a score is wanted.

    Args:
        judged: The set.
        coded: Its codes.
        metrics: By name.
        wanted: From ``chosen``.
        step: Is told how far it is.

    Raises:
        TercetError: A metric cannot measure.
    """
    found: list[Scored] = []
    active = [name for name in metrics if wanted[name]]
    for place, name in enumerate(active):
        step(name, place, len(active))
        found.extend(_scores(judged, coded, name, metrics[name], wanted[name]))
    step("scored", len(active), len(active))
    return found + list(_others(judged, coded, wanted[OTHERS]))


def _scores(judged: JudgedSet, coded: Coded, name: str, metric: Metric, wanted: Sequence[str]) -> Iterator[Scored]:
    segments = [text.segment for text in judged.texts]
    rows = np.full((len(segments), len(metric.columns)), np.nan)
    values = np.full((len(segments), len(metric.scores)), np.nan)
    reasons: list[Counter[str]] = [Counter() for _ in metric.scores]
    signatures: dict[str, str] = {}
    for language in dict.fromkeys(segment.language for segment in segments):
        places = [i for i, segment in enumerate(segments) if segment.language == language]
        first, again = _once([segments[i] for i in places], whole=getattr(metric, "whole", False))
        part = measure_segments(metric, [segments[places[i]] for i in first], language)
        rows[places] = part.rows.values[again]
        values[places] = np.where(part.by_segment.present(), part.by_segment.values, np.nan)[again]
        signatures[language] = part.signature
        for counter, more in zip(reasons, _reasons(part.rows, part.by_segment, again), strict=True):
            counter.update(more)
    for column, spec in enumerate(metric.scores):
        own = f"{name}:{spec.name}" if f"{name}:{spec.name}" in wanted else spec.name
        if own in wanted:
            yield Scored(
                name=own,
                metric=name,
                higher_is_better=spec.higher_is_better,
                decimals=spec.decimals,
                values=values[:, column],
                total=_Totals(metric, column, rows, np.isfinite(values[:, column]), coded) if coded.systems else None,
                scored=int(np.isfinite(values[:, column]).sum()),
                reasons=dict(sorted(reasons[column].items())),
                signatures=signatures,
            )


def _reasons(rows: Rows, table: Any, again: NDArray[np.intp]) -> list[Counter[str]]:
    """Count why texts have not each score, those that are the same as often as they are there."""
    if len(again) == len(rows.unscored):
        found: list[Counter[str]] = table.reasons()
        return found
    counts = np.bincount(again, minlength=len(rows.unscored))
    every: list[Counter[str]] = [Counter() for _ in table.names]
    for index, times in enumerate(counts.tolist()):
        reason = rows.unscored[index]
        gaps = dict.fromkeys(table.names, reason) if reason is not None else table.gaps(index)
        for counter, name in zip(every, table.names, strict=True):
            if name in gaps:
                counter[gaps[name]] += times
    return every


def _once(segments: Sequence[Segment], *, whole: bool) -> tuple[list[int], NDArray[np.intp]]:
    """Find texts that are the same in all that a metric sees, which need not be measured twice.

    Args:
        segments: Of one language.
        whole: Whether a row depends on the other segments, so that none may be left out.

    Returns:
        The places of the first ones, and for each segment which of these it is.
    """
    if whole:
        return list(range(len(segments))), np.arange(len(segments))
    seen: dict[tuple[Any, ...], int] = {}
    first: list[int] = []
    again = np.empty(len(segments), dtype=np.intp)
    for place, segment in enumerate(segments):
        key = (segment.candidate, segment.references, segment.source, segment.source_language, segment.absent)
        if key not in seen:
            seen[key] = len(first)
            first.append(place)
        again[place] = seen[key]
    return first, again


class _Totals:
    """Scores of systems as corpora: the reduction of weighted sums of their rows."""

    def __init__(self, metric: Metric, column: int, rows: Array, there: NDArray[np.bool_], coded: Coded) -> None:
        self._metric, self._column = metric, column
        self._shape = (len(coded.systems), rows.shape[1])
        clean = np.where(np.isfinite(rows).all(axis=1, keepdims=True), rows, 0.0)
        self._sums = np.zeros((len(coded.clusters), *self._shape))
        self._scored = np.zeros((len(coded.clusters), len(coded.systems)))
        named = coded.system >= 0
        np.add.at(self._sums, (coded.cluster[named], coded.system[named]), clean[named])
        np.add.at(self._scored, (coded.cluster[named], coded.system[named]), there[named].astype(np.float64))

    def __call__(self, weights: Array) -> Array:
        """Reduce the sums: (B, clusters) to (B, systems); NaN where a system has no text with this score."""
        summed = (weights @ self._sums.reshape(len(self._sums), -1)).reshape(len(weights), *self._shape)
        found: Array = reduced(self._metric, summed)[..., self._column]
        return np.where(weights @ self._scored > 0, found, np.nan)


def _recorded_names(judged: JudgedSet) -> list[str]:
    return list(dict.fromkeys([*(name for text in judged.texts for name in text.recorded), *judged.recorded]))


def _others(judged: JudgedSet, coded: Coded, wanted: Sequence[str]) -> Iterator[Scored]:
    """Take the scores that another tool made: of texts, or of whole systems."""
    for name in (name for name in _recorded_names(judged) if name in wanted):
        values = np.array([text.recorded.get(name, np.nan) for text in judged.texts], dtype=np.float64)
        scored = int(np.isfinite(values).sum())
        base = Scored(
            name=name,
            metric=OTHERS,
            higher_is_better=True,
            decimals=3,
            values=values,
            total=_Means(values, coded) if coded.systems else None,
            scored=scored,
            reasons={"it is not recorded": len(values) - scored} if scored < len(values) else {},
            signatures={},
        )
        if (systems := judged.recorded.get(name)) is not None:
            fixed = np.array([systems.get(system, np.nan) for system in coded.systems])
            base = replace(base, total=_fixed(fixed), of_systems=True, reasons={}, scored=0)
        yield base


def _fixed(values: Array) -> Callable[[Array], Array]:
    return lambda weights: np.tile(values, (len(weights), 1))


class _Means:
    """Means of systems, over the texts that have a value."""

    def __init__(self, values: Array, coded: Coded) -> None:
        self._sums = np.zeros((len(coded.clusters), len(coded.systems)))
        self._counts = np.zeros_like(self._sums)
        there = (coded.system >= 0) & np.isfinite(values)
        np.add.at(self._sums, (coded.cluster[there], coded.system[there]), values[there])
        np.add.at(self._counts, (coded.cluster[there], coded.system[there]), 1.0)

    def __call__(self, weights: Array) -> Array:
        """(B, clusters) weights to (B, systems) means."""
        counts = weights @ self._counts
        found = np.full(counts.shape, np.nan)
        np.divide(weights @ self._sums, counts, out=found, where=counts > 0)
        return found
