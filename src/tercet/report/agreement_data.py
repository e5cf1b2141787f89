"""An agreement for programs: CSV, a line a figure; JSON, everything that is known."""

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from tercet.meta.records import Agreement, Cell, Row, SetFigures
from tercet.report.escaping import in_csv, in_json

_COLUMNS = (
    "set", "human", "metric", "score", "measure", "value", "low", "high", "used", "total", "best", "baseline",
    "difference", "difference_low", "difference_high", "p", "p_corrected", "verdict", "reason",
)  # fmt: skip


def as_csv(agreement: Agreement) -> str:
    """Write every figure: one line a set, judgement, score and measure; all digits.

    A text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for found in agreement.sets:
        for human, row, key, cell in _cells(found):
            record = {"set": found.name, "human": human, **_record(row, key, cell)}
            writer.writerow({name: in_csv(item) if isinstance(item, str) else item for name, item in record.items()})
    return buffer.getvalue()


def _cells(found: SetFigures) -> Iterator[tuple[str, Row, str, Cell]]:
    for table in found.tables:
        for row in table.rows:
            for key, cell in row.cells.items():
                yield table.human, row, key, cell


def _record(row: Row, key: str, cell: Cell) -> dict[str, Any]:
    low, high = cell.interval or (None, None)
    record = {
        "metric": row.metric,
        "score": row.score,
        "measure": key,
        "value": cell.value,
        "low": low,
        "high": high,
        "used": cell.used,
        "total": cell.total,
        "best": cell.best,
        "reason": cell.reason,
    }
    if cell.against is not None:
        ends = cell.against.interval or (None, None)
        record |= {
            "baseline": cell.against.baseline,
            "difference": cell.against.value,
            "difference_low": ends[0],
            "difference_high": ends[1],
            "p": cell.against.p,
            "p_corrected": cell.against.adjusted,
            "verdict": cell.against.verdict.name.lower(),
        }
    return record


def as_json(agreement: Agreement) -> str:
    """Write everything: figures, differences, scores of systems, signatures, hashes, versions, seed."""
    return in_json(json.dumps(_plain(agreement), ensure_ascii=False, indent=2) + "\n")


def _plain(value: Any) -> Any:
    """Turn records into what JSON has; a number that is not finite is none."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
