"""A set of judged texts as arrays: codes for systems, items and clusters."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tercet.errors import ConfigError
from tercet.judged import JudgedSet

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Coded:
    """What the n texts of a set belong to; codes follow the order of names, so that the order of rows says nothing.

    Args:
        system: (n,) -1 for none.
        item: (n,) from 0.
        cluster: (n,) from 0.
        systems: Names by code.
        items: Names by code.
        clusters: Names by code.
    """

    system: Codes
    item: Codes
    cluster: Codes
    systems: tuple[str, ...]
    items: tuple[str, ...]
    clusters: tuple[str, ...]

    @classmethod
    def of(cls, judged: JudgedSet) -> "Coded":
        """Number the systems, items and clusters of a set.

        Raises:
            ConfigError: An item lies in several clusters, so that it cannot be drawn as a whole.
        """
        texts = judged.texts
        system, systems = _numbered([text.system for text in texts])
        item, items = _numbered([text.item for text in texts])
        cluster, clusters = _numbered([text.segment.cluster or text.segment.id for text in texts])
        places = np.unique(np.column_stack([item, cluster]), axis=0)[:, 0]
        if len(twice := places[:-1][places[:-1] == places[1:]]):
            raise ConfigError(
                f"{judged.name}: Item '{items[twice[0]]}' lies in several clusters.",
                "A cluster is drawn as a whole: judgement.columns.cluster must be the same for all of an item.",
            )
        return cls(system=system, item=item, cluster=cluster, systems=systems, items=items, clusters=clusters)


def _numbered(names: Sequence[str | None]) -> tuple[Codes, tuple[str, ...]]:
    """Number names in their order; no name is -1."""
    known = tuple(sorted({name for name in names if name is not None}))
    places = {name: code for code, name in enumerate(known)}
    return np.array([-1 if name is None else places[name] for name in names], dtype=np.int64), known


def judgements(judged: JudgedSet, name: str) -> Array:
    """Take the judgements of one kind, (n,), turned so that higher is better; NaN where there is none."""
    lower = any(human.name == name and human.lower_is_better for human in judged.humans)
    values = np.array([text.human.get(name, np.nan) for text in judged.texts], dtype=np.float64)
    if not lower:
        return values
    return 1.0 - values if labelled(values) else -values


def labelled(values: Array) -> bool:
    """Tell judgements that are classes, 0 and 1 alone, from graded ones."""
    known = set(values[~np.isnan(values)].tolist())
    return known == {0.0, 1.0}


def ratings(judged: JudgedSet, coded: Coded, name: str) -> Array | None:
    """Take the ratings of whole systems of one kind, turned likewise; None where there are none."""
    if not (found := judged.ratings.get(name)):
        return None
    lower = any(human.name == name and human.lower_is_better for human in judged.humans)
    values = np.array([found.get(system, np.nan) for system in coded.systems], dtype=np.float64)
    return -values if lower else values
