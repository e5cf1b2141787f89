"""Baselines: a run that somebody promotes on purpose, small enough to be committed beside the code."""

import getpass
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tercet
from tercet.beside import followed
from tercet.comparing.tables import contents
from tercet.composing import config_folders, make_importable
from tercet.errors import ConfigError, IncompleteError, RunError
from tercet.lines import read_json_file
from tercet.metrics.contract import PASSING
from tercet.run_shape import misshapen
from tercet.runs import Run, load_run, read_evidence
from tercet.signatures import differences
from tercet.store import ATTRIBUTES, LOCK, now, replacing, write_baseline

# The metric whose evidence a gate reads, to tell new false facts from old ones.
_EVIDENCE = frozenset({"facts"})
_LEFTOVER = "Bless into another folder with --to, or remove what does not belong there yourself."


@dataclass(frozen=True, slots=True, kw_only=True)
class Blessed:
    """Who made a run the baseline, and what of it is kept.

    Args:
        by: Who.
        why: In their words.
        outputs: Whether the outputs are kept, and all the evidence.
    """

    by: str
    why: str
    outputs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A score that the new baseline has otherwise than the old one.

    Args:
        metric: The metric's name.
        score: The score's.
        language: The target language.
        before: In the old baseline; None where it has none.
        after: In the new one; likewise.
        decimals: How many a table prints.
        otherwise: What the two signatures differ in: then the values say nothing of the outputs.
    """

    metric: str
    score: str
    language: str
    before: float | None
    after: float | None
    decimals: int = 3
    otherwise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What was blessed.

    Args:
        run: The run that it was made of.
        folder: Where it lies.
        sizes: Bytes of each file.
        older: ``run.json`` of the baseline that it replaced; None where there was none.
        changes: Scores that are other than the older one's.
        unchanged: How many are the same.
        notes: What somebody should know who commits it.
    """

    run: Run
    folder: Path
    sizes: Mapping[str, int]
    older: Mapping[str, Any] | None
    changes: tuple[Change, ...]
    unchanged: int
    notes: tuple[str, ...]


def bless(source: Path, folder: Path, blessed: Blessed, *, force: bool = False, own: str | None = None) -> Baseline:
    """Copy a run into a baseline folder.

    The bytes are the same whenever it is done, but for the time in ``run.json``.

    Args:
        source: The run's folder.
        folder: The baseline's; an older baseline there is replaced in one step, and nothing else ever is.
        blessed: Who, why, and what is kept.
        force: Whether a run may be blessed in which outputs failed, or scores are missing that may come.
        own: The user's folder of configs, beside which their metrics lie.

    Raises:
        RunError: The run is damaged, or the folder cannot be written.
        ConfigError: The run is a baseline itself, or something else lies in the folder.
        IncompleteError: Outputs failed, or nothing is scored.
    """
    run = load_run(source)
    make_importable(config_folders(own))
    _check(run, force=force)
    place = followed(folder)  # of a link its target is replaced, and not the link
    _older(place)
    record = {
        "by": blessed.by,
        "when": now(),
        "why": blessed.why,
        "from": source.resolve().name,
        "outputs": blessed.outputs,
        "tercet": tercet.__version__,
    }
    try:
        with replacing(place) as partial:
            older = _older(place)  # again, now that nobody else can write it
            write_baseline(partial, run, record, None if blessed.outputs else _EVIDENCE)
            sizes = {file.name: file.stat().st_size for file in sorted(partial.iterdir())}
    except RunError as error:
        # A run's remedy would be another; of what somebody has removed it is the same.
        if isinstance(error.__cause__, OSError) and not isinstance(error.__cause__, FileNotFoundError):
            raise RunError(error.problem, "Free some space, or name another folder with --to.") from error
        raise
    changes, unchanged = _changes(older or {}, run.info)
    return Baseline(
        run=run,
        folder=folder,
        sizes={name: size for name, size in sizes.items() if name not in {ATTRIBUTES, LOCK}},
        older=older,
        changes=changes,
        unchanged=unchanged,
        notes=tuple(_notes(run.info)),
    )


def author() -> str:
    """Name who is at work: as git knows them, else by their login.

    Raises:
        ConfigError: Nobody is known.
    """
    try:
        done = subprocess.run(["git", "config", "user.name"], capture_output=True, text=True, check=True, timeout=10)
        name = done.stdout.strip()
    except (OSError, ValueError, subprocess.SubprocessError):
        name = ""
    try:
        return name or getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise ConfigError("It is not known who blesses this run.", "Add --by NAME.") from error


def _check(run: Run, *, force: bool) -> None:
    """Refuse a run that nobody should be measured by."""
    if "blessed" in run.info:
        by = run.info["blessed"].get("by", "somebody")
        raise ConfigError(f"{run.folder}: a baseline already, blessed by {by}.", "Bless the run that it was made of.")
    contents(run)
    for _ in read_evidence(run.folder):
        pass  # a damaged line is an error
    scores = run.info["scores"]
    if not any(item["scored"] for item in scores):
        raise IncompleteError(f"{run.folder}: nothing is scored in it.", "Bless a run with scores.")
    failed = sum(output.failure is not None for output in run.outputs)
    passing = sorted({reason for item in scores for reason in item["reasons"] if reason.startswith(PASSING)})
    again = "Mend the cause and repeat the run; or, knowing that, add --force."
    if (failed or run.status != "complete") and not force:
        raise IncompleteError(f"{run.folder}: {failed} of {len(run.outputs)} outputs failed.", again)
    if passing and not force:
        raise IncompleteError(f"{run.folder}: scores are missing: {passing[0]}.", again)


def _older(place: Path) -> Mapping[str, Any] | None:
    """Read the baseline that would be replaced; None where nothing is.

    Raises:
        ConfigError: Something is there that is no baseline, or lies beside one.
    """
    if not place.exists():
        return None
    if not place.is_dir():
        raise ConfigError(f"{place} is a file.", "Name a folder with --to.")
    names = {file.name for file in place.iterdir()}
    if not names:
        return None
    try:
        info = read_json_file(place / "run.json")
        if wrong := misshapen(info):
            raise ValueError(wrong)
        _changes(info, info)  # it can be compared with the new one
        # .items(): what is told of it is an object
        own = {"run.json", ATTRIBUTES, LOCK, *info["files"]} if info["blessed"].items() else set()
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ConfigError(f"{place} is no baseline, and is not replaced.", _LEFTOVER) from error
    if strangers := sorted(names - own):
        raise ConfigError(f"{place} holds '{strangers[0]}', which is no part of a baseline.", _LEFTOVER)
    found: Mapping[str, Any] = info
    return found


def _changes(older: Mapping[str, Any], newer: Mapping[str, Any]) -> tuple[tuple[Change, ...], int]:
    """Compare the scores of two baselines as they stand; also counts those that are the same."""
    before, after = _by_score(older), _by_score(newer)
    found, unchanged = [], 0
    for key in dict.fromkeys([*after, *before]) if older else ():
        metric, score, language = key
        one, other = before.get(key, {}), after.get(key, {})
        signed = [_signature(info, metric, language) for info in (older, newer)]
        otherwise = tuple(differences(*signed)) if one and other else ()
        if one and other and one.get("value") == other.get("value") and not otherwise:
            unchanged += 1
            continue
        found.append(
            Change(
                metric=metric,
                score=score,
                language=language,
                before=one.get("value"),
                after=other.get("value"),
                decimals=(other or one).get("decimals", 3),
                otherwise=otherwise,
            )
        )
    return tuple(found), unchanged


def _signature(info: Mapping[str, Any], metric: str, language: str) -> str:
    of_metric = info.get("signatures", {}).get(metric)
    return str(of_metric.get(language, "")) if isinstance(of_metric, dict) else ""


def _by_score(info: Mapping[str, Any]) -> dict[tuple[str, str, str], Mapping[str, Any]]:
    return {(item["metric"], item["score"], item["language"]): item for item in info.get("scores", ())}


def _notes(info: Mapping[str, Any]) -> Iterator[str]:
    """Say what of a run is bound to this machine, or to a state of the code that nobody else has."""
    if (info.get("git") or {}).get("dirty"):
        yield "The run was made from files that differ from the commit it names: commit them with the baseline."
    for key, value in _leaves(info["config"]):
        if isinstance(value, str) and "\n" not in value and Path(value).is_absolute() and os.path.exists(value):  # noqa: PTH110 (a long text is no path)
            yield f"{key} is a path of this machine, {value}, and run.json has it: a relative one serves others too."


def _leaves(node: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, f"{at}.{key}" if at else str(key))
    elif isinstance(node, list):
        for value in node:
            yield from _leaves(value, at)
    else:
        yield at, node
