"""The pipeline with a backend that counts what it is asked."""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tercet.backends import Reply, Request
from tercet.cache import Cache
from tercet.census import article_as_json, census_of
from tercet.errors import BackendError, ConfigError
from tercet.generating import Asking, System, generate
from tercet.metrics.rouge import Rouge
from tercet.pipeline import measure_segments, segments_of
from tercet.planning import plan
from tercet.records import Article, Case, Output, Stage, Summary
from tercet.routes import Route

Answer = Callable[[Request], Reply]


def shout(request: Request) -> Reply:
    return Reply(text=f"{request.role[0]}>{request.target_language}({request.text})")


@dataclass
class Counting:
    """Answer with what it was asked, and remember each request."""

    answer: Answer = shout
    name: str = "counting"
    reads: frozenset[str] = frozenset({"text"})
    bound: str | None = None
    cacheable: bool = True
    languages: tuple[str, ...] = ("en", "zh")
    asked: list[Request] = field(default_factory=list)

    def refuses(self, role: str, source: str, target: str) -> str | None:
        known = source in self.languages and target in self.languages
        return None if known else f"'{self.name}' knows {self.languages} only"

    def identity(self) -> str:
        return self.name

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        for index in reversed(range(len(requests))):  # any order is allowed
            self.asked.append(requests[index])
            yield index, self.answer(requests[index])


def system(stages: str, summarizer: Any = None, translator: Any = None) -> System:
    backends: dict[str, Any] = {"summarize": summarizer or Counting(), "translate": translator or Counting()}
    route = Route(stages=stages.split())
    return System(route=route, backends=backends, names={"summarize": "sum", "translate": "tra"})


def article(name: str, source: str | None = "Text.", language: str = "en", **more: Any) -> Article:
    references = {code: (Summary(language=code, abstract=f"{name} {code}"),) for code in ("en", "zh")}
    return Article(**{"id": name, "language": language, "source": source, "references": references, **more})


def quiet(what: str, done: int, total: int) -> None:
    """Tell nobody."""


def run(articles: Sequence[Article], who: System, cache: Cache, languages: Sequence[str] | None = None) -> list[Output]:
    return generate(plan(census_of(tuple(articles)), who, languages, None), who, Asking(cache, quiet))


@pytest.fixture
def cache() -> Iterator[Cache]:
    with Cache(None) as found:
        yield found


# plan


def ids(cases: Sequence[Case]) -> list[str]:
    return [case.id for case in cases]


def test_an_empty_corpus_is_an_error() -> None:
    with pytest.raises(ConfigError, match="The corpus is empty") as found:
        plan(census_of(()), system("summarize"), None, None)
    assert found.value.remedy


def test_nothing_to_do_is_an_error_that_says_what_is_there() -> None:
    monolingual = Article(id="a", language="en", source="x", references={"en": (Summary(language="en", abstract="y"),)})
    with pytest.raises(ConfigError, match=r"nothing to do: 1 article, references in \['en'\]"):
        plan(census_of((monolingual,)), system("translate"), None, None)
    bare = Article(id="a", language="en", source="x")
    with pytest.raises(ConfigError, match="references in no language") as found:
        plan(census_of((bare,)), system("summarize"), None, None)
    assert "languages=" in found.value.remedy


def test_cases_go_by_language_then_by_article() -> None:
    corpus = census_of((article("b"), article("a")))
    assert ids(plan(corpus, system("summarize"), None, None)) == ["b:en", "a:en", "b:zh", "a:zh"]


@pytest.mark.parametrize(
    ("languages", "limit", "expected"),
    [
        (["zh"], None, ["a:zh", "b:zh", "c:zh"]),
        (["zh", "en"], 1, ["a:zh", "a:en"]),
        (None, 2, ["a:en", "b:en", "a:zh", "b:zh"]),
        (None, 99, ["a:en", "b:en", "c:en", "a:zh", "b:zh", "c:zh"]),
    ],
)
def test_languages_and_limit(languages: list[str] | None, limit: int | None, expected: list[str]) -> None:
    corpus = census_of(tuple(article(name) for name in "abc"))
    assert ids(plan(corpus, system("summarize"), languages, limit)) == expected


def test_without_languages_only_articles_with_a_reference_are_cases() -> None:
    bare = article("a", references={})
    corpus = census_of((bare, article("b", references={"zh": (Summary(language="zh", abstract="乙"),)})))
    assert ids(plan(corpus, system("summarize"), None, None)) == ["b:zh"]
    assert ids(plan(corpus, system("summarize"), ["zh"], None)) == ["a:zh", "b:zh"]


def test_an_unserved_language_is_named_before_anything_runs() -> None:
    summarizer, translator = Counting(), Counting(name="narrow", languages=("en",))
    who = system("summarize translate", summarizer, translator)
    with pytest.raises(BackendError) as found:
        plan(census_of((article("a"),)), who, None, None)
    assert found.value.problem == "Translate from 'en' to 'zh': 'narrow' knows ('en',) only."
    assert "languages=" in found.value.remedy
    assert summarizer.asked == translator.asked == []
    assert ids(plan(census_of((article("a"),)), who, ["en"], None)) == ["a:en"]


def test_a_stage_that_no_text_reaches_need_not_be_served() -> None:
    articles = (article("a"), article("b", source=None, language="zh"))
    who = system("summarize", Counting(languages=("en",)))
    assert ids(plan(census_of(articles), who, ["en"], None)) == ["a:en", "b:en"]


# generate


def test_an_output_carries_its_stages(cache: Cache) -> None:
    (output,) = run([article("a")], system("summarize translate"), cache, ["zh"])
    assert output == Output(
        case_id="a:zh",
        article_id="a",
        target_language="zh",
        text="t>zh(s>en(Text.))",
        stages=(
            Stage(role="summarize", backend="sum", source_language="en", target_language="en", text="s>en(Text.)"),
            Stage(
                role="translate", backend="tra", source_language="en", target_language="zh", text="t>zh(s>en(Text.))"
            ),
        ),
    )


@pytest.mark.parametrize(
    ("stages", "language", "texts"),
    [
        ("summarize", "en", ["s>en(Text.)", "s>zh(Text.)"]),
        ("summarize translate", "en", ["s>en(Text.)", "t>zh(s>en(Text.))"]),
        ("summarize translate", "zh", ["t>en(s>zh(Text.))", "s>zh(Text.)"]),
        ("translate summarize", "en", ["s>en(Text.)", "s>zh(t>zh(Text.))"]),
        ("translate summarize", "zh", ["s>en(t>en(Text.))", "s>zh(Text.)"]),
        ("translate", "en", ["t>en(a zh)", "t>zh(a en)"]),
    ],
)
def test_each_route_passes_its_stages_in_order(cache: Cache, stages: str, language: str, texts: list[str]) -> None:
    outputs = run([article("a", language=language)], system(stages), cache)
    assert [output.text for output in outputs] == texts


def test_each_distinct_request_is_asked_once(cache: Cache) -> None:
    summarizer, translator = Counting(), Counting()
    articles = [article("a"), article("twin"), article("b", "Other.")]
    outputs = run(articles, system("summarize translate", summarizer, translator), cache)
    assert sorted(request.text for request in summarizer.asked) == ["Other.", "Text."]
    assert sorted(request.text for request in translator.asked) == ["s>en(Other.)", "s>en(Text.)"]
    assert [output.case_id for output in outputs] == ["a:en", "twin:en", "b:en", "a:zh", "twin:zh", "b:zh"]
    assert [output.text for output in outputs[3:]] == [
        "t>zh(s>en(Text.))",
        "t>zh(s>en(Text.))",
        "t>zh(s>en(Other.))",
    ]


def test_a_second_run_over_the_same_cache_asks_nothing(tmp_path: Path) -> None:
    outputs = []
    for expected in (2, 0):
        backend = Counting()
        with Cache(tmp_path / "cache.sqlite") as cache:
            outputs.append(run([article("a")], system("summarize", backend), cache))
        assert len(backend.asked) == expected
    assert outputs[0] == outputs[1]


def test_another_backend_or_language_or_role_is_asked_anew(cache: Cache) -> None:
    run([article("a")], system("summarize", Counting()), cache, ["en"])
    for backend, languages in ((Counting(name="other"), ["en"]), (Counting(), ["zh"])):
        run([article("a")], system("summarize", backend), cache, languages)
        assert len(backend.asked) == 1
    translator = Counting()
    run([article("a", references={})], system("translate", None, translator), cache, ["zh"])
    assert len(translator.asked) == 1


def test_a_backend_that_is_not_cacheable_is_asked_again(cache: Cache) -> None:
    run([article("a")], system("summarize", Counting()), cache, ["en"])
    backend = Counting(cacheable=False)
    for _ in range(2):
        run([article("a")], system("summarize", backend), cache, ["en"])
    assert len(backend.asked) == 2
    fresh = Counting(name="fresh")
    run([article("a")], system("summarize", Counting(name="fresh", cacheable=False)), cache, ["en"])
    run([article("a")], system("summarize", fresh), cache, ["en"])
    assert len(fresh.asked) == 1


def test_only_what_a_backend_reads_is_in_its_request(cache: Cache) -> None:
    for reads, case_id, references in (
        (frozenset(), None, ()),
        ({"case_id"}, "a:zh", ()),
        ({"references"}, None, ("a en",)),
    ):
        backend = Counting(reads=frozenset({"text", *reads}))
        run([article("a")], system("summarize", backend), cache, ["zh"])
        (request,) = backend.asked
        assert (request.case_id, request.references) == (case_id, references)


def test_what_a_backend_reads_tells_requests_apart(cache: Cache) -> None:
    twins = [article("a"), article("twin")]
    for reads in ("case_id", "references"):
        backend = Counting(reads=frozenset({"text", reads}))
        run(twins, system("summarize", backend), cache, ["en"])
        assert len(backend.asked) == 2


def test_a_failure_stays_in_its_place_and_reaches_no_later_stage(cache: Cache) -> None:
    summarizer = Counting(lambda r: Reply(failure="timeout") if r.text == "Bad." else shout(r))
    translator = Counting()
    articles = [article("a", "Bad."), article("b")]
    bad, good = run(articles, system("summarize translate", summarizer, translator), cache, ["zh"])
    assert (bad.text, bad.failure) == (None, "summarize by sum: timeout")
    assert [stage.text for stage in bad.stages] == [None]
    assert (good.text, good.failure) == ("t>zh(s>en(Text.))", None)
    assert [request.text for request in translator.asked] == ["s>en(Text.)"]


def test_a_failure_in_the_last_stage_leaves_no_text(cache: Cache) -> None:
    translator = Counting(lambda _: Reply(failure="timeout"))
    (output,) = run([article("a")], system("summarize translate", None, translator), cache, ["zh"])
    assert (output.text, output.failure) == (None, "translate by tra: timeout")
    assert [stage.text for stage in output.stages] == ["s>en(Text.)", None]


def test_a_reply_with_neither_text_nor_reason_is_a_failure_too(cache: Cache) -> None:
    (output,) = run([article("a")], system("summarize", Counting(lambda _: Reply())), cache, ["en"])
    assert (output.text, output.failure) == (None, "summarize by sum: no reason was given")


def test_failures_are_never_stored(tmp_path: Path) -> None:
    for answer, expected in ((lambda _: Reply(failure="timeout"), None), (shout, "s>en(Text.)")):
        backend = Counting(answer)
        with Cache(tmp_path / "cache.sqlite") as cache:
            (output,) = run([article("a")], system("summarize", backend), cache, ["en"])
        assert output.text == expected
        assert len(backend.asked) == 1


def test_an_article_without_a_source_is_a_failure_with_its_reason(cache: Cache) -> None:
    backend = Counting()
    bare, full = run([article("a", None), article("b")], system("summarize", backend), cache, ["en"])
    assert (bare.text, bare.failure, bare.stages) == (None, "the article has no source text", ())
    assert (full.text, full.failure) == ("s>en(Text.)", None)
    assert len(backend.asked) == 1


@pytest.mark.parametrize("source", ["", "Text."])
def test_an_empty_text_is_an_output_and_no_failure(tmp_path: Path, source: str) -> None:
    for expected in (1, 0):  # and is kept as any other
        backend = Counting(lambda _: Reply(text=""))
        with Cache(tmp_path / "cache.sqlite") as cache:
            (output,) = run([article("a", source)], system("summarize", backend), cache, ["en"])
        assert (output.text, output.failure) == ("", None)
        assert len(backend.asked) == expected


def test_a_text_that_is_no_unicode_passes_through(cache: Cache) -> None:
    backend = Counting(lambda request: Reply(text=request.text))
    for _ in range(2):
        (output,) = run([article("a", "\ud800 half")], system("summarize", backend), cache, ["en"])
        assert output.text == "\ud800 half"
    assert len(backend.asked) == 1


@dataclass
class Faulty(Counting):
    """Answer the indices that it is told to."""

    indices: tuple[int, ...] = ()

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        for index in self.indices:
            yield index, Reply(text="x")


@pytest.mark.parametrize(
    ("indices", "problem"),
    [
        ((0, 0), "'sum' answered request 0 twice."),
        ((0, 1, 1), "'sum' answered request 1 twice."),
        ((), "'sum' answered 0 of 2 requests."),
        ((1,), "'sum' answered 1 of 2 requests."),
        ((0, 2), "'sum' answered request 2 of 2, counted from 0."),
        ((0, -1), "'sum' answered request -1 of 2, counted from 0."),
    ],
)
def test_a_backend_that_does_not_answer_each_request_once_is_at_fault(
    cache: Cache, indices: tuple[int, ...], problem: str
) -> None:
    with pytest.raises(BackendError) as found:
        run([article("a"), article("b", "Other.")], system("summarize", Faulty(indices=indices)), cache, ["en"])
    assert found.value.problem == problem
    assert "fault of the backend" in found.value.remedy


def test_replies_given_before_a_backend_breaks_are_kept(tmp_path: Path) -> None:
    articles = [article(name, f"{name}.") for name in "abc"]

    def breaking(request: Request) -> Reply:
        if request.text == "a.":
            raise ConnectionError("the wire was cut")
        return shout(request)

    first = Counting(breaking)
    with (
        pytest.raises(BackendError, match="ConnectionError: the wire was cut"),
        Cache(tmp_path / "cache.sqlite") as cache,
    ):
        run(articles, system("summarize", first), cache, ["en"])
    assert [request.text for request in first.asked] == ["c.", "b.", "a."]
    second = Counting()
    with Cache(tmp_path / "cache.sqlite") as cache:
        outputs = run(articles, system("summarize", second), cache, ["en"])
    assert [request.text for request in second.asked] == ["a."]
    assert [output.text for output in outputs] == ["s>en(a.)", "s>en(b.)", "s>en(c.)"]


def test_progress_is_told_from_what_is_cached_to_the_end(cache: Cache) -> None:
    who = system("summarize")
    cases = plan(census_of((article("a"), article("b", "Other."))), who, ["en"], None)
    generate(cases[:1], who, Asking(cache, quiet))
    told: list[tuple[str, int, int]] = []
    generate(cases, who, Asking(cache, lambda *words: told.append(words)))
    assert told == [("sum", 1, 2), ("sum", 2, 2)]


def test_no_cases_are_no_outputs(cache: Cache) -> None:
    assert generate([], system("summarize"), Asking(cache, quiet)) == []


# systems


@pytest.mark.parametrize(
    ("stages", "name"),
    [("summarize", "sum"), ("summarize translate", "sum + tra"), ("translate summarize", "tra + sum")],
)
def test_a_system_is_named_in_the_order_of_its_stages(stages: str, name: str) -> None:
    assert system(stages).name == name


@pytest.mark.parametrize(
    ("summarizer", "translator", "stages", "bound"),
    [
        (None, None, "summarize translate", None),
        ("upper", None, "summarize translate", "upper"),
        (None, "floor", "summarize translate", "floor"),
        ("upper", "floor", "summarize translate", "upper"),
        ("floor", "upper", "summarize translate", "upper"),
        ("upper", "floor", "translate", "floor"),
        ("upper", None, "translate", None),
    ],
)
def test_a_bound_in_one_stage_makes_a_bound(
    summarizer: str | None, translator: str | None, stages: str, bound: str | None
) -> None:
    assert system(stages, Counting(bound=summarizer), Counting(bound=translator)).bound == bound


# segments and measurements


def test_segments_pair_outputs_with_source_references_and_cluster(cache: Cache) -> None:
    two = (Summary(language="zh", abstract="甲"), Summary(language="zh", abstract="乙"))
    articles = (article("a", references={"zh": two}, cluster="doc"), article("b", None, "zh"), article("c", ""))
    who = system("summarize")
    cases = plan(census_of(articles), who, ["zh", "en"], None)
    found = segments_of(cases, generate(cases, who, Asking(cache, quiet)))
    assert list(found) == ["zh", "en"]
    first, second, third = found["zh"]
    assert (first.id, first.candidate, first.references) == ("a:zh", "s>zh(Text.)", ("甲", "乙"))
    assert (first.source, first.source_language, first.language) == ("Text.", "en", "zh")
    assert (first.cluster, first.absent) == ("doc", None)
    assert (second.candidate, second.absent) == (None, "no output: the article has no source text")
    assert (second.source, second.source_language, second.cluster) == (None, None, "b")
    assert (third.source, third.source_language, third.candidate) == ("", "en", "s>zh()")
    assert found["en"][0].references == ()
    assert [segment.id for segment in found["en"]] == ["a:en", "b:en", "c:en"]


def test_cases_and_outputs_of_different_number_are_no_pairs() -> None:
    cases = plan(census_of((article("a"),)), system("summarize"), ["en"], None)
    with pytest.raises(ValueError, match="zip"):
        segments_of(cases, [])


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [((1, 1), "nrefs:1"), ((2, 2), "nrefs:2"), ((1, 2), "nrefs:var"), ((0, 2), "nrefs:2"), ((0, 0), "nrefs:0")],
)
def test_a_signature_says_how_many_references_there_are(cache: Cache, numbers: tuple[int, int], expected: str) -> None:
    articles = [
        article(str(i), references={"en": (Summary(language="en", abstract="Text."),) * n} if n else {})
        for i, n in enumerate(numbers)
    ]
    who = system("summarize")
    cases = plan(census_of(tuple(articles)), who, ["en"], None)
    segments = segments_of(cases, generate(cases, who, Asking(cache, quiet)))["en"]
    found = measure_segments(Rouge(), segments, "en")
    assert found.signature.endswith(f"|{expected}")
    assert found.scores["rouge1"].scored == sum(n > 0 for n in numbers)
    assert found.scores["rouge1"].total == len(found.by_segment) == 2


def test_an_output_that_failed_is_unscored_with_its_reason(cache: Cache) -> None:
    who = system("summarize", Counting(lambda _: Reply(failure="timeout")))
    cases = plan(census_of((article("a"),)), who, ["en"], None)
    segments = segments_of(cases, generate(cases, who, Asking(cache, quiet)))["en"]
    score = measure_segments(Rouge(), segments, "en").scores["rouge1"]
    assert (score.value, score.scored, score.total) == (None, 0, 1)
    assert score.reasons == {"no output: summarize by sum: timeout": 1}


def test_articles_become_json_that_tells_them_apart() -> None:
    changes: list[dict[str, Any]] = [
        {},
        {"source": None},
        {"source": ""},
        {"language": "zh"},
        {"title": "T"},
        {"date": dt.date(2025, 3, 14)},
        {"tags": ("x",)},
        {"cluster": "doc"},
        {"references": {}},
    ]
    found = [json.dumps(article_as_json(article("a", **change))) for change in changes]
    assert len(set(found)) == len(changes)
    assert json.loads(found[0])["references"] == {"en": ["a en"], "zh": ["a zh"]}
    assert json.loads(found[5])["date"] == "2025-03-14"


def test_a_backend_that_reads_nothing_is_refused() -> None:
    who = system("summarize", Counting(reads=frozenset({"references"})))
    with pytest.raises(BackendError, match="reads neither the text nor the case"):
        plan(census_of((article("a"),)), who, ["en"], None)


def test_a_backend_that_goes_by_the_case_alone_needs_no_text(cache: Cache) -> None:
    who = system("summarize", Counting(reads=frozenset({"case_id"})))
    cases = plan(census_of((article("a", None), article("b", None))), who, ["en"], None)
    assert [output.failure for output in generate(cases, who, Asking(cache, quiet))] == [None, None]
