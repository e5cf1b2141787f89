"""The leaderboard: a row a system, a column a score and language."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tercet import signatures
from tercet.cache import digest
from tercet.errors import ConfigError, nearest
from tercet.store import Run

_BOUNDS = {"upper": "upper bound", "floor": "floor"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One score in one language."""

    score: str
    language: str
    higher_is_better: bool | None
    headline: bool
    decimals: int
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value, and how many segments it is made of; ``best`` among all but upper bounds.

    Only values with one ``made_of`` (corpus, signature, failed cases) are compared.
    """

    value: float | None
    scored: int
    total: int
    reasons: Mapping[str, int]
    made_of: tuple[str, ...] = ()
    best: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One system."""

    system: str
    bound: str | None
    status: str
    folder: str
    failures: int
    cells: Mapping[tuple[str, str], Cell]

    @property
    def label(self) -> str:
        """The system's name, with what a reader must know of it."""
        notes = [_BOUNDS[self.bound]] if self.bound else []
        notes += [f"incomplete: {self.failures} failed"] if self.failures else []
        return f"{self.system} [{', '.join(notes)}]" if notes else self.system


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaderboard:
    """Systems by the primary score, best first; upper bounds apart at the end."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    primary: str

    @property
    def languages(self) -> list[str]:
        """The target languages, in the order of the columns."""
        return list(dict.fromkeys(column.language for column in self.columns))


def leaderboard(runs: Sequence[Run], primary: str | None = None, labels: Sequence[str] | None = None) -> Leaderboard:
    """Build the leaderboard of runs.

    A row stands where its mean of the primary score over the languages puts it. A score is best when
    no other system beats it in that column, upper bounds left aside; where systems are scored over
    different numbers of segments they are not compared, and none is marked.

    Args:
        runs: Finished runs.
        primary: Name of the score to sort by; None takes the first headline score.
        labels: A name for each run; None takes the systems' own, with the folder where two are alike.

    Raises:
        ConfigError: No run has the primary score.
    """
    columns: dict[tuple[str, str], Column] = {}
    for run in runs:
        for item in run.info["scores"]:
            columns.setdefault(
                (item["score"], item["language"]),
                Column(
                    score=item["score"],
                    language=item["language"],
                    higher_is_better=item["higher_is_better"],
                    headline=item["headline"],
                    decimals=item["decimals"],
                    warning=item.get("warning", ""),
                ),
            )
    known = list(dict.fromkeys(score for score, _ in columns))
    if primary is None:
        primary = next((column.score for column in columns.values() if column.headline), known[0])
    if primary not in known:
        raise ConfigError(f"There is no score '{primary}' to sort by.", nearest(primary, known))
    rows = [_row(run, label) for run, label in zip(runs, labels or _labels(runs), strict=True)]
    best = {key: _best([row for row in rows if row.bound != "upper"], key, column) for key, column in columns.items()}
    marked = [_marked(row, best) for row in rows]
    languages = list(dict.fromkeys(column.language for column in columns.values()))
    return Leaderboard(
        columns=tuple(columns[key] for key in sorted(columns, key=lambda key: languages.index(key[1]))),
        rows=tuple(sorted(marked, key=lambda row: _place(row, primary, columns))),
        primary=primary,
    )


def _labels(runs: Sequence[Run]) -> list[str]:
    counts = Counter(run.system for run in runs)
    return [run.system if counts[run.system] == 1 else f"{run.system} ({run.folder.name})" for run in runs]


def _row(run: Run, label: str) -> Row:
    failed: dict[str, list[str]] = {}
    for output in run.outputs:
        if output.failure is not None:
            failed.setdefault(output.target_language, []).append(output.case_id)
    cells = {}
    for item in run.info["scores"]:
        metric, code = item["metric"], item["language"]
        signature = run.info["signatures"].get(metric, {}).get(code, "")
        cells[item["score"], code] = Cell(
            value=item["value"],
            scored=item["scored"],
            total=item["total"],
            reasons=item["reasons"],
            made_of=(run.info["corpus"]["hash"], signature, digest(failed.get(code, []))),
        )
    return Row(
        system=label,
        bound=run.info["bound"],
        status=run.status,
        folder=run.folder.name,
        failures=run.info["failures"],
        cells=cells,
    )


def _best(rows: Sequence[Row], key: tuple[str, str], column: Column) -> float | None:
    cells = [row.cells[key] for row in rows if key in row.cells]
    values = [cell.value for cell in cells if cell.value is not None]
    alike = len({(cell.scored, cell.total, cell.made_of) for cell in cells}) == 1
    if column.higher_is_better is None or len(values) < 2 or not alike or len(set(values)) == 1:
        return None
    return max(values) if column.higher_is_better else min(values)


def _marked(row: Row, best: Mapping[tuple[str, str], float | None]) -> Row:
    cells = {
        key: replace(cell, best=row.bound != "upper" and cell.value is not None and cell.value == best[key])
        for key, cell in row.cells.items()
    }
    return replace(row, cells=cells)


def _place(row: Row, primary: str, columns: Mapping[tuple[str, str], Column]) -> tuple[bool, int, float, str]:
    keys = [key for key in columns if key[0] == primary]
    found = [(row.cells[key].value if key in row.cells else None, columns[key]) for key in keys]
    values = [value if column.higher_is_better else -value for value, column in found if value is not None]
    mean = sum(values) / len(values) if values else 0.0
    return row.bound == "upper", len(keys) - len(values), -mean, row.system


def order(board: Leaderboard, mark: str = "*") -> str:
    """Say in one line what the rows are sorted by, and what a mark means."""
    found = list(dict.fromkeys(column.language for column in board.columns if column.score == board.primary))
    by = f"the mean of {board.primary} over {' and '.join(found)}" if len(found) > 1 else board.primary
    marked = any(cell.best for row in board.rows for cell in row.cells.values())
    return f"Sorted by {by}." + (f" {mark} is the best, upper bounds left aside." if marked else "")


def differences(board: Leaderboard) -> list[str]:
    """Say what keeps rows from being compared; one line each."""
    rows = [row for row in board.rows if row.bound != "upper"]
    notes = []
    parts = ("corpora", "options or versions of the metric", "failed cases")
    for i, name in enumerate(parts):
        scores = [
            f"{column.score} {column.language}"
            for column in board.columns
            if column.headline
            and len({c.made_of[i : i + 1] for row in rows if (c := row.cells.get((column.score, column.language)))}) > 1
        ]
        if scores:
            notes.append(f"{', '.join(scores)}: the {name} differ{_named(rows) if i == 1 else ''}.")
    return notes


def _named(rows: Sequence[Row]) -> str:
    """Name what the first two unlike signatures differ in."""
    seen: dict[tuple[str, str], str] = {}
    for row in rows:
        for key, cell in row.cells.items():
            first = seen.setdefault(key, cell.made_of[1])
            if found := signatures.differences(first, cell.made_of[1]):
                return f" ({'; '.join(found)})"
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


def as_markdown(board: Leaderboard) -> str:
    """Write the headline scores as Markdown tables, one a language; the best are bold."""
    parts = []
    for code in board.languages:
        columns = [column for column in board.columns if column.language == code and column.headline]
        parts.append(f"### {code}\n")
        parts.append(f"| system | {' | '.join(column.score for column in columns)} | n |")
        parts.append(f"|---|{'---:|' * len(columns)}---:|")
        for row in board.rows:
            cells = [_markdown_cell(row.cells.get((column.score, code)), column) for column in columns]
            parts.append(f"| {row.label} | {' | '.join(cells)} | {counted(board, row, code)} |")
        parts.append("")
    parts.append(order(board, mark="Bold") + "\n")
    notices = (("Not compared", differences(board)), ("Not scored", gaps(board)), ("Flagged", flags(board)))
    for title, notes in notices:
        if notes:
            parts.append(f"{title}:\n")
            parts.extend(f"- {note}" for note in notes)
            parts.append("")
    return "\n".join(parts)


def _markdown_cell(cell: Cell | None, column: Column) -> str:
    text = shown(cell, column)
    return f"**{text}**" if cell is not None and cell.best else text


def shown(cell: Cell | None, column: Column) -> str:
    """Print a value as its score is printed; a dash where there is none."""
    return "–" if cell is None or cell.value is None else f"{cell.value:.{column.decimals}f}"


def counted(board: Leaderboard, row: Row, code: str) -> str:
    """Print how many of how many segments the shown scores of a language are made of, at the least.

    A score that no segment has is a dash in its own column, and counts only where there is no other.
    """
    shown_here = [(column.score, code) for column in board.columns if column.language == code and column.headline]
    cells = [row.cells[key] for key in shown_here if key in row.cells]
    least = min([cell for cell in cells if cell.scored] or cells, key=lambda cell: cell.scored, default=None)
    return "–" if least is None else f"{least.scored}/{least.total}"


def as_csv(board: Leaderboard) -> str:
    """Write every score in long form: one line a system, score and language."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("system", "bound", "status", "score", "language", "value", "scored", "total", "best", "run"))
    for record in _records(board):
        writer.writerow(record.values())
    return buffer.getvalue()


def as_json(board: Leaderboard) -> str:
    """Write every score as JSON, with why segments are not scored."""
    value = {"primary": board.primary, "scores": list(_records(board, reasons=True))}
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _records(board: Leaderboard, reasons: bool = False) -> Iterable[dict[str, Any]]:
    for row in board.rows:
        for column in board.columns:
            cell = row.cells.get((column.score, column.language))
            if cell is None:
                continue
            yield {
                "system": row.system,
                "bound": row.bound,
                "status": row.status,
                "score": column.score,
                "language": column.language,
                "value": cell.value,
                "scored": cell.scored,
                "total": cell.total,
                "best": cell.best,
                "run": row.folder,
                **({"reasons": dict(cell.reasons)} if reasons else {}),
            }
