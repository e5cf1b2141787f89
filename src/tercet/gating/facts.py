"""New false facts: each is an error that a reader would believe, so that one is enough."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tercet.comparing.records import FactTally, FalseFact
from tercet.gating.completeness import FACTS, Judged
from tercet.gating.records import Check, Verdict
from tercet.text.counting import counted

_NAME = "new false facts"


def check_facts(judged: Judged) -> Iterator[Check]:
    """Look at the false facts that the candidate has and the baseline has not, in the same case."""
    policy = judged.policy
    if policy.new_facts == "ignore":
        return
    if policy.new_facts == "fail" and (left := _left_out(judged)):
        yield Check(
            name=_NAME,
            kind="facts",
            verdict=Verdict.INCOMPLETE,
            message=f"False facts were not looked for in all that the baseline has: {'; '.join(left)}. Score both"
            " alike, or set gate.new_facts=report.",
            fails=True,
        )
    new = tuple(fact for fact in judged.versus.new if fact.kind in policy.fact_kinds)
    tally = _tally(judged, new)
    if tally.facts:
        fails = policy.new_facts == "fail"
        verdict = Verdict.REGRESSED if fails else Verdict.REPORTED
        yield Check(
            name=_NAME,
            kind="facts",
            verdict=verdict,
            message=_told(judged, new, tally),
            fails=fails,
            facts=new,
            found=tally.facts,
        )
    elif any(found.metric == FACTS for found in judged.versus.differences):
        kinds = " or ".join(policy.fact_kinds).replace("_", " ")
        yield Check(name=_NAME, kind="facts", verdict=Verdict.PASSED, message=f"No fact is newly {kinds}.")
    else:
        message = f"False facts were not looked for: the runs have no metric '{FACTS}'."
        yield Check(name=_NAME, kind="facts", verdict=Verdict.REPORTED, message=message)


def _left_out(judged: Judged) -> list[str]:
    """Name the tables of facts that the baseline has and that are not compared."""
    return [
        what
        for what in judged.comparison.method.left_out
        if what.startswith(f"{FACTS} ") and not what.endswith(" only in the candidate")
    ]


def _tally(judged: Judged, new: Sequence[FalseFact]) -> FactTally:
    """Count what is new; of large runs only the worst are named."""
    given, kinds = judged.versus.new_tally, judged.policy.fact_kinds
    if given is None:
        return FactTally.of(new)
    return replace(given, kinds={kind: count for kind, count in given.kinds.items() if kind in kinds})


def _told(judged: Judged, new: Sequence[FalseFact], tally: FactTally) -> str:
    parts = ", ".join(f"{count:,} {kind.replace('_', ' ')}" for kind, count in tally.kinds.items())
    cases = counted(tally.cases, "case")
    repaired = judged.versus.all_repaired.facts
    also = f"; {repaired:,} of the baseline's {'is' if repaired == 1 else 'are'} gone" if repaired else ""
    worst = f". The worst: {new[0].case_id}: {new[0].message}" if new else "."
    return f"{counted(tally.facts, 'new false fact')} in {cases} ({parts}){also}{worst}"
