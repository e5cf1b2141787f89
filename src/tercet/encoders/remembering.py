"""Pairs of texts whose numbers cost: each distinct pair is computed once, and found again by later runs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar

from tercet.encoders.memory import Memory
from tercet.encoders.pairs import Kept, Texts, code, key_of

_Row = TypeVar("_Row", bound=tuple[Any, ...])
_Model = TypeVar("_Model")
_Made_co = TypeVar("_Made_co", covariant=True)


@dataclass(frozen=True, kw_only=True)
class Keeping(Generic[_Row]):
    """Where rows are kept.

    Args:
        memory: What this process has seen.
        size: Bytes of a row in memory.
        store: What earlier processes have left; None where nothing is kept on disk.
        whole: Whether a row may go on disk, which holds finite numbers only.
    """

    memory: Memory[_Row]
    size: int
    store: Kept[_Row] | None
    whole: Callable[[_Row], bool]


def remembered(
    identity: str,
    pairs: Sequence[Texts],
    keeping: Keeping[_Row],
    compute: Callable[[Mapping[bytes, Texts]], Iterable[Mapping[bytes, _Row]]],
) -> list[_Row]:
    """Find the rows of pairs, and compute those that are nowhere.

    Args:
        identity: Everything but the code that decides a row.
        pairs: The same may come many times.
        keeping: Where rows are looked for and kept.
        compute: Gives the rows of the missing pairs, some at a time; what it has given is on disk before
            it goes on.

    Returns:
        For each pair its row.
    """
    keys = [key_of(f"{identity}|{code()}", *pair) for pair in pairs]
    distinct = dict(zip(keys, pairs, strict=True))
    memory, store = keeping.memory, keeping.store
    found = {key: row for key in distinct if (row := memory.find(key.hex())) is not None}
    if store is not None:
        found |= store.find(key for key in distinct if key not in found)
    missing = {key: pair for key, pair in distinct.items() if key not in found}
    for new in compute(missing) if missing else ():
        found |= new
        if store is not None:
            store.store({key: row for key, row in new.items() if keeping.whole(row)})
    memory.begin_round()
    for key, row in found.items():
        memory.keep(key.hex(), row, keeping.size)
    return [found[key] for key in keys]


class Described(Protocol[_Made_co]):
    """A model that is known by its identity, and not loaded yet."""

    @property
    def identity(self) -> str:
        """Everything that decides its numbers."""
        ...

    def load(self) -> _Made_co:
        """Load it."""
        ...


class Models(Generic[_Model]):
    """Models by their identities, each loaded once in a process."""

    def __init__(self) -> None:
        self._loaded: dict[str, _Model] = {}
        self._lock = Lock()

    def __call__(self, description: Described[_Model]) -> _Model:
        """Give the model that a description names."""
        with self._lock:
            if description.identity not in self._loaded:
                self._loaded[description.identity] = description.load()
            return self._loaded[description.identity]

    def forget(self) -> None:
        """Let every model be loaded anew."""
        self._loaded.clear()
