"""The gate: what each comparison comes to, in which words, and the ways to fool it that do not work."""

from dataclasses import replace
from math import nan
from typing import Any

import pytest

from tercet.comparing.records import Comparison, Difference
from tercet.errors import ConfigError
from tercet.gating.gate import judge
from tercet.gating.policy import Policy
from tercet.gating.records import Check, Verdict
from tests.gating.ruled import FACTS, MARGIN, NO_MARGIN, compared, ruled, same, score
from tests.report.compared import MAGNITUDE, MALFORMED, difference, side

LOWER: dict[str, Any] = {"higher_is_better": False, "decimals": 2}


def the(checks: tuple[Check, ...], name: str = "rouge1 zh") -> Check:
    (found,) = [check for check in checks if check.name == name]
    return found


# Where the interval lies, p, whether there is a margin of 0.02; the verdict, and what its sentence says.
STANDINGS: dict[str, tuple[Difference, Policy, Verdict, str]] = {
    "no worse": (
        score(-0.015, 0.021),
        MARGIN,
        Verdict.PASSED,
        "rouge1 zh rose by 0.003 [-0.015, 0.021], p 0.5: no worse than the margin of 0.02.",
    ),
    "worse, and within the margin": (
        score(-0.018, -0.002, p=0.01, adjusted=0.02),
        MARGIN,
        Verdict.PASSED,
        "rouge1 zh fell by 0.010 [-0.018, -0.002], p 0.02 (corrected): no worse than the margin of 0.02.",
    ),
    "better": (score(0.01, 0.05, p=0.001), MARGIN, Verdict.PASSED, "p 0.001: better."),
    "worse": (
        score(-0.066, -0.016, p=0.001, adjusted=0.002),
        MARGIN,
        Verdict.REGRESSED,
        "rouge1 zh fell by 0.041 [-0.066, -0.016], p 0.002 (corrected): worse, and not within the margin of 0.02.",
    ),
    "undecided": (
        score(-0.05, 0.04),
        MARGIN,
        Verdict.UNDERPOWERED,
        "rouge1 zh fell by 0.005 [-0.050, 0.040], p 0.5: underpowered: 24 articles show 0.029 or more; to settle a"
        " margin of 0.02 about 50 are needed.",
    ),
    "worse before the correction only": (
        score(-0.05, -0.001, p=0.04, adjusted=0.2),
        MARGIN,
        Verdict.UNDERPOWERED,
        "p 0.2 (corrected): underpowered",
    ),
    "worse, without a margin": (score(-0.05, -0.01, p=0.01), NO_MARGIN, Verdict.REGRESSED, "p 0.01: worse."),
    "not seen, without a margin": (
        score(-0.05, 0.04),
        NO_MARGIN,
        Verdict.PASSED,
        "p 0.5: no regression seen; 24 articles show 0.029 or more.",
    ),
    "the same": (same(), NO_MARGIN, Verdict.PASSED, "rouge1 zh is the same on all 24 articles."),
    "lower is better, and it rose": (
        difference("rouge1", "zh", (0.5, 0.75), interval=(0.1, 0.4), p=0.00004, adjusted=0.00008, **LOWER),
        MARGIN,
        Verdict.REGRESSED,
        "rouge1 zh rose by 0.25 [0.10, 0.40], p <0.0001 (corrected): worse, and not within the margin of 0.02.",
    ),
    "lower is better, and it fell": (
        difference("rouge1", "zh", (0.75, 0.5), interval=(-0.4, -0.1), p=0.001, adjusted=0.001, **LOWER),
        MARGIN,
        Verdict.PASSED,
        "rouge1 zh fell by 0.25 [-0.40, -0.10], p 0.001: better.",
    ),
    "worse on so few articles that no p can say it": (
        score(-0.05, 0.04, p=0.0625, differing=5),
        NO_MARGIN,
        Verdict.UNDERPOWERED,
        "underpowered: 5 articles differ in rouge1, and p cannot be below 0.062 with so few, whatever they show.",
    ),
    "better on few articles": (score(-0.04, 0.05, differing=5), NO_MARGIN, Verdict.PASSED, "no regression seen"),
}


@pytest.mark.parametrize("name", STANDINGS)
def test_what_a_difference_comes_to(name: str) -> None:
    found, policy, verdict, said = STANDINGS[name]
    ruling = ruled(found, policy=policy)
    check = the(ruling.checks)
    assert check.verdict is verdict
    assert said in check.message
    assert check.fails == (verdict is Verdict.REGRESSED)
    assert ruling.exit_code == (1 if check.fails else 0)


def test_an_underpowered_score_fails_where_the_policy_says_so_and_names_the_articles() -> None:
    ruling = ruled(score(-0.05, 0.04), policy=Policy(underpowered="fail", scores={"rouge1": {"margin": 0.02}}))
    assert ruling.exit_code == 1
    assert ruling.verdict == "Fail: underpowered in rouge1 zh."
    assert the(ruling.checks).needed == 50


def test_a_loss_that_more_articles_would_settle_asks_for_more_than_there_are() -> None:
    """By the margin alone 24 articles are plenty; with the loss that was found they are not."""
    unlucky = score(-0.021, 0.001, p=0.2, error=0.006)
    check = the(ruled(unlucky).checks)
    assert check.verdict is Verdict.UNDERPOWERED
    assert check.needed is not None
    assert check.needed > 24


def test_without_a_margin_so_few_articles_never_pass_as_if_they_could_have_failed() -> None:
    few = score(-0.04, 0.05, articles=5, differing=5, pairs=5)
    policy = Policy(min_articles=2)
    ruling = ruled(few, policy=policy)
    assert the(ruling.checks).verdict is Verdict.UNDERPOWERED
    assert ruling.exit_code == 4
    assert "Nothing could have failed: over 5 articles no p is below 0.062" in ruling.verdict
    facts = replace(few, metric="facts", score="fact_precision")  # a new false fact would have failed
    for ruling in (
        ruled(few, facts, policy=policy),
        ruled(few, policy=replace(policy, scores={"rouge1": {"floor": 0.1}})),
    ):
        assert ruling.verdict.startswith("Pass: underpowered, so undecided, in ")
    assert ruled(few, policy=replace(policy, underpowered="fail")).exit_code == 1
    assert ruled(same(articles=5, pairs=5), policy=policy).exit_code == 0, "nothing differs"


def test_holm_asks_for_more_articles_than_one_test_does() -> None:
    found = score(-0.05, 0.04, articles=10, differing=8, pairs=10)  # 2 / 2^8 = 0.008, and 12 tests make it 0.09
    for correction, verdict in (("max_t", Verdict.PASSED), ("holm", Verdict.UNDERPOWERED)):
        ruling = ruled(found, policy=Policy(correction=correction), correction=correction, tests=12)
        assert the(ruling.checks).verdict is verdict


VERDICTS = [
    ((same(), same("chrf")), {}, "Pass: nothing differs in 2 scores, on any article."),
    (
        (score(-0.01, 0.01), same("chrf"), replace(score(-0.05, 0.04), score="bleu")),
        {},
        "Pass: no worse than the margin in 1; no regression seen in 1; the same on every article in 1 of 3 scores.",
    ),
    (
        (score(-0.066, -0.016, p=0.001), same("chrf")),
        {"new": FACTS},
        "Fail: worse in rouge1 zh (-0.041); 2 new false facts.",
    ),
    ((same(),), {"candidate": side("B", 3)}, "3 of 48 outputs failed in the candidate, or came back empty."),
]


@pytest.mark.parametrize(("differences", "more", "expected"), VERDICTS)
def test_the_verdict_is_one_sentence(differences: Any, more: Any, expected: str) -> None:
    verdict = ruled(*differences, **more).verdict
    assert verdict.endswith(expected)
    assert verdict.startswith(("Pass: ", "Fail: "))


def lost(reason: str, count: int = 1, pairs: int = 23) -> Difference:
    return score(-0.01, 0.02, pairs=pairs, total=24, articles=pairs, unpaired={reason: count})


ABSENT: dict[str, Any] = {
    "values": None,
    "p": None,
    "adjusted": None,
    "pairs": 0,
    "articles": 0,
    "differing": 0,
    "reason": "no case is scored in both runs",
}
UNKNOWN: dict[str, Any] = {"p": None, "adjusted": None, "reason": "undefined over the pairs"}
GOOD = score(-0.01, 0.02)

# Ways to come through a gate, and the exit code that each gets.
FOOLING: dict[str, tuple[int, Comparison, Policy]] = {
    "nothing was compared": (4, compared(), NO_MARGIN),
    "no score decides": (4, compared(difference("length", "zh", (1.0, 2.0), higher_is_better=None)), NO_MARGIN),
    "an output of the candidate failed": (4, compared(GOOD, candidate=side("B", 1)), MARGIN),
    "an output of the baseline failed": (4, compared(GOOD, baseline=side("A", 1)), MARGIN),
    "more failed than the policy allows": (4, compared(GOOD, candidate=side("B", 3)), Policy(max_missing=2)),
    "no more failed than the policy allows": (0, compared(GOOD, candidate=side("B", 2)), Policy(max_missing=2)),
    "the candidate has no cases": (4, compared(GOOD, candidate=replace(side("B"), cases=0)), MARGIN),
    "a hard case has no score": (4, compared(lost("candidate: the model gave no finite number")), MARGIN),
    "a hard case was lost, and failures are not counted": (4, compared(lost("candidate: no output: 500")), MARGIN),
    "a case has nothing to check": (0, compared(lost("candidate: nothing in it can be checked")), MARGIN),
    "nothing to check is no excuse": (
        4,
        compared(lost("candidate: nothing in it can be checked")),
        Policy(excused=[], scores={"rouge1": {"margin": 0.02}}),
    ),
    "the baseline lacks a score": (0, compared(lost("baseline: a reference is empty")), MARGIN),
    "both lack a score for now": (4, compared(lost("both: not now: the server is down")), MARGIN),
    "the baseline lacks a score for now": (4, compared(lost("baseline: not now: the server is down")), MARGIN),
    "most cases have nothing to check": (
        4,
        compared(lost("candidate: nothing in it can be checked", 16, pairs=8)),
        MARGIN,
    ),
    "too few articles": (4, compared(score(0.0, 0.1, articles=9, differing=9, pairs=9)), MARGIN),
    "too few articles, and all the same": (4, compared(same(articles=9, pairs=9)), MARGIN),
    "too few for one language's rule": (
        4,
        compared(GOOD),
        Policy(scores={"rouge1": {"languages": {"zh": {"min_articles": 30}}}}),
    ),
    "the candidate's score is NaN": (4, compared(replace(GOOD, candidate=nan)), MARGIN),
    "the delta is NaN": (4, compared(replace(GOOD, delta=nan)), MARGIN),
    "the delta is not known": (4, compared(replace(GOOD, candidate=None, delta=None, **UNKNOWN)), MARGIN),
    "p is NaN": (4, compared(replace(GOOD, p=nan, adjusted=nan)), MARGIN),
    "p is not known": (4, compared(replace(GOOD, **UNKNOWN)), MARGIN),
    "an end of the interval is NaN": (4, compared(replace(GOOD, interval=(nan, 0.1))), MARGIN),
    "there is no interval": (4, compared(replace(GOOD, interval=None, reason="one article")), MARGIN),
    "a score is on neither side": (
        0,
        compared(
            GOOD, difference("bleu", "zh", unpaired={"both: there is no reference in this language": 24}, **ABSENT)
        ),
        MARGIN,
    ),
    "the only score is on neither side": (4, compared(difference("rouge1", "zh", **ABSENT)), MARGIN),
    "the primary score is on neither side": (
        4,
        compared(GOOD, difference("bleu", "zh", **ABSENT)),
        Policy(primary="bleu"),
    ),
    "a score that must decide is on neither side": (
        4,
        compared(GOOD, difference("bleu", "zh", **ABSENT)),
        Policy(scores={"bleu": {"gates": True}}),
    ),
    "the primary score was left out": (4, compared(GOOD, left_out=("bleu zh",)), Policy(primary="bleu")),
    "a floor has no value": (
        4,
        compared(GOOD, difference("bleu", "zh", **ABSENT)),
        Policy(scores={"bleu": {"floor": 1.0}}),
    ),
    "below a floor, though better": (1, compared(score(0.1, 0.2)), Policy(scores={"rouge1": {"floor": 0.6}})),
    "at the floor": (0, compared(same()), Policy(scores={"rouge1": {"floor": 0.4}})),
    "above a ceiling": (1, compared(same(**LOWER)), Policy(scores={"rouge1": {"floor": 0.3}})),
    "a floor of a score that is only shown": (
        1,
        compared(GOOD, same("bleu")),
        Policy(scores={"bleu": {"floor": 0.5, "gates": False}}),
    ),
    "a new false fact in a good run": (1, compared(score(0.1, 0.2, p=0.001), new=(MAGNITUDE,)), MARGIN),
    "new false facts are shown": (0, compared(GOOD, new=FACTS), Policy(new_facts="report")),
    "new false facts are ignored": (0, compared(GOOD, new=FACTS), Policy(new_facts="ignore")),
    "a false fact of another kind": (0, compared(GOOD, new=(MALFORMED,)), Policy(fact_kinds=["contradicted"])),
    "another score than the primary is worse": (
        0,
        compared(GOOD, replace(score(-0.1, -0.05, p=0.001), score="bleu")),
        Policy(primary="rouge1"),
    ),
    "one language of the primary is worse": (
        1,
        compared(GOOD, replace(score(-0.1, -0.05, p=0.001), language="en")),
        Policy(primary="rouge1"),
    ),
    "better on average, worse in one score": (
        1,
        compared(score(0.1, 0.2, p=0.001), replace(score(-0.1, -0.05, p=0.001), score="bleu")),
        MARGIN,
    ),
    "a score's own alpha is stricter": (
        0,
        compared(score(-0.1, -0.01, p=0.02)),
        Policy(scores={"rouge1": {"alpha": 0.01}}),
    ),
    "a margin allows to lose everything": (4, compared(GOOD), Policy(scores={"rouge1": {"margin": 0.4}})),
    "a margin allows to lose everything in one score": (
        0,
        compared(GOOD, replace(GOOD, score="bleu")),
        Policy(scores={"rouge1": {"margin": 1000}}),
    ),
    "the primary score may lose everything": (
        4,
        compared(GOOD, replace(GOOD, score="bleu")),
        Policy(primary="rouge1", scores={"rouge1": {"margin": 1000}}),
    ),
    "false facts were looked for in one language": (
        4,
        compared(replace(GOOD, metric="facts"), left_out=("facts en only in the baseline",)),
        MARGIN,
    ),
    "false facts were looked for in what the baseline has": (
        0,
        compared(GOOD, left_out=("facts en only in the candidate",)),
        MARGIN,
    ),
    "false facts need not be looked for": (
        0,
        compared(GOOD, left_out=("facts en only in the baseline",)),
        Policy(new_facts="report"),
    ),
    "alpha is so small that nothing could fail": (
        4,
        compared(score(-0.01, 0.02, articles=20, pairs=20)),  # 2 / 2^20 = 1.9e-6
        Policy(alpha=1e-6, replicates=1_000_000),
    ),
    "worse and incomplete": (4, compared(score(-0.1, -0.05, p=0.001), candidate=side("B", 1)), MARGIN),
}


@pytest.mark.parametrize("name", FOOLING)
def test_ways_to_fool_the_gate(name: str) -> None:
    code, comparison, policy = FOOLING[name]
    ruling = judge(comparison, policy, "default")
    assert ruling.exit_code == code, [check.message for check in ruling.checks]
    assert ruling.verdict.startswith("Pass: " if code == 0 else "Fail: ")
    assert all(check.message for check in ruling.checks)
    assert "nan" not in " ".join(check.message for check in ruling.checks)


MISTAKES: dict[str, tuple[Comparison, Policy, str]] = {
    "primary": (compared(GOOD), Policy(primary="rogue1"), "Did you mean 'rouge1'?"),
    "floor": (compared(GOOD), Policy(scores={"rouge": {"floor": 0.1}}), "no run has it"),
    "floor in a language": (
        compared(GOOD),
        Policy(scores={"rouge1": {"languages": {"en": {"floor": 0.1}}}}),
        "no run has it in 'en'",
    ),
    "two candidates": (replace(compared(GOOD), versus=compared(GOOD).versus * 2), MARGIN, "--candidate"),
    "no candidate": (replace(compared(GOOD), versus=()), MARGIN, "--candidate"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_policy_that_asks_for_what_is_not_there(name: str) -> None:
    comparison, policy, said = MISTAKES[name]
    with pytest.raises(ConfigError) as caught:
        judge(comparison, policy, "default")
    assert said in str(caught.value)


def test_what_is_listed_and_was_not_measured_is_told_in_a_line() -> None:
    rules = {"comet": {"margin": 0.01}, "rouge1": {"languages": {"en": {"margin": 0.02}}}}
    messages = [check.message for check in ruled(GOOD, policy=Policy(scores=rules)).checks]
    assert "The policy has rules for scores that were not measured: comet." in messages
    assert "The policy has a rule for rouge1 in 'en', and it was not measured." in messages


def test_facts_that_nobody_looked_for_are_not_said_to_be_right() -> None:
    assert "were not looked for" in the(ruled(GOOD).checks, "new false facts").message
    measured = replace(GOOD, metric="facts")
    assert the(ruled(measured).checks, "new false facts").message == "No fact is newly contradicted or malformed."


def test_new_false_facts_are_counted_and_the_worst_is_told() -> None:
    check = the(ruled(GOOD, new=FACTS).checks, "new false facts")
    assert check.facts == FACTS
    assert check.message.startswith("2 new false facts in 2 cases (1 contradicted, 1 malformed). The worst: mistral:zh")


def test_what_is_left_out_is_told() -> None:
    ruling = ruled(GOOD, left_out=("chrf zh only in the baseline",), on="common")
    assert the(ruling.checks, "left out").message == "Not compared: chrf zh only in the baseline."


def test_failures_are_told_once_and_not_for_every_score() -> None:
    found = lost("candidate: no output: 500")
    ruling = judge(compared(found, replace(found, score="bleu"), candidate=side("B", 1)), NO_MARGIN, "default")
    assert [check.name for check in ruling.checks if check.fails] == ["outputs of the candidate"]


def test_completeness_comes_first_then_facts_floors_and_differences() -> None:
    policy = Policy(scores={"rouge1": {"floor": 0.1, "margin": 0.02}})
    kinds = [check.kind for check in ruled(GOOD, policy=policy, new=FACTS).checks]
    assert list(dict.fromkeys(kinds)) == ["completeness", "facts", "floor", "difference"]


def test_the_same_comparison_has_the_same_ruling() -> None:
    assert judge(compared(GOOD, new=FACTS), MARGIN, "x") == judge(compared(GOOD, new=FACTS), MARGIN, "x")
