"""Outputs in a file of JSON lines, found by the ids of their cases: what is held is a key and a place for each."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tercet.backends import Reply
from tercet.backends.line_index import LineIndex
from tercet.errors import CorpusError
from tercet.files import read_records
from tercet.stats.hashing import Words, keyed

_Item = TypeVar("_Item")
_Parsed = tuple[str, str | None, str | None]  # the case's id; a text, or why there is none
_BATCH = 1 << 14  # ids that are hashed at a time


class OutputIndex:
    """The outputs of a file of JSON lines, by case id; 24 bytes an output are held.

    Args:
        path: The file. Blank lines are passed over.

    Raises:
        CorpusError: The file cannot be read, or holds no output; a line is none, or is a second one for its case.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        keys, places = _read(path)
        if not len(keys):
            raise CorpusError("The file holds no output.", "Expected one object a line.", path=path)
        order = np.argsort(keys, kind="stable")
        self._keys, self._places = keys[order], places[order]
        self._lines = LineIndex(path)
        self._check_once()

    def find(self, case_ids: Sequence[str]) -> Iterator[Reply | None]:
        """Look outputs up, each by its case's id; None where there is none.

        Raises:
            CorpusError: The file was changed meanwhile.
        """
        keys = keyed(case_ids)
        first, end = self._range(keys)
        for case_id, low, high in zip(case_ids, first.tolist(), end.tolist(), strict=True):
            yield self._reply(case_id, range(low, high))

    def others(self, case_ids: Iterable[str], shown: int) -> tuple[int, list[str]]:
        """Find the outputs that are for none of the cases.

        Only keys are compared: an id with the key of a case's passes for known, in n of 2^64 for n cases.

        Args:
            case_ids: The cases.
            shown: How many ids are wanted, from 0.

        Returns:
            How many outputs there are, and the ids of the first of them in the file.
        """
        known = np.zeros(len(self._keys) + 1, dtype=np.bool_)
        for batch in _batches(case_ids):
            first, end = self._range(keyed(batch))
            known[first[first < end]] = True
        own, _ = self._range(self._keys)  # of ids that share a key only the first is marked
        others = np.sort(self._places[~known[own]])
        return len(others), [self._at(place)[0] for place in others[:shown].tolist()]

    def _range(self, keys: Words) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Find from where to where each key stands; mostly at one place or none."""
        return np.searchsorted(self._keys, keys), np.searchsorted(self._keys, keys, side="right")

    def _reply(self, case_id: str, indices: range) -> Reply | None:
        """Read the output of a case among those that have its key."""
        for index in indices:
            place = int(self._places[index])
            found, text, failure = self._at(place)
            if found == case_id:
                return Reply(text=text, failure=failure)
            if keyed([found])[0] != self._keys[index]:
                raise self._lines.changed(place)
        return None

    def _at(self, place: int) -> _Parsed:
        try:
            record = json.loads(self._lines[place])
        except (ValueError, IndexError, RecursionError) as error:
            raise self._lines.changed(place) from error
        if not isinstance(record, dict):
            raise self._lines.changed(place)
        return _parsed(record, self._path, place + 1)

    def _check_once(self) -> None:
        """Refuse a second output for a case; two ids with one key are none."""
        same = np.flatnonzero(self._keys[1:] == self._keys[:-1])
        alike = np.unique(np.concatenate([self._places[same], self._places[same + 1]]))
        seen: set[str] = set()
        for place in alike.tolist():
            case_id = self._at(place)[0]
            if case_id in seen:
                raise CorpusError(f"A second output for the case '{case_id}'.", path=self._path, line=place + 1)
            seen.add(case_id)


def _read(path: Path) -> tuple[Words, NDArray[np.int64]]:
    """Go through a file: the key of each output's case, and which line it is, from 0."""
    keys, places = [np.empty(0, dtype=np.uint64)], [np.empty(0, dtype=np.int64)]
    for batch in _batches(_cases(path)):
        keys.append(keyed([case_id for case_id, _ in batch]))
        places.append(np.array([place for _, place in batch], dtype=np.int64))
    return np.concatenate(keys), np.concatenate(places)


def _cases(path: Path) -> Iterator[tuple[str, int]]:
    for line, record in read_records(path):
        if isinstance(record, CorpusError):
            raise record
        yield _parsed(record, path, line)[0], line - 1


def _batches(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    rest = iter(items)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _parsed(record: dict[str, Any], path: Path, line: int) -> _Parsed:
    case_id = record.get("id")
    if case_id is None and "article" in record and "language" in record:
        case_id = f"{record['article']}:{record['language']}"
    if not isinstance(case_id, str):
        raise CorpusError(
            "The line names no case.",
            'Expected {"id": "<article>:<language>", "text": "..."}.',
            path=path,
            line=line,
        )
    text, failure = record.get("text"), record.get("failure")
    if (isinstance(text, str) and failure is None) or (isinstance(failure, str) and text is None):
        return case_id, text, failure
    raise CorpusError(
        f"The case '{case_id}' has neither a text nor a failure, or both.",
        'Expected "text": "..." or "failure": "reason".',
        path=path,
        line=line,
    )
