"""A census: what one pass tells is what a corpus that was loaded would have told, and later passes give the same."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tercet import census as module
from tercet.articles import Loaded, collect
from tercet.cache import digest, digest_each
from tercet.census import Census, article_as_json, census, census_of
from tercet.corpora.jsonl import Jsonl
from tercet.corpora.sample import Sample
from tercet.errors import CorpusError, TercetError
from tercet.examples import drawn_apart
from tercet.records import Article, Summary
from tests.fake_model import article

Attempts = Sequence[Article | CorpusError]


@dataclass(kw_only=True)
class Listed:
    """A user's corpus: it loads, and that is all that it can."""

    attempts: Attempts
    strict: bool = False

    def load(self) -> Loaded:
        return collect(self.attempts, strict=self.strict)


@dataclass(kw_only=True)
class Streaming:
    """A corpus that can be larger than memory; it counts how often it is read."""

    attempts: Attempts
    strict: bool = False
    reads: int = field(default=0, compare=False)

    def load(self) -> Loaded:
        return collect(self.stream(), strict=self.strict)

    def stream(self) -> Iterator[Article | CorpusError]:
        self.reads += 1
        yield from self.attempts


TEXT = st.text(alphabet="ab 中\ud800", max_size=4)
SUMMARIES = st.lists(st.builds(Summary, language=st.just("en"), abstract=TEXT), max_size=2).map(tuple)


@st.composite
def attempts(draw: st.DrawFn) -> list[Article | CorpusError]:
    """Articles of all kinds, each with an id of its own, and records that are broken."""
    names = draw(st.lists(TEXT, unique=True, max_size=8))
    found: list[Article | CorpusError] = []
    for name in names:
        if draw(st.integers(0, 4)) == 0:
            found.append(CorpusError(f"'{name}' is broken."))
            continue
        found.append(
            Article(
                id=name,
                language=draw(st.sampled_from(["en", "zh"])),
                source=draw(st.none() | TEXT),
                references=draw(st.dictionaries(st.sampled_from(["en", "zh", "de"]), SUMMARIES, max_size=3)),
                title=draw(st.none() | TEXT),
                date=draw(st.none() | st.just(dt.date(2025, 3, 14))),
                tags=tuple(draw(st.lists(TEXT, max_size=2))),
                cluster=draw(st.none() | TEXT),
            )
        )
    return found


def kind(item: Article) -> object:
    return item.language, item.source is None, sorted(item.references)


def taken(corpus: Any, kept: int) -> tuple[Census, list[Article]]:
    """Take a census with so much room for articles, and read them again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_KEPT", kept)
        found = census(corpus)
    return found, list(found.articles())


# what it says


@given(attempts())
def test_it_says_what_loading_would_have_said(items: Attempts) -> None:
    loaded = Streaming(attempts=items).load()
    for corpus in (Listed(attempts=items), Streaming(attempts=items)):
        for kept in (0, 10**9):
            found, articles = taken(corpus, kept)
            assert tuple(articles) == loaded.articles == tuple(found.articles())
            assert len(found) == len(loaded.articles)
            assert found.problems == loaded.problems
            assert found.hash == digest([article_as_json(item) for item in loaded.articles])
            assert [kind(found.samples[number]) for number in found.kinds] == [kind(item) for item in loaded.articles]
            firsts = [i for i, item in enumerate(articles) if kind(item) not in map(kind, articles[:i])]
            assert list(found.samples) == [articles[i] for i in firsts]


def test_of_a_census_of_articles_that_are_there_the_same_is_said() -> None:
    found = census_of(Sample().load().articles)
    assert found.hash == census(Sample()).hash
    assert tuple(found.articles()) == Sample().load().articles


def test_characters_are_those_of_sources_and_references() -> None:
    items = (article("a", "12345"), replace(article("b"), source=None, references={}))
    assert census_of(items).characters == 5 + len("a en") + len("a zh")


def test_an_empty_corpus_has_a_census_of_nothing() -> None:
    found = census(Streaming(attempts=()))
    assert (len(found), found.samples, found.characters, list(found.articles())) == (0, (), 0, [])
    assert found.hash == digest([])


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(alphabet='a"\\\n中\ud800'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(JSON, max_size=5))
def test_the_digest_of_what_comes_one_by_one_is_that_of_the_list(items: list[Any]) -> None:
    assert digest_each(iter(items)) == digest(items)


# two articles of one id, and strictness


@pytest.mark.parametrize("kept", [0, 10**9])
@pytest.mark.parametrize("kind_", [Listed, Streaming])
def test_two_articles_of_one_id_are_named(kind_: Callable[..., Any], kept: int) -> None:
    items = [article("a"), article("twin"), article("b"), article("twin", "Other.")]
    with pytest.raises(CorpusError, match="Two articles have the id 'twin'") as found:
        taken(kind_(attempts=items), kept)
    assert found.value.remedy


def test_a_corpus_that_does_not_look_for_twins_itself_is_looked_through() -> None:
    class Careless:
        def load(self) -> Loaded:
            return Loaded(articles=(article("a"), article("a")))

    with pytest.raises(CorpusError, match="Two articles have the id 'a'"):
        census(Careless())


@pytest.mark.parametrize("kept", [0, 10**9])
def test_ids_that_share_a_hash_by_chance_are_no_twins(kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "key_of", len)
    items = [article("a"), article("b"), article("cc")]
    assert taken(Streaming(attempts=items), kept)[1] == items


@pytest.mark.parametrize("kept", [0, 10**9])
@pytest.mark.parametrize("kind_", [Listed, Streaming])
def test_strict_raises_what_is_broken_and_otherwise_it_is_kept_apart(kind_: Callable[..., Any], kept: int) -> None:
    broken = CorpusError("no text", path=Path("x.md"), line=3)
    items = [article("a"), broken, article("b"), CorpusError("no date")]
    found, articles = taken(kind_(attempts=items), kept)
    assert [str(problem) for problem in found.problems] == ["x.md:3: no text", "no date"]
    assert articles == [items[0], items[2]]
    with pytest.raises(CorpusError, match="no text"):
        taken(kind_(attempts=items, strict=True), kept)


# corpora that are too large to be kept


def test_a_small_corpus_is_read_once_and_a_large_one_anew_for_each_pass() -> None:
    items = [article(name) for name in "abc"]
    small, large = Streaming(attempts=items), Streaming(attempts=items)
    for corpus, kept in ((small, 10**9), (large, 2_500)):
        found, _ = taken(corpus, kept)
        assert list(found.articles()) == items
    assert (small.reads, large.reads) == (1, 3)


def test_what_can_only_be_loaded_is_kept_whatever_its_size() -> None:
    """Loading it again would take the same room again."""

    @dataclass
    class Counted(Listed):
        loads: int = 0

        def load(self) -> Loaded:
            self.loads += 1
            return super().load()

    corpus = Counted(attempts=[article("a")])
    found, _ = taken(corpus, 0)
    assert list(found.articles()) == [article("a")]
    assert corpus.loads == 1


def test_a_load_of_ones_own_goes_before_a_stream_that_is_inherited() -> None:
    @dataclass
    class Backwards(Streaming):
        def load(self) -> Loaded:
            return Loaded(articles=super().load().articles[::-1])

    items = [article(name) for name in "abc"]
    for kept in (0, 10**9):
        assert taken(Backwards(attempts=items), kept)[1] == items[::-1]


BEFORE = [article(name) for name in "abc"]
CHANGES: dict[str, Attempts] = {
    "one is gone": BEFORE[:2],
    "all are gone": [],
    "one more": [*BEFORE, article("d")],
    "another order": BEFORE[::-1],
    "another one": [BEFORE[0], article("x"), BEFORE[2]],
    "broken by now": [BEFORE[0], CorpusError("no text"), BEFORE[2]],
    "another text": [BEFORE[0], article("b", "Other."), BEFORE[2]],
    "no text": [BEFORE[0], replace(BEFORE[1], source=None), BEFORE[2]],
    "a reference is gone": [BEFORE[0], replace(BEFORE[1], references={}), BEFORE[2]],
    "another cluster": [BEFORE[0], replace(BEFORE[1], cluster="c"), BEFORE[2]],
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_large_corpus_that_changed_meanwhile_is_an_error(change: str) -> None:
    corpus = Streaming(attempts=BEFORE)
    found, _ = taken(corpus, 0)
    corpus.attempts = CHANGES[change]
    with pytest.raises(CorpusError, match="The corpus changed while it was read") as error:
        list(found.articles())
    assert error.value.remedy
    corpus.attempts = BEFORE
    assert list(found.articles()) == BEFORE


def test_a_small_corpus_that_changed_meanwhile_is_as_it_was_read() -> None:
    corpus = Streaming(attempts=BEFORE)
    found = census(corpus)
    corpus.attempts = []
    assert list(found.articles()) == BEFORE


def test_a_file_that_is_changed_or_taken_away_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "news.jsonl"
    lines = [f'{{"id": "a{i}", "source": "Text {i}."}}\n' for i in range(5)]
    file.write_text("".join(lines), "utf-8")
    found, articles = taken(Jsonl(path=str(file)), 0)
    assert [item.id for item in articles] == ["a0", "a1", "a2", "a3", "a4"]
    file.write_text("".join(lines[:4]), "utf-8")
    with pytest.raises(CorpusError, match=r"changed while it was read: it has 4 articles, and had 5"):
        list(found.articles())
    file.unlink()
    with pytest.raises(TercetError):
        list(found.articles())


# examples are drawn from it


def shown(item: Article) -> set[str]:
    texts = [item.source or "", *(summary.text for found in item.references.values() for summary in found)]
    return {text.strip() for text in texts} - {""}


@given(attempts(), st.integers(0, 3), st.integers(0, 3))
def test_examples_drawn_in_two_passes_are_the_first_of_all_in_the_order_of_the_draw(
    items: Attempts, count: int, seed: int
) -> None:
    articles = [item for item in items if isinstance(item, Article)]
    passes: list[Iterator[Article]] = []

    def once() -> Iterator[Article]:
        passes.append(iter(articles))
        return passes[-1]

    found = drawn_apart(once, count, seed)
    assert len(passes) == 2
    # Of all that share no text, ordered by themselves: what a draw of as many as there are gives.
    alone = [item for item in articles if all(shown(item).isdisjoint(shown(o)) for o in articles if o is not item)]
    ranked = drawn_apart(lambda: alone, len(alone), seed)
    assert sorted(item.id for item in ranked) == sorted(item.id for item in alone)
    assert found == [
        item
        for code in sorted({item.language for item in alone})
        for item in [item for item in ranked if item.language == code][:count]
    ]


@pytest.mark.parametrize("kept", [0, 10**9])
def test_the_same_examples_are_drawn_from_a_corpus_that_is_kept_and_one_that_is_not(kept: int) -> None:
    loaded = Sample().load().articles
    found, _ = taken(Sample(), kept)
    drawn = drawn_apart(found.articles, 2, 7)
    assert len(drawn) == 4
    assert drawn == drawn_apart(lambda: loaded, 2, 7)
