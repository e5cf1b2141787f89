"""The cases of a large run, as arrays: some dozens of bytes a case."""

import hashlib
from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.arrow import strings
from tercet.cases import CaseInfo
from tercet.comparing.streaming.digests import ColumnDigest
from tercet.errors import RunError
from tercet.lines import read_json_lines
from tercet.runs import Run, each_case
from tercet.stats.hashing import Words, key_of, keyed

Numbers = NDArray[np.int32]
_AGAIN = "Repeat the command that made it."
_AT_ONCE = 1 << 14
_WORD = (1 << 64) - 1


@dataclass(frozen=True, kw_only=True)
class Order:
    """What the rows of a language must be: its cases, in their order.

    Args:
        count: How many there are.
        ids: Digest of their ids.
        clusters: Of their clusters.
        repeats: (count,) of each.
    """

    count: int
    ids: str
    clusters: str
    repeats: Numbers


@dataclass(frozen=True, kw_only=True)
class CaseList:
    """The n cases of a run, in their order.

    Args:
        languages: Codes of the target languages.
        language: (n,) which of them a case is in.
        keys: (n,) hashes of the ids.
        ids: Digest of the ids.
        clusters: (n,) number of what is resampled as one. Clusters with the same texts are one.
        names: Of the clusters, a pyarrow array.
        orders: By language.
    """

    languages: tuple[str, ...]
    language: NDArray[np.int16]
    keys: Words
    ids: str
    clusters: Numbers
    names: Any
    orders: dict[str, Order]

    def __len__(self) -> int:
        """How many cases there are."""
        return len(self.keys)

    @cached_property
    def name_keys(self) -> Words:
        """(clusters,) hashes of the clusters' names, by which draws are made."""
        parts = [keyed(self.names[i : i + _AT_ONCE].to_pylist()) for i in range(0, len(self.names), _AT_ONCE)]
        return np.concatenate([np.empty(0, dtype=np.uint64), *parts])

    @cached_property
    def _sorted(self) -> tuple[Words, NDArray[np.intp]]:
        order = np.argsort(self.keys)
        return self.keys[order], order

    def names_of(self, clusters: Numbers) -> list[str]:
        """Give the names of some clusters."""
        import pyarrow as pa

        found: list[str] = self.names.take(pa.array(clusters)).to_pylist()
        return found

    def in_language(self, code: str) -> NDArray[np.intp]:
        """(count,) places of the cases of a language."""
        return np.flatnonzero(self.language == self.languages.index(code))

    def in_languages(self, keys: Words, codes: Collection[str]) -> NDArray[np.bool_]:
        """Say which keys of ids are of cases in these languages; (n,)."""
        known, order = self._sorted
        places = np.minimum(np.searchsorted(known, keys), max(0, len(known) - 1))
        there = known[places] == keys if len(known) else np.zeros(len(keys), dtype=bool)
        wanted = np.array([code in codes for code in self.languages], dtype=bool)
        found: NDArray[np.bool_] = there & wanted[self.language[order[places]]] if len(known) else there
        return found


def case_list(run: Run) -> CaseList:
    """Read the cases of a run.

    Raises:
        RunError: A line is damaged, a case is there twice, or ``run.json`` has another number.
    """
    reading = _Reading()
    for case in each_case(run.folder):
        reading.add(case)
    found = reading.finish()
    if len(np.unique(found.keys)) < len(found):
        raise RunError(f"{run.folder}/cases.jsonl: a case is there twice.", _AGAIN)
    if len(found) != run.info["cases"]:
        raise RunError(f"{run.folder}/cases.jsonl: {len(found)} cases, and run.json has {run.info['cases']}.", _AGAIN)
    return found


def cases_at(folder: Path, places: Collection[int]) -> dict[int, CaseInfo]:
    """Read the few cases that stand at these places, counted from 0."""
    found: dict[int, CaseInfo] = {}
    # What is not asked for is not made an object of.
    numbers = iter(range(1 << 62))

    def made(record: dict[str, Any]) -> tuple[int, CaseInfo] | None:
        number = next(numbers)
        return (number, CaseInfo.from_json(record)) if number in places else None

    for item in read_json_lines(folder / "cases.jsonl", made):
        if item is not None:
            found[item[0]] = item[1]
    return found


class _Column:
    """Texts that are collected into pyarrow arrays."""

    def __init__(self) -> None:
        self.digest = ColumnDigest()
        self._waiting: list[str] = []

    def add(self, text: str) -> Any:
        """Take a text; give a full array where there is one."""
        self._waiting.append(text)
        return self.flush() if len(self._waiting) == _AT_ONCE else None

    def flush(self) -> Any:
        """Give what waits."""
        column = strings(self._waiting)
        self._waiting.clear()
        self.digest.add(column)
        return column


class _InLanguage:
    """The columns of one language."""

    def __init__(self) -> None:
        self.ids, self.clusters = _Column(), _Column()
        self.repeats = array("i")

    def add(self, case: CaseInfo) -> None:
        self.ids.add(case.id)
        self.clusters.add(case.cluster)
        self.repeats.append(case.repeat)

    def finish(self) -> Order:
        self.ids.flush()
        self.clusters.flush()
        return Order(
            count=len(self.repeats),
            ids=self.ids.digest.value(),
            clusters=self.clusters.digest.value(),
            repeats=np.array(self.repeats, dtype=np.int32),
        )


class _Reading:
    """Cases while they are read."""

    def __init__(self) -> None:
        self._languages: dict[str, int] = {}
        self._found: dict[str, _InLanguage] = {}
        self._ids, self._names = _Column(), _Column()
        self._parts: list[Any] = []
        self._language = array("h")
        self._keys, self._clusters, self._texts = array("Q"), array("Q"), array("Q")

    def add(self, case: CaseInfo) -> None:
        self._language.append(self._languages.setdefault(case.language, len(self._languages)))
        self._found.setdefault(case.language, _InLanguage()).add(case)
        self._ids.add(case.id)
        part = self._names.add(case.cluster)
        if part is not None:
            self._parts.append(part)
        self._keys.append(key_of(case.id))
        self._clusters.append(key_of(case.cluster))
        self._texts.extend(_words(case))

    def finish(self) -> CaseList:
        import pyarrow as pa

        self._ids.flush()
        raw = pa.chunked_array([*self._parts, self._names.flush()])
        keys = np.array(self._clusters, dtype=np.uint64)
        texts = np.array(self._texts, dtype=np.uint64).reshape(-1, 2)
        _, firsts, numbers = np.unique(keys, return_index=True, return_inverse=True)
        names = raw.take(pa.array(firsts)).combine_chunks()
        one = _merged(texts, numbers.reshape(-1), names)
        kept, numbers = np.unique(one[numbers], return_inverse=True)
        return CaseList(
            languages=tuple(self._languages),
            language=np.array(self._language, dtype=np.int16),
            keys=np.array(self._keys, dtype=np.uint64),
            ids=self._ids.digest.value(),
            clusters=numbers.reshape(-1).astype(np.int32),
            names=names.take(pa.array(kept)),
            orders={code: found.finish() for code, found in self._found.items()},
        )


def _words(case: CaseInfo) -> Iterator[int]:
    """Hash the language, repeat and texts of a case to two words; their sums over a cluster are free of order."""
    text = f"{case.language}\0{case.repeat}\0{case.content}".encode("utf-8", "surrogatepass")
    found = hashlib.blake2b(text, digest_size=16).digest()
    yield int.from_bytes(found[:8], "little")
    yield int.from_bytes(found[8:], "little")


def _merged(texts: NDArray[np.uint64], numbers: NDArray[np.intp], names: Any) -> NDArray[np.intp]:
    """Give each cluster the first, by name, that has the same texts: what ``tables.distinct`` does.

    Args:
        texts: (n, 2) hashes of what the cases are.
        numbers: (n,) clusters of the cases.
        names: (c,) of the clusters.

    Returns:
        (c,) clusters.
    """
    sums = np.zeros((len(names), 2), dtype=np.uint64)
    np.add.at(sums, numbers, texts)
    one = np.arange(len(names))
    order = np.lexsort((sums[:, 1], sums[:, 0]))
    ends = np.flatnonzero((np.diff(sums[order], axis=0) != 0).any(axis=1)) + 1
    starts = np.concatenate([[0], ends])
    sizes = np.diff(np.concatenate([starts, [len(order)]]))
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        alike = order[start : start + size].tolist()
        one[alike] = min(alike, key=lambda number: str(names[number].as_py()))
    return one
