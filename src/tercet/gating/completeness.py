"""Completeness: whether enough was made and scored for a verdict to mean anything."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from tercet.comparing.records import Comparison, Difference, Versus
from tercet.gating.policy import Policy, measured
from tercet.gating.records import Check, Verdict
from tercet.gating.wording import figure
from tercet.metrics.contract import LOST, PASSING
from tercet.text.counting import counted

FACTS = "facts"  # the metric that finds false facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is judged: a comparison with one candidate, and the differences that decide under a policy."""

    comparison: Comparison
    policy: Policy
    deciding: tuple[Difference, ...]

    @property
    def versus(self) -> Versus:
        """The candidate."""
        return self.comparison.versus[0]

    @property
    def known(self) -> set[tuple[str, str]]:
        """Scores and languages that were compared."""
        return {found.key for found in self.versus.differences}


def check_complete(judged: Judged) -> Iterator[Check]:
    """Look for what is missing: outputs, scores, articles, and anything to compare at all.

    A score that neither side has for a lasting reason, such as an article without a source text, could not be lost
    by the candidate; it is shown, and the gate does not fail for it unless nothing else is left.
    """
    outputs = list(_outputs(judged))
    yield from outputs
    yield from _left_out(judged)
    told = any(check.fails for check in outputs)  # then it need not be said again of every score
    compared = []
    for found in judged.deciding:
        lost = {reason: count for reason, count in _lost(found, judged.policy) if not (told and LOST in reason)}
        check = _score(found, judged, lost)
        if check is None:
            compared.append(found)
        else:
            yield check
    if not compared:
        yield _incomplete(
            "comparison",
            "No score that decides could be compared. Check the metrics and the policy: gate.primary, gate.scores.",
        )
    elif not _can_fail(compared, judged):
        most = max(compared, key=lambda found: found.articles)
        yield _incomplete(
            "comparison",
            f"Nothing could have failed: over {counted(most.articles, 'article')} no p is below"
            f" {smallest_p(most.articles, judged):.2g}, alpha is {judged.policy.terms(*most.key).alpha:g}, no score has"
            " a floor, and new false facts do not fail. Add articles, or let one of these decide.",
        )


def _outputs(judged: Judged) -> Iterator[Check]:
    """Look at the outputs that failed on either side."""
    most = judged.policy.max_missing
    sides = (("baseline", judged.comparison.baseline), ("candidate", judged.versus.candidate))
    if all(side.cases and not side.failures for _, side in sides):
        yield Check(
            name="outputs",
            kind="completeness",
            verdict=Verdict.PASSED,
            message=f"No output failed: {counted(judged.versus.candidate.cases, 'case')}.",
        )
    for name, side in sides:
        if not side.cases:
            yield _incomplete(f"outputs of the {name}", f"The {name} has no cases. Check its corpus.")
        elif side.failures > most:
            yield _incomplete(
                f"outputs of the {name}",
                f"{side.failures:,} of {counted(side.cases, 'output')} failed in the {name}, or came back empty."
                " Mend the cause and repeat the command: what is done is kept.",
            )
        elif side.failures:
            yield Check(
                name=f"outputs of the {name}",
                kind="completeness",
                verdict=Verdict.REPORTED,
                message=f"{side.failures:,} of {counted(side.cases, 'output')} failed in the {name}; max_missing"
                f" allows {most}.",
            )


def _left_out(judged: Judged) -> Iterator[Check]:
    """Tell what is not compared; what the policy demands must not be among it."""
    for score, language in judged.policy.demanded():
        if not measured(score, language, judged.known):
            name = score if language is None else f"{score} {language}"
            yield _incomplete(name, f"The policy demands {name}, and it is not among what both runs have.")
    for what in judged.comparison.method.left_out:
        yield Check(name="left out", kind="completeness", verdict=Verdict.REPORTED, message=f"Not compared: {what}.")
    for score, language in judged.policy.undemanded():
        if language is not None and not measured(score, language, judged.known) and measured(score, None, judged.known):
            yield Check(
                name=f"{score} {language}",
                kind="completeness",
                verdict=Verdict.REPORTED,
                message=f"The policy has a rule for {score} in '{language}', and it was not measured.",
            )
    absent = [
        score
        for score, language in judged.policy.undemanded()
        if language is None and not measured(score, None, judged.known)
    ]
    if absent:
        yield Check(
            name="not measured",
            kind="completeness",
            verdict=Verdict.REPORTED,
            message=f"The policy has rules for scores that were not measured: {', '.join(absent)}.",
        )


def _score(found: Difference, judged: Judged, lost: Mapping[str, int]) -> Check | None:
    """Say why a score cannot decide; None where it can."""
    terms = judged.policy.terms(*found.key)
    name = " ".join(found.key)
    if not found.pairs and _on_neither(found) and not _demanded(found, judged.policy):
        why = "; ".join(reason.removeprefix("both: ") for reason in found.unpaired) or found.reason or "no case"
        return Check(
            name=name,
            kind="completeness",
            verdict=Verdict.REPORTED,
            message=f"Neither run has {name}: {why}.",
            difference=found,
        )
    if sum(lost.values()) > judged.policy.max_missing:
        what = "; ".join(f"{reason} ({count:,})" for reason, count in lost.items())
        cases = counted(sum(lost.values()), "case")
        return _incomplete(
            name,
            f"{name} is missing in {cases}: {what}. Without them nothing shows that the candidate is no worse.",
            found,
        )
    if found.articles < terms.min_articles:
        return _incomplete(
            name,
            f"{name} was compared over {counted(found.articles, 'article')}, and the policy asks for"
            f" {terms.min_articles}. {_why_few(found)}",
            found,
        )
    if not is_tested(found):
        return _incomplete(name, f"{name} could not be tested: {found.reason or 'a figure is missing'}.", found)
    return _lenient(found, judged.policy)


def _lenient(found: Difference, policy: Policy) -> Check | None:
    """Say of a score that it may be lost as a whole under its margin: it has no part in the decision."""
    margin, baseline = policy.terms(*found.key).margin, found.baseline or 0.0
    if margin is None or not found.higher_is_better or not 0 < baseline <= margin:
        return None
    name = " ".join(found.key)
    fails = _demanded(found, policy)
    return Check(
        name=name,
        kind="completeness",
        verdict=Verdict.INCOMPLETE if fails else Verdict.REPORTED,
        message=f"{name} decides nothing: its margin of {margin:g} allows the loss of all that the baseline has,"
        f" {figure(baseline, found.decimals)}.",
        fails=fails,
        difference=found,
        margin=margin,
    )


def smallest_p(articles: int, judged: Judged) -> float:
    """Give the smallest p that a permutation test over so many articles can have, after the correction.

    Swapping the sides of n articles has no p below 2 / 2^n, and Holm multiplies it by the number of tests.
    """
    method = judged.comparison.method
    times = method.tests if method.correction == "holm" and judged.policy.primary is None else 1
    return min(1.0, times * 2 * 0.5**articles)


def _can_fail(compared: Sequence[Difference], judged: Judged) -> bool:
    """Whether any outcome would have failed: a gate that cannot fail has not passed.

    Where nothing differs on any article there is nothing to fail, and no test is needed to say so.
    """
    policy, differences = judged.policy, judged.versus.differences
    return (
        all(is_same(found) for found in compared)
        or policy.underpowered == "fail"
        or (policy.new_facts == "fail" and any(found.metric == FACTS for found in differences))
        or any(policy.terms(*found.key).floor is not None for found in differences)
        or any(smallest_p(found.articles, judged) <= policy.terms(*found.key).alpha for found in compared)
    )


def is_same(found: Difference) -> bool:
    """Whether both runs have the same statistics on every article, so that there is nothing to test."""
    return not found.differing and found.delta == 0


def is_tested(found: Difference) -> bool:
    """Whether every figure that a verdict needs is known."""
    needed = [found.baseline, found.candidate, found.delta]
    if not is_same(found):
        needed += [found.p, found.adjusted, *(found.interval or (None,))]
    return all(number is not None and isfinite(number) for number in needed)


def _why_few(found: Difference) -> str:
    what = "; ".join(f"{reason} ({count:,})" for reason, count in found.unpaired.items())
    return f"Not compared: {what}." if what else "Add articles, or lower gate.min_articles."


def _on_neither(found: Difference) -> bool:
    """Whether a score is on neither side, and for reasons that last."""
    return all(reason.startswith("both: ") and not _fleeting(reason) for reason in found.unpaired)


def _fleeting(reason: str) -> bool:
    return PASSING in reason or LOST in reason


def _demanded(found: Difference, policy: Policy) -> bool:
    return policy.terms(*found.key).gates is True or any(
        score == found.score and language in {None, found.language} for score, language in policy.demanded()
    )


def _lost(found: Difference, policy: Policy) -> Iterator[tuple[str, int]]:
    """Count the cases that lack a score which should be there: by reason.

    It should be there where the baseline has it, but for excused reasons; and on any side that lacks it only now.
    """
    for reason, count in found.unpaired.items():
        side, _, why = reason.partition(": ")
        if (side == "candidate" and why not in policy.excused) or PASSING in why:
            yield reason, count


def _incomplete(name: str, message: str, found: Difference | None = None) -> Check:
    return Check(
        name=name, kind="completeness", verdict=Verdict.INCOMPLETE, message=message, fails=True, difference=found
    )
