"""A report as a document: leaderboard, comparison, worst facts and calls, in its forms; CSV has the leaderboard."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from tercet.comparing.compare import compare
from tercet.comparing.records import Comparison
from tercet.comparing.settings import Settings
from tercet.errors import IncompleteError, NotComparableError, TercetError
from tercet.report import (
    comparison_json,
    comparison_latex,
    comparison_markdown,
    leaderboard_latex,
)
from tercet.report import leaderboard as tables
from tercet.report.board import Leaderboard
from tercet.report.calls import calls_as_markdown
from tercet.report.escaping import in_json, in_latex, in_markdown
from tercet.report.worst import WorstFact, worst_as_markdown, worst_facts
from tercet.runs import Run, labels_of
from tercet.text.counting import counted
from tercet.text.surrogates import readable_in_place

_WORST = 10
_REFUSED = (NotComparableError, IncompleteError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a document says.

    Args:
        runs: Of which.
        labels: A name for each.
        board: The leaderboard.
        comparison: With the first run; None where nothing can be compared.
        reason: Why some or all are not compared; None where all are.
        worst: The worst facts, no two of one article.
    """

    runs: Sequence[Run]
    labels: Sequence[str]
    board: Leaderboard
    comparison: Comparison | None
    reason: str | None
    worst: Sequence[WorstFact]


def document(
    runs: Sequence[Run], labels: Sequence[str] | None, settings: Settings, primary: str | None = None
) -> Document:
    """Put together what a document says.

    Args:
        runs: One or more, the baseline first.
        labels: A name for each, no two alike; None takes the systems' own.
        settings: How they are compared.
        primary: The score that the leaderboard is sorted by; None takes the first headline score. What is tested
            apart is ``settings.primary``.

    Raises:
        ConfigError: No run has a score that is asked for, or a metric of a run cannot be built here.
        RunError: A run is damaged.
    """
    names = list(labels or labels_of(runs))
    comparison, reason = _compared(runs, names, settings)
    return Document(
        runs=runs,
        labels=names,
        board=tables.leaderboard(runs, primary, names),
        comparison=comparison,
        reason=reason,
        worst=worst_facts(runs, names, _WORST),
    )


def _compared(runs: Sequence[Run], labels: Sequence[str], settings: Settings) -> tuple[Comparison | None, str | None]:
    """Compare runs with the first; those that cannot be are left out, with the reason."""
    if len(runs) < 2:
        return None, "There is one run, and nothing to compare it with."
    try:
        return compare(runs, settings, labels), None
    except _REFUSED:
        left, reasons = _comparable(runs, labels, settings)
    comparison = compare([runs[i] for i in left], settings, [labels[i] for i in left]) if len(left) > 1 else None
    return comparison, " ".join(reasons)


def _comparable(runs: Sequence[Run], labels: Sequence[str], settings: Settings) -> tuple[list[int], list[str]]:
    """Find the runs that can be compared with the first, and say why the others cannot."""
    left, reasons = [0], []
    tried = replace(settings, replicates=1)  # what can be compared does not depend on the draws
    for i, run in enumerate(runs[1:], 1):
        try:
            compare([runs[0], run], tried, [labels[0], labels[i]])
            left.append(i)
        except _REFUSED as error:
            reasons.append(_why_not(labels[i], labels[0], error))
    return left, reasons


def _why_not(candidate: str, baseline: str, error: TercetError) -> str:
    _, _, why = error.problem.partition(": ")
    return f"{candidate} is not compared with {baseline}: {why}"


def as_markdown(found: Document) -> str:
    """Write a document as GitHub reads it."""
    board = (
        tables.as_markdown(found.board),
        worst_as_markdown(found.worst),
        calls_as_markdown(found.runs, found.labels),
    )
    parts = [f"# Report of {counted(len(found.runs), 'run')}\n", "## Leaderboard\n", *(part for part in board if part)]
    if found.comparison is not None:
        baseline = in_markdown(found.comparison.baseline.label)
        parts += [f"## Comparison with {baseline}\n", comparison_markdown.as_markdown(found.comparison)]
    if found.reason is not None and len(found.runs) > 1:
        parts.append(f"{in_markdown(found.reason)}\n")
    return readable_in_place("\n".join(parts))


def as_csv(runs: Sequence[Run], labels: Sequence[str] | None, primary: str | None = None) -> str:
    """Write every score in long form, as ``tercet show --format csv`` does: one line a system, score and language.

    Nothing is compared: of a run no more than ``run.json`` is read, and where outputs failed these, one at a time.

    Args:
        runs: One or more.
        labels: A name for each, no two alike; None takes the systems' own.
        primary: The score that the lines are sorted by; None takes the first headline score.

    Raises:
        ConfigError: No run has the primary score.
    """
    return readable_in_place(tables.as_csv(tables.leaderboard(runs, primary, list(labels or labels_of(runs)))))


def as_json(found: Document) -> str:
    """Write a document as JSON: ``leaderboard``, ``comparison``, ``reason``, ``worst`` and ``calls``.

    Leaderboard and comparison are as their own commands write them. What is not known is null; ``reason`` says why
    there is no comparison, or who is not in it.
    """
    comparison = None if found.comparison is None else json.loads(comparison_json.as_json(found.comparison))
    value = {
        "leaderboard": json.loads(tables.as_json(found.board)),
        "comparison": comparison,
        "reason": found.reason,
        "worst": [{"system": worst.system, **asdict(worst.fact)} for worst in found.worst],
        "calls": _calls(found),
    }
    # A run.json that somebody wrote may hold what is no number: it is none.
    finite = json.loads(json.dumps(value), parse_constant=lambda _: None)
    return in_json(json.dumps(finite, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def _calls(found: Document) -> list[dict[str, Any]]:
    """Tell what the runs took that asked a model: all answers, and the calls of the run itself."""
    return [
        {"system": label, "usage": run.info["usage"], "calls": (run.info.get("time") or {}).get("calls")}
        for run, label in zip(found.runs, found.labels, strict=True)
        if run.info.get("usage")
    ]


def as_latex(found: Document) -> str:
    """Write the tables for a paper; texts of outputs and what calls took are left out."""
    text = leaderboard_latex.as_latex(found.board)
    if found.comparison is not None:
        text += comparison_latex.as_latex(found.comparison)
    if found.reason is not None and len(found.runs) > 1:
        text += rf"\noindent {in_latex(found.reason)}" + "\n"
    lines = text.splitlines()
    heads = dict.fromkeys(line for line in lines if line.startswith("%"))
    return "\n".join([*sorted(heads), *(line for line in lines if line not in heads)]) + "\n"
