"""Run folders under ``results/``: the only module that writes them."""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np
import portalocker

from tercet.cache import digest_each
from tercet.errors import RunError
from tercet.keeping import named_values, row_schema
from tercet.lines import read_json
from tercet.metrics.contract import Metric
from tercet.pieces import SUMS, Piece
from tercet.runs import FILES, FORMAT, OLD, PARTIAL, Run, file_hash
from tercet.stats.variance import Components, components
from tercet.tallying import Key, Tally, scored, total

_GROUP = 65_536  # rows of a group in Parquet
LOCK = "lock"
_PIECES = "pieces"
ATTRIBUTES = ".gitattributes"  # of a baseline: git must not change line ends, or the hashes are others


@contextmanager
def writing(folder: Path, started: Mapping[str, Any]) -> Iterator[Path]:
    """Lend a folder to write a run into; it takes its final name at the end.

    While the block runs, ``<folder>.partial/run.json`` says "running"; after an exception, "failed"
    with the reason; a killed process leaves "running", and the next run of the same command takes
    over. Only one process at a time writes a run: others wait.

    Args:
        folder: The run's final place; an older run there is replaced in one step.
        started: What ``run.json`` says of a run that has not ended.
    """
    partial = folder.with_name(folder.name + PARTIAL)
    old = folder.with_name(folder.name + OLD)
    with _locked(partial, folder, old):
        with _worded(partial):
            _write_json(partial / "run.json", {"format": FORMAT, "status": "running", **started})
        try:
            yield partial
        except BaseException as error:
            reason = "interrupted" if isinstance(error, KeyboardInterrupt) else f"{type(error).__name__}: {error}"
            with suppress(OSError):  # on a full disk it stays "running", which is as good
                _write_json(partial / "run.json", {"format": FORMAT, "status": "failed", "reason": reason, **started})
            raise
        with _worded(partial):
            _replace(partial, folder, old)


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Lend a folder to write a baseline into; it takes its final name at the end, and nothing is left of a failure.

    What is written stands beside it under hidden names: somebody may well keep a copy as ``default.old``.

    Args:
        folder: The baseline's final place; an older one there is replaced in one step.
    """
    partial, old = (folder.with_name(f".{folder.name}{ending}") for ending in (PARTIAL, OLD))
    with _locked(partial, folder, old):
        try:
            for file in list(partial.iterdir()):
                if file.name != LOCK:
                    file.unlink()  # of an attempt that was killed
            yield partial
            with _worded(partial):
                _replace(partial, folder, old)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            with suppress(OSError):
                _recover(folder, old)
            raise


def write_baseline(partial: Path, run: Run, blessed: Mapping[str, Any], evidence: Collection[str] | None) -> None:
    """Copy a run, and say in its ``run.json`` who blessed it.

    Args:
        partial: From ``replacing``.
        run: A whole run.
        blessed: Who, when, why, from where; whether it keeps its ``outputs``.
        evidence: Metrics whose evidence is kept; None keeps all.

    Raises:
        RunError: The run was changed while it was copied.
    """
    hashes = dict(run.info["files"])
    with _worded(partial):
        for name in FILES[1:]:
            if name == "outputs.jsonl" and not blessed["outputs"]:
                continue
            data = _unchanged(run.folder / name, hashes[name])
            if name == "evidence.jsonl" and evidence is not None:
                data = _of_metrics(data, evidence, run.folder / name)
                hashes[name] = hashlib.sha256(data).hexdigest()
            _write_bytes(partial / name, data)
        _write_bytes(partial / ATTRIBUTES, b"* -text\n")
        _write_json(partial / "run.json", {**run.info, "files": hashes, "blessed": dict(blessed)})


def _of_metrics(data: bytes, kept: Collection[str], path: Path) -> bytes:
    """Leave out the evidence of other metrics."""
    try:
        lines = [line for line in data.splitlines(keepends=True) if line.strip()]
        return b"".join(line for line in lines if read_json(line.decode("utf-8"))["metric"] in kept)
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise RunError(f"{path}: damaged: {error}.", "Repeat the command that made it.") from error


def _unchanged(path: Path, expected: str) -> bytes:
    """Read a file of the run that is copied."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RunError(f"{path}: cannot be read: {error.strerror or error}.", "Repeat the command.") from None
    if hashlib.sha256(data).hexdigest() != expected:
        raise RunError(f"{path}: changed while it was copied.", "Repeat the command.")
    return data


def _write_bytes(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        _sync(file.fileno())


@contextmanager
def _worded(folder: Path) -> Iterator[None]:
    """Turn what the disk says into an error with a remedy."""
    try:
        yield
    except FileNotFoundError as error:
        raise RunError(f"{folder}: somebody has removed what was written there.", "Repeat the command.") from error
    except OSError as error:
        raise RunError(
            f"{folder}: cannot be written: {error.strerror or error}.",
            "Free some space, or set results=FOLDER, and repeat the command: it goes on from what is kept.",
        ) from error


@contextmanager
def _locked(partial: Path, folder: Path, old: Path) -> Iterator[None]:
    """Hold the one lock on a partial folder; the operating system frees it when the process dies."""
    lock = partial / LOCK
    while True:
        _refuse_link(partial)
        try:
            partial.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            if isinstance(error, FileExistsError) and error.filename == str(partial) and not partial.exists():
                continue  # it was there, and is renamed since
            raise RunError(f"{partial}: cannot be made: {error.strerror}.", "Set results=FOLDER.") from error
        try:
            handle = lock.open("a")
        except FileNotFoundError:
            continue  # whoever held the lock has just renamed the folder
        except OSError as error:
            raise RunError(f"{partial}: cannot be written: {error.strerror}.", "Set results=FOLDER.") from error
        with handle:
            portalocker.lock(handle, portalocker.LockFlags.EXCLUSIVE)
            # Whoever held the lock may have renamed the folder away: then this is a lock on nothing.
            if lock.exists() and os.path.samestat(os.fstat(handle.fileno()), lock.stat()):
                _recover(folder, old)
                _remove_links(partial)
                yield
                return


def _refuse_link(partial: Path) -> None:
    """Refuse to write through a link: what lies where it leads is nobody's to replace."""
    if partial.is_symlink():
        raise RunError(f"{partial}: a link, and no folder of a run.", "Remove it, or set results=FOLDER.")


def _remove_links(partial: Path) -> None:
    """Remove links that an archive of results may have brought along, before anything is written to their names."""
    for file in list(partial.iterdir()):
        if file.is_symlink():
            file.unlink()


def _recover(folder: Path, old: Path) -> None:
    """Undo a replacement that was cut short between its two renames."""
    if old.exists() or old.is_symlink():
        if folder.exists():
            _remove(old)
        else:
            old.rename(folder)


def _remove(old: Path) -> None:
    """Remove what was replaced; of a link the link, and not what it leads to."""
    if old.is_symlink():
        old.unlink()
    else:
        shutil.rmtree(old, ignore_errors=True)  # who holds the next lock may be removing it at the same time


def _replace(partial: Path, folder: Path, old: Path) -> None:
    for file in list(partial.iterdir()):
        if file.is_file() and file.name not in {*FILES, SUMS, ATTRIBUTES, LOCK}:
            file.unlink()
    if folder.exists():
        folder.rename(old)
    partial.rename(folder)
    # The lock goes last: without it another process would take this folder for its own before it has its name.
    (folder / LOCK).unlink(missing_ok=True)
    if old.exists() or old.is_symlink():
        _remove(old)


class Pieces:
    """The pieces of a run that is being made; each is there whole or not at all, and outlives its process.

    Those of a run that ended incomplete stay in its folder, so that the next attempt makes only what is missing.

    Args:
        folder: From ``writing``.
        fingerprint: Of the code and the inputs: what another one has made is of no use.
        last: The run's final place, with the pieces of an attempt that ended.
    """

    def __init__(self, folder: Path, fingerprint: str, last: Path | None = None) -> None:
        self._folder = folder / _PIECES
        left = None if last is None else last / _PIECES
        if left is not None and left.is_dir() and not self._folder.exists():
            left.rename(self._folder)
        self._ending = f"-{fingerprint[:16]}.zip"
        self._whole: set[str] = set()  # names of those that were found or kept

    def there(self) -> dict[int, int]:
        """List what an earlier attempt has finished: the place of the first article -> one past the last.

        What is damaged, of other code, or lacks anything that may be had by now, is removed.
        """
        found: dict[int, int] = {}
        reached = 0
        for path in sorted(self._folder.glob("*")):
            first, stop = self._places(path)
            if stop > first >= reached and _is_sound(path):
                found[first] = reached = stop
                self._whole.add(path.name)
            else:
                path.unlink()
        return found

    def keep(self, first: int, stop: int, archive: bytes) -> None:
        """Keep a piece."""
        with _worded(self._folder):
            self._folder.mkdir(exist_ok=True)
            path = self._folder / f"{first:012}-{stop:012}{self._ending}"
            other = path.with_suffix(".tmp")
            _write_bytes(other, archive)
            other.rename(path)
        self._whole.add(path.name)

    def clear(self) -> None:
        """Remove them all."""
        self._whole.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def all(self) -> list[Piece]:
        """Give the pieces, in the order of their articles.

        Raises:
            RunError: One that was kept is gone: a run without it would lack its articles, and look whole.
        """
        found = sorted(self._folder.glob("*.zip"))
        if gone := sorted(self._whole.difference(path.name for path in found)):
            raise RunError(f"{self._folder / gone[0]}: somebody has removed it.", "Repeat the command.")
        return [Piece(path) for path in found]

    def _places(self, path: Path) -> tuple[int, int]:
        places = path.name.removesuffix(self._ending).split("-")
        if not path.name.endswith(self._ending) or len(places) != 2 or not all(map(str.isdecimal, places)):
            return 0, 0
        return int(places[0]), int(places[1])


def _is_sound(path: Path) -> bool:
    try:
        piece = Piece(path)
        piece.check()
    except RunError:
        return False
    return not piece.passing


class Joinable(Protocol):
    """A piece, or a part of a run: what can be joined to others. See ``Piece``."""

    @property
    def tables(self) -> Sequence[Key]:
        """Metrics and languages that were measured."""
        ...

    def cases(self, language: str) -> Iterator[bytes]:
        """Lines of ``cases.jsonl``, in any number of chunks."""
        ...

    def ids(self, language: str) -> Iterator[str]:
        """The ids of the cases."""
        ...

    def outputs(self, language: str) -> Iterator[bytes]:
        """Lines of ``outputs.jsonl``."""
        ...

    def evidence(self, key: Key) -> Iterator[bytes]:
        """Lines of ``evidence.jsonl``."""
        ...

    def rows(self, key: Key) -> Iterator[Any]:
        """Arrow tables of rows."""
        ...

    def tally(self, key: Key) -> Tally:
        """What the rows add up to."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """What is put together to a run.

    Args:
        pieces: Of its shards, in the order of their articles.
        languages: Target languages, in order.
        metrics: By name, in order.
    """

    pieces: Sequence[Joinable]
    languages: Sequence[str]
    metrics: Mapping[str, Metric]

    @property
    def tables(self) -> list[Key]:
        """The metrics and languages that were measured, in order."""
        there = {key for piece in self.pieces for key in piece.tables}
        return [(name, code) for name in self.metrics for code in self.languages if (name, code) in there]


def write_run(folder: Path, info: Mapping[str, Any], assembly: Assembly, sums: bytes | None = None) -> None:
    """Join pieces to the files of a run, one piece at a time; ``run.json`` holds the hashes of the others.

    The same pieces give the same bytes, however the articles were cut into them.

    Args:
        folder: From ``writing``.
        info: ``run.json``, without what the rows tell: ids, scores, signatures, hashes.
        assembly: What is joined.
        sums: From ``added``, kept for whoever merges this run with other parts.
    """
    pieces, languages, tables = assembly.pieces, assembly.languages, assembly.tables
    signatures: dict[str, dict[str, str]] = {}
    scores: list[dict[str, Any]] = []
    with _worded(folder):
        _write_bytes_of(
            folder / "cases.jsonl", (data for code in languages for piece in pieces for data in piece.cases(code))
        )
        _write_bytes_of(
            folder / "outputs.jsonl", (data for code in languages for piece in pieces for data in piece.outputs(code))
        )
        _write_bytes_of(
            folder / "evidence.jsonl", (data for key in tables for piece in pieces for data in piece.evidence(key))
        )
        _write_scores(folder / "scores.parquet", assembly)
        if sums is not None:
            _write_bytes(folder / SUMS, sums)
        for name, code in tables:
            tally = total(piece.tally((name, code)) for piece in pieces if (name, code) in piece.tables)
            signatures.setdefault(name, {})[code] = tally.signature
            variances = _variances(assembly, (name, code)) if info.get("repeats", 1) > 1 else {}
            scores += _scores_as_json((name, code), assembly.metrics[name], tally, variances)
        about = {
            "cases_hash": digest_each(case for code in languages for piece in pieces for case in piece.ids(code)),
            "signatures": signatures,
            "columns": {name: list(metric.columns) for name, metric in assembly.metrics.items()},
            "scores": scores,
            "files": {name: file_hash(folder / name) for name in (*FILES[1:], *([SUMS] if sums is not None else []))},
        }
        _write_json(folder / "run.json", {"format": FORMAT, **info, **about})


def _scores_as_json(
    key: Key, metric: Metric, tally: Tally, variances: Mapping[str, Components]
) -> Iterator[dict[str, Any]]:
    found = scored(metric, tally)
    for spec in metric.scores:
        score, parts = found.scores[spec.name], variances.get(spec.name)
        variance = {"variance": {"articles": parts.articles, "repeats": parts.repeats}} if parts is not None else {}
        yield {
            "metric": key[0],
            "score": spec.name,
            "language": key[1],
            "value": score.value,
            "interval": found.intervals[spec.name],
            "scored": score.scored,
            "total": score.total,
            "reasons": dict(score.reasons),
            "higher_is_better": spec.higher_is_better,
            "headline": spec.headline,
            "decimals": spec.decimals,
            "warning": spec.warning,
            **variance,
        }


def _variances(assembly: Assembly, key: Key) -> dict[str, Components]:
    """Tell apart what the scores of segments vary by: articles, and generations of one article."""
    names = [spec.name for spec in assembly.metrics[key[0]].scores]
    tables = [table for piece in assembly.pieces for table in piece.rows(key)]
    articles = [article for table in tables for article in table["cluster"].to_pylist()]
    values = np.concatenate([named_values(table["scores"], names) for table in tables])
    return {name: components(values[:, i], articles) for i, name in enumerate(names)}


def _write_scores(path: Path, assembly: Assembly) -> None:
    """Write the rows in groups that are the same however the articles were cut into pieces."""
    from pyarrow import parquet

    with parquet.ParquetWriter(path, row_schema(), compression="zstd") as writer:
        for key in assembly.tables:
            for table in _regrouped(table for piece in assembly.pieces for table in piece.rows(key)):
                writer.write_table(table, row_group_size=_GROUP)


def _regrouped(tables: Iterable[Any]) -> Iterator[Any]:
    """Cut tables that follow each other into groups of the same number of rows."""
    import pyarrow as pa

    waiting: list[Any] = []
    count = 0
    for table in tables:
        rest = table
        while count + rest.num_rows >= _GROUP:
            taken = rest.slice(0, _GROUP - count)
            yield pa.concat_tables([*waiting, taken]).combine_chunks()
            rest, waiting, count = rest.slice(taken.num_rows), [], 0
        if rest.num_rows:
            waiting.append(rest)
            count += rest.num_rows
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()


def _write_bytes_of(path: Path, parts: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        for part in parts:
            file.write(part)
        file.flush()
        _sync(file.fileno())


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write JSON to another name first, so that a reader never sees half of it."""
    other = path.with_name(path.name + ".tmp")
    with other.open("w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(value, ensure_ascii=False, indent=2, default=str, allow_nan=False) + "\n")
        _sync(file.fileno())
    other.rename(path)


def _sync(descriptor: int) -> None:
    os.fsync(descriptor)


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write a folder of small texts, each renamed into place."""
    with _worded(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            other = folder / f"{name}.tmp"
            if other.is_symlink():
                other.unlink()  # else what it leads to would be written
            other.write_text(text, encoding="utf-8", newline="\n")
            other.rename(folder / name)


@contextmanager
def writing_file(path: Path, option: str = "-o") -> Iterator[BinaryIO]:
    """Lend a file to write into; it takes its name at the end, and nothing is left of a failure.

    Args:
        path: The file's final place; its folder is made. A device or a pipe, such as ``/dev/stdout``, is written
            into as it stands.
        option: What names it in the command, for the remedy.

    Raises:
        RunError: It cannot be written.
    """
    other = path.with_name(f".{path.name[:40]}.{os.getpid()}.tmp")  # a name has 255 bytes at most
    try:
        if is_stream(path):
            with path.open("wb") as file:
                yield file
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with other.open("wb") as file:
            yield file
            file.flush()
            _sync(file.fileno())
        other.replace(path)
    except OSError as error:
        raise RunError(
            f"{path}: cannot be written: {error.strerror or error}.",
            f"Name another file: {option} FILE, or free some space.",
        ) from error
    finally:
        with suppress(OSError):
            other.unlink()


def is_stream(path: Path) -> bool:
    """Whether a file is written into and never replaced: a device, a pipe, or what a process has open.

    >>> is_stream(Path("/dev/null")), is_stream(Path("report.html"))
    (True, False)
    """
    try:
        if path.is_symlink() and path.absolute().parts[1:2] in {("dev",), ("proc",)}:
            return True  # /dev/stdout: a link to whatever it is
        return path.exists() and not path.is_file() and not path.is_dir()
    except OSError:  # too long a name, which whoever writes it is told
        return False


def now() -> str:
    """The time in UTC, to the second, in ISO 8601."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
