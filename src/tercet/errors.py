"""The error tree: every error that a user can cause, with its remedy and its exit code.

TercetError             the base; nothing else is caught at the edge
├── ConfigError         a key, an option or a value in a config            exit 2
├── CorpusError         a corpus that cannot be read, with file and line   exit 2
├── BackendError        a backend that cannot do what it is asked to       exit 2
├── MetricError         a metric that is asked for what it cannot measure  exit 2
├── MissingExtraError   a package that is not installed, with the pip line exit 2
├── NotComparableError  scores that were not made in the same way          exit 3
├── RunError            a run folder that cannot be read or written        exit 2
└── IncompleteError     a run with failures, or with nothing scored        exit 4
"""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from traceback import extract_tb


class TercetError(Exception):
    """A mistake that the user can mend.

    Args:
        problem: What is wrong, in one sentence.
        remedy: What to do about it; empty where the problem says it.
    """

    exit_code = 2

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem} {self.remedy}".strip()


class ConfigError(TercetError):
    """A key, an option or a value in a config is wrong."""


class CorpusError(TercetError):
    """A corpus, or one file of it, cannot be read.

    Args:
        problem: What was found and what was expected.
        remedy: What to do about it.
        path: The file.
        line: The line in the file, from 1.
    """

    def __init__(self, problem: str, remedy: str = "", *, path: Path | None = None, line: int | None = None) -> None:
        where = "" if path is None else f"{path}:{line}: " if line is not None else f"{path}: "
        super().__init__(f"{where}{problem}", remedy)
        self.path = path
        self.line = line


class BackendError(TercetError):
    """A backend cannot serve a language, a route or a file."""


class MetricError(TercetError):
    """A metric is asked for something that it cannot measure."""


class MissingExtraError(TercetError):
    """An optional package is not installed.

    Args:
        package: The distribution that is missing.
        extra: The extra of tercet that brings it.
        purpose: What needs it.
    """

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the package '{package}', which is not installed.",
            f"Run: pip install 'tercet[{extra}]'",
        )


class NotComparableError(TercetError):
    """Scores were not made in the same way, so that their difference says nothing."""

    exit_code = 3


class RunError(TercetError):
    """A run folder cannot be read or written."""


class IncompleteError(TercetError):
    """A run ended with failures, or with nothing scored."""

    exit_code = 4


def is_absent(error: ModuleNotFoundError, module: str) -> bool:
    """Tell a module that is not there from one that is, and imports what is not there.

    >>> is_absent(ModuleNotFoundError(name="a"), "a.b"), is_absent(ModuleNotFoundError(name="ab"), "abc")
    (True, False)
    """
    return error.name is None or f"{module}.".startswith(f"{error.name}.")


def located(error: BaseException) -> str:
    """Word an exception of somebody else's code: its kind, its message, and the line that raised it."""
    frames = extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error}{place}"


def nearest(name: str, known: Iterable[str]) -> str:
    """Word the remedy for a misspelt name.

    Args:
        name: What the user wrote.
        known: The names that exist.

    Returns:
        "Did you mean 'x'?" where something is near, then the names that exist.

    >>> nearest("leed", ["lead", "textrank"])
    "Did you mean 'lead'? Known: lead, textrank."
    """
    names = sorted(known)
    close = get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"Did you mean '{close[0]}'? " if close else ""
    return f"{hint}Known: {', '.join(names) or 'none'}."
