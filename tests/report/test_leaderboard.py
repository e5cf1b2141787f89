"""The leaderboard: order, marks, gaps, and its four forms."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from rich.console import Console

from tercet.errors import ConfigError
from tercet.outputs import StoredOutputs
from tercet.records import Output, Stage
from tercet.report.leaderboard import Leaderboard, as_csv, as_json, as_markdown, leaderboard
from tercet.report.notices import differences, flags, flaws, gaps, order, spreads
from tercet.report.terminal import render
from tercet.runs import Run


def run(system: str, bound: str | None = None, failures: int = 0, corpus: str = "c", **values: Any) -> Run:
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
        "corpus": {"hash": corpus},
        "signatures": {"chrf": {"en": "chrf|beta:2"}},
        "scores": scores,
    }
    return Run(folder=Path("results") / system, info=info, outputs=())


def with_intervals(base: Run, **intervals: Any) -> Run:
    """The same run with intervals ``chrf_en=(1.0, 2.0)``."""
    for item in base.info["scores"]:
        item["interval"] = intervals.get(f"{item['score']}_{item['language']}")
    return base


def printed(runs: list[Run], width: int = 120) -> str:
    """What a terminal shows of runs."""
    console = Console(width=width, record=True, file=io.StringIO())
    render(leaderboard(runs), console)
    return console.export_text()


def failing(base: Run, case_id: str) -> Run:
    """The same run with one failed output."""
    output = Output(case_id=case_id, article_id=case_id, target_language="en", text=None, failure="429")
    return replace(base, info={**base.info, "failures": 1}, outputs=(output,))


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


def test_what_is_made_of_other_things_is_not_compared_and_the_board_says_so() -> None:
    signature = {
        **run("b").info,
        "signatures": {"chrf": {"en": "chrf|beta:1"}},
        "scores": run("b", chrf_en=7.0).info["scores"],
    }
    pairs = {
        "corpora": (run("a", chrf_en=6.0), run("b", corpus="other", chrf_en=7.0)),
        "options or versions": (run("a", chrf_en=6.0), replace(run("b"), info=signature)),
        "failed cases": (failing(run("a", chrf_en=6.0), "x"), failing(run("b", chrf_en=7.0), "y")),
    }
    for reason, runs in pairs.items():
        board = leaderboard(runs)
        assert not any(cell.best for row in board.rows for cell in row.cells.values()), reason
        (note,) = differences(board)
        assert note.startswith("chrf en: the ")
        assert reason in note
        assert note in as_markdown(board)
    assert differences(leaderboard([run("a", chrf_en=6.0), run("b", chrf_en=7.0)])) == []


def test_a_system_without_a_score_in_one_language_comes_after_those_that_have_all() -> None:
    board = leaderboard([run("half", chrf_en=(None, 0, 4), chrf_zh=100.0), run("whole", chrf_en=1.0, chrf_zh=2.0)])
    assert [row.system for row in board.rows] == ["whole", "half"]


def test_n_is_that_of_the_least_scored_score_that_is_shown() -> None:
    board = leaderboard([run("a", bleu_en=(5.0, 2, 4), chrf_en=5.0, ter_en=1.0)])
    assert "| a | 5.0 | 5.0 | 1.0 | 2/4 |" in as_markdown(board)


def test_the_order_is_named() -> None:
    assert order(leaderboard([run("a", chrf_en=1.0, chrf_zh=2.0)])) == "Sorted by the mean of chrf over en and zh."
    board = leaderboard([run("a", chrf_en=1.0), run("b", chrf_en=2.0)])
    assert order(board) == "Sorted by chrf. * is the best, upper bounds left aside."


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
    assert r"| a \[incomplete: 2 failed\] |" in as_markdown(board)
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
    assert text.count("Sorted by") == 1
    assert "*12.3" in text
    assert "zh chrf: 3 of 4 scored: no source (1) [b]" in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= width


def test_a_share_that_should_be_nothing_is_told_with_its_number() -> None:
    found = run("long", bertscore_truncated_en=(0.25, 4, 4))
    (item,) = found.info["scores"]
    item |= {"score": "bertscore_truncated", "language": "en", "headline": False, "warning": "were cut"}
    board = leaderboard([found, run("short", chrf_en=30.0)])
    assert flags(board) == ["en bertscore_truncated: 1 of 4 were cut [long]"]
    console = Console(file=io.StringIO(), width=120)
    render(board, console)
    assert "Flagged:\n  en bertscore_truncated: 1 of 4 were cut" in console.file.getvalue()  # type: ignore[attr-defined]
    assert "Flagged:" in as_markdown(board)
    item["value"] = 0.0
    assert flags(leaderboard([found])) == []


def test_what_signatures_differ_in_is_named() -> None:
    other = run("other", chrf_en=30.0)
    other.info["signatures"]["chrf"]["en"] = "chrf|beta:1"
    board = leaderboard([run("one", chrf_en=40.0), other])
    assert differences(board) == ["chrf en: the options or versions of the metric differ (beta: 2 against 1)."]


def test_an_interval_stands_under_the_primary_score_and_nowhere_else() -> None:
    a = with_intervals(run("a", chrf_en=12.34, ter_en=40.0), chrf_en=[10.04, 15.06], ter_en=[30.0, 50.0])
    lines = [line.rstrip() for line in printed([a, run("b", chrf_en=9.0, ter_en=60.0)]).splitlines()]
    (first,) = (i for i, line in enumerate(lines) if line.startswith("a "))
    assert lines[first].split() == ["a", "*12.3", "*40.0", "4/4"]
    assert lines[first + 1].split() == ["10.0–15.1"]
    assert lines[first].index("*12.3") + len("*12.3") == len(lines[first + 1])  # one column
    assert lines[first + 2].split()[0] == "b"
    assert "Second line: 95 % interval over articles (bootstrap)." in lines


@pytest.mark.parametrize(("decimals", "expected"), [(3, "0.33–0.40"), (2, "0.3–0.4"), (1, "0.3–0.4"), (0, "0–0")])
def test_an_interval_has_a_decimal_less_than_its_value_and_one_at_least(decimals: int, expected: str) -> None:
    found = with_intervals(run("a", chrf_en=0.361), chrf_en=[0.327, 0.398])
    found.info["scores"][0]["decimals"] = decimals
    assert f" {expected} " in printed([found])


def test_what_has_no_interval_shows_none() -> None:
    for found in (run("old", chrf_en=5.0), with_intervals(run("one", chrf_en=5.0))):
        assert "Second line" not in printed([found])
        assert "interval" not in as_markdown(leaderboard([found]))
        (row,) = csv.DictReader(io.StringIO(as_csv(leaderboard([found]))))
        assert (row["low"], row["high"]) == ("", "")
        assert json.loads(as_json(leaderboard([found])))["scores"][0]["interval"] is None


def test_the_other_forms_hold_every_interval() -> None:
    a = with_intervals(run("a", chrf_en=12.34, ter_en=40.0), chrf_en=[10.04, 15.06], ter_en=[30.0, 50.0])
    board = leaderboard([a, run("b", chrf_en=9.0, ter_en=60.0)])
    assert "| a | **12.3** [10.0, 15.1] | **40.0** [30.0, 50.0] | 4/4 |" in as_markdown(board)
    assert "[low, high]: 95 % interval over articles (bootstrap)." in as_markdown(board)
    first = next(csv.DictReader(io.StringIO(as_csv(board))))
    assert list(first)[5:8] == ["value", "low", "high"]
    assert (first["low"], first["high"]) == ("10.04", "15.06")
    assert json.loads(as_json(board))["scores"][0]["interval"] == [10.04, 15.06]


def answered(base: Run, *, flaws: dict[str, dict[str, int]], answers: int) -> Run:
    """The same run with answers in Chinese, some of them flawed, and one output more that failed."""
    stage = Stage(role="summarize", backend="m", source_language="zh", target_language="zh", text="a")
    whole = [
        Output(case_id=str(i), article_id=str(i), target_language="zh", text="a", stages=(stage,))
        for i in range(answers)
    ]
    lost = Output(
        case_id="x", article_id="x", target_language="zh", text=None, failure="429", stages=(replace(stage, text=None),)
    )
    return replace(base, info={**base.info, "flaws": flaws}, outputs=(*whole, lost))


def test_answers_of_another_shape_are_told_with_the_commonest_reason() -> None:
    said = "answers have not the shape that was asked for"
    several = answered(run("m", chrf_zh=5.0), flaws={"zh": {"no points": 1, "no JSON": 2}}, answers=24)
    one = answered(run("k", chrf_zh=5.0), flaws={"zh": {"no points": 1}}, answers=1)
    none = answered(run("l", chrf_zh=5.0), flaws={"zh": {}}, answers=1)
    unknown = replace(run("o", chrf_zh=5.0), info={**run("o", chrf_zh=5.0).info, "flaws": {"zh": {"cut": 1}}})
    board = leaderboard([several, one, none, unknown])
    assert sorted(flaws(board)) == [
        "zh: 1 answer has not the shape that was asked for: cut [o]",
        "zh: 1 of 1 answer has not the shape that was asked for: no points [k]",
        f"zh: 3 of 24 {said}: most often, no JSON (2) [m]",
    ]
    assert f"- zh: 3 of 24 {said}" in as_markdown(board)
    assert f"Flagged:\n  zh: 3 of 24 {said}" in printed([several])


def test_the_spread_of_generations_is_told_apart_from_that_of_articles() -> None:
    def spread(times: int, **variance: float | None) -> Leaderboard:
        found = run("m", chrf_en=5.0, ter_en=5.0)
        for item in found.info["scores"]:
            item["variance"] = variance
        return leaderboard([replace(found, info={**found.info, "repeats": times})])

    board = spread(3, articles=4.0, repeats=0.25)
    assert spreads(board) == [
        "en chrf: standard deviation 2.0 between articles, 0.5 between 3 generations of one article [m]"
    ]
    assert "Generations:" in as_markdown(board)
    assert json.loads(as_json(board))["scores"][0]["variance"] == {"articles": 4.0, "repeats": 0.25}
    assert spreads(spread(3, articles=None, repeats=0.25)) == [
        "en chrf: standard deviation 0.5 between 3 generations of one article [m]"
    ]
    assert spreads(spread(3, articles=None, repeats=None)) == []
    assert spreads(spread(1, articles=4.0, repeats=0.25)) == []


def test_markdown_makes_nothing_of_a_name() -> None:
    text = as_markdown(leaderboard([run("a|b <img src=x>", chrf_en=(5.0, 2, 4))]))
    assert "| a&#124;b &lt;img src=x&gt; | 5.0 | 2/4 |" in text
    assert "<img" not in text


def test_outputs_are_read_only_where_something_of_them_is_shown() -> None:
    class Unread(StoredOutputs):
        def each(self) -> NoReturn:
            raise AssertionError("read")

    base = replace(run("a", chrf_en=6.0), outputs=Unread(Path("nowhere")))
    assert leaderboard([base]).rows[0].answers == {}
    for more in ({"failures": 1}, {"flaws": {"en": {"no JSON": 1}}}):
        with pytest.raises(AssertionError, match="read"):
            leaderboard([replace(base, info={**base.info, **more})])
