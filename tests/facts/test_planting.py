"""The table of planted errors: sixty, of twelve kinds, each in one place and nowhere true."""

import re
from collections import Counter

import pytest

from tercet.corpora.sample import Sample
from tercet.records import Article
from tests.facts.planting import DROPPED, KINDS, Planted, all_spoilt, spoil, table

ARTICLES = {article.id: article for article in Sample().load().articles}
ROWS = table()


def named(row: Planted) -> str:
    return f"{row.article}-{row.language}-{row.kind}"


def reference(article: Article, language: str) -> str:
    return article.references[language][0].text


def test_there_are_five_of_each_kind_over_all_articles_and_both_languages() -> None:
    assert Counter(row.kind for row in ROWS) == dict.fromkeys(KINDS, 5)
    assert {row.article for row in ROWS} == set(ARTICLES)
    assert {row.language for row in ROWS} == {"en", "zh"}
    assert all(len({row.language for row in ROWS if row.kind == kind}) == 2 for kind in KINDS)
    assert len({(row.article, row.language, row.old) for row in ROWS}) == 60


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_an_error_changes_one_place_of_one_reference(row: Planted) -> None:
    article = ARTICLES[row.article]
    spoilt = spoil(row, ARTICLES)
    before, after = reference(article, row.language), reference(spoilt.article, row.language)
    assert after == spoilt.text != before
    assert spoilt.article.source == article.source
    (other,) = {"en", "zh"} - {row.language}
    assert spoilt.article.references[other] == article.references[other]
    start, end = spoilt.span
    if row.kind == DROPPED:
        assert len(before.split("\n")) == len(after.split("\n")) + 1
        assert spoilt.language == other
        assert reference(article, other)[start:end].strip()
    else:
        assert before.count(row.old) == after.count(row.new) == 1
        assert before.replace(row.old, row.new) == after
        assert after[start:end] == row.new


@pytest.mark.parametrize("row", [row for row in ROWS if row.kind in {"number", "date"}], ids=named)
def test_a_planted_figure_stands_nowhere_else(row: Planted) -> None:
    """What is wrong here would be right nowhere in the article, but for the day of another date."""
    article = ARTICLES[row.article]
    texts = [article.source or "", *(reference(article, language) for language in ("en", "zh"))]
    figures = set(re.findall(r"\d+(?:[.,]\d+)*", row.new)) - set(re.findall(r"\d+(?:[.,]\d+)*", row.old))
    for figure in figures:
        stands = [text for text in texts if re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d.,]?\d)", text)]
        assert not stands or row.kind == "date", figure


def test_planting_is_the_same_each_time() -> None:
    assert list(all_spoilt(ARTICLES)) == list(all_spoilt(ARTICLES))
