"""The cases that moved most, out of any number: a few are held."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tercet.comparing.records import Mover
from tercet.metrics.contract import Array


@dataclass(frozen=True, slots=True, order=True)
class Moved:
    """A case that moved, sorted by how much better it became, then by its id.

    Args:
        gain: Above 0 where it became better.
        case_id: The case.
        place: Its number among the cases.
        language: Its target language.
        score: Which score moved.
        baseline: The score's value of the baseline's output.
        candidate: Of the candidate's.
    """

    gain: float
    case_id: str
    place: int
    language: str
    score: str
    baseline: float
    candidate: float

    def mover(self, article: str) -> Mover:
        """Describe it, without its facts."""
        return Mover(
            case_id=self.case_id,
            article=article,
            language=self.language,
            score=self.score,
            baseline=self.baseline,
            candidate=self.candidate,
            delta=self.candidate - self.baseline,
        )


class Extremes:
    """The cases that moved most in one score.

    Args:
        score: Its name.
        higher_is_better: Its direction; with none, lower counts as worse.
        count: How many are kept in either direction.
    """

    def __init__(self, score: str, *, higher_is_better: bool | None, count: int) -> None:
        self._score, self._turned, self._count = score, higher_is_better is False, count
        self.worse: list[Moved] = []
        self.better: list[Moved] = []

    def add(self, scores: tuple[Array, Array], cases: Sequence[str], places: NDArray[np.intp], language: str) -> None:
        """Look at n cases.

        Args:
            scores: (n,) of the baseline and of the candidate.
            cases: (n,) ids.
            places: (n,) their numbers among the cases.
            language: Their language.
        """
        old, new = scores
        gains = old - new if self._turned else new - old
        for kept, sign in ((self.worse, 1), (self.better, -1)):
            moved = sign * gains
            some = np.flatnonzero(moved < min(0.0, self._bound(kept, sign)))
            if len(some) > self._count > 0:  # of equal ones the ids decide, so that all are looked at
                some = some[moved[some] <= np.partition(moved[some], self._count - 1)[self._count - 1]]
            kept += [
                Moved(
                    gain=float(gains[i]),
                    case_id=cases[i],
                    place=int(places[i]),
                    language=language,
                    score=self._score,
                    baseline=float(old[i]),
                    candidate=float(new[i]),
                )
                for i in some.tolist()
            ]
            kept.sort(reverse=sign < 0)
            del kept[self._count :]

    def _bound(self, kept: Sequence[Moved], sign: int) -> float:
        """Give what a case must be below to be kept; equal ones may be, by their ids."""
        return float(np.nextafter(sign * kept[-1].gain, np.inf)) if len(kept) == self._count > 0 else np.inf
