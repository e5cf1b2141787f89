"""Sweep folders: a leaderboard, and the names of the runs beside it that it is of."""

from collections.abc import Iterable
from pathlib import Path

from tercet.beside import is_name
from tercet.errors import ConfigError, RunError
from tercet.lines import read_json_file

SWEEP = "sweep.json"


def run_folders(named: Iterable[str | Path]) -> tuple[list[Path], list[str] | None]:
    """Tell the runs among folders: a sweep stands for its runs.

    Where some of its runs are named themselves, as by ``results/*/``, it is passed over.

    Args:
        named: Folders of runs and of sweeps.

    Returns:
        The runs' folders, and their labels in the sweep; None where runs are named themselves.

    Raises:
        ConfigError: There is none.
        RunError: A sweep's file is damaged.
    """
    folders = [Path(name) for name in named]
    if not folders:
        raise ConfigError("No run is named.", "Name folders that hold a run.json, as results/*/.")
    runs = {folder for folder in folders if not (folder / SWEEP).is_file()}
    labels: dict[Path, str | None] = {}
    for folder in folders:
        try:
            found: dict[Path, str | None] = {folder: None} if folder in runs else _read(folder)[0]
        except RunError:
            if runs:
                continue  # as it would be passed over if it were whole
            raise
        if folder in runs or not runs & set(found):
            labels |= {path: label for path, label in found.items() if path not in labels}
    if not labels:
        raise ConfigError("None of the folders has a run.", "Repeat the command that made the sweep.")
    told = [label for label in labels.values() if label is not None]
    return list(labels), told if len(told) == len(labels) == len(set(told)) else None


def primary_of(named: Iterable[str | Path]) -> str | None:
    """Tell the score that a sweep is sorted by, where one sweep is named and nothing else, and it says so.

    Raises:
        RunError: The sweep's file is damaged.
    """
    folders = [Path(name) for name in named]
    if len(folders) != 1 or not (folders[0] / SWEEP).is_file():
        return None
    _, primary = _read(folders[0])
    return primary


def _read(folder: Path) -> tuple[dict[Path, str | None], str | None]:
    """Read a sweep: its runs, which lie beside it, with their labels, and its primary score; None for none."""
    path = folder / SWEEP
    try:
        told = read_json_file(path)
        names = [_named(name) for name in told["runs"]]
        labels = [str(label) for label in told["labels"]] if "labels" in told else [None] * len(names)
        primary = told.get("primary")
        runs = dict(zip([folder.parent / name for name in names], labels, strict=True))
        return runs, primary if isinstance(primary, str) else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        reason = error if isinstance(error, OSError | ValueError) else repr(error)  # a key alone would say little
        raise RunError(f"{path}: cannot be read: {reason}.", "Repeat the command that made the sweep.") from error


def _named(name: object) -> str:
    if not is_name(name):
        raise ValueError(f"{name!r} is no name of a folder beside it")
    return str(name)
