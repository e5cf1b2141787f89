"""A ruling as workflow commands, which GitHub shows as annotations of a job.

References:
    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands, and for the escapes
    https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts.
"""

from collections.abc import Sequence

from tercet.errors import TercetError
from tercet.gating.records import Check, Ruling, Verdict
from tercet.report.escaping import in_line
from tercet.report.ruling_text import ordered, told
from tercet.text.counting import counted

_MOST = 10  # of a kind that GitHub shows of one step
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}


def as_annotations(ruling: Ruling) -> str:
    """Write an error for each check that fails and a warning for each that is undecided, the worst first."""
    checks = ordered(ruling)
    errors = [check for check in checks if check.fails]
    warnings = [check for check in checks if not check.fails and check.verdict is Verdict.UNDERPOWERED]
    return "".join([*_lines("error", errors), *_lines("warning", warnings)])


def error_as_annotations(error: TercetError) -> str:
    """Write why there is no ruling, as an error."""
    return _line("error", "tercet gate", str(error))


def _lines(kind: str, checks: Sequence[Check]) -> list[str]:
    """Write the first checks of a kind; where there are too many, the last line counts the others."""
    shown = checks if len(checks) <= _MOST else checks[: _MOST - 1]
    lines = [_line(kind, f"tercet gate: {check.name}", told(check)) for check in shown]
    rest = len(checks) - len(shown)
    return [*lines, *([_line(kind, "tercet gate", f"and {counted(rest, 'more check')}")] if rest else [])]


def _line(kind: str, title: str, message: str) -> str:
    return f"::{kind} title={_escaped(in_line(title), _PROPERTY)}::{_escaped(in_line(message), _DATA)}\n"


def _escaped(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(character, character) for character in text)
