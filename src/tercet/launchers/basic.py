"""The runs of a sweep one after the other, in this process."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from tercet.launchers import Item, Result
from tercet.launchers.attempts import Outcome, collect


@dataclass(frozen=True, kw_only=True)
class Basic:
    """Makes the runs in order, in this process; the next one begins once the result of the last was taken."""

    concurrent: ClassVar[bool] = False

    def launch(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[int, Result]]:
        """Do the work for every item. Errors are those that were raised, whatever their class."""
        return collect(_outcomes(work, items))


def _outcomes(work: Callable[[Any], Any], items: Sequence[Any]) -> Generator[Outcome, None, None]:
    for index, item in enumerate(items):
        try:
            outcome = Outcome(index=index, value=work(item))
        except Exception as error:  # noqa: BLE001
            outcome = Outcome(index=index, error=error)
        yield outcome
