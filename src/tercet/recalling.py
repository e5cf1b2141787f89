"""Recalling: what a run folder does not keep, found again and checked: its articles' texts, and its prompts.

A run keeps hashes of the texts that its metrics saw and of what its models were asked. The corpus is loaded again by
the run's own config; a text is only shown where the hash says that it is the one of the run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tercet.articles import Loaded
from tercet.cache import digest
from tercet.cases import CaseInfo
from tercet.chat import Message
from tercet.errors import ConfigError, CorpusError, TercetError, located
from tercet.examples import hold_apart
from tercet.generating import RequestMaker, System
from tercet.recorded import recorded
from tercet.records import Article, Case, Output, Stage
from tercet.routes import GROUPS, Route
from tercet.runs import Run

_CHANGED = "the article has changed since the run was made"
_GONE = "the article is not in the corpus any more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a model was asked, or why that is not known.

    Args:
        messages: The turns; None with a reason.
        given: The text that the question is about.
        reason: Why there are none.
    """

    messages: tuple[Message, ...] | None = None
    given: str = ""
    reason: str | None = None


@dataclass(slots=True)
class Corpora:
    """Corpora by their configs: each is loaded once, however many runs are made of it."""

    _loaded: dict[str, Sequence[Article] | TercetError] = field(default_factory=dict)
    _contents: dict[tuple[int, str], str] = field(default_factory=dict)

    def articles(self, config: Mapping[str, Any]) -> Sequence[Article]:
        """Load the articles of a run's config.

        Raises:
            TercetError: They cannot be loaded; the same every time.
        """
        node = config.get("corpus")
        key = digest(node)
        if key not in self._loaded:
            try:
                self._loaded[key] = articles_of(node)
            except TercetError as error:
                self._loaded[key] = error
        found = self._loaded[key]
        if isinstance(found, TercetError):
            raise found
        return found

    def content(self, article: Article, language: str) -> str:
        """Hash what metrics see of an article in a target language, as a run does; once for all runs."""
        key = id(article), language  # the articles live as long as this does
        if key not in self._contents:
            case = Case(article=article, given=None, given_language=article.language, target_language=language)
            self._contents[key] = CaseInfo.of(case).content
        return self._contents[key]


def articles_of(node: Any) -> Sequence[Article]:
    """Load the articles of a corpus that a run's config names.

    Args:
        node: The config's ``corpus``.

    Raises:
        CorpusError: They cannot be loaded, or a class of the user's failed at it.
        ConfigError: No corpus is named, or none can be built as it is named.
    """
    corpus = recorded(node, "corpus")
    if corpus is None:
        raise ConfigError("The run names no corpus.")
    try:
        loaded: Loaded = corpus.load()
    except TercetError:
        raise
    except Exception as error:  # whatever a user's class may raise
        raise CorpusError(f"It failed: {located(error)}.") from error
    return loaded.articles


class Recalled:
    """The articles and prompts of a run, as far as they can be had.

    Args:
        run: A run.
        corpora: What has been loaded.
    """

    def __init__(self, run: Run, corpora: Corpora) -> None:
        self.problem: str | None = None
        """Why there are no articles at all."""
        self._run = run
        self._corpora = corpora
        articles: Sequence[Article] = ()
        try:
            articles = corpora.articles(run.info["config"])
        except TercetError as error:
            self.problem = f"the corpus cannot be loaded here: {error.problem}"
        self.articles = {article.id: article for article in articles}
        self._makers: dict[str, RequestMaker] = {}
        self._route: Route | None = None
        self._obstacle: str | None = None
        if not self.problem:
            self._prepare(articles)

    def why_not(self, info: CaseInfo) -> str | None:
        """Say why the texts of a case are not those of the run; None where they are."""
        if self.problem:
            return self.problem
        article = self.articles.get(info.article)
        if article is None:
            return _GONE
        return None if self._corpora.content(article, info.language) == info.content else _CHANGED

    def asked(self, output: Output) -> list[Asked | None]:
        """Word again what the stages of an output asked; None for a stage that asked no model."""
        if not any(stage.prompt for stage in output.stages):
            return [None] * len(output.stages)
        reason = self.problem or self._obstacle
        article = self.articles.get(output.article_id)
        if reason is None and article is None:
            reason = _GONE
        if reason is not None or article is None or self._route is None:
            return [Asked(reason=reason) if stage.prompt else None for stage in output.stages]
        case = self._route.case(article, output.target_language)
        if case is None:
            return [Asked(reason=_CHANGED) if stage.prompt else None for stage in output.stages]
        return self._worded(replace(case, repeat=output.repeat), output.stages)

    def _worded(self, case: Case, stages: Sequence[Stage]) -> list[Asked | None]:
        assert self._route is not None  # noqa: S101 (the caller looked)
        found: list[Asked | None] = []
        text = case.given
        for stage, step in zip(stages, self._route.steps(case), strict=False):
            if stage.prompt is None:
                found.append(None)
            else:
                found.append(self._one(case, step, text, stage))
            text = stage.text
        return found + [None] * (len(stages) - len(found))

    def _one(self, case: Case, step: Any, text: str | None, stage: Stage) -> Asked:
        maker = self._makers[step.role]
        worded = getattr(maker.backend, "worded", None)
        if worded is None:
            return Asked(reason="the backend does not say what it asks")
        request = maker.request(case, step, text)
        try:
            messages, found = worded(request)
        except TercetError as error:
            return Asked(reason=error.problem)
        if found != stage.prompt:
            return Asked(reason="what would be asked now is not what was asked: article, examples or code have changed")
        return Asked(messages=messages, given=request.text)

    def _prepare(self, articles: Sequence[Article]) -> None:
        """Build the backends that were asked, so that they can word their questions again; nothing is asked."""
        info = self._run.info
        config = info["config"]
        # Only those that were asked: another's model or file may be gone.
        roles = {stage.role for output in self._run.outputs for stage in output.stages if stage.prompt}
        if not roles:
            return
        count = config.get("held_apart") or 0
        held = hold_apart(articles, count, info["seed"])[1] if count else []
        try:
            self._route = recorded(config.get("route"), "route")
            backends = {role: recorded(config.get(GROUPS[role]), GROUPS[role]) for role in sorted(roles)}
            system = System(route=self._route or Route(), backends=backends, names={}, held=tuple(held))
            self._makers = {role: RequestMaker(system, role) for role in backends}
        except TercetError as error:
            self._obstacle = f"the run's backends cannot be built here: {error.problem}"
