"""Pieces: what comes of a shard, as one archive that can cross to another machine, be kept, and be joined to others."""

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.cases import CaseInfo
from tercet.errors import RunError
from tercet.generating import Call
from tercet.keeping import evidence_as_json, output_as_json, rows_as_table
from tercet.metrics.contract import PASSING
from tercet.pipeline import Measurement
from tercet.records import Case, Output, Usage
from tercet.sizes import SECTION
from tercet.spending import Price
from tercet.stats.additive import Sums
from tercet.stats.cluster_counts import ClusterCounts
from tercet.tallying import Key, Tally, tallies, total

_ENCODE = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps makes an encoder for each line
# The same bytes at any time.
_TIME = (1980, 1, 1, 0, 0, 0)
_META = "piece.json"
SUMS = "sums.zip"  # of a part of a run: what its rows add up to


@dataclass(slots=True)
class Draft:
    """A piece in the making; each step of a shard adds its sections.

    Args:
        sections: Names of files, and their bytes.
        about: What else there is to say.
    """

    sections: dict[str, bytes] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=lambda: {"tables": [], "seconds": {}})

    def put_outputs(self, cases: Sequence[Case], outputs: Sequence[Output], calls: Mapping[str, Call]) -> None:
        """Add what was asked for, what the system produced, and what it asked of models."""
        languages = list(dict.fromkeys(output.target_language for output in outputs))
        for number, code in enumerate(languages):
            of = [case for case in cases if case.target_language == code]
            self.sections[f"cases/{number}"] = as_lines(CaseInfo.of(case).as_json() for case in of)
            self.sections[f"ids/{number}"] = _ENCODE([case.id for case in of]).encode("utf-8", "surrogatepass")
            self.sections[f"outputs/{number}"] = as_lines(
                output_as_json(output) for output in outputs if output.target_language == code
            )
        self.about |= {
            "languages": languages,
            "failures": sum(output.failure is not None for output in outputs),
            "flaws": _flaws(outputs),
            "calls": [[key, *_call_as_json(call)] for key, call in calls.items()],
        }

    def put_rows(self, measured: Mapping[Key, Measurement], seed: int) -> None:
        """Add what metrics found in the outputs."""
        found = tallies(measured, seed)
        for (name, code), measurement in measured.items():
            number = len(self.about["tables"])
            self.sections[f"rows/{number}"] = _as_arrow(rows_as_table(name, code, measurement))
            self.sections[f"evidence/{number}"] = as_lines(evidence_as_json(name, measurement))
            self.put_tally((name, code), found[name, code])

    def put_tally(self, key: Key, tally: Tally) -> None:
        """Add what the rows of a table add up to."""
        self.sections[f"tally/{len(self.about['tables'])}"] = _as_npz(
            {f"sums_{name}": value for name, value in tally.sums.arrays().items()}
            | {f"clusters_{name}": value for name, value in tally.clusters.arrays().items()}
        )
        self.about["tables"].append(
            {
                "metric": key[0],
                "language": key[1],
                "reasons": [dict(sorted(counts.items())) for counts in tally.reasons],
                "total": tally.total,
                "signature": tally.signature,
            }
        )

    def archive(self) -> bytes:
        """Pack it; equal pieces have equal bytes, but for the times."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as file:
            about = _ENCODE({**self.about, "sections": list(self.sections)}).encode("utf-8", "surrogatepass")
            for name, data in {_META: about, **self.sections}.items():
                file.writestr(zipfile.ZipInfo(name, _TIME), data)
        return buffer.getvalue()


class Piece:
    """An archive, read as it is needed.

    Args:
        source: A file, or the archive's bytes.

    Raises:
        RunError: It is no piece, or it is damaged.
    """

    def __init__(self, source: Path | bytes) -> None:
        self._source = source
        data = self._read(_META)
        try:
            about = json.loads(data.decode("utf-8", "surrogatepass"))
            self._tables = {(item["metric"], item["language"]): i for i, item in enumerate(about["tables"])}
            languages = list(about["languages"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise self._refused(error) from error
        self.about: dict[str, Any] = about
        """What it says of itself."""
        self.languages: list[str] = languages
        """Target languages that have a case here."""

    def check(self) -> None:
        """Read all of it; otherwise damage is found when what is damaged is read.

        Raises:
            RunError: It is damaged.
        """
        with self._opened() as file:
            for name in self.about["sections"]:
                _section(file, name)

    @property
    def tables(self) -> list[Key]:
        """Metrics and languages that were measured."""
        return list(self._tables)

    @property
    def passing(self) -> bool:
        """Whether anything is missing for a reason that may be gone, when it is tried again."""
        reasons = (reason for item in self.about["tables"] for counts in item["reasons"] for reason in counts)
        return bool(self.about["failures"]) or any(reason.startswith(PASSING) for reason in reasons)

    def cases(self, language: str) -> Iterator[bytes]:
        """Lines of ``cases.jsonl``."""
        yield self._of_language("cases", language)

    def ids(self, language: str) -> Iterator[str]:
        """The ids of the cases."""
        data = self._of_language("ids", language)
        yield from json.loads(data.decode("utf-8", "surrogatepass")) if data else ()

    def outputs(self, language: str) -> Iterator[bytes]:
        """Lines of ``outputs.jsonl``."""
        yield self._of_language("outputs", language)

    def evidence(self, key: Key) -> Iterator[bytes]:
        """Lines of ``evidence.jsonl``."""
        yield self._of_table("evidence", key)

    def rows(self, key: Key) -> Iterator[Any]:
        """The Arrow table of a metric and language."""
        import pyarrow as pa

        data = self._of_table("rows", key)
        if data:
            yield pa.ipc.open_stream(data).read_all()

    def tally(self, key: Key) -> Tally:
        """What the rows of a table add up to.

        Raises:
            RunError: It is damaged.
        """
        data = self._of_table("tally", key)
        try:
            item, arrays = self.about["tables"][self._tables[key]], _from_npz(data)
            return Tally(
                sums=Sums.from_arrays(_with_prefix(arrays, "sums_")),
                clusters=ClusterCounts.from_arrays(_with_prefix(arrays, "clusters_")),
                reasons=[Counter(counts) for counts in item["reasons"]],
                total=item["total"],
                signature=item["signature"],
            )
        except Exception as error:  # as in _opened
            raise self._refused(error) from error

    def calls(self) -> Iterator[tuple[str, Call]]:
        """The calls of models, with the keys by which the cache knows them."""
        for key, *fields in self.about["calls"]:
            yield key, _call_from_json(fields)

    def _of_language(self, what: str, language: str) -> bytes:
        return self._read(f"{what}/{self.languages.index(language)}") if language in self.languages else b""

    def _of_table(self, what: str, key: Key) -> bytes:
        number = self._tables.get(key)
        return b"" if number is None else self._read(f"{what}/{number}", missing=b"")

    def _read(self, name: str, missing: bytes | None = None) -> bytes:
        with self._opened() as file:
            if missing is not None and name not in file.NameToInfo:
                return missing
            return _section(file, name)

    @contextmanager
    def _opened(self) -> Iterator[zipfile.ZipFile]:
        source = io.BytesIO(self._source) if isinstance(self._source, bytes) else self._source
        try:
            with zipfile.ZipFile(source) as file:
                yield file
        except Exception as error:  # of damaged bytes zipfile raises whatever they happen to mean
            raise self._refused(error) from error

    def _refused(self, error: Exception) -> RunError:
        name = "A shard's result" if isinstance(self._source, bytes) else str(self._source)
        return RunError(f"{name}: no piece of a run, or damaged: {error}.", "Repeat the command.")


def _section(file: zipfile.ZipFile, name: str) -> bytes:
    """Read a section; one that is packed, as tercet packs none, may unpack to more than there is memory."""
    section = file.getinfo(name)
    if section.compress_type != zipfile.ZIP_STORED or section.file_size > SECTION:
        raise ValueError("a section is packed, or larger than any that tercet writes")
    return file.read(name)


def added(pieces: Sequence[Piece], tables: Sequence[Key]) -> bytes:
    """Pack what pieces add up to, without their cases, outputs, evidence and rows."""
    draft = Draft()
    seconds: Counter[str] = Counter()
    for piece in pieces:
        seconds.update(piece.about["seconds"])
    draft.about |= {
        "languages": [],
        "failures": sum(piece.about["failures"] for piece in pieces),
        "flaws": flaws_of(pieces),
        "calls": [[key, *_call_as_json(call)] for key, call in calls_of(pieces).items()],
        "seconds": dict(seconds),
    }
    for key in tables:
        draft.put_tally(key, total(piece.tally(key) for piece in pieces if key in piece.tables))
    return draft.archive()


def calls_of(pieces: Iterable[Piece]) -> dict[str, Call]:
    """Gather the calls of models by key, each request once, though two shards have asked it."""
    found: dict[str, Call] = {}
    for piece in pieces:
        for key, call in piece.calls():
            if key not in found or (found[key].cached and not call.cached):
                found[key] = call
    return found


def flaws_of(pieces: Iterable[Piece]) -> dict[str, dict[str, int]]:
    """Count, by language, the outputs in which a model's answer had not the shape that was asked for."""
    found: dict[str, Counter[str]] = {}
    for piece in pieces:
        for code, counts in piece.about["flaws"].items():
            found.setdefault(code, Counter()).update(counts)
    return {code: dict(sorted(counts.items())) for code, counts in sorted(found.items())}


def as_lines(records: Iterable[Mapping[str, Any]]) -> bytes:
    """Write JSON lines."""
    return "".join(_ENCODE(record) + "\n" for record in records).encode("utf-8", "surrogatepass")


def _flaws(outputs: Iterable[Output]) -> dict[str, dict[str, int]]:
    """Count, by language, the outputs in which a model's answer had not the shape that was asked for."""
    found: dict[str, Counter[str]] = {}
    for output in outputs:
        flaw = next((stage.flaw for stage in output.stages if stage.flaw), None)
        if flaw is not None:
            found.setdefault(output.target_language, Counter())[flaw] += 1
    return {code: dict(counts) for code, counts in found.items()}


def _call_as_json(call: Call) -> list[Any]:
    price = None if call.price is None else [call.price.prompt, call.price.answer]
    usage = None if call.usage is None else [call.usage.prompt, call.usage.answer]
    return [price, call.cached, call.failed, usage, call.seconds]


def _call_from_json(fields: Sequence[Any]) -> Call:
    price, cached, failed, usage, seconds = fields
    return Call(
        price=None if price is None else Price(prompt=price[0], answer=price[1]),
        cached=cached,
        failed=failed,
        usage=None if usage is None else Usage(prompt=usage[0], answer=usage[1]),
        seconds=seconds,
    )


def _as_arrow(table: Any) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def _as_npz(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def _from_npz(data: bytes) -> dict[str, NDArray[Any]]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(part.file_size for part in packed.infolist()) > SECTION:
            raise ValueError("its sums are larger than any that tercet writes")
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return dict(file)


def _with_prefix(arrays: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {key.removeprefix(prefix): value for key, value in arrays.items() if key.startswith(prefix)}
