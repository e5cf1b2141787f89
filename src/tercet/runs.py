"""Run folders under ``results/``: how one is read back, and whether it is whole."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tercet
from tercet.cases import CaseInfo
from tercet.errors import RunError
from tercet.lines import read_json_file, read_json_lines
from tercet.metrics.contract import PASSING
from tercet.outputs import StoredOutputs
from tercet.records import Output
from tercet.run_shape import misshapen

FORMAT = 2
FILES = ("run.json", "cases.jsonl", "outputs.jsonl", "scores.parquet", "evidence.jsonl")
# What an attempt is called until it is whole, and what it takes the place of.
PARTIAL = ".partial"
OLD = ".old"
_AGAIN = "Repeat the command that made it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A finished run, read back from its folder.

    Args:
        folder: Where it lies.
        info: ``run.json``: status, system, config, hashes, versions, signatures, scores, time.
        outputs: What the system produced, in the order of the cases. Of a run that ``load_run`` read they are read
            when they are first asked for, and kept from then on; ``each_output`` keeps none.
    """

    folder: Path
    info: Mapping[str, Any]
    outputs: Sequence[Output] = field(repr=False)

    @property
    def status(self) -> str:
        """``complete``, or ``incomplete`` where an output failed."""
        return str(self.info["status"])

    @property
    def system(self) -> str:
        """The system's name."""
        return str(self.info["system"])

    @property
    def scores(self) -> dict[str, dict[str, float | None]]:
        """Language -> score name -> value; None where nothing could be scored."""
        table: dict[str, dict[str, float | None]] = {}
        for item in self.info["scores"]:
            table.setdefault(item["language"], {})[item["score"]] = item["value"]
        return table

    def each_output(self) -> Iterator[Output]:
        """Read the outputs one after another; all of a large run are larger than memory.

        Raises:
            RunError: The file cannot be read, or a line is damaged.
        """
        return self.outputs.each() if isinstance(self.outputs, StoredOutputs) else iter(self.outputs)

    def rows(self) -> Any:
        """Read ``scores.parquet``: a pyarrow table with one row a segment and metric.

        Raises:
            RunError: It cannot be read, or holds what is no text.
        """
        from pyarrow import ArrowException, parquet

        path = self.folder / "scores.parquet"
        try:
            table = parquet.read_table(path)
            table.validate(full=True)
        except (OSError, ValueError, ArrowException) as error:
            raise RunError(f"{path}: cannot be read: {error}.", _AGAIN) from error
        return table


def labels_of(runs: Sequence[Run]) -> list[str]:
    """Name each run by its system.

    Those that are alike are told apart by the route and the prompt, where these differ, as ``gemma + gemma
    (continued)``; by the folder where that is not enough, or where a run does not say them.
    """
    chosen = [_telling_choices(run) for run in runs]
    alike: dict[str, list[dict[str, str]]] = {}
    for run, choices in zip(runs, chosen, strict=True):
        alike.setdefault(run.system, []).append(choices)
    words = [
        [value for key, value in choices.items() if len({other.get(key) for other in alike[run.system]}) > 1]
        for run, choices in zip(runs, chosen, strict=True)
    ]
    names = [_with_words(run.system, told) for run, told in zip(runs, words, strict=True)]
    counts = Counter(names)
    return [
        name
        if counts[name] == 1 and (told or len(alike[run.system]) == 1)
        else _with_words(run.system, [*told, run.folder.name])
        for run, name, told in zip(runs, names, words, strict=True)
    ]


def _telling_choices(run: Run) -> dict[str, str]:
    """Give the options that a system's name does not say."""
    choices = run.info.get("choices")
    found = choices if isinstance(choices, Mapping) else {}
    return {key: str(found[key]) for key in ("route", "prompt") if found.get(key)}


def _with_words(system: str, words: Sequence[str]) -> str:
    return f"{system} ({', '.join(words)})" if words else system


def file_hash(path: Path) -> str:
    """Hash a file of a run: its SHA-256, as run.json names it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def finished(folder: Path, fingerprint: str) -> Run | None:
    """Read a run that is there, finished, whole, and made by this code from these inputs; else None.

    One that lacks scores for a reason that may be gone by now is made again. Where an attempt to replace it was
    cut short it is made again, which clears the remains away.
    """
    if unfinished(folder):
        return None
    try:
        run = load_run(folder)
        if run.info.get("fingerprint") != fingerprint or run.status != "complete":
            return None
        check_whole(run)
    except RunError:
        return None
    passing = any(reason.startswith(PASSING) for score in run.info["scores"] for reason in score["reasons"])
    return None if passing else run


def unfinished(folder: Path) -> bool:
    """Whether an earlier attempt at this run was killed or failed."""
    return any(folder.with_name(folder.name + ending).exists() for ending in (PARTIAL, OLD))


def load_run(path: str | Path) -> Run:
    """Read a run from its folder: what it says of itself; its outputs are read when they are asked for.

    Args:
        path: The folder, as ``results/lead-glossary-1a2b3c4d``.

    Raises:
        RunError: It is no run, it did not finish, a file is missing, ``run.json`` is damaged, or it was written by
            a newer version. Damage in another file is found when that file is read, or by ``check_whole``.
    """
    folder = Path(path)
    info = load_info(folder)
    return Run(folder=folder, info=info, outputs=StoredOutputs(folder) if keeps_outputs(info) else ())


def load_info(folder: Path) -> dict[str, Any]:
    """Read what a run says of itself, its ``run.json``, and look whether its other files are there.

    Raises:
        RunError: As ``load_run``.
    """
    try:
        str(folder).encode()  # or Parquet's reader would not find what lies there
    except UnicodeEncodeError as error:
        raise RunError(f"{folder}: the folder's name is not UTF-8.", "Rename it.") from error
    try:
        info = read_json_file(folder / "run.json")
    except FileNotFoundError as error:
        if not folder.exists():
            raise RunError(f"{folder}: no run: there is no such folder.", "tercet run says where it wrote.") from error
        raise RunError(f"{folder}: no run: there is no run.json.", "Name a folder below results/.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(f"{folder}/run.json: cannot be read: {error}.", _AGAIN) from error
    if not isinstance(info, dict) or not all(isinstance(info.get(key), str) for key in ("status", "system")):
        raise RunError(f"{folder}/run.json: not written by tercet run.", _AGAIN)
    if info.get("format") != FORMAT:
        raise _of_another_version(folder, info)
    if info["status"] in {"running", "failed"}:
        reason = info.get("reason", "it is still running, or it was killed")
        raise RunError(f"{folder}: the run did not finish: {reason}.", "Repeat the command to resume it.")
    if (key := misshapen(info)) is not None:
        raise RunError(f"{folder}/run.json: damaged: '{key}' is not of its kind.", _AGAIN)
    needed = [name for name in FILES if name != "outputs.jsonl" or keeps_outputs(info)]
    missing = [name for name in needed if not (folder / name).is_file()]
    if missing:
        raise RunError(f"{folder}: {missing[0]} is missing.", _AGAIN)
    return info


def _of_another_version(folder: Path, info: Mapping[str, Any]) -> RunError:
    """Word that this tercet does not read a run, which does, and what to do."""
    found, told = info.get("format"), info.get("versions")
    version = told.get("tercet") if isinstance(told, dict) else None
    writer = f"tercet {version}" if isinstance(version, str) else "an unknown version of tercet"
    reads = f"this one, {tercet.__version__}, reads format {FORMAT}"
    if type(found) is not int:
        return RunError(f"{folder}/run.json: 'format' is no version but {found!r}; {reads}.", _AGAIN)
    age = "a newer" if found > FORMAT else "an older"
    way = "Update tercet, or " if found > FORMAT else "Use that version, or "
    made = "bless a run of this version." if "blessed" in info else "repeat the command that made it."
    return RunError(f"{folder}: in {age} format, {found}, by {writer}; {reads}.", f"{way}{made}")


def keeps_outputs(info: Mapping[str, Any]) -> bool:
    """Whether a run has its outputs; a baseline may have been blessed without them."""
    blessed = info.get("blessed")
    return bool(blessed.get("outputs", True)) if isinstance(blessed, dict) else True


def check_whole(run: Run) -> None:
    """Check that the files of a run are those that were written with it.

    Raises:
        RunError: One was changed, or cut short; the error names it.
    """
    told = run.info.get("files")
    hashes: Mapping[str, str] = told if isinstance(told, dict) else {}
    for name in FILES[1:]:
        if name == "outputs.jsonl" and not keeps_outputs(run.info):
            continue
        path = run.folder / name
        try:
            found = file_hash(path)
        except OSError as error:
            raise RunError(f"{path}: cannot be read: {error.strerror}.", "Repeat the command that made it.") from error
        if found != hashes.get(name):
            raise RunError(
                f"{path}: changed since the run was made: its SHA-256 is not the one in run.json.",
                "Repeat the command that made the run.",
            )


def each_case(folder: Path) -> Iterator[CaseInfo]:
    """Read what the cases of a run were, one at a time.

    Raises:
        RunError: The file cannot be read, or a line is damaged.
    """
    return read_json_lines(folder / "cases.jsonl", CaseInfo.from_json)


def read_cases(folder: Path) -> list[CaseInfo]:
    """Read what the cases of a run were, all of them.

    Raises:
        RunError: The file cannot be read, or a line is damaged.
    """
    return list(each_case(folder))


def read_evidence(folder: Path) -> Iterator[dict[str, Any]]:
    """Read the evidence of a run, one item a line: id, metric, kind, message, start, end, and what else there is.

    Raises:
        RunError: The file cannot be read, or a line is damaged.
    """
    return read_json_lines(folder / "evidence.jsonl", _located)


def _located(item: dict[str, Any]) -> dict[str, Any]:
    """Check that an item says of what it is, and where it stands."""
    for name in ("id", "metric", "start", "end"):
        if name not in item:
            raise KeyError(name)
    return item
