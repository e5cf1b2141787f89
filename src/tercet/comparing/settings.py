"""How runs are compared."""

from dataclasses import dataclass
from typing import Literal

from tercet.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How runs are compared.

    Args:
        seed: Of permutations and resamples; any integer from 0.
        replicates: How many permutations; where the articles allow no more, each is taken once.
        alpha: Level of the tests.
        power: With which the smallest detectable difference would be seen.
        level: Of the intervals.
        correction: For the number of tests: ``max_t`` uses how they depend on each other; ``holm``; ``bh`` bounds the
            share of false discoveries and not their probability; ``none``.
        on: ``all``: runs over other cases, texts or signatures are refused; ``common``: what differs is left out.
        scores: Which scores; none named takes the headline ones.
        primary: The score that is tested with no correction over the others, and that movers are sorted by.
        movers: How many articles are named in either direction.
        sliced: Whether parts of the cases are compared too.
        fact_kinds: Kinds of evidence that are false facts.
    """

    seed: int = 0
    replicates: int = 10_000
    alpha: float = 0.05
    power: float = 0.8
    level: float = 0.95
    correction: Literal["max_t", "holm", "bh", "none"] = "max_t"
    on: Literal["all", "common"] = "all"
    scores: tuple[str, ...] = ()
    primary: str | None = None
    movers: int = 5
    sliced: bool = False
    fact_kinds: tuple[str, ...] = ("contradicted", "malformed")

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            ConfigError: One is out of range.
        """
        for name, low, high in (("alpha", 0, 1), ("power", 0, 1), ("level", 0, 1)):
            if not low < getattr(self, name) < high:
                raise ConfigError(f"{name} is {getattr(self, name)}.", "It must be between 0 and 1, as 0.05.")
        if self.seed < 0 or self.replicates < 1 or self.movers < 0:
            raise ConfigError("seed and movers must be at least 0, and replicates at least 1.")

    def wants(self, score: str, *, headline: bool) -> bool:
        """Whether a score is compared."""
        named = {*self.scores, *((self.primary,) if self.primary else ())}
        return score in named if self.scores else headline or score in named
