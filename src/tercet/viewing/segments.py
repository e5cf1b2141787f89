"""Every score of every case as one long table, for whoever goes on with other tools."""

import json
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np

import tercet
from tercet.arrow import numbers, strings
from tercet.comparing.tables import Contents, Table
from tercet.text.surrogates import readable_in_place

_TEXTS = ("system", "run", "case", "article", "cluster", "language")
VERSION = b"tercet.version"
SIGNATURES = b"tercet.signatures"


def segment_table(read: Sequence[Contents], labels: Sequence[str]) -> Any:
    """Put the scores of all cases into one table.

    Args:
        read: The runs.
        labels: A name for each.

    Returns:
        A pyarrow table with a row a system, case and score: ``system`` (the label), ``run`` (its folder), ``case``,
        ``article``, ``cluster`` (what is resampled as one: articles with the same texts share it), ``language``,
        ``repeat`` (from 0), ``metric``, ``score``, ``value`` (null where there is none) and ``unscored`` (why there is
        none; null where there is one). Its metadata hold the version of tercet, and the signatures as JSON by system,
        metric and language.
    """
    import pyarrow as pa

    schema = _schema(read, labels)
    pieces: list[list[Any]] = [[] for _ in schema.names]
    for found, label in zip(read, labels, strict=True):
        for table in found.tables.values():
            for piece, column in zip(pieces, _columns(found, table, label), strict=True):
                piece.extend(column)
    columns = [pa.chunked_array(piece, field.type) for piece, field in zip(pieces, schema, strict=True)]
    return pa.Table.from_arrays(columns, schema=schema)


def as_parquet(read: Sequence[Contents], labels: Sequence[str]) -> bytes:
    """Write ``segment_table`` as a Parquet file; the same runs give the same bytes."""
    from pyarrow import parquet

    buffer = BytesIO()
    parquet.write_table(segment_table(read, labels), buffer, compression="zstd")
    return buffer.getvalue()


def _schema(read: Sequence[Contents], labels: Sequence[str]) -> Any:
    import pyarrow as pa

    signatures: dict[str, dict[str, dict[str, str]]] = {label: {} for label in labels}
    for found, label in zip(read, labels, strict=True):
        for (metric, language), table in found.tables.items():
            signatures[label].setdefault(metric, {})[language] = table.signature
    return pa.schema(
        [
            *((name, pa.string()) for name in _TEXTS),
            ("repeat", pa.int32()),
            ("metric", pa.string()),
            ("score", pa.string()),
            ("value", pa.float64()),
            ("unscored", pa.string()),
        ],
        metadata={VERSION: tercet.__version__.encode(), SIGNATURES: json.dumps(signatures).encode()},
    )


def _columns(found: Contents, table: Table, label: str) -> list[list[Any]]:
    """Give the pieces of each column: one a score, and the same piece again where scores share it."""
    import pyarrow as pa

    count = len(table.cases)
    infos = [found.cases[case] for case in table.cases]
    texts: tuple[Sequence[str], ...] = (
        [readable_in_place(label)] * count,
        [readable_in_place(found.run.folder.name)] * count,
        table.cases,
        [info.article for info in infos],
        table.clusters,
        [table.language] * count,
    )
    shared = [
        *(strings(items) for items in texts),
        numbers([info.repeat for info in infos], pa.int32()),
        strings([table.name] * count),
    ]
    names = [spec.name for spec in table.metric.scores]
    whole = strings(table.rows.unscored)
    return [
        *([piece] * len(names) for piece in shared),
        [strings([name] * count) for name in names],
        [_values(table, column) for column in range(len(names))],
        [_unscored(table, column, name, whole) for column, name in enumerate(names)],
    ]


def _values(table: Table, column: int) -> Any:
    import pyarrow as pa

    there = table.present[:, column]
    values = np.where(there, table.by_segment.values[:, column], 0.0)
    bits = pa.py_buffer(np.packbits(there, bitorder="little"))
    return pa.Array.from_buffers(pa.float64(), len(there), [bits, pa.py_buffer(np.ascontiguousarray(values))])


def _unscored(table: Table, column: int, score: str, whole: Any) -> Any:
    """Say why cases lack a score; ``whole`` holds the reasons of those that lack every score."""
    reasons = list(table.rows.unscored)
    gaps = [i for i in np.flatnonzero(~table.present[:, column]).tolist() if reasons[i] is None]
    for i in gaps:
        reasons[i] = table.why_not(i, score)
    return strings(reasons) if gaps else whole
