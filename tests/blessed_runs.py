"""Runs to bless and to verify, and ways to change what a folder says."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Info = dict[str, Any]


def run_json(folder: Path) -> Info:
    """Read ``run.json``."""
    info: Info = json.loads((folder / "run.json").read_text("utf-8"))
    return info


def rewrite(folder: Path, change: Callable[[Info], object]) -> None:
    """Change ``run.json`` in place."""
    info = run_json(folder)
    change(info)
    (folder / "run.json").write_text(json.dumps(info, ensure_ascii=False, indent=2) + "\n", "utf-8")


def rehash(folder: Path) -> None:
    """Write the hashes anew, as somebody would who wants a change to pass."""

    def change(info: Info) -> None:
        for name in info["files"]:
            info["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()

    rewrite(folder, change)


def change_lines(folder: Path, name: str, change: Callable[[list[Info]], object]) -> None:
    """Change a file of JSON lines, and its hash."""
    records = [json.loads(line) for line in (folder / name).read_text("utf-8").split("\n") if line]
    change(records)
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    (folder / name).write_text(text, "utf-8")
    rehash(folder)


def change_rows(folder: Path, change: Callable[[list[Info]], object]) -> None:
    """Change the rows, and their hash."""
    import pyarrow as pa
    from pyarrow import parquet

    table = parquet.read_table(folder / "scores.parquet")
    rows = table.to_pylist()
    change(rows)
    parquet.write_table(pa.Table.from_pylist(rows, schema=table.schema), folder / "scores.parquet")
    rehash(folder)


def files(folder: Path) -> dict[str, bytes]:
    """Every file's bytes."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
