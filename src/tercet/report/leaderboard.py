"""The leaderboard: built from runs, and as Markdown, CSV and JSON."""

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tercet.errors import ConfigError, nearest
from tercet.report.board import Cell, Column, Leaderboard, Row
from tercet.report.escaping import in_csv, in_json, in_markdown
from tercet.report.notices import notices, order
from tercet.report.scores_told import check_scores
from tercet.runs import Run, labels_of

__all__ = ["Leaderboard", "as_csv", "as_json", "as_markdown", "counted", "leaderboard", "shown"]


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
        RunError: What a run says of its scores is damaged.
    """
    columns: dict[tuple[str, str], Column] = {}
    for run in runs:
        check_scores(run)
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
    rows = [_row(run, label) for run, label in zip(runs, labels or labels_of(runs), strict=True)]
    best = {key: _best([row for row in rows if row.bound != "upper"], key, column) for key, column in columns.items()}
    marked = [_marked(row, best) for row in rows]
    languages = list(dict.fromkeys(column.language for column in columns.values()))
    return Leaderboard(
        columns=tuple(columns[key] for key in sorted(columns, key=lambda key: languages.index(key[1]))),
        rows=tuple(sorted(marked, key=lambda row: _place(row, primary, columns))),
        primary=primary,
    )


def _row(run: Run, label: str) -> Row:
    failed, answers = _failed_and_answers(run)
    cells = {}
    for item in run.info["scores"]:
        metric, code = item["metric"], item["language"]
        signature = run.info["signatures"].get(metric, {}).get(code, "")
        cells[item["score"], code] = Cell(
            value=item["value"],
            scored=item["scored"],
            total=item["total"],
            reasons=item["reasons"],
            made_of=(
                run.info["corpus"]["hash"] + run.info.get("cases_hash", ""),
                signature,
                failed.get(code, ""),
            ),
            interval=None if (ends := item.get("interval")) is None else (ends[0], ends[1]),
            variance=item.get("variance"),
        )
    return Row(
        system=label,
        bound=run.info["bound"],
        status=run.status,
        folder=run.folder.name,
        failures=run.info["failures"],
        cells=cells,
        repeats=run.info.get("repeats", 1),
        answers=answers,
        flaws=run.info.get("flaws") or {},
    )


def _failed_and_answers(run: Run) -> tuple[dict[str, str], Counter[str]]:
    """Give, by language, a hash of which cases failed, and how many outputs have a text.

    The outputs of a large run take long to read. They are read only where one failed, or where an answer had not the
    shape that was asked for: nothing else is shown of them.
    """
    answers: Counter[str] = Counter()
    if not run.info["failures"] and not run.info.get("flaws"):
        return {}, answers
    failed: dict[str, Any] = {}
    for output in run.each_output():
        code = output.target_language
        if output.failure is not None:
            ids = failed.setdefault(code, hashlib.sha256())
            ids.update(f"{output.case_id}\n".encode("utf-8", "surrogatepass"))
        answers[code] += any(stage.text is not None for stage in output.stages)
    return {code: ids.hexdigest() for code, ids in failed.items()}, answers


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


def as_markdown(board: Leaderboard) -> str:
    """Write the headline scores as Markdown tables, one a language; the best are bold."""
    parts = []
    for code in board.languages:
        columns = [column for column in board.columns if column.language == code and column.headline]
        parts.append(f"### {in_markdown(code)}\n")
        parts.append(f"| system | {' | '.join(in_markdown(column.score) for column in columns)} | n |")
        parts.append(f"|---|{'---:|' * len(columns)}---:|")
        for row in board.rows:
            cells = [_markdown_cell(row.cells.get((column.score, code)), column) for column in columns]
            parts.append(f"| {in_markdown(row.label)} | {' | '.join(cells)} | {counted(board, row, code)} |")
        parts.append("")
    parts.append(in_markdown(order(board, mark="Bold")) + "\n")
    if any(cell.interval for row in board.rows for cell in row.cells.values()):
        parts.append("[low, high]: 95 % interval over articles (bootstrap).\n")
    for title, notes in notices(board):
        parts.append(f"{title}:\n")
        parts.extend(f"- {in_markdown(note)}" for note in notes)
        parts.append("")
    return "\n".join(parts)


def _markdown_cell(cell: Cell | None, column: Column) -> str:
    text = shown(cell, column)
    if cell is None:
        return text
    text = f"**{text}**" if cell.best else text
    if cell.value is None or cell.interval is None:
        return text
    low, high = cell.interval
    return f"{text} [{low:.{column.decimals}f}, {high:.{column.decimals}f}]"


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
    """Write every score in long form: one line a system, score and language.

    A text that a spreadsheet would take for a formula begins with an apostrophe (``in_csv``); numbers are as they are.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    names = ("system", "bound", "status", "score", "language", "value", "low", "high", "scored", "total", "best", "run")
    writer.writerow(names)
    for row, column, cell in _cells(board):
        low, high = cell.interval or (None, None)
        record = {**_record(row, column, cell), "low": low, "high": high}
        writer.writerow(in_csv(value) if isinstance(value := record[name], str) else value for name in names)
    return buffer.getvalue()


def as_json(board: Leaderboard) -> str:
    """Write every score as JSON, with its interval, its variance, and why segments are not scored."""
    scores = [
        {
            **_record(row, column, cell),
            "interval": None if cell.interval is None else list(cell.interval),
            "variance": None if cell.variance is None else dict(cell.variance),
            "reasons": dict(cell.reasons),
        }
        for row, column, cell in _cells(board)
    ]
    return in_json(json.dumps({"primary": board.primary, "scores": scores}, ensure_ascii=False, indent=2) + "\n")


def _cells(board: Leaderboard) -> Iterable[tuple[Row, Column, Cell]]:
    for row in board.rows:
        for column in board.columns:
            cell = row.cells.get((column.score, column.language))
            if cell is not None:
                yield row, column, cell


def _record(row: Row, column: Column, cell: Cell) -> dict[str, Any]:
    return {
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
    }
