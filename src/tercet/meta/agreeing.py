"""From a configuration to every figure: reads judgements, scores the texts, and takes each measure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tercet.errors import ConfigError, IncompleteError, nearest
from tercet.judged import JudgedSet
from tercet.meta.coded import Coded, judgements, labelled, ratings
from tercet.meta.figuring import column as figured
from tercet.meta.measures import KEYS, SYSTEMS, Taken, of_pairs, of_systems, of_texts
from tercet.meta.records import Agreement, Cell, Level, Measure, Row, SetFigures, Table
from tercet.meta.scoring import Scored, Step, chosen, measured
from tercet.meta.settings import Asked, Settings
from tercet.provenance import code_of, versions
from tercet.stats.agreement import Recorded, Resampling, Sample, SystemMeans, SystemScores

Array = NDArray[np.float64]
_Columns = Iterator[tuple[Measure, Taken]]


def agree(asked: Asked, settings: Settings, step: Step) -> Agreement:
    """Compare metrics with judgements.

    Args:
        asked: The judgements and the metrics.
        settings: Which scores and judgements, and how figures are made.
        step: Is told how far it is.

    Raises:
        ConfigError: A score, a judgement, a measure or the baseline is not there.
        CorpusError: The judgements cannot be read.
        IncompleteError: There is no judgement, or nothing is scored.
        TercetError: A metric cannot measure.
    """
    sets = asked.judgements.read()
    known = list(dict.fromkeys(human.name for judged in sets for human in judged.humans))
    _check(settings.humans, known, "judgement")
    _check(settings.measures, KEYS, "measure")
    wanted = chosen(asked.metrics, sets, settings.scores)
    names = [name for found in wanted.values() for name in found]
    if settings.baseline is not None and settings.baseline not in names:
        raise ConfigError(
            f"There is no score '{settings.baseline}' to compare with.", nearest(settings.baseline, names)
        )
    figures = tuple(_of_set(judged, asked, settings, wanted, step) for judged in sets)
    if not any(table.rows for found in figures for table in found.tables):
        raise _nothing(figures)
    return Agreement(
        judgement=asked.name,
        sets=figures,
        config=asked.config,
        code={name: code_of(type(metric)) for name, metric in asked.metrics.items()},
        versions=versions(),
        baseline=settings.baseline,
        seed=settings.seed,
        replicates=settings.replicates,
        alpha=settings.alpha,
    )


def _nothing(figures: Sequence[SetFigures]) -> IncompleteError:
    reasons = sorted({f"{score}: {why}" for found in figures for score, why in found.unscored.items()})
    if reasons:
        return IncompleteError(
            f"Nothing was scored: {'; '.join(reasons)}.", "Check judgement.columns and metric=[...]."
        )
    return IncompleteError("These judgements allow none of the measures.", "Leave out --measure, or take other ones.")


def _check(names: Sequence[str], known: Sequence[str], what: str) -> None:
    for name in names:
        if name not in known:
            raise ConfigError(f"There is no {what} '{name}'.", nearest(name, known))


def _of_set(
    judged: JudgedSet, asked: Asked, settings: Settings, wanted: Mapping[str, Sequence[str]], step: Step
) -> SetFigures:
    coded = Coded.of(judged)
    every = measured(judged, coded, asked.metrics, wanted, step)
    scores = [score for score in every if score.scored or score.of_systems]
    resampling = Resampling(
        systems=len(coded.systems),
        clusters=len(coded.clusters),
        seed=settings.seed,
        replicates=settings.replicates,
        # Of one or two systems none can be drawn: the interval is then about texts alone, which is said.
        fixed_systems=settings.fixed_systems or len(coded.systems) < SYSTEMS,
        level=1 - settings.alpha,
    )
    tables: list[Table] = []
    for human in judged.humans:
        if settings.humans and human.name not in settings.humans:
            continue
        tables.append(_table(judged, coded, human.name, scores, resampling, settings, step))
    return SetFigures(
        name=judged.name,
        texts=len(judged.texts),
        systems=len(coded.systems),
        items=len(coded.items),
        clusters=len(coded.clusters),
        files=judged.files,
        notes=tuple(judged.notes),
        unscored={score.name: _why(score) for score in every if score not in scores},
        fixed_systems=resampling.fixed_systems,
        tables=tuple(table for table in tables if table.measures),
    )


def _why(score: Scored) -> str:
    return ", ".join(f"{reason} ({count})" for reason, count in score.reasons.items())


def _table(  # noqa: PLR0913, PLR0917 (a set, a judgement, and how figures are made)
    judged: JudgedSet,
    coded: Coded,
    human: str,
    scores: Sequence[Scored],
    resampling: Resampling,
    settings: Settings,
    step: Step,
) -> Table:
    values, whole = judgements(judged, human), ratings(judged, coded, human)
    columns: list[tuple[Measure, Taken, list[Scored]]] = []
    systems = _judged_systems(values, whole, coded, scores)
    if systems is not None:
        some = [score for score in scores if score.total is not None]
        columns += [(measure, taken, some) for measure, taken in of_systems(systems, resampling)]
    some = [score for score in scores if not score.of_systems]
    if some and not np.isnan(values).all():
        columns += [(m, taken, some) for m, taken in _text_columns(judged, coded, values, some, resampling)]
    if settings.measures:
        columns = [column for column in columns if column[0].key.partition(":")[0] in settings.measures]
    cells: dict[str, dict[str, Cell]] = {score.name: {} for score in scores}
    for place, (measure, taken, some) in enumerate(columns):
        step(f"{judged.name}, {human}: {measure.key}", place, len(columns))
        for name, cell in figured(measure, taken, some, settings.baseline, settings.alpha).items():
            cells[name][measure.key] = cell
    measures = tuple(measure for measure, _, _ in columns)
    rows = [_row(score, coded, cells[score.name]) for score in scores if cells[score.name]]
    return Table(
        human=human,
        judged=int((~np.isnan(values)).sum()),
        systems={} if systems is None else _by_system(coded, systems(np.ones((1, len(coded.clusters))))[0]),
        measures=measures,
        rows=tuple(sorted(rows, key=lambda row: _place(row, measures))),
    )


def _judged_systems(values: Array, whole: Array | None, coded: Coded, scores: Sequence[Scored]) -> SystemScores | None:
    """Give what people say of whole systems: their ratings, else the means of graded texts; None of too few."""
    if whole is not None:
        return Recorded(whole) if (~np.isnan(whole)).sum() >= SYSTEMS else None
    judged = np.unique(coded.system[~np.isnan(values) & (coded.system >= 0)])
    if len(judged) < SYSTEMS or labelled(values) or not scores:
        return None
    return SystemMeans.human(_sample(values, coded, ()))


def _text_columns(
    judged: JudgedSet, coded: Coded, values: Array, scores: Sequence[Scored], resampling: Resampling
) -> _Columns:
    if not judged.paired:
        return of_texts(_sample(values, coded, scores), coded, resampling, resampling.seed)
    kinds = np.array([text.category for text in judged.texts])
    categories = sorted(set(kinds.tolist()) - {""})
    parts = {"": np.ones(len(values), dtype=bool), **{name: kinds == name for name in categories}}
    samples = {name: _sample(values, coded, scores, part) for name, part in parts.items()}
    return of_pairs(samples, {name: replace(resampling, clusters=part.clusters) for name, part in samples.items()})


def _sample(values: Array, coded: Coded, scores: Sequence[Scored], part: NDArray[np.bool_] | None = None) -> Sample:
    kept = np.ones(len(values), dtype=bool) if part is None else part
    return Sample.of(
        human=values[kept],
        item=coded.item[kept],
        system=coded.system[kept],
        cluster=coded.cluster[kept],
        metrics={score.name: (score.sign * score.values)[kept] for score in scores},
    )


def _row(score: Scored, coded: Coded, cells: Mapping[str, Cell]) -> Row:
    totals = {} if score.total is None else _by_system(coded, score.total(np.ones((1, len(coded.clusters))))[0])
    return Row(
        score=score.name,
        metric=score.metric,
        higher_is_better=score.higher_is_better,
        scored=score.scored,
        total=len(score.values),
        reasons=score.reasons,
        signatures=score.signatures,
        of_systems=score.of_systems,
        systems=totals,
        cells=cells,
    )


def _by_system(coded: Coded, values: Array) -> dict[str, float | None]:
    found = zip(coded.systems, np.asarray(values).tolist(), strict=True)
    return {name: value if np.isfinite(value) else None for name, value in found}


def _place(row: Row, measures: Sequence[Measure]) -> tuple[bool, float, str]:
    """Sort by the first column that leads its kind: texts before systems, for there are more of them."""
    order = [m for level in (Level.TEXT, Level.LABEL, Level.PAIR, Level.SYSTEM) for m in measures if m.level is level]
    cell = row.cells.get(order[0].key) if order else None
    value = None if cell is None else cell.value
    return value is None, -(value or 0.0), row.score
