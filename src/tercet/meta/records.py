"""What comes of judged texts and metrics: figures in tables, and all that a reader needs to judge them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Level(Enum):
    """What is compared with each other; the value names it in a table."""

    SYSTEM = "systems"
    TEXT = "texts"
    ITEM = "items"
    LABEL = "labels"
    PAIR = "pairs"


class Verdict(Enum):
    """What a difference to the baseline comes to; the value is its mark."""

    BETTER = "✓"
    WORSE = "✗"
    UNSHOWN = ""
    UNTESTED = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One column of a table.

    Args:
        key: Of files, such as ``item.kendall``.
        level: What is compared.
        title: Of the column.
        headline: Whether a terminal shows it without being asked.
        category: Of pairs: what was spoilt, where the column is about this alone.
    """

    key: str
    level: Level
    title: str
    headline: bool = True
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """The difference of a figure to the baseline's, over what both have scored.

    Args:
        baseline: The score that is the baseline.
        value: Figure minus baseline's; None where there is none.
        interval: Of the difference; None where there is none.
        p: Two-sided; None where it could not be tested.
        adjusted: For the number of scores that are compared with the baseline in this column.
        verdict: What it comes to.
        by_interval: Whether the verdict rests on the interval alone, for no test is made.
        reason: Why something is missing.
    """

    baseline: str
    value: float | None
    interval: tuple[float, float] | None
    p: float | None
    adjusted: float | None
    verdict: Verdict
    by_interval: bool
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One figure.

    Args:
        value: None where it is undefined.
        interval: None where there is none.
        used: How many texts (of whole systems: systems) have a judgement and a score.
        total: Of how many.
        reason: Why there is no value, or no interval.
        best: Whether no other score's is higher.
        against: The difference to the baseline; None for the baseline itself and where nothing is compared.
        details: More that is known: groups, epsilon, ties, replicates.
        notes: How it was computed, where that is not as always.
    """

    value: float | None
    interval: tuple[float, float] | None
    used: int
    total: int
    reason: str | None
    best: bool = False
    against: Against | None = None
    details: Mapping[str, float | int]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One score of one metric.

    Args:
        score: Its name.
        metric: Whose it is.
        higher_is_better: None where neither is, and it was taken as it stands.
        scored: How many texts have it.
        total: Of how many.
        reasons: Why the others have not.
        signatures: What fixes it, by language.
        of_systems: Whether only whole systems have it.
        systems: Scores of whole systems, as the metric gives them.
        cells: By the measure's key.
    """

    score: str
    metric: str
    higher_is_better: bool | None
    scored: int
    total: int
    reasons: Mapping[str, int]
    signatures: Mapping[str, str]
    of_systems: bool
    systems: Mapping[str, float | None]
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Every score against one kind of judgement.

    Args:
        human: The judgement's name.
        judged: How many texts have it.
        systems: How systems are judged, on average or as a whole; none where there are too few.
        measures: The columns.
        rows: The best in the first column first.
    """

    human: str
    judged: int
    systems: Mapping[str, float | None]
    measures: tuple[Measure, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFigures:
    """The tables of a set.

    Args:
        name: Of the set.
        texts: How many.
        systems: How many.
        items: How many.
        clusters: How many.
        files: SHA-256 of each file.
        notes: What a reader must know of the set.
        unscored: Scores that no text has, with the reason.
        fixed_systems: Whether only texts were drawn anew.
        tables: One a judgement.
    """

    name: str
    texts: int
    systems: int
    items: int
    clusters: int
    files: Mapping[str, str]
    notes: tuple[str, ...]
    unscored: Mapping[str, str]
    fixed_systems: bool
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Everything that was found.

    Args:
        judgement: The reader's yaml.
        sets: In order.
        config: As it was composed.
        code: Of each metric, by name, and of a user's the hash of its file.
        versions: Of Python, tercet and what touches a number.
        baseline: As it was asked for; None: the best of each column.
        seed: Of all draws.
        replicates: How many.
        alpha: Level of the tests.
    """

    judgement: str
    sets: tuple[SetFigures, ...]
    config: Mapping[str, Any]
    code: Mapping[str, str]
    versions: Mapping[str, str]
    baseline: str | None
    seed: int
    replicates: int
    alpha: float
