"""Rules: what a policy asks of one score, in all languages or in one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from tercet.components import structured
from tercet.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is asked of a score in one language; None takes what the score, or the policy, says.

    Args:
        margin: The loss that is put up with, from 0, in the score's unit, whatever its direction.
        floor: The smallest value that the candidate may have; the largest where lower is better.
        alpha: Level of the test of this score. The intervals keep the policy's.
        min_articles: The fewest articles that must be compared.
        gates: Whether it decides; false shows it only, but for its floor, which holds.
    """

    margin: float | None = None
    floor: float | None = None
    alpha: float | None = None
    min_articles: int | None = None
    gates: bool | None = None

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            ConfigError: One is out of range.
        """
        if self.margin is not None and not 0 <= self.margin < float("inf"):
            raise ConfigError(
                f"margin is {self.margin}.", "It is the loss that is put up with: a number from 0, or null."
            )
        if self.floor is not None and not isfinite(self.floor):
            raise ConfigError(f"floor is {self.floor}.", "It must be a number, or null.")
        if self.alpha is not None:
            check_alpha(self.alpha)
        if self.min_articles is not None:
            check_min_articles(self.min_articles)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRule(Rule):
    """What is asked of a score.

    Args:
        languages: By target language, what is asked there instead; each has the keys of a ``Rule``.
    """

    languages: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the ranges, and read the rules of the languages.

        Raises:
            ConfigError: A key is unknown, or a value is out of range.
        """
        Rule.__post_init__(self)
        found = {code: read(Rule, value, f"languages.{code}") for code, value in (self.languages or {}).items()}
        object.__setattr__(self, "languages", found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for one score in one language, after all that stands above it.

    Args:
        margin: None where none is named.
        floor: Likewise.
        alpha: Level of the test.
        min_articles: The fewest that must be compared.
        gates: Whether it decides; None where no rule says.
        listed: Whether the policy has a rule for the score.
    """

    margin: float | None
    floor: float | None
    alpha: float
    min_articles: int
    gates: bool | None
    listed: bool


def read(cls: type[Any], value: Any, place: str) -> Any:
    """Make a rule of what a yaml holds; a rule that is made stays as it is.

    Raises:
        ConfigError: A key is unknown, or a value is of the wrong type or out of range.
    """
    if isinstance(value, cls):
        return value
    if value is not None and not isinstance(value, Mapping):
        raise ConfigError(f"{place} is {value!r}.", f"It has keys of its own, such as {place}.margin.")
    return structured(cls, dict(value or {}), place)


def check_alpha(alpha: float) -> None:
    """Refuse a level that is none.

    Raises:
        ConfigError: It is not between 0 and 1.
    """
    if not 0 < alpha < 1:
        raise ConfigError(f"alpha is {alpha}.", "It must be between 0 and 1, as 0.05.")


def check_min_articles(count: int) -> None:
    """Refuse a number of articles with which there is no test.

    Raises:
        ConfigError: It is below 2.
    """
    if count < 2:
        raise ConfigError(f"min_articles is {count}.", "It must be at least 2: one article shows no spread.")
