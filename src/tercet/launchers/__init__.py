"""Launchers: where the runs of a sweep are made. One file a way; each is a component over a library that does it.

Hydra's own launcher plugins are not used: they need its ``main``, and the one for Ray pins versions of years ago.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Launcher(Protocol):
    """Makes the runs of a sweep: a dataclass whose fields are its options.

    Attributes:
        concurrent: Whether runs are made beside each other, in other processes or on other machines. The work and
            its items then travel by cloudpickle, and what they write must lie where all of them see it.
    """

    concurrent: ClassVar[bool]

    def launch(self, work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[int, Result]]:
        """Do the work for every item.

        A failure does not stop the others; what they give is kept. Leaving the iterator early, as by an
        interrupt, ends what still goes on.

        Args:
            work: What is done for an item.
            items: One for each run.

        Returns:
            The index of an item and its result, as they come, in any order. Once all have ended, the error of the
            first item that failed is raised, by index; the others are in its notes.

        Raises:
            TercetError: Before anything begins, where the launcher cannot work here. In the end, that of a run, with
                its class, its attributes and its exit code.
            RunError: In the end, where the process that made a run died.
            RuntimeError: In the end, where a run raised any other error in another process; its traceback is a note.
        """
        ...
