"""The history: every run below a folder of results, by what its ``run.json`` says of it, on one page."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import tercet
from tercet.errors import ConfigError, RunError
from tercet.lines import read_json_file
from tercet.runs import PARTIAL, load_info
from tercet.store import writing_file
from tercet.sweeps import SWEEP
from tercet.text.surrogates import readable_in_place
from tercet.viewing.html import html
from tercet.viewing.packing import finite, packed

_DIGITS = 16  # of a hash
_REPORT = "report.html"
_BOUNDS = ("upper", "floor")
_DAMAGES = (KeyError, TypeError, ValueError, AttributeError, OverflowError)


def history(results: Path, command: str, page: Path | None = None) -> dict[str, Any]:
    """List the runs in a folder, from the oldest; of each only ``run.json`` is read.

    Args:
        results: A folder of runs and sweeps, as ``results`` or ``baselines``.
        command: That makes the page again.
        page: Where it will lie, for its links to reports; None puts it into ``results``.

    Returns:
        The ``History`` of ``src/viewer/src/model.ts``: headline scores; folders that are no finished run are in
        ``skipped``, each with the reason.

    Raises:
        ConfigError: There is no such folder.
    """
    try:
        folders = sorted(path for path in results.iterdir() if path.is_dir())
    except OSError as error:
        raise ConfigError(f"There is no folder '{results}' of results: {error.strerror}.", "Name one.") from error
    sweeps, skipped = _sweeps(folders)
    by_run: dict[str, list[str]] = {}
    for sweep, names in sweeps.items():
        for name in names:
            by_run.setdefault(name, []).append(sweep)
    base = results if page is None else page.parent
    runs: list[dict[str, Any]] = []
    scores: dict[str, dict[str, Any]] = {}
    for folder in (folder for folder in folders if folder.name not in sweeps and folder.name not in skipped):
        mine = by_run.get(folder.name, [])
        try:
            info = _info(folder)
            told = _run(info)
            found = _scores(info)
        except RunError as error:
            skipped[folder.name] = _without_path(error.problem, folder)
        except _DAMAGES as error:
            skipped[folder.name] = f"run.json: damaged: {error!r}."
        else:
            runs.append({"folder": folder.name, **told, "report": _report(folder, mine, base), "sweeps": mine})
            for name, score in found.items():
                scores.setdefault(name, score)
    return {
        "kind": "history",
        "title": readable_in_place(f"Runs in {results.resolve().name or results}"),
        "command": command,
        "tercet": tercet.__version__,
        "scores": list(scores.values()),
        "runs": sorted(runs, key=lambda run: (run["started"] or "", run["folder"])),
        "skipped": [{"folder": folder, "reason": reason} for folder, reason in sorted(skipped.items())],
    }


def write_history(results: Path, path: Path, command: str) -> int:
    """Write the history of a folder as a page.

    Args:
        results: A folder of runs and sweeps.
        path: The HTML file.
        command: That makes it again.

    Returns:
        How many runs are on it.

    Raises:
        ConfigError: There is no such folder.
        RunError: The file cannot be written.
        MissingExtraError: Jinja is not installed.
    """
    found = history(results, command, path)
    with writing_file(path) as file:
        for piece in html(found["title"], {"page": packed(found)}, ()):
            file.write(piece)
    return len(found["runs"])


def _sweeps(folders: Iterable[Path]) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Read which runs the sweeps have, by their folders; and which of them are damaged, with the reason."""
    sweeps: dict[str, list[str]] = {}
    damaged: dict[str, str] = {}
    for folder in folders:
        if (folder / "run.json").exists():
            continue
        try:
            told = read_json_file(folder / SWEEP)
            sweeps[folder.name] = [str(name) for name in dict.fromkeys(told["runs"])]
        except FileNotFoundError:
            continue  # not a sweep either: that is told where runs are read
        except (OSError, RecursionError, *_DAMAGES) as error:
            damaged[folder.name] = _without_path(f"{SWEEP}: cannot be read: {error}.", folder)
    return sweeps, damaged


def _info(folder: Path) -> dict[str, Any]:
    """Read ``run.json``; an attempt is no run, even in the moment in which it is whole and has not its name yet.

    Raises:
        RunError: It is no finished run.
    """
    info = load_info(folder)
    if folder.name.endswith(PARTIAL):
        raise RunError("the run did not finish: it has not its final name.", "Repeat the command to resume it.")
    return info


def _without_path(problem: str, folder: Path) -> str:
    """Leave the folder out of a sentence: it stands beside it, and where all of them lie is nobody's business."""
    short = problem.removeprefix(f"{folder}: ").removeprefix(f"{folder}/")
    return short.replace(str(folder), folder.name)


def _run(info: Mapping[str, Any]) -> dict[str, Any]:
    """Say of a run what a list shows.

    Raises:
        KeyError: It lacks what every run has; likewise ``TypeError``, ``ValueError`` and ``AttributeError``.
    """
    git, bound = info.get("git") or {}, info["bound"]
    values: dict[str, dict[str, Any]] = {}
    for item in info["scores"]:
        if item["headline"]:
            values.setdefault(str(item["score"]), {})[str(item["language"])] = _value(item)
    return {
        "system": _name(info),
        "bound": bound if bound in _BOUNDS else None,
        "status": str(info["status"]),
        "started": _text((info.get("time") or {}).get("started")),
        "commit": _text(git.get("commit")),
        "dirty": None if git.get("dirty") is None else bool(git["dirty"]),
        "corpus": str(info["corpus"]["hash"])[:_DIGITS],
        "corpusName": _corpus_name(info["config"].get("corpus") or {}),
        "cases": int(info["cases"]),
        "failures": int(info["failures"]),
        "values": values,
    }


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _value(item: Mapping[str, Any]) -> dict[str, Any]:
    ends = item.get("interval")
    shown = None if ends is None else [finite(end) for end in ends]
    return {
        "value": finite(item["value"]),
        "interval": None if shown is None or len(shown) != 2 or None in shown else shown,
        "scored": int(item["scored"]),
        "total": int(item["total"]),
    }


def _name(info: Mapping[str, Any]) -> str:
    """Name a system with its prompt: a line over time must not join two prompts."""
    choices = info.get("choices")
    prompt = choices.get("prompt") if isinstance(choices, Mapping) else None
    return f"{info['system']} ({prompt})" if prompt else str(info["system"])


def _scores(info: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Describe the headline scores of a run, by name."""
    found: dict[str, dict[str, Any]] = {}
    for item in info["scores"]:
        if item["headline"] and item["score"] not in found:
            better = item["higher_is_better"]
            found[item["score"]] = {
                "name": str(item["score"]),
                "metric": str(item["metric"]),
                "higherIsBetter": None if better is None else bool(better),
                "headline": True,
                "decimals": int(item["decimals"]),
                "warning": str(item.get("warning", "")),
            }
    return found


def _corpus_name(config: Mapping[str, Any]) -> str:
    """Name a corpus by what loads it, and from where; empty where the config does not say.

    >>> _corpus_name({"_target_": "tercet.corpora.jsonl.Jsonl", "path": "news.jsonl"})
    'Jsonl (news.jsonl)'
    """
    name, path = str(config.get("_target_", "")).rpartition(".")[2], config.get("path")
    return f"{name} ({path})" if name and path else name


def _report(folder: Path, sweeps: Iterable[str], base: Path) -> str | None:
    """Link the report of a run, or of the first of its sweeps that has one."""
    places = [folder, *(folder.parent / sweep for sweep in sweeps)]
    found = next((place for place in places if (place / _REPORT).is_file()), None)
    if found is None:
        return None
    return quote(Path(os.path.relpath(found / _REPORT, base)).as_posix(), errors="surrogateescape")
