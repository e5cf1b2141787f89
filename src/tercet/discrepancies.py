"""Discrepancies: where a run's rows, scores and evidence are not what was computed now."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from tercet.cache import digest
from tercet.errors import RunError
from tercet.metrics.contract import PASSING
from tercet.pieces import Draft, Piece
from tercet.pipeline import Measurement
from tercet.runs import Run, read_cases, read_evidence
from tercet.store import Assembly, write_run
from tercet.tallying import Key as Table

_MAPS = ("statistics", "scores", "gaps")
_KEY = ("metric", "language", "segment")
# How a score is shown is no result; it may change from one version to the next.
_SHOWN = frozenset({"headline", "decimals", "warning"})
_NOTHING = "nothing"
Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """One thing that is otherwise in a run than it was computed now.

    Args:
        file: The run's file that has it.
        what: As ``statistics.match_1`` or ``value``.
        stored: What the run has, as JSON; ``nothing`` where it has none.
        computed: What was computed now; likewise.
        metric: The metric's name; empty where it is none's.
        language: The target language; likewise.
        case: The case; empty where it is about all of them.
    """

    file: str
    what: str
    stored: str
    computed: str
    metric: str = ""
    language: str = ""
    case: str = ""

    @classmethod
    def of(cls, file: str, what: str, stored: Any, computed: Any, **place: str) -> "Discrepancy":
        """Make one of two values; floats are written to the last bit."""
        return cls(file=file, what=what, stored=_exact(stored), computed=_exact(computed), **place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A row that could not be computed again.

    Args:
        metric: The metric's name.
        language: The target language.
        case: The case.
        reason: Why.
    """

    metric: str
    language: str
    case: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Computed:
    """What a run would hold: ``run.json``, the rows as a pyarrow table, the evidence."""

    info: Mapping[str, Any]
    rows: Any
    evidence: Sequence[Mapping[str, Any]]


def discrepancies(
    run: Run, measured: Mapping[Table, Measurement], *, evidence: bool
) -> tuple[tuple[Discrepancy, ...], tuple[Unknown, ...]]:
    """Compare what a run holds with what was computed now.

    Args:
        run: A run whose files are whole.
        measured: What was computed, by metric and language.
        evidence: Whether the evidence is compared too; a baseline without outputs keeps a part of it.

    Returns:
        What differs, and what nobody knows, since a model would have to be asked.

    Raises:
        RunError: The rows cannot be read.
    """
    made = _computed(run, measured)
    unknown = tuple(_unknown(measured))
    rows = {(item.metric, item.case) for item in unknown}
    tables = {(item.metric, item.language) for item in unknown}
    found = [
        *(_counts(run) if evidence else ()),
        *_columns(run, made),
        *_scores(run, made, tables),
        *_rows(run, made, rows),
        *(_evidence(run, made, rows) if evidence else ()),
    ]
    return tuple(found), unknown


def _computed(run: Run, measured: Mapping[Table, Measurement]) -> _Computed:
    """Write what was measured as a run does, and read it back, so that the two are compared as they are kept."""
    draft = Draft()
    draft.put_outputs([], [], {})
    draft.put_rows(measured, run.info["seed"])
    assembly = Assembly(
        pieces=[Piece(draft.archive())],
        languages=list(dict.fromkeys(language for _, language in measured)),
        metrics={name: found.metric for (name, _), found in measured.items()},
    )
    with TemporaryDirectory(prefix="tercet-") as name:
        folder = Path(name)
        write_run(folder, {"repeats": run.info.get("repeats", 1)}, assembly)
        info = json.loads((folder / "run.json").read_text("utf-8"))
        made = Run(folder=folder, info=info, outputs=())
        return _Computed(info=info, rows=made.rows(), evidence=list(read_evidence(folder)))


def _unknown(measured: Mapping[Table, Measurement]) -> Iterator[Unknown]:
    for (metric, language), found in measured.items():
        for segment, reason in zip(found.segments, found.rows.unscored, strict=True):
            if reason is not None and reason.startswith(PASSING):
                yield Unknown(metric=metric, language=language, case=segment.id, reason=reason.removeprefix(PASSING))


def _counts(run: Run) -> Iterator[Discrepancy]:
    """Compare what a run says of its cases and outputs with these."""
    cases = [case.id for case in read_cases(run.folder)]
    failures = sum(output.failure is not None for output in run.outputs)
    counted = {
        "status": "incomplete" if failures else "complete",
        "cases": len(cases),
        "cases_hash": digest(cases),
        "repeats": 1 + max((output.repeat for output in run.outputs), default=0),
        "failures": failures,
    }
    for what, value in counted.items():
        if run.info.get(what) != value:
            yield Discrepancy.of("run.json", what, run.info.get(what), value)


def _columns(run: Run, made: _Computed) -> Iterator[Discrepancy]:
    for what in ("columns", "signatures"):
        stored, computed = run.info[what], made.info[what]
        for metric in dict.fromkeys([*stored, *computed]):
            if stored.get(metric) != computed.get(metric):
                yield Discrepancy.of("run.json", what, stored.get(metric), computed.get(metric), metric=metric)


def _scores(run: Run, made: _Computed, unknown: set[Key]) -> Iterator[Discrepancy]:
    stored, computed = _by_score(run.folder, run.info), _by_score(run.folder, made.info)
    for key in dict.fromkeys([*computed, *stored]):
        metric, language, score = key
        if (metric, language) in unknown:
            continue
        one, other = stored.get(key, {}), computed.get(key, {})
        for what in dict.fromkeys([*other, *one]):
            if what not in _SHOWN and _exact(one.get(what)) != _exact(other.get(what)):
                yield Discrepancy.of(
                    "run.json", f"{score} {what}", one.get(what), other.get(what), metric=metric, language=language
                )
    if len(stored) < len(run.info["scores"]):
        yield Discrepancy.of("run.json", "number of scores", len(run.info["scores"]), len(computed))


def _by_score(folder: Path, info: Mapping[str, Any]) -> dict[tuple[str, str, str], Mapping[str, Any]]:
    try:
        return {(item["metric"], item["language"], item["score"]): item for item in info["scores"]}
    except (TypeError, KeyError) as error:
        raise RunError(f"{folder}/run.json: a score is damaged: {error!r}.", "Repeat the command.") from error


def _rows(run: Run, made: _Computed, unknown: set[Key]) -> Iterator[Discrepancy]:
    import pyarrow as pa

    try:
        rows = run.rows()
    except (OSError, pa.ArrowInvalid) as error:
        raise RunError(
            f"{run.folder}/scores.parquet: cannot be read: {error}.", "Repeat the command that made it."
        ) from error
    if rows.schema != made.rows.schema:
        yield Discrepancy.of("scores.parquet", "columns", str(rows.schema), str(made.rows.schema))
    elif not _alike(rows, made.rows):
        found = list(_differing(rows.to_pylist(), made.rows.to_pylist(), unknown))
        if not found and not unknown:
            found = [Discrepancy.of("scores.parquet", "the order of the rows", "another", "that of the cases")]
        yield from found


def _alike(one: Any, other: Any) -> bool:
    """Whether two tables are equal to the last bit: Arrow takes -0.0 for 0.0."""
    if not one.equals(other):
        return False
    bits = [
        [table[name].combine_chunks().items.to_numpy(zero_copy_only=False).view(np.int64) for name in _MAPS[:2]]
        for table in (one, other)
    ]
    return all(map(np.array_equal, *bits))


def _differing(
    stored: Sequence[Mapping[str, Any]], computed: Sequence[Mapping[str, Any]], unknown: set[Key]
) -> Iterator[Discrepancy]:
    """Compare rows one by one."""
    one, other = _by_row(stored), _by_row(computed)
    counts = Counter(_key(row) for row in stored)
    for key in dict.fromkeys([*other, *one]):
        metric, language, case = key
        place = {"metric": metric, "language": language, "case": case}
        if counts[key] != (key in other):
            yield Discrepancy.of("scores.parquet", "rows of this case", counts[key], int(key in other), **place)
        elif (metric, case) not in unknown:
            mine, theirs = _flat(one[key]), _flat(other[key])
            for what in dict.fromkeys([*theirs, *mine]):
                if _exact(mine.get(what)) != _exact(theirs.get(what)):
                    yield Discrepancy.of("scores.parquet", what, mine.get(what), theirs.get(what), **place)


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["metric"], row["language"], row["segment"]


def _by_row(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str, str], Mapping[str, Any]]:
    return {_key(row): row for row in rows}


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Name what stands in the maps of a row, each by itself."""
    flat = {what: value for what, value in row.items() if what not in {*_KEY, *_MAPS}}
    for name in _MAPS:
        flat |= {f"{name}.{key}": value for key, value in row[name] or ()}
        flat[f"number of {name}"] = None if row[name] is None else len(row[name])
    return flat


def _evidence(run: Run, made: _Computed, unknown: set[Key]) -> Iterator[Discrepancy]:
    """Compare what each metric shows of each case, in order."""
    one, other = _by_case(read_evidence(run.folder)), _by_case(made.evidence)
    for key in dict.fromkeys([*other, *one]):
        if key in unknown:
            continue
        mine, theirs = one.get(key, []), other.get(key, [])
        metric, case = key
        if len(mine) != len(theirs):
            yield Discrepancy.of("evidence.jsonl", "items", len(mine), len(theirs), metric=metric, case=case)
        for item, computed in zip(mine, theirs, strict=False):
            for what in dict.fromkeys([*computed, *item]):
                if _exact(item.get(what)) != _exact(computed.get(what)):
                    yield Discrepancy.of(
                        "evidence.jsonl", what, item.get(what), computed.get(what), metric=metric, case=case
                    )


def _by_case(items: Iterator[dict[str, Any]] | Sequence[Mapping[str, Any]]) -> dict[Key, list[Mapping[str, Any]]]:
    found: dict[Key, list[Mapping[str, Any]]] = {}
    for item in items:
        found.setdefault((item["metric"], item["id"]), []).append(item)
    return found


def _exact(value: Any) -> str:
    return _NOTHING if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
