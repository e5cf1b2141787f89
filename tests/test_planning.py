"""Plans: the cases of a run in their order, whatever they are cut into, and what is checked before anything runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, combinations, pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tercet.census import Census, census_of
from tercet.errors import BackendError, ConfigError
from tercet.generating import System
from tercet.planning import Cases, bounds, plan
from tercet.records import Article, Case, Summary
from tests.fake_model import Model, article, system

ROUTES = ("summarize", "summarize translate", "translate")


@dataclass(frozen=True)
class Wanted:
    """What a plan is made from."""

    articles: tuple[Article, ...]
    route: str = "summarize"
    languages: tuple[str, ...] | None = None
    limit: int | None = None
    repeats: int = 1
    held: tuple[Article, ...] = ()

    @property
    def system(self) -> System:
        return system(self.route, held=self.held)

    def plan(self, part: tuple[int, int] = (1, 1)) -> Cases:
        return plan(census_of(self.articles), self.system, self.languages, self.limit, self.repeats, part)

    @property
    def chosen(self) -> list[Article]:
        """The articles that take part."""
        return [item for item in self.articles if item not in self.held][: self.limit]

    @property
    def cases(self) -> list[Case]:
        """All cases, from the definition: by language, then by article, then by repeat."""
        present = sorted({code for item in self.chosen for code in item.references})
        found = [
            replace(case, repeat=repeat)
            for target in (present if self.languages is None else self.languages)
            for item in self.chosen
            if self.languages is not None or target in item.references
            if (case := self.system.route.case(item, target)) is not None
            for repeat in range(self.repeats)
        ]
        return [replace(case, place=place) for place, case in enumerate(found)]


@st.composite
def wanted(draw: st.DrawFn) -> Wanted:
    """Plans of all kinds that have a case."""
    articles = tuple(
        Article(
            id=f"a{number}",
            language=draw(st.sampled_from(["en", "zh"])),
            source=draw(st.sampled_from([None, "Text."])),
            references={
                code: (Summary(language=code, abstract=code),)
                for code in sorted(draw(st.sets(st.sampled_from(["de", "en", "zh"]))))
            },
        )
        for number in range(draw(st.integers(1, 9)))
    )
    codes = st.lists(st.sampled_from(["zh", "en", "de", "fr"]), min_size=1, max_size=3, unique=True).map(tuple)
    found = Wanted(
        articles=articles,
        route=draw(st.sampled_from(ROUTES)),
        languages=draw(st.none() | codes),
        limit=draw(st.none() | st.integers(1, 10)),
        repeats=draw(st.integers(1, 3)),
        held=tuple(item for item in articles if draw(st.integers(0, 3)) == 0),
    )
    assume(found.cases)
    return found


@given(wanted())
def test_cases_are_those_of_the_definition_and_know_their_places(what: Wanted) -> None:
    found = what.plan()
    assert list(found) == what.cases == list(found), "each pass gives them anew"
    assert len(found) == found.total == len(what.cases)
    assert (found.first, found.articles, found.whole) == (0, len(what.chosen), len(what.chosen))
    assert found[0] == what.cases[0]
    assert found[-1] == what.cases[-1]
    assert found[1:3] == what.cases[1:3]


@given(wanted())
def test_the_samples_need_every_stage_that_any_case_needs(what: Wanted) -> None:
    """So that a backend that cannot serve one is found before anything runs, and none is refused for nothing."""
    route = what.system.route

    def needs(cases: Sequence[Case]) -> set[object]:
        return {(step, case.given is None) for case in cases for step in route.steps(case)}

    for part in ((1, 1), (1, 2)):
        try:
            found = what.plan(part)
        except ConfigError:
            continue  # it has no case
        assert needs(found.samples) == needs(what.cases)


# shards


@st.composite
def finished(draw: st.DrawFn, count: int) -> dict[int, int]:
    """Stretches of articles that are there already."""
    cuts = sorted(draw(st.sets(st.integers(0, count), max_size=6)))
    return {first: stop for first, stop in pairwise(cuts) if draw(st.booleans())}


@given(wanted(), st.integers(1, 10), st.data())
def test_shards_hold_exactly_what_is_missing_in_order(what: Wanted, size: int, data: st.DataObject) -> None:
    cases = what.plan()
    there = data.draw(finished(len(what.chosen)))
    shards = list(cases.shards(size, there))
    passed = {number for first, stop in there.items() for number in range(first, stop)}
    held = [number for shard in shards for number in range(shard.first, shard.stop)]
    assert held == [number for number in range(len(what.chosen)) if number not in passed]
    of: dict[str, list[Case]] = {item.id: [] for item in what.chosen}
    for case in what.cases:
        of[case.article.id].append(case)
    for shard in shards:
        assert 1 <= len(shard.articles) <= size
        assert list(shard.articles) == [tuple(of[item.id]) for item in what.chosen[shard.first : shard.stop]]
        ids = {item.id for item in what.chosen[shard.first : shard.stop]}
        assert shard.cases == [case for case in what.cases if case.article.id in ids]
        # No shard is smaller than it must be.
        assert len(shard.articles) == size or shard.stop in there or shard.stop == len(what.chosen)
    if size >= len(what.chosen) and not there:
        assert [shard.cases for shard in shards] == [list(cases)]


@pytest.mark.parametrize("size", [1, 2, 3, 6])
def test_whatever_is_there_already_the_rest_is_worked_on(size: int) -> None:
    """All ways in which six articles can be cut into stretches of which some are there."""
    cases = Wanted(tuple(article(name) for name in "abcdef")).plan()
    for cuts in chain.from_iterable(combinations(range(7), count) for count in range(8)):
        stretches = list(pairwise(cuts))
        for there in (dict(stretches), dict(stretches[::2]), dict(stretches[1::2])):
            passed = {number for first, stop in there.items() for number in range(first, stop)}
            shards = list(cases.shards(size, there))
            held = [number for shard in shards for number in range(shard.first, shard.stop)]
            assert held == [number for number in range(6) if number not in passed]
            named = [cases[0].article.id for shard in shards for cases in shard.articles]
            assert named == ["abcdef"[number] for number in held]


@given(wanted(), st.integers(2, 10))
def test_halves_are_a_shard_cut_between_two_articles(what: Wanted, size: int) -> None:
    for shard in what.plan().shards(size, {}):
        if len(shard.articles) < 2:
            continue
        one, other = shard.halves()
        assert (one.first, one.stop, other.stop) == (shard.first, other.first, shard.stop)
        assert one.articles + other.articles == shard.articles
        assert abs(len(one.articles) - len(other.articles)) <= 1
        assert one.targets == other.targets == shard.targets
        places = sorted(case.place for half in (one, other) for case in half.cases)
        assert places == sorted(case.place for case in shard.cases)


def test_halving_ends_at_single_articles() -> None:
    shards = list(Wanted(tuple(article(name) for name in "abcde")).plan().shards(5, {}))
    while any(len(shard.articles) > 1 for shard in shards):
        shards = [half for shard in shards for half in (shard.halves() if len(shard.articles) > 1 else (shard,))]
    assert [(shard.first, shard.stop) for shard in shards] == [(i, i + 1) for i in range(5)]
    assert [case.article.id for shard in shards for case in shard.cases] == [name for name in "abcde" for _ in range(2)]


def test_an_article_without_a_case_is_in_a_shard_all_the_same() -> None:
    """Its place counts, or the pieces that are kept would say other articles."""
    articles = (article("a"), article("b", references={}), article("c"))
    (shard,) = Wanted(articles).plan().shards(9, {})
    assert [len(cases) for cases in shard.articles] == [2, 0, 2]
    assert [(s.first, s.stop) for s in Wanted(articles).plan().shards(1, {0: 1})] == [(1, 2), (2, 3)]


# parts


@given(wanted(), st.integers(1, 6), st.integers(1, 4))
def test_parts_are_the_whole_cut_between_articles(what: Wanted, parts: int, size: int) -> None:
    by_place: dict[int, Case] = {}
    stops = [0]
    for number in range(1, parts + 1):
        first, stop = bounds((number, parts), len(what.chosen))
        mine = what.chosen[first:stop]
        expected = [case for case in what.cases if case.article in mine]
        if not expected:
            with pytest.raises(ConfigError, match=f"Part {number} of {parts} has no case"):
                what.plan((number, parts))
            stops.append(stop)
            continue
        found = what.plan((number, parts))
        assert list(found) == expected, "with the places of the whole run"
        assert (len(found), found.total) == (len(expected), len(what.cases))
        assert (found.first, found.articles, found.whole) == (first, len(mine), len(what.chosen))
        assert found.targets == what.plan().targets
        by_place |= {case.place: case for case in found}
        stops.append(stop)
        shards = list(found.shards(size, {}))
        assert [n for s in shards for n in range(s.first, s.stop)] == list(range(len(mine)))
        assert sorted(c.place for s in shards for c in s.cases) == [case.place for case in expected]
    assert [by_place[place] for place in sorted(by_place)] == what.cases
    assert stops == sorted(stops)
    assert stops[-1] == len(what.chosen)


@given(st.integers(1, 50), st.integers(0, 200))
def test_bounds_share_articles_out_evenly(parts: int, count: int) -> None:
    ends = [bounds((number, parts), count) for number in range(1, parts + 1)]
    assert [first for first, _ in ends] == [0, *(stop for _, stop in ends[:-1])]
    assert ends[-1][1] == count
    sizes = [stop - first for first, stop in ends]
    assert max(sizes) - min(sizes) <= 1


def test_a_part_without_an_article_says_what_to_do() -> None:
    with pytest.raises(ConfigError) as found:
        Wanted((article("a"), article("b"))).plan((1, 3))
    assert str(found.value) == "Part 1 of 3 has no case: there are 2 articles. Make fewer parts."


def test_a_part_has_the_languages_of_the_whole_run() -> None:
    """Else the tables of two parts were in other orders."""
    only = {code: {code: (Summary(language=code, abstract="x"),)} for code in ("en", "zh")}
    what = Wanted((article("a", references=only["zh"]), article("b", references=only["en"])))
    assert what.plan((1, 2)).targets == what.plan((2, 2)).targets == ("en", "zh")
    assert [case.id for number in (1, 2) for case in what.plan((number, 2))] == ["a:zh", "b:en"]
    assert [case.place for number in (1, 2) for case in what.plan((number, 2))] == [1, 0]


# what is checked


@dataclass
class Checked(Model):
    """A backend that looks at the size of a run first, as a file of outputs does."""

    told: list[int] = field(default_factory=list)

    def check(self, cases: int) -> None:
        self.told.append(cases)


def test_a_backend_is_told_the_size_of_the_whole_run_whatever_the_part() -> None:
    model = Checked()
    corpus = census_of(tuple(article(name) for name in "abcd"))
    for part in ((1, 1), (1, 2), (2, 2)):
        plan(corpus, system("summarize", model), ["en", "zh"], None, 2, part)
    assert model.told == [16, 16, 16]


class Narrow(Model):
    """Knows English only."""

    def refuses(self, role: str, source: str, target: str) -> str | None:
        return None if {source, target} == {"en"} else "only English"


def test_a_language_that_only_another_part_has_is_refused_in_each() -> None:
    corpus = census_of((article("a"), article("b", language="zh")))
    for part in ((1, 1), (1, 2), (2, 2)):
        with pytest.raises(BackendError, match="from 'zh' to 'en': only English"):
            plan(corpus, system("summarize", Narrow()), ["en"], None, 1, part)
    assert len(plan(corpus, system("summarize", Narrow()), ["en"], 1)) == 1


@pytest.mark.parametrize(
    ("corpus", "route", "message"),
    [
        (census_of(()), "summarize", "The corpus is empty"),
        (census_of((article("a", references={}),)), "summarize", "1 article, references in no language"),
        (
            census_of((article("a", references={"en": (Summary(language="en", abstract="x"),)}),)),
            "translate",
            r"1 article, references in \['en'\]",
        ),
    ],
    ids=["empty", "no references", "one language"],
)
def test_nothing_to_do_is_an_error_with_its_remedy(corpus: Census, route: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as found:
        plan(corpus, system(route), None, None)
    assert found.value.remedy
