"""A comparison on a terminal, and the sentences that every form shares."""

import io
import re
from dataclasses import replace
from typing import Any

import pytest

from tercet.report.comparison import as_text, render
from tercet.report.comparison_text import correction, notices, verdict
from tercet.report.console import Screen
from tests.report.compared import MAGNITUDE, SLICES, comparison, difference, differences, mover, versus

WIDE = """\
English (en)
                                                                            p  wins/ties                   detect-
score             baseline  candidate      delta       95 % interval    max-T    /losses      n  articles     able
──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
rouge1 ↑             0.312      0.343   +0.031 ✓    [+0.011, +0.051]   0.0021     19/1/4  24/24        24    0.029
rouge2 ↑             0.100      0.100    +0.0004  [-0.0104, +0.0112]   0.9000    12/2/10  24/24        24    0.029
contradictions ↓      0.50       0.75    +0.25 ✗      [+0.23, +0.27]  <0.0001    12/2/10  24/24        24     0.03
length_ratio         1.000      1.100     +0.100    [+0.080, +0.120]        –    12/2/10  24/24        24    0.029
"""
NARROW = """\
Chinese (zh)
             baseline            delta      p wins/ties        n detect-
score       candidate    95 % interval  max-T   /losses articles    able
────────────────────────────────────────────────────────────────────────
rouge1 ↑        0.400            0.000 1.0000   12/2/10    24/24       –
                0.400   [0.000, 0.000]                        24
fact_           0.900         -0.120 ✗ 0.0500   12/2/10    21/24   0.029
precision ↑     0.780 [-0.140, -0.100]                        20
comet ↑             –                –      –         –     0/24       –
                    –                –                         0
"""
MOVED = """\
Moved most, by rouge1:
  worse   mistral:zh  0.412 → 0.201 (-0.211)
    new: contradicted, magnitude
      candidate  该公司融资«6000万欧元»，估值翻番。
      source     raised «€600mn» from investors
  worse   bridge:zh  0.300 → 0.300 (-0.0001)
    new: contradicted, currency
      '6000万欧元' is EUR 60,000,000; the source says EUR 600,000,000.
  better  ferry:en  0.200 → 0.250 (+0.050)
    repaired: malformed
      baseline   cost «1,0,00» in all
      '1,0,00' is no number.

False facts: 3 new (3 contradicted), 1 repaired (1 malformed).
"""


def test_a_verdict_names_what_became_better_and_worse_and_counts_the_rest() -> None:
    found = comparison()
    assert verdict(found, found.versus[0]) == (
        "B against A over 20 to 24 articles: better in rouge1 en (+0.031), worse in contradictions en (+0.25)"
        " and fact_precision zh (-0.120); no difference shown in 2 of 5 scores."
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([difference("x", "en", (0.1, 0.2))], "over 24 articles: no difference shown in 1 score."),
        ([difference(f"x{i}", "en", (0.1, 0.2)) for i in range(3)], ": no difference shown in any of 3 scores."),
        ([difference("x", "en", (0.1, 0.2), adjusted=0.01)], ": better in x en (+0.100)."),
        ([difference("x", "en", (0.1, 0.1), differing=0)], ": every score is the same, article by article."),
        ([difference("x", "en", (0.1, 0.2), p=None, adjusted=None)], ": no score could be tested."),
        ([difference("x", "en", None, pairs=0, articles=0, differing=0, adjusted=None)], "over 0 articles: no score"),
        (
            [difference(f"x{i}", "en", (0.1, 0.2), adjusted=0.01) for i in range(3, 9)],
            ": better in x3 en (+0.100), x4 en (+0.100), x5 en (+0.100), x6 en (+0.100) and 2 more.",
        ),
    ],
)
def test_a_verdict_says_no_more_than_was_shown(found: list[Any], said: str) -> None:
    made = comparison(versus(differences=tuple(found)))
    assert said in verdict(made, made.versus[0])


def test_a_wide_terminal_has_a_line_a_score() -> None:
    assert WIDE in as_text(comparison(), 120)


def test_a_narrow_terminal_has_two_and_nothing_is_cut_off() -> None:
    text = as_text(comparison(), 80)
    assert NARROW in text
    assert "…" not in text
    table = text[: text.index("Moved most")]
    assert max(map(len, table.splitlines())) <= 80


def test_what_moved_is_shown_with_its_facts() -> None:
    assert MOVED in as_text(comparison())


def test_a_case_with_many_new_facts_shows_three_and_counts_the_others() -> None:
    text = as_text(comparison(versus(worse=(mover("a:zh", 0.4, 0.1, new=(MAGNITUDE,) * 5),), better=(), new=())))
    assert text.count("«6000万欧元»") == 3
    assert "    new: 2 more\n" in text


def test_facts_that_no_moved_case_shows_are_listed_a_few() -> None:
    others = tuple(replace(MAGNITUDE, case_id=f"c{i}:zh") for i in range(5))
    text = as_text(comparison(versus(new=(MAGNITUDE, *others))))
    assert "False facts: 6 new (6 contradicted), 1 repaired (1 malformed)." in text
    assert re.findall(r"(\S+)  new: contradicted, magnitude", text) == ["c0:zh", "c1:zh", "c2:zh"]
    assert "    new: 2 more\n" in text


def test_nothing_is_said_of_facts_that_were_not_looked_for() -> None:
    bare: dict[str, Any] = {"new": (), "repaired": (), "worse": (), "better": ()}
    without = versus(differences=(difference("rouge1", "en", (0.1, 0.2)),), **bare)
    assert "False facts" not in as_text(comparison(without))
    looked = versus(differences=(difference("fact_precision", "en", (0.1, 0.2), metric="facts"),), **bare)
    assert "False facts: 0 new, 0 repaired." in as_text(comparison(looked))


def test_slices_are_a_line_a_part_and_score() -> None:
    text = as_text(comparison(versus(slices=SLICES)))
    assert "Slices (not tested)" in text
    assert re.search(r"tag: economy +en rouge1 ↑ +\+0\.020 +\[0\.000, \+0\.040\] +24/24 +24\n", text)
    assert "Slices" not in as_text(comparison())


def test_several_candidates_begin_with_one_table_of_all() -> None:
    several = comparison(versus(), versus("C", differences=differences()[:2]))
    text = as_text(several)
    summary = text[text.index("Deltas to the baseline") : text.index("B against A ─")]
    assert re.search(r"score +A +B +C\n", summary)
    assert re.search(r"en rouge1 ↑ +0\.312 +\+0\.031 ✓ +\+0\.031 ✓\n", summary)
    assert re.search(r"zh fact_precision ↑ +0\.900 +-0\.120 ✗ +–\n", summary)
    assert text.index("C against A over 24 articles") < text.index("Deltas")
    assert text.index("B against A ─") < text.index("C against A ─")
    assert "Deltas" not in as_text(comparison())


def test_a_baseline_whose_value_hangs_on_the_pairs_is_not_given_one() -> None:
    pairs = comparison(
        versus(differences=(difference("x", "en", (0.1, 0.2)),)),
        versus("C", differences=(difference("x", "en", (0.3, 0.2)),)),
    )
    assert re.search(r"en x ↑ +varies ", as_text(pairs))


def test_every_dash_has_its_reason() -> None:
    notes = dict(notices(comparison()))
    assert notes["Failed outputs"] == ["B: 2 of 48 cases"]
    assert notes["Not compared"] == [
        "zh fact_precision: 3 of 24 cases left aside: candidate: no output: 429 (2),"
        " both: the article has no source text (1)"
    ]
    assert notes["Not known"] == [
        "en length_ratio: no test: neither direction is better, so that nothing is tested",
        "zh rouge1: no smallest detectable difference: no article varies",
        "zh comet: no delta, no interval, no test: no case is scored in both runs",
    ]
    few = difference("x", "en", (0.1, 0.2), detectable=None)
    assert dict(notices(comparison(versus(differences=(few,)))))["Not known"] == [
        "en x: no smallest detectable difference: the articles are too few"
    ]


def test_a_reason_of_several_candidates_stands_once_and_one_of_some_names_them() -> None:
    notes = dict(notices(comparison(versus(), versus("C"))))
    assert sum("length_ratio" in note for note in notes["Not known"]) == 1
    assert "[" not in notes["Not known"][0]
    partly = dict(notices(comparison(versus(), versus("C", differences=differences()[:1]))))
    assert partly["Not known"][0].endswith("[B]")


def test_what_is_left_out_is_said() -> None:
    assert dict(notices(comparison(left_out=("comet en: only A has it.",))))["Left out"] == ["comet en: only A has it."]
    assert "Left out" not in dict(notices(comparison()))


@pytest.mark.parametrize(
    ("method", "candidates", "said"),
    [
        ({"correction": "max_t"}, 1, "corrected for 12 tests by max-T, which bounds the chance of any false finding"),
        (
            {"correction": "holm"},
            2,
            "by Holm within each candidate and times the 2 candidates, which bounds the chance",
        ),
        ({"correction": "bh"}, 1, "by Benjamini-Hochberg, which bounds the share of false discoveries"),
        ({"correction": "none"}, 1, "not corrected, though there are 12 tests"),
        ({"tests": 1}, 1, "one test, nothing to correct"),
        ({"tests": 0}, 1, "nothing could be tested"),
    ],
)
def test_the_correction_says_what_it_bounds(method: dict[str, Any], candidates: int, said: str) -> None:
    assert said in correction(comparison(**({"tests": 12} | method)).method, candidates)


def test_the_notes_tell_exact_from_random_with_seed_and_level() -> None:
    random = "\n".join(dict(notices(comparison(seed=7, replicates=999)))["How it was compared"])
    assert "999 random permutations of the articles between the two runs (seed 7), two-sided" in random
    exact = "\n".join(dict(notices(comparison(exact=True, level=0.9, alpha=0.01, power=0.9)))["How it was compared"])
    assert "all permutations of the articles between the two runs (exact)" in exact
    assert "p is at most 0.01" in exact
    assert "Interval: 90 % of the delta" in exact
    assert "power of 90 % at 0.01" in exact
    assert "not corrected for the number of scores" in exact


def test_a_terminal_obeys_no_text() -> None:
    console = Screen(width=120, file=(file := io.StringIO()), color_system=None)
    render(comparison(versus("[bold]x[/bold]\x1b[2J")), console)
    text = file.getvalue()
    assert "\x1b" not in text
    assert "[bold]x[/bold]\ufffd[2J against A" in text
    text.encode("utf-8")


def test_colours_only_repeat_what_a_mark_says() -> None:
    console = Screen(width=120, file=(file := io.StringIO()), color_system="standard", force_terminal=True)
    render(comparison(), console)
    assert re.search(r"\x1b\[1;32m[^\x1b]*\+0\.031 ✓", file.getvalue())
    assert re.search(r"\x1b\[1;31m[^\x1b]*-0\.120 ✗", file.getvalue())
