"""The policy: what counts as worse, and what makes a gate fail."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from tercet.comparing.facts import EVERY_KIND
from tercet.comparing.settings import Settings
from tercet.errors import ConfigError, nearest
from tercet.gating.rules import Rule, ScoreRule, Terms, check_alpha, check_min_articles, read

_CHOICES = {
    "correction": ("max_t", "holm", "bh", "none"),
    "new_facts": ("fail", "report", "ignore"),
    "underpowered": ("pass", "fail"),
}
_MOST_REPLICATES = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """When a candidate is worse than the baseline, and what else makes the gate fail.

    Args:
        alpha: Level of the tests; the intervals have the level 1 - alpha.
        power: With which a score's smallest detectable difference would be seen.
        primary: A score that alone decides, with no correction over the other scores; they are shown. Floors,
            false facts and what is missing count as ever. None: every score decides.
        min_articles: With fewer compared articles a score that decides is incomplete. Without a correction n articles
            have no p below 2 / 2^n, so that fewer than 6 never show anything at 0.05.
        correction: For the number of tests: ``max_t``, ``holm``, ``bh`` or ``none``.
        seed: Of the permutations and resamples.
        replicates: How many permutations.
        new_facts: What a false fact does that the baseline has not: ``fail``, ``report`` or ``ignore``.
        fact_kinds: Which facts are false: ``contradicted``, ``malformed``, ``not_found``.
        underpowered: Whether too few articles for a verdict ``pass`` or ``fail``.
        max_missing: How many cases may lack an output, and how many of those that the baseline has scored may be
            without the candidate's score. More is incomplete: nobody gets better by what was lost.
        excused: Reasons for a missing score that are no loss; they are told and not counted by ``max_missing``.
        only_listed: Whether a score without a rule is only shown. False: it decides, without a margin, where
            tables show it unasked and one direction is better.
        scores: By name, what is asked of a score; the keys of each are those of ``ScoreRule``.
    """

    alpha: float = 0.05
    power: float = 0.8
    primary: str | None = None
    min_articles: int = 10
    correction: str = "max_t"
    seed: int = 0
    replicates: int = 10_000
    new_facts: str = "fail"
    fact_kinds: list[str] = field(default_factory=lambda: ["contradicted", "malformed"])
    underpowered: str = "pass"
    max_missing: int = 0
    excused: list[str] = field(default_factory=lambda: ["nothing in it can be checked"])
    only_listed: bool = False
    scores: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check every field, and read the rules.

        Raises:
            ConfigError: A key is unknown, or a value is none of those that are possible.
        """
        check_alpha(self.alpha)
        check_min_articles(self.min_articles)
        if not self.alpha < self.power < 1:
            raise ConfigError(f"power is {self.power}.", f"It must be between alpha, {self.alpha:g}, and 1, as 0.8.")
        for name in ("seed", "max_missing"):
            if getattr(self, name) < 0:
                raise ConfigError(f"{name} is {getattr(self, name)}.", "It must be at least 0.")
        for name, known in _CHOICES.items():
            if (value := getattr(self, name)) not in known:
                raise ConfigError(f"{name} is '{value}'.", nearest(str(value), known))
        for kind in self.fact_kinds:
            if kind not in EVERY_KIND:
                raise ConfigError(f"fact_kinds has '{kind}'.", nearest(str(kind), EVERY_KIND))
        if not self.fact_kinds and self.new_facts != "ignore":
            raise ConfigError("fact_kinds is empty.", "Name a kind, or set new_facts=ignore.")
        rules = {name: read(ScoreRule, value, f"scores.{name}") for name, value in (self.scores or {}).items()}
        object.__setattr__(self, "scores", rules)
        self._check_replicates()

    def _check_replicates(self) -> None:
        """Refuse so few permutations that no p reaches alpha, a gate that cannot fail; and so many that none ends."""
        smallest = min(rule.alpha for _, rule in self._rules() if rule.alpha is not None)
        if smallest * _MOST_REPLICATES < 1:
            raise ConfigError(f"alpha is {smallest:g}.", "No p of permutations is as small; 0.05 is usual.")
        if self.replicates > _MOST_REPLICATES:
            raise ConfigError(
                f"replicates is {self.replicates}.", f"More than {_MOST_REPLICATES} take too long; 10000 are usual."
            )
        fewest = int(1 / smallest)
        if self.replicates < fewest:
            raise ConfigError(
                f"replicates is {self.replicates}.",
                f"With fewer than {fewest} no p is as small as alpha, {smallest:g}; 10000 are usual.",
            )

    def _rules(self) -> Iterator[tuple[tuple[str, str | None], Rule]]:
        """Give every rule with its score and language, the policy's own alpha first."""
        yield ("", None), Rule(alpha=self.alpha)
        for name, rule in self.scores.items():
            yield (name, None), rule
            for code, inner in rule.languages.items():
                yield (name, code), inner

    def terms(self, score: str, language: str) -> Terms:
        """Say what holds for a score in a language: the language's rule, else the score's, else the policy's."""
        found: ScoreRule | None = self.scores.get(score)
        outer = found or ScoreRule()
        inner: Rule = outer.languages.get(language, Rule())
        alpha = inner.alpha if inner.alpha is not None else outer.alpha
        fewest = inner.min_articles if inner.min_articles is not None else outer.min_articles
        return Terms(
            margin=inner.margin if inner.margin is not None else outer.margin,
            floor=inner.floor if inner.floor is not None else outer.floor,
            alpha=self.alpha if alpha is None else alpha,
            min_articles=self.min_articles if fewest is None else fewest,
            gates=inner.gates if inner.gates is not None else outer.gates,
            listed=found is not None,
        )

    def decides(self, score: str, language: str, *, headline: bool, directed: bool) -> bool:
        """Whether a score decides in a language.

        Args:
            score: Its name.
            language: The target language.
            headline: Whether tables show it unasked.
            directed: Whether one direction is better.

        Raises:
            ConfigError: It should decide, and neither direction is better.
        """
        terms = self.terms(score, language)
        if self.primary is not None:
            wanted = asked = score == self.primary
        else:
            asked = terms.gates if terms.gates is not None else terms.listed
            wanted = asked or (terms.gates is None and headline and directed and not self.only_listed)
        if (asked or terms.floor is not None) and not directed:
            raise ConfigError(
                f"The policy gates on '{score}', and neither direction of it is better.",
                f"Set gate.scores.{score}.gates=false, without a floor, to show it only.",
            )
        return wanted

    def demanded(self) -> list[tuple[str, str | None]]:
        """List what must have been measured: the primary score, and those with a floor; None is any language."""
        floors = [key for key, rule in self._rules() if rule.floor is not None]
        return [*([(self.primary, None)] if self.primary is not None else []), *floors]

    def undemanded(self) -> list[tuple[str, str | None]]:
        """List what has a rule and need not have been measured."""
        demanded = self.demanded()
        return [key for key, _ in self._rules() if key[0] and key not in demanded and (key[0], None) not in demanded]

    def check_known(self, known: Collection[tuple[str, str]]) -> None:
        """Refuse to gate on what was not measured.

        Args:
            known: Scores and languages that a run has.

        Raises:
            ConfigError: The primary score, or one with a floor, is not among them.
        """
        for score, language in self.demanded():
            if not measured(score, language, known):
                where = "" if language is None else f" in '{language}'"
                what = "primary score" if score == self.primary else "score with a floor"
                raise ConfigError(
                    f"The policy's {what} is '{score}', and no run has it{where}.",
                    nearest(score, {name for name, _ in known}),
                )

    def settings(self, scores: Collection[str], *, on: str = "all") -> Settings:
        """Say how runs are compared under this policy.

        Args:
            scores: Those that a run has and that are to be compared.
            on: ``all`` or ``common``.
        """
        return Settings(
            seed=self.seed,
            replicates=self.replicates,
            alpha=self.alpha,
            power=self.power,
            level=1 - self.alpha,
            correction=cast("Literal['max_t', 'holm', 'bh', 'none']", self.correction),
            on=cast("Literal['all', 'common']", on),
            scores=tuple(scores),
            primary=self.primary,
            fact_kinds=tuple(self.fact_kinds),
        )


def measured(score: str, language: str | None, known: Collection[tuple[str, str]]) -> bool:
    """Whether a score is known in a language, or in any."""
    return any(name == score and language in {None, code} for name, code in known)
