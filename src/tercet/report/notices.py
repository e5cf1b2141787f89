"""What stands under a leaderboard: its order, and what a reader must know of its numbers."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tercet import signatures
from tercet.report.board import Leaderboard, Row


def notices(board: Leaderboard) -> list[tuple[str, list[str]]]:
    """What there is to say, by title; what has nothing to say is left out."""
    found = (
        ("Not compared", differences(board)),
        ("Not scored", gaps(board)),
        ("Flagged", flags(board) + flaws(board)),
        ("Generations", spreads(board)),
    )
    return [(title, notes) for title, notes in found if notes]


def order(board: Leaderboard, mark: str = "*") -> str:
    """Say in one line what the rows are sorted by, and what a mark means."""
    found = list(dict.fromkeys(column.language for column in board.columns if column.score == board.primary))
    by = f"the mean of {board.primary} over {' and '.join(found)}" if len(found) > 1 else board.primary
    marked = any(cell.best for row in board.rows for cell in row.cells.values())
    return f"Sorted by {by}." + (f" {mark} is the best, upper bounds left aside." if marked else "")


def differences(board: Leaderboard) -> list[str]:
    """Say what keeps rows from being compared; one line each."""
    names = {"corpora": "corpora", "options": "options or versions of the metric", "failures": "failed cases"}
    return [
        f"{', '.join(found.scores)}: the {names[found.what]} differ{f' ({found.detail})' if found.detail else ''}."
        for found in unlike(board)
    ]


class Unlike(NamedTuple):
    """Why values of one column do not stand for the same: ``corpora``, ``options`` or ``failures`` differ."""

    what: str
    scores: list[str]
    detail: str


def unlike(board: Leaderboard) -> list[Unlike]:
    """Find what keeps rows from being compared."""
    rows = [row for row in board.rows if row.bound != "upper"]
    found = []
    for i, what in enumerate(("corpora", "options", "failures")):
        scores = [
            f"{column.score} {column.language}"
            for column in board.columns
            if column.headline
            and len({c.made_of[i : i + 1] for row in rows if (c := row.cells.get((column.score, column.language)))}) > 1
        ]
        if scores:
            found.append(Unlike(what, scores, _named(rows) if what == "options" else ""))
    return found


def _named(rows: Sequence[Row]) -> str:
    """Name what the first two unlike signatures differ in."""
    seen: dict[tuple[str, str], str] = {}
    for row in rows:
        for key, cell in row.cells.items():
            first = seen.setdefault(key, cell.made_of[1])
            if found := signatures.differences(first, cell.made_of[1]):
                return "; ".join(found)
    return ""


def gaps(board: Leaderboard) -> list[str]:
    """Say, score by score, what is not scored, and why; one line each.

    Rows with the same gap share a line.
    """
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in board.rows:
        for (score, code), cell in row.cells.items():
            if cell.scored < cell.total:
                why = ", ".join(f"{reason} ({count})" for reason, count in cell.reasons.items())
                text = f"{cell.scored} of {cell.total} scored: {why}"
                found.setdefault((row.label, text), {}).setdefault(code, []).append(score)
    merged: dict[tuple[str, str], list[str]] = {}
    for (label, text), by_language in found.items():
        for code, scores in by_language.items():
            merged.setdefault((f"{code} {', '.join(scores)}", text), []).append(label)
    everyone = len(board.rows)
    return [
        f"{scores}: {text}" + ("" if len(labels) == everyone else f" [{'; '.join(labels)}]")
        for (scores, text), labels in merged.items()
    ]


def flags(board: Leaderboard) -> list[str]:
    """Say of how many outputs something must be known; one line a score, language and count."""
    found: dict[str, list[str]] = {}
    for row in board.rows:
        for column in board.columns:
            cell = row.cells.get((column.score, column.language))
            if column.warning and cell is not None and cell.value:
                count = round(cell.value * cell.scored)
                text = f"{column.language} {column.score}: {count} of {cell.scored} {column.warning}"
                found.setdefault(text, []).append(row.label)
    return [f"{text} [{'; '.join(labels)}]" for text, labels in found.items()]


def flaws(board: Leaderboard) -> list[str]:
    """Say how many answers have not the shape that was asked for; one line a language and count."""
    found: dict[str, list[str]] = {}
    for row in board.rows:
        for code, reasons in row.flaws.items():
            if reasons:
                found.setdefault(_flawed(code, reasons, row.answers.get(code, 0)), []).append(row.label)
    return [f"{text} [{'; '.join(labels)}]" for text, labels in found.items()]


def _flawed(code: str, reasons: Mapping[str, int], answers: int) -> str:
    """Word the flaws of one system in one language, with the commonest reason."""
    count = sum(reasons.values())
    most = max(reasons, key=lambda reason: reasons[reason])
    why = most if len(reasons) == 1 else f"most often, {most} ({reasons[most]})"
    of = f" of {answers}" if answers else ""
    have = "has" if count == answers == 1 or (count == 1 and not answers) else "have"
    return f"{code}: {count}{of} answer{'s' * ((answers or count) != 1)} {have} not the shape that was asked for: {why}"


def spreads(board: Leaderboard) -> list[str]:
    """Say how far the primary score lies apart between articles, and between generations of one article."""
    notes = []
    for row in board.rows:
        for column in board.columns:
            cell = row.cells.get((column.score, column.language))
            if column.score != board.primary or cell is None or not cell.variance or row.repeats < 2:
                continue
            parts = (("articles", "articles"), ("repeats", f"{row.repeats} generations of one article"))
            told = [
                f"{math.sqrt(variance):.{column.decimals}f} between {what}"
                for name, what in parts
                if (variance := cell.variance.get(name)) is not None
            ]
            if told:
                notes.append(f"{column.language} {column.score}: standard deviation {', '.join(told)} [{row.label}]")
    return notes
