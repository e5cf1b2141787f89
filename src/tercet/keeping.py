"""How a run folder keeps outputs, evidence and rows: as JSON, and as Arrow tables."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.arrow import maps, numbers, strings
from tercet.metrics.contract import Array
from tercet.pipeline import Measurement
from tercet.records import Output, Stage

_STAGE = ("role", "backend", "source_language", "target_language", "text")


def output_as_json(output: Output) -> dict[str, Any]:
    """Write an output, with its stages."""
    result = {"failure": output.failure} if output.failure is not None else {"text": output.text}
    return {
        "id": output.case_id,
        "article": output.article_id,
        "language": output.target_language,
        **({"repeat": output.repeat} if output.repeat else {}),
        **result,
        "stages": [_stage_as_json(stage) for stage in output.stages],
    }


def _stage_as_json(stage: Stage) -> dict[str, Any]:
    """Write a stage; what only a model's call has is left out where there is none."""
    found: dict[str, Any] = {}
    for name in stage.__slots__:  # ten times as quick as asdict, which copies deeply
        value = getattr(stage, name)
        if value is not None or name in _STAGE:
            found[name] = asdict(value) if name == "usage" else value
    return found


def evidence_as_json(name: str, found: Measurement) -> Iterator[dict[str, Any]]:
    """Write the evidence of a measurement, case by case."""
    for segment, items in zip(found.segments, found.rows.evidence, strict=True):
        for item in items:
            yield {
                "id": segment.id,
                "metric": name,
                "kind": item.kind,
                "message": item.message,
                "start": item.start,
                "end": item.end,
                **({"label": item.label} if item.label else {}),
                **({"value": item.value} if item.value else {}),
                **({"quote": asdict(item.quote)} if item.quote is not None else {}),
            }


@cache
def row_schema() -> Any:
    """The Arrow schema of ``scores.parquet``: one row a metric and segment."""
    import pyarrow as pa

    return pa.schema(
        [
            ("metric", pa.string()),
            ("language", pa.string()),
            ("segment", pa.string()),
            ("cluster", pa.string()),
            ("repeat", pa.int32()),
            ("unscored", pa.string()),
            ("statistics", pa.map_(pa.string(), pa.float64())),
            ("scores", pa.map_(pa.string(), pa.float64())),
            ("gaps", pa.map_(pa.string(), pa.string())),
        ]
    )


def rows_as_table(name: str, language: str, found: Measurement) -> Any:
    """Make the Arrow table of a measurement."""
    import pyarrow as pa

    return pa.Table.from_arrays(_columns(name, language, found), schema=row_schema())


def _columns(name: str, code: str, found: Measurement) -> list[Any]:
    import pyarrow as pa

    scored, segments, table = found.rows.scored, found.segments, found.by_segment
    everything = np.broadcast_to(scored[:, None], found.rows.values.shape)
    gaps = [list(table.gaps(i).items()) if there else [] for i, there in enumerate(scored)]
    pairs = [pair for items in gaps for pair in items]
    return [
        strings([name] * len(scored)),
        strings([code] * len(scored)),
        strings([segment.id for segment in segments]),
        strings([segment.cluster for segment in segments]),
        numbers([segment.repeat for segment in segments], pa.int32()),
        strings(found.rows.unscored),
        _named(found.metric.columns, found.rows.values, everything, scored),
        _named(table.names, table.values, table.present(), scored),
        maps([len(items) for items in gaps], scored, strings([k for k, _ in pairs]), strings([v for _, v in pairs])),
    ]


def _named(names: Sequence[str], values: Array, present: NDArray[np.bool_], scored: NDArray[np.bool_]) -> Any:
    """Make a column of maps: for each scored segment the named values that are present."""
    import pyarrow as pa

    keys = strings([names[i] for i in np.nonzero(present)[1].tolist()])
    return maps(present.sum(axis=1), scored, keys, numbers(values[present], pa.float64()))


def named_values(column: Any, names: Sequence[str]) -> Array:
    """Read a column of maps back: (n, m) values, NaN where a map has none of that name."""
    places = {name: i for i, name in enumerate(names)}
    found = np.full((len(column), len(names)), np.nan)
    for row, pairs in enumerate(column.to_pylist()):
        for name, value in pairs or ():
            found[row, places[name]] = value
    return found
