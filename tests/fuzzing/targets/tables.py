"""Tables with a column map: Parquet files, and rows of any kind."""

import io
import json
from pathlib import Path
from random import Random
from typing import Any

from tercet.columns import ColumnMap
from tercet.corpora.parquet import Parquet
from tercet.errors import CorpusError
from tests.fuzzing.grammar import value, written
from tests.fuzzing.outcomes import skeleton
from tests.fuzzing.target import Read, Target, demand
from tests.fuzzing.targets.corpora import counted

_COLUMNS = {"id": "id", "source": "doc.text", "title": "title", "date": "date", "tags": "tags", "cluster": "cluster"}
_ROWS: tuple[dict[str, Any], ...] = (
    {"id": "a", "doc": {"text": "It cost 5 million."}, "title": "t", "date": "2024-06-11", "tags": ["x"],
    "cluster": 1, "en": "Five.", "zh": ["五", "伍"]},
    {"id": "b", "doc": {"text": "It rose."}, "title": None, "date": None, "tags": None, "cluster": 2,
    "en": "Up.", "zh": []},
)  # fmt: skip


def _parquet(folder: Path) -> Read:
    from pyarrow import ArrowException, parquet

    path = folder / "rows.parquet"
    corpus = Parquet(path=str(path), columns=dict(_COLUMNS), references={"en": "en", "zh": "zh"})

    def case(data: bytes) -> str:
        path.write_bytes(data)
        loaded = corpus.load()
        try:
            rows = parquet.read_metadata(path).num_rows
        except (OSError, ArrowException):
            rows = -1
        return counted(loaded, rows)

    return case


def _parquet_seeds() -> list[bytes]:
    import pyarrow as pa
    from pyarrow import parquet

    found = []
    for compression, version, times in (("NONE", "2.6", 1), ("zstd", "2.6", 40), ("snappy", "1.0", 3)):
        sink = io.BytesIO()
        rows = [{**row, "id": f"{row['id']}{i}"} for i in range(times) for row in _ROWS]
        parquet.write_table(pa.Table.from_pylist(rows), sink, compression=compression, version=version)
        found.append(sink.getvalue())
    return found


def _rows(folder: Path) -> Read:
    def case(data: bytes) -> str:
        """The first line is the map, each other one a row."""
        try:
            first, *rest = [json.loads(line) for line in data.decode("utf-8", "replace").split("\n") if line.strip()]
            columns, references = (_texts(first.get(key)) for key in ("columns", "references"))
            rows = [row for row in rest if isinstance(row, dict)]
        except (ValueError, AttributeError, RecursionError):
            return "no case"
        table = ColumnMap(columns=columns, references=references, source_language="en")
        table.check(dict.fromkeys(key for row in rows for key in row))
        made = list(table.articles(rows))
        demand(len(made) == len(rows), "a row is lost")
        problems = sum(isinstance(item, CorpusError) for item in made)
        told = {skeleton(item.problem) for item in made if isinstance(item, CorpusError)}
        return f"{problems < len(made)} {'; '.join(sorted(told))}"

    return case


def _texts(node: Any) -> dict[str, str | None]:
    """What OmegaConf lets through for the type of the field."""
    return (
        {str(key): None if item is None else str(item) for key, item in node.items()} if isinstance(node, dict) else {}
    )


def _rows_seeds() -> list[bytes]:
    lines = [
        json.dumps({"columns": _COLUMNS, "references": {"en": "en", "zh": "zh"}}),
        *(json.dumps(row, ensure_ascii=False) for row in _ROWS),
    ]
    return ["\n".join(lines).encode()]


def _make(chance: Random) -> bytes:
    names = ["id", "doc", "title", "date", "tags", "cluster", "en", "zh"]
    rows = [{name: value(chance, 2) for name in names if chance.random() < 0.95} for _ in range(3)]
    return _rows_seeds()[0].split(b"\n")[0] + b"\n" + b"\n".join(written(row, chance) for row in rows)


TARGETS = (
    Target(
        name="parquet",
        reads="Parquet corpus",
        ready=_parquet,
        seeds=_parquet_seeds,
        weight=2,
        oracle="rows of the file = articles + problems",
    ),
    Target(
        name="columns",
        reads="column map over rows of any kind",
        ready=_rows,
        seeds=_rows_seeds,
        words=(b'"doc.text"', b'"doc.text.x"', b'"."', b'""', b'"references":', b'"columns":'),
        make=_make,
        weight=2,
        oracle="each row is an article or a problem",
    ),
)
