"""Two runs in step: what can be counted as their rows pass, and the rows laid down for what cannot."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tercet.comparing.differing import outcomes, unpaired
from tercet.comparing.matching import Key
from tercet.comparing.settings import Settings
from tercet.comparing.streaming.caselist import CaseList
from tercet.comparing.streaming.extremes import Extremes
from tercet.comparing.streaming.reading import Reading
from tercet.comparing.streaming.spool import Chunk, Layout, Spool
from tercet.comparing.tables import Table
from tercet.metrics.contract import Array, Metric, ScoreSpec

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """The rows of some clusters on both sides.

    Args:
        a: (n, k) the baseline's; NaN where unscored.
        b: (n, k) the candidate's.
        both: (n, w) whether both have a score.
    """

    a: Array
    b: Array
    both: Flags


@dataclass(kw_only=True)
class Poured:
    """One metric in one language on both sides.

    Args:
        metric: The metric.
        name: Its name in the runs.
        language: The target language.
        signature: What fixes its scores.
        columns: The w scores that are compared, by their place among the metric's.
        layout: Of the rows.
        total: How many cases there are.
        outcomes: (w, 3) wins, ties, losses.
        pairs: (w,) cases that both have scored.
        unpaired: (w,) why the others are not compared.
        alike: (w, w) whether two scores have the same cases.
    """

    metric: Metric
    name: str
    language: str
    signature: str
    columns: tuple[int, ...]
    layout: Layout
    total: int = 0
    outcomes: NDArray[np.int64] = field(init=False)
    pairs: NDArray[np.int64] = field(init=False)
    unpaired: list[Counter[str]] = field(init=False)
    alike: Flags = field(init=False)

    def __post_init__(self) -> None:
        width, k = len(self.columns), len(self.metric.columns)
        self.outcomes = np.zeros((width, 3), dtype=np.int64)
        self.pairs = np.zeros(width, dtype=np.int64)
        self.unpaired = [Counter() for _ in range(width)]
        self.alike = np.ones((width, width), dtype=bool)
        self._sides = (Spool(k, np.float64), Spool(k, np.float64))
        self._both = Spool(width, np.bool_)

    @property
    def specs(self) -> list[ScoreSpec]:
        """The scores that are compared."""
        return [self.metric.scores[column] for column in self.columns]

    def add(self, mine: Table, theirs: Table) -> Flags:
        """Take the next rows; (n, w) whether both have a score."""
        here = np.arange(len(mine.cases))
        both: Flags = (mine.present & theirs.present)[:, self.columns]
        for j, spec in enumerate(self.specs):
            mask = both[:, j]
            before, after = (side.by_segment.values[mask, self.columns[j]] for side in (mine, theirs))
            self.outcomes[j] += outcomes(before, after, spec)
            self.unpaired[j] += unpaired(mine, theirs, (here, here, mask), spec.name)
        self.pairs += both.sum(axis=0)
        self.alike &= (both[:, :, None] == both[:, None, :]).all(axis=0)
        places = self.layout.slots[self.total : self.total + len(here)]
        for spool, rows in zip((*self._sides, self._both), (mine.rows.values, theirs.rows.values, both), strict=True):
            spool.write(places, rows)
        self.total += len(here)
        return both

    def close(self) -> None:
        """Let go of the rows."""
        for spool in (*self._sides, self._both):
            spool.close()

    def read(self, chunk: Chunk) -> Both:
        """Read rows back."""
        a, b, both = (spool.read(chunk.start, chunk.stop) for spool in (*self._sides, self._both))
        return Both(a=a, b=b, both=both)


def poured(
    sides: tuple[Reading, Reading], keys: list[Key], cases: CaseList, settings: Settings, stack: ExitStack
) -> tuple[list[Poured], dict[str, Extremes]]:
    """Go through the tables of two runs that are alike.

    Args:
        sides: The baseline and a candidate, over the same cases in the same order.
        keys: The tables, in the baseline's order.
        cases: The runs'.
        settings: How.
        stack: Lets go of the rows.

    Returns:
        What is compared, table by table; and by score, the cases that moved most.

    Raises:
        RunError: A run's rows are not what it says.
    """
    found: list[Poured] = []
    extremes: dict[str, Extremes] = {}
    layouts: dict[str, Layout] = {}
    for key in keys:
        specs = sides[0].metric(key[0]).scores
        columns = tuple(i for i, spec in enumerate(specs) if settings.wants(spec.name, headline=spec.headline))
        if columns:
            if key[1] not in layouts:
                layouts[key[1]] = Layout.of(cases.clusters[cases.in_language(key[1])])
            table = Poured(
                metric=sides[0].metric(key[0]),
                name=key[0],
                language=key[1],
                signature=sides[0].signatures[key],
                columns=columns,
                layout=layouts[key[1]],
            )
            stack.callback(table.close)
            _fill(table, sides, cases, extremes, settings.movers)
            found.append(table)
    return found, extremes


def _fill(
    table: Poured, sides: tuple[Reading, Reading], cases: CaseList, extremes: dict[str, Extremes], movers: int
) -> None:
    """Pour the rows of both sides into a table, and note the cases that moved most."""
    noted = [
        extremes.setdefault(spec.name, Extremes(spec.name, higher_is_better=spec.higher_is_better, count=movers))
        for spec in table.specs
    ]
    places = cases.in_language(table.language)
    for mine, theirs in _in_step(sides, (table.name, table.language), cases):
        begin = table.total
        both = table.add(mine, theirs)
        for column, flags, kept in zip(table.columns, both.T, noted, strict=True):
            some = np.flatnonzero(flags)
            before, after = (side.by_segment.values[some, column] for side in (mine, theirs))
            ids = [mine.cases[i] for i in some.tolist()]
            kept.add((before, after), ids, places[begin + some], table.language)


def _in_step(sides: tuple[Reading, Reading], key: Key, cases: CaseList) -> Iterator[tuple[Table, Table]]:
    """Read both tables; each is as long as the list of cases, or an error says that it is not."""
    first, second = (side.batches(key, cases) for side in sides)
    yield from zip(first, second, strict=True)
