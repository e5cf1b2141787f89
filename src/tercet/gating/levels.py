"""Levels: whether a score is below the floor that a policy sets, whatever the baseline has."""

from collections.abc import Iterator

from tercet.comparing.records import Difference
from tercet.gating.completeness import Judged
from tercet.gating.records import Check, Verdict
from tercet.gating.wording import figure


def check_floors(judged: Judged) -> Iterator[Check]:
    """Hold the candidate's scores, over the cases that were compared, against their floors.

    A floor is a figure, and no test: what it is worth over other articles the interval of a run says.
    """
    for found in judged.versus.differences:
        floor = judged.policy.terms(*found.key).floor
        if floor is not None:
            yield _floor(found, floor)


def _floor(found: Difference, floor: float) -> Check:
    name = " ".join(found.key)
    limit, side = ("ceiling", "above") if found.higher_is_better is False else ("floor", "below")
    if found.candidate is None or found.candidate != found.candidate:  # NaN
        return Check(
            name=f"{name} {limit}",
            kind="floor",
            verdict=Verdict.INCOMPLETE,
            message=f"{name} has a {limit} of {floor:g}, and no value: {found.reason or 'no reason is known'}.",
            fails=True,
            difference=found,
            floor=floor,
        )
    beyond = found.candidate > floor if side == "above" else found.candidate < floor
    value = figure(found.candidate, found.decimals)
    return Check(
        name=f"{name} {limit}",
        kind="floor",
        verdict=Verdict.REGRESSED if beyond else Verdict.PASSED,
        message=f"{name} is {value}, {side if beyond else 'not ' + side} its {limit} of {floor:g}.",
        fails=beyond,
        difference=found,
        floor=floor,
    )
