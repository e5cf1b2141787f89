"""Routes: the ordered stages from an article to a text in the target language."""

from dataclasses import dataclass, field

from tercet.errors import ConfigError, nearest
from tercet.records import Article, Case

SUMMARIZE = "summarize"
TRANSLATE = "translate"
GROUPS = {SUMMARIZE: "summarizer", TRANSLATE: "translator"}  # the group of ``conf/`` that serves a stage


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of a case: what is done, from which language into which."""

    role: str
    source: str
    target: str


@dataclass(frozen=True, kw_only=True)
class Route:
    """The stages that a case passes through, in order.

    The language changes in the stage ``translate`` where there is one, else in ``summarize``. A
    translation within one language is left out.

    Args:
        stages: One or both of ``summarize`` and ``translate``.
    """

    stages: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for stage in self.stages:
            if stage not in (SUMMARIZE, TRANSLATE):
                raise ConfigError(f"Unknown stage '{stage}' in the route.", nearest(stage, (SUMMARIZE, TRANSLATE)))
        if not self.stages or len(set(self.stages)) < len(self.stages):
            raise ConfigError("A route has each of its stages once.", "Set route.stages.")

    def steps(self, case: Case) -> list[Step]:
        """List the stages that a case needs; none where the given text already serves."""
        steps: list[Step] = []
        now = case.given_language
        for role in self.stages:
            changes = role == TRANSLATE or TRANSLATE not in self.stages
            then = case.target_language if changes else now
            if role != TRANSLATE or now != then:
                steps.append(Step(role, now, then))
            now = then
        return steps

    def case(self, article: Article, target: str) -> Case | None:
        """Make the case of an article and a target language.

        A route that summarizes begins with the article's source text. A route that only translates
        begins with the reference summary in another language, or, where there is none (a parallel
        corpus), with the source text.

        Returns:
            None where the route has nothing to do: a translation into the language of the only text.
        """
        given, given_language = article.source, article.language
        if SUMMARIZE not in self.stages:
            others = [code for code in sorted(article.references) if code != target]
            if others:
                given, given_language = article.references[others[0]][0].text, others[0]
            if given_language == target:
                return None
        return Case(article=article, given=given, given_language=given_language, target_language=target)
