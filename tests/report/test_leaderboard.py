"""The leaderboard: order, marks, gaps, and its four forms."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tercet.errors import ConfigError
from tercet.report.leaderboard import as_csv, as_json, as_markdown, gaps, leaderboard
from tercet.report.terminal import render
from tercet.store import Run


def run(system: str, bound: str | None = None, failures: int = 0, **values: Any) -> Run:
    """A run with scores ``chrf_en=50.0`` or ``ter_zh=(40.0, 3, 4)``."""
    scores = []
    for key, given in values.items():
        score, _, code = key.rpartition("_")
        value, scored, total = given if isinstance(given, tuple) else (given, 4, 4)
        scores.append(
            {
                "metric": score,
                "score": score,
                "language": code,
                "value": value,
                "scored": scored,
                "total": total,
                "reasons": {"no source": total - scored} if scored < total else {},
                "higher_is_better": score != "ter",
                "headline": True,
                "decimals": 1,
            }
        )
    info = {
        "status": "incomplete" if failures else "complete",
        "system": system,
        "bound": bound,
        "failures": failures,
        "scores": scores,
    }
    return Run(folder=Path("results") / system, info=info, outputs=())


def test_best_first_and_upper_bounds_last() -> None:
    board = leaderboard([run("low", chrf_en=10.0), run("oracle", "upper", chrf_en=99.0), run("high", chrf_en=30.0)])
    assert [row.system for row in board.rows] == ["high", "low", "oracle"]


def test_an_upper_bound_is_never_best_and_a_floor_may_be() -> None:
    board = leaderboard(
        [run("oracle", "upper", chrf_en=99.0), run("copy", "floor", chrf_en=30.0), run("x", chrf_en=1.0)]
    )
    best = {row.system for row in board.rows for cell in row.cells.values() if cell.best}
    assert best == {"copy"}
    assert [row.label for row in board.rows] == ["copy [floor]", "x", "oracle [upper bound]"]


def test_lower_is_better_where_it_is() -> None:
    board = leaderboard([run("a", ter_en=60.0), run("b", ter_en=40.0)])
    assert board.rows[0].system == "b"
    assert board.rows[0].cells["ter", "en"].best


def test_systems_scored_over_different_segments_are_not_compared() -> None:
    board = leaderboard([run("a", chrf_en=60.0), run("b", chrf_en=(70.0, 1, 4))])
    assert not any(cell.best for row in board.rows for cell in row.cells.values())


def test_one_system_or_equal_systems_are_not_best() -> None:
    assert not leaderboard([run("a", chrf_en=60.0)]).rows[0].cells["chrf", "en"].best
    board = leaderboard([run("a", chrf_en=60.0), run("b", chrf_en=60.0)])
    assert not any(row.cells["chrf", "en"].best for row in board.rows)


def test_what_is_not_scored_is_a_dash_and_comes_last() -> None:
    board = leaderboard([run("none", chrf_en=(None, 0, 4)), run("some", chrf_en=1.0)])
    assert [row.system for row in board.rows] == ["some", "none"]
    assert "| none | – | 0/4 |" in as_markdown(board)
    assert gaps(board) == ["en chrf: 0 of 4 scored: no source (4) [none]"]


def test_failures_stand_in_every_table() -> None:
    board = leaderboard([run("a", failures=2, chrf_en=(5.0, 2, 4)), run("b", chrf_en=4.0)])
    assert "a [incomplete: 2 failed]" in as_markdown(board)
    assert "incomplete" in as_csv(board)


def test_an_unknown_primary_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match="Did you mean 'chrf'"):
        leaderboard([run("a", chrf_en=1.0)], "chrg")


def test_the_four_forms_say_the_same() -> None:
    board = leaderboard([run("a", chrf_en=12.345, chrf_zh=3.0), run("b", chrf_en=1.0, chrf_zh=4.0)])
    records = json.loads(as_json(board))["scores"]
    rows = list(csv.DictReader(io.StringIO(as_csv(board))))
    assert [(r["system"], r["language"], str(r["value"])) for r in records] == [
        (r["system"], r["language"], r["value"]) for r in rows
    ]
    assert {(r["system"], r["language"]) for r in records if r["best"]} == {("a", "en"), ("b", "zh")}
    text = as_markdown(board)
    assert "| a | **12.3** | 4/4 |" in text
    assert "| b | **4.0** | 4/4 |" in text


@pytest.mark.parametrize(("width", "tables"), [(200, 1), (32, 2)])
def test_languages_stand_side_by_side_where_they_fit(width: int, tables: int) -> None:
    board = leaderboard([run("a", chrf_en=12.3, chrf_zh=3.0), run("b", chrf_en=1.0, chrf_zh=(4.0, 3, 4))])
    console = Console(width=width, record=True, file=io.StringIO())
    render(board, console)
    text = console.export_text()
    assert text.count("system") == tables
    assert text.count("Sorted by chrf.") == 1
    assert "*12.3" in text
    assert "zh chrf: 3 of 4 scored: no source (1) [b]" in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= width
