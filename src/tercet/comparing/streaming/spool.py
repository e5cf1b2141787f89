"""Rows that wait on disk: written as they come, read back cluster by cluster."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tercet.errors import RunError

Places = NDArray[np.intp]


class Spool:
    """An array of n rows in a temporary file, which goes when it is closed.

    Args:
        width: How many numbers a row has.
        kind: Of the numbers.
    """

    def __init__(self, width: int, kind: Any) -> None:
        self._width, self._kind = width, np.dtype(kind)
        self._size = width * self._kind.itemsize
        with _worded():
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (``close`` closes it)

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    def write(self, places: Places, rows: NDArray[Any]) -> None:
        """Put rows at places; those next to each other go together.

        Args:
            places: (some,) ascending or not, each once.
            rows: (some, width).

        Raises:
            RunError: The disk is full.
        """
        order = np.argsort(places, kind="stable")
        places, data = places[order], np.ascontiguousarray(rows[order], dtype=self._kind)
        starts = np.concatenate([[0], np.flatnonzero(np.diff(places) != 1) + 1, [len(places)]]).tolist()
        with _worded():
            for start, stop in pairwise(starts):
                self._file.seek(int(places[start]) * self._size)
                _write(self._file, data[start:stop])

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """Take the rows from ``start`` to below ``stop``; (stop - start, width)."""
        found = np.empty((stop - start, self._width), dtype=self._kind)
        with _worded():
            self._file.seek(start * self._size)
            view, done = found.data.cast("B"), 0
            while done < len(view):
                done += self._file.readinto(view[done:])
        return found


def _write(file: Any, data: NDArray[Any]) -> None:
    view, done = data.data.cast("B"), 0
    while done < len(view):
        done += file.write(view[done:])


class _worded:  # noqa: N801 (used as a function)
    """Turn what the disk says into an error with a remedy."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        """Say what to do."""
        if isinstance(error, OSError):
            raise RunError(
                f"{tempfile.gettempdir()}: cannot be written: {error.strerror or error}.",
                "Large runs are compared by way of temporary files: free some space, or set TMPDIR to another folder.",
            ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Whole clusters, next to each other.

    Args:
        start: First row.
        stop: One past the last.
        clusters: (c,) their numbers.
        local: (rows,) which of them each row is of, from 0, ascending.
    """

    start: int
    stop: int
    clusters: NDArray[np.int32]
    local: Places


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where the rows of a language lie in its spools: cluster by cluster, in the order in which these appear.

    Args:
        slots: (n,) place of each row, in the order of the cases.
        ranked: (n,) numbers of the clusters, in the order of the places.
    """

    slots: Places
    ranked: NDArray[np.int32]

    @classmethod
    def of(cls, clusters: NDArray[np.int32]) -> "Layout":
        """Lay out rows of these clusters; those whose clusters are together stay as they are."""
        _, firsts, numbers = np.unique(clusters, return_index=True, return_inverse=True)
        order = np.argsort(firsts[numbers.reshape(-1)], kind="stable")
        slots = np.empty(len(order), dtype=np.intp)
        slots[order] = np.arange(len(order))
        return cls(slots=slots, ranked=clusters[order])

    def chunks(self, rows: int) -> Iterator[Chunk]:
        """Cut the rows into chunks of whole clusters, of about so many rows; more where a cluster has more."""
        ends = np.concatenate([np.flatnonzero(np.diff(self.ranked)) + 1, [len(self.ranked)]])
        start = 0
        while start < len(self.ranked):
            place = max(0, int(np.searchsorted(ends, start + rows, side="right")) - 1)
            stop = int(ends[place])
            if stop <= start:
                stop = int(ends[int(np.searchsorted(ends, start, side="right"))])
            some = self.ranked[start:stop]
            changes = np.concatenate([[False], np.diff(some) != 0])
            firsts = np.concatenate([[0], np.flatnonzero(changes)])
            yield Chunk(start=start, stop=stop, clusters=some[firsts], local=np.cumsum(changes))
            start = stop
