"""What was embedded, kept in memory up to a number of bytes: references meet many systems."""

from threading import Lock
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


# For how many rounds a value stays that nobody asks for: systems and languages take turns.
_ROUNDS = 8


class Memory(Generic[_Value]):
    """Values by key, as many as fit; made for the same keys coming round again and again.

    A round is one pass over a corpus. Where room is short, what was not asked for in the last rounds
    goes, oldest first; where nothing can go, what is new is not kept. So of references that do not all
    fit, those that are kept are found in every round, where a least-recently-used order would lose each
    of them just before it is needed.

    Args:
        limit: Bytes.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._round = 0
        self._kept: dict[str, tuple[_Value, int]] = {}
        self._asked: dict[str, int] = {}
        self._lock = Lock()

    def begin_round(self) -> None:
        """Say that a pass over a corpus begins."""
        with self._lock:
            self._round += 1

    def find(self, key: str) -> _Value | None:
        """Look a value up."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._asked[key] = self._round
            return found[0]

    def keep(self, key: str, value: _Value, size: int) -> None:
        """Keep a value of so many bytes, if there is room or can be made."""
        with self._lock:
            if key in self._kept or not self._make_room(size):
                return
            self._kept[key] = (value, size)
            self._asked[key] = self._round
            self.size += size

    def _make_room(self, size: int) -> bool:
        if self.size + size > self.limit:
            for key in [key for key, asked in self._asked.items() if asked <= self._round - _ROUNDS]:
                if self.size + size <= self.limit:
                    break
                self.size -= self._kept.pop(key)[1]
                del self._asked[key]
        return self.size + size <= self.limit
