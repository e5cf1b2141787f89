"""The rows of a run, read back with the metrics that made them, and checked against what the run says of itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isclose
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.cases import CaseInfo
from tercet.comparing.told import check_told
from tercet.composing import config_folders, make_importable
from tercet.errors import RunError
from tercet.keeping import row_schema
from tercet.metrics.contract import Array, Metric, Rows
from tercet.recorded import recorded
from tercet.runs import Run, check_whole, keeps_outputs, read_cases
from tercet.scores import SegmentTable, corpus_scores, segment_scores

_AGAIN = "Repeat the command that made it."
READ = frozenset({"metric", "language", "segment", "cluster", "repeat", "unscored", "statistics", "gaps"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows of one metric in one language.

    Args:
        metric: That made them.
        name: Its name in the run.
        language: The target language.
        signature: What fixes its scores.
        cases: (n,) ids, in order and each once.
        clusters: (n,) what is resampled as one.
        rows: Of n cases.
        by_segment: The scores of each.
        present: (n, m) which case has which score.
    """

    metric: Metric
    name: str
    language: str
    signature: str
    cases: tuple[str, ...]
    clusters: tuple[str, ...]
    rows: Rows
    by_segment: SegmentTable
    present: NDArray[np.bool_]

    def why_not(self, index: int, score: str) -> str:
        """Say why a case lacks a score."""
        unscored = self.rows.unscored[index]
        return unscored if unscored is not None else self.by_segment.gaps(index).get(score, "it is not scored")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a run holds: its cases by id, and its tables by metric and language."""

    run: Run
    cases: Mapping[str, CaseInfo]
    tables: Mapping[tuple[str, str], Table]


def contents(run: Run) -> Contents:
    """Read a run's cases and rows.

    Raises:
        RunError: A file was changed, a case is there twice or is missing, a number is none, the scores are not
            those of the rows, or files do not belong together.
        ConfigError: A metric of the run cannot be built here.
    """
    check_told(run)
    check_whole(run)
    cases = _cases(run)
    metrics = metrics_of(run)
    tables, clusters = {}, distinct(cases.values())
    for (name, language), group in _grouped(run).items():
        if name not in metrics:
            raise RunError(f"{run.folder}/scores.parquet: there is no metric '{name}' in the run's config.", _AGAIN)
        table = _table(run, metrics[name], (name, language), group, cases)
        tables[name, language] = replace(table, clusters=tuple(clusters[cluster] for cluster in table.clusters))
    _check_scores(run, tables)
    return Contents(run=run, cases=cases, tables=tables)


def metrics_of(run: Run) -> dict[str, Metric]:
    """Build the metrics of a run's config, by name.

    Raises:
        ConfigError: One cannot be built here.
    """
    make_importable(config_folders(None))
    nodes = run.info["config"].get("metrics") or {}
    return {name: recorded(node, f"metrics.{name}") for name, node in nodes.items()}


def distinct(cases: Iterable[CaseInfo]) -> dict[str, str]:
    """Give each cluster the first that has the same texts: an article that is there ten times is one.

    Copies would shrink every p and interval, though they say nothing new. Only whole clusters are alike: a short
    segment may stand in several documents.
    """
    texts: dict[str, list[tuple[str, int, str]]] = {}
    for case in cases:
        texts.setdefault(case.cluster, []).append((case.language, case.repeat, case.content))
    first: dict[tuple[tuple[str, int, str], ...], str] = {}
    return {cluster: first.setdefault(tuple(sorted(found)), cluster) for cluster, found in sorted(texts.items())}


def _cases(run: Run) -> dict[str, CaseInfo]:
    """Read the cases, and check that ``run.json`` and the outputs are of the same."""
    listed = read_cases(run.folder)
    cases = {case.id: case for case in listed}
    if len(cases) < len(listed):
        raise RunError(f"{run.folder}/cases.jsonl: a case is there twice.", _AGAIN)
    if len(cases) != run.info["cases"]:
        raise RunError(f"{run.folder}/cases.jsonl: {len(cases)} cases, and run.json has {run.info['cases']}.", _AGAIN)
    if keeps_outputs(run.info) and [output.case_id for output in run.outputs] != list(cases):
        raise RunError(f"{run.folder}/outputs.jsonl: not the outputs of the cases, in their order.", _AGAIN)
    return cases


def _grouped(run: Run) -> dict[tuple[str, str], Any]:
    """Cut the rows into one table for each metric and language."""
    rows = run.rows()
    check_schema(rows.schema, f"{run.folder}/scores.parquet")
    keys = list(zip(rows["metric"].to_pylist(), rows["language"].to_pylist(), strict=True))
    starts = [i for i, key in enumerate(keys) if i == 0 or key != keys[i - 1]]
    found = {keys[i]: rows.slice(i, j - i) for i, j in zip(starts, [*starts[1:], len(keys)], strict=False)}
    if len(found) < len(starts):
        raise RunError(f"{run.folder}/scores.parquet: the rows of a metric are not together.", _AGAIN)
    return found


def check_schema(schema: Any, place: str) -> None:
    """Refuse rows that lack a column, or have one of another kind.

    Args:
        schema: A pyarrow schema.
        place: What an error names.

    Raises:
        RunError: So it is.
    """
    for name in sorted(READ):
        if name not in schema.names:
            raise RunError(f"{place}: there is no column '{name}'.", _AGAIN)
        kind = row_schema().field(name).type
        if schema.field(name).type != kind:
            raise RunError(f"{place}: the column '{name}' is {schema.field(name).type}, and not {kind}.", _AGAIN)


def _table(run: Run, metric: Metric, key: tuple[str, str], group: Any, cases: Mapping[str, CaseInfo]) -> Table:
    name, language = key
    place = f"{run.folder}/scores.parquet: {name} {language}"
    ids = _ids(place, group, [case for case in cases.values() if case.language == language])
    check_columns(run, name, metric, place)
    unscored = group["unscored"].to_pylist()
    rows = Rows(
        values=values_of(place, group, [reason is None for reason in unscored], metric.columns),
        unscored=tuple(unscored),
        gaps=tuple(dict(gaps or ()) for gaps in group["gaps"].to_pylist()),
        evidence=((),) * len(ids),
    )
    by_segment = segment_scores(metric, rows)
    return Table(
        metric=metric,
        name=name,
        language=language,
        signature=signature_of(run, name, language),
        cases=ids,
        clusters=tuple(cases[case].cluster for case in ids),
        rows=rows,
        by_segment=by_segment,
        present=by_segment.present(),
    )


def _ids(place: str, group: Any, cases: Sequence[CaseInfo]) -> tuple[str, ...]:
    """Give the cases of the rows: all that there are, in their order, with the clusters and repeats that they have."""
    ids = group["segment"].to_pylist()
    expected = [case.id for case in cases]
    if len(ids) != len(expected) or set(ids) != set(expected):
        raise RunError(f"{place}: {len(ids)} rows, and the run has {len(expected)} cases; each needs one.", _AGAIN)
    if ids != expected:
        raise RunError(f"{place}: the rows are in another order than the cases.", _AGAIN)
    for name in ("cluster", "repeat"):
        told = [getattr(case, name) for case in cases]
        if group[name].to_pylist() != told:
            raise RunError(f"{place}: a row has another {name} than its case.", _AGAIN)
    return tuple(ids)


def signature_of(run: Run, name: str, language: str) -> str:
    """Give the signature of the metric that made rows.

    Raises:
        RunError: ``run.json`` has none.
    """
    found = run.info["signatures"].get(name, {}).get(language)
    if not isinstance(found, str):
        raise RunError(f"{run.folder}/run.json: {name} {language} has no signature.", _AGAIN)
    return found


def check_columns(run: Run, name: str, metric: Metric, place: str) -> None:
    """Refuse rows of another version of a metric.

    Args:
        run: The run.
        name: The metric's, in the run.
        metric: As it is here.
        place: What an error names.

    Raises:
        RunError: The statistics of its rows are others.
    """
    columns = run.info["columns"].get(name)
    if columns != list(metric.columns):
        raise RunError(
            f"{place}: made by another version of the metric: its statistics are {columns}.",
            "Repeat the command that made the run, or bless the baseline anew.",
        )


def values_of(place: str, group: Any, scored: Sequence[bool], columns: Sequence[str]) -> Array:
    """Take the statistics out of a column of maps.

    Args:
        place: What an error names.
        group: A pyarrow table with n rows and the column ``statistics``.
        scored: (n,) which of them have a row.
        columns: Names of the k statistics.

    Returns:
        (n, k); NaN where a case is unscored.

    Raises:
        RunError: A statistic is missing, has another name, or is no number.
    """
    import pyarrow as pa

    column, k = group["statistics"].combine_chunks(), len(columns)
    if not pa.types.is_map(column.type) or not column.keys.equals(pa.array([*columns] * sum(scored), pa.string())):
        raise RunError(f"{place}: a statistic is missing, or has another name.", _AGAIN)
    flat = column.items.to_numpy(zero_copy_only=False)
    there = np.array(scored, dtype=bool)
    values = np.full((len(there), k), np.nan)
    if len(flat) != int(there.sum()) * k or not np.isfinite(flat).all():
        raise RunError(f"{place}: a statistic is missing, or no number.", _AGAIN)
    values[there] = flat.reshape(-1, k)
    return values


def same(one: float | None, other: float | None) -> bool:
    """Compare values of two machines, whose logarithms may differ in the last bit."""
    if one is None or other is None:
        return one is other
    return isclose(one, other, rel_tol=1e-12)


def _check_scores(run: Run, tables: Mapping[tuple[str, str], Table]) -> None:
    """Refuse a run whose scores are not the reduction of its rows."""
    told = {(item["metric"], item["language"], item["score"]): item for item in run.info["scores"]}
    found = set()
    for (name, language), table in tables.items():
        for score, value in corpus_scores(table.metric, table.rows, table.by_segment).items():
            found.add((name, language, score))
            item = told.get((name, language, score), {})
            counted = (item.get("scored"), item.get("total")) == (value.scored, value.total)
            if not counted or not same(item.get("value"), value.value):
                raise RunError(f"{run.folder}/run.json: {score} {language} is not what its rows come to.", _AGAIN)
    if found != set(told):
        name, language, score = min(set(told) - found)
        raise RunError(f"{run.folder}/scores.parquet: there are no rows for {score} {language}.", _AGAIN)
