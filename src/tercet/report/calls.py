"""What the calls to models took: numbers, tokens, times and cost, a row a system."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tercet.report.escaping import in_markdown
from tercet.runs import Run, labels_of

_HEAD = ("made", "cached", "failed", "prompt tokens", "answer tokens", "p50", "p90", "p99", "tokens/s", "cost")
_LEGEND = (
    "p50, p90, p99: seconds until half, 90 % and 99 % of the calls were answered. "
    "Tokens and cost are those of all answers, also of cached ones."
)


def render_calls(runs: Sequence[Run], labels: Sequence[str] | None, console: Console) -> None:
    """Print a table of the runs that asked a model; nothing where none did.

    Args:
        runs: Finished runs.
        labels: A name for each run; None takes the systems' own.
        console: Where to.
    """
    rows = list(_rows(runs, labels))
    if not rows:
        return
    table = Table(
        title="Calls:",
        title_style="bold",
        title_justify="left",
        header_style="bold",
        box=SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
        show_edge=False,
    )
    table.add_column("system", min_width=14, overflow="fold")
    for name in _HEAD:
        table.add_column(name.replace(" ", "\n"), justify="right", no_wrap=True)
    for label, cells in rows:
        table.add_row(Text(label), *cells)
    console.print(table)
    console.print(_LEGEND)
    for note in _uncounted(runs, labels):
        console.print(Text(note))


def calls_as_markdown(runs: Sequence[Run], labels: Sequence[str] | None = None) -> str:
    """Write tokens and cost as Markdown; empty where no run asked a model.

    How many calls were made and how long they took stands in ``run.json``: a repeated sweep writes the same file.
    """
    kept = [_HEAD.index(name) for name in ("prompt tokens", "answer tokens", "cost")]
    rows = [(label, [cells[i] for i in kept]) for label, cells in _rows(runs, labels)]
    if not rows:
        return ""
    lines = ["Calls:\n", f"| system | {' | '.join(_HEAD[i] for i in kept)} |", f"|---|{'---:|' * len(kept)}"]
    lines += [f"| {in_markdown(label)} | {' | '.join(cells)} |" for label, cells in rows]
    notes = [f"- {note}" for note in _uncounted(runs, labels)]
    return "\n".join([*lines, *([""] if notes else []), *notes]) + "\n"


def _asking(runs: Sequence[Run], labels: Sequence[str] | None) -> Iterator[tuple[str, Any, Any]]:
    """Those that asked a model: name, usage and what the calls of this run took."""
    for run, label in zip(runs, labels or labels_of(runs), strict=True):
        usage = run.info.get("usage")
        if usage:
            yield label, usage, run.info.get("time", {}).get("calls") or {}


def _rows(runs: Sequence[Run], labels: Sequence[str] | None) -> Iterator[tuple[str, list[str]]]:
    for label, usage, calls in _asking(runs, labels):
        counted = usage["counted"] > 0
        yield (
            label,
            [
                *(_number(calls.get(name)) for name in ("made", "cached", "failed")),
                *(_number(usage[name] if counted else None) for name in ("prompt", "answer")),
                *(_number(calls.get(name), ".2f") for name in ("p50", "p90", "p99")),
                _number(calls.get("tokens_per_second"), ",.1f"),
                _dollars(usage["cost"]),
            ],
        )


def _number(value: float | None, form: str = ",") -> str:
    return "–" if value is None else f"{value:{form}}"


def _dollars(cost: float | None) -> str:
    """Print dollars: cents, or two digits that count where it is less than one.

    >>> _dollars(1234.567), _dollars(0.000123), _dollars(0.0), _dollars(None)
    ('$1,234.57', '$0.00012', '$0', '–')
    """
    if cost is None:
        return "–"
    if cost >= 0.1:
        return f"${cost:,.2f}"
    return f"${float(f'{cost:.1e}'):.10f}".rstrip("0").rstrip(".")


def _uncounted(runs: Sequence[Run], labels: Sequence[str] | None) -> list[str]:
    """Say where a server did not tell the tokens of every answer."""
    notes = []
    for label, usage, calls in _asking(runs, labels):
        answers = usage["requests"] - (calls.get("failed") or 0)
        if usage["counted"] < answers:
            notes.append(f"Tokens are known of {usage['counted']} of {answers} answers [{label}].")
    return notes
