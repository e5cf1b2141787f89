"""Which systems are compared, what the tests come to, who leads, and who shares a place."""

import random
from collections.abc import Mapping
from contextlib import chdir
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from tercet.comparing.compare import compare
from tercet.comparing.settings import Settings
from tercet.comparing.tables import Contents, contents
from tercet.metrics.chrf import Chrf
from tercet.metrics.contract import ScoreSpec
from tercet.report.board import Cell, Column, Leaderboard, Row
from tercet.report.comparison_figures import corrected, outcome
from tercet.runs import load_run
from tercet.viewing.contested import EVERY_PAIR, Contest, chosen_pairs, contest, leaders, ranks
from tests.runs import articles, command, faithful, furnish, scored

QUICK = Settings(on="common", replicates=499)
Outcomes = Mapping[tuple[int, int, str, str], str]


# Which pairs


def test_every_two_systems_are_compared_and_upper_bounds_are_no_rivals() -> None:
    assert chosen_pairs([None, "floor", None, "upper"], 0) == [(0, 1), (0, 2), (1, 2)]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ([], []),
        ([None], []),
        ([None, "upper"], [(0, 1)]),
        (["upper", "upper"], [(0, 1)]),
        ([None, "upper", "upper"], [(0, 1), (0, 2), (1, 2)]),
    ],
    ids=str,
)
def test_an_upper_bound_is_compared_where_there_are_no_two_others(
    bounds: list[str | None], expected: list[tuple[int, int]]
) -> None:
    assert chosen_pairs(bounds, 0 if bounds else None) == expected


@pytest.mark.parametrize("leader", [None, 0, 3])
def test_of_many_systems_only_the_leader_is_compared_with_each_other_one(leader: int | None) -> None:
    count = EVERY_PAIR + 1
    pairs = chosen_pairs([None] * count + ["upper"], leader)
    assert len(pairs) == count - 1
    assert all((leader or 0) in pair for pair in pairs)
    assert all(a < b < count for a, b in pairs)
    assert len(chosen_pairs([None] * EVERY_PAIR, leader)) == EVERY_PAIR * (EVERY_PAIR - 1) / 2


# Ranks


def contested(outcomes: Outcomes, pairs: list[dict[str, Any]] | None = None) -> Contest:
    return Contest(pairs=pairs or [], method=None, outcomes=outcomes)


def test_ranks_are_those_of_counting_who_beats_whom() -> None:
    draw = random.Random(0)
    for _ in range(300):
        count = draw.randint(2, 7)
        beaten: set[tuple[int, int]] = set()  # (winner, loser)
        outcomes: dict[tuple[int, int, str, str], str] = {}
        for a, b in combinations(draw.sample(range(count), count), 2):  # either may be the baseline
            said = draw.choice(["better", "worse", "unshown"])
            outcomes[a, b, "chrf", "en"] = said
            beaten |= {(b, a)} if said == "better" else {(a, b)} if said == "worse" else set()
        expected = {
            s: (1 + sum(loser == s for _, loser in beaten), count - sum(winner == s for winner, _ in beaten))
            for s in range(count)
        }
        assert ranks(contested(outcomes), range(count), "chrf", "en") == expected
        assert ranks(contested(outcomes), range(count), "chrf", "zh") == {}


def test_one_pair_that_is_not_tested_leaves_all_without_a_rank() -> None:
    outcomes = {(0, 1, "chrf", "en"): "better", (0, 2, "chrf", "en"): "untested", (1, 2, "chrf", "en"): "worse"}
    assert ranks(contested(outcomes), [0, 1, 2], "chrf", "en") == {}
    assert ranks(contested(outcomes), [0, 1], "chrf", "en") == {0: (2, 2), 1: (1, 1)}
    assert ranks(contested(outcomes), [0], "chrf", "en") == {}


# Leaders


def board(*values: float | None, higher: bool | None = True, bounds: tuple[str | None, ...] = ()) -> Leaderboard:
    """A leaderboard with one score in English."""
    column = Column(score="ter", language="en", higher_is_better=higher, headline=True, decimals=3)
    rows = [
        Row(system=f"s{i}", bound=bound, status="complete", folder="", failures=0, cells={
            ("ter", "en"): Cell(value=value, scored=int(value is not None), total=1, reasons={})})
        for i, (value, bound) in enumerate(zip(values, bounds or [None] * len(values), strict=True))
    ]  # fmt: skip
    return Leaderboard(columns=(column,), rows=tuple(rows), primary="ter")


def leader(found: Leaderboard, outcomes: Outcomes, pairs: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    told: list[dict[str, Any]]
    told = [{"baseline": a, "candidate": b, "reason": None, "leftOut": [], "differences": []} for a, b, *_ in outcomes]
    (one,) = leaders(found, [row.bound for row in found.rows], contested(outcomes, pairs or told))
    assert (one.pop("language"), one.pop("score")) == ("en", "ter")
    return one


def test_a_leader_that_is_shown_to_be_better() -> None:
    found = leader(board(0.3, 0.5, 0.4), {(0, 1, "ter", "en"): "better", (1, 2, "ter", "en"): "worse"})
    assert found == {"leader": 1, "runnerUp": 2, "pair": 1, "outcome": "better", "reason": None, "tied": [1]}


def test_a_leader_that_may_be_one_by_chance_is_tied_with_all_that_it_does_not_beat() -> None:
    outcomes = {(0, 1, "ter", "en"): "unshown", (0, 2, "ter", "en"): "worse", (0, 3, "ter", "en"): "unshown"}
    found = leader(board(0.5, 0.4, 0.3, 0.2), outcomes)
    assert found == {"leader": 0, "runnerUp": 1, "pair": 0, "outcome": "unshown", "reason": None, "tied": [0, 1, 3]}


def test_the_least_leads_where_lower_is_better() -> None:
    found = leader(board(0.3, 0.2, higher=False), {(0, 1, "ter", "en"): "better"})
    assert (found["leader"], found["runnerUp"], found["outcome"]) == (1, 0, "better")


def test_an_upper_bound_never_leads() -> None:
    found = leader(board(0.3, 0.9, bounds=(None, "upper")), {(0, 1, "ter", "en"): "better"})
    assert found == {
        "leader": 0, "runnerUp": None, "pair": None, "outcome": "alone", "reason": None, "tied": [0],
    }  # fmt: skip


def test_one_system_is_alone_and_also_where_the_other_is_not_scored() -> None:
    assert leader(board(0.3), {})["outcome"] == "alone"
    assert leader(board(None, 0.3), {})["leader"] == 1
    assert leader(board(None, 0.3), {})["outcome"] == "alone"


def test_where_nothing_is_scored_nobody_leads_and_it_is_said() -> None:
    found = leader(board(None, None), {})
    assert (found["leader"], found["runnerUp"], found["pair"], found["tied"]) == (None, None, None, [])
    assert (found["outcome"], found["reason"]) == ("untested", "nothing is scored")


def test_an_untested_leader_has_a_reason() -> None:
    key = (0, 1, "ter", "en")
    own = {"score": "ter", "language": "en", "reason": "fewer than 2 articles"}
    pair = {"baseline": 0, "candidate": 1, "reason": None, "leftOut": [], "differences": [own]}
    found = leader(board(0.3, 0.2), {key: "untested"}, [pair])
    assert (found["outcome"], found["pair"], found["reason"]) == ("untested", 0, "fewer than 2 articles")
    assert found["tied"] == [0]
    refused = leader(
        board(0.3, 0.2), {}, [{**pair, "reason": "Nothing can be compared: other cases.", "differences": []}]
    )
    assert refused["reason"] == "Nothing can be compared: other cases."
    left_out = leader(board(0.3, 0.2), {}, [{**pair, "leftOut": ["ter en: case:lc"], "differences": []}])
    assert left_out["reason"] == "ter en: case:lc"
    other = leader(board(0.3, 0.2), {}, [{**pair, "baseline": 5}])
    assert (other["pair"], other["reason"]) == (None, "the two are not compared with each other")


# Real runs


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> list[Contents]:
    """Three systems over the same news; the third is wrong by ten in one article."""
    with chdir(tmp_path_factory.mktemp("contested")):
        made = articles(12)
        furnish(made)
        texts = [faithful(made, name) for name in "abc"]
        texts[2]["item-003:en"] = f"It cost {(3 % 23 + 11) * 10} million euros."
        words = ("metric=[chrf,facts]",)
        return [
            contents(load_run(scored(command, name, text, *words).resolve()))
            for name, text in zip("abc", texts, strict=True)
        ]


def test_two_runs_come_to_what_the_command_that_compares_says(read: list[Contents]) -> None:
    found = contest(read[:2], ["a", "b"], [(0, 1)], QUICK)
    expected = compare([item.run for item in read[:2]], QUICK)
    (pair,) = found.pairs
    assert (pair["baseline"], pair["candidate"], pair["reason"], pair["leftOut"]) == (0, 1, None, [])
    assert len(pair["differences"]) == len(expected.versus[0].differences) > 4
    for told, difference in zip(pair["differences"], expected.versus[0].differences, strict=True):
        assert (told["score"], told["language"]) == difference.key
        for name in ("baseline", "candidate", "delta", "detectable"):
            assert told[name] == getattr(difference, name)
        assert told["interval"] == pytest.approx(difference.interval, abs=0.5 * 10 ** -(difference.decimals + 2))
        for name in ("p", "wins", "ties", "losses", "pairs", "total", "articles", "differing", "reason"):
            assert told[name] == getattr(difference, name)
        assert told["adjusted"] == difference.adjusted == corrected(difference, expected.method)
        assert told["outcome"] == outcome(difference, expected.method).name.lower()
        assert told["unpaired"] == difference.unpaired
    assert pair["newFacts"] == len(expected.versus[0].new)
    assert pair["repairedFacts"] == len(expected.versus[0].repaired)
    assert found.method is not None
    assert found.method["tests"] == expected.method.tests
    assert (found.method["pairs"], found.method["on"], found.method["replicates"]) == (1, "common", 499)


def test_p_is_multiplied_by_the_number_of_pairs_on_the_same_draws(read: list[Contents]) -> None:
    every = contest(read, list("abc"), chosen_pairs([None] * 3, 0), QUICK)
    assert [(pair["baseline"], pair["candidate"]) for pair in every.pairs] == [(0, 1), (0, 2), (1, 2)]
    assert every.method is not None
    assert every.method["pairs"] == 3
    for pair in every.pairs:
        two = [read[pair["baseline"]].run, read[pair["candidate"]].run]
        alone = compare(two, QUICK)
        assert every.method["tests"] == alone.method.tests  # within a pair
        for told, difference in zip(pair["differences"], alone.versus[0].differences, strict=True):
            assert told["delta"] == difference.delta
            if difference.adjusted is not None and every.method["exact"] == alone.method.exact:
                # On other permutations than those of two runs alone only where other articles differ at all.
                assert told["adjusted"] == pytest.approx(min(1.0, 3 * difference.adjusted), abs=0.06)


def test_new_false_facts_are_told_with_their_words(read: list[Contents]) -> None:
    (pair,) = contest(read, list("abc"), [(0, 2)], QUICK).pairs
    assert pair["newFacts"] >= len(pair["new"]) > 0
    (told,) = [fact for fact in pair["new"] if fact["case"] == "item-003:en"]
    assert (told["article"], told["language"]) == ("item-003", "en")
    assert told["place"] == ("It cost ", "140 million euros", ".")
    assert told["other"][1] == "14 million euros"
    backward = contest(read, list("abc"), [(2, 0)], QUICK).pairs[0]
    assert (backward["newFacts"], backward["repairedFacts"]) == (pair["repairedFacts"], pair["newFacts"])


def test_who_beats_whom_does_not_depend_on_the_direction(read: list[Contents]) -> None:
    forward = contest(read, list("abc"), [(0, 1), (0, 2)], QUICK)
    backward = contest(read, list("abc"), [(1, 0), (2, 0)], QUICK)
    for other in (1, 2):
        for score in ("chrf", "fact_precision"):
            for language in ("en", "zh"):
                key = (score, language)
                assert forward.beats(0, other, *key) == backward.beats(0, other, *key)
                assert forward.beats(other, 0, *key) == backward.beats(other, 0, *key)
                assert forward.beats(0, other, *key) is not None
    assert forward.beats(1, 2, "chrf", "en") is None


def test_runs_that_have_nothing_in_common_say_so(read: list[Contents]) -> None:
    other = replace(read[1], cases={f"x{id_}": replace(case, id=f"x{id_}") for id_, case in read[1].cases.items()})
    found = contest([read[0], other], list("ab"), [(0, 1)], QUICK)
    (pair,) = found.pairs
    assert pair["reason"].startswith("Nothing can be compared: 24 cases only in the baseline")
    assert (pair["differences"], pair["new"], pair["newFacts"]) == ([], [], 0)
    assert (found.method, found.outcomes) == (None, {})
    three = contest([read[0], other, read[2]], list("abc"), [(0, 1), (0, 2), (1, 2)], QUICK)
    assert [pair["reason"] is None for pair in three.pairs] == [False, True, False]
    assert three.method is not None
    assert three.method["pairs"] == 1


def test_what_only_one_of_two_runs_has_is_named(read: list[Contents]) -> None:
    tables = {key: table for key, table in read[1].tables.items() if key != ("facts", "zh")}
    (pair,) = contest([read[0], replace(read[1], tables=tables)], list("ab"), [(0, 1)], QUICK).pairs
    assert pair["leftOut"] == ["facts zh only in the baseline"]
    assert {(found["score"], found["language"]) for found in pair["differences"]} >= {("chrf", "zh"), ("chrf", "en")}
    assert ("fact_precision", "zh") not in {(found["score"], found["language"]) for found in pair["differences"]}


class Silent(Chrf):
    """A metric that no table shows without being asked, as a user's may be."""

    @property
    def scores(self) -> tuple[ScoreSpec, ...]:
        return tuple(replace(spec, headline=False) for spec in super().scores)


def test_runs_without_a_common_headline_score_are_not_compared(read: list[Contents]) -> None:
    """Found by reading: with nothing to test there was nothing to stack."""
    sides = [
        replace(
            item,
            tables={key: replace(table, metric=Silent()) for key, table in item.tables.items() if key[0] == "chrf"},
        )
        for item in read[:2]
    ]
    found = contest([*sides, read[2]], list("abc"), [(0, 1), (0, 2)], QUICK)
    assert [pair["reason"] for pair in found.pairs] == ["They have no score in common that is tested."] * 2
    assert found.method is None
    asked = contest(sides, list("ab"), [(0, 1)], replace(QUICK, primary="chrf"))
    assert [difference["score"] for difference in asked.pairs[0]["differences"]] == ["chrf", "chrf"]
