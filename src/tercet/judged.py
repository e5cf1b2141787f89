"""Judged texts: what people say of outputs that are there, and where that stands written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tercet.errors import ConfigError, nearest
from tercet.records import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One text that people judged.

    Args:
        segment: The text as metrics see it; its cluster is what is drawn together.
        item: What several systems were judged on, such as the source segment.
        system: Who wrote it; None where that is not known.
        human: Judgements by name; one that is missing was not made.
        recorded: Scores of other tools, by name.
        category: Of a pair: what was spoilt.
    """

    segment: Segment
    item: str
    system: str | None = None
    human: Mapping[str, float] = field(default_factory=dict)
    recorded: Mapping[str, float] = field(default_factory=dict)
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Human:
    """One kind of judgement; ``lower_is_better`` where a small number is praise."""

    name: str
    lower_is_better: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSet:
    """Texts that are judged alike, and that one table is made of.

    Args:
        name: Of the set.
        texts: In the order of the file.
        humans: The kinds of judgements, in order.
        ratings: Judgements of whole systems, by the judgement's name and the system's.
        recorded: Other tools' scores of whole systems, likewise.
        paired: Whether each item is a good text (judged 1) and a spoilt one (0).
        files: SHA-256 of each file by its name.
        notes: What a reader must know, such as how many rows were left aside and why.
    """

    name: str
    texts: Sequence[Judged]
    humans: Sequence[Human]
    ratings: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    recorded: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    paired: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()


def humans(names: Mapping[str, Any], lower: Sequence[str]) -> tuple[Human, ...]:
    """Make the kinds of judgements of a reader's configuration.

    Args:
        names: Their names, with where they stand.
        lower: Those of which less is better.

    Raises:
        ConfigError: There is none, or ``lower`` names another.
    """
    known = [name for name, column in names.items() if column]
    if not known:
        raise ConfigError("judgement.human names no column.", "Add judgement.human.NAME=COLUMN.")
    for name in lower:
        if name not in known:
            raise ConfigError(f"judgement.lower_is_better names '{name}', which is no judgement.", nearest(name, known))
    return tuple(Human(name=name, lower_is_better=name in lower) for name in known)
