"""Every score of every case as one table."""

import io
import json
import math
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

import tercet
from tercet.comparing.tables import Contents, contents
from tercet.runs import load_run
from tercet.viewing.segments import SIGNATURES, VERSION, as_parquet, segment_table
from tests.runs import articles, command, faithful, furnish, scored

LABELS = ["one", "two"]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> list[Contents]:
    """Two systems over six articles; the second has no output for one case."""
    with chdir(tmp_path_factory.mktemp("segments")):
        made = articles(6)
        furnish(made)
        lost = {**faithful(made, "b"), "item-003:en": None}
        folders = [scored(command, name, texts).resolve() for name, texts in (("a", faithful(made, "a")), ("b", lost))]
    return [contents(load_run(folder)) for folder in folders]


@pytest.fixture(scope="module")
def rows(read: list[Contents]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = segment_table(read, LABELS).to_pylist()
    return found


def test_there_is_a_row_a_system_case_and_score(read: list[Contents], rows: list[dict[str, Any]]) -> None:
    expected = {
        (label, case, spec.name)
        for found, label in zip(read, LABELS, strict=True)
        for table in found.tables.values()
        for case in table.cases
        for spec in table.metric.scores
    }
    keys = [(row["system"], row["case"], row["score"]) for row in rows]
    assert len(keys) == len(set(keys))
    assert set(keys) == expected


def test_values_are_those_that_the_run_has_stored(read: list[Contents], rows: list[dict[str, Any]]) -> None:
    stored: dict[tuple[str, str, str], float] = {}
    for found, label in zip(read, LABELS, strict=True):
        for row in found.run.rows().to_pylist():  # as measured, and not as read back
            stored |= {(label, row["segment"], score): value for score, value in row["scores"] or ()}
    shown = {(row["system"], row["case"], row["score"]): row["value"] for row in rows if row["value"] is not None}
    assert shown == pytest.approx(stored, rel=1e-12)
    assert len(shown) > 200


def test_a_case_without_a_value_says_why_and_one_with_a_value_does_not(rows: list[dict[str, Any]]) -> None:
    assert all((row["value"] is None) == (row["unscored"] is not None) for row in rows)
    lost = {row["unscored"] for row in rows if (row["system"], row["case"]) == ("two", "item-003:en")}
    assert len(lost) == 1
    assert lost.pop().startswith("no output")
    assert not any(isinstance(row["value"], float) and math.isnan(row["value"]) for row in rows)


def test_a_gap_of_a_single_score_has_its_own_reason(read: list[Contents]) -> None:
    found = read[0]
    key, table = next((key, table) for key, table in found.tables.items() if len(table.metric.scores) > 1)
    name = table.metric.scores[1].name
    table.present[2, 1] = False
    try:
        rows = segment_table([Contents(run=found.run, cases=found.cases, tables={key: table})], ["x"]).to_pylist()
    finally:
        table.present[2, 1] = True
    missing = [row for row in rows if row["value"] is None]
    assert [(row["case"], row["score"], row["unscored"]) for row in missing] == [
        (table.cases[2], name, "it is not scored")
    ]


def test_a_row_says_what_its_case_is(read: list[Contents], rows: list[dict[str, Any]]) -> None:
    row = next(row for row in rows if (row["system"], row["case"]) == ("two", "item-004:zh"))
    assert row["run"] == read[1].run.folder.name
    assert (row["article"], row["cluster"], row["language"], row["repeat"]) == ("item-004", "item-004", "zh", 0)
    assert row["metric"] in {"rouge", "chrf", "facts"}


def test_parquet_is_the_same_table_and_the_same_bytes(read: list[Contents]) -> None:
    data = as_parquet(read, LABELS)
    assert data == as_parquet(read, LABELS)
    file = parquet.ParquetFile(io.BytesIO(data))
    assert file.read().to_pylist() == segment_table(read, LABELS).to_pylist()
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"


def test_parquet_says_its_version_and_the_signatures(read: list[Contents]) -> None:
    metadata = parquet.ParquetFile(io.BytesIO(as_parquet(read, LABELS))).metadata.metadata
    assert metadata[VERSION].decode() == tercet.__version__
    signatures = json.loads(metadata[SIGNATURES])
    assert signatures == {label: found.run.info["signatures"] for label, found in zip(LABELS, read, strict=True)}


def test_no_runs_are_a_table_without_rows() -> None:
    table = segment_table([], [])
    assert table.num_rows == 0
    assert table.column_names[:3] == ["system", "run", "case"]
    assert as_parquet([], [])


def test_a_name_that_utf8_cannot_hold_is_readable(read: list[Contents]) -> None:
    table = segment_table(read[:1], ["half \ud83d"])
    assert table["system"][0].as_py() == "half \ufffd"
    assert list(json.loads(table.schema.metadata[SIGNATURES])) == ["half \ud83d"]


def test_a_file_can_be_read_where_pandas_is(read: list[Contents], tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    path = tmp_path / "scores.parquet"
    path.write_bytes(as_parquet(read, LABELS))
    frame = pandas.read_parquet(path)
    chosen = frame[(frame["system"] == "one") & (frame["score"] == "chrf") & (frame["language"] == "en")]
    assert len(chosen) == 6
    assert chosen["value"].notna().all()
