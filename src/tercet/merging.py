"""Merging: parts of a run that were made apart become the run that one machine would have made."""

import json
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from tercet.beside import is_name
from tercet.cache import digest
from tercet.census import census
from tercet.composing import config_folders, make_importable
from tercet.errors import ConfigError, NotComparableError, RunError, located
from tercet.making import outcome
from tercet.pieces import SUMS, Piece
from tercet.planning import bounds
from tercet.recorded import recorded
from tercet.runs import FILES, Run, file_hash, load_info, load_run
from tercet.store import Assembly, Pieces, write_run, writing
from tercet.tallying import Key, Tally

_AGAIN = "Repeat the command that made it."
_SHOWN = 3
_LOG = logging.getLogger(__name__)
_SAME = ("versions", "config", "corpus", "seed", "repeats", "choices", "system", "fingerprint")
_PLACES = ("run", "articles", "languages")
_OWN = ("format", "part", "files", "time", "usage", "flaws", "signatures", "columns", "scores", "cases_hash")


@dataclass(frozen=True)
class Part:
    """A part of a run, read as it is needed.

    Args:
        folder: The part's.
        info: Its ``run.json``.
    """

    folder: Path
    info: Mapping[str, Any]

    @property
    def first(self) -> int:
        """Place of its first article among those of the run, from 0."""
        return int(self.info["part"]["first"])

    @property
    def stop(self) -> int:
        """One past the place of its last article."""
        return int(self.info["part"]["stop"])

    @cached_property
    def sums(self) -> Piece:
        """What its rows add up to."""
        return Piece(self.folder / SUMS)

    @property
    def tables(self) -> list[Key]:
        """Metrics and languages that were measured."""
        return self.sums.tables

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many cases it has of each language; they follow each other, as outputs and rows do."""
        return dict(Counter(record["language"] for _, record in self._lines("cases.jsonl")))

    def cases(self, language: str) -> Iterator[bytes]:
        """Lines of ``cases.jsonl``."""
        return self._of_language("cases.jsonl", language)

    def ids(self, language: str) -> Iterator[str]:
        """The ids of the cases."""
        return (json.loads(line.decode("utf-8", "surrogatepass"))["id"] for line in self.cases(language))

    def outputs(self, language: str) -> Iterator[bytes]:
        """Lines of ``outputs.jsonl``."""
        return self._of_language("outputs.jsonl", language)

    def evidence(self, key: Key) -> Iterator[bytes]:
        """Lines of ``evidence.jsonl``; a case's id ends with its language."""
        for line, record in self._lines("evidence.jsonl"):
            language = record["id"].rpartition(":")[2].partition("#")[0]
            if (record["metric"], language) == key:
                yield line

    def rows(self, key: Key) -> Iterator[Any]:
        """Arrow tables of rows; a group of rows is of one metric and language."""
        from pyarrow import parquet

        with parquet.ParquetFile(self.folder / "scores.parquet") as file:
            for number in range(file.num_row_groups):
                group = file.metadata.row_group(number)
                if tuple(group.column(column).statistics.min for column in (0, 1)) == key:
                    yield file.read_row_group(number)

    def tally(self, key: Key) -> Tally:
        """What the rows add up to."""
        return self.sums.tally(key)

    def articles(self) -> Iterator[str]:
        """The ids of its articles that have a case, in order; first those with a case in the first language."""
        return iter(dict.fromkeys(record["article"] for _, record in self._lines("cases.jsonl")))

    def _of_language(self, name: str, language: str) -> Iterator[bytes]:
        """Pass on the lines of one language, without reading what stands in them."""
        codes = list(self.counts)
        before = sum(self.counts[code] for code in codes[: codes.index(language)]) if language in codes else 0
        with (self.folder / name).open("rb") as file:
            yield from islice(file, before, before + self.counts.get(language, 0))

    def _lines(self, name: str) -> Iterator[tuple[bytes, dict[str, Any]]]:
        path = self.folder / name
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    yield line, json.loads(line.decode("utf-8", "surrogatepass"))
                except ValueError as error:
                    raise RunError(f"{path}:{number}: damaged: {error}.", _AGAIN) from error


def merge(folders: Sequence[Path], results: Path | None = None, own: str | None = None) -> Run:
    """Join the parts of a run: the same numbers, files and hashes as one machine would have made.

    Args:
        folders: Of all parts, in any order.
        results: Where the run goes; None puts it beside the first part.
        own: The user's folder of configs, beside or in which their classes are.

    Raises:
        NotComparableError: The parts are of different runs.
        RunError: A part is damaged, or articles are missing or there twice; the error names them.
        ConfigError: A folder is no part, or a metric cannot be built here.
    """
    parts = sorted((_part(folder) for folder in folders), key=lambda part: (part.first, part.stop))
    if not parts:
        raise ConfigError("No part is named.", "Name the folders of all parts: tercet merge results/*-part-*.")
    make_importable(config_folders(own))
    _check_same(parts)
    _check_places(parts)
    for part in parts:
        _check_whole(part)
    about, nodes = parts[0].info, parts[0].info["config"].get("metrics") or {}
    assembly = Assembly(
        pieces=parts,
        languages=about["part"]["languages"],
        metrics={name: recorded(node, f"metrics.{name}") for name, node in nodes.items()},
    )
    times = [part.info["time"] for part in parts]
    told = outcome(
        [part.sums for part in parts], min(time["started"] for time in times), max(time["finished"] for time in times)
    )
    info = {key: value for key, value in about.items() if key not in _OWN} | told
    info["cases"] = sum(part.info["cases"] for part in parts)
    folder = (parts[0].folder.parent if results is None else results) / about["part"]["run"]
    with writing(folder, {"system": info["system"], "started": told["time"]["started"], "cases": info["cases"]}) as at:
        Pieces(at, "").clear()  # of an attempt at the whole run that was killed here
        write_run(at, info, assembly)
    return load_run(folder)


def _part(folder: Path) -> Part:
    info = load_info(folder)
    told = info.get("part")
    if not isinstance(told, dict):
        raise ConfigError(
            f"{folder} is no part of a run.", "Parts are made with part=1/8, part=2/8 and so on, on any machines."
        )
    places = {key: told.get(key) for key in ("first", "stop", "articles", "number", "parts")}
    languages = isinstance(told.get("languages"), list)
    objects = all(isinstance(info.get(key), dict) for key in ("config", "corpus", "time"))
    numbers = all(isinstance(value, int) for value in (*places.values(), info.get("cases")))
    times = objects and all(isinstance(info["time"].get(key), str) for key in ("started", "finished"))
    if not (times and languages and objects and numbers and is_name(told.get("run"))):
        raise RunError(f"{folder}/run.json: damaged: it does not say all that it said.", _AGAIN)
    return Part(folder, info)


def _check_same(parts: Sequence[Part]) -> None:
    """Refuse parts of different runs."""
    one = parts[0]
    for other in parts[1:]:
        unlike = [key for key in _SAME if digest(one.info.get(key)) != digest(other.info.get(key))]
        unlike += [f"part.{key}" for key in _PLACES if one.info["part"].get(key) != other.info["part"].get(key)]
        if unlike:
            raise NotComparableError(
                f"{other.folder} is of another run than {one.folder}: {_how(one, other, unlike[0])}.",
                "Make all parts with the same command, corpus and versions.",
            )


def _how(one: Part, other: Part, key: str) -> str:
    if key == "fingerprint":
        return "made with other code or packages"
    mine, theirs = one.info.get(key), other.info.get(key)
    names = (
        [name for name in {**mine, **theirs} if mine.get(name) != theirs.get(name)]
        if isinstance(mine, dict) and isinstance(theirs, dict)
        else []
    )
    return f"'{key}' differs" + (f" in {_named(names)}" if names else "")


def _check_places(parts: Sequence[Part]) -> None:
    """Refuse parts that have an article twice, or do not have them all."""
    for one, other in pairwise(parts):
        if other.first < one.stop:
            stop = min(one.stop, other.stop)
            shared = list(islice(_shared(one, other), _SHOWN + 1)) or _by_place(other.first, stop)
            raise RunError(
                f"{one.folder} and {other.folder} both have {stop - other.first} articles: {_named(shared)}.",
                "Leave out one of the two.",
            )
    whole = int(parts[0].info["part"]["articles"])
    stops, firsts = [0, *(part.stop for part in parts)], [*(part.first for part in parts), whole]
    gaps = [(stop, first) for stop, first in zip(stops, firsts, strict=True) if stop < first]
    if gaps:
        first, stop = gaps[0]
        missing = sum(stop - first for first, stop in gaps)
        raise RunError(
            f"{missing} of {whole} articles are in no part: {_named(_missing(parts, first, stop))}.",
            f"Make the missing parts too{_numbers(parts, gaps)}.",
        )


def _shared(one: Part, other: Part) -> Iterator[str]:
    mine = set(one.articles())
    return (article for article in other.articles() if article in mine)


def _missing(parts: Sequence[Part], first: int, stop: int) -> list[str]:
    """Name articles that no part has; where the corpus is not at hand, those about them."""
    info = parts[0].info
    try:
        found = census(recorded(info["config"].get("corpus"), "corpus"))
        held = set(info["corpus"].get("held_apart") or ())
        if found.hash == info["corpus"]["hash"]:
            ids = (article.id for article in found.articles() if article.id not in held)
            return list(islice(ids, first, min(stop, first + _SHOWN + 1)))
    except Exception as error:  # noqa: BLE001 (whatever a user's corpus may raise: the places say it too)
        _LOG.debug("The missing articles are named by their places: %s", located(error))
    return _by_place(first, stop)


def _by_place(first: int, stop: int) -> list[str]:
    return [f"article {number + 1}" for number in range(first, min(stop, first + _SHOWN + 1))]


def _numbers(parts: Sequence[Part], gaps: Sequence[tuple[int, int]]) -> str:
    """Word which parts fill the gaps, in the coarsest cutting that was used and has them."""
    whole = int(parts[0].info["part"]["articles"])
    for count in sorted({int(part.info["part"]["parts"]) for part in parts}):
        ends = {number: bounds((number, count), whole) for number in range(1, count + 1)}
        within = {n: b - a for n, (a, b) in ends.items() if a < b and any(x <= a and b <= y for x, y in gaps)}
        if sum(within.values()) == sum(stop - first for first, stop in gaps):
            return f": {_named([f'part={number}/{count}' for number in within])}"
    return ", cut otherwise than these"


def _named(ids: Sequence[str]) -> str:
    return ", ".join(ids[:_SHOWN]) + (", and more" if len(ids) > _SHOWN else "")


def _check_whole(part: Part) -> None:
    """Refuse a part of which a file was changed or cut short."""
    hashes = part.info.get("files") or {}
    for name in (*FILES[1:], SUMS):
        path = part.folder / name
        if not path.is_file() or file_hash(path) != hashes.get(name):
            raise RunError(f"{path}: missing, or changed since the part was made.", _AGAIN)
