"""Comparisons made by hand for a gate: nothing fails in them unless a test says so."""

from typing import Any

from tercet.comparing.records import Comparison, Difference, FalseFact, Method, Side, Versus
from tercet.gating.gate import judge
from tercet.gating.policy import Policy
from tercet.gating.records import Ruling
from tests.report.compared import MAGNITUDE, MALFORMED, difference, mover, side

MARGIN = Policy(scores={"rouge1": {"margin": 0.02}})
NO_MARGIN = Policy()
FACTS = (MAGNITUDE, MALFORMED)


def score(low: float, high: float, p: float = 0.5, **more: Any) -> Difference:
    """rouge1 zh over 24 articles, its delta in the middle of an interval."""
    middle = (low + high) / 2
    known: dict[str, Any] = {"interval": (low, high), "p": p, "adjusted": p}
    return difference("rouge1", "zh", (0.4, round(0.4 + middle, 9)), **(known | more))


def same(name: str = "rouge1", language: str = "zh", **more: Any) -> Difference:
    """A score that is the same on every article."""
    known: dict[str, Any] = {"interval": (0.0, 0.0), "p": 1.0, "adjusted": 1.0, "differing": 0, "error": 0.0}
    return difference(name, language, (0.4, 0.4), **(known | {"detectable": 0.0} | more))


def compared(*differences: Difference, new: tuple[FalseFact, ...] = (), **more: Any) -> Comparison:
    """A comparison of two runs without failures; ``more`` are fields of the sides and the method."""
    sides: dict[str, Side] = {name: more.pop(name, side(name)) for name in ("baseline", "candidate")}
    worse = (mover("mistral:zh", 0.412, 0.201), mover("bridge:zh", 0.3, 0.25))
    versus = Versus(candidate=sides["candidate"], differences=differences, new=new, worse=worse)
    known: dict[str, Any] = {"tests": 2, "primary": "rouge1"}
    method = Method(**(known | more))
    return Comparison(baseline=sides["baseline"], versus=(versus,), method=method)


def ruled(*differences: Difference, policy: Policy = MARGIN, **more: Any) -> Ruling:
    """Judge a comparison."""
    return judge(compared(*differences, **more), policy, "default")
