"""The development data beside the repository, which belongs to no package: where it is, and its rows."""

import argparse
import gzip
import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[2] / "shared" / "data"


def argument(parser: argparse.ArgumentParser) -> None:
    """Let a command be told where the data is."""
    parser.add_argument("data", type=Path, nargs="?", default=DATA, help="the folder of the sets, ../shared/data")


def lines(path: Path) -> list[str]:
    """Read a file of one segment a line, gzipped or not; only line feeds end a line."""
    if not path.is_file():
        raise SystemExit(f"{path} is not there: name the folder of the development data.")
    found = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return found.decode("utf-8").removesuffix("\n").split("\n")


def rows(path: Path) -> list[dict[str, Any]]:
    """Read a file of one JSON object a line."""
    return [json.loads(line) for line in lines(path)]
