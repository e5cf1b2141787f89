"""The nouns of the leaderboard: a row a system, a column a score and language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_BOUNDS = {"upper": "upper bound", "floor": "floor"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One score in one language."""

    score: str
    language: str
    higher_is_better: bool | None
    headline: bool
    decimals: int
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value, and how many segments it is made of; ``best`` among all but upper bounds.

    Only values with one ``made_of`` (corpus, signature, failed cases) are compared.

    Args:
        value: None where nothing is scored.
        scored: Of how many segments it is made.
        total: Of how many.
        reasons: Why the others are not in it.
        made_of: What fixes it.
        best: Whether no other system beats it.
        interval: Where it would lie with other articles, 95 %; None where that is not known.
        variance: Its segments' variance between articles and between generations (``repeats``); None with
            one generation.
    """

    value: float | None
    scored: int
    total: int
    reasons: Mapping[str, int]
    made_of: tuple[str, ...] = ()
    best: bool = False
    interval: tuple[float, float] | None = None
    variance: Mapping[str, float | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One system.

    Args:
        system: Its name.
        bound: ``upper`` or ``floor`` for what is no system.
        status: Of the run.
        folder: The run's.
        failures: How many outputs failed.
        cells: By score and language.
        repeats: How often each case was generated.
        answers: By language, how many outputs have a text.
        flaws: By language, why answers have not the shape that was asked for, and how many.
    """

    system: str
    bound: str | None
    status: str
    folder: str
    failures: int
    cells: Mapping[tuple[str, str], Cell]
    repeats: int = 1
    answers: Mapping[str, int] = field(default_factory=dict)
    flaws: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The system's name, with what a reader must know of it."""
        notes = [_BOUNDS.get(self.bound, self.bound)] if self.bound else []
        notes += [f"incomplete: {self.failures} failed"] if self.failures else []
        return f"{self.system} [{', '.join(notes)}]" if notes else self.system


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaderboard:
    """Systems by the primary score, best first; upper bounds apart at the end."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    primary: str

    @property
    def languages(self) -> list[str]:
        """The target languages, in the order of the columns."""
        return list(dict.fromkeys(column.language for column in self.columns))
