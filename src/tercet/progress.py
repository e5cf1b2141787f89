"""How a sweep tells people that it goes on: bars on a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tercet.errors import CorpusError

_SILENCE = 30.0  # seconds without a word, where there is no terminal


class Narrator:
    """Tells what happens on standard error."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars: Progress | None = None
        self._label = ""
        self._said = 0.0

    def problem(self, error: CorpusError) -> None:
        """Print an article that could not be read."""
        self._console.print(f"[yellow]left out:[/] {escape(str(error))}", soft_wrap=True)

    def planned(self, runs: int, cases: int) -> None:
        """Print the size of what begins."""
        plural = "" if runs == 1 else "s"
        self._console.print(f"{runs} run{plural}, {cases} output{'' if cases == 1 else 's'} to score")

    def reused(self, label: str, folder: Path) -> None:
        """Print that a run is there."""
        self._console.print(f"{escape(label)}: there already, unchanged ({escape(str(folder))})", soft_wrap=True)

    def resumed(self, label: str) -> None:
        """Print that a run goes on where an earlier attempt stopped."""
        self._console.print(f"{escape(label)}: resumed: the last attempt did not finish", soft_wrap=True)

    @contextmanager
    def run(self, label: str) -> Iterator[Self]:
        """Show a bar for each step of a run, or a line at its end where there is no terminal."""
        self._label = label
        self._said = time.monotonic()
        if not self._console.is_terminal:
            yield self
            self._console.print(f"{escape(label)}: done", soft_wrap=True)
            return
        with self._progress() as self._bars:
            yield self
        self._bars = None

    @contextmanager
    def elsewhere(self, runs: int) -> Iterator[Callable[[str], None]]:
        """Print a line for each run that another process has made, on a terminal above a bar for all of them."""

        def told(label: str) -> None:
            self._console.print(f"{escape(label)}: done", soft_wrap=True)

        if not self._console.is_terminal:
            yield told
            return
        with self._progress() as bars:
            bar = bars.add_task("runs", total=runs)

            def counted(label: str) -> None:
                told(label)
                bars.advance(bar)

            yield counted

    def step(self, what: str, done: int, total: int) -> None:
        """Move the bar of a step, or print a line now and then where there is no terminal."""
        description = f"{escape(self._label)}: {escape(what)}"
        if self._bars is None:
            if time.monotonic() - self._said > _SILENCE:
                self._said = time.monotonic()
                self._console.print(f"{description}: {done} of {total}", soft_wrap=True)
            return
        task = next((t for t in self._bars.tasks if t.description == description), None)
        if task is None:
            self._bars.add_task(description, total=total, completed=done)
        else:
            self._bars.update(task.id, completed=done, total=total)

    def _progress(self) -> Progress:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        return Progress(*columns, console=self._console)
