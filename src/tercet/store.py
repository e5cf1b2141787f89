"""Run folders under ``results/``: the only module that writes them."""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import portalocker
from numpy.typing import NDArray

from tercet.arrow import maps, numbers, strings
from tercet.cases import CaseInfo
from tercet.errors import RunError
from tercet.metrics.contract import Array, Metric
from tercet.pipeline import Measurement, Spread
from tercet.records import Case, Output, Stage
from tercet.runs import FILES, FORMAT, OLD, PARTIAL, Run, file_hash

_LINE = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps makes an encoder for each line
_LOCK = "lock"
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
                if file.name != _LOCK:
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
            data = (run.folder / name).read_bytes()
            if hashlib.sha256(data).hexdigest() != hashes[name]:
                raise RunError(f"{run.folder / name}: changed while it was copied.", "Repeat the command.")
            if name == "evidence.jsonl" and evidence is not None:
                lines = data.splitlines(keepends=True)
                data = b"".join(line for line in lines if json.loads(line)["metric"] in evidence)
                hashes[name] = hashlib.sha256(data).hexdigest()
            _write_bytes(partial / name, data)
        _write_bytes(partial / ATTRIBUTES, b"* -text\n")
        _write_json(partial / "run.json", {**run.info, "files": hashes, "blessed": dict(blessed)})


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
    except OSError as error:
        raise RunError(
            f"{folder}: cannot be written: {error.strerror or error}.",
            "Free some space, or set results=FOLDER, and repeat the command: what was computed is in the cache.",
        ) from error


@contextmanager
def _locked(partial: Path, folder: Path, old: Path) -> Iterator[None]:
    """Hold the one lock on a partial folder; the operating system frees it when the process dies."""
    lock = partial / _LOCK
    while True:
        try:
            partial.mkdir(parents=True, exist_ok=True)
        except OSError as error:
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
                yield
                return


def _recover(folder: Path, old: Path) -> None:
    """Undo a replacement that was cut short between its two renames."""
    if old.exists():
        if folder.exists():
            shutil.rmtree(old)
        else:
            old.rename(folder)


def _replace(partial: Path, folder: Path, old: Path) -> None:
    for file in list(partial.iterdir()):
        if file.name not in {*FILES, ATTRIBUTES}:
            file.unlink()
    if folder.exists():
        folder.rename(old)
    partial.rename(folder)
    if old.exists():
        shutil.rmtree(old)


@dataclass(frozen=True, slots=True)
class Results:
    """What a run found: measurements and their spread by metric and language, and the metrics by name."""

    measured: Mapping[tuple[str, str], Measurement]
    spreads: Mapping[tuple[str, str], Spread]
    metrics: Mapping[str, Metric]


def write_run(
    folder: Path, info: Mapping[str, Any], cases: Sequence[Case], outputs: Sequence[Output], results: Results
) -> None:
    """Write the files of a run; ``run.json`` holds the hashes of the others.

    Args:
        folder: From ``writing``.
        info: ``run.json``, without scores, signatures and hashes.
        cases: What was asked for.
        outputs: In the order of the cases.
        results: What was measured.
    """
    measured, metrics = results.measured, results.metrics
    signatures: dict[str, dict[str, str]] = {}
    for (name, code), found in measured.items():
        signatures.setdefault(name, {})[code] = found.signature
    scores = list(_score_json(results, repeated=info.get("repeats", 1) > 1))
    columns = {name: list(metric.columns) for name, metric in metrics.items()}
    results_json = {"signatures": signatures, "columns": columns, "scores": scores}
    with _worded(folder):
        _write_lines(folder / "cases.jsonl", (CaseInfo.of(case).as_json() for case in cases))
        _write_lines(folder / "outputs.jsonl", map(_output_json, outputs))
        _write_lines(folder / "evidence.jsonl", _evidence_json(measured))
        _write_scores(folder / "scores.parquet", measured, metrics)
        hashes = {name: file_hash(folder / name) for name in FILES if name != "run.json"}
        _write_json(folder / "run.json", {"format": FORMAT, **info, **results_json, "files": hashes})


def _score_json(results: Results, *, repeated: bool) -> Iterator[dict[str, Any]]:
    for (name, code), found in results.measured.items():
        spread = results.spreads[name, code]
        for spec in results.metrics[name].scores:
            score, parts = found.scores[spec.name], spread.variances[spec.name]
            variance = {"variance": {"articles": parts.articles, "repeats": parts.repeats}} if repeated else {}
            yield {
                "metric": name,
                "score": spec.name,
                "language": code,
                "value": score.value,
                "interval": spread.intervals[spec.name],
                "scored": score.scored,
                "total": score.total,
                "reasons": dict(score.reasons),
                "higher_is_better": spec.higher_is_better,
                "headline": spec.headline,
                "decimals": spec.decimals,
                "warning": spec.warning,
                **variance,
            }


_STAGE = ("role", "backend", "source_language", "target_language", "text")


def _output_json(output: Output) -> dict[str, Any]:
    result = {"failure": output.failure} if output.failure is not None else {"text": output.text}
    return {
        "id": output.case_id,
        "article": output.article_id,
        "language": output.target_language,
        **({"repeat": output.repeat} if output.repeat else {}),
        **result,
        "stages": [_stage_json(stage) for stage in output.stages],
    }


def _stage_json(stage: Stage) -> dict[str, Any]:
    """Write a stage; what only a model's call has is left out where there is none."""
    found: dict[str, Any] = {}
    for name in stage.__slots__:  # ten times as quick as asdict, which copies deeply
        value = getattr(stage, name)
        if value is not None or name in _STAGE:
            found[name] = asdict(value) if name == "usage" else value
    return found


def _evidence_json(measured: Mapping[tuple[str, str], Measurement]) -> Iterator[dict[str, Any]]:
    for (name, _), found in measured.items():
        for segment, items in zip(found.segments, found.rows.evidence, strict=True):
            for item in items:
                yield {
                    "id": segment.id,
                    "metric": name,
                    "kind": item.kind,
                    "message": item.message,
                    "start": item.start,
                    "end": item.end,
                    **({"label": item.label} if item.label else {}),
                    **({"value": item.value} if item.value else {}),
                    **({"quote": asdict(item.quote)} if item.quote is not None else {}),
                }


def _write_scores(path: Path, measured: Mapping[tuple[str, str], Measurement], metrics: Mapping[str, Metric]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema(
        [
            ("metric", pa.string()),
            ("language", pa.string()),
            ("segment", pa.string()),
            ("cluster", pa.string()),
            ("repeat", pa.int32()),
            ("unscored", pa.string()),
            ("statistics", pa.map_(pa.string(), pa.float64())),
            ("scores", pa.map_(pa.string(), pa.float64())),
            ("gaps", pa.map_(pa.string(), pa.string())),
        ]
    )
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for (name, code), found in measured.items():
            writer.write_table(pa.Table.from_arrays(_columns(name, code, found, metrics[name]), schema=schema))


def _columns(name: str, code: str, found: Measurement, metric: Metric) -> list[Any]:
    import pyarrow as pa

    scored, segments, table = found.rows.scored, found.segments, found.by_segment
    everything = np.broadcast_to(scored[:, None], found.rows.values.shape)
    gaps = [list(table.gaps(i).items()) if there else [] for i, there in enumerate(scored)]
    pairs = [pair for items in gaps for pair in items]
    return [
        strings([name] * len(scored)),
        strings([code] * len(scored)),
        strings([segment.id for segment in segments]),
        strings([segment.cluster for segment in segments]),
        numbers([segment.repeat for segment in segments], pa.int32()),
        strings(found.rows.unscored),
        _named(metric.columns, found.rows.values, everything, scored),
        _named(table.names, table.values, table.present(), scored),
        maps([len(items) for items in gaps], scored, strings([k for k, _ in pairs]), strings([v for _, v in pairs])),
    ]


def _named(names: Sequence[str], values: Array, present: NDArray[np.bool_], scored: NDArray[np.bool_]) -> Any:
    """Make a column of maps: for each scored segment the named values that are present."""
    import pyarrow as pa

    keys = strings([names[i] for i in np.nonzero(present)[1].tolist()])
    return maps(present.sum(axis=1), scored, keys, numbers(values[present], pa.float64()))


def _write_lines(path: Path, records: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n", errors="surrogatepass") as file:
        for record in records:
            file.write(_LINE(record) + "\n")
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
            other.write_text(text, encoding="utf-8", newline="\n")
            other.rename(folder / name)


@contextmanager
def writing_file(path: Path) -> Iterator[BinaryIO]:
    """Lend a file to write into; it takes its name at the end, and nothing is left of a failure.

    Args:
        path: The file's final place; its folder is made.

    Raises:
        RunError: It cannot be written.
    """
    other = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with other.open("wb") as file:
            yield file
            file.flush()
            _sync(file.fileno())
        other.replace(path)
    except OSError as error:
        raise RunError(
            f"{path}: cannot be written: {error.strerror or error}.", "Name another file: -o FILE, or free some space."
        ) from error
    finally:
        with suppress(OSError):
            other.unlink()


def now() -> str:
    """The time in UTC, to the second, in ISO 8601."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
