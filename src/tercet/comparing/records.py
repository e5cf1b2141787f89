"""The nouns of a comparison: a difference for each score and language, the articles that moved, slices."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tercet.records import Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A run that is compared.

    Args:
        label: Its name in tables; no two of a comparison are alike.
        folder: Where it lies.
        cases: How many cases it has.
        failures: How many of them failed.
        config: Hash of its config.
    """

    label: str
    folder: str
    cases: int
    failures: int
    config: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One score in one language: a candidate against the baseline, over the cases that both have scored.

    Args:
        metric: The metric's name.
        score: The score's.
        language: Target language.
        higher_is_better: None where neither direction is better.
        decimals: How many a table prints.
        headline: Whether tables show it without being asked.
        signature: What fixes the score; the same on both sides.
        baseline: Its value over the pairs; None where there is no pair.
        candidate: Likewise.
        delta: Candidate minus baseline, whatever the direction.
        interval: Where the delta would lie with other articles; None with its ``reason``.
        level: Of the interval, as 0.95.
        p: Two-sided, of the test by articles; None where there is none, with its ``reason``.
        adjusted: The same, corrected for all the tests of the comparison.
        wins: Pairs in which the candidate is better; with no direction, higher.
        ties: Pairs that are equal.
        losses: The others.
        pairs: Cases that both have scored.
        total: Cases that either has.
        articles: Clusters among the pairs: the n of the test.
        differing: Clusters among them whose statistics differ at all.
        unpaired: Why the other cases are not compared, with their numbers.
        error: Standard error of the delta over articles; None where it is not known.
        detectable: Smallest true difference that this many articles show with the power asked for, in a test by
            itself; None where nothing varies, or the articles are too few.
        reason: Why there is no interval or no test.
    """

    metric: str
    score: str
    language: str
    higher_is_better: bool | None
    decimals: int = 3
    headline: bool = True
    signature: str = ""
    baseline: float | None
    candidate: float | None
    delta: float | None
    interval: tuple[float, float] | None = None
    level: float = 0.95
    p: float | None = None
    adjusted: float | None = None
    wins: int = 0
    ties: int = 0
    losses: int = 0
    pairs: int = 0
    total: int = 0
    articles: int = 0
    differing: int = 0
    unpaired: Mapping[str, int] = field(default_factory=dict)
    error: float | None = None
    detectable: float | None = None
    reason: str | None = None

    @property
    def better(self) -> float | None:
        """The delta where up is better: above 0 where the candidate is better; None without a direction."""
        if self.delta is None or self.higher_is_better is None:
            return None
        return self.delta if self.higher_is_better else -self.delta

    @property
    def key(self) -> tuple[str, str]:
        """Score and language."""
        return self.score, self.language


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseFact:
    """A fact of an output that its source does not support.

    Args:
        case_id: The case.
        kind: ``contradicted``, ``malformed`` or ``not_found``.
        label: What is wrong, in a word, as ``magnitude``; may be empty.
        value: The normalized value of what stands in the output.
        message: One sentence for people.
        place: Where it stands in the output, with the words about it.
        other: What the source says; None where nothing speaks against it.
        metric: Whose evidence it is.
    """

    case_id: str
    kind: str
    label: str
    value: str
    message: str
    place: Quote | None
    other: Quote | None
    metric: str = "facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTally:
    """How many false facts there are, of which a comparison of large runs names only the worst.

    Args:
        kinds: By kind, how many.
        cases: In how many cases.
    """

    kinds: Mapping[str, int]
    cases: int

    @classmethod
    def of(cls, facts: Sequence[FalseFact]) -> "FactTally":
        """Count facts that are all there."""
        return cls(kinds=Counter(fact.kind for fact in facts), cases=len({fact.case_id for fact in facts}))

    @property
    def facts(self) -> int:
        """How many of all kinds."""
        return sum(self.kinds.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """A case whose score moved, with what became false or right in it.

    Args:
        case_id: The case, as ``mistral:zh``.
        article: Its article.
        language: Its target language.
        score: Which score moved.
        baseline: The score's value of the baseline's output.
        candidate: Of the candidate's.
        delta: Candidate minus baseline.
        new: False facts of the candidate that the baseline has not in this case.
        repaired: Those of the baseline that the candidate has not.
    """

    case_id: str
    article: str
    language: str
    score: str
    baseline: float
    candidate: float
    delta: float
    new: tuple[FalseFact, ...] = ()
    repaired: tuple[FalseFact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A part of the cases: those with a tag, of a length, from a source language.

    Args:
        by: ``tag``, ``length`` or ``source language``.
        value: Which.
        differences: Those of the part, without p: many slices would need many corrections.
    """

    by: str
    value: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Versus:
    """A candidate against the baseline.

    Args:
        candidate: The run.
        differences: By metric, score and language, in the order of the run's scores.
        better: Cases that moved to the better most, first the most.
        worse: Cases that moved to the worse most, first the most.
        new: False facts (contradicted or malformed) of the candidate that the baseline has not, the worst first.
        repaired: Those of the baseline that the candidate has not, likewise.
        slices: Parts of the cases.
        new_tally: How many are new, where ``new`` holds only the worst of them; None where it holds all.
        repaired_tally: Likewise of ``repaired``.
    """

    candidate: Side
    differences: tuple[Difference, ...]
    better: tuple[Mover, ...] = ()
    worse: tuple[Mover, ...] = ()
    new: tuple[FalseFact, ...] = ()
    repaired: tuple[FalseFact, ...] = ()
    slices: tuple[Slice, ...] = ()
    new_tally: FactTally | None = None
    repaired_tally: FactTally | None = None

    @property
    def all_new(self) -> FactTally:
        """How many false facts are new, whether they are named or not."""
        return FactTally.of(self.new) if self.new_tally is None else self.new_tally

    @property
    def all_repaired(self) -> FactTally:
        """How many are repaired, likewise."""
        return FactTally.of(self.repaired) if self.repaired_tally is None else self.repaired_tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How a comparison was made.

    Args:
        seed: Of the draws.
        replicates: How many permutations.
        resamples: How many resamples an interval is made of.
        exact: Whether all permutations were enumerated.
        level: Of the intervals.
        alpha: Level of the tests.
        power: With which ``detectable`` would be seen.
        correction: ``max_t``, ``holm``, ``bh`` or ``none``.
        tests: How many p-values are corrected together.
        on: ``all`` or ``common``: whether only what both runs have is compared.
        primary: The score that was declared to decide, and is not corrected over the others; empty where none was.
        left_out: What is not compared, with the reason: where ``on`` is ``common``, and where runs are large.
        resampling: How articles are drawn anew for an interval: ``multinomial``, as many of them as there are; or
            ``poisson``, each by itself as often as a hash of its id says, which needs no article to be in memory.
    """

    seed: int = 0
    replicates: int = 10_000
    resamples: int = 2_000
    exact: bool = False
    level: float = 0.95
    alpha: float = 0.05
    power: float = 0.8
    correction: str = "max_t"
    tests: int = 0
    on: str = "all"
    primary: str = ""
    left_out: tuple[str, ...] = ()
    resampling: Literal["multinomial", "poisson"] = "multinomial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One or more candidates against a baseline."""

    baseline: Side
    versus: tuple[Versus, ...]
    method: Method
