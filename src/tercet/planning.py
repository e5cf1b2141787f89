"""Planning: from a corpus to cases, and whether every stage can be served, before anything runs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from tercet.census import Census
from tercet.errors import BackendError, ConfigError
from tercet.examples import examples_of
from tercet.generating import System, is_costly
from tercet.records import Article, Case, KeyPoint, Summary
from tercet.routes import GROUPS, Route

_ARTICLE_FIELDS = tuple(item.name for item in fields(Article) if item.name != "references")
_SUMMARY_FIELDS = tuple(item.name for item in fields(Summary) if item.name != "key_points")
_CASE_FIELDS = tuple(item.name for item in fields(Case) if item.name != "article")
_ARTICLE, _SUMMARY, _CASE = (attrgetter(*names) for names in (_ARTICLE_FIELDS, _SUMMARY_FIELDS, _CASE_FIELDS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """The cases of some articles that follow each other.

    Args:
        first: Place of its first article among those of the run, from 0.
        targets: The run's target languages, in order.
        articles: The cases of each article; none where the route has nothing to do for it.
    """

    first: int
    targets: tuple[str, ...]
    articles: tuple[tuple[Case, ...], ...]

    @property
    def stop(self) -> int:
        """One past the place of its last article."""
        return self.first + len(self.articles)

    @property
    def cases(self) -> list[Case]:
        """All of them, by language, then by article."""
        return [
            case
            for target in self.targets
            for cases in self.articles
            for case in cases
            if case.target_language == target
        ]

    def __reduce__(self) -> tuple[Any, ...]:
        """Cross to another process as plain tuples: five times as quick as objects one by one."""
        packed = [
            (_ARTICLE(cases[0].article), _packed(cases[0].article), [_CASE(case) for case in cases]) if cases else ()
            for cases in self.articles
        ]
        return _unpacked, (self.first, self.targets, packed)

    def halves(self) -> "tuple[Shard, Shard]":
        """Cut it in two, between articles."""
        middle = len(self.articles) // 2
        return (
            replace(self, articles=self.articles[:middle]),
            replace(self, first=self.first + middle, articles=self.articles[middle:]),
        )


def _packed(article: Article) -> dict[str, list[tuple[Any, ...]]]:
    """Take an article's references apart."""
    return {
        code: [(*_SUMMARY(summary), [(point.label, point.text) for point in summary.key_points]) for summary in found]
        for code, found in article.references.items()
    }


def _unpacked(first: int, targets: tuple[str, ...], packed: Sequence[tuple[Any, ...]]) -> Shard:
    """Put a shard together again."""
    articles: list[tuple[Case, ...]] = []
    for item in packed:
        if not item:
            articles.append(())
            continue
        fields, references, cases = item
        article = Article(
            **dict(zip(_ARTICLE_FIELDS, fields, strict=True)),
            references={
                code: tuple(
                    Summary(
                        **dict(zip(_SUMMARY_FIELDS, own, strict=True)),
                        key_points=tuple(KeyPoint(label=label, text=text) for label, text in points),
                    )
                    for *own, points in found
                )
                for code, found in references.items()
            },
        )
        articles.append(tuple(Case(article=article, **dict(zip(_CASE_FIELDS, own, strict=True))) for own in cases))
    return Shard(first=first, targets=targets, articles=tuple(articles))


class Cases(Sequence[Case]):
    """The cases of a run, by target language, then by article; made anew from the articles for each pass.

    Args:
        census: The corpus.
        route: What is done.
        targets: Target languages, in order; None takes those that the references are in, and of each language only
            the articles that have one.
        chosen: (n,) which articles take part.
        repeats: How often each case is made.
        part: Which part of the articles, of how many, from 1.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (what decides the cases)
        self,
        census: Census,
        route: Route,
        targets: Sequence[str] | None,
        chosen: NDArray[np.bool_],
        repeats: int = 1,
        part: tuple[int, int] = (1, 1),
    ) -> None:
        self._census = census
        self._route = route
        self._everywhere = targets is not None
        self.repeats = repeats
        kinds = np.unique(census.kinds[chosen]).tolist()
        present = sorted({code for kind in kinds for code in census.samples[kind].references})
        self.targets = tuple(present if targets is None else targets)
        """The target languages, in order."""
        places = np.flatnonzero(chosen)
        first, stop = bounds(part, len(places))
        self._chosen = np.zeros_like(chosen)
        self._chosen[places[first:stop]] = True
        self.articles = stop - first
        """How many articles take part."""
        self.whole = len(places)
        """How many there are in all parts."""
        self.first = first
        """Which of them is the first here, from 0."""
        self._counts = self._counted(places[first:stop])
        before, whole = self._counted(places[:first]), self._counted(places)
        self.total = sum(whole.values())
        """How many cases there are in all parts."""
        starts = np.cumsum([0, *whole.values()]).tolist()
        self._starts = {target: start + before[target] for target, start in zip(self.targets, starts, strict=False)}
        self.samples = [
            case
            for kind in kinds
            for target in self.targets
            if (case := self._case(census.samples[kind], target)) is not None
        ]
        """A case of each kind, of all parts."""

    def _counted(self, places: NDArray[np.intp]) -> dict[str, int]:
        """Count the cases of some articles by language."""
        counts = np.bincount(self._census.kinds[places], minlength=len(self._census.samples)).tolist()
        return {
            target: self.repeats
            * sum(
                count
                for count, sample in zip(counts, self._census.samples, strict=True)
                if self._case(sample, target) is not None
            )
            for target in self.targets
        }

    def __len__(self) -> int:
        return sum(self._counts.values())

    def __iter__(self) -> Iterator[Case]:
        for target in self.targets:
            place = self._starts[target]
            for article in self._articles():
                for case in self._of(article, target, place):
                    place += 1
                    yield case

    @overload
    def __getitem__(self, index: int) -> Case: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Case]: ...

    def __getitem__(self, index: int | slice) -> Case | Sequence[Case]:
        return list(self)[index]

    def shards(self, size: int, there: Mapping[int, int]) -> Iterator[Shard]:
        """Cut the articles into shards.

        Args:
            size: How many articles a shard has at most.
            there: Those that are passed over: the place of the first article -> one past the last.
        """
        places = dict(self._starts)
        found: list[tuple[Case, ...]] = []
        passed = 0
        for number, article in enumerate(self._articles()):
            cases: list[Case] = []
            for target in self.targets:
                own = self._of(article, target, places[target])
                places[target] += len(own)
                cases += own
            passed = max(passed, there.get(number, 0))
            if number >= passed:
                found.append(tuple(cases))
            if found and (number < passed or len(found) == size):
                first = number - len(found) + (number >= passed)
                yield Shard(first=first, targets=self.targets, articles=tuple(found))
                found = []
        if found:
            yield Shard(first=self.articles - len(found), targets=self.targets, articles=tuple(found))

    def _articles(self) -> Iterator[Article]:
        chosen = self._chosen.tolist()
        for taken, article in zip(chosen, self._census.articles(), strict=True):
            if taken:
                yield article

    def _of(self, article: Article, target: str, place: int) -> list[Case]:
        case = self._case(article, target)
        if case is None:
            return []
        return [
            Case(  # half the time of dataclasses.replace
                article=article,
                given=case.given,
                given_language=case.given_language,
                target_language=target,
                repeat=repeat,
                place=place + repeat,
            )
            for repeat in range(self.repeats)
        ]

    def _case(self, article: Article, target: str) -> Case | None:
        if not self._everywhere and target not in article.references:
            return None
        return self._route.case(article, target)


def plan(  # noqa: PLR0913, PLR0917 (what decides the cases)
    corpus: Census,
    system: System,
    languages: Sequence[str] | None,
    limit: int | None,
    repeats: int = 1,
    part: tuple[int, int] = (1, 1),
) -> Cases:
    """Make the cases of a corpus, and check that every stage can be served, before anything runs.

    Args:
        corpus: The articles.
        system: Route and backends; the articles that it holds for examples take no part.
        languages: Target languages; None takes those that the references are in.
        limit: How many articles at most, from the first.
        repeats: How often each case is made.
        part: Which part of how many, from 1.

    Raises:
        ConfigError: There is nothing to do, or there are fewer examples than a prompt shows.
        BackendError: A backend cannot serve a stage that a case needs.
    """
    if not len(corpus):
        raise ConfigError("The corpus is empty.", "Check the corpus's path.")
    chosen = _chosen(corpus, {article.id for article in system.held}, limit)
    cases = Cases(corpus, system.route, languages, chosen, repeats, part)
    if not cases.total:
        there = "no language" if languages is None and not cases.targets else list(cases.targets)
        raise ConfigError(
            f"The route has nothing to do: {cases.whole} article{'s' * (cases.whole != 1)}, references in {there}.",
            "Set 'languages=[en,zh]', the languages to write in, or another route.",
        )
    if not len(cases):
        raise ConfigError(
            f"Part {part[0]} of {part[1]} has no case: there are {cases.whole} articles.", "Make fewer parts."
        )
    _check_service(cases.samples, system)
    for role in system.route.stages:
        check = getattr(system.backends[role], "check", None)
        if check is not None:
            check(cases.total)
    return cases


def bounds(part: tuple[int, int], count: int) -> tuple[int, int]:
    """Say which of ``count`` articles a part holds: the first, from 0, and one past the last.

    >>> [bounds((number, 3), 10) for number in (1, 2, 3)]
    [(0, 3), (3, 6), (6, 10)]
    """
    number, parts = part
    return count * (number - 1) // parts, count * number // parts


def _chosen(corpus: Census, held: set[str], limit: int | None) -> NDArray[np.bool_]:
    """Say which articles take part: not those that are examples, and of the others no more than the limit."""
    chosen = np.ones(len(corpus), dtype=np.bool_)
    for number, article in enumerate(corpus.articles()) if held else ():
        chosen[number] = article.id not in held
    if limit is not None:
        chosen &= np.cumsum(chosen) <= limit
    return chosen


def _check_service(cases: Sequence[Case], system: System) -> None:
    for role in system.route.stages:
        if not system.backends[role].reads & {"text", "case_id"}:
            raise BackendError(
                f"'{system.names[role]}' reads neither the text nor the case, so that it has nothing to answer by.",
                "Give its class reads = frozenset({'text'}).",
            )
    steps = sorted(
        {
            (step.role, step.source, step.target)
            for case in cases
            for step in system.route.steps(case)
            if case.given is not None or "text" not in system.backends[step.role].reads
        }
    )
    for role, source, target in steps:
        reason = system.backends[role].refuses(role, source, target)
        if reason:
            remedy = "Or set languages=[...]."
            if is_costly(system.backends[role]):
                remedy = f"Options of '{system.names[role]}' are set as {GROUPS[role]}.model=NAME."
            raise BackendError(f"{role.capitalize()} from '{source}' to '{target}': {reason}.", remedy)
        _check_examples(system, role, source, target)


def _check_examples(system: System, role: str, source: str, target: str) -> None:
    wanted = getattr(system.backends[role], "examples", 0)
    found = len(examples_of(system.held, role, source, target)) if wanted else 0
    if found < wanted:
        raise ConfigError(
            f"The prompt of '{system.names[role]}' shows {wanted} examples, and of the articles that are held apart "
            f"{found} can show how to {role} from '{source}' to '{target}'.",
            f"Set held_apart to {wanted} or more, languages=[...], or another prompt.",
        )
