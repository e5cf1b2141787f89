"""The gate: judge a comparison by a policy. Pure: the same comparison has the same ruling."""

from collections import Counter
from collections.abc import Sequence

from tercet.comparing.records import Comparison, Difference, Versus
from tercet.errors import ConfigError
from tercet.gating.completeness import Judged, check_complete, is_same
from tercet.gating.differences import check_differences
from tercet.gating.facts import check_facts
from tercet.gating.levels import check_floors
from tercet.gating.policy import Policy
from tercet.gating.records import Check, Ruling, Verdict
from tercet.gating.wording import figure, listed
from tercet.text.counting import counted

PASSED, REGRESSED, INCOMPLETE = 0, 1, 4


def judge(comparison: Comparison, policy: Policy, name: str) -> Ruling:
    """Decide whether a candidate may take the baseline's place.

    What is missing is looked at first, then new false facts, floors, and the differences. What is incomplete
    outweighs what regressed: half a comparison is none.

    Args:
        comparison: The baseline and one candidate, compared with ``policy.settings``.
        policy: What counts.
        name: The policy's, for people.

    Raises:
        ConfigError: The policy gates on a score that was not measured or has no direction, or there is not one
            candidate.
    """
    if len(comparison.versus) != 1:
        raise ConfigError(
            f"A gate judges one candidate, and there are {len(comparison.versus)}.", "Name one with --candidate."
        )
    versus = comparison.versus[0]
    known = {found.key for found in versus.differences}
    if not comparison.method.left_out:
        policy.check_known(known)
    judged = Judged(comparison=comparison, policy=policy, deciding=tuple(_deciding(versus, policy)))
    complete = list(check_complete(judged))
    settled = {check.difference.key for check in complete if check.difference is not None}
    checks = [*complete, *check_facts(judged), *check_floors(judged), *check_differences(judged, settled)]
    code = _exit_code(checks)
    return Ruling(
        policy=name,
        checks=tuple(checks),
        comparison=comparison,
        exit_code=code,
        verdict=f"{'Pass' if code == PASSED else 'Fail'}: {_clause(checks, code)}.",
    )


def _deciding(versus: Versus, policy: Policy) -> list[Difference]:
    return [
        found
        for found in versus.differences
        if policy.decides(
            found.score,
            found.language,
            headline=found.headline,
            directed=found.higher_is_better is not None,
        )
    ]


def _exit_code(checks: Sequence[Check]) -> int:
    failing = {check.verdict for check in checks if check.fails}
    if Verdict.INCOMPLETE in failing:
        return INCOMPLETE
    return REGRESSED if failing else PASSED


def _clause(checks: Sequence[Check], code: int) -> str:
    """Say why, in a clause."""
    if code == INCOMPLETE:
        missing = [check.message for check in checks if check.fails and check.verdict is Verdict.INCOMPLETE]
        more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
        return f"incomplete, so that nothing can be concluded: {missing[0].partition('. ')[0].rstrip('.')}{more}"
    if code == REGRESSED:
        return "; ".join(_faults([check for check in checks if check.fails]))
    return _fine(checks)


def _faults(failing: Sequence[Check]) -> list[str]:
    """Name what failed, kind by kind."""
    facts = sum(check.all_facts for check in failing)
    floors = [check.name for check in failing if check.kind == "floor"]
    worse = [_fall(check) for check in failing if check.kind == "difference" and check.verdict is Verdict.REGRESSED]
    weak = [check.name for check in failing if check.verdict is Verdict.UNDERPOWERED]
    found = []
    if worse:
        found.append(f"worse in {listed(worse)}")
    if facts:
        found.append(counted(facts, "new false fact"))
    if floors:
        found.append(f"beyond the {listed(floors)}")
    if weak:
        found.append(f"underpowered in {listed(weak)}")
    return found


def _fall(check: Check) -> str:
    found = check.difference
    if found is None or found.delta is None:
        return check.name
    return f"{check.name} ({'+' if found.delta > 0 else '-'}{figure(abs(found.delta), found.decimals)})"


def _fine(checks: Sequence[Check]) -> str:
    """Say what was shown, and no more than that."""
    scores = [check for check in checks if check.kind == "difference" and check.verdict is not Verdict.REPORTED]
    kinds = Counter(map(_kind, scores))
    if kinds["same"] == len(scores):
        return f"nothing differs in {counted(len(scores), 'score')}, on any article"
    told = {
        "within": "no worse than the margin in",
        "unseen": "no regression seen in",
        "same": "the same on every article in",
        "weak": "underpowered, so undecided, in",
    }
    return "; ".join(f"{what} {kinds[kind]}" for kind, what in told.items() if kinds[kind]) + (
        f" of {counted(len(scores), 'score')}"
    )


def _kind(check: Check) -> str:
    found = check.difference
    if check.verdict is Verdict.UNDERPOWERED:
        return "weak"
    if found is not None and is_same(found):
        return "same"
    return "unseen" if check.margin is None else "within"
