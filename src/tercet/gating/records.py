"""The nouns of a gate: a policy's checks, each with its verdict, and the ruling over all of them."""

from dataclasses import dataclass
from enum import Enum

from tercet.comparing.records import Comparison, Difference, FalseFact


class Verdict(Enum):
    """What a check came to.

    - ``PASSED``: no worse than the margin; or, without a margin, no regression that would have been seen.
    - ``REGRESSED``: worse, by more than chance and not surely within the margin; below a floor; a new false fact.
    - ``UNDERPOWERED``: the articles are too few to tell a regression from none.
    - ``INCOMPLETE``: outputs or scores are missing, or too few articles were compared.
    - ``REPORTED``: shown, and no part of the decision.
    """

    PASSED = "passed"
    REGRESSED = "regressed"
    UNDERPOWERED = "underpowered"
    INCOMPLETE = "incomplete"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that the gate looked at.

    Args:
        name: What, as ``rouge1 zh`` or ``new false facts``.
        kind: ``difference``, ``floor``, ``facts`` or ``completeness``.
        verdict: What it came to.
        message: One sentence for people: the figures that decide, and what to do.
        fails: Whether it makes the gate fail (or be incomplete) under the policy.
        difference: What was measured, for a check of a score.
        margin: The loss that the policy allows, in the score's unit; None where it names none.
        floor: The smallest value (for scores where lower is better, the largest) that it allows.
        needed: Articles that would be needed for a verdict, where it is underpowered.
        facts: The false facts, for a check of facts; of large runs the worst of them.
        found: How many there are, where that is more.
    """

    name: str
    kind: str
    verdict: Verdict
    message: str
    fails: bool = False
    difference: Difference | None = None
    margin: float | None = None
    floor: float | None = None
    needed: int | None = None
    facts: tuple[FalseFact, ...] = ()
    found: int = 0

    @property
    def all_facts(self) -> int:
        """How many false facts there are, whether they are named or not."""
        return max(self.found, len(self.facts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What the gate decides.

    Args:
        policy: The name of the policy, or of its file.
        checks: In the order in which they are told.
        comparison: What was compared; it has one candidate.
        exit_code: 0 passed, 1 regressed, 4 incomplete or nothing compared.
        verdict: One sentence.
    """

    policy: str
    checks: tuple[Check, ...]
    comparison: Comparison
    exit_code: int
    verdict: str
