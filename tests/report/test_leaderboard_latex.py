"""The leaderboard as LaTeX."""

import re
from dataclasses import replace
from typing import Any

from tercet.report.leaderboard import leaderboard
from tercet.report.leaderboard_latex import as_latex
from tests.report.test_leaderboard import run, with_intervals

HOSTILE = "\\input{x} & 100% \\\\\n[2pt] $1_a$"


def cells(text: str) -> list[int]:
    """How many cells the rows of all tables have."""
    rows = [line for line in text.splitlines() if line.endswith(r" \\")]
    return [len(re.findall(r"(?<!\\)&", row)) + 1 for row in rows]


def test_a_table_a_language_with_the_best_bold_and_dashes_for_what_is_not_known() -> None:
    text = as_latex(leaderboard([run("a", chrf_en=30.0, ter_en=50.0), run("b", chrf_en=20.0, ter_en=(None, 0, 4))]))
    # Written by hand: a row a system, 4/4 of those that are scored at all.
    assert (
        "System & chrf $\\uparrow$ & ter $\\downarrow$ & $n$ \\\\\n\\midrule\na & $\\mathbf{30.0}$ & $50.0$ & 4/4"
        in text
    )
    assert "b & $20.0$ & -- & 4/4 \\\\\n\\bottomrule" in text
    assert "Scores in English (en). Sorted by chrf. Bold is the best, upper bounds left aside." in text
    assert "--: not known." in text
    assert "\\noindent Not scored:\n\\begin{itemize}\n\\item{} en ter: 0 of 4 scored: no source (4) {[}b]\n" in text
    assert text.isascii()
    assert len(set(cells(text))) == 1


def test_every_language_has_its_table() -> None:
    text = as_latex(leaderboard([run("a", chrf_en=30.0, chrf_zh=10.0)]))
    assert text.count("\\begin{table}") == text.count("\\end{table}") == 2
    assert text.index("Scores in English (en)") < text.index("Scores in Chinese (zh)")
    assert "not known" not in text
    assert "Bold" not in text


def test_intervals_stand_beneath_and_are_explained() -> None:
    one = with_intervals(run("a", chrf_en=30.0, ter_en=1.0), chrf_en=(-1.0, 32.55))
    text = as_latex(leaderboard([one]))
    assert "a & $30.0$ & $1.0$ & 4/4 \\\\\n & {\\scriptsize $[-1.0, 32.5]$} &  &  \\\\\n" in text
    assert "95\\% interval over articles" in text
    assert "interval" not in as_latex(leaderboard([run("a", chrf_en=30.0)]))


def test_more_scores_than_a_page_is_wide_go_on_below() -> None:
    values: dict[str, Any] = {f"s{number}_en": float(number) for number in range(7)}
    text = as_latex(leaderboard([run("a", **values)]))
    assert text.count("\\begin{tabular}{lrrrrrr}") == 1
    assert set(cells(text)) == {7}
    assert "System & s5 $\\uparrow$ & s6 $\\uparrow$ &  &  &  & $n$ \\\\" in text
    assert "a & $5.0$ & $6.0$ &  &  &  & 4/4 \\\\" in text


def test_scores_that_no_table_shows_have_no_table() -> None:
    quiet = run("a", chrf_en=1.0, ter_zh=2.0)
    quiet.info["scores"][1]["headline"] = False
    text = as_latex(leaderboard([quiet]))
    assert text.count("\\begin{table}") == 1
    assert "Chinese" not in text


def test_a_hostile_name_has_no_command_and_no_cell_of_its_own() -> None:
    board = leaderboard([run("x", chrf_en=1.0, corpus="c"), run("y", chrf_en=(2.0, 1, 4), corpus="d")])
    text = as_latex(replace(board, rows=tuple(replace(row, system=HOSTILE) for row in board.rows)))
    assert "\\input" not in text
    assert "\\textbackslash{}input\\{x\\} \\& 100\\%" in text
    assert set(cells(text)) == {3}
    assert "Not compared:" in text


def test_names_beyond_latin_are_warned_of() -> None:
    text = as_latex(leaderboard([run("中文", chrf_en=1.0)]))
    assert text.startswith("% Names hold letters beyond Latin: set this with XeLaTeX or LuaLaTeX")
    assert "中文 & $1.0$" in text
